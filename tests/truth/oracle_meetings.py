"""Who was in which session: core.session_attendances.

Belongs here: merging rows of one person in one session. Does not belong here: what is counted of it (``community``).

Readings chosen:
- of several rows attended is more than registered, which is more than waitlisted; one row as a host makes a host;
- a name that no session has means, where the program says so, the only session whose window holds the coming,
  its length unknown being none;
- times are cut to the session where its length is known; what lies wholly outside it counts for nothing;
- minutes are the union of the times, none where one of them has no end, or what a row without times says, if more;
- several ratings of one person are one, their mean.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from .oracle_calendar import rate
from .oracle_staging import Row, World

STANDING = ("waitlisted", "registered", "attended")


@dataclass(frozen=True)
class Visit:
    """A member at a session."""

    session: Row
    member: str
    status: str
    is_host: bool
    minutes: Fraction | None
    rating: Fraction | None
    joins: int

    @property
    def counts(self) -> bool:
        """Whether the member took part."""
        return self.status == "attended" and not self.is_host


class Meetings:
    """Sessions that began by `as_of`, and who was there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions = {row["session"]: row for row in world.counted("sessions", "starts_at")}
        self._names = {row["session"] for row in world.facts["sessions"]}
        self._rules: Row = world.case.settings.get("attendance", {})

    @cached_property
    def visits(self) -> list[Visit]:
        """Every known member at every session."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.world.facts["attendance"]:
            member = self.world.names.resolve(row["member"])
            session = self._session(row)
            if member is not None and session is not None and self._inside(row, session):
                found[session["session"], member].append(row)
        return [self._visit(self.sessions[name], member, rows) for (name, member), rows in found.items()]

    def _session(self, row: Row) -> Row | None:
        if row["session"] in self._names or row.get("joined_at") is None or self._rules.get("match") != "window":
            return self.sessions.get(row["session"])
        margin = timedelta(minutes=self._rules.get("margin_minutes", 15))
        then = [
            session["session"]
            for session in self.world.facts["sessions"]
            if session["starts_at"] - margin <= row["joined_at"] < (end_of(session) or session["starts_at"]) + margin
        ]
        return self.sessions.get(then[0]) if len(then) == 1 else None

    def _inside(self, row: Row, session: Row) -> bool:
        joined, left, end = row.get("joined_at"), left_at(row), end_of(session)
        if joined is None:
            return True
        if self.world.day(joined) > self.world.as_of:
            return False
        too_late = end is not None and joined >= end
        return not too_late and not (
            joined < session["starts_at"] and left is not None and left <= session["starts_at"]
        )

    def _visit(self, session: Row, member: str, rows: list[Row]) -> Visit:
        came = [row for row in rows if row["status"] == "attended"]
        timed = [row for row in came if row.get("joined_at") is not None]
        given = [Fraction(row["minutes"]) for row in came if row not in timed and row.get("minutes") is not None]
        ratings = [Fraction(row["rating"]) for row in rows if row.get("rating") is not None]
        host = session.get("host")
        return Visit(
            session,
            member,
            max((row["status"] for row in rows), key=STANDING.index),
            any(row["role"] == "host" for row in rows)
            or (host is not None and self.world.names.resolve(host) == member),
            max([*given, *_union(timed, session)], default=None),
            rate(sum(ratings), len(ratings)),
            len(timed),
        )


def end_of(session: Row) -> datetime | None:
    """When the session ends; None where its length is not known."""
    minutes = session.get("minutes")
    end: datetime | None = None if minutes is None else session["starts_at"] + timedelta(minutes=float(minutes))
    return end


def left_at(row: Row) -> datetime | None:
    """When the member left: as the row says, or as long after joining as it says."""
    left: datetime | None = row.get("left_at")
    if left is None and row.get("joined_at") is not None and row.get("minutes") is not None:
        return row["joined_at"] + timedelta(minutes=float(row["minutes"]))  # type: ignore[no-any-return]
    return left


def _union(rows: list[Row], session: Row) -> list[Fraction]:
    times = [(row["joined_at"], left) for row in rows if (left := left_at(row)) is not None]
    if not rows or len(times) < len(rows):
        return []
    end, total, reached = end_of(session), timedelta(0), session["starts_at"]
    for joined, left in sorted(times):
        begins, ends = max(joined, reached), left if end is None else min(left, end)
        total += max(ends - begins, timedelta(0))
        reached = max(reached, ends)
    return [Fraction(total // timedelta(microseconds=1), 60 * 10**6)]


def session_attendances(meetings: Meetings) -> list[Row]:
    """core.session_attendances."""
    return [
        {
            "session": visit.session["session"],
            "member_id": visit.member,
            "status": visit.status,
            "is_host": visit.is_host,
            "minutes": visit.minutes,
            "rating": visit.rating,
            "joins": visit.joins,
        }
        for visit in meetings.visits
    ]
