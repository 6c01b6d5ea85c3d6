"""Runs as of another day than the data reaches: published beside, and nothing that is current changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.home import Home
from tests.clocks import SetClock

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("other_day")]

PROGRAM = """\
program: {id: tiny}
timezone: Asia/Seoul
arrival: {quiet_seconds: 0}
seats: [{pool: datacamp, from: 2022-01-01, capacity: 10}]
review: {rules: [{id: xp, from: 2022-03, minimum_xp: 1000}]}
notify: {}
sources:
  roster: [{files: landing/roster.csv}]
  seat_events: [{files: landing/seats.csv}]
  activity: [{files: landing/activity*.csv}]
"""
SEATS = "member,event,occurred_at\na,accepted,2022-01-05\nb,accepted,2022-01-05\nc,accepted,2022-03-02\n"
ASKED = ("--as-of", "2022-03-01")


def activity(month: str, days: range) -> str:
    rows = [f"{member},{month}-{day:02}T09:00:00,{xp}" for day in days for member, xp in (("a", 36), ("b", 35))]
    return "member,occurred_at,xp\n" + "\n".join(rows) + "\n"


def landed(place: Home) -> Home:
    place.landing.mkdir(parents=True)
    place.program_file.write_text(PROGRAM)
    (place.landing / "roster.csv").write_text("member,cohort\na,c\nb,c\nc,c\n")
    (place.landing / "seats.csv").write_text(SEATS)
    (place.landing / "activity-02.csv").write_text(activity("2022-02", range(1, 29)))
    (place.landing / "activity-03.csv").write_text(activity("2022-03", range(1, 6)))
    return place


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that was run once, and then as of a day before."""
    place = landed(Home(tmp_path_factory.mktemp("other") / "home"))
    assert status(["run", str(place.path)]) == 0
    before = current(place)
    assert status(["run", str(place.path), *ASKED]) == 0
    assert current(place) == before
    yield place


def current(home: Home) -> dict[str, Any]:
    """All that is current, its folders' names included."""
    places = {root.name: (root / "current").readlink() for root in (home.published, home.operations)}
    return places | {
        str(path): path.read_bytes()
        for root in (home.release, home.lists)
        for path in root.rglob("*")
        if path.is_file()
    }


def manifest(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return document


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = status(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


OTHER = "the tables are as of 2022-03-01, as `--as-of` asked, until the next run"


def test_the_release_of_the_day_stands_beside_whole_and_for_anybody(home: Home) -> None:
    folder = home.published / "as-of" / "2022-03-01"
    assert [path.name for path in home.other_days.iterdir()] == ["2022-03-01"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in home.release.iterdir())
    assert (manifest(folder)["as_of"], manifest(home.release)["as_of"]) == ("2022-03-01", "2022-03-05")
    with duckdb.connect(str(folder / "kpi.duckdb"), read_only=True) as con:
        assert con.execute("select distinct as_of from scorecard").fetchall() == [(datetime(2022, 3, 1).date(),)]
    shown = [home.published, home.other_days, *folder.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in shown} == {0o755, 0o644}
    assert not [path for path in home.operations.rglob("*") if "2022-03-01" in path.name]


def test_meanwhile_no_review_is_confirmed_and_every_command_says_of_which_day_its_figures_are(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, "review", str(home.path), "2022-03", "confirm")
    assert (code, err.count("\n"), err.startswith(f"error: {OTHER}")) == (2, 1, True)
    assert not home.decisions.exists()
    for arguments in (
        ("review", str(home.path), "2022-03"),
        ("what-if", str(home.path), "2022-03", "--minimum-xp", "1"),
        ("explain", str(home.path), "engagement_rate"),
    ):
        code, _, err = said(capsys, *arguments)
        assert (code, f"warning: {OTHER}" in err) == (0, True), err
    assert (
        "2022년 3월 1일 기준으로 계산했지만 발표하지 않았습니다"
        in said(capsys, "notify", str(home.path), "--dry-run")[1]
    )


def test_some_assets_made_after_it_do_not_make_it_current(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before = current(home)
    code, out, err = said(capsys, "run", str(home.path), "--select", "publication/dashboard")
    assert (code, out) == (0, f"{home.other_days / '2022-03-01' / 'dashboard.html'}\n")
    assert f"warning: {OTHER}; what is current stays as it was\n" in err
    assert current(home) == before


def test_the_same_day_again_takes_the_place_of_the_first(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home.other_days / "2022-03-01"
    run_id, tables = manifest(folder)["run_id"], sorted((path.name, path.read_bytes()) for path in folder.glob("*/*"))
    assert said(capsys, "run", str(home.path), *ASKED)[0] == 0
    assert manifest(folder)["run_id"] != run_id
    assert sorted((path.name, path.read_bytes()) for path in folder.glob("*/*")) == tables
    assert [path.name for path in home.other_days.iterdir()] == ["2022-03-01"]


def test_the_next_run_is_of_the_data_again_and_the_page_stands(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before = current(home)
    code, out, _ = said(capsys, "run", str(home.path), "--json")
    document = json.loads(out)
    assert (code, document["as_of"], document["stands_since"] is None) == (0, "2022-03-05", False)
    assert current(home) == before
    assert (home.other_days / "2022-03-01").is_dir()
    code, _, err = said(capsys, "review", str(home.path), "2022-03")
    assert (code, "warning" in err) == (0, False)
    document = json.loads(said(capsys, "run", str(home.path), "--json")[1])
    assert document["stood"] == document["tables"]


def test_the_day_that_the_data_reaches_is_no_other_day(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before = manifest(home.release)["run_id"]
    code, out, err = said(capsys, "run", str(home.path), "--as-of", "2022-03-05", "--all")
    assert (code, out, "as `--as-of` asked" in err) == (0, f"{home.release / 'dashboard.html'}\n", False)
    assert manifest(home.release)["run_id"] != before
    assert not (home.other_days / "2022-03-05").exists()


def test_a_day_to_come_is_refused_unless_it_is_meant(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Today is today in the program's time zone: 16:00 UTC is the next day in Seoul."""
    clock, before = SetClock(monkeypatch, datetime(2031, 5, 1, 14, 59, tzinfo=UTC)), current(home)
    line = "error: --as-of 2031-05-02 is yet to come, today is 2031-05-01 in Asia/Seoul: see --allow-future\n"
    assert said(capsys, "run", str(home.path), "--as-of", "2031-05-02") == (2, "", line)
    assert said(capsys, "review", str(home.path), "2022-03", "--as-of", "2031-05-02") == (2, "", line)
    assert current(home) == before
    code, out, _ = said(capsys, "run", str(home.path), "--as-of", "2031-05-02", "--allow-future")
    assert (code, out) == (0, f"{home.other_days / '2031-05-02' / 'dashboard.html'}\n")
    assert current(home) == before
    clock.move(minutes=1)
    assert said(capsys, "review", str(home.path), "2022-03", "--as-of", "2031-05-02")[0] == 0


def test_a_home_that_was_never_run_has_nothing_current_after_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = landed(Home(tmp_path / "home"))
    code, out, _ = said(capsys, "run", str(place.path), *ASKED)
    assert (code, out) == (0, f"{place.other_days / '2022-03-01' / 'dashboard.html'}\n")
    assert not (place.release.is_symlink() or place.lists.is_symlink())
    assert place.published.stat().st_mode & 0o777 == 0o755
    code, out, err = said(capsys, "run", str(place.path))
    assert (code, out, "mended" in err) == (0, f"{place.release / 'dashboard.html'}\n", False)


def test_where_no_data_says_a_day_the_one_asked_for_is_current(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Home(tmp_path)
    place.landing.mkdir()
    place.program_file.write_text(
        "program: {id: t}\narrival: {quiet_seconds: 0}\nsources:\n  roster: [{files: landing/*}]\n"
    )
    (place.landing / "roster.csv").write_text("member,cohort\na,c\n")
    for day in ("2022-03-01", "2022-04-01"):
        code, out, _ = said(capsys, "run", str(place.path), "--as-of", day)
        assert (code, out) == (0, f"{place.release / 'dashboard.html'}\n")
        assert manifest(place.release)["as_of"] == day
    assert not place.other_days.exists()
