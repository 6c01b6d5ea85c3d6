"""The tables of ``doings`` as facts: who did what at which moment in Seoul, as corrected or as first told.

Belongs here: reading the tables. Does not belong here: figures; how exports write the facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from . import doings
from .people import EXCLUDED, day, lines, moment

AS_OF = date(2025, 3, 20)
EVENTS = {
    "inv": "invited",
    "acc": "accepted",
    "dec": "declined",
    "wit": "withdrawn",
    "exp": "expired",
    "rec": "reclaimed",
    "ret": "returned",
}


@dataclass(frozen=True)
class SeatEvent:
    person: str
    pool: str
    event: str
    at: datetime


@dataclass(frozen=True)
class Learned:
    """One event of learning; two that are alike are two. ``xp`` and ``minutes`` as written."""

    person: str
    at: datetime
    course: str
    xp: str
    minutes: str


@dataclass(frozen=True)
class Completed:
    person: str
    course: str
    at: datetime
    started: date | None


@dataclass(frozen=True)
class Session:
    name: str
    kind: str
    at: datetime
    minutes: int
    attended: dict[str, int | None]
    registered: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Everything, that after ``AS_OF`` and that of strangers and the test account included."""

    seats: tuple[SeatEvent, ...]
    learning: tuple[Learned, ...]

    @cached_property
    def learned(self) -> dict[str, list[tuple[datetime, str, Fraction, Fraction]]]:
        """What counts: by person in order, up to the day; neither strangers nor the test account."""
        found: dict[str, list[tuple[datetime, str, Fraction, Fraction]]] = {}
        for one in sorted(self.learning, key=lambda one: (one.person, one.at)):
            if one.at.date() <= AS_OF and one.person not in (doings.STRANGER, EXCLUDED):
                amounts = Fraction(one.xp), Fraction(one.minutes or "0")
                found.setdefault(one.person, []).append((one.at, one.course, *amounts))
        return found


def corrected() -> Facts:
    """What happened."""
    return Facts(tuple(_seats(doings.SEATS)), tuple(_learning()))


def mistaken() -> Facts:
    """What the first versions of November's export and of the seat log say."""
    too_many, missing = (set(_seats(table)) for table in (doings.SEATS_TOO_MANY, doings.SEATS_MISSING))
    seats = [one for one in _seats(doings.SEATS) if one not in missing]
    wrong = {(person, moment(at, "")): xp for person, at, xp in doings.LEARNING_WRONG}
    learning = [
        Learned(one.person, one.at, one.course, wrong.get((one.person, one.at), one.xp), one.minutes)
        for one in (*_learning(), *_beside(doings.LEARNING_TOO_MANY))
    ]
    return Facts((*seats, *too_many), tuple(learning))


def _seats(table: str) -> Iterator[SeatEvent]:
    for person, pool, *events in lines(table):
        for code, at in zip(events[::2], events[1::2], strict=True):
            yield SeatEvent(person, pool, EVENTS[code], moment(at, "09:00" if code == "inv" else "14:00"))


def _learning() -> Iterator[Learned]:
    for person, habit, *amounts in lines(doings.LEARNING):
        days, hour, times, course, minutes = doings.HABITS[habit]
        for month, xp in zip(doings.MONTHS, amounts, strict=True):
            for number in days if xp != "-" else ():
                if (month, number) > ("02", 28) and month == "02":
                    continue
                at = moment(f"{month}-{number}", hour)
                taken = doings.COURSE_OF[month] if course == "*" else course
                yield from [Learned(person, at, taken, xp, minutes)] * times
    yield from _beside(doings.LEARNING_BESIDE)


def _beside(table: str) -> Iterator[Learned]:
    for person, at, course, xp in lines(table):
        yield Learned(person, moment(at, ""), course, xp, "")


def completions() -> list[Completed]:
    """Every completion, those after ``AS_OF`` included."""
    found = []
    for line in doings.COMPLETED.splitlines()[1:]:
        what, _, who = line.rpartition(": ")
        course, at, start = what.split()
        started = None if start == "-" else day(start)
        found += [Completed(person, course, moment(at, "16:00"), started) for person in who.split()]
    return found


def sessions() -> list[Session]:
    """Every session with who came and who only registered."""
    found = []
    for line in doings.SESSIONS.splitlines()[1:]:
        what, _, who = line.partition(": ")
        name, kind, at, minutes = what.split()
        came, _, registered = who.partition(" /")
        attended = {}
        for one in came.split():
            person, _, rating = one.partition("/")
            attended[person] = int(rating) if rating else None
        found.append(Session(name, kind, moment(at, ""), int(minutes), attended, tuple(registered.split())))
    return found
