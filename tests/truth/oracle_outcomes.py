"""What became of members, and how far applicants came: core.graduates, kpi.outcomes, kpi.outcome_timeline, kpi.funnel.

Belongs here: counting those who completed, were certified and placed. Does not belong here: missions, applications by
stage.

Readings chosen:
- the kind placement is worked out, never taken from a file;
- days from completion may be negative; what happened before the completion's month counts from month 0 on;
- "where nobody says" is of the cohort: no member there has ``seeking`` filled in;
- a placement is of a completed cohort, its rows those of members who look for one, and it has a row where outcomes are
  provided; an internship or job belongs to the cohort last joined by then.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from .oracle_calendar import day_of, median, months, rate
from .oracle_missions import Missions
from .oracle_slices import NONE
from .oracle_staging import Row, World

PLACED = ("internship", "job")
PLACEMENT = "placement"


class Outcomes:
    """Outcomes of known members by cohort."""

    def __init__(self, world: World, missions: Missions) -> None:
        self.world, self.missions, self.members = world, missions, missions.members
        self.rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in world.counted("outcomes", "occurred_on"):
            if row["member_id"] is not None and row["kind"] != PLACEMENT:
                cohort = missions.roster.last_joined(row["member_id"], row["on"])
                self.rows[cohort, row["kind"]].append(row)
        self.groups: dict[tuple[str, str], tuple[dict[str, date], int | None, int]] = {}
        for (cohort, kind), rows in self.rows.items():
            base = len(self.members[cohort]) if cohort != NONE else None
            self.groups[cohort, kind] = (_earliest(rows), base, _organizations(rows))
        for cohort in sorted({cohort for cohort, _ in missions.graduates}):
            self._placement(cohort)

    def _placement(self, cohort: str) -> None:
        completed = {member for of, member in self.missions.graduates if of == cohort}
        says = any(period.seeking is not None for period in self.members[cohort].values())
        base = {m for m in completed if not says or self.members[cohort][m].seeking}
        rows = [row for kind in PLACED for row in self.rows.get((cohort, kind), ()) if row["member_id"] in base]
        if base and self.world.case.files.get("outcomes"):
            self.groups[cohort, PLACEMENT] = (_earliest(rows), len(base), _organizations(rows))

    def ends_on(self, cohort: str) -> date | None:
        """The cohort's last day."""
        listed: list[Row] = self.world.case.settings.get("cohorts", [])
        found = next((one for one in listed if one["id"] == cohort), {})
        return day_of(found["ends_on"]) if found.get("ends_on") else None


def _earliest(rows: list[Row]) -> dict[str, date]:
    found: dict[str, date] = {}
    for row in rows:
        found[row["member_id"]] = min(row["on"], found.get(row["member_id"], row["on"]))
    return found


def _organizations(rows: list[Row]) -> int:
    return len({row["organization"] for row in rows if row.get("organization") is not None})


def graduates(missions: Missions) -> list[Row]:
    """core.graduates."""
    return [
        {"cohort": cohort, "member_id": member, "completed_at": at}
        for (cohort, member), at in missions.graduates.items()
    ]


def outcomes(found: Outcomes) -> list[Row]:
    """kpi.outcomes."""
    rows = []
    for (cohort, kind), (first, base, organizations) in found.groups.items():
        end = found.ends_on(cohort)
        rows.append(
            {
                "cohort": cohort,
                "kind": kind,
                "members": len(first),
                "share": rate(len(first), base),
                "median_days_from_completion": median((on - end).days for on in first.values()) if end else None,
                "organizations": organizations,
            }
        )
    return rows


def outcome_timeline(found: Outcomes) -> list[Row]:
    """kpi.outcome_timeline."""
    rows = []
    for (cohort, kind), (first, base, _) in found.groups.items():
        end = found.ends_on(cohort)
        if end is None or end > found.world.as_of:
            continue
        for since, month in enumerate(months(end, found.world.as_of)):
            members = sum((on.year, on.month) <= (month.year, month.month) for on in first.values())
            row = {"cohort": cohort, "kind": kind, "months_since": since, "cumulative_members": members}
            rows.append({**row, "cumulative_share": rate(members, base)})
    return rows
