"""Figures in steps so wide that they do not tell of how few they are: shares, intervals, means, scores.

Belongs here: rounding a column, and which figure of it stands on too few. Does not belong here: which column stands on
which (``contracts/kpi``), or what rows tell of each other (``differences``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from fellowship_pipeline.program.settings import Privacy

LARGE_GROUP = 100
"""From this base on a share is whole percent and a score a whole number, and quantiles are shown."""
PRECISE_MEAN = 50
"""From this base on a mean has a decimal."""
END = 0.05
"""Of a group that is not large, a share this near to 0 or 1 is only said to be so near."""
LOW, HIGH = "≤5%", "≥95%"
Z = 1.959963984540054
"""The 95 % normal quantile of Wilson's interval."""


@dataclass(frozen=True)
class Minima:
    """The smallest count, the smallest base of a percentage, the step that counts are rounded to."""

    count: int
    base: int
    round_to: int

    @classmethod
    def of(cls, privacy: Privacy) -> Minima:
        """Those of a program. A minimum of one hides nobody, nor that there is nobody."""
        count = privacy.sensitive_minimum if privacy.sensitive_minimum > 1 else 0
        return cls(count, privacy.sensitive_base, privacy.round_to)


@dataclass(frozen=True)
class Shares:
    """Shares as they are shown, missing where they are not; which could be; what stands for one at an end."""

    values: pd.Series
    may_be_shown: pd.Series[bool]
    ends: pd.Series


def rounded(values: pd.Series, step: float) -> pd.Series:
    """Values in steps, halves up; the ninth digit absorbs what is below a half only in binary."""
    steps = (values.astype("float64") / step + 0.5).round(9).floordiv(1)
    return (steps * step).round(9)


def rounded_counts(counts: pd.Series[int], minima: Minima) -> pd.Series[int]:
    """Counts rounded to the step, halves up; missing under the minimum."""
    in_steps = (2 * counts + minima.round_to) // (2 * minima.round_to) * minima.round_to
    return in_steps.where(counts >= minima.count)


def are_wide(counts: pd.Series, bases: pd.Series, minima: Minima) -> pd.Series[bool]:
    """Whether a share stands on enough: its base, its count, and those of the base who are not counted."""
    shown = (bases >= minima.base) & (counts >= minima.count) & ((bases - counts).abs() >= minima.count)
    return shown.fillna(False).astype(bool)


def in_steps(rates: pd.Series, bases: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Shares in the steps of their base, and what is said of one at an end, whose value is missing."""
    is_large = (bases >= LARGE_GROUP).fillna(False).astype(bool)
    values = rounded(rates, 0.01).where(is_large, rounded(rates, END))
    ends = pd.Series(None, index=rates.index, dtype=object)
    ends = ends.mask(~is_large & (rates <= END), LOW).mask(~is_large & (rates >= 1 - END), HIGH)
    return values.where(ends.isna()), ends


def shares(rates: pd.Series, counts: pd.Series, bases: pd.Series, minima: Minima) -> Shares:
    """Shares where both those who are counted and those who are not are enough."""
    may_be_shown = are_wide(counts, bases, minima) & rates.notna()
    values, ends = in_steps(rates, bases)
    return Shares(values.where(may_be_shown), may_be_shown, ends.where(may_be_shown))


def intervals(shown: pd.Series, bases: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Wilson's 95 % interval of shares and bases as they are shown, as whole percent, outward never past 0 and 1."""
    n = bases.astype("float64").where(shown.notna())
    center = (shown + Z * Z / (2 * n)) / (1 + Z * Z / n)
    margin = Z * np.sqrt(shown * (1 - shown) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return rounded((center - margin).clip(lower=0), 0.01), rounded((center + margin).clip(upper=1), 0.01)


def means(values: pd.Series, bases: pd.Series, minimum: int) -> pd.Series:
    """Means in steps of a half, of many in steps of a tenth; missing on a small base."""
    return _stepped(values, bases, minimum, (PRECISE_MEAN, 0.5, 0.1))


def scores(values: pd.Series, bases: pd.Series, minimum: int) -> pd.Series:
    """Net promoter scores in steps of ten, of many in whole points; missing on a small base."""
    return _stepped(values, bases, minimum, (LARGE_GROUP, 10, 1))


def quantiles(values: pd.Series, bases: pd.Series) -> pd.Series:
    """Quantiles of many, in steps of a half: where one lies between two answers tells how many there are."""
    return rounded(values, 0.5).where((bases >= LARGE_GROUP).fillna(False).astype(bool))


def _stepped(values: pd.Series, bases: pd.Series, minimum: int, steps: tuple[int, float, float]) -> pd.Series:
    many, wide, narrow = steps
    stepped = rounded(values, narrow).where(bases >= many, rounded(values, wide))
    return stepped.where((bases >= minimum).fillna(False).astype(bool), nan)
