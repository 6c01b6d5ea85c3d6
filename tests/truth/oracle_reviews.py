"""The monthly seat review and what follows from it: ops.seat_reviews, kpi.review_summary, kpi.what_if, ops.seat_offers.

Belongs here: policies of ``review:`` applied to seats and learning. Does not belong here: how seats come about.

Readings chosen:
- `prorated` counts the days from the beginning of the seat under review to the month's end;
- a member without a study mode is judged only by rules without one, and shown as '(none)';
- a leave names its member as any source would (identifier, alias, e-mail);
- a review without any seat to judge leaves no row, in kpi.what_if neither;
- applications without a pool are for the only pool of ``seats``, without ``seats`` for the only one of the events; an
  applicant's latest result is by `decided_at`, over all cohorts and stages;
- where ``seats`` names several, applicants without a pool stand in one line with all others, and at their turn take the
  first pool of ``seats`` with a seat left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from .oracle_calendar import DAY, day_of, days, month_after, month_end, month_of, months, rate
from .oracle_learning import Learning
from .oracle_people import stage_positions
from .oracle_seats import Seat, Seats
from .oracle_slices import NONE
from .oracle_staging import Row, World

GRID = (0, 250, 500, 1000, 1500, 2000, 3000)
Rule = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """A seat under review with its evidence; ``fails`` tells whether it would be lost under a minimum of XP."""

    month: date
    seat: Seat
    member: str
    rule: Rule
    study_mode: str | None
    xp: Decimal
    active_days: int
    last_activity: date | None
    exempt: bool

    def fails(self, minimum_xp: Decimal | None) -> bool:
        """Whether one of the minima is missed; exempt seats never fail."""
        if self.exempt:
            return False
        needed = Fraction(minimum_xp or 0)
        reviewed = month_after(self.month, -1)
        if self.rule.get("first_month") == "prorated" and self.seat.held_from > reviewed:
            last = month_end(reviewed)
            needed = Fraction(ceil(needed * ((last - self.seat.held_from).days + 1) / last.day))
        return self.xp < needed or self.active_days < self.rule.get("minimum_active_days", 1)


class Reviews:
    """Every review that can be made by `as_of`."""

    def __init__(self, seats: Seats, learning: Learning) -> None:
        self.seats, self.learning, self.world = seats, learning, seats.world
        self.policy = self.world.case.settings.get("review", {})
        self.rules: list[Rule] = [{**rule, "from": day_of(rule["from"])} for rule in self.policy.get("rules", [])]
        self.judged = [one for month in self.months() for one in self._judge(month)]
        self.decisions = {(j.month, j.seat.pool, j.member): d for j, d in self._decide()}

    def months(self) -> list[date]:
        """Review months whose month reviewed is over and covered."""
        if not self.rules:
            return []
        return [m for m in self._due() if not any(True for _ in self.missing(m))]

    def _due(self) -> Iterable[date]:
        first = min(rule["from"] for rule in self.rules)
        return (month for month in months(first, self.world.as_of + DAY) if month - DAY <= self.world.as_of)

    def missing(self, month: date) -> Iterable[date]:
        """Days of the month reviewed for which nobody vouches."""
        return (day for day in days(month_after(month, -1), month - DAY) if not self.world.is_covered(day))

    def _judge(self, month: date) -> Iterable[Judged]:
        first, last = month_after(month, -1), month - DAY
        for seat in self.seats.of_members:
            if not seat.held_on(last):
                continue
            member = seat.member or ""
            period = self.seats.roster.on(member, last)
            study_mode = period.study_mode if period else None
            rule = self.rule_for(month, study_mode)
            if rule is None:
                continue
            active = self.learning.days.get(member, set())
            exempt = (
                (period is not None and period.role in self.policy.get("exempt", {}).get("roles", []))
                or self.on_leave(member, first, last)
                or (rule.get("first_month", "exempt") == "exempt" and seat.held_from >= first)
            )
            yield Judged(
                month,
                seat,
                member,
                rule,
                study_mode,
                self.learning.amount("xp", member, first),
                sum(first <= day <= last for day in active),
                max((day for day in active if day <= last), default=None),
                exempt,
            )

    def rule_for(self, month: date, study_mode: str | None) -> Rule | None:
        """The rule of that review month for who studies so."""
        fitting = [r for r in self.rules if r["from"] <= month and r.get("study_mode") in (None, study_mode)]
        return max(fitting, key=lambda rule: rule["from"], default=None)

    def on_leave(self, member: str, first: date, last: date) -> bool:
        """Whether a leave of the member touches those days."""
        for leave in self.policy.get("exempt", {}).get("leave", []):
            begins = day_of(leave["from"]) if leave.get("from") else date.min
            ends = day_of(leave["to"]) if leave.get("to") else date.max
            if self.world.names.resolve_setting(leave["member"]) == member and begins <= last and ends >= first:
                return True
        return False

    def _decide(self) -> Iterable[tuple[Judged, str]]:
        failing: dict[tuple[date, str], list[Judged]] = defaultdict(list)
        for one in self.judged:
            if one.exempt:
                yield one, "exempt"
            elif one.fails(one.rule.get("minimum_xp")):
                failing[one.month, one.seat.pool].append(one)
            else:
                yield one, "keep"
        for (month, pool), losers in failing.items():
            left = self.budget_left(pool, month)
            worst = sorted(losers, key=lambda j: (j.xp, j.last_activity or date.min, j.member))
            for place, one in enumerate(worst):
                yield one, "reclaim" if left is None or place < left else "deferred"

    def budget_left(self, pool: str, month: date) -> int | None:
        """Seats that the review may still take back; None: no limit."""
        budget = self.policy.get("rotation_budget")
        capacity = self.seats.capacity(pool, month)
        if budget is None or capacity is None:
            return None
        for term in budget["terms"]:
            begins, ends = day_of(term["from"]), day_of(term["to"])
            if begins <= month <= ends:
                used = sum(
                    s.pool == pool and s.ended_by == "reclaimed" and begins <= (s.held_before or date.max) < month
                    for s in self.seats.seats
                )
                return max(0, floor(Fraction(str(budget["share"])) * capacity) - used)
        return None


def seat_reviews(reviews: Reviews) -> list[Row]:
    """ops.seat_reviews, without the reason."""
    return [
        {
            "review_month": one.month,
            "member_id": one.member,
            "pool": one.seat.pool,
            "study_mode": one.study_mode or NONE,
            "rule": one.rule["id"],
            "seat_since": one.seat.held_from,
            "xp": one.xp,
            "active_days": one.active_days,
            "last_activity": one.last_activity,
            "decision": reviews.decisions[one.month, one.seat.pool, one.member],
        }
        for one in reviews.judged
    ]


def review_summary(reviews: Reviews) -> list[Row]:
    """kpi.review_summary."""
    groups: dict[tuple[date, str], list[str]] = defaultdict(list)
    for row in seat_reviews(reviews):
        groups[row["review_month"], row["rule"]].append(row["decision"])
    return [
        {
            "review_month": month,
            "rule": rule,
            "reviewed": len(decisions),
            "kept": decisions.count("keep"),
            "reclaimed": decisions.count("reclaim"),
            "exempt": decisions.count("exempt"),
            "reclaim_rate": rate(decisions.count("reclaim"), len(decisions) - decisions.count("exempt")),
        }
        for (month, rule), decisions in groups.items()
    ]


def what_if(reviews: Reviews) -> list[Row]:
    """kpi.what_if."""
    grid = reviews.world.case.settings.get("what_if", {}).get("minimum_xp", GRID)
    by_month: dict[date, list[Judged]] = defaultdict(list)
    for one in reviews.judged:
        by_month[one.month].append(one)
    rows = []
    for month, judged in by_month.items():
        for minimum in sorted(set(grid)):
            lost = sum(one.fails(Decimal(minimum)) for one in judged)
            rows.append(
                {
                    "review_month": month,
                    "minimum_xp": minimum,
                    "reclaimed": lost,
                    "reclaim_rate": rate(lost, sum(not one.exempt for one in judged)),
                }
            )
    return rows


def seat_offers(world: World, seats: Seats, reviews: Reviews) -> list[Row]:
    """ops.seat_offers: applicants come one after another, and each takes a seat where there still is one for them."""
    as_of = world.as_of
    review = max((one.month for one in reviews.judged), default=month_of(as_of))
    configured = list(dict.fromkeys(row["pool"] for row in world.case.settings.get("seats", [])))
    known = configured or sorted(seats.first_event)
    freed = {pool: _freed(pool, review, seats, reviews) for pool in [*known, *seats.first_event]}
    left = {pool: max(0, freed[pool] + _idle(pool, as_of, seats)) for pool in freed}
    places: Counter[str] = Counter()
    rows = []
    for _, applicant, row, pool in _waiting(world, seats, known[0] if len(known) == 1 else None):
        wanted = configured if pool is None else [pool]
        found = next((one for one in wanted if left.get(one)), None)
        if found is None:
            continue
        left[found] -= 1
        places[found] += 1
        reason = "freed_seat" if places[found] <= freed[found] else "idle_seat"
        rows.append(
            {
                "review_month": review,
                "position": places[found],
                "applicant": applicant,
                "member_id": row["member_id"],
                "pool": found,
                "reason": reason + ("" if pool else "+no_pool"),
            }
        )
    return rows


def _freed(pool: str, review: date, seats: Seats, reviews: Reviews) -> int:
    return sum(
        j.month == review
        and j.seat.pool == pool
        and j.seat.held_on(reviews.world.as_of)
        and reviews.decisions[j.month, pool, j.member] == "reclaim"
        for j in reviews.judged
    )


def _idle(pool: str, on: date, seats: Seats) -> int:
    """What is neither held nor offered; nothing where nobody knows how many seats there are."""
    capacity = seats.capacity(pool, on)
    held = sum(s.pool == pool and s.held_on(on) for s in seats.seats)
    offered = sum(o.pool == pool and o.state == "open" for o in seats.invitations)
    return 0 if capacity is None else capacity - held - offered


def _waiting(world: World, seats: Seats, only_pool: str | None) -> list[tuple[datetime, str, Row, str | None]]:
    """Since when, the applicant, the latest row and the pool asked for (None: any), those who wait longest first.

    Who named no pool of several waits unless there is a seat or an open invitation in any, or a wait for one by name.
    """
    applied: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in world.counted("applications", "decided_at"):
        applied[row["member_id"] or f"name:{row['applicant']}", row.get("pool") or only_pool].append(row)
    served = {(s.person, s.pool) for s in seats.seats if s.held_on(world.as_of)}
    served |= {(o.person, o.pool) for o in seats.invitations if o.state == "open"}
    everywhere = {person for person, _ in served}
    waiting, positions = [], stage_positions(world)
    for (person, pool), rows in sorted(applied.items(), key=lambda asked: asked[0][1] is None):
        latest = max(rows, key=lambda row: (row["decided_at"], positions[row["stage"]], row["result"]))
        if latest["result"] not in ("pending", "passed"):
            continue
        if (person in everywhere) if pool is None else ((person, pool) in served):
            continue
        if pool is not None:
            everywhere.add(person)
        since = [row["applied_at"] for row in rows if row.get("applied_at")]
        first = min(since) if since else min(row["decided_at"] for row in rows)
        waiting.append((first, latest["applicant"], latest, pool))
    return sorted(waiting, key=lambda w: w[:2])
