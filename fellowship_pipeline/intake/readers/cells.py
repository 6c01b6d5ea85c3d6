"""Typed values of workbooks and Parquet as the text that a cell of a CSV would hold.

Belongs here: one text per value, so that equal content gives equal rows whatever the format. Does not belong here: what
a column means.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

EXACT = 10**15
"""From here on a spreadsheet has lost digits; the number stays in exponent form, so that nothing takes it for exact."""

TypedValue = str | int | float | bool | dt.date | dt.time | dt.timedelta


def text_of(cell: TypedValue) -> str:
    """A date as ISO text, numbers as ``number`` has them, true or false; anything else as it is."""
    match cell:
        case float():
            written = repr(cell)
            return written.removesuffix(".0") if abs(cell) < EXACT and "e" not in written else number(written)
        case bool():
            return str(cell).lower()
        case dt.datetime():
            return _to_milliseconds(cell).isoformat()
        case dt.date() | dt.time():
            return cell.isoformat()
        case dt.timedelta():
            return _clock(cell)
    return str(cell)


def _clock(length: dt.timedelta) -> str:
    """Hours, minutes and seconds, however many hours; one below zero stays no length."""
    minutes, seconds = divmod(length, dt.timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    rest = f"{seconds.seconds:02}" + (f".{seconds.microseconds:06}".rstrip("0") if seconds.microseconds else "")
    return f"{hours}:{minutes:02}:{rest}"


def number(written: str) -> str:
    """A floating-point number as plain decimals, a whole one without a point; ``EXACT`` ones in exponent form."""
    value = Decimal(written)
    if not value.is_finite():
        return written
    return format(value, "E") if abs(value) >= EXACT else format(value, "f").removesuffix(".0")


def _to_milliseconds(moment: dt.datetime) -> dt.datetime:
    """A workbook keeps days as a fraction: what is finer than a millisecond is rounding."""
    exact = moment + dt.timedelta(microseconds=500)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)
