"""Lists of persons that operators work through, and reports of what could not be decided.

Belongs here: columns of schema ``ops``. Nothing of it is ever published outside ``operations/``.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.model import Column, Table

_MEMBER = Column("member_id", "VARCHAR", "The member.", "direct", required=True)
_POOL = Column("pool", "VARCHAR", "The pool of seats.", required=True)
_REVIEW = Column("review_month", "DATE", "The month at whose start the review is held, its 1st.", required=True)

OPS_TABLES: tuple[Table, ...] = (
    Table(
        "ops",
        "seat_reviews",
        "The monthly review: who keeps the seat, on what evidence. Grain: review_month × pool × member_id.",
        (
            _REVIEW,
            _MEMBER,
            _POOL,
            Column("study_mode", "VARCHAR", "How the member studied at the end of the month reviewed.", "quasi"),
            Column("rule", "VARCHAR", "The rule that applied.", required=True),
            Column("seat_since", "DATE", "First day of the seat.", "quasi", required=True),
            Column("xp", "DOUBLE", "XP of the month reviewed.", "quasi", "XP", required=True, minimum=0),
            Column("active_days", "BIGINT", "Active days of the month reviewed.", "quasi", "days", True, minimum=0),
            Column("last_activity", "DATE", "Last day of activity up to that month's end.", "quasi"),
            Column(
                "decision",
                "VARCHAR",
                "What is proposed.",
                "sensitive",
                required=True,
                values=("keep", "reclaim", "deferred", "exempt"),
            ),
            Column("reason", "VARCHAR", "Why, as a code.", "sensitive", required=True),
            Column("minimum_xp", "DOUBLE", "XP asked for; NULL: none.", unit="XP"),
            Column("minimum_active_days", "BIGINT", "Active days asked for.", unit="days", required=True),
        ),
        ("review_month", "pool", "member_id"),
    ),
    Table(
        "ops",
        "seat_offers",
        "Who gets the freed and idle seats, in order. Grain: pool × position.",
        (
            _REVIEW,
            Column("position", "BIGINT", "The place in the list.", required=True, minimum=1),
            Column("applicant", "VARCHAR", "The applicant, as written.", "direct", required=True),
            Column("member_id", "VARCHAR", "The member the applicant is; NULL: a new person.", "direct"),
            _POOL,
            Column("reason", "VARCHAR", "Since when the applicant waits, and why a seat is free.", "sensitive"),
        ),
        ("pool", "position"),
    ),
    Table(
        "ops",
        "recognition",
        "The month's best, by XP, then completions, then active days. Grain: month × member_id.",
        (
            Column("month", "DATE", "The month, its 1st.", required=True),
            Column("rank", "BIGINT", "The place; ties share it.", required=True, minimum=1),
            _MEMBER,
            Column("xp", "DOUBLE", "XP of the month.", "quasi", "XP", minimum=0),
            Column("completions", "BIGINT", "First completions in the month.", "quasi", required=True, minimum=0),
            Column("active_days", "BIGINT", "Active days of the month.", "quasi", "days", required=True, minimum=0),
        ),
        ("month", "member_id"),
    ),
    Table(
        "ops",
        "unmatched",
        "Names that resolve to nobody, or to more than one member. Grain: source × value.",
        (
            Column("source", "VARCHAR", "The source the name stands in.", required=True),
            Column("value", "VARCHAR", "The name, as written.", "direct", required=True),
            Column("rows", "BIGINT", "Rows it stands in.", required=True, minimum=1),
            Column("first_seen", "DATE", "The earliest day of those rows; NULL where they carry none."),
            Column("file", "VARCHAR", "A file it stands in.", required=True),
            Column("reason", "VARCHAR", "Why.", required=True, values=("unknown", "ambiguous")),
        ),
        ("source", "value"),
    ),
    Table(
        "ops",
        "stray_seat_events",
        "Seat events that fit no state of the seat, and so count for nothing. Grain: event.",
        (
            Column("person", "VARCHAR", "The member, or the name that resolves to nobody.", "direct", required=True),
            _POOL,
            Column("event", "VARCHAR", "What the file says happened.", required=True),
            Column("occurred_at", "TIMESTAMP", "When.", "quasi", required=True),
            Column("_file_id", "VARCHAR", "The file.", required=True),
            Column("_row", "BIGINT", "The record in it.", required=True),
        ),
    ),
    Table(
        "ops",
        "vanished",
        "Members whom newer exports of totals leave out: what they had stays, what they do is unknown. "
        "Grain: entry × member × course.",
        (
            Column("entry", "BIGINT", "The place of the entry among those of activity, from 0.", required=True),
            Column("member", "VARCHAR", "The name, as written.", "direct", required=True),
            Column("member_id", "VARCHAR", "The member whom it resolves to; NULL: nobody.", "direct"),
            Column("course", "VARCHAR", "The course.", "quasi"),
            Column("last_on", "DATE", "Day of the last export that has them.", "quasi", required=True),
            Column("missing_on", "DATE", "Day of the first export without them.", "quasi", required=True),
        ),
        ("entry", "member", "course"),
    ),
    Table(
        "ops",
        "uncovered_days",
        "Days of a month due for review for which no activity entry vouches. Grain: review_month × day.",
        (_REVIEW, Column("day", "DATE", "The day that is missing.", required=True)),
        ("review_month", "day"),
    ),
)
