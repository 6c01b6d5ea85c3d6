"""Decisions are kept as the ledger is: a line altered or lost is found, and nothing is confirmed on top of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fellowship_pipeline import health
from fellowship_pipeline.cli import status
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import decisions
from fellowship_pipeline.home.lock import hold
from tests.health.runs_of_homes import changed
from tests.intake.homes import Place
from tests.review.homes import activity, fellowship, month, ran, rows

pytestmark = pytest.mark.slow

SEATS = "member,event,pool,occurred_at\nm1,accepted,p,2021-12-05\nm2,accepted,p,2021-12-05\n"
ROSTER = "member,cohort\nm1,c\nm2,c\nother,c\n"
REMEDY = (
    "restore it from a copy; without one `fellowship run HOME --rebuild-ledger` goes on with what is left,"
    " and what the warehouse knows of the rest"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The review of February confirmed: two decisions, known to the warehouse; that of March waits."""
    place = fellowship(tmp_path_factory.mktemp("decisions") / "home")
    place.land({"roster.csv": ROSTER, "seat_events.csv": SEATS})
    place.land({"activity-01.csv": activity(*month("2022-01"), m1=1000)})
    ran(place)
    assert status(["review", str(place.path), "2022-02", "confirm"]) == 0
    place.land({"activity-02.csv": activity(*month("2022-02", 28), m1=1000)})
    ran(place)
    return place.path


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Place:
    """A copy of it."""
    shutil.copytree(made, tmp_path / "home")
    return Place(tmp_path / "home")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda lines: [lines[0], lines[1].replace("reclaim", "keep"), *lines[2:]], "line 3 does not follow from"),
        (
            lambda lines: [*lines[:3], lines[3].replace('"decisions": 2', '"decisions": 1')],
            "line 4 is not the one that was written",
        ),
        (lambda lines: lines[:3], "cut after line 3 of 4"),
        (lambda lines: [lines[0], *lines[2:]], "1 lines are gone before line 2"),
        (lambda lines: [], "gone"),
    ],
    ids=["altered", "altered last", "last lost", "lost", "all lost"],
)
@pytest.mark.parametrize("has_state", [True, False])
def test_a_line_that_is_altered_or_lost_is_named_and_nothing_is_confirmed(
    place: Place,
    change: Callable[[list[str]], list[str]],
    problem: str,
    has_state: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    changed(place.home.decisions, change)
    if not has_state:
        (place.home.state / "decisions.head.json").unlink()
    before = place.home.decisions.read_bytes()
    for command in (["confirm"], ["undo", "abcd", "why"], []):
        capsys.readouterr()
        assert status(["review", str(place.path), "2022-03", *command]) == 2
        said = capsys.readouterr().err
        assert said.startswith("error: decisions.jsonl: ") and said.endswith(f"; {REMEDY}\n")
        assert said.count("\n") == 1
        assert not has_state or said.startswith(f"error: decisions.jsonl: {problem}")
    with pytest.raises(UserError, match=r"^decisions.jsonl: "):
        ran(place)
    assert place.home.decisions.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "problem", "told"),
    [
        (lambda lines: lines[:2], "cut after line 2 of 4", "2 lines, 1"),
        (lambda lines: [lines[0], lines[1].replace("reclaim", "keep"), *lines[2:]], "line 3 does not", "2 lines, 1"),
        (lambda lines: [], "gone", "2 lines, 2"),
    ],
    ids=["last lost", "altered", "all lost"],
)
def test_without_a_copy_the_warehouse_tells_what_is_gone_or_was_altered(
    place: Place, change: Callable[[list[str]], list[str]], problem: str, told: str
) -> None:
    before = decisions.load(place.home)
    changed(place.home.decisions, change)
    with hold(place.home.state, 0):
        (found,) = health.rebuild(place.home)
    assert found.line().startswith(f"decisions.jsonl: {problem}")
    assert f"; {told} of them as the warehouse has them: look through `fellowship review`" in found.line()
    assert sorted(decisions.load(place.home).issued, key=str) == sorted(before.issued, key=str)
    ran(place)
    assert status(["review", str(place.path), "2022-03", "confirm"]) == 0
    assert len(decisions.load(place.home).issued) == 4


def test_what_no_warehouse_knows_is_gone_with_its_line(place: Place) -> None:
    place.home.warehouse.unlink()
    changed(place.home.decisions, lambda lines: lines[:2])
    with hold(place.home.state, 0):
        health.rebuild(place.home)
    ran(place)
    assert rows(place, "select member_id from ops.review_decisions") == [("m2",)]


def test_the_decisions_of_another_home_are_refused(place: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "other")
    other.path.mkdir()
    decisions.issue(other.home, decisions.load(place.home).issued)
    place.home.decisions.write_bytes(other.home.decisions.read_bytes())
    with pytest.raises(UserError, match=r"^decisions.jsonl: that of another home; put it back where it belongs"):
        ran(place)


def test_a_crash_between_the_lines_and_their_memory_is_no_fault(place: Place) -> None:
    memory = place.home.state / "decisions.head.json"
    before = memory.read_bytes()
    assert status(["review", str(place.path), "2022-03", "confirm"]) == 0
    memory.write_bytes(before)
    ran(place)
    assert rows(place, "select count(*) from ops.review_decisions") == [(4,)]
