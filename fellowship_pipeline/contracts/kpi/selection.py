"""Selection: applications and what follows from them.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import count, key, rate, table, value
from fellowship_pipeline.contracts.model import Table
from fellowship_pipeline.contracts.privacy import Sensitive, Steps

SELECTION_TABLES: tuple[Table, ...] = (
    table(
        "applications",
        "Applicants by stage.",
        ("cohort", "stage"),
        (
            key("cohort", "VARCHAR", "The cohort applied for."),
            count("position", "The stage's place.", "rank", minimum=1),
            key("stage", "VARCHAR", "The stage."),
            count("entered", "Applicants with a result at the stage."),
            count("passed", "Those who passed."),
            count("failed", "Those who failed."),
            count("pending", "Those who wait."),
            count("withdrawn", "Those who withdrew."),
            rate("pass_rate", "passed / entered."),
            rate("overall_rate", "passed / entered at the first stage.", maximum=None),
        ),
        Sensitive(
            main=("entered",),
            counts=("entered", "passed", "failed", "pending", "withdrawn"),
            percentages=(("pass_rate", "passed", "entered"), ("overall_rate", "passed", "first_entered")),
            firsts=("entered",),
            kept=("position",),
        ),
    ),
    table(
        "funnel",
        "From applying to being placed: who passed a stage and every stage before.",
        ("cohort", "position"),
        (
            key("cohort", "VARCHAR", "The cohort applied for."),
            count(
                "position",
                "The stage's place: that of kpi.applications, and after those completed, certified, placed.",
                "rank",
                minimum=1,
            ),
            key(
                "stage",
                "VARCHAR",
                "A stage of selection; then completed (the cohort), certified (any certificate), placed (internship "
                "or job), each where a source tells of it.",
            ),
            count("applicants", "Applicants of the cohort, whatever their stage."),
            count("passed", "Those who passed the stage and all before."),
            count("passed_previous", "Those who passed the stage before; NULL at the first.", required=False),
            count("passed_first", "Those who passed the first stage."),
            rate("share_of_previous", "passed / passed_previous."),
            rate("share_of_first", "passed / passed_first."),
            value(
                "median_days",
                "Median calendar days from passing the stage before, at the first from applying; negative left out.",
                "days",
            ),
        ),
        Sensitive(
            main=("passed",),
            counts=("applicants", "passed", "passed_previous", "passed_first"),
            percentages=(
                ("share_of_previous", "passed", "passed_previous"),
                ("share_of_first", "passed", "passed_first"),
            ),
            averages=(("median_days", "passed"),),
            steps=Steps(
                "passed", "position", ("cohort",), ("share_of_first",), ("share_of_previous",), start="passed_first"
            ),
            kept=("stage",),
        ),
    ),
    table(
        "application_channels",
        "Applicants by role and channel.",
        ("cohort", "role", "channel"),
        (
            key("cohort", "VARCHAR", "The cohort applied for."),
            key("role", "VARCHAR", "What they applied as, as last said; '(none)' where nobody says."),
            key("channel", "VARCHAR", "Where they heard of the program, as last said; '(none)' where nobody says."),
            count("applicants", "Applicants, whatever their stage."),
            count("accepted", "Those who passed the last stage that the cohort has results of."),
            rate("acceptance_rate", "accepted / applicants."),
            value("median_days_to_decision", "Median days from applying to the last result, pending left out.", "days"),
            count("unanswered", "Those whose last result is pending, more than 60 days after they applied."),
        ),
        Sensitive(
            main=("applicants",),
            counts=("applicants", "accepted", "unanswered"),
            percentages=(("acceptance_rate", "accepted", "applicants"),),
            averages=(("median_days_to_decision", "applicants"),),
            written=True,
        ),
    ),
)
