"""Who was in which session, for how long, and how that is known.

Belongs here: the steps from attendance to a row per session and member. Does not belong here: SQL (``assets/core``),
community and support by month (``contracts/kpi/community.py``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import MEMBER, column, table
from fellowship_pipeline.contracts.model import Table

COMMUNITY_TABLES: tuple[Table, ...] = (
    table(
        "named_members",
        "Members whom sessions, answers and program.yaml name, resolved as in every source. Grain: named_by, name.",
        (
            column("named_by", "VARCHAR", "file or program.yaml."),
            column("name", "VARCHAR", "The name, as written.", True, "direct"),
            column("member_id", "VARCHAR", "The member; NULL: nobody, or more than one.", False, "direct"),
        ),
        ("named_by", "name"),
    ),
    table(
        "stays",
        "Attendance by as_of, a row for each time in and out, with the session it is of. Grain: stay.",
        (
            column("named_session", "VARCHAR", "The session, as the file names it."),
            column("session", "VARCHAR", "The session; NULL: none for certain.", False),
            column("matched_by", "VARCHAR", "name or window; NULL: not matched.", False),
            column("stray_reason", "VARCHAR", "Why it counts for no session; NULL: it counts.", False),
            column("member", "VARCHAR", "A name of the person, as written.", True, "direct"),
            column("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            column("status", "VARCHAR", "registered, waitlisted or attended."),
            column("role", "VARCHAR", "participant or host."),
            column("rating", "DOUBLE", "The rating given.", False, "sensitive"),
            column("minutes", "DECIMAL(28,10)", "Minutes that the file says, of its row.", False, "quasi"),
            column("joined_at", "TIMESTAMP", "When the member came; NULL: not said.", False, "quasi"),
            column("left_at", "TIMESTAMP", "When the member left; NULL: not said.", False, "quasi"),
            column("_file_id", "VARCHAR", "The file."),
            column("_row", "BIGINT", "The record."),
        ),
    ),
    table(
        "session_attendances",
        "Who attended or registered for a session that began by as_of, all tools and names of a person together. "
        "Grain: session × member_id.",
        (
            column("session", "VARCHAR", "The session."),
            MEMBER,
            column("kind", "VARCHAR", "What sort of session."),
            column("starts_at", "TIMESTAMP", "When the session starts."),
            column("starts_on", "DATE", "On which day."),
            column("month", "DATE", "In which month, its 1st."),
            column("status", "VARCHAR", "The most that is known: attended, else registered, else waitlisted."),
            column("is_host", "BOOLEAN", "Whether the member holds the session, and so is no participant."),
            column(
                "minutes",
                "DECIMAL(38,10)",
                "Minutes in the session, overlaps once, within its window; NULL: not known.",
                False,
                "quasi",
            ),
            column("rating", "DOUBLE", "How the member rated the session, the mean of several.", False, "sensitive"),
            column("joins", "BIGINT", "Times that the member came into the session.", True, "quasi"),
            column("first_joined_at", "TIMESTAMP", "When the member first came.", False, "quasi"),
            column("last_left_at", "TIMESTAMP", "When the member last left.", False, "quasi"),
            column("names", "BIGINT", "Names under which the member was there."),
            column("files", "BIGINT", "Files that say so."),
            column("matched_by", "VARCHAR", "How the session was found: name, else window."),
            column("distance_minutes", "DOUBLE", "From the session's start to the first coming.", False, "quasi"),
        ),
        ("session", "member_id"),
    ),
    table(
        "expected_members",
        "Members whom a month's sessions of a kind, or questions for them, are for: those in the program on any of its "
        "days, in a role that the kind expects. Grain: month × kind × member_id.",
        (
            column("month", "DATE", "The month, its 1st."),
            column("kind", "VARCHAR", "What sort of session; '(none)': questions without one."),
            MEMBER,
        ),
        ("month", "kind", "member_id"),
    ),
    table(
        "requests",
        "Questions and problems raised by as_of, but those of names that resolve to nobody. Grain: request.",
        (
            column("month", "DATE", "The month in which it was raised, its 1st."),
            column("opened_at", "TIMESTAMP", "When it was raised."),
            column("member_id", "VARCHAR", "Who raised it; NULL: not said.", False, "direct"),
            column("session", "VARCHAR", "The session it was asked for, as written; NULL: none.", False),
            column("kind", "VARCHAR", "What sort of session; '(none)': none, or one that sessions do not have."),
            column("channel", "VARCHAR", "Where it was raised, or '(none)'."),
            column("topic", "VARCHAR", "What it is about, or '(none)'."),
            column("answered_at", "TIMESTAMP", "When it was answered; NULL: not by as_of.", False),
            column("answered_month", "DATE", "In which month, its 1st, that of raising at the earliest.", False),
            column("hours_to_answer", "DOUBLE", "Hours from raising to the answer; NULL: answered before.", False),
            column("is_asked_ahead", "BOOLEAN", "Whether it was raised before its session started."),
            column("is_escalated", "BOOLEAN", "Whether it was passed on."),
            column("is_answered_by_member", "BOOLEAN", "Whether a member answered who is neither mentor nor staff."),
            column("_file_id", "VARCHAR", "The file."),
            column("_row", "BIGINT", "The record."),
        ),
    ),
)
