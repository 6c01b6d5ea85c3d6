"""How a file writes dates and numbers, as its entry declares it: text → canonical text, or nothing.

Belongs here: declared forms of one column. Does not belong here: forms that a platform always has (``presets``), what
canonical text must be (``rules``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fellowship_pipeline.intake.readers.instants import canonical, spelled

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import ColumnMapping

LEAP_YEAR = 2000
HALF_A_YEAR = timedelta(days=183)
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Notation:
    """The form of a column: the different readings that a text can have, and in words what it must be."""

    readings: Callable[[str], set[str]]
    rule: str

    def read(self, text: str) -> str | None:
        """Canonical text; None where no form fits, or several that say different things."""
        if not text.strip():
            return ""
        found = self.readings(text)
        return found.pop() if len(found) == 1 else None


def notation(mapped: ColumnMapping, typed: bool) -> Notation | None:
    """The form that is declared for a column; None where none is.

    In a ``typed`` file (a workbook, Parquet) dates and numbers that are no text have been read as such and come
    canonical, so that what could be either is no clear reading.
    """
    if mapped.format:
        return _dates(mapped.format, typed) if mapped.year is None else _days(mapped.format)
    if mapped.decimal or mapped.thousands or mapped.percent:
        return _numbers(mapped.decimal or ".", mapped.thousands or "", mapped.percent, typed)
    return None


def _dates(formats: list[str], typed: bool) -> Notation:
    def readings(text: str) -> set[str]:
        found = {read for pattern in formats if (read := spelled(text, pattern))}
        return found | {text.strip()} if typed and canonical(text) else found

    return Notation(readings, f"not a date of the form {' or '.join(formats)}, or of several that differ")


def _days(formats: list[str]) -> Notation:
    """Dates without a year, of a leap year until ``risen`` gives them their own."""

    def readings(text: str) -> set[str]:
        return {read for pattern in formats if (read := spelled(f"{LEAP_YEAR} {text}", f"%Y {pattern}"))}

    return Notation(readings, f"not a date of the form {' or '.join(formats)}, or of several that differ")


def risen(dates: Iterable[str | None], year: int) -> Iterator[str | None]:
    """Dates that ``_days`` has read in their own years, the first in ``year``.

    One more than half a year before the one above it is of the next year.
    """
    above: date | None = None
    for text in dates:
        if not text:
            yield text
            continue
        day = date.fromisoformat(text[:10])
        if above is not None and above - day > HALF_A_YEAR:
            year += 1
        above = day
        yield f"{year:04}{text[4:]}"


def _numbers(point: str, group: str, percent: bool, typed: bool) -> Notation:
    grouped = f"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|" if group else ""
    form = re.compile(f"[+-]?(?:{grouped}[0-9]+)(?:{re.escape(point)}[0-9]+)?")

    def readings(text: str) -> set[str]:
        written = unicodedata.normalize("NFKC", text).strip()
        bare = written.removesuffix("%").rstrip() if percent else written
        found = set()
        if form.fullmatch(bare) and not (percent and typed and bare == written):
            number = bare.replace(group, "").replace(point, ".")
            found.add(format(Decimal(number) / 100, "f") if percent else number)
        if typed and not percent and _PLAIN.fullmatch(written):
            found.add(written)
        return found

    sign = " %" if percent else ""
    return Notation(readings, f"not a number of the form 1{group}234{point}5{sign}, or one that reads two ways")
