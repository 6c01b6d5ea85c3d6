"""Months, medians, rates and the slices of a person on a day.

Belongs here: arithmetic that several figures share. Does not belong here: any figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from .facts import AS_OF
from .people import COHORTS, EXCLUDED, ROWS, Row

DAY = timedelta(1)
MONTHS = [date(2024, month, 1) for month in range(9, 13)] + [date(2025, month, 1) for month in range(1, 4)]
PERSONS = [person for person in dict.fromkeys(row.person for row in ROWS) if person != EXCLUDED]

Line = dict[str, Any]
Slice = tuple[str, str]


def last_day(month: date) -> date:
    """The month's last day, or that of the figures, if earlier."""
    return min(month_end(month), AS_OF)


def month_end(month: date) -> date:
    return (month + 31 * DAY).replace(day=1) - DAY


def rate(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def quantile(values: Iterable[Any], share: Fraction = Fraction(1, 2)) -> Fraction | None:
    """Between two neighbors in proportion."""
    ordered = sorted(map(Fraction, values))
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def ends_before(row: Row) -> date:
    """The first day no longer in."""
    return row.left or COHORTS[row.cohort][1] + DAY


def is_in(row: Row, day: date) -> bool:
    return row.begins <= day < ends_before(row)


@cache
def rows_of(person: str) -> list[Row]:
    """The rows that hold on any day."""
    return [row for row in ROWS if row.person == person and person != EXCLUDED and row.begins < ends_before(row)]


@cache
def row_on(person: str, day: date) -> Row | None:
    """The row in force; else the next to begin; else the last that ended."""
    rows = rows_of(person)
    if in_force := [row for row in rows if is_in(row, day)]:
        return max(in_force, key=lambda row: (row.begins, row.cohort))
    if to_come := [row for row in rows if row.begins > day]:
        first = min(row.begins for row in to_come)
        return max((row for row in to_come if row.begins == first), key=lambda row: row.cohort)
    return max(rows, key=lambda row: (ends_before(row), row.begins, row.cohort), default=None)


def slices_of(row: Row | None) -> list[Slice]:
    """Everything, and one slice of each kind."""
    if row is None:
        return [("all", "all"), *((by, "(none)") for by in ("cohort", "study_mode", "study_group", "track"))]
    values = {"cohort": row.cohort, "study_mode": row.mode, "study_group": row.group, "track": row.track}
    return [("all", "all"), *((by, value or "(none)") for by, value in values.items())]


def sliced(found: Iterable[tuple[str, date, Any]]) -> dict[Slice, list[Any]]:
    """What persons have on days, by the slices they are in then."""
    slices: dict[Slice, list[Any]] = defaultdict(list)
    for person, day, thing in found:
        for one in slices_of(row_on(person, day)):
            slices[one].append(thing)
    return slices


def line(key: Sequence[str], values: Iterable[Any], slice_: Slice | None = None, **figures: Any) -> Line:
    """A row of a table: its key, its slice, its figures."""
    by = {"slice_by": slice_[0], "slice": slice_[1]} if slice_ else {}
    return dict(zip(key, values, strict=True)) | by | figures
