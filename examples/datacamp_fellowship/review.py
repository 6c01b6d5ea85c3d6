"""The example's seat review, as its operators carry it out at the start of a month.

Belongs here: the two rules of ``program.yaml``, once more and by hand, so that the exported ledger follows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from examples.datacamp_fellowship.dates import DAY, FIRST_XP_REVIEW, month_of
from examples.datacamp_fellowship.people import Person
from examples.datacamp_fellowship.studying import MINIMUM_XP

LEAVE = "m099"
LEAVE_FROM, LEAVE_TO = date(2022, 3, 1), date(2022, 4, 30)


@dataclass
class Month:
    """What a person did in a calendar month of Seoul."""

    xp: int = 0
    days: set[date] = field(default_factory=set)


Tally = Mapping[tuple[int, date], Month]


def is_judged(person: Person, reviewed: date) -> bool:
    """Whether the rules apply to who held a seat at the end of ``reviewed`` (a month's 1st)."""
    last = _last_day(reviewed)
    stint = person.stint_on(last)
    on_leave = person.member == LEAVE and reviewed <= LEAVE_TO and last >= LEAVE_FROM
    return (
        stint.study_mode == "individual" and stint.role == "learner" and not on_leave and person.held[-1][0] < reviewed
    )


def to_reclaim(holders: Iterable[Person], review: date, tally: Tally) -> list[Person]:
    """Who loses the seat in the review of that month."""
    reviewed = month_of(review - DAY)
    return [
        person
        for person in sorted(holders, key=lambda p: p.member)
        if person.held[-1][0] < review
        and is_judged(person, reviewed)
        and not _suffices(tally.get((person.user_id, reviewed), Month()), review)
    ]


def _suffices(done: Month, review: date) -> bool:
    if review >= FIRST_XP_REVIEW:
        return done.xp >= MINIMUM_XP
    return bool(done.days)


def _last_day(month: date) -> date:
    return (month.replace(day=28) + 4 * DAY).replace(day=1) - DAY
