"""Sessions, who comes to them, and what is asked and answered.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import MONTH, count, key, rate, table, value
from fellowship_pipeline.contracts.model import Table
from fellowship_pipeline.contracts.privacy import Operational, Part

COMMUNITY_TABLES: tuple[Table, ...] = (
    table(
        "community",
        "Sessions of the month by kind, who of the members attended, and the questions raised for such sessions.",
        ("month", "kind"),
        (
            MONTH,
            key("kind", "VARCHAR", "The kind of session; '(none)': questions without one."),
            count("sessions", "Sessions that began in the month.", "sessions"),
            count("attendances", "Pairs of such a session and a member who attended; hosts left out.", "attendances"),
            count("unique_members", "Members who attended any of them."),
            count("members", "Members whom the kind expects, in the program on any day of the month."),
            count("expected_attended", "Those of them who attended any of the sessions."),
            rate("attendance_rate", "expected_attended / members."),
            value("mean_rating", "Mean rating by those who attended.", "rating", None),
            count("ratings", "Ratings given.", "ratings"),
            count("registered", "Pairs of a session and a member who registered and did not attend.", "attendances"),
            count("capacity", "Places in those sessions that have a limit.", "places", required=False),
            count("places_taken", "Attendances of those sessions.", "attendances"),
            rate("fill_rate", "places_taken / capacity.", maximum=None),
            count("questions", "Questions raised in the month for sessions of the kind.", "requests"),
            count("answered", "Those of them answered by as_of.", "requests"),
            value("median_hours_to_answer", "Median hours from question to answer.", "hours"),
        ),
        # Those who came, of whom there may be fewer than in the program; a request is at most one person's.
        Operational(
            "coalesce(least(nullif(unique_members, 0), nullif(members, 0)), 0)",
            ("month", "kind"),
            kept=("sessions", "capacity"),
            rates=(("attendance_rate", "expected_attended", "members"),),
            averages=(("mean_rating", "ratings"),),
            part=Part("questions", "questions", ("questions", "answered", "median_hours_to_answer")),
        ),
    ),
    table(
        "support",
        "Questions and problems raised in the month, and how many are open at its end.",
        ("month", "channel", "topic"),
        (
            MONTH,
            key("channel", "VARCHAR", "Where they were raised; '(none)': not said."),
            key("topic", "VARCHAR", "What they are about; '(none)': not said."),
            count("opened", "Raised in the month.", "requests"),
            count("answered", "Those of them answered by as_of.", "requests"),
            count("open_at_end", "Raised so far and not answered by the end of the month, or as_of.", "requests"),
            count("escalated", "Those raised in the month that were passed on.", "requests"),
            count("asked_ahead", "Those raised in the month before their session started.", "requests"),
            count(
                "answered_by_members",
                "Those raised in the month that a member answered who is neither mentor nor staff.",
                "requests",
            ),
            value("median_hours_to_answer", "Median hours from raising to the answer.", "hours"),
        ),
        Operational("coalesce(nullif(opened, 0), open_at_end)", ("month", "channel", "topic"), written=True),
    ),
)
