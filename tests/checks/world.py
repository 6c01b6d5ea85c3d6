"""A program small enough to work out by hand: two members, one seat taken back, of which every expectation holds.

Two seats accepted on 30 January 2022, one taken back on 1 February, which is as_of; the other member learned on both
days. Everybody is in one slice of each kind, so every slice equals the whole.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, TABLES
from fellowship_pipeline.program.rows import VOCABULARIES

Row = dict[str, Any]

JANUARY, FEBRUARY, MARCH = date(2022, 1, 1), date(2022, 2, 1), date(2022, 3, 1)
DAY_30, DAY_31, AS_OF = date(2022, 1, 30), date(2022, 1, 31), date(2022, 2, 1)
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
SLICES = {"all": "all", "cohort": "A", "study_mode": "individual", "study_group": "(none)", "track": "T"}


def _sliced(**row: Any) -> list[Row]:
    return [{"slice_by": kind, "slice": name, **row} for kind, name in SLICES.items()]


def _file(file_id: str, source: str, rows: int) -> Row:
    return {
        "file_id": file_id,
        "path": f"landing/{source}.csv",
        "source": source,
        "sha256": file_id,
        "bytes": 100,
        "rows": rows,
        "staged": rows,
        "rejected": 0,
        "superseded": 0,
        "ignored": 0,
        "first_seen": datetime(2022, 2, 1),
        "needs_look": False,
        "status": "loaded",
        "restated": 0,
    }


def _headline(kpi: str, numerator: int, denominator: int, value: float, rows: list[Row] | None = None) -> list[Row]:
    figures = {"kpi": kpi, "label": kpi, "as_of": AS_OF, "unit": "rate"}
    figures |= {"numerator": numerator, "denominator": denominator, "value": value}
    return [{**row, **figures} for row in (rows or [{"slice_by": "all", "slice": "all"}])]


_CASE = {"review_month": FEBRUARY, "pool": "datacamp", "study_mode": "individual", "rule": "xp-100"}
_CASE |= {"seat_since": DAY_30, "is_unknown": False, "minimum_xp": 100, "minimum_active_days": 1}
_MONTH = {"days_counted": 31, "days_in_month": 31}
_LEARNER = {"member_id": "m1", "xp": 150, "active_days": 2, "last_activity": DAY_31}
_IDLER = {"member_id": "m2", "xp": 0, "active_days": 0}

_ISSUED = {name: _CASE[name] for name in _CASE if name != "is_unknown"} | _IDLER
_ISSUED |= {
    "decision_id": "d1",
    "proposed": "reclaim",
    "decision": "reclaim",
    "reason": "xp+active_days",
    "files": "f1",
}
_ISSUED |= {"issued_at": datetime(2022, 2, 1, 9)}
_UNDONE = _ISSUED | {"decision_id": "d0"}

_OF_THE_SURVEY = [
    {"kpi": "survey_response_rate", "numerator": 33, "denominator": 66, "value": 0.5, "subject": "year-1"},
    {"kpi": "goal_helped_rate", "numerator": 28, "denominator": 33, "value": 28 / 33, "subject": "year-1"},
]

_MISSION_1 = {"cohort": "A", "mission": "M1", "due_at": datetime(2022, 1, 31, 14, 59, 59), "_file_id": "tasks"}
_MISSION_2 = {"cohort": "A", "mission": "M2", "due_at": datetime(2022, 2, 28, 14, 59, 59), "_file_id": "tasks"}
_BINDING = {"is_mandatory": True, "is_excused": False, "is_eliminated": False, "is_in": True, "has_left": False}
_NOBODY: Row = {"is_mandatory": True, "met": 0, "late": 0, "missed": 0, "pending": 0, "excused": 0, "eliminated": 0}
_NOBODY |= {"cohort_members": 2, "remaining": 1, "survival_rate": 0.5, "left_before": 0}

WORLD: dict[str, list[Row]] = {
    "raw.files": [
        _file("f1", "activity", 2),
        _file("f2", "roster", 2),
        _file("f3", "completions", 1),
        _file("f4", "catalog", 1),
        _file("tasks", "missions", 3),
        _file("f5", "outcomes", 1),
        _file("talks", "sessions", 1),
        _file("joins", "attendance", 1),
        _file("chat", "support_requests", 1),
    ],
    "raw.rejects": [],
    "staging.roster": [
        {"member": "m1", "cohort": "A", "joined_on": JANUARY, "member_id": "m1", "_file_id": "f2", "_row": 1},
        {"member": "m2", "cohort": "A", "joined_on": JANUARY, "member_id": "m2", "_file_id": "f2", "_row": 2},
    ],
    "staging.activity": [
        # 31 January, 00:30 in Seoul
        {"member": "m1", "occurred_at": datetime(2022, 1, 30, 15, 30), "xp": 50, "member_id": "m1"}
        | {"_file_id": "f1", "_row": 2},
        {"member": "m1", "occurred_at": datetime(2022, 1, 30, 3, 0), "xp": 100, "minutes": 30, "member_id": "m1"}
        | {"_file_id": "f1", "_row": 1},
    ],
    "staging.completions": [
        {"member": "x", "course": "c1", "completed_at": datetime(2022, 1, 31)}
        | {"started_at": datetime(2022, 1, 30), "_file_id": "f3", "_row": 1},
    ],
    "staging.sessions": [
        {"session": "s1", "kind": "talk", "starts_at": datetime(2022, 1, 31, 3), "minutes": 60, "capacity": 4}
        | {"_file_id": "talks", "_row": 1},
    ],
    "staging.attendance": [
        {"session": "s1", "member": "m1", "member_id": "m1", "status": "attended", "role": "participant"}
        | {"joined_at": datetime(2022, 1, 31, 3), "left_at": datetime(2022, 1, 31, 3, 30), "rating": 4}
        | {"_file_id": "joins", "_row": 1},
    ],
    "staging.support_requests": [
        {"opened_at": datetime(2022, 1, 31, 4), "answered_at": datetime(2022, 1, 31, 6), "channel": "chat"}
        | {"_file_id": "chat", "_row": 1},
    ],
    "staging.catalog": [{"course": "c1", "track": "T", "hours": 10, "_file_id": "f4", "_row": 1}],
    "staging.outcomes": [
        {"member": "m1", "kind": "job", "occurred_on": AS_OF, "organization": "Acme", "member_id": "m1"}
        | {"_file_id": "f5", "_row": 1},
    ],
    "core.parameters": [
        {"as_of": AS_OF, "timezone": "Asia/Seoul", "window_days": 30, "recognition_top": 3, "has_names": True}
        | {"goal_survey_kpi": True, "unmatched_share_max": 0.2},
    ],
    "core.configured_sources": [{"source": "completions"}],
    "core.terms": [
        {"term": "first", "starts_on": JANUARY, "ends_on": AS_OF},
        {"term": "running", "starts_on": FEBRUARY, "ends_on": MARCH},
    ],
    "core.surveys": [{"survey": "year-1", "goal_question": "helped", "goal_option": "yes", "all_cohorts": True}],
    "core.expected_roles": [{"kind": "talk", "role": "learner"}],
    "core.coverage": [{"day": date(2022, 1, day), "is_cumulative": False} for day in range(1, 32)],
    "core.member_periods": [
        {"member_id": "m1", "valid_from": FIRST, "valid_to": JANUARY, "cohort": "A", "study_mode": "individual"}
        | {"study_group": "(none)", "track": "T", "role": "learner"},
        {"member_id": "m1", "valid_from": JANUARY, "valid_to": LAST, "cohort": "A", "study_mode": "individual"}
        | {"study_group": "(none)", "track": "T", "role": "learner"},
    ],
    "core.person_slices": [
        {"person": "m1", "slice_by": "cohort", "slice": "A", "valid_from": FIRST, "valid_to": JANUARY},
        {"person": "m1", "slice_by": "cohort", "slice": "A", "valid_from": JANUARY, "valid_to": LAST},
    ],
    "staging.missions": [
        _MISSION_1 | {"alternative": "1", "requirement": "course", "target": "c1", "_row": 1},
        _MISSION_1 | {"alternative": "2", "requirement": "certification", "target": "X", "_row": 2},
        _MISSION_2 | {"alternative": "1", "requirement": "xp", "threshold": 1000, "_row": 3},
    ],
    "core.mission_exceptions": [{"position": 0, "member": "m2", "mission": "M2", "reason": "ill"}],
    "core.mission_members": [
        _MISSION_1 | _BINDING | {"member_id": "m1", "is_due": True},
        _MISSION_1 | _BINDING | {"member_id": "m2", "is_due": True},
        _MISSION_2 | _BINDING | {"member_id": "m1", "is_due": False},
        _MISSION_2
        | _BINDING
        | {"member_id": "m2", "is_due": False, "is_excused": True, "exception": 0, "reason": "ill"},
    ],
    "core.mission_results": [
        _MISSION_1 | _BINDING | {"member_id": "m1", "status": "met", "met_at": datetime(2022, 1, 31, tzinfo=UTC)},
        _MISSION_1 | _BINDING | {"member_id": "m2", "status": "missed", "is_eliminated": True},
        _MISSION_2 | _BINDING | {"member_id": "m1", "status": "pending"},
    ],
    "core.cohorts": [{"cohort": "A", "starts_on": JANUARY, "ends_on": DAY_31}],
    "core.cohort_members": [
        {"cohort": "A", "member_id": "m1", "starts_on": JANUARY, "seeking": True, "track": "T"},
        {"cohort": "A", "member_id": "m2", "starts_on": JANUARY, "track": "T"},
    ],
    "core.graduates": [
        {"cohort": "A", "member_id": "m1", "completed_at": datetime(2022, 1, 31), "is_candidate": True},
    ],
    "core.member_outcomes": [
        {"cohort": "A", "kind": kind, "member_id": "m1", "occurred_on": AS_OF, "organization": "Acme"}
        for kind in ("job", "placement")
    ],
    "core.seats": [
        {"person": "m1", "member_id": "m1", "pool": "datacamp", "phase": 0, "held_from": DAY_30},
        {"person": "m2", "member_id": "m2", "pool": "datacamp", "phase": 0, "held_from": DAY_30}
        | {"held_before": AS_OF, "ended_by": "reclaimed"},
    ],
    "core.holdings": [
        {"member_id": "m1", "held_from": DAY_30},
        {"member_id": "m2", "held_from": DAY_30, "held_before": AS_OF},
    ],
    "core.invitations": [
        {"person": person, "member_id": person, "pool": "datacamp", "phase": 0, "invitation": 1, "times_sent": 1}
        | {"sent_on": DAY_30, "last_sent_on": DAY_30, "accepted_on": DAY_30, "status": "accepted"}
        for person in ("m1", "m2")
    ],
    "core.activity_days": [
        {"member_id": "m1", "day": DAY_30, "xp": 100, "minutes": 30},
        {"member_id": "m1", "day": DAY_31, "xp": 50},
    ],
    "core.first_completions": [
        {"member_id": "m1", "course": "c1", "completed_at": datetime(2022, 1, 31), "completed_on": DAY_31}
        | {"started_on": DAY_30},
    ],
    "core.review_cases": [_CASE | _MONTH | _LEARNER, _CASE | _MONTH | _IDLER],
    "kpi.adoption": [
        row
        for month in (JANUARY, FEBRUARY)
        for row in _sliced(month=month, invited=2, accepted=2, adoption_rate=1.0, activated=1, activation_rate=0.5)
    ],
    "kpi.engagement": [
        *_sliced(day=DAY_30, holders=2, active=1, engagement_rate=0.5, active_1d=1, active_7d=1, stickiness=1.0),
        *_sliced(day=DAY_31, holders=2, active=1, engagement_rate=0.5, active_1d=1, active_7d=1, stickiness=1.0),
        *_sliced(day=AS_OF, holders=1, active=1, engagement_rate=1.0, active_1d=0, active_7d=1, stickiness=0.0),
    ],
    "kpi.activity": _sliced(
        month=JANUARY, learners=1, active_days=2, xp=150.0, minutes=30.0, median_xp=150.0, p90_xp=150.0, completions=1
    ),
    "kpi.seats": [
        {"month": JANUARY, "pool": "datacamp", "capacity": 4, "held_start": 0, "accepted": 2, "reclaimed": 0}
        | {"returned": 0, "held_end": 2, "peak_held": 2, "invited_open": 0, "idle": 2, "utilization": 0.5},
        {"month": FEBRUARY, "pool": "datacamp", "capacity": 4, "held_start": 2, "accepted": 0, "reclaimed": 1}
        | {"returned": 0, "held_end": 1, "peak_held": 1, "invited_open": 0, "idle": 3, "utilization": 0.25},
    ],
    "kpi.review_summary": [
        {"review_month": FEBRUARY, "rule": "xp-100", "reviewed": 2, "kept": 1, "reclaimed": 1, "exempt": 0}
        | {"deferred": 0, "reclaim_rate": 0.5},
    ],
    "kpi.what_if": [
        {"review_month": FEBRUARY, "minimum_xp": 0, "reclaimed": 1, "reclaim_rate": 0.5},
        {"review_month": FEBRUARY, "minimum_xp": 100, "reclaimed": 1, "reclaim_rate": 0.5},
        {"review_month": FEBRUARY, "minimum_xp": 1000, "reclaimed": 2, "reclaim_rate": 1.0},
    ],
    "kpi.retention": [
        *_sliced(start_month=JANUARY, months_since=0, started=2, active=1, retention_rate=0.5),
        *_sliced(start_month=JANUARY, months_since=1, started=2, active=2, retention_rate=1.0),
    ],
    "kpi.courses": [
        {"course": "c1", "track": track, "started": 1, "completed": 1, "known_starts": 1, "completion_rate": 1.0}
        | {"median_days": 1.0}
        for track in "TU"
    ]
    + [
        {"course": "c2", "track": "T", "started": 0, "completed": 0, "known_starts": 0, "completion_rate": None},
    ],
    "kpi.tracks": _sliced(track="T", members=2, median_progress=0.5, completed=1, completion_rate=0.5),
    "core.stays": [
        {"named_session": "s1", "session": "s1", "matched_by": "name", "member": "m1", "member_id": "m1"}
        | {"status": "attended", "role": "participant", "rating": 4.0, "joined_at": datetime(2022, 1, 31, 3)}
        | {"left_at": datetime(2022, 1, 31, 3, 30), "_file_id": "joins", "_row": 1},
    ],
    "core.session_attendances": [
        {"session": "s1", "member_id": "m1", "kind": "talk", "starts_at": datetime(2022, 1, 31, 3)}
        | {"starts_on": DAY_31, "month": JANUARY, "status": "attended", "is_host": False, "minutes": 30, "rating": 4.0}
        | {"joins": 1, "names": 1, "files": 1, "matched_by": "name"},
    ],
    "core.requests": [
        {"month": JANUARY, "opened_at": datetime(2022, 1, 31, 4), "kind": "(none)", "channel": "chat"}
        | {"topic": "(none)", "answered_at": datetime(2022, 1, 31, 6), "answered_month": JANUARY}
        | {"hours_to_answer": 2.0, "is_asked_ahead": False, "is_escalated": False, "is_answered_by_member": False}
        | {"_file_id": "chat", "_row": 1},
    ],
    "kpi.community": [
        {"month": JANUARY, "kind": "talk", "sessions": 1, "attendances": 1, "unique_members": 1, "members": 2}
        | {
            "expected_attended": 1,
            "attendance_rate": 0.5,
            "mean_rating": 4.0,
            "ratings": 1,
            "registered": 0,
            "capacity": 4,
            "places_taken": 1,
        }
        | {"fill_rate": 0.25, "questions": 0, "answered": 0},
        {"month": JANUARY, "kind": "(none)", "sessions": 0, "attendances": 0, "unique_members": 0, "members": 2}
        | {
            "expected_attended": 0,
            "attendance_rate": 0.0,
            "ratings": 0,
            "registered": 0,
            "places_taken": 0,
            "questions": 1,
            "answered": 1,
        }
        | {"median_hours_to_answer": 2.0},
    ],
    "kpi.support": [
        {"month": JANUARY, "channel": "chat", "topic": "(none)", "opened": 1, "answered": 1, "open_at_end": 0}
        | {"escalated": 0, "asked_ahead": 0, "answered_by_members": 0, "median_hours_to_answer": 2.0},
    ],
    "kpi.applications": [
        {"cohort": "A", "position": 1, "stage": "screening", "entered": 4, "passed": 3, "failed": 1, "pending": 0}
        | {"withdrawn": 0, "pass_rate": 0.75, "overall_rate": 0.75},
        {"cohort": "A", "position": 2, "stage": "interview", "entered": 3, "passed": 2, "failed": 0, "pending": 1}
        | {"withdrawn": 0, "pass_rate": 2 / 3, "overall_rate": 0.5},
    ],
    "kpi.funnel": [
        {"cohort": "A", "position": 1, "stage": "screening", "applicants": 4, "passed": 3, "passed_first": 3}
        | {"share_of_first": 1.0, "median_days": 5.0},
        {"cohort": "A", "position": 2, "stage": "interview", "applicants": 4, "passed": 2, "passed_previous": 3}
        | {"passed_first": 3, "share_of_previous": 2 / 3, "share_of_first": 2 / 3},
        {"cohort": "A", "position": 3, "stage": "completed", "applicants": 4, "passed": 1, "passed_previous": 2}
        | {"passed_first": 3, "share_of_previous": 0.5, "share_of_first": 1 / 3},
    ],
    "kpi.application_channels": [
        {"cohort": "A", "role": "learner", "channel": "(none)", "applicants": 4, "accepted": 2}
        | {"acceptance_rate": 0.5, "median_days_to_decision": 10.0, "unanswered": 0},
    ],
    "kpi.outcomes": [
        {"cohort": "A", "kind": "job", "members": 1, "share": 0.5, "numerator": 1, "denominator": 2}
        | {"median_days_from_completion": 1.0, "organizations": 1},
        {"cohort": "A", "kind": "placement", "members": 1, "share": 1.0, "numerator": 1, "denominator": 1}
        | {"median_days_from_completion": 1.0, "organizations": 1},
    ],
    "kpi.outcome_timeline": [
        {"cohort": "A", "kind": kind, "months_since": month, "cumulative_members": month, "denominator": base}
        | {"cumulative_share": month / base}
        for kind, base in (("job", 2), ("placement", 1))
        for month in (0, 1)
    ],
    # 28 of 33: the interval is that of Wilson's formula worked out with 30 digits
    "kpi.missions": [
        _MISSION_1 | _NOBODY | {"members": 2, "met": 1, "missed": 1, "on_time_rate": 0.5, "eliminated": 1},
        _MISSION_2 | _NOBODY | {"members": 1, "pending": 1, "on_time_rate": 0.0},
    ],
    "kpi.competitions": [
        {"cohort": "A", "competition": "C", "category": "featured", "board": "public", "teams": 1, "members": 2}
        | {"passing": 1, "best_share": 0.25, "median_share": 0.25},
    ],
    "kpi.survey": _sliced(
        survey="year-1",
        question="helped",
        option="yes",
        respondents=33,
        answered=33,
        chosen=28,
        share=28 / 33,
        ci_low=0.690801241195578790,
        ci_high=0.933495427183924322,
    ),
    "kpi.survey_ratings": _sliced(
        survey="year-1", question="mood", answered=2, mean=8.0, median=8.0, p10=7.2, p90=8.8, nps=50.0
    ),
    "kpi.survey_response": _sliced(survey="year-1", population=66, respondents=33, response_rate=0.5),
    "kpi.headlines": [{"slice_by": "all", "slice": "all", **row} for row in _OF_THE_SURVEY],
    "kpi.terms": [{"term": "first", "comparable": False, "ends_on": AS_OF, **row} for row in _OF_THE_SURVEY],
    "kpi.term_surveys": [
        {"term": "first", "survey": "year-1", "question": "helped", "option": "yes", "answered": 33, "chosen": 28}
        | {"share": 28 / 33, "comparable": False},
    ],
    "kpi.scorecard": [
        *_headline("adoption_rate", 2, 2, 1.0, _sliced(target=0.9, status="met", previous=0.75, delta=0.25)),
        *_headline("activation_rate", 1, 2, 0.5, _sliced(target=0.52, status="near")),
        *_headline("engagement_rate", 1, 1, 1.0, _sliced()),
        *_headline("survey_response_rate", 33, 66, 0.5, _sliced()),
        *_headline("goal_helped_rate", 28, 33, 28 / 33, _sliced()),
        *_headline("platform_adoption_score", 1, 4, 0.25),
        *_headline("seat_utilization", 1, 4, 0.25),
        *_headline("reclaim_rate", 1, 2, 0.5),
        *_headline("course_completion_rate", 1, 1, 1.0),
        *_headline("mission_survival_rate", 1, 2, 0.5),
        *_headline("placement_rate", 1, 1, 1.0),
        *_headline("attendance_rate", 1, 2, 0.5),
    ],
    "ops.seat_reviews": [
        _CASE | _LEARNER | {"decision": "keep", "reason": "met"},
        _CASE | _IDLER | {"decision": "reclaim", "reason": "xp+active_days"},
    ],
    "core.issued_decisions": [_UNDONE, _ISSUED],
    "ops.review_decisions": [_UNDONE | {"undo_id": "u0"}, _ISSUED],
    "ops.seat_offers": [
        {"review_month": FEBRUARY, "position": 1, "applicant": "a1", "pool": "datacamp", "reason": "freed_seat"},
    ],
    "ops.waiting_applicants": [
        {"cohort": "A", "applicant": "a2", "role": "learner", "channel": "(none)", "stage": "interview"}
        | {"waiting_since": DAY_30, "days_waiting": 2, "is_unanswered": False},
    ],
    "ops.at_risk": [
        {"member_id": "m1", "study_mode": "individual", "study_group": "(none)", "days_since_activity": 1}
        | {"xp_month_to_date": 0, "xp_needed": 100, "days_left": 27, "missing": "xp: 0 of 100", "risk": "watch"}
        | {"active_days_month_to_date": 0, "active_days_needed": 1},
    ],
    "ops.recognition": [
        {"month": JANUARY, "rank": 1, "member_id": "m1", "xp": 150, "completions": 1, "active_days": 2},
    ],
    "ops.unmatched": [{"source": "completions", "value": "x", "rows": 1, "file": "f3", "reason": "unknown"}],
}


def put(con: duckdb.DuckDBPyConnection, table_key: str) -> None:
    """The table as the world has it; empty where the world does not speak of it."""
    table = TABLE_BY_KEY[table_key]
    rows = [tuple(row.get(name) for name in table.column_names) for row in WORLD.get(table_key, [])]
    warehouse.write_rows(con, table, rows)


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Every table of the world."""
    for table in TABLES:
        put(con, table.key)
    for name, vocabulary in VOCABULARIES.items():
        warehouse.write_rows(con, TABLE_BY_KEY[f"core.{name}"], vocabulary)
