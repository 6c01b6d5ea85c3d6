"""Counts that are not broken down by slices, since the total would tell those of hidden slices.

Belongs here: which they are, of the margins of a release, and when hiding one slice more costs less. Does not belong
here: how groups add up (``margins``), or which are hidden (``groups``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

import numpy as np
import numpy.typing as npt
import pandas as pd

from fellowship_pipeline.release.coarser import block
from fellowship_pipeline.release.groups import (
    Group,
    Range,
    counts_that_fit,
    free_counts_that_fit,
    in_order,
    range_of_bases,
)
from fellowship_pipeline.release.margins import Added, Sums, moments_of
from fellowship_pipeline.release.policy import OPERATIONAL

BlankCount = tuple[str, str, object, object, str | None]
"""A table, a column, a period, a moment in it and a kind of slice; None: every kind."""
MOST_MORE = 4
"""So many slices more are tried."""


def not_broken_down(parts: Iterable[Added], hidden: Set[Group], sums: Sums) -> set[BlankCount]:
    """Where a count, and what is a part or rate of it, is not broken down."""
    return {
        (table, name, part.margin.total[1], part.moments[at], kind)
        for part in parts
        if part.of is not None and part.margin.total not in hidden
        for table, kind in [part.of]
        for column, told in _told(part, hidden, sums).items()
        for at in np.flatnonzero(told)
        for name in with_parts(table, column)
    }


def with_parts(table: str, column: str) -> list[str]:
    """A count, and the counts and rates that it is a base of."""
    chain = [column]
    for rate, count, base in OPERATIONAL[table].rates:
        if count in chain or base in chain:
            chain += [name for name in (count, rate) if name not in chain]
    return chain


def rows_of(places: Iterable[BlankCount], frames: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, pd.Series[bool]]]:
    """By table and column, the rows of slices at those places."""
    asked: dict[tuple[str, str], set[tuple[object, object, str | None]]] = defaultdict(set)
    for table, column, period, moment, kind in places:
        asked[table, column].add((period, moment, kind))
    found: dict[str, dict[str, pd.Series[bool]]] = defaultdict(dict)
    rows = {table: _periods_moments_kinds(table, frames[table]) for table in {table for table, _ in asked}}
    for (table, column), of_column in asked.items():
        is_there = [
            kind != "all" and not of_column.isdisjoint({(period, moment, kind), (period, moment, None)})
            for period, moment, kind in rows[table]
        ]
        found[table][column] = pd.Series(is_there, index=frames[table].index, dtype=bool)
    return dict(found)


def _periods_moments_kinds(table: str, frame: pd.DataFrame) -> list[tuple[object, object, str]]:
    return list(zip(block(table, frame), moments_of(table, frame), frame["slice_by"], strict=True))


def cheaper_company(parts: Iterable[Added], hidden: Set[Group], sums: Sums) -> set[Group]:
    """Slices to hide, smallest first, where that costs fewer figures than a count of all slices of the kind."""
    return {
        group
        for part in parts
        if part.of is not None and part.of[1] is not None and part.margin.total not in hidden
        for group in _company(part, part.of[0], hidden, sums)
    }


def _company(part: Added, table: str, hidden: Set[Group], sums: Sums) -> list[Group]:
    """The best number of slices more to hide of a margin, none included."""

    def cost(concealed: Set[Group]) -> int:
        """Figures of the margin that are not shown."""
        is_gone = np.array([group in concealed for group in part.margin.parts])
        there = part.margin.sizes > 0
        told = _told(part, concealed, sums)
        withheld = {name: told[column] for column in told for name in with_parts(table, column)}
        blank = sum(int(there[~is_gone][:, moments].sum()) for moments in withheld.values())
        return blank + int(there[is_gone].sum()) * (len(OPERATIONAL[table].adds) + len(OPERATIONAL[table].rates))

    shown = in_order(part.margin, hidden, sums.standing)
    costs = [cost(hidden | set(shown[:more])) for more in range(min(len(shown), MOST_MORE) + 1)]
    return shown[: costs.index(min(costs))]


def _told(part: Added, hidden: Set[Group], sums: Sums) -> dict[str, npt.NDArray[np.bool_]]:
    """By column, the moments at which the total tells a count of a hidden part, or how many of it are not counted."""
    return {column: told for column, (_, told) in that_fit(part, hidden, sums).items() if column != part.sized}


def that_fit(part: Added, hidden: Set[Group], sums: Sums) -> dict[str, tuple[Range, npt.NDArray[np.bool_]]]:
    """By column, how many of each part that is not shown fit what a margin by itself says, and when it tells."""
    margin = part.margin
    concealed = [at for at, group in enumerate(margin.parts) if group in hidden or group in margin.uncounted]
    if not (margin.sizes[concealed] > 0).any():
        return {}
    within = range_of_bases(margin, hidden, sums.few, sums.minimum, margin.sizes[concealed])
    found = {part.sized: (within, within.told)}
    for column, (counts, bases) in part.more.items():
        if bases is None:
            free = free_counts_that_fit(counts[concealed], within.there)
            found[column] = free, free.told
        else:
            within, told = counts_that_fit(counts[concealed], bases[concealed], within)
            found[column] = within, told
    return found
