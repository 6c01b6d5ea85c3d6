"""Missions by hand: ``kpi.missions``.

Belongs here: who is in a mission, when it was met, who is out. Does not belong here: meetings as such (``meetings``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction

from .calendar import PERSONS, Line, ends_before, line, rate, rows_of
from .doings import CERTIFIED, EXCUSED, MISSIONS
from .facts import AS_OF, Facts, sessions
from .learning import first_completions
from .people import COHORTS, Row, day, lines


@dataclass
class Mission:
    """``ways``: by alternative its requirements, each a kind, a target and a threshold."""

    cohort: str
    name: str
    due: date
    is_mandatory: bool
    ways: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Standing:
    person: str
    mission: Mission
    due: date
    status: str
    is_out: bool


def missions() -> list[Mission]:
    found: dict[tuple[str, str], Mission] = {}
    for cohort, name, due, way, requirement, target, threshold, mandatory in lines(MISSIONS):
        mission = found.setdefault((cohort, name), Mission(cohort, name, day(due), mandatory != "no"))
        mission.ways[way].append((requirement, target, threshold))
    return sorted(found.values(), key=lambda mission: mission.due)


def _met_at(facts: Facts, person: str, mission: Mission) -> datetime | None:
    """When the first alternative was met as a whole."""
    moments = []
    for asked in mission.ways.values():
        times = [_reached(facts, person, mission.cohort, *one) for one in asked]
        if all(times):
            moments.append(max(at for at in times if at))
    return min(moments, default=None)


def _reached(facts: Facts, person: str, cohort: str, kind: str, target: str, threshold: str) -> datetime | None:
    begins = COHORTS[cohort][0]
    if kind == "course":
        done = [first_completions().get((person, course)) for course in target.split("|")]
        return max(one.at for one in done if one) if all(done) else None
    if kind == "certification":
        issued = [day(on) for who, what, on in CERTIFIED if (who, what) == (person, target)]
        return datetime.combine(min(issued), time()) if issued else None
    if kind == "attendance":
        came = sorted(
            one.at
            for one in sessions()
            if one.kind == target and person in one.attended and begins <= one.at.date() <= AS_OF
        )
        return came[int(threshold) - 1] if len(came) >= int(threshold) else None
    total = Fraction(0)
    for at, _, xp, _ in facts.learned.get(person, ()):
        total += xp if at.date() >= begins else 0
        if total >= int(threshold):
            return at
    return None


def learners(cohort: str) -> dict[str, list[Row]]:
    """The learners of the cohort with their rows that began by the day of the figures."""
    found = defaultdict(list)
    for person in PERSONS:
        for row in rows_of(person):
            if row.cohort == cohort and row.role in ("learner", None) and row.begins <= AS_OF:
                found[person].append(row)
    return found


def standings(facts: Facts) -> tuple[list[Standing], list[tuple[str, Mission]]]:
    """Everybody in a mission, and who left before one without being out."""
    found: list[Standing] = []
    left: list[tuple[str, Mission]] = []
    for cohort in COHORTS:
        for person, rows in learners(cohort).items():
            out_since: date | None = None
            for mission in (one for one in missions() if one.cohort == cohort):
                exception = {who: until for who, name, until in EXCUSED if name == mission.name}
                until = exception.get(person)
                due = day(until) if until else mission.due
                seen = min(due, AS_OF)
                if out_since is not None and due > out_since:
                    continue
                if all(ends_before(row) <= seen for row in rows):
                    left.append((person, mission))
                elif any(row.begins <= seen < ends_before(row) for row in rows):
                    status = "excused" if person in exception and not until else _status(facts, person, mission, due)
                    is_out = mission.is_mandatory and status in ("late", "missed")
                    out_since = due if is_out else out_since
                    found.append(Standing(person, mission, due, status, is_out))
    return found, left


def _status(facts: Facts, person: str, mission: Mission, due: date) -> str:
    at = _met_at(facts, person, mission)
    if at is not None:
        return "met" if at.date() <= due else "late"
    return "missed" if due <= AS_OF else "pending"


def mission_table(facts: Facts) -> Iterator[Line]:
    """``kpi.missions``."""
    found, left = standings(facts)
    for mission in missions():
        here = [one for one in found if (one.mission.cohort, one.mission.name) == (mission.cohort, mission.name)]
        statuses = [one.status for one in here]
        so_far = {one.name for one in missions() if one.cohort == mission.cohort and one.due <= mission.due}
        out = {one.person for one in found if one.is_out and _is_of(one.mission, mission.cohort, so_far)}
        gone = {person for person, one in left if _is_of(one, mission.cohort, so_far)}
        members = len(learners(mission.cohort))
        remaining = members - len(out) - len(gone - out)
        yield line(
            ("cohort", "mission"),
            (mission.cohort, mission.name),
            due_at=datetime.combine(mission.due, time(14, 59, 59, 999999)),  # midnight in Seoul is 15:00 in UTC
            members=len(here),
            **{status: statuses.count(status) for status in ("met", "late", "missed", "pending", "excused")},
            on_time_rate=rate(statuses.count("met"), len(here)),
            eliminated=sum(one.is_out for one in here),
            remaining=remaining,
            survival_rate=rate(remaining, members),
            cohort_members=members,
            is_mandatory=mission.is_mandatory,
            left_before=len(gone - out),
        )


def _is_of(mission: Mission, cohort: str, names: set[str]) -> bool:
    return mission.cohort == cohort and mission.name in names
