"""Meetings by hand: ``kpi.community`` of months with sessions.

Belongs here: who came and who was expected. Does not belong here: missions that ask for attendance (``missions``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .calendar import MONTHS, PERSONS, Line, ends_before, last_day, line, rate, rows_of
from .facts import AS_OF, Facts, Session, sessions
from .learning import month_of

KINDS = ("clinic", "builder_meeting")


def expected(kind: str, month: date) -> set[str]:
    """Everybody in the program on a day of the month; to the builders' meetings the builders."""
    return {
        person
        for person in PERSONS
        for row in rows_of(person)
        if row.begins <= last_day(month) and ends_before(row) > month
        if kind == "clinic" or row.role == "builder"
    }


def held(month: date, kind: str) -> list[Session]:
    return [one for one in sessions() if one.kind == kind and month_of(one.at) == month and one.at.date() <= AS_OF]


def came(found: list[Session]) -> list[str]:
    """Members who attended, once for each time."""
    return [person for one in found for person in one.attended if person in PERSONS]


def community(_: Facts) -> Iterator[Line]:
    """``kpi.community``."""
    for month in MONTHS:
        for kind in KINDS:
            if not (found := held(month, kind)):
                continue
            members = expected(kind, month)
            there = members & {*came(found)}
            ratings = [mark for one in found for person, mark in one.attended.items() if mark and person in PERSONS]
            yield line(
                ("month", "kind"),
                (month, kind),
                sessions=len(found),
                attendances=len(came(found)),
                unique_members=len({*came(found)}),
                members=len(members),
                expected_attended=len(there),
                attendance_rate=rate(len(there), len(members)),
                mean_rating=rate(sum(ratings), len(ratings)),
                ratings=len(ratings),
                registered=sum(len(one.registered) for one in found),
            )
