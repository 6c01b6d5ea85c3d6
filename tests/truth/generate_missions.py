"""Missions, leaderboards, certificates and outcomes of a generated program, on both sides of every due instant.

Belongs here: rows of these sources and the settings that go with them. Does not belong here: the rest of a program
(``generate_program``).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from .generate_program import COHORTS, COURSES, Program
from .oracle_calendar import DAY, day_end, instant
from .oracle_staging import TextRow

ITEMS = ("quiz 1", "quiz 2")
CATEGORIES = ("featured", "playground")
CERTIFICATES = ("TFDC", "PCA")
KINDS = ("internship", "job", "promotion", "graduate_school", "internship", "job", "internship", "job", "placement")
REQUIREMENTS = ("course", "course", "competition", "certification", "xp", "hours", "attendance", "items", "progress")
NEAR = (timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(seconds=-1), DAY, -DAY, 9 * DAY)


def missions(program: Program) -> None:
    """Dated missions of some cohorts, some at one instant, with evidence around the due instant; exceptions."""
    rows: list[TextRow] = []
    due: list[tuple[str, str, str]] = []
    excused: dict[str, dict[str, Any]] = {}
    for cohort in (*COHORTS, "nobody's"):
        text = program.stamp(program.day())
        for number in range(program.pick((0, 1, 2, 3))):
            if program.chance(0.7):
                text = program.pick((program.stamp, date.isoformat))(program.day())
            name = f"week {number}"
            shared = {"cohort": cohort, "mission": name, "due_at": text}
            mandatory = program.pick((("", "true"), ("",), ("yes",), ("", "no"), ("FALSE",)))
            for way in "AB"[: program.pick((1, 1, 2))]:
                for needed in {row["requirement"]: row for row in asked(program)}.values():
                    row = {**shared, "alternative": way, "mandatory": program.pick(mandatory), **needed}
                    rows.append(row if program.chance(0.9) else {**row, "due_at": program.day().isoformat()})
                    if cohort in COHORTS:
                        due.append((text, needed["requirement"], needed["target"]))
            if cohort in COHORTS and name not in excused and program.chance(0.25):
                excused[name] = {
                    "mission": name,
                    "member": program.name(program.pick(program.members)),
                    "reason": "ill",
                }
                excused[name] |= program.pick(({}, {"cohort": cohort}, {"due_at": program.day(), "cohort": cohort}))
    if excused:
        program.settings["missions"] = {"exceptions": [*excused.values()]}
    program.rows["missions"] = rows
    for text, requirement, target in due:
        for member in program.members:
            if program.chance(0.8):
                evidence(program, text, requirement, target, member)


def asked(program: Program) -> list[TextRow]:
    """One requirement or two."""
    found = []
    for _ in range(program.pick((1, 1, 1, 2))):
        kind = program.pick(REQUIREMENTS)
        category = program.pick(CATEGORIES)
        choices: dict[str, TextRow] = {
            "course": {"target": "|".join(program.rng.sample(COURSES, program.pick((1, 1, 2))))},
            "items": {"target": "|".join(f"{program.pick(COURSES)}/{item}" for item in ITEMS[: program.pick((1, 2))])},
            "competition": {"target": category, "threshold": program.pick(("0.4", "0.40", "0.2", "1"))},
            "certification": {"target": program.pick(CERTIFICATES)},
            "progress": {"target": program.pick(COURSES), "threshold": program.pick(("0.5", "1"))},
            "xp": {
                "target": program.pick(("", "Python", "Python|R")),
                "threshold": program.pick(("1", "1000", "10.5")),
            },
            "hours": {"target": program.pick(("", "R")), "threshold": program.pick(("0.5", "1", "1.25", ""))},
            "attendance": {"target": program.pick(("", "talk")), "threshold": program.pick(("1", "2", ""))},
        }
        row = {"requirement": kind, **choices[kind]}
        if kind == "competition" and category == "playground":
            row |= {"team_min": "2", "team_max": "5"}
        found.append(row)
    return found


def near(program: Program, text: str) -> str:
    """An instant at, just before or just after the due instant of that text, in UTC."""
    at = instant(text, program.zone)
    if len(text) == len("2023-01-31"):
        at = day_end(date.fromisoformat(text), program.zone)
    return (at + program.pick(NEAR)).replace(tzinfo=None).isoformat() + "Z"


def evidence(program: Program, due: str, requirement: str, target: str, member: str) -> None:
    """Rows that meet the requirement, just miss it, or meet it late."""

    def add(source: str, **row: str) -> None:
        program.rows.setdefault(source, []).append({"member": program.name(member), **row})

    at = near(program, due)
    if requirement == "course":
        for course in target.split("|"):
            add("completions", course=course, completed_at=near(program, due))
    elif requirement == "items":
        for item in target.split("|"):
            course, name = item.split("/")
            kind = program.pick(("completed", "Passed", "exercise"))
            add("activity", occurred_at=near(program, due), course=course, item=name, kind=kind)
    elif requirement == "certification":
        day = instant(at, program.zone).astimezone(program.zone).date()
        add("certifications", certification=target, issued_on=(day + program.pick((0, 0, 1, -1)) * DAY).isoformat())
    elif requirement == "competition":
        for board in ("public", "private")[: program.pick((1, 2, 2))]:
            standing(program, target, member, near(program, due), program.pick((board, board, "")))
    elif requirement == "progress":
        for share in program.pick((("0.5",), ("0.49", "0.5", "1"), ("1",))):
            add("activity", occurred_at=near(program, due), course=target, progress=share)
    elif requirement in ("xp", "hours"):
        for amount in ("0.5", "999.5", "999", "10"):
            if program.chance(0.4):
                minutes = program.pick(("30", "29.5", "45", ""))
                add(
                    "activity", occurred_at=near(program, due), course=program.pick(COURSES), xp=amount, minutes=minutes
                )


def standing(program: Program, category: str, member: str, at: str, board: str) -> None:
    """A team on a board: at the rank share asked for, a place before or behind it; alone, with others, of any size."""
    teams = program.pick((5, 10, 1877))
    rank = max(1, int(teams * program.pick((0.4, 0.2))) + program.pick((0, 0, 1, -1)))
    row = {
        "competition": f"{category} {program.pick((1, 1, 2))}",
        "category": category,
        "as_of": at,
        "board": board,
        "rank": str(rank),
        "teams": str(teams),
        "team_size": program.pick(("", "", "1", "2", "5", "6")),
    }
    if program.chance(0.3):
        other = {**row, "board": program.pick(("public", "private")), "rank": program.pick(("1", row["teams"]))}
        program.rows.setdefault("competitions", []).append({**other, "team": "other", "member": member})
    team = f"team {member}"
    mates = [member, *program.rng.sample(program.members, program.pick((0, 0, 1)))]
    rows = program.rows.setdefault("competitions", [])
    rows += [{**row, "team": team, "member": mate} for mate in dict.fromkeys(mates)]


def certifications(program: Program) -> None:
    """Certificates at any time, also of strangers and of what nobody asks for."""
    rows = program.rows.setdefault("certifications", [])
    for member in program.members:
        if program.chance(0.5):
            row = {"member": program.name(member), "certification": program.pick((*CERTIFICATES, "other"))}
            rows.append({**row, "issued_on": program.day().isoformat(), "expires_on": program.pick(("", "2018-01-01"))})


def outcomes(program: Program) -> None:
    """Outcomes before and after the cohort's end, of several kinds, twice, nowhere in particular."""
    rows: list[TextRow] = []
    for member in program.members:
        for _ in range(program.pick((0, 1, 2, 3))):
            row = {"member": program.name(member), "kind": program.pick(KINDS), "title": program.pick(("", "analyst"))}
            organization = program.pick(("", "Acme", "Bolt", "카카오"))
            rows.append({**row, "occurred_on": program.day().isoformat(), "organization": organization})
    program.rows["outcomes"] = rows


def seeking(program: Program) -> None:
    """Who looks for a job, in some rows of the roster."""
    for row in program.rows.get("roster", []):
        row["seeking"] = program.pick(("", "true", "no", "1", "true"))


def channels(program: Program) -> None:
    """How applicants heard of the program and as what they applied, not always the same."""
    for row in program.rows.get("applications", []):
        row["channel"] = program.pick(("", "blog", "friend", "blog"))
        row["role"] = program.pick(("learner", "learner", "builder", ""))


def terms(program: Program) -> None:
    """Terms to compare: over, running, not begun."""
    middle = program.day()
    settings: list[dict[str, Any]] = [
        {"id": "one", "from": program.first - 9 * DAY, "to": middle},
        {"id": "two", "from": middle + DAY, "to": max(middle + DAY, program.last)},
        {"id": "three", "from": program.last + DAY, "to": program.last + 90 * DAY},
    ]
    program.settings["terms"] = settings[: program.pick((1, 2, 3))]


def journey(program: Program) -> None:
    """Most members of one cohort on the whole way: through every stage, a last mission, a certificate, to a place."""
    cohort, course = program.pick(COHORTS), COURSES[0]
    others = [row for row in program.rows.get("missions", []) if row["cohort"] != cohort]
    roster = program.rows.setdefault("roster", [])
    listed = {row["member"] for row in roster if row["cohort"] == cohort}
    rows: dict[str, list[TextRow]] = {"applications": [], "completions": [], "certifications": [], "outcomes": []}
    if program.chance(0.7):
        last = {"cohort": cohort, "mission": "last", "due_at": program.last.isoformat(), "alternative": "A"}
        program.rows["missions"] = [*others, {**last, "requirement": "course", "target": course}]
    for member in program.members:
        if member not in listed:
            roster.append({"member": member, "cohort": cohort, "track": program.pick(("analyst", ""))})
        day = program.first - 20 * DAY
        for stage in ("screening", "accepted"):
            row = {
                "applicant": program.name(member),
                "cohort": cohort,
                "stage": stage,
                "decided_at": program.stamp(day),
            }
            passed = program.pick(("passed", "passed", "passed", "pending"))
            rows["applications"].append({**row, "result": passed, "applied_at": program.pick(("", program.stamp(day)))})
            day += timedelta(program.rng.randint(0, 9))
        for source, row in (
            ("completions", {"course": course, "completed_at": program.stamp(day + 9 * DAY)}),
            ("certifications", {"certification": program.pick(CERTIFICATES), "issued_on": f"{day + 30 * DAY}"}),
            ("outcomes", {"kind": program.pick(KINDS), "occurred_on": f"{program.day()}", "organization": "Acme"}),
        ):
            if program.chance(0.8):
                rows[source].append({"member": program.name(member), **row})
    for source, found in rows.items():
        program.rows.setdefault(source, []).extend(found)
