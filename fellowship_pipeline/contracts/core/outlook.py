"""What is ahead of members: the next seat review, the next mission, and the pace at which they come nearer.

Belongs here: columns. Does not belong here: SQL (``assets/core``), the list for operators (``contracts/ops.py``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import MEMBER, column, table
from fellowship_pipeline.contracts.model import Table

OUTLOOK_TABLES: tuple[Table, ...] = (
    table(
        "measured",
        "What the program's activity is measured in. Grain: one row.",
        (
            column("has_xp", "BOOLEAN", "Whether any of it has XP."),
            column("has_minutes", "BOOLEAN", "Whether any of it has minutes."),
        ),
    ),
    table(
        "paces",
        "A member's learning in the running month and in the 28 days that end with as_of. Grain: member_id.",
        (
            MEMBER,
            column("last_on", "DATE", "Last day of activity.", True, "quasi"),
            column("month_xp", "DECIMAL(38,10)", "XP of the running month.", True, "quasi"),
            column("month_days", "BIGINT", "Active days of the running month.", True, "quasi"),
            column("recent_xp", "DECIMAL(38,10)", "XP of the 28 days.", True, "quasi"),
            column("recent_minutes", "DECIMAL(38,10)", "Minutes of the 28 days.", True, "quasi"),
            column("recent_days", "BIGINT", "Active days of the 28.", True, "quasi"),
        ),
        ("member_id",),
    ),
    table(
        "seat_demands",
        "What next month's seat review asks of those who hold a seat on as_of and are not exempt. Grain: member_id.",
        (
            MEMBER,
            column("xp_needed", "DECIMAL(38,10)", "XP in the running month; NULL: none.", False),
            column("active_days_needed", "BIGINT", "Active days in the running month."),
        ),
        ("member_id",),
    ),
    table(
        "next_missions",
        "The mandatory mission that is due next and not met, and whether it can be. Grain: member_id.",
        (
            MEMBER,
            column("mission", "VARCHAR", "The mission."),
            column("due_at", "TIMESTAMP", "When it is due for the member.", True, "quasi"),
            column("missing", "VARCHAR", "What is missing, in words.", False, "quasi"),
            column(
                "is_out_of_reach",
                "BOOLEAN",
                "Whether in every alternative something is missing that the member's pace does not reach.",
                True,
                "sensitive",
            ),
        ),
        ("member_id",),
    ),
)
