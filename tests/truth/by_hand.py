"""Cases written by hand, and rows looked up in what they give.

Belongs here: what several tests of the oracle share. Does not belong here: any expectation.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from .oracle_staging import Case, File, Row, TextRow


def case(settings: dict[str, Any] | None = None, as_of: date | None = None, **sources: list[TextRow]) -> Case:
    """A case of one file per source."""
    files: dict[str, tuple[File, ...]] = {source: (File(tuple(rows)),) for source, rows in sources.items()}
    return Case("by hand", settings or {}, files, as_of)


def picked(rows: list[Row], **where: Any) -> list[Row]:
    """The rows with those values."""
    return [row for row in rows if all(row[column] == value for column, value in where.items())]


def one(rows: list[Row], **where: Any) -> Row:
    """The only row with those values."""
    (row,) = picked(rows, **where)
    return row
