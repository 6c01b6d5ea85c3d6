"""Sessions, who came, and what was asked, of a generated program.

Belongs here: rows of these sources. Does not belong here: the rest of a program (``generate_program``).
"""

from __future__ import annotations

from datetime import timedelta

from .generate_program import STRANGERS, Program
from .oracle_calendar import DAY, instant
from .oracle_staging import TextRow

SESSIONS = tuple(f"s{number}" for number in range(7))


def sessions(program: Program) -> None:
    """Sessions without anybody, of no capacity, on a cohort's first day, at the edges of months and after `as_of`."""
    begins = [cohort["starts_on"] for cohort in program.settings.get("cohorts", []) if "starts_on" in cohort]
    days = [*begins, *(program.day() for _ in SESSIONS)]
    rows: list[TextRow] = [
        {
            "session": session,
            "kind": program.pick(("talk", "clinic", "talk")),
            "starts_at": program.stamp(program.pick(days)),
            "minutes": program.pick(("60", "")),
            "host": program.pick(("", "", program.name(program.pick(program.members)), "a company")),
            "capacity": program.pick(("", "0", "1", "3")),
        }
        for session in SESSIONS[: program.rng.randint(1, len(SESSIONS))]
    ]
    program.rows["sessions"] = rows
    if program.chance(0.9):
        attendance(program)


def attendance(program: Program) -> None:
    """Who registered, waited and came, several times and under two names; to sessions that nobody lists."""
    starts = {row["session"]: row["starts_at"] for row in program.rows.get("sessions", [])}
    rows: list[TextRow] = []
    for session in (*starts, "unlisted"):
        for member in (*program.members, program.pick(STRANGERS)):
            for _ in range(program.pick((0, 0, 0, 1, 1, 2, 3))):
                row = {"session": session, "member": program.name(member)}
                row["status"] = program.pick(("", "attended", "attended", "attended", "registered", "waitlisted"))
                row["role"] = program.pick(("", "participant", "", "participant", "", "", "host"))
                row |= {
                    "rating": program.pick(("", "", "1", "4", "4.5")),
                    "minutes": program.pick(("", "0", "30", "61")),
                }
                rows.append(row | stay(program, starts.get(session, program.pick([*starts.values()]))))
    program.rows["attendance"] = rows
    if program.chance(0.4):
        program.settings["attendance"] = {"match": "window", "margin_minutes": program.pick((0, 15, 90))}


def stay(program: Program, starts_at: str) -> TextRow:
    """Times in and out around a session: before, at and after its start and its end, or not known."""
    if not starts_at or program.chance(0.4):
        return {"joined_at": "", "left_at": ""}
    begins = instant(starts_at, program.zone).replace(tzinfo=None)
    joined = begins + timedelta(minutes=program.pick((-30, 0, 0, 10, 30, 59, 60, 70)))
    left = joined + timedelta(minutes=program.pick((0, 1, 20, 30, 90)))
    return {"joined_at": f"{joined}Z", "left_at": program.pick((f"{left}Z", f"{left}Z", f"{left}Z", ""))}


def support(program: Program) -> None:
    """Questions before, at and after a session's start, of nobody, of strangers, answered or not, by whomever."""
    starts = {row["session"]: row["starts_at"] for row in program.rows.get("sessions", [])}
    rows: list[TextRow] = []
    for _ in range(program.rng.randint(1, 12)):
        session = program.pick(("", "", *starts, "unlisted"))
        at = program.pick((starts.get(session, ""), "")) or program.stamp(program.day())
        day = program.day()
        rows.append(
            {
                "opened_at": at,
                "member": program.pick(("", program.name(program.pick(program.members)))),
                "session": session,
                "channel": program.pick(("discord", "meeting", "")),
                "topic": program.pick(("platform", "")),
                "answered_at": program.pick(("", at, program.stamp(day), program.stamp(day + 40 * DAY))),
                "answered_by": program.pick(("", program.name(program.pick(program.members)), "staff")),
                "escalated_to": program.pick(("", "", "sponsor")),
            }
        )
    program.rows["support_requests"] = rows
