"""A program small enough to work out by hand: two members, one seat taken back, of which every expectation holds.

Two seats accepted on 30 January 2022, one taken back on 1 February, which is as_of; the other member learned on both
days. Everybody is in one slice of each kind, so every slice equals the whole.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, TABLES

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

WORLD: dict[str, list[Row]] = {
    "raw.files": [
        _file("f1", "activity", 2),
        _file("f2", "roster", 2),
        _file("f3", "completions", 1),
        _file("f4", "catalog", 1),
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
    "staging.catalog": [{"course": "c1", "track": "T", "hours": 10, "_file_id": "f4", "_row": 1}],
    "core.parameters": [
        {"as_of": AS_OF, "timezone": "Asia/Seoul", "window_days": 30, "recognition_top": 3, "has_names": True}
        | {"goal_survey_kpi": True, "unmatched_share_max": 0.2},
    ],
    "core.surveys": [{"survey": "year-1", "goal_question": "helped", "goal_option": "yes", "all_cohorts": True}],
    "core.coverage": [{"day": date(2022, 1, day), "is_cumulative": False} for day in range(1, 32)],
    "core.member_periods": [
        {"member_id": "m1", "valid_from": FIRST, "valid_to": JANUARY, "cohort": "A", "study_mode": "individual"}
        | {"study_group": "(none)", "track": "T"},
        {"member_id": "m1", "valid_from": JANUARY, "valid_to": LAST, "cohort": "A", "study_mode": "individual"}
        | {"study_group": "(none)", "track": "T"},
    ],
    "core.person_slices": [
        {"person": "m1", "slice_by": "cohort", "slice": "A", "valid_from": FIRST, "valid_to": JANUARY},
        {"person": "m1", "slice_by": "cohort", "slice": "A", "valid_from": JANUARY, "valid_to": LAST},
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
        {"member_id": "m1", "course": "c1", "completed_on": DAY_31, "started_on": DAY_30},
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
        {"course": "c1", "track": "T", "started": 1, "completed": 1, "completion_rate": 1.0, "median_days": 1.0},
        {"course": "c1", "track": "U", "started": 1, "completed": 1, "completion_rate": 1.0, "median_days": 1.0},
        {"course": "c2", "track": "T", "started": 0, "completed": 0, "completion_rate": None},
    ],
    "kpi.tracks": _sliced(track="T", members=2, median_progress=0.5, completed=1, completion_rate=0.5),
    "kpi.applications": [
        {"cohort": "A", "position": 1, "stage": "screening", "entered": 4, "passed": 3, "failed": 1, "pending": 0}
        | {"withdrawn": 0, "pass_rate": 0.75, "overall_rate": 0.75},
        {"cohort": "A", "position": 2, "stage": "interview", "entered": 3, "passed": 2, "failed": 0, "pending": 1}
        | {"withdrawn": 0, "pass_rate": 2 / 3, "overall_rate": 0.5},
    ],
    # 28 of 33: the interval is that of Wilson's formula worked out with 30 digits
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
    "kpi.headlines": [
        {"kpi": kpi, "slice_by": "all", "slice": "all", "subject": "year-1"}
        for kpi in ("survey_response_rate", "goal_helped_rate")
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
    ],
    "ops.seat_reviews": [
        _CASE | _LEARNER | {"decision": "keep", "reason": "met"},
        _CASE | _IDLER | {"decision": "reclaim", "reason": "xp+active_days"},
    ],
    "ops.seat_offers": [
        {"review_month": FEBRUARY, "position": 1, "applicant": "a1", "pool": "datacamp", "reason": "freed_seat"},
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
