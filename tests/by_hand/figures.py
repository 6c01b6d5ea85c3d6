"""All tables computed by hand, the headlines of the last day among them, and how two tables differ.

Belongs here: which table is whose, and the comparison row by row. Does not belong here: the figures of one table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from math import isclose
from typing import Any

from .answers import ratings, shares, survey_response
from .calendar import MONTHS, Line, Slice, line, rate
from .facts import AS_OF, Facts
from .learning import activity, courses, recognition, retention, tracks
from .meetings import KINDS, came, community, expected, held
from .missions import mission_table
from .reviews import review_summary, seat_reviews, what_if
from .seats import adoption, capacity, engagement, held_days, learning_days, seats

BY = ("slice_by", "slice")


def headlines(facts: Facts) -> Iterator[Line]:
    """``kpi.headlines``; those that are of slices, of every slice."""
    for kpi, rows, part, whole in (
        ("adoption_rate", _those(adoption(facts), month=MONTHS[-1]), "accepted", "invited"),
        ("activation_rate", _those(adoption(facts), month=MONTHS[-1]), "activated", "accepted"),
        ("engagement_rate", _those(engagement(facts), day=AS_OF), "active", "holders"),
        ("retention_3m", _sums(_those(retention(facts), months_since=3)), "active", "started"),
        ("survey_response_rate", _those(survey_response(facts), survey="final"), "respondents", "population"),
        ("goal_helped_rate", _those(shares(facts), question="helped", option="yes"), "chosen", "answered"),
    ):
        for row in rows:
            yield _headline(kpi, (row["slice_by"], row["slice"]), row[part], row[whole])
    for kpi, numerator, denominator in _of_everybody(facts):
        yield _headline(kpi, ("all", "all"), numerator, denominator)


def _headline(kpi: str, where: Slice, part: int, whole: int) -> Line:
    return line(("kpi",), (kpi,), where, numerator=part, denominator=whole, value=rate(part, whole))


def _sums(rows: Iterable[Line]) -> Iterator[Line]:
    """Over all start months."""
    sums: dict[Slice, list[Line]] = defaultdict(list)
    for row in rows:
        sums[row["slice_by"], row["slice"]].append(row)
    for where, found in sums.items():
        yield line((), (), where, **{name: sum(row[name] for row in found) for name in ("active", "started")})


def _of_everybody(facts: Facts) -> Iterator[tuple[str, int, int]]:
    bought = sum(capacity(pool, AS_OF) or 0 for pool in ("datacamp", "coursera"))
    yield "platform_adoption_score", len(_learning_holders(facts)), bought
    yield "seat_utilization", sum(row["held_end"] for row in _those(seats(facts), month=MONTHS[-1])), bought
    last = _those(review_summary(facts), review_month=MONTHS[-1])
    yield "reclaim_rate", sum(row["reclaimed"] for row in last), sum(row["reviewed"] - row["exempt"] for row in last)
    once = {row["course"]: row for row in courses(facts) if row["started"] is not None}.values()
    yield "course_completion_rate", sum(row["completed"] for row in once), sum(row["started"] for row in once)
    (begin,) = _those(mission_table(facts), cohort="spring", mission="begin")
    yield "mission_survival_rate", begin["remaining"], begin["cohort_members"]
    yield "attendance_rate", *_attendance(date(2025, 2, 1))


def _learning_holders(facts: Facts) -> set[str]:
    """Who holds a seat today and has learned on a day of that holding."""
    days = learning_days(facts)
    return {
        person
        for person, found in held_days(facts).items()
        for one in found
        if one.is_held(AS_OF) and any(one.is_held(on) for on in days.get(person, ()))
    }


def _attendance(month: date) -> tuple[int, int]:
    """Over the kinds that were held: those who were expected, and those of them who came to any that expects them."""
    kinds = [kind for kind in KINDS if held(month, kind)]
    there = {person for kind in kinds for person in expected(kind, month) & {*came(held(month, kind))}}
    return len(there), len({person for kind in kinds for person in expected(kind, month)})


def _those(rows: Iterable[Line], **where: Any) -> list[Line]:
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


TABLES: dict[str, tuple[tuple[str, ...], Callable[[Facts], Iterator[Line]]]] = {
    "kpi.seats": (("month", "pool"), seats),
    "kpi.adoption": (("month", *BY), adoption),
    "kpi.engagement": (("day", *BY), engagement),
    "kpi.activity": (("month", *BY), activity),
    "kpi.retention": (("start_month", "months_since", *BY), retention),
    "kpi.courses": (("course", "track"), courses),
    "kpi.tracks": (("track", *BY), tracks),
    "ops.recognition": (("month", "member_id"), recognition),
    "ops.seat_reviews": (("review_month", "member_id", "pool"), seat_reviews),
    "kpi.review_summary": (("review_month", "rule"), review_summary),
    "kpi.what_if": (("review_month", "minimum_xp"), what_if),
    "kpi.missions": (("cohort", "mission"), mission_table),
    "kpi.community": (("month", "kind"), community),
    "kpi.survey_response": (("survey", *BY), survey_response),
    "kpi.survey": (("survey", "question", "option", *BY), shares),
    "kpi.survey_ratings": (("survey", "question", *BY), ratings),
    "kpi.headlines": (("kpi", *BY), headlines),
}
"""Each table's key, and who computes it."""


def differences(key: tuple[str, ...], by_hand: Iterable[Line], pipeline: Iterable[Line]) -> Iterator[str]:
    """A line per row that only one has, and per row with other figures; columns that nobody computes are let be."""
    ours, theirs = ({tuple(row[name] for name in key): row for row in rows} for rows in (by_hand, pipeline))
    for place in sorted({*ours, *theirs}, key=str):
        shown = ", ".join(map(str, place))
        if place not in theirs:
            yield f"{shown}: the pipeline lacks {_plain(ours[place])}"
        elif place not in ours:
            yield f"{shown}: the pipeline has {_plain(theirs[place])}, by hand there is none"
        else:
            for name, value in ours[place].items():
                if not _same(value, theirs[place][name]):
                    yield f"{shown}: {name} is {_number(value)} by hand, {_number(theirs[place][name])} in the pipeline"


def _same(mine: Any, other: Any) -> bool:
    if mine is None or other is None or isinstance(mine, str) or not hasattr(mine, "__float__"):
        return bool(mine == other)
    return isclose(float(mine), float(other), rel_tol=1e-9, abs_tol=1e-9)


def _number(value: Any) -> Any:
    return float(value) if hasattr(value, "__float__") else value


def _plain(row: Line) -> Line:
    return {name: _number(value) for name, value in row.items()}
