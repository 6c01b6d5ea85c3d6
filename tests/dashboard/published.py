"""Published numbers as a reader finds them, by a formatter of its own: what pages say is held against them.

Belongs here: numbers of ``kpi.duckdb`` in words, and numbers found in a text. Does not belong here: any page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Oct|Nov|Dec"
)
DATES = re.compile(rf"\d{{1,2}}\s(?:{MONTHS})(?:\s\d{{4}})?|(?:{MONTHS})\s\d{{4}}|Q\d\s\d{{4}}")
NUMBER = re.compile(r"(?<![\w.,-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?(?![\w-])")


def written(value: float, kind: str) -> str:
    """A number as a table has it: int, rate (a decimal), share (whole percent) or decimal."""
    number = Decimal(str(value))
    if kind in ("rate", "share"):
        digits = "0.1" if kind == "rate" else "1"
        return f"{(number * 100).quantize(Decimal(digits), ROUND_HALF_UP):,}%"
    if kind == "int":
        return f"{number.quantize(Decimal(1), ROUND_HALF_UP):,}"
    said = f"{number.quantize(Decimal('0.1'), ROUND_HALF_UP):,}"
    return said.removesuffix(".0")


def forms(values: Iterable[Any]) -> set[str]:
    """Every way in which these numbers may be written."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    return {written(value, kind) for value in numbers for kind in ("int", "rate", "share", "decimal")}


def numbers_in(text: str, names: Iterable[str] = ()) -> list[str]:
    """The numbers that a text says, without those of dates and of names."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return NUMBER.findall(DATES.sub("", re.sub("“.*?”", "", text)))


class Published:
    """The tables of a published ``kpi.duckdb``."""

    def __init__(self, file: Path) -> None:
        self._con = duckdb.connect(str(file), read_only=True)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows by the names of their columns."""
        found = self._con.sql(query)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def numbers(self, *queries: str) -> set[str]:
        """Every way in which the numbers of these queries may be written."""
        return forms(value for query in queries for row in self.rows(query) for value in row.values())

    def close(self) -> None:
        """Lets the file go."""
        self._con.close()


def cell(value: Any, kind: str) -> str:
    """A published cell as a page writes it; ``?`` where it has no figure."""
    if isinstance(value, date):
        month = f"{value:%b %Y}".replace("Sep ", "Sept ")
        return month if kind == "month" else f"{value.day} {month}"
    return "?" if value is None or value != value else written(value, kind)
