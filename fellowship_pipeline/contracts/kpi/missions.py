"""Missions and competitions of a cohort.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``), results by
member (``contracts/core/missions.py``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import count, key, rate, table, value
from fellowship_pipeline.contracts.model import Column, Table
from fellowship_pipeline.contracts.privacy import Sensitive, Steps

MISSION_TABLES: tuple[Table, ...] = (
    table(
        "missions",
        "Missions: who met them, who is out by them, who remains.",
        ("cohort", "mission"),
        (
            key("cohort", "VARCHAR", "The cohort."),
            key("mission", "VARCHAR", "The mission."),
            Column("due_at", "TIMESTAMP", "When it is due; the last moment of a day.", required=True),
            count("members", "Learners of the cohort in on the day it is due, or on as_of, and not eliminated before."),
            count("met", "Those who met it by the time it was due."),
            count("late", "Those who met it later."),
            count("missed", "Those who have not met it though it is due."),
            count("pending", "Those who have not met it and for whom it is not due yet."),
            rate("on_time_rate", "met / members."),
            count("eliminated", "Those who are out by it."),
            count("remaining", "cohort_members but those who left before and those eliminated up to here."),
            rate("survival_rate", "remaining / cohort_members."),
            count("excused", "Those whom program.yaml excuses."),
            count("cohort_members", "Learners of the cohort by as_of, those who left included."),
            Column("is_mandatory", "BOOLEAN", "Whether being late or missing it eliminates.", required=True),
            Column("title", "VARCHAR", "The mission's title."),
            count("left_before", "Learners who left before it, or before one due earlier, and were not eliminated."),
        ),
        Sensitive(
            main=("members",),
            counts=(
                "members",
                "met",
                "late",
                "missed",
                "pending",
                "eliminated",
                "remaining",
                "excused",
                "cohort_members",
                "left_before",
            ),
            percentages=(("on_time_rate", "met", "members"), ("survival_rate", "remaining", "cohort_members")),
            steps=Steps("remaining", "due_at", ("cohort",), ("survival_rate",), start="cohort_members"),
            kept=("due_at", "is_mandatory", "title"),
        ),
        plotted=("due_at", "survival_rate"),
    ),
    table(
        "competitions",
        "Where a cohort's teams stand on the latest board of each kind.",
        ("cohort", "competition", "category", "board"),
        (
            key("cohort", "VARCHAR", "The cohort."),
            key("competition", "VARCHAR", "The competition."),
            key("category", "VARCHAR", "featured, playground, community, …"),
            key("board", "VARCHAR", "Which board; NULL: not said.", required=False, values=("public", "private")),
            count("teams", "Teams with members of the cohort.", "teams", minimum=1),
            count("members", "Members of the cohort in them.", minimum=1),
            count("passing", "Those of them whose place a mission of the cohort accepts."),
            value("best_share", "The best rank / teams on the board.", "rate"),
            value("median_share", "The median of it over the teams.", "rate"),
        ),
        Sensitive(
            main=("members",),
            counts=("teams", "members", "passing"),
            places=(("best_share", "members"), ("median_share", "members")),
        ),
    ),
)
