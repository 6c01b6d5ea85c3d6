"""Who is in a cohort, what its missions ask for, and who met them when.

Belongs here: the steps from missions to their results by member. Does not belong here: SQL (``assets/core``), missions
by cohort (``contracts/kpi/missions.py``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import MEMBER, column, table
from fellowship_pipeline.contracts.model import Column, Table

MISSION_STATUSES = ("met", "late", "missed", "pending", "excused")

_COHORT = column("cohort", "VARCHAR", "The cohort.")
_MISSION = column("mission", "VARCHAR", "The mission.")
_REQUIREMENT = column("requirement_id", "BIGINT", "The requirement.")
_IS_MANDATORY = column("is_mandatory", "BOOLEAN", "Whether being late or missing it eliminates.")
_OWN_DUE = column("due_at", "TIMESTAMP", "When it is due for the member.", True, "quasi")
_COMPETITION = column("competition", "VARCHAR", "The competition.")
_BOARD = column("board", "VARCHAR", "public or private; NULL: not said.", False)
_BOARD_AS_OF = column("as_of", "TIMESTAMP", "When the board stood so.")
_TEAM = column("team", "VARCHAR", "The team.", True, "quasi")

MISSION_TABLES: tuple[Table, ...] = (
    table(
        "learner_periods",
        "Roster rows begun by as_of of those whom missions are for. Grain: member_id × period_rank.",
        (
            _COHORT,
            MEMBER,
            column("starts_on", "DATE", "First day in.", True, "quasi"),
            column("ends_before", "DATE", "First day no longer in.", True, "quasi"),
            column("seeking", "BOOLEAN", "Whether the member looks for a job.", False, "sensitive"),
            column("track", "VARCHAR", "The track.", False, "quasi"),
            column("period_rank", "BIGINT", "Order among the member's rows: a later one wins on equal days."),
        ),
        ("member_id", "period_rank"),
    ),
    table(
        "cohort_members",
        "Learners of a cohort, those who left included: a roster row began by as_of. Grain: cohort × member_id.",
        (
            _COHORT,
            MEMBER,
            column("starts_on", "DATE", "First day in the cohort, of the earliest row.", True, "quasi"),
            column("seeking", "BOOLEAN", "Whether the member looks for a job, of the latest row.", False, "sensitive"),
            column("track", "VARCHAR", "The track, of the latest row.", False, "quasi"),
        ),
        ("cohort", "member_id"),
    ),
    table(
        "missions",
        "Missions, whether due by as_of or not. Grain: cohort × mission.",
        (
            _COHORT,
            _MISSION,
            column("title", "VARCHAR", "The title.", False),
            column("due_at", "TIMESTAMP", "When it is due; the last moment of a day."),
            column("due_on", "DATE", "On which day."),
            _IS_MANDATORY,
            column("counted_from", "DATE", "From which day XP, hours and sessions count: the cohort's first."),
        ),
        ("cohort", "mission"),
    ),
    table(
        "mission_requirements",
        "What the alternatives of missions ask for. Grain: requirement_id.",
        (
            column("requirement_id", "BIGINT", "Its number among all."),
            _COHORT,
            _MISSION,
            column("alternative", "VARCHAR", "The way to meet the mission that it belongs to."),
            column("requirement", "VARCHAR", "Of which kind."),
            column("target", "VARCHAR", "Of what; NULL: of all.", False),
            column("threshold", "DECIMAL(28,10)", "How much; NULL: any share of ranks.", False),
            column("team_min", "BIGINT", "Smallest team.", False),
            column("team_max", "BIGINT", "Largest team.", False),
        ),
        ("requirement_id",),
    ),
    table(
        "requirement_targets",
        "Courses, items, kinds of sessions and the like that a requirement names. Grain: requirement_id × target.",
        (_REQUIREMENT, column("target", "VARCHAR", "One of them.")),
        ("requirement_id", "target"),
    ),
    table(
        "mission_members",
        "Missions of all learners of the cohort, exceptions applied, eliminated or not. "
        "Grain: cohort × mission × member_id.",
        (
            _COHORT,
            _MISSION,
            MEMBER,
            _OWN_DUE,
            column("is_due", "BOOLEAN", "Whether that is by as_of."),
            column(
                "is_in", "BOOLEAN", "Whether a roster row is in force on that day, or on as_of, where it is earlier."
            ),
            column("has_left", "BOOLEAN", "Whether the last one has ended by then.", True, "quasi"),
            _IS_MANDATORY,
            column("is_excused", "BOOLEAN", "Whether program.yaml excuses the member.", True, "sensitive"),
            column("exception", "BIGINT", "The exception's place in program.yaml; NULL: none.", False),
            column("reason", "VARCHAR", "Why there is an exception.", False, "sensitive"),
        ),
        ("cohort", "mission", "member_id"),
    ),
    table(
        "target_results",
        "Courses completed, items done, shares reached and certificates earned by as_of, of those that missions name. "
        "Grain: requirement_id × target × member_id.",
        (
            _REQUIREMENT,
            column("target", "VARCHAR", "Which."),
            MEMBER,
            column("met_at", "TIMESTAMP", "When.", True, "quasi"),
        ),
        ("requirement_id", "target", "member_id"),
    ),
    table(
        "mission_amounts",
        "XP, minutes and sessions as they add up from the cohort's first day on, where a mission asks for them. "
        "Grain: cohort × requirement × target × member_id × moment.",
        (
            _COHORT,
            column("requirement", "VARCHAR", "Of which kind."),
            column("target", "VARCHAR", "Of what, as the mission names it; NULL: of all.", False),
            MEMBER,
            column("moment", "TIMESTAMP", "When: an activity's time, a session's start.", True, "quasi"),
            column("total", "DECIMAL(38,10)", "XP, minutes or sessions up to then.", True, "quasi"),
        ),
        ("cohort", "requirement", "target", "member_id", "moment"),
    ),
    table(
        "leaderboard_places",
        "Members' places on leaderboards by as_of. Grain: competition × category × board × as_of × team × member_id.",
        (
            _COMPETITION,
            column("category", "VARCHAR", "featured, playground, community, …"),
            _BOARD,
            _BOARD_AS_OF,
            _TEAM,
            MEMBER,
            column("rank", "BIGINT", "The team's place.", True, "quasi"),
            column("teams", "BIGINT", "Teams on the board."),
            column("team_size", "BIGINT", "Members of the team: as the file says, else the names beside it."),
        ),
        ("competition", "category", "board", "as_of", "team", "member_id"),
    ),
    table(
        "competition_trials",
        "Places on leaderboards held against what missions ask for. "
        "Grain: requirement_id × competition × board × as_of × team × member_id.",
        (
            _REQUIREMENT,
            _COMPETITION,
            _BOARD,
            _BOARD_AS_OF,
            _TEAM,
            MEMBER,
            column("is_passed", "BOOLEAN", "Whether rank share and team size are within what is asked for."),
        ),
        ("requirement_id", "competition", "board", "as_of", "team", "member_id"),
    ),
    table(
        "requirement_results",
        "How far the learners of a cohort are with each requirement by as_of. Grain: requirement_id × member_id.",
        (
            _REQUIREMENT,
            MEMBER,
            column("reached", "DECIMAL(38,10)", "XP, minutes, sessions, or how many of the targets.", True, "quasi"),
            column("needed", "DECIMAL(38,10)", "How much is asked for; NULL: more than can be counted.", False),
            column("met_at", "TIMESTAMP", "Since when it is enough; NULL: it is not.", False, "quasi"),
            column("missing", "VARCHAR", "What is missing, in words; NULL: nothing.", False, "quasi"),
        ),
        ("requirement_id", "member_id"),
    ),
    table(
        "mission_results",
        "Missions of the members still in at them, as they stand at the end of as_of. "
        "Grain: cohort × mission × member_id.",
        (
            _COHORT,
            _MISSION,
            MEMBER,
            Column("status", "VARCHAR", "How it went.", "sensitive", required=True, values=MISSION_STATUSES),
            column("met_at", "TIMESTAMP WITH TIME ZONE", "When it was met; NULL: it is not.", False, "quasi"),
            _OWN_DUE,
            _IS_MANDATORY,
            column("alternative", "VARCHAR", "The way in which it was met; NULL: it is not.", False),
            column("is_eliminated", "BOOLEAN", "Whether the member is out by it.", True, "sensitive"),
            column("missing", "VARCHAR", "What is missing, in words; NULL: nothing.", False, "quasi"),
            column("reason", "VARCHAR", "Why program.yaml makes an exception; NULL: none.", False, "sensitive"),
        ),
        ("cohort", "mission", "member_id"),
    ),
)
