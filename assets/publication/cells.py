"""CSV that a spreadsheet shows as it was meant: text stays text, whatever it begins with.

Belongs here: writing one CSV file. Does not belong here: which rows or columns.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from datetime import date
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

FORMULA_STARTS = "=+-@\t\r\n⁺⁼₊₌⩵⩶﬩﹢﹣﹦﹫＋－＝＠"
"""What a spreadsheet takes a formula by, and every character that is one of those in another width or place."""


class _Unkept:
    """A file that keeps nothing: what a CSV writer writes to it, the writer gives back."""

    @staticmethod
    def write(text: str) -> str:
        """The text."""
        return text


_line = csv.writer(_Unkept(), lineterminator="\n").writerow


def write_frame(path: Path, frame: pd.DataFrame, labels: pd.DataFrame, days: Collection[str]) -> int:
    """Writes UTF-8 CSV and returns how many rows there were: ``days`` without a time, labels where there are any."""
    columns = []
    for name in frame.columns.tolist():
        made = cells(frame[name], is_day=name in days)
        if name in labels:
            marks = labels[name]
            made[marks.notna().to_numpy()] = cells(marks.dropna())
        columns.append(made.tolist())
    return _write(path, frame.columns.tolist(), columns)


def _write(path: Path, header: Sequence[str], columns: Sequence[Sequence[str]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_line(header))
        file.write("\n".join([*map(",".join, zip(*columns, strict=True)), ""]))
    return len(columns[0]) if columns else 0


def cells(values: pd.Series, *, is_day: bool = False) -> npt.NDArray[np.object_]:
    """A column as cells, each distinct value made one once; numbers with a fraction are told apart by their bits."""
    distinct: Any
    if pd.api.types.is_float_dtype(values):
        places, bits = pd.factorize(values.to_numpy(np.float64).view(np.int64))
        distinct = bits.view(np.float64).tolist()
    else:
        places, distinct = pd.factorize(values, use_na_sentinel=False)
    return np.array([quoted(value) for value in (distinct.date if is_day else distinct)], dtype=object)[places]


def quoted(value: object) -> str:
    """The value as a cell as it stands in the file, in quotes where it needs them."""
    line: str = _line((cell(value), ""))
    return line.removesuffix(",\n")


def cell(value: object) -> str:
    """The value as a cell: ISO dates, ``true``, ``false``, nothing for what is missing, text safe in a spreadsheet."""
    if isinstance(value, str):
        return safe_text(value)
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value).lower()
    if isnan(value) if isinstance(value, float) else pd.isna(value):  # type: ignore[call-overload]  # no plain objects
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def safe_text(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula."""
    return "'" + text if text[:1] and text[0] in FORMULA_STARTS else text
