"""Selection: kpi.funnel, kpi.application_channels.

Belongs here: how far applicants came, and through which channel. Does not belong here: kpi.applications (``people``).

Readings chosen:
- an applicant of a stage has passed it by the last result there; who skipped a stage has not passed it;
- days between two steps are calendar days; where the later one came first they are left out;
- an applicant's channel and role are those of the last row of the cohort that has one;
- what comes after selection has a row where a source tells of it;
- who waits does so since applying, else since the first result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from .oracle_calendar import median, rate
from .oracle_missions import Missions
from .oracle_outcomes import PLACED
from .oracle_people import stage_positions
from .oracle_slices import NONE
from .oracle_staging import Row, World

TELLING = {"completed": ("missions", "catalog"), "certified": ("certifications",), "placed": ("outcomes",)}
PATIENCE = timedelta(days=60)


class Selection:
    """Applicants by cohort, each with the last result at every stage."""

    def __init__(self, world: World, missions: Missions) -> None:
        self.world, self.missions = world, missions
        rows = sorted(world.counted("applications", "decided_at"), key=lambda row: row["decided_at"])
        self.positions = stage_positions(world)
        self.last: dict[str, dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
        self.rows: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            person = row["member_id"] or f"name:{row['applicant']}"
            self.last[row["cohort"]][person][row["stage"]] = row
            self.rows[row["cohort"]][person].append(row)
        self.certified = self._first("certifications", "issued_on")
        self.placed = self._first("outcomes", "occurred_on", lambda row: row["kind"] in PLACED)

    def _first(self, source: str, column: str, wanted: Callable[[Row], bool] = bool) -> dict[str, date]:
        found: dict[str, date] = {}
        for row in self.world.counted(source, column):
            if row["member_id"] is not None and wanted(row):
                found[row["member_id"]] = min(row["on"], found.get(row["member_id"], row["on"]))
        return found

    def stages(self, cohort: str) -> list[tuple[int, str, Mapping[str, date | None]]]:
        """The steps of a cohort in order: place, name, and who passed each by itself on which day."""
        people = self.last[cohort]
        found: list[tuple[int, str, Mapping[str, date | None]]] = []
        for stage in sorted({stage for stages in people.values() for stage in stages}, key=self.positions.__getitem__):
            rows = {who: stages[stage] for who, stages in people.items() if stage in stages}
            passed = {who: row["on"] for who, row in rows.items() if row["result"] == "passed"}
            found.append((self.positions[stage], stage, passed))
        completed = {
            member: self.world.day(at) if at else None
            for (of, member), at in self.missions.graduates.items()
            if of == cohort
        }
        later: dict[str, Mapping[str, date | None]] = {"completed": completed}
        later |= {"certified": self.certified, "placed": self.placed}
        for place, (stage, reached) in enumerate(later.items(), start=1):
            files = self.world.case.files
            if any(files.get(source) and (source != "missions" or self._asks(cohort)) for source in TELLING[stage]):
                found.append((len(self.positions) + place, stage, reached))
        return found

    def _asks(self, cohort: str) -> bool:
        """Whether the cohort can be completed by missions: one is mandatory in every row that the files have of it."""
        if any(of == cohort for of, _ in self.missions.graduates):
            return True
        asked: dict[str, bool] = {}
        for row in self.world.facts["missions"]:
            if row["cohort"] == cohort:
                is_asked = row.get("mandatory") is not False
                asked[row["mission"]] = asked.get(row["mission"], True) and is_asked
        return any(asked.values())


def funnel(selection: Selection) -> list[Row]:
    """kpi.funnel."""
    rows = []
    for cohort, people in selection.last.items():
        applied = {
            who: selection.world.day(min(given))
            for who in people
            if (given := [row["applied_at"] for row in selection.rows[cohort][who] if row.get("applied_at")])
        }
        before: int | None = None
        first: int | None = None
        days: Mapping[str, date | None] = applied
        still = set(people)
        for position, stage, passed in selection.stages(cohort):
            still &= set(passed)
            steps = [(days.get(who), passed[who]) for who in still]
            spans = [(end - start).days for start, end in steps if start is not None and end is not None]
            rows.append(
                {
                    "cohort": cohort,
                    "position": position,
                    "stage": stage,
                    "passed": len(still),
                    "share_of_previous": None if before is None else rate(len(still), before),
                    "share_of_first": rate(len(still), len(still) if first is None else first),
                    "median_days": median(span for span in spans if span >= 0),
                }
            )
            before, days = len(still), passed
            first = before if first is None else first
    return rows


def application_channels(selection: Selection) -> list[Row]:
    """kpi.application_channels."""
    as_of = selection.world.as_of
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for cohort, people in selection.rows.items():
        for who, rows in people.items():
            role, channel = (
                next((row[c] for row in reversed(rows) if row.get(c) is not None), NONE) for c in ("role", "channel")
            )
            groups[cohort, role, channel].append(who)
    found = []
    for (cohort, role, channel), members in groups.items():
        final = max(
            (s for stages in selection.last[cohort].values() for s in stages),
            key=lambda stage: selection.positions[stage],
        )
        accepted, lengths, waiting = 0, [], 0
        for who in members:
            last = max(selection.last[cohort][who].values(), key=lambda row: row["decided_at"])
            applied = [row["applied_at"] for row in selection.rows[cohort][who] if row.get("applied_at")]
            since = selection.world.day(min(applied)) if applied else selection.rows[cohort][who][0]["on"]
            at_end = selection.last[cohort][who].get(final)
            accepted += at_end is not None and at_end["result"] == "passed"
            waiting += last["result"] == "pending" and as_of - since > PATIENCE
            if last["result"] != "pending" and applied and last["on"] >= since:
                lengths.append((last["on"] - since).days)
        found.append(
            {
                "cohort": cohort,
                "role": role,
                "channel": channel,
                "applicants": len(members),
                "accepted": accepted,
                "acceptance_rate": rate(accepted, len(members)),
                "median_days_to_decision": median(lengths),
                "unanswered": waiting,
            }
        )
    return found
