"""Whose slice a member is in on a day: the roster row in force, else the next, else the last.

Belongs here: bounds of roster rows and slices. Does not belong here: what is counted in a slice.

Readings chosen: a row without a bound begins before, or ends after, every day; "latest `joined_on`" compares the
bounds as filled in from the cohort; who has no role is a learner everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TypeVar

from .oracle_calendar import DAY, day_of
from .oracle_staging import World

KINDS = ("cohort", "study_mode", "study_group", "track")
NONE = "(none)"
Slice = tuple[str, str]
T = TypeVar("T")
ALL: Slice = ("all", "all")


@dataclass(frozen=True)
class Period:
    """A roster row with its bounds: in from ``start``, no longer in on ``end``."""

    member: str
    cohort: str
    start: date
    end: date
    left_on: date | None
    role: str
    study_mode: str | None
    study_group: str | None
    track: str | None
    seeking: bool | None = None

    def slices(self) -> list[Slice]:
        """The slices that the row puts its member in, 'all' left out."""
        return [(kind, getattr(self, kind) or NONE) for kind in KINDS]


LEARNERS = ("learner",)
NOBODY: list[Slice] = [(kind, NONE) for kind in KINDS]


class Roster:
    """All roster rows of a program, by member."""

    def __init__(self, world: World) -> None:
        self.world = world
        bounds = {
            cohort["id"]: (
                day_of(cohort["starts_on"]) if cohort.get("starts_on") else date.min,
                day_of(cohort["ends_on"]) + DAY if cohort.get("ends_on") else date.max,
            )
            for cohort in world.case.settings.get("cohorts", [])
        }
        self.last_days = {cohort: last - DAY for cohort, (_, last) in bounds.items() if last != date.max}
        self.periods: dict[str, list[Period]] = defaultdict(list)
        for row in world.facts["roster"]:
            first, last = bounds.get(row["cohort"], (date.min, date.max))
            period = Period(
                row["member"],
                row["cohort"],
                row.get("joined_on") or first,
                row.get("left_on") or last,
                row.get("left_on"),
                row.get("role") or "learner",
                *(row.get(column) for column in ("study_mode", "study_group", "track", "seeking")),
            )
            self.periods[period.member].append(period)
        self.on = cache(self._on)

    def _on(self, member: str | None, day: date) -> Period | None:
        """The row that speaks for the member on the day; None for somebody without any row."""
        rows = self.periods.get(member or "", [])
        if held := [row for row in rows if row.start <= day < row.end]:
            return max(held, key=lambda row: (row.start, row.cohort))
        if later := [row for row in rows if row.start > day]:
            first = min(row.start for row in later)
            return max((row for row in later if row.start == first), key=lambda row: row.cohort)
        return max(rows, key=lambda row: (row.end, row.start, row.cohort), default=None)

    @cached_property
    def learning(self) -> dict[str, list[Period]]:
        """Rows that have begun by `as_of` of those whom missions are for, by member."""
        roles = self.world.case.settings.get("missions", {}).get("roles", LEARNERS)
        return {
            member: [row for row in rows if row.role in roles and row.start <= self.world.as_of]
            for member, rows in self.periods.items()
        }

    def cohorts(self) -> dict[str, dict[str, Period]]:
        """The learners of every cohort, with their latest row there."""
        found: dict[str, dict[str, Period]] = defaultdict(dict)
        for member, rows in self.learning.items():
            for row in sorted(rows, key=lambda row: row.start):
                found[row.cohort][member] = row
        return found

    def last_day(self, cohort: str) -> date:
        """The last day on which the cohort is on."""
        return self.last_days.get(cohort, date.max)

    def last_joined(self, member: str, day: date) -> str:
        """The cohort that the member joined last by that day, to learn; '(none)' where there is none."""
        begun = [(row.start, row.cohort) for row in self.learning.get(member, []) if row.start <= day]
        return max(begun)[1] if begun else NONE

    def slices(self, member: str | None, day: date) -> list[Slice]:
        """The slices that the member counts in on the day, 'all' first."""
        period = self.on(member, day)
        return [ALL, *(period.slices() if period else NOBODY)]


def by_slice(items: Iterable[tuple[T, list[Slice]]]) -> Iterator[tuple[Slice, list[T]]]:
    """The items of each slice that has any."""
    groups: dict[Slice, list[T]] = defaultdict(list)
    for item, slices in items:
        for place in slices:
            groups[place].append(item)
    yield from groups.items()
