"""What is shown of the sensitive tables: closed cohorts and the whole program, rounded counts, shares in steps.

Belongs here: a table's rules carried out on its rows. Does not belong here: the steps (``steps``), what rows tell of
each other (``differences``), or which figure stands on which base (``policy``).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from math import isnan, nan

import duckdb
import pandas as pd

from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.contracts.privacy import Sensitive, Steps
from fellowship_pipeline.release.policy import OPERATIONAL_HEADLINES
from fellowship_pipeline.release.steps import (
    Minima,
    in_steps,
    intervals,
    means,
    quantiles,
    rounded_counts,
    scores,
    shares,
)

OF_SURVEYS = [headline.kpi for headline in HEADLINES if headline.table in ("survey", "survey_response")]

_NAMELESS = """
with nameless as (
    select distinct survey from core.survey_population where is_anonymous and has_responded
)

select survey from nameless
union
select kpi from kpi.headlines where kpi in ? and subject in (select survey from nameless)
"""


@dataclass(frozen=True)
class Rounded:
    """Rows of a sensitive table as they may be shown; ``ends``: by column, what is said of a share at an end."""

    frame: pd.DataFrame
    ends: dict[str, pd.Series]


def open_rows(frame: pd.DataFrame, closed: Set[str]) -> pd.Series:
    """Rows that may be shown at all: of the whole program or of closed cohorts."""
    if "cohort" in frame:
        return frame["cohort"].isin(closed)
    if "slice_by" not in frame:
        return pd.Series(True, index=frame.index)
    return (frame["slice_by"] == "all") | ((frame["slice_by"] == "cohort") & frame["slice"].isin(closed))


def nameless(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Surveys that anybody returned without a name, and headlines of them: nobody knows of which cohort those are."""
    return {name for (name,) in con.execute(_NAMELESS, [OF_SURVEYS]).fetchall()}


def without_slices(frame: pd.DataFrame, names: Set[str]) -> pd.DataFrame:
    """The rows of a table but the slices of those surveys and headlines: they would count only who gave a name."""
    for column in ("survey", "kpi"):
        if column in frame and "slice_by" in frame:
            return frame[(frame["slice_by"] == "all") | ~frame[column].isin(names)]
    return frame


def far_apart(steps: Steps, frame: pd.DataFrame, minimum: int) -> tuple[pd.Series, pd.Series]:
    """Rows whose count is that of the last such row before or at least ``minimum`` from it; those after such a row."""
    far: dict[object, bool] = {}
    also_before: dict[object, bool] = {}
    for _, rows in frame.sort_values(steps.order, kind="stable").groupby(list(steps.within)):
        last = rows[steps.start].iloc[0] if steps.start else 0
        is_far = False
        for row, count in rows[steps.count].items():
            was_far, is_far = is_far, bool(count == last or abs(count - last) >= minimum)
            far[row], also_before[row] = is_far, is_far and was_far
            last = count if is_far else last
    return pd.Series(far, frame.index, dtype=bool), pd.Series(also_before, frame.index, dtype=bool)


def released(policy: Sensitive, frame: pd.DataFrame, minima: Minima, told: Mapping[str, pd.Series]) -> Rounded:
    """The table's rows as they may be shown.

    ``told``: by share or first of its averages, the rows in which it would tell of few by what other rows show.
    """
    if frame.empty:
        nothing = pd.Series(None, index=frame.index, dtype=object)
        return Rounded(frame.copy(), {column: nothing for column, *_ in (*policy.percentages, *policy.places)})
    bases = frame.copy()
    for column in policy.firsts:
        first = frame.sort_values("position").groupby("cohort")[column].first()
        bases[f"first_{column}"] = frame["cohort"].map(first)
    shown = frame.copy()
    ends: dict[str, pd.Series] = {}
    nowhere = pd.Series(False, index=frame.index)
    for column in policy.counts:
        shown[column] = rounded_counts(frame[column], minima)
    for column, count, base in policy.percentages:
        found = shares(frame[column], bases[count], bases[base], minima)
        hidden = told.get(column, nowhere)
        shown[column], ends[column] = found.values.mask(hidden), found.ends.mask(hidden)
    for low, high, share, base in policy.intervals:
        shown[low], shown[high] = intervals(shown[share], rounded_counts(bases[base], minima))
    for column, base in policy.averages:
        shown[column] = means(frame[column], bases[base], minima.count)
    for column, base in policy.scores:
        shown[column] = scores(frame[column], bases[base], minima.base)
    for column, base in policy.quantiles:
        shown[column] = quantiles(frame[column], bases[base])
    for column, base in policy.places:
        values, at_end = in_steps(frame[column], bases[base])
        enough = bases[base] >= minima.base
        shown[column], ends[column] = values.where(enough), at_end.where(enough)
    _withhold(policy, frame, Rounded(shown, ends), told, minima)
    return Rounded(shown, ends)


def _withhold(
    policy: Sensitive, exact: pd.DataFrame, rows: Rounded, told: Mapping[str, pd.Series], minima: Minima
) -> None:
    """Takes out what tells of few by what other rows show, or by a small step from one row to the next."""
    shown, ends = rows.frame, rows.ends
    hidden = dict(told)
    for column, _ in (*policy.scores, *policy.quantiles):
        nowhere = pd.Series(False, index=shown.index)
        hidden[column] = told.get(column, nowhere) | told.get(policy.averages[0][0], nowhere)
    if policy.steps:
        far, also_before = far_apart(policy.steps, exact, minima.count)
        for columns, may_be_shown in ((policy.steps.shares, far), (policy.steps.of_previous, also_before)):
            for column in columns:
                hidden[column] = ~may_be_shown | hidden.get(column, False)
    for column, gone in hidden.items():
        shown[column] = shown[column].mask(gone)
        if column in ends:
            ends[column] = ends[column].mask(gone)


def says_nothing(policy: Sensitive, rows: Rounded) -> pd.Series:
    """Rows without any of the figures that make one worth showing."""
    told = [rows.frame[name].notna() | rows.ends.get(name, rows.frame[name]).notna() for name in policy.main]
    return ~pd.concat(told, axis=1).any(axis=1)


def released_headlines(
    headlines: pd.DataFrame, closed: Set[str], minima: Minima, told: pd.Series[bool]
) -> tuple[Rounded, pd.Series]:
    """The scorecard or the terms, sensitive rows as they may be shown, and which of those say nothing any more.

    They have no numerator, and no comparison, whose base nobody knows; the status is that of the value shown.
    ``told``: rows whose value the KPI's own table withholds.
    """
    is_sensitive = ~headlines["kpi"].isin(OPERATIONAL_HEADLINES)
    shown = headlines[~is_sensitive | open_rows(headlines, closed)].copy()
    rows = shown.index[is_sensitive.loc[shown.index]]
    part = shown.loc[rows]
    found = shares(part["value"], part["numerator"], part["denominator"], minima)
    values, at_end = found.values.mask(told.loc[rows]), found.ends.mask(told.loc[rows])
    shown.loc[rows, "value"] = values
    shown.loc[rows, "denominator"] = rounded_counts(part["denominator"], minima)
    shown.loc[rows, "numerator"] = pd.NA
    if "target" in shown:
        shown.loc[rows, ["previous", "delta"]] = nan
        statuses = [_status(value, target) for value, target in zip(values, part["target"], strict=True)]
        shown.loc[rows, "status"] = statuses
    suppressed = pd.Series(False, index=shown.index)
    suppressed.loc[rows] = values.isna() & at_end.isna()
    return Rounded(shown, {"value": at_end.reindex(shown.index)}), suppressed


def _status(value: float, target: float) -> str | None:
    if isnan(value) or isnan(target):
        return None
    if value >= target:
        return "met"
    return "near" if value >= 0.95 * target else "missed"
