"""Instants, days, months and the two statistics of the KPI dictionary's conventions, in plain Python.

Belongs here: reading an instant, the program's calendar, exact quantiles and rates. Does not belong here: any KPI.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)?)?",
)
DAY = timedelta(days=1)
Number = int | Decimal | Fraction


def instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant in UTC; ValueError where the text is none. A bare date is its midnight in ``zone``."""
    match = INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(f"not an instant: {text}")
    day, clock, seconds, fraction, offset = match.groups()
    naive = datetime.fromisoformat(f"{day}T{clock or '00:00'}:{seconds or '00'}")
    naive = naive.replace(microsecond=int((fraction or "0").ljust(6, "0")))
    if offset is None:
        return naive.replace(tzinfo=zone).astimezone(UTC)
    if offset == "Z":
        return naive.replace(tzinfo=UTC)
    sign = -1 if offset[0] == "-" else 1
    shift = sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return naive.replace(tzinfo=timezone(shift)).astimezone(UTC)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The day's midnight in that zone, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of the day in that zone, in UTC."""
    return datetime.combine(day, time.max, zone).astimezone(UTC)


def day_of(value: str | date) -> date:
    """A day of ``program.yaml``; ``YYYY-MM`` is the month's 1st."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value if len(value) == 10 else f"{value}-01")


def month_of(day: date) -> date:
    """The month that the day is in, as its 1st."""
    return day.replace(day=1)


def month_after(month: date, count: int = 1) -> date:
    """The 1st of the month ``count`` months later (earlier where negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months(first: date, last: date) -> Iterator[date]:
    """The 1st of every month from that of ``first`` to that of ``last``."""
    month = month_of(first)
    while month <= last:
        yield month
        month = month_after(month)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    day = first
    while day <= last:
        yield day
        day += DAY


def rate(numerator: Number, denominator: Number | None) -> Fraction | None:
    """A fraction; None where the denominator is 0 or unknown."""
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def quantile(values: Iterable[Number], share: Fraction) -> Fraction | None:
    """Continuous quantile with linear interpolation (Hyndman & Fan 1996, type 7); None of nothing."""
    ordered: Sequence[Fraction] = sorted(Fraction(value) for value in values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Iterable[Number]) -> Fraction | None:
    """The quantile at one half."""
    return quantile(values, Fraction(1, 2))
