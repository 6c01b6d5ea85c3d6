"""Rates of small groups: of whom nobody is counted, or everybody, a rate says the same of each.

Belongs here: which rows that are, and which rates of the whole program are not shown. Does not belong here: which
groups are hidden beside others (``groups``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from fellowship_pipeline.release.groups import Group
from fellowship_pipeline.release.policy import OPERATIONAL, OPERATIONAL_HEADLINES

SMALL = 2
"""Times the minimum: a smaller group shows no rate of 0 or 1, which would say the same of each of its members."""
WITH = {"active_1d": ("active_7d",)}
"""Counts that are not shown where another is not."""
FIGURES = {
    "scorecard": ("numerator", "value", "status", "previous", "delta"),
    "terms": ("numerator", "value"),
}
"""By table of headlines, what tells of those counted."""


def telling(table: str, frame: pd.DataFrame, sizes: pd.Series[int], minimum: int) -> pd.Series[bool]:
    """Rows of small groups of whom nobody is counted, or everybody: a rate of them says the same of each.

    The whole program's rows are not among them: they do without the rate.
    """
    found = pd.Series(False, index=frame.index)
    rules = OPERATIONAL[table]
    fractions = [(frame[count], frame[base]) for _, count, base in rules.rates]
    if table == "what_if":
        fractions.append((frame["reclaimed"], sizes))
    for counts, bases in fractions:
        found |= says_the_same(counts, bases, minimum)
    return found & (frame["slice_by"] != "all") if rules.sliced else found


def small_start_months(retention: pd.DataFrame, minimum: int) -> pd.Series[bool]:
    """Rows of small start months of which in some later month nobody learned, or everybody: they show no rate."""
    small = (retention["slice_by"] == "all") & retention["started"].between(minimum, SMALL * minimum - 1)
    at_end = small & ((retention["active"] == 0) | (retention["active"] == retention["started"]))
    return small & at_end.groupby(retention["start_month"]).transform("any")


def rates_of_few(
    frames: Mapping[str, pd.DataFrame], minimum: int, blank: dict[str, dict[str, pd.Series[bool]]]
) -> dict[str, dict[str, pd.Series[bool]]]:
    """By table and column, rows of a small whole program without a rate that would say the same of each.

    A rate of a part of the group, such as of those active, of whom there may be hardly any, is not shown of a small
    part at all: ``blank``.
    """
    found: dict[str, dict[str, pd.Series[bool]]] = {}
    for table, rules in OPERATIONAL.items():
        if table == "retention":
            found[table] = dict.fromkeys(("active", "retention_rate"), small_start_months(frames[table], minimum))
        if not rules.sliced or table == "retention":
            continue
        frame = frames[table]
        everybody = frame["slice_by"] == "all"
        for rate, count, base in rules.rates:
            if base == rules.adds[0]:
                rows = everybody & says_the_same(frame[count], frame[base], minimum)
                columns, names = found.setdefault(table, {}), [rate, count]
            else:
                rows = everybody & (frame[base] < SMALL * minimum).fillna(False).astype(bool)
                columns, names = blank.setdefault(table, {}), [rate, count, *WITH.get(count, ())]
            for column in names:
                columns[column] = columns.get(column, rows) | rows
    for table, shown in FIGURES.items():
        frame = frames[table]
        rows = frame["kpi"].isin(OPERATIONAL_HEADLINES)
        if "slice_by" in frame:
            rows &= frame["slice_by"] == "all"
        found[table] = dict.fromkeys(shown, rows & says_the_same(frame["numerator"], frame["denominator"], minimum))
    return found


def says_the_same(counts: pd.Series, bases: pd.Series, minimum: int) -> pd.Series[bool]:
    """Whether nobody of a small base is counted, or everybody."""
    at_end = bases.between(1, SMALL * minimum - 1) & ((counts == 0) | (counts == bases))
    return at_end.fillna(False).astype(bool)


def headlines_that_tell(
    groups: Iterable[Group], scorecard: pd.DataFrame, own: Mapping[Group, int], minimum: int
) -> set[Group]:
    """Slices of small headlines of whom nobody is counted, or everybody."""
    figures = scorecard[["numerator", "denominator", "slice_by"]].itertuples(index=False, name=None)
    return {
        group
        for group, (numerator, denominator, kind) in zip(groups, figures, strict=True)
        if group in own
        and kind != "all"
        and not pd.isna(denominator)
        and 0 < denominator < SMALL * minimum
        and (numerator in (0, denominator))
    }
