"""``fellowship erase``: what it asks, says and answers, on a whole home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from fellowship_pipeline.cli import app, status
from fellowship_pipeline.contracts import KPI_TABLES
from fellowship_pipeline.forgetting import erasure
from fellowship_pipeline.forgetting.residue import residue
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from tests.forgetting.test_erasure import ACTIVITY, ALIASES, NAMES, ROSTER, SEATS, SUPPORT, build
from tests.intake.homes import Place

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("run")]

PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
seats: [{pool: datacamp, from: 2022-01-01, capacity: 10}]
sources:
  roster: [{files: landing/roster*.csv}]
  aliases: [{files: landing/aliases*.csv}]
  seat_events: [{files: landing/seats*.csv}]
  activity: [{files: landing/activity*.csv}]
  support_requests: [{files: landing/support*.csv}]
"""
FILES = {"roster": ROSTER, "aliases": ALIASES, "seats": SEATS, "activity": ACTIVITY, "support": SUPPORT}


@pytest.fixture(autouse=True)
def key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path_factory.mktemp("config") / "key"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of(tmp_path / "home", FILES)


def home_of(path: Path, files: dict[str, str]) -> Home:
    home = Home(path)
    home.landing.mkdir(parents=True)
    home.program_file.write_text(PROGRAM)
    for name, content in files.items():
        (home.landing / f"{name}.csv").write_text(content)
    return home


def kpis(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return {t.key: con.execute(f"select * from {t.key} order by all").fetchall() for t in KPI_TABLES}


@pytest.mark.fault("E8", "H1")
def test_a_person_is_gone_from_the_whole_home_as_if_never_there(
    home: Home, tmp_path: Path, capfd: pytest.CaptureFixture[str], record_figure: Callable[[str, int], None]
) -> None:
    assert status(["run", str(home.path)]) == 0
    assert residue(home.path, NAMES, [home.landing]).found
    before = (home.published / "current").resolve()
    capfd.readouterr()
    assert status(["erase", str(home.path), "m017", "--yes", "--landing", "--requested", "2026-11-20"]) == 0
    said = capfd.readouterr()
    assert residue(home.path, NAMES).found == ()
    assert not before.exists() and (home.published / "current" / "dashboard.html").exists()
    korean, english = said.out.splitlines()
    assert korean.startswith("2026-11-20에 요청하신 개인정보 삭제를 ") and english.startswith(
        "Your request of 2026-11-20 "
    )
    assert not any(name in said.out + said.err for name in NAMES)
    others = {
        name: "".join(line for line in text.splitlines(True) if not mentions(line)) for name, text in FILES.items()
    }
    others["support"] = others["support"].replace("김민준", "").replace("minjun#99", "")
    twin = home_of(tmp_path / "twin", others)
    assert status(["run", str(twin.path)]) == 0
    assert kpis(home) == kpis(twin)
    record_figure("erasures searched for residue", 1)
    record_figure("files with a residual byte", 0)


def mentions(line: str) -> bool:
    """Whether a line of FILES is a record of the person."""
    return line.startswith(("m017,", "Minjun@", "김민준,")) or ",m017," in line


@pytest.mark.fault("E10")
def test_the_next_run_finishes_what_was_interrupted(
    home: Home, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert status(["run", str(home.path)]) == 0
    with monkeypatch.context() as broken:
        broken.setattr(erasure, "destroy_tree", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            status(["erase", str(home.path), "m017", "--yes", "--requested", "2026-11-20"])
    capfd.readouterr()
    assert status(["run", str(home.path)]) == 0
    said = capfd.readouterr().err
    assert "an erasure that was interrupted is finished" in said and "for 4 names in every encoding: found in 0" in said
    assert "Your request of 2026-11-20 to erase" in said and "until they are deleted: 5." in said
    assert "nothing is left" not in said and "2026-11-20에 요청하신" in said
    assert residue(home.path, NAMES, [home.landing]).found == ()


def test_nothing_is_done_without_a_yes(home: Home) -> None:
    build(Place(home.path))
    answer = CliRunner().invoke(app, ["erase", str(home.path), "minjun#99"], input="n\n")
    assert "in 5 archived files 6 records are left out" in answer.stderr
    assert answer.exit_code == 1 and not home.tombstones.exists()


def test_one_who_is_nobody_is_said_in_one_line(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["erase", str(home.path), "m999", "--yes"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.fault("E10")
def test_an_erasure_during_a_run_waits_for_it(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    build(Place(home.path))
    with hold(home.state, 0):
        assert status(["erase", str(home.path), "m017", "--yes", "--wait", "0"]) == 3
    assert "another run" in capsys.readouterr().err
    assert not home.tombstones.exists()
