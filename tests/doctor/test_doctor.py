"""``fellowship doctor``: what it asks, its words and exit codes; it changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from tests.health.runs_of_homes import ACTIVITY, ran
from tests.intake.homes import Place

NOT_READ = (
    "warning: warehouse/fellowship.duckdb: not read, so that names in program.yaml and days are not compared with the "
    "data; ask again after the next `fellowship run HOME`"
)


def bytes_of(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home whose two files were read."""
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY.format(1), "b.csv": ACTIVITY.format(2)})
    ran(place)
    return place


def test_a_new_home_says_what_it_cannot_tell_and_has_nothing_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["init", str(tmp_path / "home")]) == 0
    before = bytes_of(tmp_path)
    capsys.readouterr()
    assert status(["doctor", str(tmp_path / "home")]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == NOT_READ
    assert (bytes_of(tmp_path), Home(tmp_path / "home").state.exists()) == (before, False)


def test_no_home_and_a_mistake_in_its_settings_are_two(tmp_path: Path) -> None:
    assert status(["doctor", str(tmp_path)]) == 2
    (tmp_path / "program.yaml").write_text("program: {id: x}\n")
    assert status(["doctor", str(tmp_path)]) == 2


def test_a_home_that_runs_is_waited_for(place: Place) -> None:
    with hold(place.home.state, 0):
        assert status(["doctor", str(place.path), "--wait", "0"]) == 3


def test_a_ledger_that_is_gone_is_found_and_left_as_it_is(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.home.ledger.unlink()
    place.land({"b.csv": ACTIVITY.format(3)})
    before = bytes_of(place.path)
    assert status(["doctor", str(place.path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["found"]
    assert {key: found[0][key] for key in ("level", "place")} == {"level": "stop", "place": "ledger.jsonl"}
    assert found[0]["problem"] == "gone, while archive/ and warehouse/ are there"
    assert bytes_of(place.path) == before


def test_a_file_that_the_archive_lost_is_named_as_it_landed(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.home.landing / "b.csv").unlink()
    for copy in place.home.archive.glob("??/*"):
        copy.unlink()
    assert status(["doctor", str(place.path)]) == 1
    said = capsys.readouterr().out
    assert "warning: landing/a.csv (its copy archive/" in said
    assert "stop: landing/b.csv (its copy archive/" in said


PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
seats: [{pool: datacamp, from: 2022-01-01, capacity: 10}]
sources:
  roster: [{files: landing/roster.csv}]
  seat_events: [{files: landing/seats.csv}]
  activity: [{files: landing/activity.csv}]
"""


@pytest.mark.whole_run
def test_a_home_that_was_run_has_nothing_and_then_all_that_was_done_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path)
    home.landing.mkdir()
    home.program_file.write_text(PROGRAM)
    (home.landing / "roster.csv").write_text("member,cohort\na,c\n")
    (home.landing / "seats.csv").write_text("member,event,occurred_at\na,accepted,2022-01-05\n")
    (home.landing / "activity.csv").write_text("member,occurred_at,xp\na,2022-02-01T09:00:00,36\n")
    assert status(["run", str(tmp_path)]) == 0
    before = bytes_of(tmp_path)
    capsys.readouterr()
    assert (status(["doctor", str(tmp_path)]), capsys.readouterr()) == (0, ("", "nothing found\n"))
    assert bytes_of(tmp_path) == before
    home.program_file.write_text(PROGRAM.replace("pool: datacamp", "pool: datacmp"))
    (home.landing / "seats.csv").rename(home.landing / "seat.csv")
    home.ledger.chmod(0o644)
    home.decisions.write_text("no line of a chain\n")
    home.decisions.chmod(0o600)
    assert status(["doctor", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert [line.split(": ")[:2] for line in said.out.splitlines()] == [
        ["stop", "decisions.jsonl"],
        ["warning", "ledger.jsonl"],
        ["warning", "program.yaml line 6"],
        ["warning", "landing/seat.csv"],
        ["warning", "warehouse/fellowship.duckdb"],
        ["warning", "program.yaml line 3"],
        ["warning", "program.yaml line 3"],
    ]
    assert said.err == "7 things found\n"
