"""ops.at_risk: what the next review and the next mission still ask of those who hold a seat.

Belongs here: demands, pace, risk. Does not belong here: reviews themselves, missions themselves.

Readings chosen:
- the next review is that of the month after `as_of`'s, by the roster row in force on the month's last day;
- of several seats of one member that which asks for most; one that the review would exempt asks for nothing;
- who never learned has not done so for 14 days either;
- how fast somebody is with a mission is not decided by the dictionary: the risk is given only of those without one.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from .oracle_calendar import month_after, month_end, month_of
from .oracle_missions import Missions, Result
from .oracle_reviews import Reviews
from .oracle_seats import Seat
from .oracle_slices import NONE
from .oracle_staging import Row

RECENT = 28
QUIET = 14


class Demand(NamedTuple):
    """What a review asks of a member."""

    xp: Fraction | None
    active_days: int


def at_risk(reviews: Reviews, missions: Missions) -> list[Row]:
    """ops.at_risk, without the words of `missing`."""
    world, learning = reviews.world, reviews.learning
    month, end = month_of(world.as_of), month_end(world.as_of)
    left = (end - world.as_of).days
    held: dict[str, list[Seat]] = {}
    for seat in reviews.seats.of_members:
        if seat.held_on(world.as_of):
            held.setdefault(seat.member or "", []).append(seat)
    rows = []
    for member, seats in held.items():
        demands = [found for seat in seats if (found := _demand(reviews, seat, month)) is not None]
        xp_needed = max((demand.xp for demand in demands if demand.xp is not None), default=None)
        days_needed = max((demand.active_days for demand in demands), default=None)
        xp, days = learning.amount("xp", member, month), learning.active_days(member, month)
        active, period = learning.days.get(member, set()), reviews.seats.roster.on(member, world.as_of)
        since = (world.as_of - max(active)).days if active else None
        mission = _next(missions, member)
        row = {
            "member_id": member,
            "study_mode": (period.study_mode if period else None) or NONE,
            "study_group": (period.study_group if period else None) or NONE,
            "days_since_activity": since,
            "xp_month_to_date": xp,
            "xp_needed": xp_needed,
            "days_left": left,
            "next_mission": mission.mission.name if mission else None,
            "next_due": mission.due_at if mission else None,
            "active_days_month_to_date": days,
            "active_days_needed": days_needed,
        }
        if mission is None:
            recent = [row for row in learning.activity if row["member_id"] == member and _is_recent(row, world.as_of)]
            xp_reached = Fraction(xp) + left * Fraction(sum(row.get("xp") or 0 for row in recent)) / RECENT
            days_reached = days + left * Fraction(len({row["on"] for row in recent}), RECENT)
            too_slow = xp_reached < (xp_needed or 0) or days_reached < (days_needed or 0)
            unsafe = xp < (xp_needed or 0) or days < (days_needed or 0) or since is None or since >= QUIET
            row["risk"] = "high" if too_slow else "watch" if unsafe else "none"
        rows.append(row)
    return rows


def _is_recent(row: Row, as_of: date) -> bool:
    return bool((as_of - row["on"]).days < RECENT)


def _demand(reviews: Reviews, seat: Seat, month: date) -> Demand | None:
    """What the review of the month after would ask for; None where it asks for nothing."""
    member, last = seat.member or "", month_end(month)
    period = reviews.seats.roster.on(member, last)
    rule = reviews.rule_for(month_after(month), period.study_mode if period else None)
    roles = reviews.policy.get("exempt", {}).get("roles", [])
    if rule is None or (period is not None and period.role in roles) or reviews.on_leave(member, month, last):
        return None
    first_month: str = rule.get("first_month", "exempt")
    if first_month == "exempt" and seat.held_from >= month:
        return None
    needed: Fraction | None = None if rule.get("minimum_xp") is None else Fraction(rule["minimum_xp"])
    if needed is not None and first_month == "prorated" and seat.held_from > month:
        needed = Fraction(ceil(needed * ((last - seat.held_from).days + 1) / last.day))
    return Demand(needed, rule.get("minimum_active_days", 1))


def _next(missions: Missions, member: str) -> Result | None:
    pending = [r for r in missions.results if r.member == member and r.status == "pending" and r.mission.mandatory]
    return min(pending, key=lambda result: (result.due_at, result.mission.name), default=None)
