"""Which rows and figures of the operational tables are hidden, over all tables of a release together.

Belongs here: the steps from tables to hidden groups and back. Does not belong here: whom rows describe (``described``),
how groups add up (``margins``, ``starts``), or the search for complements (``complements``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

import pandas as pd

from fellowship_pipeline.release.breakdown import rows_of
from fellowship_pipeline.release.complements import Complements, complements
from fellowship_pipeline.release.described import Described, Headlines, described
from fellowship_pipeline.release.groups import Group
from fellowship_pipeline.release.margins import Added, Sums, margins_of_others, margins_of_slices
from fellowship_pipeline.release.moments import PERSONS, Moments
from fellowship_pipeline.release.policy import OPERATIONAL, OPERATIONAL_HEADLINES
from fellowship_pipeline.release.rates import FIGURES, headlines_that_tell, rates_of_few, small_start_months
from fellowship_pipeline.release.starts import margins_of_starts

OF_RATE = {"engagement_rate": "active", "adoption_rate": "accepted", "activation_rate": "activated"}
"""By headline, the count of its table that its slices repeat."""


@dataclass(frozen=True)
class Hidden:
    """Rows to be hidden, by table or the name of a part of its columns, and scorecard rows whose comparison is.

    ``few``: the rows about fewer persons than the minimum. ``left_out``: rows that are not published at all, since not
    even all of their kind hidden would hide them. ``blank``: by table and column, rows in which a count is not broken
    down, for the same reason; ``withheld``: in which a rate of a small group is not shown.
    """

    rows: dict[str, pd.Series[bool]]
    few: dict[str, pd.Series[bool]]
    comparisons: pd.Series[bool]
    left_out: dict[str, pd.Series[bool]]
    blank: dict[str, dict[str, pd.Series[bool]]]
    withheld: dict[str, dict[str, pd.Series[bool]]]


def hidden_rows(
    frames: Mapping[str, pd.DataFrame],
    sizes: Mapping[str, pd.Series[int]],
    as_of: date,
    minimum: int,
    since: Mapping[str, date | None] | None = None,
) -> Hidden:
    """For every operational table, the scorecard and the terms: which rows are hidden.

    ``frames``: the tables in the steps of a release; ``sizes``: by table or part, how many persons each row describes;
    ``since``: the first day of each term.
    """
    moments = Moments.of(as_of, frames)
    tables = described(frames, sizes, minimum)
    headlines = Headlines.of(moments, frames["scorecard"], frames["terms"])
    sums = _hidden_first(frames, sizes, tables, headlines, minimum)
    margins = [*margins_of_slices(sums), *margins_of_others(sums), *margins_of_starts(sums, since or {})]
    found = complements(sums, margins)

    rows, left_out = _rows_of_groups(tables, headlines, frames, found)
    few = _rows_of_few(frames, sizes, headlines, sums)
    for table, of_few in slices_of_few(frames, few).items():
        left_out[table] |= of_few
    gives_away = _gives_away(found.hidden, tables, headlines, margins)
    for table, others in headlines.told.items():
        rows[table] |= _marked([gives_away(some) for some in others], frames[table])
        rows[table] &= frames[table]["kpi"].isin(OPERATIONAL_HEADLINES)
    scorecard = frames["scorecard"]
    blank = rows_of(found.blank, frames)
    blank["scorecard"] = dict.fromkeys(FIGURES["scorecard"], _repeats_blank(scorecard, blank, frames, moments.day))
    comparisons = _marked([gives_away(others) for others in headlines.before], scorecard)
    comparisons |= _repeats_blank(scorecard, blank, frames, moments.day_before)
    comparisons &= scorecard["kpi"].isin(OPERATIONAL_HEADLINES)
    return Hidden(rows, few, comparisons, left_out, blank, rates_of_few(frames, minimum, blank))


def _hidden_first(
    frames: Mapping[str, pd.DataFrame],
    sizes: Mapping[str, pd.Series[int]],
    tables: Mapping[str, Described],
    headlines: Headlines,
    minimum: int,
) -> Sums:
    """The tables with the groups that are hidden by themselves: of few, and small ones whose rate tells of each."""
    few = frozenset().union(*(one.few for one in tables.values()))
    few |= {group for group, size in headlines.own.items() if 0 < size < minimum}
    first = few.union(*(one.first for one in tables.values()))
    first |= headlines_that_tell(headlines.groups["scorecard"], frames["scorecard"], headlines.own, minimum)
    retention = frames["retention"]
    small_starts = retention.loc[small_start_months(retention, minimum), "start_month"].unique()
    return Sums(
        frames, sizes, few, first, minimum, frozenset(("retention", month, "all", "all") for month in small_starts)
    )


def _marked(are: list[bool], frame: pd.DataFrame) -> pd.Series[bool]:
    return pd.Series(are, index=frame.index, dtype=bool)


ByTable = dict[str, "pd.Series[bool]"]


def _rows_of_groups(
    tables: Mapping[str, Described], headlines: Headlines, frames: Mapping[str, pd.DataFrame], found: Complements
) -> tuple[ByTable, ByTable]:
    """By table, the rows of hidden groups, and those that are left out."""
    rows = {name: one.rows(found.hidden) for name, one in tables.items()}
    left_out = {name: one.rows(found.left_out) for name, one in tables.items() if name in OPERATIONAL}
    for table, groups in headlines.groups.items():
        rows[table] = _marked([group in found.hidden for group in groups], frames[table])
        left_out[table] = _marked([group in found.left_out for group in groups], frames[table])
    return rows, left_out


def _rows_of_few(
    frames: Mapping[str, pd.DataFrame], sizes: Mapping[str, pd.Series[int]], headlines: Headlines, sums: Sums
) -> ByTable:
    """By table or part, the rows about fewer persons than the minimum."""
    few = {name: size.between(1, sums.minimum - 1) for name, size in sizes.items()}
    for table, rules in OPERATIONAL.items():
        if rules.sliced:  # of a slice hidden for its month, not the days on which it is larger
            few[table] &= (frames[table][rules.adds[0]] < sums.minimum).fillna(True).astype(bool)
    for table, groups in headlines.groups.items():
        few[table] = _marked([group in sums.few for group in groups], frames[table])
    return few


def _gives_away(
    hidden: Set[Group], tables: Mapping[str, Described], headlines: Headlines, margins: Iterable[Added]
) -> Callable[[Iterable[Group]], bool]:
    """Whether figures would tell of a hidden group among those, or of one that no row describes."""
    known = {group for one in tables.values() for group in one.groups} | headlines.own.keys()
    known |= {margin.margin.total for margin in margins}
    return lambda others: any(group in hidden or group not in known for group in others)


def slices_of_few(frames: Mapping[str, pd.DataFrame], few: Mapping[str, pd.Series[bool]]) -> dict[str, pd.Series[bool]]:
    """By table, rows of slices at moments at which everybody together are few: there is nothing to break down."""
    found = {}
    moments = {table: frames[table].columns[0] for table, rules in OPERATIONAL.items() if rules.sliced}
    moments["scorecard"] = "kpi"
    for table, moment in moments.items():
        frame = frames[table]
        is_slice = frame["slice_by"] != "all"
        of_few = frame.loc[~is_slice & few[table], moment]
        found[table] = is_slice & frame[moment].isin(of_few) & (table != "retention")
    return found


def _repeats_blank(
    scorecard: pd.DataFrame,
    blank: Mapping[str, Mapping[str, pd.Series[bool]]],
    frames: Mapping[str, pd.DataFrame],
    day: pd.Timestamp,
) -> pd.Series[bool]:
    """Scorecard rows of slices that repeat, of that day, a count which their own table does not break down."""
    found = pd.Series(False, index=scorecard.index)
    for kpi, column in OF_RATE.items():
        table = PERSONS[kpi].table
        rows = blank.get(table, {}).get(column)
        if rows is None or not rows.any():
            continue
        frame = frames[table]
        moment = frame.columns[0]
        of_day = frame[rows & (frame[moment] == (day if moment == "day" else day.replace(day=1)))]
        found |= (scorecard["kpi"] == kpi) & scorecard["slice_by"].isin(of_day["slice_by"])
    return found
