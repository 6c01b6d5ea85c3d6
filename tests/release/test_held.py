"""Releases one after another: whoever kept the earlier ones learns nothing of one person from the next."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from fellowship_pipeline.release.held import Held
from fellowship_pipeline.release.memory import Memory
from tests.release.known import RULES, People, released_after, shown
from tests.release.people import Somebody, end_of, somebody

UNTIL = date(2022, 8, 31)
MONTHS = [date(2021, 9, 30), *(end_of(date(2021, month, 1)) for month in (10, 11, 12))]
MONTHS += [end_of(date(2022, month, 1)) for month in range(1, 9)]
PROGRAMS = int(os.environ.get("HELD_PROGRAMS", "1"))
"""How many generated programs are attacked; more take a minute each."""
TARGET = "target"
GO_ON = ("adoption", "activity", "retention", "courses", "applications")
"""Tables in which news come as if nobody had been erased; others wait for enough of them."""
ADDED_UP = ("adoption_rate", "retention_3m", "course_completion_rate")


def program(seed: int) -> dict[str, Somebody]:
    """Some persons, and one who came early, learned, answered and left."""
    rng = random.Random(seed)
    size, groups, tracks = rng.choice((25, 32, 40)), rng.randint(2, 4), rng.randint(2, 4)
    people = {f"p{at}": somebody(rng, groups, tracks, UNTIL) for at in range(size)}
    target = replace(
        people["p0"],
        invited_on=date(2021, 8, 3),
        accepted_on=date(2021, 8, 5),
        left_on=date(2021, 11, 20),
        days=frozenset(date(2021, 8, 6) + timedelta(at * rng.randint(1, 3)) for at in range(30)),
        courses={"c0": True, "c1": False, "c2": True},
        answers={"helped": ("no",), "step": ("job",), "liked": ("b",), "score": ("1",)},
    )
    return {**people, TARGET: target}


def released(days: list[date], people_at: Callable[[int], People], erased_at: int | None = None) -> Iterator[Held]:
    """The releases of those days, of who is known at each."""
    memory = Memory(salt=1)
    for at, day in enumerate(days):
        erasures = frozenset({"e"}) if erased_at is not None and at >= erased_at else frozenset()
        _, held = released_after(memory, people_at(at), day, replace(RULES, erasures=erasures))
        memory = held.memory
        yield held


@pytest.mark.fault("H6")
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_an_erasure_cannot_be_told_from_the_twelve_releases_around_it(seed: int, pytestconfig: pytest.Config) -> None:
    """What adds up over time is the same as if the person had stayed known, and done nothing more.

    From every other of the twelve without ``--whole``.
    """
    months = MONTHS if pytestconfig.getoption("--whole") else MONTHS[1::2]
    gone = len(months) // 2
    people = program(seed)
    others = {name: who for name, who in people.items() if name != TARGET}
    kept = released(months, lambda at: people)
    erased = released(months, lambda at: others if at >= gone else people, erased_at=gone)
    for at, (one, other) in enumerate(zip(kept, erased, strict=True)):
        for name in GO_ON:
            _agree(shown(one, name), shown(other, name), f"{name} of {months[at]}")
        cards = [shown(held, "scorecard").drop(columns=["previous", "delta"]) for held in (one, other)]
        cards = [card[card.index.get_level_values("kpi").isin(ADDED_UP)] for card in cards]
        _agree(*cards, f"scorecard of {months[at]}")
        days = [shown(held, "engagement").loc[: str(MONTHS[5])] for held in (one, other)]
        _agree(*days, f"engagement of {months[at]}")


def _agree(kept: pd.DataFrame, erased: pd.DataFrame, what: str) -> None:
    """Every figure that is shown after the erasure is the one without it: of a group that is small now, fewer are."""
    is_shown = ~(erased.isin(["withheld", "<5", "<10", ""]) | (erased.columns == "suppressed"))
    kept = kept.reindex(erased.index)
    pd.testing.assert_frame_equal(kept.where(is_shown), erased.where(is_shown), obj=what)
