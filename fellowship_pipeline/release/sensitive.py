"""What is shown of the sensitive tables: closed cohorts and the whole program, rounded counts, whole percent.

Belongs here: rounding and withholding single figures. Does not belong here: which figure stands on which base
(``policy``).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from math import isnan, nan

import pandas as pd

from fellowship_pipeline.contracts.privacy import Sensitive, Steps
from fellowship_pipeline.release.policy import OPERATIONAL_HEADLINES

LARGE_GROUP = 100
"""From this base on a percentage is shown however near to 0 or 100."""
EXTREME = 0.05
"""A share this near to 0 or 1 tells what about everybody in a smaller group said."""


@dataclass(frozen=True)
class Minima:
    """The smallest count, the smallest base of a percentage, the step that counts are rounded to."""

    count: int
    base: int
    round_to: int


def rounded_counts(counts: pd.Series[int], minima: Minima) -> pd.Series[int]:
    """Counts rounded to the step, halves up; missing under the minimum."""
    rounded = (2 * counts + minima.round_to) // (2 * minima.round_to) * minima.round_to
    return rounded.where(counts >= minima.count)


def whole_percent(rates: pd.Series) -> pd.Series:
    """Rates as whole percent (0.85), halves up; the ninth digit absorbs what is below 0.145 only in binary."""
    return (rates * 100 + 0.5).round(9).floordiv(1) / 100


def percentages(rates: pd.Series, bases: pd.Series, minima: Minima) -> pd.Series:
    """Rates as whole percent; missing on a small base, and near 0 or 1 in a group that is not large."""
    moderate = (rates > EXTREME) & (rates < 1 - EXTREME)
    shown = (bases >= minima.base) & (moderate | (bases >= LARGE_GROUP))
    return whole_percent(rates).where(shown.fillna(False).astype(bool))


def statistics(values: pd.Series, bases: pd.Series, minimum: int) -> pd.Series:
    """Values to one decimal, since more would tell of how many they are the average; missing on a small base."""
    return ((values * 10 + 0.5).round(9).floordiv(1) / 10).where((bases >= minimum).fillna(False).astype(bool))


def open_rows(frame: pd.DataFrame, closed: Set[str]) -> pd.Series:
    """Rows that may be shown at all: of the whole program or of closed cohorts."""
    if "cohort" in frame:
        return frame["cohort"].isin(closed)
    if "slice_by" not in frame:
        return pd.Series(True, index=frame.index)
    return (frame["slice_by"] == "all") | ((frame["slice_by"] == "cohort") & frame["slice"].isin(closed))


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


def released(policy: Sensitive, frame: pd.DataFrame, minima: Minima) -> tuple[pd.DataFrame, pd.Series]:
    """The table's rows as they may be shown, and which of them say nothing any more."""
    bases = frame.copy()
    for column in policy.firsts:
        first = frame.sort_values("position").groupby("cohort")[column].first()
        bases[f"first_{column}"] = frame["cohort"].map(first)
    shown = frame.copy()
    for column in policy.counts:
        shown[column] = rounded_counts(frame[column], minima)
    for column, base in policy.percentages:
        shown[column] = percentages(frame[column], bases[base], minima)
    for column, share in policy.bounds:
        shown[column] = whole_percent(frame[column]).where(shown[share].notna())
    for column, base in policy.averages:
        shown[column] = statistics(frame[column], bases[base], minima.count)
    for column, base in policy.spreads:
        shown[column] = statistics(frame[column], bases[base], minima.base)
    for column, base in policy.places:
        shown[column] = whole_percent(frame[column]).where(bases[base] >= minima.base)
    if policy.steps:
        far, also_before = far_apart(policy.steps, frame, minima.count)
        for column in policy.steps.shares:
            shown[column] = shown[column].where(far)
        for column in policy.steps.of_previous:
            shown[column] = shown[column].where(also_before)
    return shown, shown[list(policy.main)].isna().all(axis=1)


def released_headlines(headlines: pd.DataFrame, closed: Set[str], minima: Minima) -> tuple[pd.DataFrame, pd.Series]:
    """The scorecard or the terms, sensitive rows as they may be shown, and which of those say nothing any more.

    They have no numerator, and no comparison, whose base nobody knows; the status is that of the value shown.
    """
    is_sensitive = ~headlines["kpi"].isin(OPERATIONAL_HEADLINES)
    shown = headlines[~is_sensitive | open_rows(headlines, closed)].copy()
    rows = shown.index[is_sensitive.loc[shown.index]]
    part = shown.loc[rows]
    values = percentages(part["value"], part["denominator"], minima)
    shown.loc[rows, "value"] = values
    shown.loc[rows, "denominator"] = rounded_counts(part["denominator"], minima)
    shown.loc[rows, "numerator"] = pd.NA
    if "target" in shown:
        shown.loc[rows, ["previous", "delta"]] = nan
        statuses = [_status(value, target) for value, target in zip(values, part["target"], strict=True)]
        shown.loc[rows, "status"] = statuses
    suppressed = pd.Series(False, index=shown.index)
    suppressed.loc[rows] = values.isna()
    return shown, suppressed


def _status(value: float, target: float) -> str | None:
    if isnan(value) or isnan(target):
        return None
    if value >= target:
        return "met"
    return "near" if value >= 0.95 * target else "missed"
