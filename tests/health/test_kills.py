"""A run that is broken off anywhere: what came is neither lost nor entered twice, and the next run is as if it was not.

At every point of an arrival here; the rest of a run is sampled, and has every point in ``benchmarks/kills.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from benchmarks import stopped
from benchmarks.unsynced import Disk, Lost, laid_down
from fellowship_pipeline.health import archive, ledger, memory, refuse
from fellowship_pipeline.home.lock import PRIVATE, hold
from fellowship_pipeline.intake.landing.archive import is_intact
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

MEASURE = """
import importlib, json, sys
from benchmarks.breaking import Asked
bench = importlib.import_module("benchmarks." + sys.argv[1])
tallies = bench.measure(sys.argv[3:], Asked(every=int(sys.argv[2])))
print(json.dumps({name: [tally.breaks, tally.wrong] for name, tally in tallies.items()}))
"""
ROSTER, ACTIVITY, LATER = "member,cohort\na,c\n", "member,occurred_at,xp\na,2026-02-01,10\n", "member,cohort\nb,c\n"
STARTS = ("new", "later")


@pytest.fixture(autouse=True)
def _private() -> Iterator[None]:
    """The umask of a run, for files that it finds as it left them."""
    before = os.umask(PRIVATE)
    yield
    os.umask(before)


def arrive(place: Place) -> list[str]:
    """What a run does up to the archive and the ledger; what its examinations said."""
    with hold(place.home.state, 0):
        found = [
            finding.line()
            for examine in (memory.examine, ledger.examine, archive.examine)
            for finding in refuse(examine(place.home, True))
        ]
        place.take_in()
    return found


def begun(place: Place, start: str) -> Place:
    """A home in which two files landed; ``later``: one of them the second of its name."""
    place.path.mkdir()
    place.configure({"roster": [{"files": "landing/roster.csv"}], "activity": [{"files": "landing/activity.csv"}]})
    place.land({"roster.csv": ROSTER})
    if start == "later":
        arrive(place)
        place.land({"roster.csv": LATER})
    place.land({"activity.csv": ACTIVITY})
    return place


def entered(place: Place) -> list[str]:
    """The paths of all arrivals, in order, whose contents the archive has."""
    events = [event for event in place.ledger.events() if event["event"] == "received"]
    assert all(is_intact(place.home, event["sha256"]) for event in events)
    return sorted(event["path"] for event in events)


EXPECTED = {
    "new": ["landing/activity.csv", "landing/roster.csv"],
    "later": ["landing/activity.csv", "landing/roster.csv", "landing/roster.csv"],
}


@pytest.mark.fault("F1", "F2", "F3")
@pytest.mark.parametrize("start", STARTS)
def test_killed_at_every_operation_of_an_arrival_each_file_is_entered_once(
    tmp_path: Path, start: str, record_figure: Callable[[str, int], None]
) -> None:
    for number in count(1):
        place = begun(Place(tmp_path / str(number)), start)

        def killed(place: Place = place, number: int = number) -> None:
            stopped.before_operations(place.path, stopped.at(number, stopped.kill))
            arrive(place)

        ended = stopped.forked(killed)
        assert ended.code in (0, stopped.KILLED), ended.said
        assert (arrive(place), entered(place)) == ([], EXPECTED[start])
        assert not [*place.path.rglob("*.tmp"), *place.path.rglob("*.part")]
        if not ended.code:
            break
    assert number > 25
    record_figure("arrivals: broken off", number - 1)
    record_figure("arrivals: lost, doubled, torn, or ended in a traceback", 0)


@pytest.mark.fault("F2", "F11")
@pytest.mark.parametrize("start", STARTS)
def test_after_a_loss_of_power_at_any_operation_of_an_arrival_each_file_is_entered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    place = begun(Place(tmp_path / "home"), start)
    disk, left = Disk(place.path), []
    monkeypatch.setattr(os, "fsync", os.fsync)
    disk.follow(lambda: left.extend(disk.picture(lost) for lost in Lost))
    arrive(place)
    left += [disk.picture(lost) for lost in Lost]
    monkeypatch.undo()
    for number, picture in enumerate(left):
        found = Place(tmp_path / str(number))
        laid_down(picture, found.path)
        assert (arrive(found), entered(found)) == ([], EXPECTED[start])
    assert len(left) > 40


def measured(every: int, *parts: str, bench: str = "kills") -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, bench, str(every), *parts], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.fault("F4")
def test_broken_off_at_a_statement_the_next_run_makes_equal_tables(record_figure: Callable[[str, int], None]) -> None:
    found = measured(300, "table-statements", "table-errors", "page-statements", "page-errors")
    assert {name: wrong for name, (_, wrong) in found.items()} == {part: [] for part in found}
    assert min(breaks for breaks, _ in found.values()) >= 1
    record_figure("runs: broken off", sum(breaks for breaks, _ in found.values()))
    record_figure("runs: lost, doubled, torn, or ended in a traceback", 0)


@pytest.mark.long
@pytest.mark.fault("F3", "F11")
def test_broken_off_at_an_operation_of_a_publication_the_next_run_publishes_equal_tables() -> None:
    found = measured(60, "first-page-files", "first-page-power")
    assert {name: wrong for name, (_, wrong) in found.items()} == {part: [] for part in found}
    assert min(breaks for breaks, _ in found.values()) >= 3


@pytest.mark.fault("F3", "F4", "F11", "F13", "E10")
def test_a_command_that_is_broken_off_is_done_or_not_and_is_done_when_it_is_given_again() -> None:
    parts = ("confirm-files", "confirm-refusals", "undo-power", "backup-files", "restore-files", "erase-files")
    found = measured(250, *parts, bench="commands")
    assert {name: wrong for name, (_, wrong) in found.items()} == {part: [] for part in parts}
    assert min(breaks for breaks, _ in found.values()) >= 1
