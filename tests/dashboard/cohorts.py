"""Rows of what is counted by cohort, by session or by term, as they are released."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

Rows = list[dict[str, Any]]

COHORT = "2023-H1"
"""The cohort with missions."""

MISSIONS = (
    ("<b>course-1</b>", "신경망과 딥러닝", datetime(2023, 3, 5, 14, 59, 59), 120, 101, 9),
    ("course-2", "Improving deep neural networks", datetime(2023, 3, 19, 14, 59, 59), 101, 88, 6),
    ("course-3", "Structuring projects", datetime(2023, 4, 2, 14, 59, 59), 88, 80, 3),
    ("course-4", None, datetime(2023, 4, 16, 14, 59, 59), 80, 71, 4),
    ("course-5", "Sequence models", datetime(2023, 4, 30, 14, 59, 59), 71, 65, 1),
)


def missions() -> Rows:
    """Five dated missions, then one that nobody has to meet and that is not due yet."""
    rows: Rows = [
        {
            "cohort": COHORT,
            "mission": mission,
            "title": title,
            "due_at": due,
            "members": members,
            "met": met,
            "late": late,
        }
        | {"missed": members - met - late, "pending": 0, "excused": 0, "on_time_rate": met / members}
        | {"eliminated": members - met, "remaining": met, "survival_rate": round(met / 120, 2)}
        | {"cohort_members": 120, "left_before": 0, "is_mandatory": True}
        for mission, title, due, members, met, late in MISSIONS
    ]
    return [
        *rows,
        {"cohort": COHORT, "mission": "reflection", "title": "Reflection", "due_at": datetime(2023, 8, 20, 14, 59, 59)}
        | {"members": 65, "met": 20, "late": 0, "missed": 0, "pending": 45, "excused": 0, "on_time_rate": None}
        | {"eliminated": 0, "remaining": 65, "survival_rate": 0.54, "cohort_members": 120}
        | {"left_before": 0, "is_mandatory": False},
        {"cohort": "2022-H2", "mission": "project", "title": "Project", "due_at": datetime(2022, 12, 20, 14, 59, 59)}
        | {"suppressed": True},
    ]


def competitions() -> Rows:
    """Two leaderboards of one competition, and one with too few members."""
    shown = {
        "cohort": COHORT,
        "competition": "LLM <i>Science</i> Exam",
        "category": "featured",
        "teams": 10,
        "members": 30,
    }
    return [
        shown | {"board": "public", "passing": 20, "best_share": 0.154, "median_share": 0.37},
        shown | {"board": "private", "passing": 20, "best_share": 0.1508, "median_share": 0.41},
        {"cohort": COHORT, "competition": "Playground S3E20", "category": "playground", "board": "private"}
        | {"suppressed": True},
    ]


def community(months: list[date]) -> Rows:
    """Builder meetings each month, talks in the last year, a clinic that few attend."""
    rows: Rows = []
    for at, month in enumerate(months):
        came = 16 + at % 5
        rows.append(
            {"month": month, "kind": "<b>빌더</b> 모임", "sessions": 1, "attendances": came, "unique_members": came}
            | {"members": 60 + at * 4, "attendance_rate": came / (60 + at * 4), "mean_rating": 4.2, "questions": 6}
            | {"expected_attended": came}
            | {
                "answered": 5,
                "median_hours_to_answer": 20.5,
                "registered": came + 4,
                "capacity": 40,
                "fill_rate": came / 40,
            }
        )
        if at >= 12:
            rows.append(
                {"month": month, "kind": "tech talk", "sessions": 2, "attendances": 90, "unique_members": 60 + at}
                | {"members": 60 + at * 4, "attendance_rate": (60 + at) / (60 + at * 4), "mean_rating": None}
                | {
                    "expected_attended": 60 + at,
                    "questions": 0,
                    "answered": 0,
                    "registered": 95,
                    "capacity": None,
                    "fill_rate": None,
                }
            )
        if at % 4 == 3:
            rows.append({"month": month, "kind": "résumé clinic", "suppressed": True})
    return rows


def support(months: list[date]) -> Rows:
    """Questions in the chat; what few raise is left out of a release."""
    rows: Rows = []
    for at, month in enumerate(months):
        opened = 8 + at % 6
        rows.append(
            {"month": month, "channel": "chat", "topic": "<b>platform</b>", "opened": opened, "answered": opened - 2}
            | {"open_at_end": 1 + at % 3, "escalated": at % 4, "asked_ahead": 2, "answered_by_members": opened // 2}
            | {"median_hours_to_answer": 18.4}
        )
    return rows


def outcomes() -> Rows:
    """One closed cohort with most kinds, another with too few."""
    shown = {
        "placement": (45, 0.56, 95.0, 12),
        "internship": (30, 0.25, 62.0, 8),
        "job": (25, 0.21, 140.5, 9),
        "certification": (40, 0.33, 20.0, None),
        "open <i>source</i>": (10, None, None, None),
    }
    rows: Rows = [
        {"cohort": "2022-H1", "kind": kind, "members": members, "share": share}
        | {"median_days_from_completion": days, "organizations": organizations}
        for kind, (members, share, days, organizations) in shown.items()
    ]
    rows.append({"cohort": "2022-H1", "kind": "graduate_school", "suppressed": True})
    return [*rows, {"cohort": "2022-H2", "kind": "internship", "suppressed": True}]


def outcome_timeline() -> Rows:
    """A year after the cohort's end."""
    last = {"placement": 0.56, "internship": 0.25, "job": 0.21, "certification": 0.33}
    return [
        {"cohort": "2022-H1", "kind": kind, "months_since": since, "cumulative_members": 5 * round(share * since)}
        | {"cumulative_share": None if since < 2 else round(share * since / 12, 2)}
        for kind, share in last.items()
        for since in range(13)
    ]


def funnel() -> Rows:
    """From the quiz to placement, in two closed cohorts."""
    stages = (("quiz", 3000, 12.0), ("documents", 1200, 20.5), ("completed", 320, 95.0), ("certified", 210, 14.0))
    rows: Rows = []
    for cohort in ("2021-H2", "2022-H1"):
        before, first = None, stages[0][1]
        for position, (stage, people, days) in enumerate((*stages, ("placed", 45, 60.0)), start=1):
            rows.append(
                {"cohort": cohort, "position": position, "stage": stage, "passed": people, "median_days": days}
                | {"applicants": 3005, "passed_previous": before, "passed_first": first}
                | {"share_of_previous": people / before if before else None, "share_of_first": people / first}
            )
            before = people
    return rows


def application_channels() -> Rows:
    """Where applicants came from; what brought few is left out of a release."""
    shown = (("blog", 900, 300, 0.33, 10), ("<b>friends</b>", 640, 280, 0.44, 0), ("(none)", 200, 40, 0.2, None))
    rows: Rows = [
        {"cohort": "2022-H1", "role": "learner", "channel": channel, "applicants": applicants, "accepted": accepted}
        | {"acceptance_rate": rate, "median_days_to_decision": 21.0, "unanswered": unanswered}
        for channel, applicants, accepted, rate, unanswered in shown
    ]
    return rows


def terms() -> Rows:
    """Two terms; the second asked another question about goals."""
    values = {
        "adoption_rate": ((140, 160, 0.875), (391, 411, 0.951)),
        "engagement_rate": ((101, 172, 0.587), (91, 147, 0.619)),
        "platform_adoption_score": ((150, 180, 0.83), (377, 150, 2.51)),
        "goal_helped_rate": ((None, 35, 0.85), (None, 25, 0.83)),
    }
    return [
        {"term": term, "kpi": kpi, "numerator": numerator, "denominator": denominator, "value": value}
        | {"comparable": kpi != "goal_helped_rate", "subject": None}
        for kpi, both in values.items()
        for term, (numerator, denominator, value) in zip(("year-1", "year-2"), both, strict=True)
    ]


def term_surveys() -> Rows:
    """One question that both asked, one that each asked in its own way."""
    shown = (
        ("year-1", "used_in", "project", 0.73, True),
        ("year-2", "used_in", "project", 0.71, True),
        ("year-1", "did_it_help", "job", 0.25, False),
        ("year-2", "what_happened", "promotion", 0.5, False),
    )
    return [
        {"term": term, "survey": term, "question": question, "option": option, "answered": 25, "chosen": 15}
        | {"share": share, "comparable": comparable}
        for term, question, option, share, comparable in shown
    ]


def tables(months: list[date]) -> dict[str, Rows]:
    """All of them by table."""
    return {
        "missions": missions(),
        "competitions": competitions(),
        "community": community(months),
        "support": support(months),
        "outcomes": outcomes(),
        "outcome_timeline": outcome_timeline(),
        "funnel": funnel(),
        "application_channels": application_channels(),
        "terms": terms(),
        "term_surveys": term_surveys(),
    }
