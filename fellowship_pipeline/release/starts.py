"""How the start months of retention add up: to quarters, which slices have of them, and to headlines.

Belongs here: the margins of retention and its headline. Does not belong here: those of other tables (``margins``), or
which groups are hidden (``groups``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from fellowship_pipeline.release.groups import FITTING, Group, Margin
from fellowship_pipeline.release.margins import Added, Sums, vector
from fellowship_pipeline.release.moments import WHOLE
from fellowship_pipeline.release.rates import SMALL

RETENTION = "retention_3m"
THIRD = 3
COUNTS = STARTED, ACTIVE = "started", "active"
HEADLINE = "denominator", "numerator"
EVERYBODY: Group = ("scorecard", RETENTION, "all", "all")


def margins_of_starts(sums: Sums, since: Mapping[str, date | None]) -> Iterator[Added]:
    """Start months and the quarters that slices have of them; headlines over all; what quarters do not have yet."""
    frame = sums.frames["retention"]
    everybody, quarters = frame[frame["slice_by"] == "all"], frame[frame["slice_by"] != "all"]
    if everybody.empty:
        return
    first_of_quarter = everybody["start_month"].dt.to_period("Q").dt.start_time.astype(frame["start_month"].dtype)
    seen = quarters.groupby("start_month")["months_since"].max()
    for quarter, rows in everybody.groupby(first_of_quarter, sort=False):
        if quarter in seen.index:
            slices = quarters[quarters["start_month"] == quarter][["slice_by", "slice"]].drop_duplicates()
            instead = tuple(("retention", quarter, *key) for key in slices.itertuples(index=False, name=None))
            added = _of_quarter(quarter, rows[rows["months_since"] <= seen[quarter]], instead, sums.uncounted)
            # Company is sought where the quarter is lost already: each other one costs its slices.
            is_whole = sums.few.isdisjoint(added.margin.parts)
            sums.standing.update(dict.fromkeys(added.margin.parts, int(is_whole)))
            yield added
    third = everybody[everybody["months_since"] == THIRD]
    if len(third):
        yield from _of_terms(sums, third, since)
        yield from _of_slices(sums, quarters)


def _of_terms(sums: Sums, third: pd.DataFrame, since: Mapping[str, date | None]) -> Iterator[Added]:
    """Headlines of everybody, of all times and of terms, over start months."""

    def over(total: Group, months: pd.DataFrame, **more: Any) -> Added:
        parts: dict[Group, tuple[int, int]] = {
            ("retention", start, "all", "all"): counts for start, counts in _counts(months, "start_month", COUNTS)
        }
        return _in_third(total, parts, uncounted=sums.uncounted.intersection(parts), **more)

    yield over(EVERYBODY, third)
    ends = third["start_month"] + pd.DateOffset(months=THIRD + 1) - timedelta(days=1)
    for term, ends_on in sums.frames["terms"].query("kpi == @RETENTION")[["term", "ends_on"]].itertuples(index=False):
        first = since.get(term)
        begins = pd.Timestamp.min if first is None else pd.Timestamp(first)
        within = third[(ends <= ends_on) & (third["start_month"] >= begins)]
        yield over(("terms", term, RETENTION), within)
        # All others are known, too, by what it leaves of everybody; where they are few, the term goes.
        yield replace(over(("terms", term, RETENTION), third.drop(within.index), is_published=False), sized="")


def _in_third(total: Group, counts: Mapping[Group, tuple[int, int]], **more: Any) -> Added:
    """What a headline is made of: by part, how many started and how many of them learned in the third month."""
    started, active = vector(one for one, _ in counts.values()), vector(one for _, one in counts.values())
    has_slices = more.pop("has_slices", False)
    margin = Margin(total, tuple(counts), started, active, started, **more)
    return Added(margin, None, (THIRD,), {ACTIVE: (active, started)}, has_slices=has_slices, sized=STARTED)


def _of_quarter(quarter: object, rows: pd.DataFrame, instead: tuple[Group, ...], uncounted: frozenset[Group]) -> Added:
    """The start months of a quarter, which are what the slices of any kind add up to."""
    months, names = pd.factorize(rows["start_month"])
    at, moments = pd.factorize(rows["months_since"])
    started, active = (np.zeros((len(names), len(moments)), dtype=np.int64) for _ in range(2))
    np.add.at(started, (months, at), rows["started"].to_numpy(dtype=np.int64))
    np.add.at(active, (months, at), rows["active"].to_numpy(dtype=np.int64))
    parts = tuple(("retention", month, "all", "all") for month in names)
    margin = Margin(
        ("retention", quarter, "all", WHOLE),
        parts,
        started,
        is_published=False,
        instead=instead,
        uncounted=uncounted.intersection(parts),
    )
    more = {ACTIVE: (active, started)}
    return Added(margin, ("retention", None), tuple(moments), more, sized=STARTED, unseen=frozenset([margin.total]))


def _of_slices(sums: Sums, quarters: pd.DataFrame) -> Iterator[Added]:
    """Headlines of slices: all of a kind, and each over its quarters and a rest, which those do not have yet."""
    third = quarters[quarters["months_since"] == THIRD]
    headlines = sums.frames["scorecard"].query("kpi == @RETENTION and slice_by != 'all'")
    for kind, rows in headlines.groupby("slice_by", sort=False):
        whole: dict[Group, tuple[int, int]] = {
            ("scorecard", RETENTION, kind, name): counts for name, counts in _counts(rows, "slice", HEADLINE)
        }
        of_kind = third[third["slice_by"] == kind]
        is_loose = int(rows["denominator"].sum() - of_kind[STARTED].sum()) >= FITTING - 1
        few: set[Group] = set()
        for headline, (started, active) in whole.items():
            of_slice = of_kind[of_kind["slice"] == headline[-1]]
            parts: dict[Group, tuple[int, int]] = {
                ("retention", start, *headline[2:]): counts
                for start, counts in _counts(of_slice, "start_month", COUNTS)
            }
            rest = started - int(of_slice[STARTED].sum()), active - int(of_slice[ACTIVE].sum())
            if _is_few(*rest, sums.minimum):
                few.add(headline)
            over = _in_third(headline, parts, is_published=False, yields=True, is_loose=is_loose)
            yield replace(over, rest={STARTED: rest[0], ACTIVE: rest[1]})
        yield replace(_in_third(EVERYBODY, whole, has_slices=True), first=frozenset(few))


def _is_few(started: int, active: int, minimum: int) -> bool:
    """Whether a group is hidden by itself: a small one, or one of whom nobody is active, or everybody."""
    return 0 < started < (SMALL if active in (0, started) else 1) * minimum


def _counts(rows: pd.DataFrame, named: str, counts: tuple[str, str]) -> list[tuple[Any, tuple[int, int]]]:
    """By what names a row, how many started and how many are active."""
    return [
        (name, (int(started), int(active)))
        for name, started, active in rows[[named, *counts]].itertuples(index=False, name=None)
    ]
