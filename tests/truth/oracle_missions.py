"""Missions: core.mission_results, kpi.missions, kpi.competitions, and who completed a cohort.

Belongs here: due days, elimination, completion, boards. Does not belong here: requirements (``oracle_evidence``), what
became of those who completed (``oracle_outcomes``).

Readings chosen:
- an exception excuses the mission whatever else happened, and counts for completion at no moment of its own;
- where rows of one mission disagree the latest `due_at` holds, and it is mandatory only if all say so;
- an exception can only put the due date off, not forward; put off past the cohort's end, it looks for the member on the
  cohort's last day;
- who has left for good has no later row; who came back joined after what was due in between;
- who joined after a mission was due completes the cohort without it, though not without any;
- who was eliminated by a mission is so from the mission's own due date on, whatever the member's;
- of several places of a team on one board at one time the best is the team's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from .oracle_calendar import day_end, instant, median, rate
from .oracle_evidence import Evidence, Mission, share_of, when_all
from .oracle_learning import Learning
from .oracle_meetings import Meetings
from .oracle_slices import Roster
from .oracle_staging import Row

FAILED = ("late", "missed")
DONE = ("met", "excused")


@dataclass(frozen=True)
class Result:
    """How a mission went for a member who was still in."""

    mission: Mission
    member: str
    due_at: datetime
    status: str
    met_at: datetime | None

    def is_of(self, mission: Mission) -> bool:
        """Whether it is a result of the mission, for whatever day it was due for the member."""
        return (self.mission.cohort, self.mission.name) == (mission.cohort, mission.name)

    @property
    def eliminates(self) -> bool:
        """Whether the member is in no later mission."""
        return self.mission.mandatory and self.status in FAILED


class Missions:
    """Every mission of the program, and how it went for whom."""

    def __init__(self, roster: Roster, learning: Learning, meetings: Meetings) -> None:
        self.world, self.roster, self.learning = learning.world, roster, learning
        self.evidence = Evidence(learning, meetings)
        self.members = roster.cohorts()
        self.missions = self._missions()
        self.left: set[tuple[str, str, str]] = set()
        self.results = [result for cohort in self.members for result in self._played(cohort)]

    def _missions(self) -> list[Mission]:
        rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.world.facts["missions"]:
            rows[row["cohort"], row["mission"]].append(row)
        found = []
        for (cohort, name), parts in rows.items():
            alternatives: dict[str, list[Row]] = defaultdict(list)
            for row in parts:
                alternatives[row["alternative"]].append(row)
            mandatory = all(row.get("mandatory") is not False for row in parts)
            needed = tuple(map(tuple, alternatives.values()))
            found.append(Mission(cohort, name, max(row["due_at"] for row in parts), mandatory, needed))
        return sorted(found, key=lambda mission: (mission.due_at, mission.name))

    def of(self, cohort: str) -> list[Mission]:
        """The cohort's missions in order of time."""
        return [mission for mission in self.missions if mission.cohort == cohort]

    def is_due(self, mission: Mission) -> bool:
        """Whether it was due by the end of `as_of`."""
        return mission.due_at <= day_end(self.world.as_of, self.world.zone)

    def _played(self, cohort: str) -> Iterator[Result]:
        for member in self.members[cohort]:
            out_since: datetime | None = None
            left = set()
            for result in sorted((self._result(m, member) for m in self.of(cohort)), key=lambda result: result.due_at):
                if out_since is not None and result.due_at > out_since:
                    break
                standing = self._standing(cohort, member, result)
                if standing == "left":
                    left.add((cohort, result.mission.name, member))
                if standing != "in":
                    continue
                yield result
                if result.eliminates:
                    out_since = result.due_at
            self.left |= left if out_since is None else set()

    def _standing(self, cohort: str, member: str, result: Result) -> str:
        """Whether the member is in on the day, has left for good, or is still to come."""
        rows = [row for row in self.roster.learning[member] if row.cohort == cohort]
        mission = next(one for one in self.of(cohort) if one.name == result.mission.name)
        due, own = self.world.day(mission.due_at), self.world.day(result.due_at)
        day = min(own, max(due, self.roster.last_day(cohort)), self.world.as_of)
        if any(row.start <= day < row.end for row in rows):
            return "in"
        return "left" if all(max(row.start, row.end) <= day for row in rows) else "to come"

    def _result(self, mission: Mission, member: str) -> Result:
        exception = self._exception(mission, member)
        if exception and exception.get("due_at"):
            mission = replace(mission, due_at=max(mission.due_at, self._deadline(exception["due_at"])))
        met_at = self.evidence.met_at(member, mission)
        if exception and not exception.get("due_at"):
            status = "excused"
        elif met_at is not None:
            status = "met" if met_at <= mission.due_at else "late"
        else:
            status = "missed" if self.is_due(mission) else "pending"
        return Result(mission, member, mission.due_at, status, met_at)

    def _deadline(self, given: date | datetime | str) -> datetime:
        if isinstance(given, str):
            return instant(given, self.world.zone)
        return given if isinstance(given, datetime) else day_end(given, self.world.zone)

    def _exception(self, mission: Mission, member: str) -> Row | None:
        exceptions: list[Row] = self.world.case.settings.get("missions", {}).get("exceptions", [])
        for one in exceptions:
            whose = (
                self.world.names.resolve_setting(one["member"].strip()),
                one["mission"],
                one.get("cohort", mission.cohort),
            )
            if whose == (member, mission.name, mission.cohort):
                return one
        return None

    @cached_property
    def graduates(self) -> dict[tuple[str, str], datetime | None]:
        """Who completed a cohort, and when: the last mandatory mission met, or the own track."""
        found: dict[tuple[str, str], datetime | None] = {}
        given = {(r.mission.cohort, r.mission.name, r.member): r for r in self.results}
        for cohort, members in self.members.items():
            needed = [mission for mission in self.of(cohort) if mission.mandatory]
            for member, period in members.items():
                if needed:
                    results = [r for mission in needed if (r := given.get((cohort, mission.name, member))) is not None]
                    gone = any((cohort, mission.name, member) in self.left for mission in needed)
                    if results and not gone and all(result.status in DONE for result in results):
                        moments = [r.met_at for r in results if r.met_at is not None]
                        found[cohort, member] = max(moments, default=None)
                elif (at := self._track_done(member, period.track)) is not None:
                    found[cohort, member] = at
        return found

    def _track_done(self, member: str, track: str | None) -> datetime | None:
        catalog = [row for row in self.world.facts["catalog"] if track is not None and row.get("track") == track]
        needed = [row["course"] for row in catalog if row.get("hours")]
        return when_all(self.evidence.courses.get((member, course)) for course in needed) if needed else None


def cohort_members(roster: Roster) -> list[Row]:
    """core.cohort_members."""
    return [
        {
            "cohort": cohort,
            "member_id": member,
            "starts_on": min(row.start for row in roster.learning[member] if row.cohort == cohort),
            "seeking": last.seeking,
            "track": last.track,
        }
        for cohort, members in roster.cohorts().items()
        for member, last in members.items()
    ]


def mission_results(missions: Missions) -> list[Row]:
    """core.mission_results."""
    return [
        {
            "cohort": result.mission.cohort,
            "mission": result.mission.name,
            "member_id": result.member,
            "status": result.status,
            "met_at": result.met_at,
            "due_at": result.due_at,
            "is_mandatory": result.mission.mandatory,
        }
        for result in missions.results
    ]


def missions_by_cohort(missions: Missions) -> list[Row]:
    """kpi.missions."""
    rows = []
    for mission in missions.missions:
        of_mission = [result for result in missions.results if result.is_of(mission)]
        counts = {s: sum(r.status == s for r in of_mission) for s in ("met", "late", "missed", "pending", "excused")}
        by_then = {one.name for one in missions.of(mission.cohort) if one.due_at <= mission.due_at}
        out = {
            r.member
            for r in missions.results
            if r.eliminates and r.mission.cohort == mission.cohort and r.mission.name in by_then
        }
        left = {who for cohort, name, who in missions.left if cohort == mission.cohort and name in by_then}
        everybody = missions.members.get(mission.cohort, {})
        remaining = len(set(everybody) - out - left)
        rows.append(
            {
                "cohort": mission.cohort,
                "mission": mission.name,
                "due_at": mission.due_at,
                "members": len(of_mission),
                **counts,
                "on_time_rate": rate(counts["met"], len(of_mission)),
                "eliminated": sum(result.eliminates for result in of_mission),
                "left_before": len(left),
                "remaining": remaining,
                "cohort_members": len(everybody),
                "survival_rate": rate(remaining, len(everybody)),
            }
        )
    return rows


def competitions(missions: Missions) -> list[Row]:
    """kpi.competitions."""
    evidence = missions.evidence
    rows = []
    for cohort, members in missions.members.items():
        groups: dict[tuple[str, str, str | None], list[Row]] = defaultdict(list)
        for row in evidence.standings:
            if row.get("member") is not None and row["member_id"] in members:
                groups[row["competition"], row["category"], row.get("board")].append(row)
        asked = [row for mission in missions.of(cohort) for needed in mission.alternatives for row in needed]
        for (competition, category, board), found in groups.items():
            wanted = [row for row in asked if row["requirement"] == "competition" and row.get("target") == category]
            latest: dict[str, Row] = {}
            by_team = sorted(found, key=lambda row: str(row["team"]), reverse=True)
            for row in sorted(by_team, key=lambda row: (row["as_of"], -row["rank"])):
                latest[row["member_id"]] = row
            places = sorted(latest.values(), key=lambda row: (row["as_of"], -share_of(row)))
            shares = {row["team"]: share_of(row) for row in places}
            rows.append(
                {
                    "cohort": cohort,
                    "competition": competition,
                    "category": category,
                    "board": board,
                    "teams": len(shares),
                    "members": len(latest),
                    "passing": sum(any(evidence.passes(row, need) for need in wanted) for row in latest.values()),
                    "best_share": min(shares.values()),
                    "median_share": median(shares.values()),
                }
            )
    return rows
