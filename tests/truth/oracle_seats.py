"""The seat's history as a state machine, and what is counted of it: kpi.adoption and kpi.seats.

Belongs here: invitations, seats, holdings. Does not belong here: learning, reviews.

Readings chosen:
- `expired`, `withdrawn` and `declined` need an *open* invitation: an expired one can only be continued;
- an invitation that is withdrawn later was open until then (kpi.seats), though kpi.adoption never counts it;
- kpi.seats has rows from the earlier of a pool's first capacity date and first event, one that fits
  no state included;
- a snapshot that names another `invited_at` or `accepted_at` than the ones before tells of that event, whatever its
  status; without the column its status does, at the export; what is gone by an export was reclaimed then if it had been
  accepted, withdrawn if not; a first snapshot of a removed seat without dates explains nothing;
- one exported after `as_of` counts by the days that it tells of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from .oracle_calendar import DAY, day_of, days, median, month_end, month_of, months, rate
from .oracle_slices import Roster, by_slice
from .oracle_staging import Row, World

ORDER = {
    "reclaimed": 0,
    "returned": 0,
    "invited": 1,
    "expired": 2,
    "withdrawn": 2,
    "declined": 2,
    "accepted": 3,
}


@dataclass
class Invitation:
    """One seat of a pool offered to one person; ``log`` is its state from a day on, ``sent`` when and to what name."""

    person: str
    member: str | None
    pool: str
    sent_on: date
    accepted_on: date | None = None
    log: list[tuple[date, str]] = field(default_factory=list)
    sent: list[tuple[date, str]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """open, expired, declined, withdrawn or accepted."""
        return self.log[-1][1]

    def state_on(self, day: date) -> str | None:
        """The state at the end of the day; None before it was sent."""
        return next((state for on, state in reversed(self.log) if on <= day), None)


@dataclass
class Seat:
    """A seat held from ``held_from``, no longer on ``held_before``."""

    person: str
    member: str | None
    pool: str
    held_from: date
    held_before: date | None = None
    ended_by: str | None = None

    def held_on(self, day: date) -> bool:
        """Whether it was held on the day."""
        return self.held_from <= day and (self.held_before is None or self.held_before > day)


def _by_seat(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows by person and pool; who is unknown is the name as written."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        person = row["member_id"] if row["member_id"] is not None else f"name:{row['member']}"
        found[person, row["pool"]].append(row)
    return found


def between(snapshots: list[Row]) -> Iterator[Row]:
    """The events that explain how one seat's snapshots differ."""
    status, known = "unknown", {"invited_at": None, "accepted_at": None}
    for row in sorted(snapshots, key=lambda row: row["exported_at"]):
        events = []
        for event, column, state in (("invited", "invited_at", "invited"), ("accepted", "accepted_at", "active")):
            if row.get(column) is not None and row[column] != known[column]:
                events.append({**row, "event": event, "occurred_at": row[column]})
            elif row.get(column) is None and row["status"] == state != status:
                events.append({**row, "event": event, "occurred_at": row["exported_at"]})
            known[column] = row.get(column) or known[column]
        if row["status"] == "removed" and (events or status in ("invited", "active")):
            taken = status == "active" or "accepted" in [one["event"] for one in events]
            event = "reclaimed" if taken else "withdrawn"
            events.append({**row, "event": event, "occurred_at": row["exported_at"]})
        status = row["status"]
        yield from events


class Seats:
    """Every invitation and seat by `as_of`."""

    def __init__(self, world: World, roster: Roster) -> None:
        self.world, self.roster = world, roster
        self.invitations: list[Invitation] = []
        self.seats: list[Seat] = []
        self.first_event: dict[str, date] = {}
        histories = _by_seat(world.counted("seat_events", "occurred_at"))
        for seat, snapshots in _by_seat(world.named("seat_snapshots")).items():
            derived = ({**row, "on": world.day(row["occurred_at"])} for row in between(snapshots))
            histories[seat] += [row for row in derived if row["on"] <= world.as_of]
        for (person, pool), events in histories.items():
            self._play(person, pool, sorted(events, key=lambda row: (row["occurred_at"], ORDER[row["event"]])))

    def _play(self, person: str, pool: str, events: list[Row]) -> None:
        offer: Invitation | None = None
        seat: Seat | None = None
        for row in events:
            event, on, member = row["event"], row["on"], row["member_id"]
            standing = offer is not None and offer.state in ("open", "expired")
            if event in ("invited", "accepted") and seat is None:
                if offer is None or not standing:
                    offer = Invitation(person, member, pool, on)
                    self.invitations.append(offer)
                if event == "invited":
                    offer.log.append((on, "open"))
                    offer.sent.append((on, row["member"]))
                else:
                    offer.accepted_on = on
                    offer.log.append((on, "accepted"))
                    seat = Seat(person, member, pool, on)
                    self.seats.append(seat)
            elif event in ("reclaimed", "returned") and seat is not None:
                seat.held_before, seat.ended_by = on, event
                seat = None
            elif event in ("expired", "withdrawn", "declined") and offer is not None and offer.state == "open":
                offer.log.append((on, event))
            self.first_event[pool] = min(on, self.first_event.get(pool, on))

    @cached_property
    def of_members(self) -> list[Seat]:
        """Seats of persons who are known."""
        return [seat for seat in self.seats if seat.member is not None]

    @cached_property
    def held_days(self) -> dict[str, set[date]]:
        """The days by `as_of` on which a member holds any seat."""
        held: dict[str, set[date]] = defaultdict(set)
        for seat in self.of_members:
            last = seat.held_before - DAY if seat.held_before else self.world.as_of
            held[seat.member or ""].update(days(seat.held_from, last))
        return held

    def capacity(self, pool: str, day: date) -> int | None:
        """Seats bought of the pool on the day; None where nothing is configured."""
        steps = [
            (day_of(s["from"]), s["capacity"]) for s in self.world.case.settings.get("seats", []) if s["pool"] == pool
        ]
        begun = [step for step in steps if step[0] <= day]
        return max(begun)[1] if begun else None


def adoption(seats: Seats, active_days: dict[str, set[date]]) -> list[Row]:
    """kpi.adoption."""
    as_of = seats.world.as_of
    since = seats.world.case.since
    counted = [
        offer for offer in seats.invitations
        if offer.state != "withdrawn" and (since is None or offer.sent_on >= since)
    ]  # fmt: skip
    rows: list[Row] = []
    if not counted:
        return rows
    places = {id(offer): seats.roster.slices(offer.member, offer.sent_on) for offer in counted}
    for month in months(min(offer.sent_on for offer in counted), as_of):
        end = min(month_end(month), as_of)
        sent = [(offer, places[id(offer)]) for offer in counted if offer.sent_on <= end]
        for (slice_by, slice_), offers in by_slice(sent):
            taken = [(offer, offer.accepted_on) for offer in offers if offer.accepted_on and offer.accepted_on <= end]
            activated = sum(any(on <= day <= end for day in active_days.get(o.member or "", ())) for o, on in taken)
            rows.append(
                {
                    "month": month,
                    "slice_by": slice_by,
                    "slice": slice_,
                    "invited": len(offers),
                    "accepted": len(taken),
                    "adoption_rate": rate(len(taken), len(offers)),
                    "activated": activated,
                    "activation_rate": rate(activated, len(taken)),
                    "median_days_to_accept": median((on - offer.sent_on).days for offer, on in taken),
                }
            )
    return rows


def open_invitations(seats: Seats) -> list[Row]:
    """ops.open_invitations."""
    return [
        {
            "pool": offer.pool,
            "value": offer.sent[-1][1],
            "member_id": offer.member,
            "invited_on": offer.sent_on,
            "days_open": (seats.world.as_of - offer.sent_on).days,
            "times_sent": len(offer.sent),
            "last_sent_on": offer.sent[-1][0],
        }
        for offer in seats.invitations
        if offer.state == "open"
    ]


def seats_by_month(seats: Seats) -> list[Row]:
    """kpi.seats."""
    as_of = seats.world.as_of
    first = dict(seats.first_event)
    for step in seats.world.case.settings.get("seats", []):
        begins = day_of(step["from"])
        first[step["pool"]] = min(begins, first.get(step["pool"], begins))
    rows = []
    for pool, begins in first.items():
        held = [seat for seat in seats.seats if seat.pool == pool]
        offers = [offer for offer in seats.invitations if offer.pool == pool]
        for month in months(begins, as_of):
            rows.append({"month": month, "pool": pool, **_month(seats, pool, month, held, offers)})
    return rows


def _month(seats: Seats, pool: str, month: date, held: list[Seat], offers: list[Invitation]) -> dict[str, Any]:
    end = min(month_end(month), seats.world.as_of)
    capacity = seats.capacity(pool, end)
    ended = [seat.ended_by for seat in held if seat.held_before and month_of(seat.held_before) == month]
    held_end = sum(seat.held_on(end) for seat in held)
    open_ = sum(offer.state_on(end) == "open" for offer in offers)
    return {
        "capacity": capacity,
        "held_start": sum(seat.held_on(month - DAY) for seat in held),
        "accepted": sum(month_of(seat.held_from) == month for seat in held),
        "reclaimed": ended.count("reclaimed"),
        "returned": ended.count("returned"),
        "held_end": held_end,
        "peak_held": max(sum(seat.held_on(day) for seat in held) for day in days(month, end)),
        "invited_open": open_,
        "idle": None if capacity is None else capacity - held_end - open_,
        "utilization": rate(held_end, capacity),
    }
