"""Learning: activity, courses, tracks.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import MONTH, SLICE, count, key, rate, table, value
from fellowship_pipeline.contracts.model import Dated, Table
from fellowship_pipeline.contracts.privacy import Operational

LEARNING_TABLES: tuple[Table, ...] = (
    table(
        "activity",
        "All recorded learning of the month, seat or not.",
        ("month", "slice_by", "slice"),
        (
            MONTH,
            *SLICE,
            count("learners", "Members with any activity."),
            count("active_days", "Their member-days.", "days"),
            value("xp", "Experience points; NULL where no activity of the program has any.", "XP"),
            value("minutes", "Minutes; NULL where no activity of the program has any.", "minutes"),
            value("median_xp", "Median over learners of their sum.", "XP"),
            value("p90_xp", "90th percentile over learners of their sum.", "XP"),
            count("completions", "First completions per member and course.", "completions"),
        ),
        # Completions count members without activity too.
        Operational(
            "coalesce(nullif(learners, 0), completions)",
            ("month", "slice_by", "slice"),
            sliced=True,
            adds=("learners", "active_days", "completions"),
        ),
        plotted=("month", "learners"),
        dated=Dated("month", of_months=True),
    ),
    table(
        "courses",
        "Who began and who completed a course.",
        ("course", "track"),
        (
            key("course", "VARCHAR", "The course."),
            key("track", "VARCHAR", "A track it belongs to; NULL: none.", required=False),
            count(
                "started",
                "Members with activity in it or a completion of it; NULL: of most who completed it no start is known.",
                required=False,
            ),
            count("completed", "Members with a completion."),
            rate("completion_rate", "completed / started."),
            value("median_days", "Median calendar days from start to first completion.", "days"),
            value("hours", "The course's hours in the catalog.", "hours"),
            count("known_starts", "Of completed, those with activity or a started_at up to the day of completion."),
        ),
        # A course is counted alike under each of its tracks.
        Operational(
            "coalesce(started, completed)",
            ("course",),
            kept=("hours",),
            rates=(("completion_rate", "completed", "started"),),
        ),
    ),
    table(
        "tracks",
        "How far members are on their track.",
        ("track", "slice_by", "slice"),
        (
            key("track", "VARCHAR", "The track."),
            *SLICE,
            count("members", "Members on the track."),
            rate("median_progress", "Median share of the track's hours completed."),
            count("completed", "Members who completed all of it.", required=False),
            rate("completion_rate", "completed / members."),
        ),
        Operational(
            "members",
            ("track", "slice_by", "slice"),
            sliced=True,
            adds=("members", "completed"),
            rates=(("completion_rate", "completed", "members"),),
        ),
    ),
)
