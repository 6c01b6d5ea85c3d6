"""``decisions.jsonl`` as rows: what operators issued, and what they undid.

Belongs here: tables that ``assets/core/settings.py`` writes. Does not belong here: the file (``home.decisions``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import column, table
from fellowship_pipeline.contracts.model import Table

DECISION_TABLES: tuple[Table, ...] = (
    table(
        "issued_decisions",
        "Decisions of confirmed reviews, with their evidence. Grain: decision_id.",
        (
            column("decision_id", "VARCHAR", "The decision."),
            column("review_month", "DATE", "The month of the review, its 1st."),
            column("pool", "VARCHAR", "The pool."),
            column("member_id", "VARCHAR", "The member; NULL: erased since.", False, "direct"),
            column("study_mode", "VARCHAR", "How the member studied.", False, "quasi"),
            column("rule", "VARCHAR", "The rule that applied."),
            column("minimum_xp", "DOUBLE", "XP asked for; NULL: none.", False),
            column("minimum_active_days", "BIGINT", "Active days asked for."),
            column("seat_since", "DATE", "First day of the seat.", False, "quasi"),
            column("xp", "DOUBLE", "XP of the month reviewed.", False, "quasi"),
            column("active_days", "BIGINT", "Active days of the month reviewed.", False, "quasi"),
            column("last_activity", "DATE", "Last day of activity up to that month's end.", False, "quasi"),
            column("proposed", "VARCHAR", "What the review proposed.", True, "sensitive"),
            column("decision", "VARCHAR", "What was issued.", True, "sensitive"),
            column("reason", "VARCHAR", "Why it was proposed, as a code.", True, "sensitive"),
            column("exception", "VARCHAR", "Why an operator decided otherwise, in words.", False, "direct"),
            column("files", "VARCHAR", "SHA-256 of the files that the evidence comes from, with spaces between."),
            column("issued_by", "VARCHAR", "Who confirmed it.", False, "direct"),
            column("issued_at", "TIMESTAMP", "When."),
        ),
        ("decision_id",),
    ),
    table(
        "undone_decisions",
        "Decisions that were taken back. Grain: decision_id.",
        (
            column("undo_id", "VARCHAR", "The undoing."),
            column("decision_id", "VARCHAR", "The decision."),
            column("reason", "VARCHAR", "Why, in words.", False, "direct"),
            column("undone_by", "VARCHAR", "Who took it back.", False, "direct"),
            column("undone_at", "TIMESTAMP", "When."),
        ),
        ("decision_id",),
    ),
)
