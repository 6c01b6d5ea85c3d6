"""Seats by hand: invitations and holdings, ``kpi.seats``, ``kpi.adoption``, ``kpi.engagement``.

Belongs here: what events make of a seat. Does not belong here: reviews (``reviews``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from .calendar import DAY, MONTHS, PERSONS, Line, last_day, line, quantile, rate, sliced
from .doings import CAPACITIES
from .facts import AS_OF, Facts, SeatEvent
from .people import day

FIRST_AT_ONE_INSTANT = ("reclaimed", "returned", "invited", "expired", "withdrawn", "declined", "accepted")
SHARE = 10
"""The rotation budget is a tenth of the seats."""

TERMS = [(date(2024, 9, 1), date(2025, 1, 31)), (date(2025, 2, 1), date(2025, 8, 31))]


@dataclass
class Invitation:
    """From the first sending to the end of the seat, if it comes to one."""

    person: str
    pool: str
    sent: date
    accepted: date | None = None
    ended: date | None = None
    how: str = ""
    is_withdrawn: bool = False

    def is_held(self, on: date) -> bool:
        return self.accepted is not None and self.accepted <= on and (self.ended is None or self.ended > on)


@dataclass
class Story:
    """What happened to one person's seats of one pool. ``state``: none, open, expired or held."""

    invitations: list[Invitation] = field(default_factory=list)
    state: str = "none"

    def take(self, one: SeatEvent) -> None:
        on = one.at.date()
        if one.event == "invited" and self.state in ("none", "open", "expired"):
            if self.state == "none":
                self.invitations.append(Invitation(one.person, one.pool, on))
            self.state = "open"
        elif one.event == "accepted" and self.state != "held":
            if self.state == "none":
                self.invitations.append(Invitation(one.person, one.pool, on))
            self.invitations[-1].accepted, self.state = on, "held"
        elif one.event in ("reclaimed", "returned") and self.state == "held":
            self.invitations[-1].ended, self.invitations[-1].how, self.state = on, one.event, "none"
        elif one.event in ("declined", "withdrawn") and self.state == "open":
            self.invitations[-1].is_withdrawn, self.state = one.event == "withdrawn", "none"
        elif one.event == "expired" and self.state == "open":
            self.state = "expired"


def stories(facts: Facts, until: date = AS_OF) -> dict[tuple[str, str], Story]:
    """By person and pool, as things stood at the end of that day."""
    found: dict[tuple[str, str], Story] = defaultdict(Story)
    for one in sorted(facts.seats, key=lambda one: (one.at, FIRST_AT_ONE_INSTANT.index(one.event))):
        if one.at.date() <= until:
            found[one.person, one.pool].take(one)
    return found


def invitations(facts: Facts) -> list[Invitation]:
    return [one for story in stories(facts).values() for one in story.invitations]


def capacity(pool: str, on: date) -> int | None:
    """The last that began by then."""
    begun = [(day(start), seats) for name, start, seats in CAPACITIES if name == pool and day(start) <= on]
    return max(begun)[1] if begun else None


def rotations(pool: str, month: date, until: date, found: Iterable[Invitation]) -> tuple[int, int]:
    """Reclaims of the month's term up to a day, and how many more there may be; negative: too many."""
    begins = next(begin for begin, end in TERMS if begin <= month <= end)
    used = sum(
        1 for one in found if one.pool == pool and one.how == "reclaimed" and one.ended and begins <= one.ended <= until
    )
    return used, (capacity(pool, month) or 0) // SHARE - used


def seats(facts: Facts) -> Iterator[Line]:
    """``kpi.seats``."""
    for pool in ("datacamp", "coursera"):
        found = [one for one in invitations(facts) if one.pool == pool]
        begins = min(day(start) for name, start, _ in CAPACITIES if name == pool)
        for month in (month for month in MONTHS if month >= begins):
            end, bought = last_day(month), capacity(pool, last_day(month))
            held = sum(one.is_held(end) for one in found)
            days = [month + number * DAY for number in range((end - month).days + 1)]
            open_ = sum(story.state == "open" for (_, name), story in stories(facts, end).items() if name == pool)
            used, left = rotations(pool, month, end, found)
            ended = [one.how for one in found if one.ended and month <= one.ended <= end]
            yield line(
                ("month", "pool"),
                (month, pool),
                capacity=bought,
                held_start=sum(one.is_held(month - DAY) for one in found),
                accepted=sum(one.accepted is not None and month <= one.accepted <= end for one in found),
                reclaimed=ended.count("reclaimed"),
                returned=ended.count("returned"),
                held_end=held,
                peak_held=max(sum(one.is_held(on) for one in found) for on in days),
                invited_open=open_,
                idle=(bought or 0) - held - open_,
                utilization=rate(held, bought or 0),
                rotations_used=used,
                rotations_left=left,
            )


def adoption(facts: Facts) -> Iterator[Line]:
    """``kpi.adoption``: invitations so far, those withdrawn unanswered in no month."""
    days = learning_days(facts)
    counted = [one for one in invitations(facts) if not one.is_withdrawn]
    for month in MONTHS:
        end = last_day(month)
        so_far = [(one.person, one.sent, one) for one in counted if one.sent <= end]
        for where, found in sliced(so_far).items():
            accepted = [one for one in found if one.accepted and one.accepted <= end]
            activated = sum(any(one.accepted <= on <= end for on in days.get(one.person, ())) for one in accepted)
            yield line(
                ("month",),
                (month,),
                where,
                invited=len(found),
                accepted=len(accepted),
                adoption_rate=rate(len(accepted), len(found)),
                activated=activated,
                activation_rate=rate(activated, len(accepted)),
                median_days_to_accept=quantile((one.accepted - one.sent).days for one in accepted),
            )


def learning_days(facts: Facts) -> dict[str, set[date]]:
    """The days on which persons learned."""
    return {person: {at.date() for at, *_ in events} for person, events in facts.learned.items()}


def held_days(facts: Facts) -> dict[str, list[Invitation]]:
    """The seats that members ever held, of any pool."""
    found = defaultdict(list)
    for one in invitations(facts):
        if one.accepted and one.person in PERSONS:
            found[one.person].append(one)
    return found


def engagement(facts: Facts) -> Iterator[Line]:
    """``kpi.engagement``: every day from the first seat on."""
    held, days = held_days(facts), learning_days(facts)
    in_seat = {
        person: [on for on in days.get(person, ()) if any(one.is_held(on) for one in found)]
        for person, found in held.items()
    }
    on = min(one.accepted for found in held.values() for one in found if one.accepted)
    while on <= AS_OF:
        holders = [(person, on, person) for person, found in held.items() if any(one.is_held(on) for one in found)]
        for where, persons in sliced(holders).items():
            active = {
                width: sum(any(on - width * DAY < seen <= on for seen in in_seat[person]) for person in persons)
                for width in (1, 7, 30)
            }
            yield line(
                ("day",),
                (on,),
                where,
                holders=len(persons),
                active=active[30],
                engagement_rate=rate(active[30], len(persons)),
                active_1d=active[1],
                active_7d=active[7],
                stickiness=rate(active[1], active[30]),
            )
        on += DAY
