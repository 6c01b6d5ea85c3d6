"""CSV that a spreadsheet shows as it was meant: text stays text, whatever it begins with.

Belongs here: writing one CSV file. Does not belong here: which rows or columns.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

FORMULA_STARTS = "=+-@\t\r\n⁺⁼₊₌⩵⩶﬩﹢﹣﹦﹫＋－＝＠"
"""What a spreadsheet takes a formula by, and every character that is one of those in another width or place."""


def write_frame(path: Path, frame: pd.DataFrame, labels: pd.DataFrame, days: Collection[str]) -> int:
    """Writes UTF-8 CSV and returns how many rows there were: ``days`` without a time, labels where there are any."""
    columns = []
    for name in frame.columns.tolist():
        made = cells(frame[name].dt.date if name in days else frame[name])
        if name in labels:
            marks = labels[name]
            made[marks.notna().to_numpy()] = cells(marks.dropna())
        columns.append(made.tolist())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*columns, strict=True))
    return len(frame)


def cells(values: pd.Series) -> npt.NDArray[np.object_]:
    """A column as cells, each distinct value made one once; the writer knows numbers with a fraction, and None."""
    if pd.api.types.is_float_dtype(values):
        return values.astype(object).mask(values.isna(), None).to_numpy(copy=True)
    places, distinct = pd.factorize(values, use_na_sentinel=False)
    return np.array([cell(value) for value in distinct], dtype=object)[places]


def cell(value: object) -> str:
    """The value as a cell: ISO dates, ``true``, ``false``, nothing for what is missing, text safe in a spreadsheet."""
    if isinstance(value, str):
        return safe_text(value)
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value).lower()
    if pd.isna(value):  # type: ignore[call-overload]  # knows no plain objects
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def safe_text(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula."""
    return "'" + text if text[:1] and text[0] in FORMULA_STARTS else text
