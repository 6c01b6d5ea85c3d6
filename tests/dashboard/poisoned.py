"""The synthetic release with a payload before each name that files or people give."""

from __future__ import annotations

from typing import Any

from tests.dashboard import synthetic
from tests.payloads import Dealer

NAMED = {
    "courses": ("course", "track"),
    "tracks": ("track",),
    "survey": ("question", "option"),
    "survey_ratings": ("question",),
    "term_surveys": ("question", "option"),
    "applications": ("stage", "cohort"),
    "funnel": ("stage", "cohort"),
    "application_channels": ("channel", "role", "cohort"),
    "missions": ("title", "cohort"),
    "competitions": ("competition", "category", "cohort"),
    "community": ("kind",),
    "support": ("channel", "topic"),
    "outcomes": ("kind", "cohort"),
    "outcome_timeline": ("kind", "cohort"),
    "terms": ("term",),
    "review_summary": ("rule",),
    "seats": ("pool",),
}
"""Columns of names that files or people give."""


def tables(deal: Dealer) -> dict[str, list[dict[str, Any]]]:
    """The synthetic rows with payloads, and many courses more; equal names have the same one."""
    rows = synthetic.tables()
    more = [rows["courses"][0] | {"course": f"course {at}", "started": 9 + at, "completed": 9} for at in range(40)]
    rows["courses"] = more + rows["courses"]
    for table, columns in NAMED.items():
        for row in rows[table]:
            row |= {column: deal(row.get(column)) for column in columns}
    for table in ("adoption", "engagement", "activity", "scorecard", "retention", "tracks"):
        for row in rows[table]:
            if row["slice_by"] in ("cohort", "study_group", "track") and row["slice"] != "(none)":
                row["slice"] = deal(row["slice"])
    return rows
