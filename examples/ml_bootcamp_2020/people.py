"""3,000 invented applicants, and the 200 of them who became members.

Belongs here: who got how far in the selection, and when. Does not belong here: what members did then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from examples.coursera import Learner
from examples.ml_bootcamp_2020.plan import APPLIED_DAYS, APPLIED_FROM, CELL, CHANNELS, DAY, DOCUMENTS_ON
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
        return self.place < 2

    @property
    def passed_documents(self) -> bool:
        """Members, and those who then declined."""
        return self.is_member or (self.place == 2 and self.day % 5 < 2)

    @property
    def documents_on(self) -> date:
        """The day their documents were judged."""
        if self.is_member:
            return DOCUMENTS_ON[self.place == 1 and self.day % 5 != 2]
        return DOCUMENTS_ON[(self.day + self.place) % 5 != 2]


@dataclass(frozen=True)
class Member:
    """Somebody in the bootcamp, and the other names they go by."""

    member: str
    name: Name
    email: str
    learner: Learner
    discord: str


def applicants(rng: random.Random) -> list[Applicant]:
    """Everybody, in the order of applying; people may share a name."""
    names = every_name()
    rng.shuffle(names)
    found = []
    for at in range(APPLICANTS):
        name, day = names[at % len(names)], at % APPLIED_DAYS
        moment = datetime.combine(APPLIED_FROM + day * DAY, time()) + timedelta(seconds=rng.randrange(86_400))
        email = f"{name.slug}{'' if at < len(names) else 2}@example.org"
        channel = CHANNELS[at // APPLIED_DAYS % len(CHANNELS)]
        found.append(Applicant(name, email, moment, channel, day, at // (APPLIED_DAYS * len(CHANNELS))))
    return sorted(found, key=lambda applicant: (applicant.applied_at, applicant.email))


def members(rng: random.Random, people: list[Applicant]) -> list[Member]:
    """Those accepted, by member; one in twenty learns under another address."""
    found = []
    for number, person in enumerate((person for person in people if person.is_member), 1):
        email = f"{person.name.slug}.study@example.org" if number % 20 == 0 else person.email
        discord = f"{person.name.first}{number}#{rng.randrange(1000, 10_000)}"
        found.append(Member(f"b{number:03d}", person.name, person.email, Learner(person.name, email), discord))
    return found
