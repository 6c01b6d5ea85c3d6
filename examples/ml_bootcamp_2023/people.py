"""600 invented applicants, and the 120 of them who became members.

Belongs here: who got how far in the selection, and when. Does not belong here: what members did then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from examples.coursera import Learner
from examples.ml_bootcamp_2023.plan import APPLIED_DAYS, APPLIED_FROM, CELL, CHANNELS, DAY, TEST_PASSED
from examples.names import Name, every_name

APPLICANTS = APPLIED_DAYS * len(CHANNELS) * CELL


@dataclass(frozen=True)
class Applicant:
    """Somebody who applied: the ``place``-th of those of one day and channel, which decides how far they get."""

    name: Name
    email: str
    applied_at: datetime
    channel: str
    day: int
    place: int

    @property
    def is_member(self) -> bool:
        """Whether they were accepted and came."""
        return self.place < TEST_PASSED - 1


@dataclass(frozen=True)
class Member:
    """Somebody in the bootcamp, and the name they compete under."""

    member: str
    name: Name
    email: str
    learner: Learner
    kaggle: str


def applicants(rng: random.Random) -> list[Applicant]:
    """Everybody, in the order of applying."""
    names = rng.sample(every_name(), APPLICANTS)
    found = []
    for at, name in enumerate(names):
        day = at % APPLIED_DAYS
        moment = datetime.combine(APPLIED_FROM + day * DAY, time()) + timedelta(seconds=rng.randrange(86_400))
        channel = CHANNELS[at // APPLIED_DAYS % len(CHANNELS)]
        place = at // (APPLIED_DAYS * len(CHANNELS))
        found.append(Applicant(name, f"{name.slug}@example.org", moment, channel, day, place))
    return sorted(found, key=lambda applicant: (applicant.applied_at, applicant.email))


def members(people: list[Applicant]) -> list[Member]:
    """Those accepted, by member."""
    return [
        Member(f"k{number:03d}", person.name, person.email, Learner(person.name, person.email), _handle(person, number))
        for number, person in enumerate((person for person in people if person.is_member), 1)
    ]


def _handle(person: Applicant, number: int) -> str:
    return f"{person.name.first}{person.name.last.lower()}{number}"
