"""The headline KPIs of kpi.scorecard, each from its own table at `as_of`, and the same a month before.

Belongs here: choosing and adding up rows of other tables. Does not belong here: any other formula.

Readings chosen:
- a headline without a value has no row that matters;
- held seats of pools without a capacity are left out of seat_utilization, as of platform_adoption_score;
- missions due at one instant are all the last; of one cohort they count once;
- the latest survey is the one with the latest response that counts; where it does not name the question on goals there
  is no goal_helped_rate;
- of a term reviews count by the month they are named by, sessions by whole months, a member once a month; a course of
  which somebody's start is unknown began when it was completed; seats, engagement, adoption score are of its last day;
- the same day of the month before is that month's last day where it is shorter.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .oracle_calendar import DAY, day_end, day_of, month_after, month_end, month_of, rate
from .oracle_community import Community
from .oracle_learning import Learning
from .oracle_missions import Missions, missions_by_cohort
from .oracle_outcomes import PLACEMENT, Outcomes
from .oracle_seats import Seats
from .oracle_staging import Row, World

Tables = dict[str, list[Row]]
Counted = tuple[int, int]
GOAL = "goal_helped_rate"


def day_a_month_before(day: date) -> date:
    """The same day of the month before."""
    month = month_after(month_of(day), -1)
    return month.replace(day=min(day.day, month_end(month).day))


def headlines(world: World, tables: Tables, last_responses: dict[str, datetime]) -> dict[str, Counted]:
    """Numerator and denominator of every headline that has a denominator."""
    as_of = world.as_of
    month = month_of(as_of)
    found: dict[str, Counted] = {}

    def put(kpi: str, numerator: int, denominator: int) -> None:
        if denominator:
            found[kpi] = (numerator, denominator)

    whole = {name: [row for row in rows if row.get("slice_by", "all") == "all"] for name, rows in tables.items()}
    adopted = next((row for row in whole["kpi.adoption"] if row["month"] == month), None)
    seats = [row for row in whole["kpi.seats"] if row["month"] == month and row["capacity"] is not None]
    capacity = sum(row["capacity"] for row in seats)
    if adopted:
        put("adoption_rate", adopted["accepted"], adopted["invited"])
        put("activation_rate", adopted["activated"], adopted["accepted"])
    put("seat_utilization", sum(row["held_end"] for row in seats), capacity)
    for row in whole["kpi.engagement"]:
        if row["day"] == as_of:
            put("engagement_rate", row["active"], row["holders"])
    reviews = whole["kpi.review_summary"]
    latest = [row for row in reviews if row["review_month"] == max(r["review_month"] for r in reviews)]
    since = world.case.since
    if since is not None:
        latest = [row for row in reviews if since <= row["review_month"] <= as_of]
        last_responses = {name: at for name, at in last_responses.items() if world.day(at) >= since}
    put("reclaim_rate", _sum(latest, "reclaimed"), _sum(latest, "reviewed") - _sum(latest, "exempt"))
    third = [row for row in whole["kpi.retention"] if row["months_since"] == 3]
    put("retention_3m", _sum(third, "active"), _sum(third, "started"))
    courses = [
        row for row in {row["course"]: row for row in whole["kpi.courses"]}.values() if row["started"] is not None
    ]
    if world.case.files.get("completions"):
        put("course_completion_rate", _sum(courses, "completed"), _sum(courses, "started"))
    if last_responses:
        survey = max(last_responses, key=lambda name: last_responses[name])
        for row in whole["kpi.survey_response"]:
            if row["survey"] == survey:
                put("survey_response_rate", row["respondents"], row["population"])
        declared: Row = next((s for s in world.case.settings.get("surveys", []) if s["id"] == survey), {})
        if goal := declared.get("goal_helped"):
            answers = [r for r in whole["kpi.survey"] if (r["survey"], r["question"]) == (survey, goal["question"])]
            helped = sum(row["chosen"] for row in answers if row["option"] == goal["option"])
            put(GOAL, helped, max((row["answered"] for row in answers), default=0))
    return found


def later_headlines(missions: Missions, outcomes: Outcomes, community: Community) -> dict[str, Counted]:
    """Those that tables of missions, outcomes and meetings give."""
    world = missions.world
    since = world.case.since
    found: dict[str, Counted] = {}
    due = [row for row in missions_by_cohort(missions) if row["due_at"] <= day_end(world.as_of, world.zone)]
    due = [row for row in due if since is None or world.day(row["due_at"]) >= since]
    last = [row for row in due if row["due_at"] == max(row["due_at"] for row in due)]
    survived = list({row["cohort"]: row for row in last}.values())
    base = sum(len(missions.members.get(row["cohort"], {})) for row in survived)
    if base:
        found["mission_survival_rate"] = (_sum(survived, "remaining"), base)
    ended = [
        (len(first), of)
        for (cohort, kind), (first, of, _) in outcomes.groups.items()
        if kind == PLACEMENT and of and (end := outcomes.ends_on(cohort)) and end <= world.as_of
        and (since is None or end >= since)
    ]  # fmt: skip
    if ended:
        found["placement_rate"] = (sum(placed for placed, _ in ended), sum(of for _, of in ended))
    whole = month_after(month_of(world.as_of + DAY), -1)
    held = {month_of(row["on"]) for row in community.sessions.values()}
    wanted = {whole} if since is None else {month for month in held if since <= month <= whole}
    attended = [_attendance(community, month) for month in wanted]
    if asked := sum(of for _, of in attended):
        found["attendance_rate"] = (sum(came for came, _ in attended), asked)
    return found


def _attendance(community: Community, month: date) -> Counted:
    """Who came to a session of the month that was for them, and whom any was for."""
    came = {(v.session["kind"], v.member) for v in community.visits if v.counts and month_of(v.session["on"]) == month}
    kinds = {row["kind"] for row in community.sessions.values() if month_of(row["on"]) == month}
    asked = {(kind, member) for kind in kinds for member in community.expected(month, kind)}
    return len({member for _, member in came & asked}), len({member for _, member in asked})


def platform_adoption_score(seats: Seats, learning: Learning, tables: Tables) -> dict[str, Counted]:
    """Members who hold a seat of a pool with a capacity on `as_of` and learned since they accepted it."""
    world = seats.world
    rows = [row for row in tables["kpi.seats"] if row["month"] == month_of(world.as_of) and row["capacity"] is not None]
    capacity = {row["pool"]: row["capacity"] for row in rows}
    learned = {
        seat.member
        for seat in seats.of_members
        if seat.pool in capacity
        and seat.held_on(world.as_of)
        and any(day >= seat.held_from for day in learning.days.get(seat.member or "", ()))
    }
    total = sum(capacity.values())
    return {"platform_adoption_score": (len(learned), total)} if total else {}


def terms(world: World, of: Callable[[date, date], dict[str, Counted]]) -> list[Row]:
    """kpi.terms: the headlines of every term that is over, as known at its end."""
    rows = []
    for term in world.case.settings.get("terms", []):
        if day_of(term["to"]) <= world.as_of:
            for kpi, (numerator, denominator) in of(day_of(term["from"]), day_of(term["to"])).items():
                row = {"term": term["id"], "kpi": kpi, "numerator": numerator, "denominator": denominator}
                row |= {"value": Fraction(numerator, denominator)}
                rows.append(row if kpi == GOAL else {**row, "comparable": True})
    return rows


def _sum(rows: list[Row], column: str) -> int:
    return sum(row[column] for row in rows)


def scorecard(world: World, now: dict[str, Counted], before: dict[str, Counted]) -> list[Row]:
    """kpi.scorecard, of the whole program, without labels and units."""
    targets: dict[str, float] = world.case.settings.get("targets", {})
    peers = {row["kpi"]: row["value"] for row in world.facts["benchmarks"]}
    earlier = {kpi: rate(*counted) for kpi, counted in before.items()}
    rows = []
    for kpi, (numerator, denominator) in now.items():
        value = Fraction(numerator, denominator)
        previous = earlier.get(kpi)
        target = targets.get(kpi)
        rows.append(
            {
                "kpi": kpi,
                "as_of": world.as_of,
                "slice_by": "all",
                "slice": "all",
                "numerator": numerator,
                "denominator": denominator,
                "value": value,
                "target": target,
                "status": _status(value, target),
                "previous": previous,
                "delta": None if previous is None else value - previous,
                "benchmark": peers.get(kpi),
            }
        )
    return rows


def _status(value: Fraction, target: Any) -> str | None:
    if target is None:
        return None
    aim = Fraction(str(target))
    if value >= aim:
        return "met"
    return "near" if value >= aim * Fraction(95, 100) else "missed"
