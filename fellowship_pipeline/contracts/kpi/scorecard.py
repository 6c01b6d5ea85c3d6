"""The headline KPIs in one table.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import SLICE, count, key, rate, table, value
from fellowship_pipeline.contracts.model import Table
from fellowship_pipeline.contracts.privacy import ByHeadline, Unpublished

SCORECARD_TABLES: tuple[Table, ...] = (
    table(
        "headlines",
        "The headline KPIs at `as_of`, without what they are compared with.",
        ("kpi", "slice_by", "slice"),
        (
            key("kpi", "VARCHAR", "The KPI."),
            *SLICE,
            count("numerator", "What is counted.", "count", required=False),
            count("denominator", "Of how many.", "count", required=False),
            rate("value", "numerator / denominator.", maximum=None),
            key("subject", "VARCHAR", "The survey, month or mission it is of; NULL: the program.", required=False),
        ),
        Unpublished(),
    ),
    table(
        "scorecard",
        "The headline KPIs at `as_of`, against target, the month before, and peers.",
        ("kpi", "slice_by", "slice"),
        (
            key("kpi", "VARCHAR", "The KPI."),
            key("label", "VARCHAR", "Its name in the program's first language."),
            key("as_of", "DATE", "The day it is of."),
            *SLICE,
            count("numerator", "What is counted.", "count", required=False),
            count("denominator", "Of how many.", "count", required=False),
            rate("value", "numerator / denominator.", maximum=None),
            key("unit", "VARCHAR", "rate: a fraction."),
            value("target", "What the program aims at.", "rate"),
            key("status", "VARCHAR", "Against the target.", required=False, values=("met", "near", "missed")),
            value("previous", "The same at the same day of the month before.", "rate"),
            value("delta", "value - previous.", "rate", None),
            value("benchmark", "The peers' value.", "rate"),
        ),
        ByHeadline(kept=("label", "as_of", "unit", "target", "benchmark")),
    ),
)
