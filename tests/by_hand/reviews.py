"""Seat reviews by hand: ``ops.seat_reviews``, ``kpi.review_summary``, ``kpi.what_if``.

Belongs here: the three rules of ``program.yaml``, spelled out. Does not belong here: seats themselves (``seats``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from .calendar import DAY, MONTHS, PERSONS, Line, line, month_end, rate, row_on
from .facts import AS_OF, Facts
from .learning import days_in, month_of, xp_in
from .seats import invitations, learning_days, rotations

GRID = (0, 250, 500, 1000, 1500, 2000, 3000)
ON_LEAVE = ("p16", date(2024, 10, 20), date(2024, 11, 1))


@dataclass
class Case:
    """A seat that is looked at. ``asked``: share of the month for which XP is asked."""

    month: date
    person: str
    pool: str
    mode: str | None
    rule: str
    since: date
    xp: Fraction
    days: int
    last: date | None
    is_exempt: bool
    asked: Fraction
    decision: str = ""

    @property
    def minimum(self) -> int | None:
        return {"any": None, "xp-1000": 1000, "pace-300": 300}[self.rule]

    def falls(self, minimum: int | None) -> bool:
        """Whether the seat falls with that minimum of XP a month."""
        needed = ceil(minimum * self.asked) if minimum is not None else 0
        return self.days < (2 if self.rule == "pace-300" else 1) or self.xp < needed


def cases(facts: Facts) -> Iterator[Case]:
    """Every seat held at the end of a month that is over, the month after it being that of the review."""
    days = learning_days(facts)
    for seen in MONTHS:
        end = month_end(seen)
        month = end + DAY
        for one in invitations(facts) if end <= AS_OF else ():
            row = row_on(one.person, end) if one.person in PERSONS else None
            if row is None or one.accepted is None or not one.is_held(end):
                continue
            is_new = month_of(one.accepted) == seen
            rule = _rule(row.mode, month)
            yield Case(
                month=month,
                person=one.person,
                pool=one.pool,
                mode=row.mode,
                rule=rule,
                since=one.accepted,
                xp=xp_in(facts, one.person, seen),
                days=days_in(facts, one.person, seen),
                last=max((on for on in days.get(one.person, ()) if on <= end), default=None),
                is_exempt=row.role in ("builder", "mentor", "staff")
                or (one.person == ON_LEAVE[0] and ON_LEAVE[1] <= end and ON_LEAVE[2] >= seen)
                or (is_new and rule != "pace-300"),
                asked=Fraction((end - one.accepted).days + 1, end.day) if is_new else Fraction(1),
            )


def _rule(mode: str | None, month: date) -> str:
    if mode == "individual" and month >= date(2025, 1, 1):
        return "xp-1000"
    return "pace-300" if mode == "group" and month >= date(2025, 2, 1) else "any"


def decided(facts: Facts) -> list[Case]:
    """All reviews; the worst go first, as far as the rotation budget reaches."""
    found = list(cases(facts))
    falling: dict[tuple[date, str], list[Case]] = defaultdict(list)
    for case in found:
        case.decision = "exempt" if case.is_exempt else "keep"
        if not case.is_exempt and case.falls(case.minimum):
            falling[case.month, case.pool].append(case)
    for (month, pool), worst in falling.items():
        _, left = rotations(pool, month, month - DAY, invitations(facts))
        worst.sort(key=lambda case: (case.xp, case.last or date.min, case.person))
        for place, case in enumerate(worst):
            case.decision = "reclaim" if place < left else "deferred"
    return found


def seat_reviews(facts: Facts) -> Iterator[Line]:
    """``ops.seat_reviews``."""
    for case in decided(facts):
        yield line(
            ("review_month", "member_id", "pool"),
            (case.month, case.person, case.pool),
            study_mode=case.mode,
            rule=case.rule,
            seat_since=case.since,
            xp=case.xp,
            active_days=case.days,
            last_activity=case.last,
            decision=case.decision,
        )


def review_summary(facts: Facts) -> Iterator[Line]:
    """``kpi.review_summary``."""
    rules: dict[tuple[date, str], list[str]] = defaultdict(list)
    for case in decided(facts):
        rules[case.month, case.rule].append(case.decision)
    for key, decisions in rules.items():
        exempt, reclaimed = decisions.count("exempt"), decisions.count("reclaim")
        yield line(
            ("review_month", "rule"),
            key,
            reviewed=len(decisions),
            kept=decisions.count("keep"),
            reclaimed=reclaimed,
            exempt=exempt,
            deferred=decisions.count("deferred"),
            reclaim_rate=rate(reclaimed, len(decisions) - exempt),
        )


def what_if(facts: Facts) -> Iterator[Line]:
    """``kpi.what_if``: another minimum in every rule, and no budget."""
    months: dict[date, list[Case]] = defaultdict(list)
    for case in cases(facts):
        months[case.month].append(case)
    for month, found in months.items():
        for minimum in GRID:
            yield _other(month, minimum, [case for case in found if not case.is_exempt])


def _other(month: date, minimum: int, judged: Iterable[Case]) -> Line:
    falls = [case.falls(minimum) for case in judged]
    figures = {"reclaimed": sum(falls), "reclaim_rate": rate(sum(falls), len(falls))}
    return line(("review_month", "minimum_xp"), (month, minimum), **figures)
