"""Who of those with a seat learns, and who still does months later.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import SLICE, count, key, rate, table
from fellowship_pipeline.contracts.model import Dated, Table
from fellowship_pipeline.contracts.privacy import Operational

ENGAGEMENT_TABLES: tuple[Table, ...] = (
    table(
        "engagement",
        "Of those who hold a seat on the day, how many learned within the window that ends with it.",
        ("day", "slice_by", "slice"),
        (
            key("day", "DATE", "The day; published of slices, Sundays and the days that the scorecard compares."),
            *SLICE,
            count("holders", "Members who hold a seat on the day."),
            count("active", "Those of them who learned within the window, on a day on which they held a seat."),
            rate("engagement_rate", "active / holders."),
            count("active_1d", "As active, on the day itself."),
            count("active_7d", "As active, within 7 days."),
            rate("stickiness", "active_1d / active."),
        ),
        Operational(
            "holders",
            ("day", "slice_by", "slice"),
            sliced=True,
            adds=("holders", "active"),
            rates=(("engagement_rate", "active", "holders"), ("stickiness", "active_1d", "active")),
        ),
        plotted=("day", "engagement_rate"),
        dated=Dated("day"),
    ),
)

RETENTION_TABLES: tuple[Table, ...] = (
    table(
        "retention",
        "Of those whose first seat began in the start month, how many learned in a later month.",
        ("start_month", "months_since", "slice_by", "slice"),
        (
            key(
                "start_month",
                "DATE",
                "The month of the first acceptance; published of slices, the first of its quarter.",
            ),
            count("months_since", "Calendar months since.", "months"),
            *SLICE,
            count("started", "Members who started."),
            count("active", "Those active in that later month."),
            rate("retention_rate", "active / started."),
        ),
        Operational(
            "started",
            ("start_month", "slice_by", "slice"),
            sliced=True,
            adds=("started", "active"),
            rates=(("retention_rate", "active", "started"),),
        ),
    ),
)
