"""Small random programs that sit on the boundaries of the KPI dictionary; one seed, one program.

Belongs here: what volunteers' data can look like at its edges. Does not belong here: what the figures then are.

Left out, because the dictionary does not decide them: two different events of one rank at one instant of one seat,
two rules of one review month for one study mode, two rows of one cohort that begin on one day, and two results of one
applicant at one instant.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from .oracle_calendar import DAY, day_of, days, month_after, month_end, month_of, months
from .oracle_seats import ORDER
from .oracle_staging import Case, File, TextRow, World

T = TypeVar("T")

ZONES = ("Asia/Seoul", "Asia/Seoul", "Europe/London", "America/New_York", "UTC", "Asia/Kolkata", "America/Sao_Paulo")
FIRST_MONTHS = ("2020-01", "2023-12", "2024-02", "2021-02", "2022-10", "2023-03", "2018-10", "2022-08")
CLOCKS = ("00:00:00", "00:00:00", "23:59:59", "23:59:59", "23:59:59.999999", "12:00", "09:30:15.5", "")
OFFSETS = ("Z", "+09:00", "-05:00", "+05:30", "-12:00", "+14:00")
COURSES = ("Python", "R", "SQL, advanced", "통계", "Dashboards")
MEMBERS = ("m1", "m2", "M3", "김하나", "m-5", "m6", "m7", "m8")
STRANGERS = ("stranger", "Nobody@x.org", "who, me", "낯선 사람")
COHORTS = ("2021-H2", "2022-H1", "가을")
POOLS = ("datacamp", "coursera")
MODES = ("individual", "individual", "individual", "group", "")


class Program:
    """One program in the making."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.seed = seed
        self.zone = ZoneInfo(self.pick(ZONES))
        self.first = day_of(self.pick(FIRST_MONTHS))
        self.last = month_end(month_after(self.first, self.rng.randint(1, 3)))
        self.members = list(MEMBERS[: self.pick((1, 2, 4, 5, 6, 7, 8, 8))])
        self.pools = list(POOLS[: self.rng.choice((1, 1, 2))])
        self.minimum: float | int = self.pick((1000, 1000, 1, 10, 31, 100, 0, 0.5))
        self.settings: dict[str, Any] = {"timezone": self.zone.key}
        self.rows: dict[str, list[TextRow]] = {}
        self.names: dict[str, list[str]] = {}

    # -- chance ---------------------------------------------------------------------------------------------------

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return self.rng.choice(choices)

    def chance(self, share: float) -> bool:
        """True that often."""
        return self.rng.random() < share

    def day(self) -> date:
        """A day of the program, on an edge of a month more often than not."""
        month = self.pick(list(months(self.first, self.last)))
        edges = (month, month + DAY, month_end(month), month_end(month) - DAY)
        return self.pick(edges) if self.chance(0.5) else self.first + timedelta(self.rng.randint(-3, self.span + 3))

    def late(self) -> date:
        """A day of the second half of the program."""
        return self.first + timedelta(self.rng.randint(self.span // 2, self.span))

    @property
    def span(self) -> int:
        """Days of the program."""
        return (self.last - self.first).days

    def stamp(self, day: date) -> str:
        """An instant of the local day as text: bare, local, in UTC or with another offset."""
        clock = self.pick(CLOCKS)
        if not clock:
            return day.isoformat()
        style = self.rng.random()
        if style < 0.4:
            return f"{day}{self.pick('T ')}{clock}"
        local = datetime.combine(day, time.fromisoformat(clock), self.zone).astimezone(UTC)
        offset = self.pick(OFFSETS)
        if offset == "Z":
            return local.replace(tzinfo=None).isoformat() + "Z"
        shift = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[4:]))
        return local.astimezone(timezone(shift)).replace(tzinfo=None).isoformat() + offset

    def name(self, member: str) -> str:
        """One of the member's names as somebody might write it; now and then a stranger's."""
        if self.chance(0.04):
            return self.pick(STRANGERS)
        written = self.pick(self.names.get(member, [member])) if self.chance(0.4) else member
        return f" {written} " if self.chance(0.05) else written

    # -- persons --------------------------------------------------------------------------------------------------

    def cohorts(self) -> None:
        """Bounds of some cohorts."""
        found = []
        for cohort in COHORTS:
            if self.chance(0.6):
                first, last = sorted((self.day(), self.day()))
                bounds = {"starts_on": first, "ends_on": last}
                found.append({"id": cohort, **{key: day for key, day in bounds.items() if self.chance(0.9)}})
        if found:
            self.settings["cohorts"] = found

    def roster(self) -> None:
        """Rows with overlaps, gaps, equal starts and beginnings after `as_of`; members without any."""
        bounds = {
            c["id"]: (c.get("starts_on", date.min), c.get("ends_on", date.max))
            for c in self.settings.get("cohorts", [])
        }
        rows: list[TextRow] = []
        for member in self.members:
            taken: set[tuple[date, str]] = set()
            for _ in range(self.pick((0, 1, 1, 1, 2, 3))):
                cohort = self.pick(COHORTS)
                first, last = bounds.get(cohort, (date.min, date.max))
                joined = self.pick((None, self.day(), self.day()))
                begins = joined or first
                left = self.pick((None, None, self.day(), self.last + DAY))
                if (left or last) <= begins or (begins, cohort) in taken:
                    continue
                taken.add((begins, cohort))
                rows.append(
                    {
                        "member": member,
                        "cohort": cohort,
                        "email": self.pick(("", f"{self.ascii(member)}@x.org", f"{self.ascii(member)}@X.org")),
                        "role": self.pick(("learner", "learner", "learner", "builder", "staff", "")),
                        "study_mode": self.pick(MODES),
                        "study_group": self.pick(("g1", "g2", "")),
                        "track": self.pick(("analyst", "engineer", "unlisted", "")),
                        "joined_on": joined.isoformat() if joined else "",
                        "left_on": left.isoformat() if left else "",
                    }
                )
        self.rows["roster"] = rows

    def ascii(self, member: str) -> str:
        """The part of an e-mail address before the at sign, with letters that case folding and NFC change."""
        return f"{MEMBERS.index(member)}.Straße.é"

    def aliases(self) -> None:
        """Other names, e-mail addresses in other spellings, and a name that two members share."""
        rows: list[TextRow] = []
        for member in self.members:
            address = f"{self.ascii(member)}@x.org"
            spellings = (address.upper(), address.casefold(), unicodedata.normalize("NFD", address), f"alt-{member}")
            self.names[member] = [member, *spellings]
            if self.chance(0.5):
                rows.append({"member": member, "kind": "platform", "value": f"alt-{member}"})
            if self.chance(0.3):
                rows.append({"member": member, "kind": "email", "value": f"{address.title()}"})
                self.names[member].append(address.swapcase())
        if len(self.members) > 1 and self.chance(0.3):
            rows += [{"member": m, "kind": "survey", "value": "both"} for m in self.members[:2]]
            self.names[self.members[0]].append("both")
        if self.chance(0.2):
            rows.append({"member": self.members[-1], "kind": "platform", "value": self.members[0]})
        self.rows["aliases"] = rows

    # -- seats ----------------------------------------------------------------------------------------------------

    def seats(self) -> None:
        """Capacities, dated, 0 among them; sometimes none."""
        found = {}
        for pool in self.pools:
            for _ in range(self.pick((0, 1, 1, 2, 3))):
                begins = self.pick((self.first, self.day()))
                found[pool, begins] = {"pool": pool, "from": begins, "capacity": self.pick((0, 1, 2, 3, 5, 8, 60))}
        if found:
            self.settings["seats"] = [found[key] for key in found]

    def seat_events(self) -> None:
        """A walk through the states per member and pool, with strays, repeats and events at one instant."""
        walk = ("invited", "accepted", "reclaimed", "invited", "accepted", "returned")
        rows: list[TextRow] = []
        configured = {seat["pool"] for seat in self.settings.get("seats", [])}
        for member in [*self.members, self.pick(STRANGERS)]:
            for pool in self.pools:
                on, length = (
                    self.pick((self.day(), self.first + timedelta(self.rng.randint(-3, 20)))),
                    self.pick((0, 1, 2, 2, 2, 2, 3, 5, 7)),
                )
                text = self.stamp(on)
                for step in range(length):
                    what = walk[step % len(walk)] if self.chance(0.8) else self.pick(sorted(ORDER))
                    left_out = configured == {pool} and self.chance(0.3)
                    name = self.name(member) if member in self.members else member
                    row = {"member": name, "event": what, "occurred_at": text, "pool": "" if left_out else pool}
                    rows.append(row)
                    if self.chance(0.75):
                        on += timedelta(self.pick((0, 0, 1, 1, 3, 10, 29, 30, 31, 45)))
                        text = self.stamp(on)
        self.rng.shuffle(rows)
        self.rows["seat_events"] = rows

    def seat_snapshots(self) -> None:
        """Exports of states, with the dates of invitation and acceptance or without."""
        exports = sorted({self.day() for _ in range(self.rng.randint(1, 4))})
        dated = self.chance(0.5)
        rows: list[TextRow] = []
        for member in self.members:
            pool, state, since = self.pick(self.pools), "", {"invited_at": "", "accepted_at": ""}
            for before, on in pairwise([exports[0] - 20 * DAY, *exports]):
                following = {
                    "": "invited active",
                    "invited": "active removed",
                    "active": "removed",
                    "removed": "invited",
                }
                if self.chance(0.7):
                    state = self.pick(following[state].split())
                    day = before + timedelta(self.rng.randint(1, max(1, (on - before).days)))
                    if dated and state == "invited":
                        since = {"invited_at": self.stamp(day), "accepted_at": ""}
                    if dated and state == "active":
                        since = {**since, "accepted_at": self.stamp(day)}
                if state:
                    row = {"member": self.name(member), "status": state, "exported_at": f"{on}T08:00:00", "pool": pool}
                    rows.append({**row, **since})
        self.rows["seat_snapshots"] = rows

    # -- learning -------------------------------------------------------------------------------------------------

    def activity(self) -> dict[str, Any]:
        """Monthly sums just under, at and just over the minimum; runs of days without a row; returns entry options."""
        rows: list[TextRow] = []
        style = self.pick(("xp", "xp", "xp", "both", "none", "strangers"))
        for member in self.members:
            for month in months(self.first, self.last):
                if self.chance(0.7):
                    rows += self.month_of_learning(member, month, style)
        quiet = set(days(gap := self.day(), gap + timedelta(self.pick((0, 0, 1, 2, 3, 4, 6)))))
        if self.chance(0.85):
            step = self.pick((1, 1, 1, 2, 4))
            rows += [
                {"member": "heartbeat", "occurred_at": self.stamp(day), "xp": "5" if style == "strangers" else ""}
                for number, day in enumerate(days(self.first, self.last))
                if number % step == 0 and (day not in quiet or self.chance(0.02))
            ]
        self.rng.shuffle(rows)
        self.rows["activity"] = rows
        return self.pick(
            ({}, {}, {}, {"max_gap_days": 0}, {"max_gap_days": 1}, {"max_gap_days": None}, {"covers": "all"})
        )

    def month_of_learning(self, member: str, month: date, style: str) -> list[TextRow]:
        """Some days of a month whose XP sum to something near the minimum."""
        target = self.minimum + self.pick((-1, -0.0001, 0, 0, 1, 3, -self.minimum, -self.minimum / 2))
        left = max(0.0, target)
        rows: list[TextRow] = []
        count = self.rng.randint(1, 5)
        for number in range(count):
            day = self.pick((month, month_end(month), month + timedelta(self.rng.randint(0, 27))))
            part = left if number == count - 1 else float(self.rng.randint(0, int(left)))
            left -= part
            row = {
                "member": self.name(member),
                "occurred_at": self.stamp(day),
                "course": self.pick((*COURSES, "")),
                "kind": self.pick(("exercise", "")),
                "xp": f"{part:.4f}" if style in ("xp", "both") and (part or self.chance(0.5)) else "",
                "minutes": str(self.rng.randint(0, 90)) if style == "both" and self.chance(0.8) else "",
            }
            rows += [row, dict(row)] if self.chance(0.05) else [row]
        return rows

    def completions(self) -> None:
        """Several of one course, starts after the end, courses outside the catalog."""
        rows: list[TextRow] = []
        for member in self.members:
            for _ in range(self.rng.randint(0, 4)):
                on = self.day()
                started = self.pick(("", self.stamp(on), self.stamp(on - timedelta(self.rng.randint(-2, 20)))))
                course = self.pick(COURSES)
                row = {
                    "member": self.name(member),
                    "course": course,
                    "completed_at": self.stamp(on),
                    "started_at": started,
                }
                rows += [row, {**row, "started_at": self.stamp(on - DAY)}] if self.chance(0.1) else [row]
        self.rows["completions"] = rows

    def catalog(self) -> None:
        """Courses of one track, of two, of none; hours 0 or empty."""
        rows = []
        for course in COURSES[: self.rng.randint(1, len(COURSES))]:
            for track in self.pick((("analyst",), ("analyst", "engineer"), ("",), ("engineer",))):
                rows.append({"course": course, "track": track, "hours": self.pick(("4", "2.5", "0", ""))})
        self.rows["catalog"] = rows

    # -- policies -------------------------------------------------------------------------------------------------

    def review(self) -> None:
        """Up to three rules of different months, exemptions, leave that touches a month, a rotation budget."""
        begins = self.rng.sample([month_after(self.first, n) for n in (-1, 0, 1, 2)], self.pick((0, 1, 2, 2, 3)))
        rules = []
        for number, month in enumerate(begins):
            rule: dict[str, Any] = {"id": f"rule-{number}", "from": month.isoformat()[:7]}
            if self.chance(0.7):
                rule["minimum_xp"] = self.minimum
            if mode := self.pick((None, None, "individual", "individual", "group")):
                rule["study_mode"] = mode
            if self.chance(0.4):
                rule["minimum_active_days"] = self.rng.randint(0, 3)
            if first_month := self.pick((None, "exempt", "full", "prorated", "prorated")):
                rule["first_month"] = first_month
            rules.append(rule)
        review: dict[str, Any] = {"rules": rules}
        exempt: dict[str, Any] = {}
        if self.chance(0.4):
            exempt["roles"] = ["builder", "staff"]
        if self.chance(0.4):
            exempt["leave"] = [self.leave() for _ in range(self.rng.randint(1, 2))]
        if exempt:
            review["exempt"] = exempt
        if self.chance(0.5):
            half = month_after(self.first, 2)
            ends = self.pick((half - DAY, half, half + DAY))
            terms = [{"from": self.first, "to": ends}, {"from": ends + DAY, "to": self.last + timedelta(40)}]
            review["rotation_budget"] = {
                "share": self.pick((0.2, 0.34, 0.5, 1, 0, 0.1)),
                "terms": terms[: self.rng.randint(1, 2)],
            }
        self.settings["review"] = review
        if self.chance(0.3):
            self.settings["what_if"] = {"minimum_xp": [0, 1, 10, 999, 1000, 1001]}

    def leave(self) -> dict[str, Any]:
        """A leave that begins or ends on the edge of a month."""
        first = self.day()
        found: dict[str, Any] = {"member": self.pick(self.names.get(m := self.pick(self.members), [m])), "from": first}
        if self.chance(0.8):
            found["to"] = first + timedelta(self.pick((0, 1, 30)))
        return found

    def applications(self) -> None:
        """Results that change, stages listed or not, applicants who are members already."""
        stages = ["screening", "quiz", "accepted"]
        rows: list[TextRow] = []
        for applicant in [*self.members[:3], "new one", "새 사람", "Zoe", "zoe"]:
            cohort, pool = self.pick(COHORTS), self.pick((*self.pools, ""))
            applied = self.pick(("", self.stamp(self.day())))
            for stage in stages[: self.rng.randint(0, 3)]:
                for _ in range(self.pick((1, 1, 2))):
                    result = self.pick(("passed", "passed", "passed", "failed", "pending", "withdrawn"))
                    name = self.name(applicant) if applicant in self.members else applicant
                    decided = self.stamp(self.day())
                    rows.append(
                        {
                            "applicant": name,
                            "cohort": cohort,
                            "stage": stage,
                            "result": result,
                            "decided_at": decided,
                            "applied_at": applied,
                            "pool": pool,
                        }
                    )
        self.rows["applications"] = rows
        if self.chance(0.5):
            self.settings["applications"] = {"stages": self.rng.sample(stages, self.rng.randint(1, 3))}

    def surveys(self) -> None:
        """Answers given twice, multi-select, ratings, nobody's, strangers'; a survey that nobody declared."""
        questions = {
            "helped": {"kind": "single"},
            "liked": {"kind": "multi"},
            "recommend": {"kind": "rating", "scale": self.pick(([0, 10], [1, 5]))},
            "story": {"kind": "text"},
        }
        declared: dict[str, Any] = {"id": "year-1", "questions": questions}
        if self.chance(0.7):
            declared["cohorts"] = self.rng.sample(COHORTS, self.rng.randint(1, 3))
        if self.chance(0.6):
            declared["goal_helped"] = {"question": "helped", "option": "yes"}
        self.settings["surveys"] = [declared]
        rows: list[TextRow] = []
        for number in range(self.rng.randint(0, 8)):
            member = self.pick(("", self.name(self.pick(self.members)), self.name(self.pick(self.members))))
            at = f"{self.day()}T{self.rng.randint(0, 23):02}:{self.rng.randint(0, 59):02}:{number:02}"
            base = {
                "survey": self.pick(("year-1", "year-1", "year-1", "undeclared")),
                "response": f"r{number}",
                "submitted_at": at,
                "member": member,
            }
            given = [("helped", self.pick(("yes", "no", "", "예")))]
            given += [("liked", option) for option in self.rng.sample(("a", "b, c", "d"), self.rng.randint(0, 3))]
            given += [("recommend", self.pick(("", "1", "2", "3", "4", "5")))]
            given += [("story", "=1+1"), ("unasked", "x")]
            rows += [{**base, "question": question, "answer": answer} for question, answer in given]
        self.rows["survey_responses"] = rows

    def aims(self) -> None:
        """Targets at, just over and just under simple fractions, and what a peer reaches."""
        kpis = ("adoption_rate", "engagement_rate", "seat_utilization", "reclaim_rate", "course_completion_rate")
        self.settings["targets"] = {kpi: self.pick((0, 0.5, 0.75, 0.8, 1, 0.526)) for kpi in self.rng.sample(kpis, 4)}
        self.rows["benchmarks"] = [
            {"kpi": kpi, "peer": "other", "period": "2022", "value": "0.61"} for kpi in self.rng.sample(kpis, 2)
        ]

    def spoil(self) -> None:
        """Cells that cannot be read, so that their rows are rejected."""
        for source, column, values in (
            ("seat_events", "event", ("Accepted", "teleported", "")),
            ("seat_events", "occurred_at", ("2023-02-29", "yesterday", "2024-01-05 25:00", "")),
            ("applications", "result", ("maybe", "")),
            ("activity", "xp", ("1,000", "a lot", "1e3")),
        ):
            for row in self.rng.sample(rows := self.rows.get(source, []), min(len(rows), 1)):
                row[column] = self.pick(values)

    # -- the whole ------------------------------------------------------------------------------------------------

    def split(self, source: str) -> tuple[File, ...]:
        """The rows as one export, or as two that overlap and restate each other."""
        rows = self.rows[source]
        if (
            source in ("roster", "aliases", "catalog", "survey_responses", "seat_snapshots", "benchmarks")
            or len(rows) < 4
            or self.chance(0.7)
        ):
            return (File(tuple(rows)),)
        cut = self.rng.randint(1, len(rows) - 1)
        again = [dict(row) for row in self.rng.sample(rows[:cut], self.rng.randint(0, min(5, cut)))]
        for row in again:
            if source == "activity" and row.get("xp"):
                row["xp"] = str(self.pick((0, 1, self.minimum, 7)))
            if source == "applications":
                row["result"] = self.pick(("passed", "failed"))
        return (File(tuple(rows[:cut])), File((*rows[cut:], *again)))

    def as_of(self) -> date | None:
        """Left out, mid-month, on the last day of a month or the day before, or after all data."""
        return self.pick(
            (
                None,
                None,
                self.day(),
                self.late(),
                month_end(self.late()),
                self.last,
                self.last - DAY,
                self.last + 9 * DAY,
            )
        )


def by_months(case: Case) -> Case:
    """The case with its activity in a file per month, whose name declares it; one may be cut or not have come."""
    rng, world = Random(case.name), World(case)
    texts: dict[date, list[TextRow]] = defaultdict(list)
    for file in case.files.get("activity", ()):
        for text in file.rows:
            if row := world.typed("activity", text):
                texts[month_of(world.day(row["occurred_at"]))].append(text)
    files = []
    for month in sorted(texts):
        first, last = month + rng.choice((0, 0, 0, 0, 1)) * DAY, month_end(month) - rng.choice((0, 0, 0, 0, 1)) * DAY
        if rng.random() < 0.9:
            files.append(File(tuple(texts[month]), (first, last)))
    covers = {"filename": r"activity-(?P<from>\d{4}-\d\d-\d\d)_(?P<to>\d{4}-\d\d-\d\d)"}
    sources = {**case.files, "activity": tuple(files)} if files else case.files
    return replace(case, files=sources, activity={"covers": covers} if files else case.activity)


def unambiguous(
    case: Case, source: str, instant: str, twins: Callable[[dict[str, Any]], tuple[Hashable, Hashable]]
) -> Case:
    """The case without rows that another row contradicts at one instant: ``twins`` gives what is decided, and how."""
    world = World(case)
    name = "applicant" if source == "applications" else "member"
    seen: dict[Hashable, Hashable] = {}
    files = []
    for file in case.files.get(source, ()):
        kept = []
        for text in file.rows:
            row = world.typed(source, text)
            if row is None:
                kept.append(text)
                continue
            person = world.names.resolve(row[name]) or f"name:{row[name]}"
            what, how = twins(row)
            if seen.setdefault((person, row[instant], what), how) == how:
                kept.append(text)
        if kept:
            files.append(File(tuple(kept)))
    return replace(case, files={**case.files, source: tuple(files)})


def generate(seed: int) -> Case:
    """The program of that seed."""
    program = Program(seed)
    program.cohorts()
    if program.chance(0.85):
        program.roster()
    if program.chance(0.6):
        program.aliases()
    program.seats()
    if program.chance(0.85):
        program.seat_events()
    if "seat_events" not in program.rows or program.chance(0.1):
        program.seat_snapshots()
    entry = program.activity() if program.chance(0.95) else {}
    program.review()
    for part, share in (
        (program.completions, 0.7),
        (program.catalog, 0.7),
        (program.applications, 0.6),
        (program.surveys, 0.6),
        (program.aims, 0.5),
    ):
        if program.chance(share):
            part()
    if program.chance(0.3):
        program.settings["engagement"] = {"window_days": program.pick((1, 7, 28, 31))}
    if program.chance(0.15):
        program.spoil()
    files = {source: program.split(source) for source, rows in program.rows.items() if rows}
    case = Case(f"seed {seed}", program.settings, files, program.as_of(), entry)
    case = unambiguous(
        case, "seat_events", "occurred_at", lambda row: ((row.get("pool"), ORDER[row["event"]]), row["event"])
    )
    case = unambiguous(case, "completions", "completed_at", lambda row: (row["course"], row["member"]))
    return unambiguous(
        case, "applications", "decided_at", lambda row: ("", (row["applicant"], row["cohort"], row["stage"]))
    )
