"""A tiny program in literal rows: what the operators' pages are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.program import Program

Given = dict[str, list[dict[str, Any]]]

AS_OF = date(2022, 3, 21)
GROUP, OTHER = "새벽 <b>R</b>", "Other"
SOURCES = (
    "activity", "applications", "missions", "roster", "seat_events", "sessions", "support_requests",
)  # fmt: skip


def program(**about: Any) -> Program:
    settings: dict[str, Any] = {
        "program": {"id": "demo", "name": {"ko": "데모", "en": "Demo"}},
        "review": {"rules": [{"id": "xp-1000", "from": "2022-02", "minimum_xp": 1000}]},
        "sources": {name: [{"files": f"landing/{name}.csv"}] for name in SOURCES},
    }
    return Program.model_validate(settings | about)


def review(member: str, decision: str, reason: str, xp: float, **more: Any) -> dict[str, Any]:
    return {
        "review_month": date(2022, 3, 1), "member_id": member, "pool": "p", "study_mode": "individual",
        "rule": "xp-1000", "seat_since": date(2022, 1, 5), "xp": xp, "active_days": 2, "minimum_xp": 1000.0,
        "last_activity": date(2022, 2, 20), "decision": decision, "reason": reason, "minimum_active_days": 1,
    } | more  # fmt: skip


def issued(member: str, decision: str, reason: str, xp: float, **more: Any) -> dict[str, Any]:
    return review(member, decision, reason, xp) | {
        "decision_id": f"d-{member}", "proposed": decision, "files": "", "issued_by": "kim <b>",
        "issued_at": datetime(2022, 3, 2, 16),
    } | more  # fmt: skip


def risk(member: str, level: str, **more: Any) -> dict[str, Any]:
    return {
        "member_id": member, "study_mode": "individual", "study_group": "(none)", "days_since_activity": 3,
        "xp_month_to_date": 0.0, "days_left": 10, "risk": level, "active_days_month_to_date": 0,
    } | more  # fmt: skip


def member(name: str, group: str = GROUP, role: str = "learner", track: str = "t") -> dict[str, Any]:
    return {
        "member_id": name, "valid_from": date(2022, 1, 1), "valid_to": date(9999, 12, 31), "cohort": "c",
        "study_mode": "group", "study_group": group, "track": track, "role": role,
    }  # fmt: skip


def result(member_id: str, mission: str, status: str, **more: Any) -> dict[str, Any]:
    due = datetime(2022, 3, 31, 14, 59, 59)
    return {
        "cohort": "c", "mission": mission, "member_id": member_id, "status": status, "due_at": due,
        "is_mandatory": True, "is_eliminated": False,
    } | more  # fmt: skip


def given() -> Given:
    """Rows by table."""
    people = ("ann", "bo", "cy", "dee", "eve")
    in_force = {"cohort": "c", "role": "learner", "starts_on": date(2022, 1, 1), "period_rank": 1}
    return {
        "core.parameters": [{"as_of": AS_OF, "timezone": "Asia/Seoul", "window_days": 30, "has_names": True}],
        "core.measured": [{"has_xp": True, "has_minutes": True}],
        "core.seat_capacities": [{"pool": "p", "valid_from": date(2022, 1, 1), "capacity": 9}],
        "staging.roster": [
            {"member": one, "member_id": one, "name": f"{one.title()} Kim", "email": f"{one}@example.org"}
            for one in people
        ],
        "staging.seat_events": [
            {"member": "old@example.org", "member_id": "bo", "event": "invited", "occurred_at": datetime(2022, 1, 1)},
            {"member": "bo@work.example", "member_id": "bo", "event": "accepted", "occurred_at": datetime(2022, 1, 5)},
        ],
        "ops.seat_reviews": [
            review("ann", "keep", "met", 1000.0),
            review("bo", "reclaim", "xp", 999.0),
            review("cy", "exempt", "role:builder", 0.0),
            review("dee", "deferred", "rotation_budget", 0.0),
        ],
        "ops.seat_offers": [
            {
                "review_month": date(2022, 3, 1), "position": 1, "applicant": "new@example.org", "pool": "p",
                "reason": "freed_seat",
            },
        ],
        "ops.at_risk": [
            risk(
                "bo", "high", xp_month_to_date=900.0, xp_needed=1000.0, active_days_needed=1, days_since_activity=20,
                next_mission="M1", next_due=datetime(2022, 3, 31, 14, 59, 59),
            ),
            risk("ann", "watch", days_since_activity=None),
            risk("cy", "none"),
        ],
        "ops.waiting_applicants": [
            {
                "cohort": "c", "applicant": "wait@example.org", "role": "learner", "channel": "(none)",
                "stage": "screening", "waiting_since": date(2022, 1, 1), "days_waiting": 79, "is_unanswered": True,
            },
        ],
        "ops.open_invitations": [
            {
                "pool": "p", "value": "Eve", "member_id": "eve", "invited_on": date(2022, 3, 1), "days_open": 20,
                "times_sent": 2, "last_sent_on": date(2022, 3, 8),
            },
        ],
        "ops.unmatched": [
            {"source": source, "value": value, "rows": rows, "file": "landing/a.csv", "reason": "unknown"}
            for source, value, rows in (
                ("activity", "=who@example.org", 4), ("attendance", "Ann Kim", 1), ("aliases", "gone", 1),
            )
        ],
        "ops.uncovered_days": [],
        "raw.files": [
            file("aaaa", "landing/a.csv", "held", "fewer rows than before"),
            file("bbbb", "landing/a.csv", "loaded", None, rows=120),
            file("cccc", "landing/q.csv", "quarantined", "unbalanced quotes"),
        ],
        "core.missions": [
            {
                "cohort": "c", "mission": "M1", "title": "First", "due_at": datetime(2022, 3, 31, 14, 59, 59),
                "due_on": date(2022, 3, 31), "is_mandatory": True, "counted_from": date(2022, 1, 1),
            },
        ],
        "core.mission_results": [result("ann", "M1", "met"), result("bo", "M1", "pending", missing="course c2")],
        "core.next_missions": [
            {"member_id": "bo", "mission": "M1", "due_at": datetime(2022, 3, 31, 14, 59, 59), "missing": "course c2"},
        ],
        "staging.sessions": [
            {"session": "s0", "kind": "study", "starts_at": datetime(2022, 3, 10, 10), "study_group": GROUP},
            {"session": "s1", "kind": "study", "starts_at": datetime(2022, 3, 25, 10), "study_group": GROUP},
            {"session": "s2", "kind": "study", "starts_at": datetime(2022, 3, 24, 10), "study_group": OTHER},
        ],
        "staging.support_requests": [
            {"session": "s1", "member": one, "member_id": one, "topic": topic, "opened_at": datetime(2022, 3, day)}
            for one, topic, day in (("ann", "joins", 20), ("bo", "late", 23))
        ],
        "core.requests": [
            request("bo", "captions are wrong", None),
            request("ann", "solved", datetime(2022, 3, 3)),
            request("eve", "of the other group", None),
        ],
        "core.roster_periods": [{"member_id": one, **in_force} for one in people]
        + [{**in_force, "member_id": "gone", "ends_before": AS_OF}],
        "core.member_periods": [
            member("ann", role="builder"), member("bo"), member("gone"), member("eve", OTHER),
        ],
        "core.activity_days": [
            {"member_id": "ann", "day": AS_OF, "xp": 70, "minutes": 9},
            {"member_id": "ann", "day": date(2022, 3, 14), "xp": 30, "minutes": 9},
            {"member_id": "ann", "day": date(2022, 1, 25), "xp": 500, "minutes": 9},
            {"member_id": "ann", "day": date(2022, 1, 24), "xp": 9000, "minutes": 9},
        ],
        "core.paces": [
            {"member_id": "ann", "last_on": AS_OF}, {"member_id": "bo", "last_on": date(2022, 3, 1)},
        ],
        "core.track_progress": [
            {"member_id": "ann", "track": "t", "hours": 4, "hours_completed": 4},
            {"member_id": "bo", "track": "t", "hours": 4, "hours_completed": 1},
        ],
        "staging.catalog": [
            {"course": "c1", "track": "t", "position": 1, "title": "One", "hours": 1},
            {"course": "c2", "track": "t", "position": 2, "title": "Two", "hours": 3},
        ],
        "core.first_completions": [
            {"member_id": "ann", "course": "c1", "completed_on": date(2022, 1, 9)},
            {"member_id": "ann", "course": "c2", "completed_on": date(2022, 3, 9)},
            {"member_id": "bo", "course": "c1", "completed_on": date(2022, 1, 9)},
        ],
        "core.expected_members": [
            {"month": date(2022, 3, 1), "kind": "study", "member_id": one} for one in ("ann", "bo", "eve")
        ],
        "core.session_attendances": [
            {"session": "s0", "member_id": "ann", "status": "attended"},
            {"session": "s0", "member_id": "bo", "status": "registered"},
        ],
        "kpi.engagement": [
            engagement("all", "all", 4, 3),
            engagement("study_group", GROUP, 2, 1),
            engagement("study_group", OTHER, 1, 0),
        ],
    }  # fmt: skip


def file(file_id: str, path: str, status: str, reason: str | None, **more: Any) -> dict[str, Any]:
    seen = datetime(2022, 3, 2, 9)
    return {
        "file_id": file_id, "path": path, "source": "activity", "status": status, "reason": reason, "rows": 0,
        "rejected": 0, "first_seen": seen,
    } | more  # fmt: skip


def request(member_id: str, topic: str, answered_at: datetime | None) -> dict[str, Any]:
    return {
        "member_id": member_id, "topic": topic, "opened_at": datetime(2022, 3, 2, 1), "answered_at": answered_at,
        "is_escalated": False,
    }  # fmt: skip


def engagement(slice_by: str, name: str, holders: int, active: int) -> dict[str, Any]:
    return {
        "day": AS_OF, "slice_by": slice_by, "slice": name, "holders": holders, "active": active,
        "engagement_rate": active / holders,
    }  # fmt: skip


def fill(con: duckdb.DuckDBPyConnection, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Every table of the warehouse, empty but for these rows."""
    for table in TABLES:
        warehouse.create(con, table)
        if rows.get(table.key):
            con.execute(f"create or replace table {table.key} as select * from {table.key}")  # without NOT NULL
            full = [[row.get(name) for name in table.column_names] for row in rows[table.key]]
            marks = ", ".join("?" * len(table.columns))
            con.executemany(f"insert into {table.key} values ({marks})", full)
