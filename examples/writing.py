"""Rows as bytes of a CSV file.

Belongs here: how a file is written. Does not belong here: what stands in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def csv_bytes(
    header: str | Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "utf-8", newline: str = "\n"
) -> bytes:
    """The rows below their header (names, or one text with commas), quoted where needed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=newline)
    writer.writerow(header.split(",") if isinstance(header, str) else header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
