"""What members did, by what a mission's requirements ask for: when each was met.

Belongs here: requirements and alternatives. Does not belong here: due days and elimination (``oracle_missions``).

Readings chosen:
- a day (`issued_on`) is met at its midnight in the program's zone; a session is attended when it starts;
- an amount left out is 1;
- the board of a member's team is the member's own rows of a competition; without `team_size` it is the number of names
  in the team's rows of that board.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from .oracle_calendar import day_of, day_start
from .oracle_learning import Learning
from .oracle_meetings import Meetings
from .oracle_staging import Row

COMPLETING = ("completed", "complete", "completion", "passed", "satisfied", "mastered", "finished", "done")


@dataclass(frozen=True)
class Mission:
    """A dated mission of a cohort with its alternatives, each a list of requirements."""

    cohort: str
    name: str
    due_at: datetime
    mandatory: bool
    alternatives: tuple[tuple[Row, ...], ...]


class Evidence:
    """What members did, by what requirements ask for."""

    def __init__(self, learning: Learning, meetings: Meetings) -> None:
        self.world, self.learning, self.meetings = learning.world, learning, meetings

    def met_at(self, member: str, mission: Mission) -> datetime | None:
        """When the mission was met: by the first alternative of which all requirements are."""
        moments = [when_all(self.requirement(member, mission, row) for row in way) for way in mission.alternatives]
        return min((moment for moment in moments if moment is not None), default=None)

    def requirement(self, member: str, mission: Mission, row: Row) -> datetime | None:
        """When the requirement was met; None where it was not by `as_of`."""
        kind, targets = row["requirement"], (row.get("target") or "").split("|")
        if kind == "course":
            return when_all(self.courses.get((member, course)) for course in targets)
        if kind == "items":
            return when_all(self.items.get((member, item)) for item in targets)
        if kind == "certification":
            return self.certificates.get((member, targets[0]))
        if kind == "competition":
            return self._competition(member, mission, row)
        if kind == "progress":
            return self._progress(member, row)
        since = self._start(mission.cohort)
        wanted = set(targets) if row.get("target") else None
        needed = (row.get("threshold") or Decimal(1)) * (60 if kind == "hours" else 1)
        return _reached(needed, self._amounts(member, kind, since, wanted))

    def _start(self, cohort: str) -> date:
        listed: list[Row] = self.world.case.settings.get("cohorts", [])
        found = next((one for one in listed if one["id"] == cohort), {})
        return day_of(found["starts_on"]) if found.get("starts_on") else date.min

    def _amounts(
        self, member: str, kind: str, since: date, wanted: set[str] | None
    ) -> Iterator[tuple[datetime, Decimal]]:
        if kind == "attendance":
            for session, starts_at, of_kind in self.attended.get(member, ()):
                if self.world.day(starts_at) >= since and (wanted is None or wanted & {session, of_kind}):
                    yield starts_at, Decimal(1)
            return
        for row in self.of_member.get(member, ()):
            if row["on"] >= since and (wanted is None or row.get("course") in wanted):
                yield row["occurred_at"], (row.get("xp") if kind == "xp" else row.get("minutes")) or Decimal(0)

    def _progress(self, member: str, row: Row) -> datetime | None:
        return min(
            (
                one["occurred_at"]
                for one in self.of_member.get(member, ())
                if one.get("course") == row["target"] and (one.get("progress") or 0) >= row["threshold"]
            ),
            default=None,
        )

    def _competition(self, member: str, mission: Mission, row: Row) -> datetime | None:
        moments = []
        for boards in self.boards.get((member, row.get("target")), {}).values():
            by_due = [board for board in boards if board["as_of"] <= mission.due_at]
            for known in (by_due, boards):
                latest = [board for board in known if _time(board) == max(map(_time, known))]
                if passing := [board for board in latest if self.passes(board, row)]:
                    moments.append(passing[0]["as_of"])
                    break
        return min(moments, default=None)

    def passes(self, board: Row, row: Row) -> bool:
        """Whether the team's rank share and size are what the requirement asks for."""
        share, size = share_of(board), self.team_size(board)
        return (
            (row.get("threshold") is None or share <= Fraction(row["threshold"]))
            and (row.get("team_min") is None or size >= row["team_min"])
            and (row.get("team_max") is None or size <= row["team_max"])
        )

    def team_size(self, board: Row) -> int:
        """As the board says, else as many as its rows name."""
        if board.get("team_size") is not None:
            return int(board["team_size"])
        key = ("competition", "team", "as_of", "board")
        team = [row for row in self.standings if all(row.get(c) == board.get(c) for c in key)]
        return len({row["member"] for row in team if row.get("member") is not None})

    @cached_property
    def standings(self) -> list[Row]:
        """Rows of leaderboards by `as_of`."""
        return self.world.counted("competitions", "as_of")

    @cached_property
    def boards(self) -> dict[tuple[str, str | None], dict[str, list[Row]]]:
        """Rows of a member's teams by category and competition."""
        found: dict[tuple[str, str | None], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.standings:
            if row.get("member") is not None and row["member_id"] is not None:
                found[row["member_id"], row["category"]][row["competition"]].append(row)
        return found

    @cached_property
    def of_member(self) -> dict[str, list[Row]]:
        """Activity by member, in order of time."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.learning.activity, key=lambda row: row["occurred_at"]):
            found[row["member_id"]].append(row)
        return found

    @cached_property
    def courses(self) -> dict[tuple[str, str], datetime]:
        """The first completion of a course by a member."""
        return {key: row["completed_at"] for key, row in self.learning.first.items()}

    @cached_property
    def items(self) -> dict[tuple[str, str], datetime]:
        """When a member first finished an item, written course/item."""
        found: dict[tuple[str, str], datetime] = {}
        for rows in self.of_member.values():
            for row in rows:
                if (row.get("kind") or "").lower() in COMPLETING:
                    found.setdefault((row["member_id"], f"{row.get('course')}/{row.get('item')}"), row["occurred_at"])
        return found

    @cached_property
    def certificates(self) -> dict[tuple[str, str], datetime]:
        """When a member first had a certificate."""
        found: dict[tuple[str, str], datetime] = {}
        for row in sorted(self.world.counted("certifications", "issued_on"), key=lambda row: row["issued_on"]):
            if row["member_id"] is not None:
                at = day_start(row["issued_on"], self.world.zone)
                found.setdefault((row["member_id"], row["certification"]), at)
        return found

    @cached_property
    def attended(self) -> dict[str, list[tuple[str, datetime, str]]]:
        """Sessions that a member attended, in order of time, each once."""
        found: dict[str, list[tuple[str, datetime, str]]] = defaultdict(list)
        for visit in sorted(self.meetings.visits, key=lambda visit: visit.session["starts_at"]):
            if visit.counts:
                session = visit.session
                found[visit.member].append((session["session"], session["starts_at"], session["kind"]))
        return found


def share_of(board: Row) -> Fraction:
    """A rank share: rank / teams."""
    return Fraction(board["rank"]) / Fraction(board["teams"])


def _time(board: Row) -> tuple[datetime, bool]:
    return board["as_of"], board.get("board") == "private"


def when_all(moments: Iterable[datetime | None]) -> datetime | None:
    """The last of the moments; None where one is missing."""
    found = list(moments)
    return None if None in found else max(moment for moment in found if moment is not None)


def _reached(threshold: Decimal, amounts: Iterable[tuple[datetime, Decimal]]) -> datetime | None:
    total = Decimal(0)
    for moment, amount in amounts:
        total += amount
        if total >= threshold:
            return moment
    return None
