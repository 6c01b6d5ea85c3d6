"""What holds between the rows of one table whatever the data: sums that add up, counts that only grow or only fall.

Belongs here: such laws of courses, missions, selection, outcomes, meetings. Does not belong here: what a figure should
be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from typing import Any

from .oracle import Tables
from .oracle_staging import Row


def broken(tables: Tables) -> list[str]:
    """A line for every row that breaks a law of its table."""
    return [f"{table}: {row}" for table, law in LAWS.items() for row in law(tables[table])]


def _runs(rows: list[Row], *grain: str, along: str) -> Iterator[list[Row]]:
    def key(row: Row) -> tuple[Any, ...]:
        return tuple(row[column] for column in grain)

    for _, run in groupby(sorted(rows, key=lambda row: (key(row), row[along])), key):
        yield list(run)


def _missions(rows: list[Row]) -> Iterator[Row]:
    ways = ("met", "late", "missed", "pending", "excused")
    yield from (row for row in rows if row["members"] != sum(row[way] for way in ways))
    yield from (row for row in rows if row["eliminated"] > row["late"] + row["missed"])
    for run in _runs(rows, "cohort", along="due_at"):
        for before, after in pairwise(run):
            same = after["cohort_members"] == before["cohort_members"]
            if not same or after["remaining"] > before["remaining"] or after["left_before"] < before["left_before"]:
                yield after
        for row in run:
            out = row["cohort_members"] - row["remaining"] - row["left_before"]
            by_then = [earlier["eliminated"] for earlier in run if earlier["due_at"] <= row["due_at"]]
            if not max(by_then) <= out <= sum(by_then) or row["members"] > row["cohort_members"]:
                yield row


def _competitions(rows: list[Row]) -> Iterator[Row]:
    yield from (row for row in rows if not row["passing"] <= row["members"])
    yield from (row for row in rows if row["best_share"] > row["median_share"] + 1e-9)


def _funnel(rows: list[Row]) -> Iterator[Row]:
    for run in _runs(rows, "cohort", along="position"):
        yield from (after for before, after in pairwise(run) if after["passed"] > before["passed"])


def _timeline(rows: list[Row]) -> Iterator[Row]:
    for run in _runs(rows, "cohort", "kind", along="months_since"):
        yield from (row for place, row in enumerate(run) if row["months_since"] != place)
        yield from (after for a, after in pairwise(run) if after["cumulative_members"] < a["cumulative_members"])


def _channels(rows: list[Row]) -> Iterator[Row]:
    yield from (row for row in rows if max(row["accepted"], row["unanswered"]) > row["applicants"])


def _courses(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        most = row["completed"] <= 2 * row["known_starts"] <= 2 * row["completed"]
        if most != (row["started"] is not None) or row["completed"] > (row["started"] or row["completed"]):
            yield row


def _community(rows: list[Row]) -> Iterator[Row]:
    yield from (row for row in rows if not row["unique_members"] <= row["attendances"])
    yield from (row for row in rows if row["expected_attended"] > min(row["unique_members"], row["members"]))
    yield from (row for row in rows if row["answered"] > row["questions"])


def _support(rows: list[Row]) -> Iterator[Row]:
    parts = ("answered", "escalated", "asked_ahead", "answered_by_members")
    yield from (row for row in rows if max(row[part] for part in parts) > row["opened"])


LAWS: dict[str, Callable[[list[Row]], Iterator[Row]]] = {
    "kpi.missions": _missions,
    "kpi.competitions": _competitions,
    "kpi.funnel": _funnel,
    "kpi.outcome_timeline": _timeline,
    "kpi.application_channels": _channels,
    "kpi.courses": _courses,
    "kpi.community": _community,
    "kpi.support": _support,
}
