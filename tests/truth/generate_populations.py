"""Whom missions, surveys, sessions and courses are for, of a generated program: who is not in, not yet or no more.

Belongs here: changes to rows and settings on the edges of populations. Does not belong here: the rest of a program
(``generate_program``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from .generate_missions import near
from .generate_program import COHORTS, Program
from .oracle_calendar import DAY, instant
from .oracle_staging import TextRow

ROLES = (["learner"], ["learner", "builder"], ["builder", "staff"], ["mentor"])
UNSTARTED = "Unstarted"


def roles(program: Program) -> None:
    """Missions, surveys and kinds of sessions for others than learners; a kind that no session has."""
    if program.chance(0.3):
        program.settings.setdefault("missions", {})["roles"] = program.pick(ROLES[:2])
    if program.chance(0.8):
        kinds: dict[str, Any] = {"clinic": {"expects": program.pick(ROLES)}}
        if program.chance(0.4):
            kinds |= {"talk": program.pick(({}, {"expects": program.pick(ROLES)})), "nothing": {"expects": ["staff"]}}
        program.settings["community"] = {"kinds": kinds}
    for survey in program.settings.get("surveys", []):
        if program.chance(0.3):
            survey["roles"] = program.pick(ROLES)


def windows(program: Program) -> None:
    """Surveys that open or close on days of program.yaml, on which members join and leave."""
    for survey in program.settings.get("surveys", []):
        opens, closes = sorted((program.day(), program.day()))
        window = {"opens_on": opens, "closes_on": closes}
        survey |= {key: day for key, day in window.items() if program.chance(0.7)}
        stir(program, [day + step for day in survey_days(program, survey) for step in (-DAY, 0 * DAY, DAY)])


def survey_days(program: Program, survey: dict[str, Any]) -> list[date]:
    """Days on which the survey may begin and end: as declared, and of its responses."""
    days = [survey[key] for key in ("opens_on", "closes_on") if key in survey]
    given = [row["submitted_at"] for row in program.rows.get("survey_responses", []) if row["survey"] == survey["id"]]
    return days + [instant(at, program.zone).astimezone(program.zone).date() for at in given]


def comings(program: Program) -> None:
    """Members who join and leave a cohort on the day a mission is due, the day before and the day after."""
    for cohort in COHORTS:
        due = [row["due_at"] for row in program.rows.get("missions", []) if row["cohort"] == cohort]
        days = [instant(text, program.zone).astimezone(program.zone).date() for text in due]
        stir(program, [day + step for day in days for step in (-DAY, 0 * DAY, DAY)], cohort)


def stir(program: Program, days: list[date], cohort: str | None = None) -> None:
    """Some roster rows (of the cohort) begin or end on such a day, if no other of theirs begins then."""
    rows = program.rows.get("roster", [])
    for row in rows if days else ():
        if cohort not in (None, row["cohort"]) or not program.chance(0.4):
            continue
        day = program.pick(days).isoformat()
        column, other = program.pick((("joined_on", "left_on"), ("left_on", "joined_on"), ("left_on", "joined_on")))
        ends = {column: day, other: row.get(other) or ""}
        if ends["left_on"] and ends["joined_on"] and ends["left_on"] <= ends["joined_on"]:
            continue
        if column == "left_on" or not begins_twice(program, row, day):
            row.update(ends)


def begins_twice(program: Program, row: TextRow, day: str) -> bool:
    """Whether another row of the member in the cohort begins on that day, as it says or with the cohort."""
    starts = {one["id"]: one.get("starts_on") for one in program.settings.get("cohorts", [])}
    others = [one for one in program.rows["roster"] if one is not row and one["member"] == row["member"]]
    return any(
        one["cohort"] == row["cohort"] and (one.get("joined_on") or str(starts.get(one["cohort"], ""))) == day
        for one in others
    )


def enrolled_twice(program: Program) -> None:
    """Roster rows whose key has another: canceled on the same day, or left earlier, before or after it in the file."""
    rows = program.rows.get("roster", [])
    for row in program.rng.sample(rows, min(len(rows), 3)):
        day = row.get("joined_on") or program.day().isoformat()
        other = {
            **row,
            "left_on": program.pick((day, program.day().isoformat(), "")),
            "role": program.pick(("", "builder")),
        }
        rows.insert(program.rng.randint(0, len(rows)), other)


def unstarted(program: Program) -> None:
    """Completions of one course without a start, with a start for some, with activity before and after."""
    rows = program.rows.setdefault("completions", [])
    for member in program.members:
        at = program.stamp(program.day())
        started = program.pick(("", "", "", near(program, at)))
        rows.append({"member": program.name(member), "course": UNSTARTED, "completed_at": at, "started_at": started})
        if program.chance(0.3):
            learned = {"member": program.name(member), "occurred_at": near(program, at), "course": UNSTARTED}
            program.rows.setdefault("activity", []).append(learned)
    if program.chance(0.5):
        for row in rows:
            row["started_at"] = ""
