"""Chance, days and instants of a generated program: on the edges more often than not.

Belongs here: drawing single values. Does not belong here: rows of any source (``generate_program``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from .oracle_calendar import DAY, day_of, month_after, month_end, months

T = TypeVar("T")
ZONES = ("Asia/Seoul", "Asia/Seoul", "Europe/London", "America/New_York", "UTC", "Asia/Kolkata", "America/Sao_Paulo")
FIRST_MONTHS = ("2020-01", "2023-12", "2024-02", "2021-02", "2022-10", "2023-03", "2018-10", "2022-08")
CLOCKS = ("00:00:00", "00:00:00", "23:59:59", "23:59:59", "23:59:59.999999", "12:00", "09:30:15.5", "")
OFFSETS = ("Z", "+09:00", "-05:00", "+05:30", "-12:00", "+14:00")


class Draw:
    """What chance decides of one seed; every call moves it on."""

    def __init__(self, seed: int, like: int | None = None) -> None:
        self.rng = Random(seed)
        self.zone = ZoneInfo(self.pick(ZONES))
        self.first = day_of(self.pick(FIRST_MONTHS))
        self.last = month_end(month_after(self.first, self.rng.randint(1, 3)))
        if like is not None:
            other = Draw(like)
            self.zone, self.first, self.last = other.zone, other.first, other.last

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return self.rng.choice(choices)

    def chance(self, share: float) -> bool:
        """True that often."""
        return self.rng.random() < share

    def day(self) -> date:
        """A day of the program, on an edge of a month more often than not."""
        month = self.pick(list(months(self.first, self.last)))
        edges = (month, month + DAY, month_end(month), month_end(month) - DAY)
        return self.pick(edges) if self.chance(0.5) else self.first + timedelta(self.rng.randint(-3, self.span + 3))

    def late(self) -> date:
        """A day of the second half of the program."""
        return self.first + timedelta(self.rng.randint(self.span // 2, self.span))

    @property
    def span(self) -> int:
        """Days of the program."""
        return (self.last - self.first).days

    def stamp(self, day: date) -> str:
        """An instant of the local day as text: bare, local, in UTC or with another offset."""
        clock = self.pick(CLOCKS)
        if not clock:
            return day.isoformat()
        style = self.rng.random()
        if style < 0.4:
            return f"{day}{self.pick('T ')}{clock}"
        local = datetime.combine(day, time.fromisoformat(clock), self.zone).astimezone(UTC)
        offset = self.pick(OFFSETS)
        if offset == "Z":
            return local.replace(tzinfo=None).isoformat() + "Z"
        shift = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[4:]))
        return local.astimezone(timezone(shift)).replace(tzinfo=None).isoformat() + offset
