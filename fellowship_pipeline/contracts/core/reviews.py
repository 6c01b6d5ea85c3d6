"""What a seat review looks at, and the headlines of the month before.

Belongs here: columns. Does not belong here: SQL (``assets/core``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import MEMBER, column, table
from fellowship_pipeline.contracts.model import Table

REVIEW_TABLES: tuple[Table, ...] = (
    table(
        "review_months",
        "Months whose review is due: a rule is in force and the month before has ended. Grain: review_month.",
        (
            column("review_month", "DATE", "The month at whose start the review is held, its 1st."),
            column("first_day", "DATE", "First day of the month reviewed."),
            column("last_day", "DATE", "Last day of the month reviewed."),
            column("days_missing", "BIGINT", "Days of it for which no activity entry vouches."),
            column("is_cumulative", "BOOLEAN", "Whether only exports of totals vouch for some of its days."),
        ),
        ("review_month",),
    ),
    table(
        "review_cases",
        "Seats that a review looks at, with all evidence, before any decision. Grain: review_month × pool × member_id.",
        (
            column("review_month", "DATE", "The month at whose start the review is held, its 1st."),
            MEMBER,
            column("pool", "VARCHAR", "The pool."),
            column("study_mode", "VARCHAR", "How the member studied at the end of the month reviewed.", True, "quasi"),
            column("rule", "VARCHAR", "The rule that applies."),
            column("seat_since", "DATE", "First day of the seat.", True, "quasi"),
            column("xp", "DECIMAL(38,10)", "XP of the month reviewed.", True, "quasi"),
            column("active_days", "BIGINT", "Active days of the month reviewed.", True, "quasi"),
            column("last_activity", "DATE", "Last day of activity up to that month's end.", False, "quasi"),
            column(
                "exempt_reason", "VARCHAR", "Why the rule leaves the seat alone; NULL: it does not.", False, "sensitive"
            ),
            column("is_unknown", "BOOLEAN", "Whether only totals tell of the month, and leave the member out."),
            column("minimum_xp", "DECIMAL(28,10)", "XP that the rule asks for in a whole month; NULL: none.", False),
            column("minimum_active_days", "BIGINT", "Active days that the rule asks for."),
            column("days_counted", "BIGINT", "Days of the month for which XP is asked: fewer where the rule prorates."),
            column("days_in_month", "BIGINT", "Days of the month reviewed."),
        ),
        ("review_month", "pool", "member_id"),
    ),
)

PREVIOUS_HEADLINES = table(
    "previous_headlines",
    "The headline KPIs as a run on the same day of the month before had them. Grain: kpi × slice_by × slice.",
    (
        column("kpi", "VARCHAR", "The KPI."),
        column("slice_by", "VARCHAR", "The kind of slice."),
        column("slice", "VARCHAR", "The slice."),
        column("value", "DOUBLE", "The value.", False),
    ),
    ("kpi", "slice_by", "slice"),
)
