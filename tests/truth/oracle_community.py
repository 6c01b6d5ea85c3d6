"""Meetings and questions: kpi.community, kpi.support.

Belongs here: who came, how sessions were rated, what was asked and answered. Does not belong here: missions that ask
for attendance.

Readings chosen:
- whoever is expected and there counts in the rate; who was not in the program that month is not expected;
- a question counts in the month in which it was raised, in both tables;
- a question of somebody unknown is left out, one of nobody in particular counts;
- who answers as a mentor or as staff, by the roster row in force that day, is not one of the members who answer;
- an answer that is dated before its question takes no time that could be counted;
- kpi.support has a row only where something was raised or was open at the month's end.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction

from .oracle_calendar import median, month_end, month_of, months, rate
from .oracle_meetings import Meetings
from .oracle_slices import NONE, Roster
from .oracle_staging import Row, World


class Community:
    """Sessions, attendance and questions by `as_of`."""

    def __init__(self, world: World, roster: Roster, meetings: Meetings) -> None:
        self.world, self.roster = world, roster
        self.sessions, self.visits = meetings.sessions, meetings.visits
        self.kinds = {row["session"]: row["kind"] for row in world.facts["sessions"]}
        self.requests = [
            row
            for row in world.counted("support_requests", "opened_at")
            if row.get("member") is None or row["member_id"] is not None
        ]

    def expected(self, month: date, kind: str) -> set[str]:
        """Members with a roster row on any day of the month, in a role that the kind expects."""
        last = min(month_end(month), self.world.as_of)
        roles = self.world.case.settings.get("community", {}).get("kinds", {}).get(kind, {}).get("expects")
        return {
            member
            for member, rows in self.roster.periods.items()
            if any(
                row.start <= last and row.end > max(month, row.start) and (roles is None or row.role in roles)
                for row in rows
            )
        }

    def answered(self, row: Row, by: date | None = None) -> bool:
        """Whether the question was answered by the end of the day."""
        at: datetime | None = row.get("answered_at")
        return at is not None and self.world.day(at) <= (by or self.world.as_of)

    def hours(self, rows: list[Row]) -> Fraction | None:
        """Median hours to the answer."""
        spans = [row["answered_at"] - row["opened_at"] for row in rows if self.answered(row)]
        return median(
            Fraction(span // timedelta(microseconds=1), 3600 * 10**6) for span in spans if span >= timedelta(0)
        )


def community(found: Community) -> list[Row]:
    """kpi.community."""
    places = {row["session"]: (month_of(row["on"]), row["kind"]) for row in found.sessions.values()}
    questions: dict[tuple[date, str], list[Row]] = defaultdict(list)
    for row in found.requests:
        kind = found.kinds.get(row.get("session") or "", NONE)
        questions[month_of(row["on"]), kind].append(row)
    rows = []
    for month, kind in {*places.values(), *questions}:
        sessions = [name for name, place in places.items() if place == (month, kind)]
        listed = [visit for visit in found.visits if visit.session["session"] in sessions]
        came = [visit for visit in listed if visit.counts]
        ratings = [visit.rating for visit in came if visit.rating is not None]
        limited = [found.sessions[name] for name in sessions if found.sessions[name].get("capacity") is not None]
        capacity = sum(session["capacity"] for session in limited)
        people = {visit.member for visit in came}
        asked, expected = questions[month, kind], found.expected(month, kind)
        rows.append(
            {
                "month": month,
                "kind": kind,
                "sessions": len(sessions),
                "attendances": len(came),
                "unique_members": len(people),
                "members": len(expected),
                "expected_attended": len(people & expected),
                "attendance_rate": rate(len(people & expected), len(expected)),
                "registered": sum(visit.status == "registered" and not visit.is_host for visit in listed),
                "capacity": capacity if limited else None,
                "fill_rate": rate(sum(visit.session in limited for visit in came), capacity),
                "mean_rating": rate(sum(ratings), len(ratings)),
                "questions": len(asked),
                "answered": sum(map(found.answered, asked)),
                "median_hours_to_answer": found.hours(asked),
            }
        )
    return rows


def support(found: Community) -> list[Row]:
    """kpi.support."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found.requests:
        groups[row.get("channel") or NONE, row.get("topic") or NONE].append(row)
    rows = []
    for (channel, topic), asked in groups.items():
        for month in months(min(row["on"] for row in asked), found.world.as_of):
            end = min(month_end(month), found.world.as_of)
            opened = [row for row in asked if month_of(row["on"]) == month]
            still = [row for row in asked if row["on"] <= end and not found.answered(row, end)]
            if opened or still:
                rows.append(
                    {
                        "month": month,
                        "channel": channel,
                        "topic": topic,
                        "opened": len(opened),
                        "answered": sum(map(found.answered, opened)),
                        "open_at_end": len(still),
                        "escalated": sum(row.get("escalated_to") is not None for row in opened),
                        "asked_ahead": sum(_ahead(found, row) for row in opened),
                        "answered_by_members": sum(_by_member(found, row) for row in opened),
                        "median_hours_to_answer": found.hours(opened),
                    }
                )
    return rows


def _ahead(found: Community, row: Row) -> bool:
    starts = {one["session"]: one["starts_at"] for one in found.world.facts["sessions"]}
    return row.get("session") in starts and row["opened_at"] < starts[row["session"]]


def _by_member(found: Community, row: Row) -> bool:
    member = found.world.names.resolve(row.get("answered_by"))
    if member is None or not found.answered(row):
        return False
    period = found.roster.on(member, found.world.day(row["answered_at"]))
    return period is None or period.role not in ("mentor", "staff")
