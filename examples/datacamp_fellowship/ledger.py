"""The seat ledger as it grows: who was invited, accepted, gave back, lost a seat.

Belongs here: a seat's events and what they mean for a person. Does not belong here: when operators act (``season``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from examples.datacamp_fellowship.dates import capacity
from examples.datacamp_fellowship.people import Person


class SeatEvent(NamedTuple):
    """A row of the ledger."""

    occurred_at: datetime
    member: str
    event: str


class SeatLedger:
    """Events in order, and who holds or is offered a seat now."""

    def __init__(self) -> None:
        """Nobody has a seat."""
        self.events: list[SeatEvent] = []
        self.holders: dict[int, Person] = {}
        self.invited: dict[int, Person] = {}
        self._members = 0

    def free(self, day: date, planned: int | None = None) -> int:
        """Seats neither held nor offered, of those there are on that day or of ``planned``."""
        return (capacity(day) if planned is None else planned) - len(self.holders) - len(self.invited)

    def note(self, person: Person, event: str, occurred_at: datetime) -> None:
        """Writes the event down."""
        self.events.append(SeatEvent(occurred_at, person.seat_email, event))

    def invite(self, person: Person, occurred_at: datetime) -> None:
        """Offers a seat; the first time makes the person a member."""
        if not person.member:
            self._members += 1
            person.member = f"m{self._members:03d}"
        self.invited[person.user_id] = person
        self.note(person, "invited", occurred_at)

    def accept(self, person: Person, occurred_at: datetime) -> None:
        """The person takes the seat."""
        del self.invited[person.user_id]
        self.holders[person.user_id] = person
        person.held.append((occurred_at.date(), None))
        person.registered_at = person.registered_at or occurred_at
        self.note(person, "accepted", occurred_at)

    def close(self, person: Person, event: str, occurred_at: datetime) -> None:
        """The offer ends: declined, expired or withdrawn."""
        del self.invited[person.user_id]
        self.note(person, event, occurred_at)

    def end(self, person: Person, event: str, occurred_at: datetime) -> None:
        """The seat ends: reclaimed or returned."""
        del self.holders[person.user_id]
        since, _ = person.held[-1]
        person.held[-1] = (since, occurred_at.date())
        self.note(person, event, occurred_at)
