"""A wrong clock destroys nothing and has nothing rejected for good; what it has destroyed comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fellowship_pipeline import health
from fellowship_pipeline.cli import status
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.health import clock as examination
from fellowship_pipeline.intake.landing.archive import archived
from tests.clocks import SetClock
from tests.health.runs_of_homes import ACTIVITY, ran, rows, said, statuses
from tests.intake.homes import Place

pytestmark = [pytest.mark.slow, pytest.mark.fault("F14")]

RIGHT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAYS = "this machine's clock: says 2026-03-01 12:00 UTC, "
WHEN_RIGHT_AGAIN = {
    -7305: [f"{SAYS}7305 days after"],
    -400: [f"{SAYS}400 days after"],
    -2: [],
    2: [f"{SAYS}2 days before"],
    40: [f"{SAYS}40 days before"],
    400: [f"{SAYS}400 days before"],
    1000: [f"{SAYS}1000 days before"],
    3000: [f"{SAYS}3000 days before"],
}
"""By days that a clock was off, from twenty years back to eight ahead, what the first run says under the right one."""
WRONG = tuple(WHEN_RIGHT_AGAIN)

YEAR = {"privacy": {"retention_months": 12}}
BEFORE = "this machine's clock: says 2026-03-01 12:00 UTC, 1000 days before the ledger's last entry"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    return SetClock(monkeypatch, RIGHT)


@pytest.fixture
def place(tmp_path: Path, machine: SetClock) -> Place:
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY.format(1)})
    return place


def with_retention(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]}, **YEAR)


def destroyed(place: Place) -> list[str]:
    return [event["event"] for event in place.ledger.events() if event["event"] == "expired"]


def set_right(place: Place, machine: SetClock) -> list[str]:
    """The clock is right again, and an operator vouches for it where he is asked to; what the next run says."""
    machine.at = RIGHT
    try:
        return ran(place)
    except UserError as refusal:
        health.believe(place.home)
        return [str(refusal), *ran(place)]


def figures(place: Place) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[str]]:
    """Rows, rejects, and what is said of retention: all that a clock could spoil."""
    facts = rows(place, "select member, occurred_at, xp from staging.activity order by all")
    return facts, rows(place, "select * from raw.rejects"), said(place)


FACTS = [("m1", datetime(2026, 1, 31, 15), 10), ("m1", datetime(2026, 2, 1, 15), 10)]
"""Midnight in Seoul, in UTC."""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("has_retention", [False, True])
@pytest.mark.parametrize("off", WRONG)
def test_wrong_when_the_first_file_came_it_costs_nothing(
    place: Place, machine: SetClock, off: int, has_retention: bool
) -> None:
    """The first entry is under a clock that nothing contradicts yet; the next one tells."""
    if has_retention:
        with_retention(place)
    machine.move(days=off)
    assert ran(place) == []
    machine.move(hours=1)
    assert ran(place) == []
    lines = set_right(place, machine)
    assert [line.partition(" the ledger's last entry")[0] for line in lines] == WHEN_RIGHT_AGAIN[off]
    for _ in range(2):
        machine.move(days=1.5)
        ran(place)
    assert (statuses(place), destroyed(place)) == ({"a.csv": ("loaded", 1)}, [])
    assert figures(place) == (FACTS[:1], [], [])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("has_retention", [False, True])
@pytest.mark.parametrize("off", WRONG)
def test_wrong_when_the_second_file_came_it_costs_nothing(
    place: Place, machine: SetClock, off: int, has_retention: bool
) -> None:
    if has_retention:
        with_retention(place)
    ran(place)
    place.land({"b.csv": ACTIVITY.format(2)})
    machine.move(days=off)
    if off < -1:
        with pytest.raises(UserError, match=f"{-off} days before the ledger's last entry .*--clock-is-right"):
            ran(place)
    else:
        lines = ran(place)
        assert [line.partition(" the ledger's last entry")[0].partition("UTC, ")[2] for line in lines] == (
            [f"{off} days after"] if off > 30 else []
        )
    assert archived(place.home, place.ledger.state().latest["landing/a.csv"]).exists()
    set_right(place, machine)
    machine.move(days=1.5)
    ran(place)
    loaded = {"a.csv": ("loaded", 1), "b.csv": ("loaded", 1)}
    assert (statuses(place), destroyed(place)) == (loaded, [])
    assert figures(place) == (FACTS, [], [])


@pytest.mark.fault("E12")
def test_after_a_pause_the_first_run_says_what_the_next_one_destroys(place: Place, machine: SetClock) -> None:
    with_retention(place)
    ran(place)
    machine.move(days=1000)
    assert ran(place) == [
        "this machine's clock: says 2028-11-25 12:00 UTC, 1000 days after the ledger's last entry; set it if that is"
        " wrong; nothing is destroyed for retention today"
    ]
    machine.move(hours=23)
    assert ran(place) == []
    assert (statuses(place), destroyed(place)) == ({"a.csv": ("loaded", 1)}, [])
    assert said(place) == [
        "past their retention period, and destroyed by the first run from 2028-11-26 12:00 UTC on, if the clock is"
        " right, or by `--destroy-now`: 1 files: landing/a.csv"
    ]
    machine.move(hours=2)
    assert said(place) == ["past their retention period, and destroyed by the next run: 1 files: landing/a.csv"]
    ran(place)
    assert (statuses(place), destroyed(place)) == ({"a.csv": ("erased", 0)}, ["expired"])
    assert said(place) == [
        "destroyed at the end of their retention period: 1 files, the last on 2028-11-26; figures of their time lack"
        " them, published/history has those that were published before"
    ]


@pytest.mark.fault("E12")
def test_an_operator_has_it_destroyed_at_once(place: Place, machine: SetClock) -> None:
    with_retention(place)
    ran(place)
    machine.move(days=1000)
    ran(place, destroys_now=True)
    assert (statuses(place), destroyed(place)) == ({"a.csv": ("erased", 0)}, ["expired"])


@pytest.mark.fault("E12")
@pytest.mark.parametrize("name", ["a.csv", "again.csv"])
def test_what_a_wrong_clock_destroyed_comes_back_from_landing(place: Place, machine: SetClock, name: str) -> None:
    """Where it still lies, or under another name when it comes again."""
    with_retention(place)
    ran(place)
    (place.home.landing / "a.csv").unlink()
    for days in (1000, 2):
        machine.move(days=days)
        ran(place)
    assert destroyed(place) == ["expired"]
    machine.at = RIGHT
    health.believe(place.home)
    ran(place)
    assert statuses(place) == {"a.csv": ("erased", 0)}
    assert said(place)[1:] == [
        "destroyed, though their retention period is not over: 1 files; put them into landing/ again: landing/a.csv"
    ]
    place.land({name: ACTIVITY.format(1)})
    ran(place)
    assert (list(statuses(place).values()), said(place)) == ([("loaded", 1)], [])
    machine.move(days=1.5)
    ran(place)
    assert list(statuses(place).values()) == [("loaded", 1)]


@pytest.mark.fault("E12")
def test_what_is_over_stays_away_and_what_was_withdrawn_stays_withdrawn(place: Place, machine: SetClock) -> None:
    with_retention(place)
    ran(place)
    ((file_id, *_),) = [(file.id,) for file in place.ledger.state().listed()]
    place.ledger.decide("withdraw", file_id)
    for days in (400, 370, 2):  # of what is withdrawn only the arrival is known, and a pause may hide when that was
        machine.move(days=days)
        ran(place)
    assert destroyed(place) == ["expired"]
    ran(place)
    assert statuses(place) == {"a.csv": ("erased", 0)}
    place.configure({"activity": [{"files": "landing/*.csv"}]}, privacy={"retention_months": 36})
    ran(place)
    assert statuses(place) == {"a.csv": ("withdrawn", 0)}


def test_a_clock_set_back_by_less_than_a_day_is_no_matter(place: Place, machine: SetClock) -> None:
    ran(place)
    machine.move(hours=-23)
    assert ran(place) == []


def test_nothing_is_entered_under_a_clock_in_doubt_by_whatever_command(place: Place, machine: SetClock) -> None:
    ran(place)
    entries = place.home.ledger.read_bytes()
    machine.move(days=-1.5)
    with pytest.raises(UserError, match="1 days before the ledger's last entry"):
        place.ledger.decide("withdraw", place.ledger.state().listed()[0].id)
    assert place.home.ledger.read_bytes() == entries


def test_the_command_stops_in_one_line_until_an_operator_vouches(
    place: Place, machine: SetClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.move(days=1000)
    ran(place)
    machine.at = RIGHT
    assert status(["run", str(place.path)]) == 2
    assert capsys.readouterr().err == (
        f"error: {BEFORE} (2028-11-25 12:00); set it, or, where it is right, `fellowship run HOME --clock-is-right`\n"
    )
    monkeypatch.setattr("fellowship_pipeline.run.run_home", went_on)
    assert status(["run", str(place.path), "--clock-is-right"]) == 2
    assert capsys.readouterr().err == "error: went on\n"
    assert list(examination.examine(place.home, mend=True)) == []


def went_on(*_: object, **__: object) -> None:
    raise UserError("went on")


def test_one_run_a_day_is_entered(place: Place, machine: SetClock) -> None:
    for hours in (0, 20, 5, 23):
        machine.move(hours=hours)
        ran(place)
    assert [event["event"] for event in place.ledger.events()] == ["received", "loaded", "ran"]
    machine.move(days=2)
    assert list(examination.examine(place.home, mend=False)) == []
    assert machine.at - RIGHT == timedelta(days=2, hours=48)
    assert [event["event"] for event in place.ledger.events()] == ["received", "loaded", "ran"]
