"""A release of two years made by hand-written formulas: enough of every table to draw the whole page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES
from fellowship_pipeline.dashboard.context import CheckResult, PageContext, SourceCoverage
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from tests.dashboard import cohorts

AS_OF = date(2023, 7, 31)
START = date(2021, 8, 1)
COHORTS = ("2021-H2", "2022-H1", "2022-H2", "2023-H1")
TRACKS = (
    "Data Analyst with Python",
    "Data Scientist with Python",
    "Data Analyst with SQL",
    "Machine Learning Scientist",
    "Statistician with R",
    "Data Scientist with R",
    "Data Engineer",
    "Business Analyst",
    "Natural Language Processing",
    "데이터 엔지니어링과 클라우드 기초 트랙",
)
GROUPS = tuple(f"스터디 {letter}" for letter in "ABCDEFGHIJ")
SLICES = (
    ("all", "all", 1.0),
    *(("cohort", name, 0.25) for name in COHORTS),
    ("study_mode", "group", 0.42),
    ("study_mode", "individual", 0.55),
    ("study_mode", "(none)", 0.02),
    *(("study_group", name, 0.06 if at else 0.02) for at, name in enumerate(GROUPS)),
    *(("track", name, 0.1) for name in TRACKS),
)


def months() -> list[date]:
    return [date(2021 + (7 + at) // 12, (7 + at) % 12 + 1, 1) for at in range(24)]


def capacity(month: date) -> int:
    return 60 if month < date(2022, 2, 1) else 180 if month < date(2023, 1, 1) else 150


def frames(rows: dict[str, Iterable[dict[str, Any]]]) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Frames and labels of a release; a row with ``suppressed`` has its missing figures withheld."""
    made, labels = {}, {}
    for table in KPI_TABLES:
        if table.name == "headlines":
            continue
        listed = [dict(row) for row in rows.get(table.name, [])]
        gone = [bool(row.pop("suppressed", False)) for row in listed]
        frame = pd.DataFrame(listed, columns=list(table.column_names))
        for column in table.columns:
            if column.type == "BIGINT":
                frame[column.name] = frame[column.name].astype("Int64")
            elif column.type == "DOUBLE":
                frame[column.name] = frame[column.name].astype("float64")
            elif column.type in {"DATE", "TIMESTAMP"}:
                frame[column.name] = pd.to_datetime(frame[column.name])
            else:
                frame[column.name] = frame[column.name].astype("object").where(frame[column.name].notna(), None)
        marks = pd.DataFrame(None, index=frame.index, columns=frame.columns, dtype=object)
        threshold = "<10" if table.measure == "sensitive" else "<5"
        for column in table.columns:
            if column.name not in table.grain and column.type in {"BIGINT", "DOUBLE"}:
                missing = pd.Series(gone, index=frame.index, dtype=bool) & frame[column.name].isna()
                marks.loc[missing, column.name] = threshold
        frame["suppressed"] = pd.Series(gone, index=frame.index, dtype=bool)
        made[table.name], labels[table.name] = frame, marks
    return made, labels


def sliced(kind: str, name: str) -> dict[str, str]:
    return {"slice_by": kind, "slice": name}


def rate(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None


def cohort_begins(kind: str, name: str) -> date:
    begins = dict(zip(COHORTS, (START, date(2022, 2, 1), date(2022, 8, 1), date(2023, 2, 1)), strict=True))
    return begins[name] if kind == "cohort" else date(2022, 2, 1) if name == "individual" else START


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table; shares of the program by slice, waves over time."""
    rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in KPI_TABLES}
    for at, month in enumerate(months()):
        bought = capacity(month)
        held = bought - 3 - at % 4
        before = rows["seats"][-1]["held_end"] if rows["seats"] else 0
        reclaimed = 0 if month < date(2022, 3, 1) else 6 + at % 5
        rows["seats"].append(
            {
                "month": month,
                "pool": "datacamp",
                "capacity": bought,
                "held_start": before,
                "accepted": max(held - before + reclaimed, 0) + 2,
                "reclaimed": reclaimed,
                "returned": max(before - held - reclaimed, 0) + 2,
                "held_end": held,
                "peak_held": held,
                "invited_open": 1,
                "idle": bought - held - 1,
                "utilization": held / bought,
            }
        )
        if month >= date(2022, 3, 1):
            rule = "any-activity" if month < date(2022, 9, 1) else "xp-1000"
            rows["review_summary"].append(
                {"review_month": month, "rule": rule, "reviewed": 90, "kept": 84 - reclaimed, "reclaimed": reclaimed}
                | {"exempt": 6, "deferred": 0, "reclaim_rate": reclaimed / 84}
            )
            rows["what_if"] += [
                {
                    "review_month": month,
                    "minimum_xp": xp,
                    "reclaimed": 4 + xp // 100,
                    "reclaim_rate": (4 + xp // 100) / 84,
                }
                for xp in (0, 250, 500, 1000, 1500, 2000, 3000)
            ]
        for kind, name, share in SLICES:
            if month < cohort_begins(kind, name):
                continue
            invited = round((60 + at * 15) * share)
            accepted = round(invited * (0.9 + at * 0.002))
            key = {"month": month} | sliced(kind, name)
            if share < 0.05:
                rows["adoption"].append(key | {"suppressed": True})
                rows["activity"].append(key | {"suppressed": True})
                continue
            activated = round(accepted * 0.96)
            rows["adoption"].append(
                key
                | {"invited": invited, "accepted": accepted, "adoption_rate": rate(accepted, invited)}
                | {"activated": activated, "activation_rate": rate(activated, accepted), "median_days_to_accept": 2.5}
            )
            learners = round(bought * share * (0.7 + 0.1 * math.sin(at / 3)))
            rows["activity"].append(
                key
                | {"learners": learners, "active_days": learners * 9, "xp": learners * 2350.0, "minutes": None}
                | {"median_xp": 1800.0, "p90_xp": 5200.0, "completions": round(learners * 0.8)}
            )
    for kind, name, share in SLICES:
        for day in range((AS_OF - START).days + 1):
            rows["engagement"] += engagement(kind, name, share, START + timedelta(days=day))
        rows["scorecard"] += scorecard(kind, name, share)
        rows["retention"] += retention(kind, name, share)
        rows["tracks"] += tracks(kind, name, share)
    for at, course in enumerate([f"Course {letter} in <b>Python</b>" for letter in "ABCDEFGHIJKLMN"]):
        rows["courses"].append(
            {"course": course, "track": TRACKS[at % 3], "started": 90 - at * 5, "completed": 60 - at * 4}
            | {"completion_rate": (60 - at * 4) / (90 - at * 5), "median_days": 12.0, "hours": 4.0}
        )
    rows["courses"].append({"course": "Rare course", "track": None, "hours": 2.0, "suppressed": True})
    return rows | sensitive() | cohorts.tables(months())


def engagement(kind: str, name: str, share: float, day: date) -> list[dict[str, Any]]:
    begins = cohort_begins(kind, name)
    if day < begins:
        return []
    at = (day - START).days
    holders = round((capacity(day) - 5) * share)
    key = {"day": day} | sliced(kind, name)
    if share < 0.05:
        return [key | {"suppressed": True}]
    level = 0.62 + 0.18 * math.cos(at / 90) + (0.06 if name == "group" else -0.05 if name == "individual" else 0)
    active = round(holders * min(level, 1))
    return [
        key
        | {"holders": holders, "active": active, "engagement_rate": rate(active, holders)}
        | {"active_1d": active // 5, "active_7d": active // 2, "stickiness": rate(active // 5, active)}
    ]


def scorecard(kind: str, name: str, share: float) -> list[dict[str, Any]]:
    if share < 0.05:
        return [
            {"kpi": kpi, "label": kpi, "as_of": AS_OF, "unit": "rate", "target": 0.9, "suppressed": True}
            | sliced(kind, name)
            for kpi in ("adoption_rate", "engagement_rate")
        ]
    base = {"as_of": AS_OF, "unit": "rate", "label": "x"} | sliced(kind, name)
    found = [
        {
            "kpi": "adoption_rate",
            "numerator": 391,
            "denominator": 411,
            "target": 0.9,
            "benchmark": 0.88,
            "status": "met",
        },
        {
            "kpi": "engagement_rate",
            "numerator": 91,
            "denominator": 147,
            "target": 0.5,
            "benchmark": 0.46,
            "status": "met",
        },
        {"kpi": "activation_rate", "numerator": 377, "denominator": 391, "target": 0.95, "status": "met"},
        {"kpi": "retention_3m", "numerator": 224, "denominator": 310, "target": 0.75, "status": "near"},
    ]
    if kind == "all":
        found += [
            {"kpi": "platform_adoption_score", "numerator": 138, "denominator": 150, "benchmark": 0.84},
            {"kpi": "seat_utilization", "numerator": 147, "denominator": 150, "target": 0.95, "status": "met"},
            {"kpi": "reclaim_rate", "numerator": 9, "denominator": 84},
            {
                "kpi": "course_completion_rate",
                "numerator": 1874,
                "denominator": 3846,
                "target": 0.55,
                "status": "missed",
            },
            {"kpi": "survey_response_rate", "denominator": 160, "value": 0.15, "target": 0.3, "status": "missed"},
            {"kpi": "goal_helped_rate", "denominator": 25, "value": 0.83},
            {"kpi": "mission_survival_rate", "denominator": 120, "value": 0.54},
            {"kpi": "placement_rate", "denominator": 80, "value": 0.56, "target": 0.5, "status": "met"},
            {"kpi": "attendance_rate", "numerator": 98, "denominator": 152, "target": 0.6, "status": "met"},
        ]
    for at, row in enumerate(found):
        row.setdefault("value", row.get("numerator", 0) / row["denominator"])
        row["previous"] = row["value"] - 0.02 + at * 0.005
        row["delta"] = row["value"] - row["previous"]
    return [base | row for row in found]


def retention(kind: str, name: str, share: float) -> list[dict[str, Any]]:
    rows = []
    for at, month in enumerate(months()):
        if month < cohort_begins(kind, name):
            continue
        started = round((50 if month.month in {2, 8} else 9) * share)
        for since in range(23 - at + 1):
            key = {"start_month": month, "months_since": since} | sliced(kind, name)
            active = round(started * max(0.95 - since * 0.06, 0.35))
            hidden = started < 5 or active < 5
            figures = {"started": started, "active": active, "retention_rate": rate(active, started)}
            rows.append(key | ({"suppressed": True} if hidden else figures))
    return rows


def tracks(kind: str, name: str, share: float) -> list[dict[str, Any]]:
    if kind == "study_group":
        return []
    rows = []
    for at, track in enumerate(TRACKS):
        if kind == "track" and track != name:
            continue
        key = {"track": track} | sliced(kind, name)
        members = round((31 - at * 3) * (1 if kind == "track" else share))
        figures = {"members": members, "median_progress": 0.68 - at * 0.06, "completed": None, "completion_rate": None}
        rows.append(key | ({"suppressed": True} if members < 5 else figures))
    return rows


def sensitive() -> dict[str, list[dict[str, Any]]]:
    asked = {
        "year-1": {("helped_goal", "yes"): 0.85, ("used_in", "project"): 0.73, ("helped_with", "job"): None},
        "year-2": {("helped_goal", "yes"): 0.83, ("used_in", "project"): 0.71, ("helped_with", "job"): 0.5}
        | {("helped_with", "<img src=x onerror=alert(1)>"): None},
    }
    survey = []
    for name, options in asked.items():
        for (question, option), share in options.items():
            key = {"survey": name, "question": question, "option": option} | sliced("all", "all")
            base = {"respondents": 35, "answered": 35}
            low, high = (None, None) if share is None else (round(share - 0.16, 2), round(min(share + 0.1, 1), 2))
            chosen = None if share is None else round(share * 33 / 5) * 5
            survey.append(
                key
                | base
                | {"chosen": chosen, "share": share, "ci_low": low, "ci_high": high, "suppressed": share is None}
            )
    applications = []
    for cohort in COHORTS[:3]:
        for position, (stage, people) in enumerate((("form", 210), ("screening", 140), ("accepted", 90)), start=1):
            applications.append(
                {"cohort": cohort, "position": position, "stage": stage, "entered": people, "passed": people - 30}
                | {"failed": 20, "pending": 10, "withdrawn": 0, "pass_rate": 0.8, "overall_rate": 0.5}
            )
    return {
        "survey": survey,
        "survey_ratings": [
            {"survey": "year-2", "question": "recommend", "answered": 25, "mean": 8.4, "median": 9.0, "p10": 6.0}
            | {"p90": 10.0, "nps": 41.0}
            | sliced("all", "all")
        ],
        "survey_response": [
            {"survey": "year-1", "population": 185, "respondents": 35, "response_rate": 0.18} | sliced("all", "all"),
            {"survey": "year-2", "population": 160, "respondents": 25, "response_rate": 0.15} | sliced("all", "all"),
        ],
        "applications": applications,
    }


def release(rows: dict[str, list[dict[str, Any]]] | None = None) -> Release:
    made, labels = frames(tables() if rows is None else rows)
    return Release(AS_OF, made, {"operational": "<5", "sensitive": "<10"}, labels)


def program(**changes: Any) -> Program:
    settings: dict[str, Any] = {
        "program": {"id": "demo", "name": {"ko": "한강 데이터 펠로십", "en": "Hangang Data Fellowship"}},
        "cohorts": [{"id": name} for name in COHORTS],
        "seats": [{"pool": "datacamp", "from": "2021-08-01", "capacity": 60}],
        "review": {
            "rules": [
                {"id": "any-activity", "from": "2022-03", "study_mode": "individual", "minimum_active_days": 1},
                {"id": "xp-1000", "from": "2022-09", "study_mode": "individual", "minimum_xp": 1000},
            ]
        },
        "targets": {"adoption_rate": 0.9, "engagement_rate": 0.5},
        "terms": [
            {"id": "year-1", "from": "2021-08-01", "to": "2022-07-31"},
            {"id": "year-2", "from": "2022-08-01", "to": "2023-07-30"},
        ],
        "surveys": [
            {
                "id": name,
                "cohorts": list(COHORTS),
                "goal_helped": {"question": "helped_goal", "option": "yes"},
                "questions": {"helped_goal": {"kind": "single"}},
            }
            for name in ("year-1", "year-2")
        ],
        "sources": {
            name: [{"files": f"landing/{name}*.csv"}]
            for name in (
                "roster",
                "seat_events",
                "activity",
                "completions",
                "catalog",
                "missions",
                "competitions",
                "sessions",
                "attendance",
                "support_requests",
                "survey_responses",
                "outcomes",
                "applications",
            )
        },
    }
    return Program.model_validate(settings | changes)


def page(**changes: Any) -> PageContext:
    days = (AS_OF - START).days + 1

    def covered(source: str, state: str = "complete", gone: int = 0, **more: Any) -> SourceCoverage:
        return SourceCoverage(source, START, AS_OF, days - gone, days, state, **more)  # type: ignore[arg-type]

    settings: dict[str, Any] = {
        "run_id": "7f3a",
        "generated_as_of": AS_OF,
        "coverage": (
            covered("roster"),
            covered("seat_events"),
            covered("activity", "gaps", 2, gaps=((date(2022, 10, 22), date(2022, 10, 23)),)),
            SourceCoverage("outcomes", None, None, None, None, "empty"),
        ),
        "checks": (
            *(CheckResult(f"check {at}", "kpi.seats", True, "error", "fine") for at in range(46)),
            CheckResult("no gap", "core.coverage", False, "warn", "2 days without a row: 22–23 October 2022."),
        ),
        "warnings": ("activity_2023-07.csv: held, a total fell by 7 %.",),
    }
    return PageContext(**(settings | changes))
