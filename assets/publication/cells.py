"""CSV that a spreadsheet shows as it was meant: text stays text, whatever it begins with.

Belongs here: writing one CSV file. Does not belong here: which rows or columns.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Writes UTF-8 CSV and returns how many rows there were."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([cell(value) for value in row])
            written += 1
    return written


def cell(value: object) -> str:
    """The value as a cell: ISO dates, ``true``, ``false``, nothing for what is missing, text safe in a spreadsheet."""
    if isinstance(value, str):
        return safe_text(value)
    if pd.isna(value):  # type: ignore[call-overload]  # knows no plain objects
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def safe_text(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula, full-width signs included."""
    first = unicodedata.normalize("NFKC", text[:1])
    return "'" + text if first in FORMULA_STARTS else text
