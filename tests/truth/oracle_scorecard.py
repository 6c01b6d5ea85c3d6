"""The headline KPIs of kpi.scorecard, each from its own table at `as_of`, and the same a month before.

Belongs here: choosing and adding up rows of other tables. Does not belong here: any other formula.

Readings chosen:
- a headline without a value has no row that matters;
- held seats of pools without a capacity are left out of seat_utilization, as of platform_adoption_score;
- the latest survey is the one with the latest response that counts; where it does not name the question on goals there
  is no goal_helped_rate;
- the same day of the month before is that month's last day where it is shorter.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .oracle_calendar import month_after, month_end, month_of, rate
from .oracle_staging import Row, World

Tables = dict[str, list[Row]]
Counted = tuple[int, int]


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
        put("platform_adoption_score", adopted["activated"], capacity)
    put("seat_utilization", sum(row["held_end"] for row in seats), capacity)
    for row in whole["kpi.engagement"]:
        if row["day"] == as_of:
            put("engagement_rate", row["active"], row["holders"])
    reviews = whole["kpi.review_summary"]
    latest = [row for row in reviews if row["review_month"] == max(r["review_month"] for r in reviews)]
    put("reclaim_rate", _sum(latest, "reclaimed"), _sum(latest, "reviewed") - _sum(latest, "exempt"))
    third = [row for row in whole["kpi.retention"] if row["months_since"] == 3]
    put("retention_3m", _sum(third, "active"), _sum(third, "started"))
    courses = list({row["course"]: row for row in whole["kpi.courses"]}.values())
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
            put("goal_helped_rate", helped, max((row["answered"] for row in answers), default=0))
    return found


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
