"""The parts of a generated program: rosters, seats, learning, policies, what people say.

Belongs here: rows of each source and the settings that go with them. Does not belong here: single values
(``generate_draw``), the program as a whole (``generate``).
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from .generate_draw import Draw
from .oracle_calendar import DAY, days, instant, month_after, month_end, months
from .oracle_seats import ORDER
from .oracle_staging import File, TextRow

COURSES = ("Python", "R", "SQL, advanced", "통계", "Dashboards")
MEMBERS = ("m1", "m2", "M3", "김하나", "m-5", "m6", "m7", "m8")
STRANGERS = ("stranger", "Nobody@x.org", "who, me", "낯선 사람")
COHORTS = ("2021-H2", "2022-H1", "가을")
POOLS = ("datacamp", "coursera")
MODES = ("individual", "individual", "individual", "group", "")


class Program(Draw):
    """One program in the making. A busy one has eight members who hold seats, and reviews that take some back."""

    def __init__(self, seed: int, like: int | None = None) -> None:
        super().__init__(seed, like)
        self.is_busy = self.chance(0.5)
        self.members = list(MEMBERS[: 8 if self.is_busy else self.pick((1, 2, 4, 5, 6, 7, 8))])
        self.pools = list(POOLS[: self.pick((1, 1, 1, 2) if self.is_busy else (1, 1, 2))])
        self.minimum: float | int = self.pick((1000, 1000, 1, 10, 31, 100, 0, 0.5))
        if like is not None:
            self.minimum = Program(like).minimum
        self.settings: dict[str, Any] = {"timezone": self.zone.key}
        self.rows: dict[str, list[TextRow]] = {}
        self.names: dict[str, list[str]] = {}

    def name(self, member: str) -> str:
        """One of the member's names as somebody might write it; now and then a stranger's."""
        if self.chance(0.04):
            return self.pick(STRANGERS)
        written = self.pick(self.names.get(member, [member])) if self.chance(0.4) else member
        return f" {written} " if self.chance(0.05) else written

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
                        "role": self.pick(("learner", "learner", "learner", "learner", "builder", "staff", "")),
                        "study_mode": "individual" if self.is_busy and self.chance(0.8) else self.pick(MODES),
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

    def seats(self) -> None:
        """Capacities, dated, 0 among them; sometimes none."""
        found: dict[tuple[str, date], dict[str, Any]] = {}
        for pool in self.pools:
            for _ in range(self.pick((1, 1, 2) if self.is_busy else (0, 1, 1, 2, 3))):
                begins = self.first if self.is_busy and not found else self.pick((self.first, self.day()))
                capacity = self.pick((5, 6, 9, 15) if self.is_busy else (0, 1, 2, 3, 5, 8, 60))
                found[pool, begins] = {"pool": pool, "from": begins, "capacity": capacity}
        if found:
            self.settings["seats"] = [found[key] for key in found]

    def seat_events(self) -> None:
        """A walk through the states per member and pool, with strays, repeats and events at one instant."""
        walk = ("invited", "accepted", "reclaimed", "invited", "accepted", "returned")
        rows: list[TextRow] = []
        configured = {seat["pool"] for seat in self.settings.get("seats", [])}
        for member in [*self.members, self.pick(STRANGERS)]:
            for pool in self.pools:
                early = self.first + timedelta(self.rng.randint(-3, 20))
                on = early if self.is_busy else self.pick((self.day(), early))
                length = self.pick((2, 2, 2, 2, 3, 5) if self.is_busy else (0, 1, 2, 2, 2, 2, 3, 5, 7))
                text = self.stamp(on)
                for step in range(length):
                    what = (
                        walk[step % len(walk)]
                        if self.chance(0.95 if self.is_busy else 0.8)
                        else self.pick(sorted(ORDER))
                    )
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
            pool = "exported" if "seat_events" in self.rows else self.pick(self.pools)
            state, since = "", {"invited_at": "", "accepted_at": ""}
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

    def activity(self) -> dict[str, Any]:
        """Monthly sums just under, at and just over the minimum; runs of days without a row; returns entry options."""
        rows: list[TextRow] = []
        style = self.pick(("xp", "xp", "xp", "both", "none", "strangers"))
        for member in self.members:
            for month in months(self.first, self.last):
                if self.chance(0.7):
                    rows += self.month_of_learning(member, month, style)
        quiet = set(days(gap := self.day(), gap + timedelta(self.pick((0, 0, 1, 2, 3, 4, 6)))))
        if self.is_busy or self.chance(0.85):
            step = 1 if self.is_busy else self.pick((1, 1, 2, 4))
            rows += [
                {"member": "heartbeat", "occurred_at": self.stamp(day), "xp": "5" if style == "strangers" else ""}
                for number, day in enumerate(days(self.first, self.last))
                if number % step == 0 and (day not in quiet or self.chance(0.5 if self.is_busy else 0.02))
            ]
        self.rng.shuffle(rows)
        self.rows["activity"] = rows
        gaps = [{"max_gap_days": limit} for limit in (0, 1, None)]
        return self.pick(({}, {}, {"timezone": "Asia/Tokyo"}, *gaps, {"covers": "all"}))

    def month_of_learning(self, member: str, month: date, style: str) -> list[TextRow]:
        """Some days of a month whose XP sum to something near the minimum."""
        target = self.minimum + self.pick((-1, -0.0001, 0, 0, 1, 3, -self.minimum, -self.minimum * self.rng.random()))
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

    def review(self) -> None:
        """Up to three rules of different months, exemptions, leave that touches a month, a rotation budget."""
        begins = self.rng.sample(
            [month_after(self.first, n) for n in (-1, 0, 1, 2)],
            self.pick((1, 2, 3) if self.is_busy else (0, 1, 2, 2, 3)),
        )
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
        if self.chance(0.9 if self.is_busy else 0.5):
            review["rotation_budget"] = {"share": self.pick((0.2, 0.2, 0.34, 0.34, 0.5, 0)), "terms": self.terms()}
        self.settings["review"] = review
        if self.chance(0.3):
            self.settings["what_if"] = {"minimum_xp": [0, 1, 10, 999, 1000, 1001]}

    def terms(self) -> list[dict[str, date]]:
        """One term or two; the second, or the first, may begin on a day on which a seat is taken back."""
        events = [row for row in self.rows.get("seat_events", []) if row["event"] == "reclaimed"]
        taken = [instant(row["occurred_at"], self.zone).astimezone(self.zone).date() for row in events]
        starts = [day for day in taken if day <= self.last] or [self.day()]
        middle = self.pick(
            (month_after(self.first, 1), month_after(self.first, 2), self.pick(starts), self.pick(starts))
        )
        first = min(self.pick((self.first, self.pick(starts))), middle - DAY)
        terms = [{"from": first, "to": middle - DAY}, {"from": middle, "to": self.last + timedelta(40)}]
        return self.pick((terms, terms, terms, terms[1:], terms[:1]))

    def leave(self) -> dict[str, Any]:
        """A leave that begins or ends on the edge of a month."""
        month = self.pick(list(months(self.first, self.last)))
        edges = (
            (month, month),
            (month_end(month), month_end(month)),
            (month - 9 * DAY, month),
            (month - DAY, month - DAY),
        )
        first, last = self.pick((*edges, (day := self.day(), day + timedelta(self.pick((0, 1, 30))))))
        member = self.pick(self.members)
        name = self.pick((member, *self.names.get(member, []), "both"))
        return {"member": name, "from": first, **({"to": last} if self.chance(0.9) else {})}

    def applications(self) -> None:
        """Results that change, stages listed or not, applicants who are members already."""
        stages = ["screening", "quiz", "accepted"]
        rows: list[TextRow] = []
        for applicant in [*self.members[:3], "new one", "새 사람", "Zoe", "zoe"]:
            cohort, pool = self.pick(COHORTS), self.pick((*self.pools, ""))
            applied = self.pick(("", self.stamp(self.day())))
            for stage in stages[: self.rng.randint(0, 3)]:
                for _ in range(self.pick((1, 1, 2))):
                    result = self.pick(("passed", "passed", "pending", "pending", "failed", "withdrawn"))
                    name = self.name(applicant) if applicant in self.members else applicant
                    row = {"applicant": name, "cohort": cohort, "stage": stage, "result": result, "pool": pool}
                    rows.append({**row, "decided_at": self.stamp(self.day()), "applied_at": applied})
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
        first = self.last if self.is_busy else self.day()
        last, late = self.last, self.late()
        return self.pick((None, None, first, late, month_end(late), last, last - DAY, last + 9 * DAY))
