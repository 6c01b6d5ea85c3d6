"""Slices of operational tables over time, in steps in which more of them can be shown: weeks, and quarters of starts.

From neighboring days a hidden day of few could be guessed. Belongs here: which rows of slices are published, and what
they are of. Does not belong here: whether they are hidden (``operational``); the whole program keeps its own days and
months.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pandas as pd

from fellowship_pipeline.release.labels import SIZE

SUNDAY = 6
MONTHS = 3
ONE_DAY = ("active_1d", "active_7d", "stickiness")
"""Columns of days and weeks, which a slice by week does not have."""


def coarser(table: str, frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The table's rows with slices in wider steps, where it has any."""
    return COARSER[table](frame, as_of) if table in COARSER and len(frame) else frame


def block(table: str, frame: pd.DataFrame) -> pd.Series:
    """The period in which a slice is hidden throughout, of the rows of a sliced table; of everybody each row's own."""
    moments = frame[frame.columns[0]]
    if table != "engagement":
        return moments
    return moments.where(frame["slice_by"] == "all", moments.dt.to_period("M").dt.start_time.astype(moments.dtype))


def _by_week(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Slices on Sundays, on ``as_of`` and on the day of the month before that the scorecard compares it with.

    How many persons such a row describes is the fewest of its month, on any day.
    """
    everybody = frame["slice_by"] == "all"
    day = pd.Timestamp(as_of)
    days = frame["day"]
    shown = (days.dt.weekday == SUNDAY) | days.isin([day, day - pd.DateOffset(months=1)])
    size = SIZE + "engagement"
    slices = frame[~everybody]
    month = slices["day"].dt.to_period("M")
    fewest = slices.groupby([month, "slice_by", "slice"], sort=False)[size].transform("min")
    rows = frame[everybody | shown].copy()
    is_slice = ~everybody[rows.index]
    rows.loc[is_slice, size] = fewest.loc[rows.index[is_slice]]
    rows.loc[is_slice, list(ONE_DAY)] = None
    by_week: pd.DataFrame = rows.reset_index(drop=True)
    return by_week


def _by_quarter(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Slices by the quarter of their start, as its first month, as far as all that began in it have come."""
    everybody = frame["slice_by"] == "all"
    slices = frame[~everybody]
    if slices.empty:
        return frame
    quarter = slices["start_month"].dt.to_period("Q")
    last = quarter.dt.end_time
    is_over = (as_of + timedelta(days=1)).month != as_of.month
    seen = 12 * as_of.year + as_of.month - (not is_over)
    complete = slices["months_since"] <= seen - (12 * last.dt.year + last.dt.month)
    kept = slices[complete].assign(start_month=quarter[complete].dt.start_time.astype(slices["start_month"].dtype))
    counts = ["started", "active", SIZE + "retention"]
    keys = ["start_month", "months_since", "slice_by", "slice"]
    summed = kept.groupby(keys, sort=False)[counts].sum().reset_index()
    # A month of nobody has no row, and who of a start month learns in a later month is among those who started.
    summed["retention_rate"] = (summed["active"] / summed["started"]).astype("float64")
    rows = pd.concat([frame[everybody], summed[frame.columns]]).astype(frame.dtypes)
    return rows.sort_values(keys, kind="stable").reset_index(drop=True)


COARSER: Mapping[str, Callable[[pd.DataFrame, date], pd.DataFrame]] = {
    "engagement": _by_week,
    "retention": _by_quarter,
}
