"""An erased person does not come back because the file is lost that says who was erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fellowship_pipeline import health
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting import erasure, tombstones
from fellowship_pipeline.home.chain import Chain
from tests.clocks import SetClock
from tests.health.runs_of_homes import changed, ran, rows
from tests.intake.homes import Place

pytestmark = [pytest.mark.slow, pytest.mark.fault("E9")]

ACTIVITY = "member,occurred_at,xp\n김민준,2026-02-01,10\nm018,2026-02-01,20\n"
LINES = ("begun", "erasing", "erased")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path / "key"))
    place = Place(tmp_path / "home")
    place.home.landing.mkdir(parents=True)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"activity-김민준.csv": ACTIVITY})
    ran(place)
    program = place.program()
    planned = erasure.plan(place.home, program, "김민준")
    erasure.erase(place.home, program, planned, lambda: bool(ran(place)) or True, landing=True)
    return place


def test_the_ledger_holds_together_through_an_erasure_that_rewrites_it(place: Place) -> None:
    assert all("김민준" not in str(event) for event in place.ledger.events())
    assert ran(place) == []
    assert rows(place, "select member from staging.activity") == [("m018",)]
    assert tuple(line["event"] for line in Chain(place.home.tombstones).read()) == LINES


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda lines: lines[:1], "cut after line 1 of 3"),
        (lambda lines: [lines[0], lines[2]], "1 lines are gone before line 2"),
        (lambda lines: [], "gone, while there were erasures"),
    ],
    ids=["cut", "deleted", "gone"],
)
@pytest.mark.parametrize("has_state", [True, False])
def test_tombstones_that_are_lost_stop_the_run(
    place: Place, change: Callable[[list[str]], list[str]], problem: str, has_state: bool
) -> None:
    changed(place.home.tombstones, change)
    if not has_state:
        (place.home.state / "tombstones.head.json").unlink()
    with pytest.raises(UserError, match=r"^tombstones.jsonl: .*; restore it from a copy; without one") as refusal:
        ran(place)
    assert not has_state or str(refusal.value).startswith(f"tombstones.jsonl: {problem};")
    found = [finding.line() for finding in health.rebuild(place.home)]
    assert len(found) == 1
    assert found[0].endswith("erase again whoever was erased and is not among them")
    assert ran(place) == []
    assert rows(place, "select member from staging.activity") == [("m018",)]


def test_going_on_without_them_is_said_and_pending_erasures_are_known(place: Place) -> None:
    changed(place.home.tombstones, lambda lines: lines[:2])
    with pytest.raises(UserError, match="cut after line 2 of 3"):
        ran(place)
    health.rebuild(place.home)
    assert len(tombstones.load(place.home).pending) == 1


def test_an_erasure_under_a_clock_far_ahead_does_not_bar_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = datetime(2026, 3, 1, 12, tzinfo=UTC)
    machine = SetClock(monkeypatch, right)
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path / "key"))
    place = Place(tmp_path / "home")
    place.home.landing.mkdir(parents=True)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": "member,occurred_at,xp\nm017,2026-02-01,10\nm018,2026-02-01,20\nm019,2026-02-01,30\n"})
    ran(place)
    for member, days in (("m017", 3000), ("m018", 0)):
        machine.at = right
        health.believe(place.home)
        machine.move(days=days)
        program = place.program()
        erasure.erase(place.home, program, erasure.plan(place.home, program, member), lambda: bool(ran(place)) or True)
    assert rows(place, "select member from staging.activity") == [("m019",)]
