"""Outcomes: what became of members, and how soon.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import count, key, rate, table, value
from fellowship_pipeline.contracts.model import Column, Table
from fellowship_pipeline.contracts.privacy import Sensitive, Steps

_COHORT = key(
    "cohort", "VARCHAR", "The cohort last joined as a learner by the day of the outcome; '(none)': none by then."
)
_KIND = key("kind", "VARCHAR", "internship, job, …; placement: internship or job of those who completed and seek one.")
_DENOMINATOR = count(
    "denominator",
    "Learners of the cohort; of placement those who completed it and look for a job, or all who completed it where "
    "nobody of the cohort says. NULL for '(none)'.",
    required=False,
)


def _share(name: str, numerator: str) -> Column:
    return rate(name, f"{numerator} / denominator.")


OUTCOME_TABLES: tuple[Table, ...] = (
    table(
        "outcomes",
        "What became of members, each counted once per kind.",
        ("cohort", "kind"),
        (
            _COHORT,
            _KIND,
            count("members", "Members with the outcome."),
            _share("share", "members"),
            count("numerator", "The same as members."),
            _DENOMINATOR,
            value(
                "median_days_from_completion",
                "Median calendar days from the cohort's last day to a member's earliest; negative: before it.",
                "days",
                None,
            ),
            count("organizations", "Different organizations, as written, in all rows.", "organizations"),
        ),
        Sensitive(
            main=("members",),
            counts=("members", "numerator", "denominator", "organizations"),
            percentages=(("share", "numerator", "denominator"),),
            averages=(("median_days_from_completion", "members"),),
        ),
    ),
    table(
        "outcome_timeline",
        "How outcomes add up by calendar month after the cohort's last day.",
        ("cohort", "kind", "months_since"),
        (
            _COHORT,
            _KIND,
            count("months_since", "Calendar months since that of the last day; 0 has all until its end.", "months"),
            count("cumulative_members", "Members with the outcome by the end of the month."),
            _DENOMINATOR,
            _share("cumulative_share", "cumulative_members"),
        ),
        Sensitive(
            main=("cumulative_members",),
            counts=("cumulative_members", "denominator"),
            percentages=(("cumulative_share", "cumulative_members", "denominator"),),
            steps=Steps("cumulative_members", "months_since", ("cohort", "kind"), ("cumulative_share",)),
        ),
    ),
)
