"""Which entries a wrong clock made, and until when something was there for certain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fellowship_pipeline.intake.landing.moments import EntryTimes

START = datetime(2026, 1, 1, tzinfo=UTC)


def moments(*days: float) -> EntryTimes:
    return EntryTimes([START + timedelta(days=day) for day in days])


@pytest.mark.fault("F14")
@pytest.mark.parametrize(
    ("days", "entered", "known"),
    [
        ((0, 1, 2), [1], 1),  # nothing is odd
        ((0, 1, 2), [0, 2], 2),  # seen twice
        ((-7000, -7000, 0, 1), [1], 0),  # came under a clock that was far behind
        ((0, 1000, 1, 2), [1], 1),  # came under one that was far ahead, and was set right
        ((0, 1000, 1, 2), [0], 1),  # was there before, and still when the clock was set right
        ((-7000, 1000, 0, 1), [0], 0),  # behind, ahead, right
        ((0, 60, 120), [0], 60),  # a pause tells once, not over and over
        ((0, 0.9, 0.1), [1], 0.9),  # clocks may differ by a day
    ],
)
def test_something_was_there_for_certain(days: tuple[float, ...], entered: list[int], known: float) -> None:
    assert moments(*days).known(entered) == START + timedelta(days=known)


@pytest.mark.fault("F14")
@pytest.mark.parametrize(
    ("days", "resumed"),
    [((), None), ((0, 1, 30), 0), ((0, 1, 32), 32), ((0, 40, 41), 40), ((0, 5, 3, 4), 3), ((0, 5, 4.5), 0)],
)
def test_there_was_no_pause_since(days: tuple[float, ...], resumed: float | None) -> None:
    assert moments(*days).resumed() == (None if resumed is None else START + timedelta(days=resumed))
