"""Lists of persons that operators work through, and reports of what could not be decided.

Belongs here: columns of schema ``ops``. Nothing of it is ever published outside ``operations/``.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.model import Column, Dated, Table

_MEMBER = Column("member_id", "VARCHAR", "The member.", "direct", required=True)
_POOL = Column("pool", "VARCHAR", "The pool of seats.", required=True)
_REVIEW = Column("review_month", "DATE", "The month at whose start the review is held, its 1st.", required=True)

DECISIONS = ("keep", "reclaim", "deferred", "exempt")
"""What a review may say of a seat."""

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
                values=DECISIONS,
            ),
            Column("reason", "VARCHAR", "Why, as a code.", "sensitive", required=True),
            Column("minimum_xp", "DOUBLE", "XP asked for; NULL: none.", unit="XP"),
            Column("minimum_active_days", "BIGINT", "Active days asked for.", unit="days", required=True),
        ),
        ("review_month", "pool", "member_id"),
    ),
    Table(
        "ops",
        "review_decisions",
        "Confirmed reviews as they were issued: who keeps the seat, on what evidence, and what was undone. "
        "Grain: decision_id.",
        (
            Column(
                "decision_id", "VARCHAR", "The decision: `fellowship review HOME MONTH undo` takes it.", required=True
            ),
            _REVIEW,
            Column("member_id", "VARCHAR", "The member; NULL: erased since.", "direct"),
            _POOL,
            Column("study_mode", "VARCHAR", "How the member studied at the end of the month reviewed.", "quasi"),
            Column("rule", "VARCHAR", "The rule that applied.", required=True),
            Column("minimum_xp", "DOUBLE", "XP asked for; NULL: none.", unit="XP"),
            Column("minimum_active_days", "BIGINT", "Active days asked for.", unit="days", required=True),
            Column("seat_since", "DATE", "First day of the seat; NULL, as the figures: erased since.", "quasi"),
            Column("xp", "DOUBLE", "XP of the month reviewed, as it was known then.", "quasi", "XP", minimum=0),
            Column("active_days", "BIGINT", "Active days, as they were known then.", "quasi", "days", minimum=0),
            Column("last_activity", "DATE", "Last day of activity, as it was known then.", "quasi"),
            Column("proposed", "VARCHAR", "What was proposed.", "sensitive", required=True, values=DECISIONS),
            Column("decision", "VARCHAR", "What was issued.", "sensitive", required=True, values=DECISIONS),
            Column("reason", "VARCHAR", "Why it was proposed, as a code.", "sensitive", required=True),
            Column("exception", "VARCHAR", "Why an operator decided otherwise, in words; NULL: nobody did.", "direct"),
            Column("files", "VARCHAR", "SHA-256 of the files that the evidence comes from.", required=True),
            Column("issued_by", "VARCHAR", "Who confirmed it.", "direct"),
            Column("issued_at", "TIMESTAMP", "When.", required=True),
            Column("undo_id", "VARCHAR", "The entry that undid it; NULL: it is in force."),
            Column("undone_at", "TIMESTAMP", "When it was undone."),
            Column("undone_by", "VARCHAR", "Who undid it.", "direct"),
            Column("undone_because", "VARCHAR", "Why, in words.", "direct"),
        ),
        ("decision_id",),
    ),
    Table(
        "ops",
        "review_differences",
        "Where an issued review differs from today's recomputation, or from what the next seat export shows was done. "
        "What was issued stays. Grain: review_month × pool × member_id × kind.",
        (
            _REVIEW,
            _POOL,
            _MEMBER,
            Column(
                "kind",
                "VARCHAR",
                "recomputed: the review of today; done: the seat.",
                required=True,
                values=("recomputed", "done"),
            ),
            Column(
                "difference",
                "VARCHAR",
                "decision, evidence (only what it rests on), new (not reviewed then), not_reviewed (no longer), "
                "not_covered (days of the month are missing now); not_reclaimed, reclaimed.",
                required=True,
                values=("decision", "evidence", "new", "not_reviewed", "not_covered", "not_reclaimed", "reclaimed"),
            ),
            Column("decision_id", "VARCHAR", "The decision; NULL: none was issued."),
            Column("issued", "VARCHAR", "What was proposed then; of what was done: what was issued.", "sensitive"),
            Column("found", "VARCHAR", "What is proposed today; held or reclaimed.", "sensitive"),
            Column("issued_reason", "VARCHAR", "Why then.", "sensitive"),
            Column("found_reason", "VARCHAR", "Why today.", "sensitive"),
            Column("issued_xp", "DOUBLE", "XP then.", "quasi", "XP"),
            Column("found_xp", "DOUBLE", "XP today.", "quasi", "XP"),
            Column("issued_active_days", "BIGINT", "Active days then.", "quasi", "days"),
            Column("found_active_days", "BIGINT", "Active days today.", "quasi", "days"),
            Column("found_on", "DATE", "Day on which the seat was taken back.", "quasi"),
        ),
        ("review_month", "pool", "member_id", "kind"),
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
            Column(
                "reason",
                "VARCHAR",
                "freed_seat (by the latest review) or idle_seat; with +no_pool where the applicant named no pool.",
                "sensitive",
            ),
        ),
        ("pool", "position"),
    ),
    Table(
        "ops",
        "at_risk",
        "Members with a seat, and whether they are about to lose it or to miss a mission. Grain: member_id.",
        (
            _MEMBER,
            Column("study_mode", "VARCHAR", "How the member studies, or '(none)'.", "quasi", required=True),
            Column("study_group", "VARCHAR", "The study group, or '(none)'.", "quasi", required=True),
            Column("days_since_activity", "BIGINT", "Days since the last activity; NULL: none.", "quasi", "days"),
            Column("xp_month_to_date", "DOUBLE", "XP of the running month.", "quasi", "XP", required=True),
            Column("xp_needed", "DOUBLE", "XP that next month's review asks of it; NULL: none.", "quasi", "XP"),
            Column("days_left", "BIGINT", "Days of the month after as_of.", unit="days", required=True, minimum=0),
            Column("next_mission", "VARCHAR", "The mandatory mission due next and not met; NULL: none.", "quasi"),
            Column("next_due", "TIMESTAMP", "When it is due for the member.", "quasi"),
            Column("missing", "VARCHAR", "What review and mission still ask for, in words; NULL: nothing.", "quasi"),
            Column(
                "risk",
                "VARCHAR",
                "high: the pace of the last 28 days does not reach what is missing; watch: it does, or nothing was "
                "learned for 14 days.",
                "sensitive",
                required=True,
                values=("none", "watch", "high"),
            ),
            Column("active_days_month_to_date", "BIGINT", "Active days of the running month.", "quasi", "days", True),
            Column("active_days_needed", "BIGINT", "Active days that next month's review asks for.", "quasi", "days"),
        ),
        ("member_id",),
    ),
    Table(
        "ops",
        "open_invitations",
        "Invitations that wait for an answer: whom to remind. Grain: pool × value.",
        (
            _POOL,
            Column("value", "VARCHAR", "The name that it was last sent to, as written.", "direct", required=True),
            Column("member_id", "VARCHAR", "The member whom it resolves to; NULL: nobody.", "direct"),
            Column("invited_on", "DATE", "When it was first sent.", "quasi", required=True),
            Column("days_open", "BIGINT", "Days from then to as_of.", "quasi", "days", required=True, minimum=0),
            Column("times_sent", "BIGINT", "How often it was sent.", "quasi", required=True, minimum=1),
            Column("last_sent_on", "DATE", "When it was last sent.", "quasi", required=True),
        ),
        ("pool", "value"),
    ),
    Table(
        "ops",
        "waiting_applicants",
        "Applicants who wait for an answer, and since when. Grain: cohort × applicant.",
        (
            Column("cohort", "VARCHAR", "The cohort applied for.", required=True),
            Column("applicant", "VARCHAR", "The applicant, as written.", "direct", required=True),
            Column("member_id", "VARCHAR", "The member the applicant is; NULL: a new person.", "direct"),
            Column("role", "VARCHAR", "What the person applied as, or '(none)'.", required=True),
            Column("channel", "VARCHAR", "Where the person heard of the program, or '(none)'.", required=True),
            Column("stage", "VARCHAR", "The stage that waits for a decision.", required=True),
            Column(
                "waiting_since", "DATE", "When the person applied, else the first decision.", "quasi", required=True
            ),
            Column("days_waiting", "BIGINT", "Days from then to as_of.", "quasi", "days", required=True),
            Column("is_unanswered", "BOOLEAN", "Whether that is more than 60 days.", required=True),
        ),
        ("cohort", "applicant"),
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
        dated=Dated("month", of_months=True),
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
        "stray_attendance",
        "Times in and out, and rows without, that belong to no session for certain, and so count for nothing. "
        "Grain: stay.",
        (
            Column("session", "VARCHAR", "The session, as the file names it.", required=True),
            Column("person", "VARCHAR", "The member, or the name that resolves to nobody.", "direct", required=True),
            Column("joined_at", "TIMESTAMP", "When the person came; NULL: not said.", "quasi"),
            Column("left_at", "TIMESTAMP", "When the person left; NULL: not said.", "quasi"),
            Column(
                "reason",
                "VARCHAR",
                "Why.",
                required=True,
                values=("unknown_session", "no_time", "no_session_then", "several_sessions_then", "outside_session"),
            ),
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
