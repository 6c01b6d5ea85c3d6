"""Selection: applications and what follows from them.

Belongs here: columns, grain, units and privacy class. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import count, key, rate, table
from fellowship_pipeline.contracts.model import Table

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
        "sensitive",
    ),
)
