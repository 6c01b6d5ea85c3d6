"""``program.yaml`` as rows.

Belongs here: tables that ``assets/core/settings.py`` writes. Does not belong here: defaults (``program``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import column, table
from fellowship_pipeline.contracts.model import Table

SETTINGS_TABLES: tuple[Table, ...] = (
    table(
        "parameters",
        "What the run is about. Grain: one row.",
        (
            column("as_of", "DATE", "The day at whose end the program is seen."),
            column("since", "DATE", "The first day of the term that is looked at; NULL: all of the program.", False),
            column("timezone", "VARCHAR", "The program's time zone."),
            column("window_days", "BIGINT", "Days of the engagement window."),
            column("recognition_top", "BIGINT", "Places of the month's best."),
            column("has_names", "BOOLEAN", "Whether roster or aliases are configured, so that names are resolved."),
            column("rotation_share", "DECIMAL(28,10)", "Share of the seats that may change hands in a term.", False),
            column("goal_survey_kpi", "BOOLEAN", "Whether any survey names the question on goals."),
            column("unmatched_share_max", "DOUBLE", "Share of unmatched rows above which people are told."),
        ),
    ),
    table(
        "configured_sources",
        "Sources that program.yaml configures: of the others nothing is known. Grain: source.",
        (column("source", "VARCHAR", "The source."),),
        ("source",),
    ),
    table(
        "cohorts",
        "Cohorts that program.yaml bounds. Grain: cohort.",
        (
            column("cohort", "VARCHAR", "The cohort."),
            column("starts_on", "DATE", "Its first day.", False),
            column("ends_on", "DATE", "Its last day in.", False),
        ),
        ("cohort",),
    ),
    table(
        "seat_capacities",
        "Seats of a pool from a date on. Grain: pool × valid_from.",
        (
            column("pool", "VARCHAR", "The pool."),
            column("valid_from", "DATE", "First day."),
            column("valid_to", "DATE", "First day of the next capacity; NULL: for good.", False),
            column("capacity", "BIGINT", "Seats."),
            column("position", "BIGINT", "The place of the pool among those of program.yaml, from 0."),
        ),
        ("pool", "valid_from"),
    ),
    table(
        "review_rules",
        "Rules of the seat review. Grain: position.",
        (
            column("position", "BIGINT", "The place in program.yaml, from 0."),
            column("rule", "VARCHAR", "The rule's id."),
            column("valid_from", "DATE", "The first review month, its 1st."),
            column("study_mode", "VARCHAR", "Whom it is for; NULL: everybody.", False),
            column("minimum_xp", "DECIMAL(28,10)", "XP asked for; NULL: none.", False),
            column("minimum_active_days", "BIGINT", "Active days asked for."),
            column("first_month", "VARCHAR", "exempt, full or prorated."),
        ),
        ("position",),
    ),
    table(
        "exempt_roles",
        "Roles that no review touches. Grain: role.",
        (column("role", "VARCHAR", "The role."),),
        ("role",),
    ),
    table(
        "leaves",
        "Leave that exempts from a review. Grain: leave.",
        (
            column("member", "VARCHAR", "The member, as named in program.yaml.", True, "direct"),
            column("starts_on", "DATE", "First day.", False),
            column("ends_on", "DATE", "Last day; NULL: open.", False),
        ),
    ),
    table(
        "rotation_terms",
        "Terms of the rotation budget. Grain: starts_on.",
        (column("starts_on", "DATE", "First day."), column("ends_on", "DATE", "Last day.")),
        ("starts_on",),
    ),
    table(
        "terms",
        "Terms to be compared. Grain: term.",
        (
            column("term", "VARCHAR", "The term."),
            column("starts_on", "DATE", "First day."),
            column("ends_on", "DATE", "Last day."),
        ),
        ("term",),
    ),
    table(
        "what_if_minimums",
        "Minima of XP that a review is tried with. Grain: minimum_xp.",
        (column("minimum_xp", "BIGINT", "The minimum."),),
        ("minimum_xp",),
    ),
    table(
        "targets",
        "What the program aims at. Grain: kpi.",
        (column("kpi", "VARCHAR", "The KPI."), column("target", "DOUBLE", "The target.")),
        ("kpi",),
    ),
    table(
        "kpi_labels",
        "Names of the headline KPIs in the program's first language. Grain: kpi.",
        (
            column("kpi", "VARCHAR", "The KPI."),
            column("label", "VARCHAR", "Its name."),
            column("position", "BIGINT", "Its place on the page."),
        ),
        ("kpi",),
    ),
    table(
        "application_stages",
        "Stages in the order of program.yaml. Grain: stage.",
        (column("stage", "VARCHAR", "The stage."), column("position", "BIGINT", "Its place, from 1.")),
        ("stage",),
    ),
    table(
        "session_windows",
        "That attendance of a session unknown by name is given to one by its time. Grain: one row; none: it is not.",
        (column("margin_minutes", "BIGINT", "Minutes before a session's start and after its end that are its own."),),
    ),
    table(
        "expected_roles",
        "Roles that kinds of sessions expect, of kinds that do not expect everybody. Grain: kind × role.",
        (column("kind", "VARCHAR", "The kind of session."), column("role", "VARCHAR", "The role.")),
        ("kind", "role"),
    ),
    table(
        "mission_roles",
        "Roles whom missions are for. Grain: role.",
        (column("role", "VARCHAR", "The role."),),
        ("role",),
    ),
    table(
        "mission_exceptions",
        "Who is excused from a mission, or has longer. Grain: position.",
        (
            column("position", "BIGINT", "The place in program.yaml, from 0."),
            column("member", "VARCHAR", "The member, as named in program.yaml.", True, "direct"),
            column("mission", "VARCHAR", "The mission."),
            column("cohort", "VARCHAR", "The mission's cohort; NULL: every cohort.", False),
            column("reason", "VARCHAR", "Why.", True, "sensitive"),
            column("due_at", "TIMESTAMP", "When it is due for the member; NULL: excused.", False, "quasi"),
        ),
        ("position",),
    ),
    table(
        "completing_kinds",
        "Kinds of activity that complete an item. Grain: kind.",
        (column("kind", "VARCHAR", "The kind, in lower case."),),
        ("kind",),
    ),
    table(
        "requirement_kinds",
        "What a mission may ask for, the same in every program. Grain: requirement.",
        (
            column("requirement", "VARCHAR", "The kind, as the source missions names it."),
            column("found_in", "VARCHAR", "The table of schema core that says how far members are."),
            column("evidence", "VARCHAR", "What counts there."),
            column("is_list", "BOOLEAN", "Whether the target names several, separated by '|'."),
            column("needs_target", "BOOLEAN", "Whether it must name something."),
            column("needs_threshold", "BOOLEAN", "Whether it must say how much."),
            column("takes_any", "BOOLEAN", "Whether a threshold left out means any; else it means 1."),
            column("is_share", "BOOLEAN", "Whether the threshold is a share, 0 to 1."),
            column("unit", "BIGINT", "How many of what is counted make 1 of the threshold: 60 minutes an hour."),
        ),
        ("requirement",),
    ),
    table(
        "outcome_kinds",
        "What may become of a member, the same in every program; other kinds are counted as well. Grain: kind.",
        (
            column("kind", "VARCHAR", "The kind, as the source outcomes names it."),
            column("is_placement", "BOOLEAN", "Whether whoever has it is placed."),
        ),
        ("kind",),
    ),
    table(
        "surveys",
        "Surveys that program.yaml declares. Grain: survey.",
        (
            column("survey", "VARCHAR", "The survey."),
            column("goal_question", "VARCHAR", "The question on goals.", False),
            column("goal_option", "VARCHAR", "The answer that means: it helped.", False),
            column("all_cohorts", "BOOLEAN", "Whether it names no cohorts, and so goes to all."),
            column("opens_on", "DATE", "First day; NULL: that of the first response.", False),
            column("closes_on", "DATE", "Last day; NULL: that of the last response.", False),
        ),
        ("survey",),
    ),
    table(
        "survey_cohorts",
        "Cohorts that a survey was sent to. Grain: survey × cohort.",
        (column("survey", "VARCHAR", "The survey."), column("cohort", "VARCHAR", "The cohort.")),
        ("survey", "cohort"),
    ),
    table(
        "survey_roles",
        "Roles that a survey was sent to; one that program.yaml does not declare: learners. Grain: survey × role.",
        (column("survey", "VARCHAR", "The survey."), column("role", "VARCHAR", "The role.")),
        ("survey", "role"),
    ),
    table(
        "survey_questions",
        "Declared questions. Grain: survey × question.",
        (
            column("survey", "VARCHAR", "The survey."),
            column("question", "VARCHAR", "The question."),
            column("kind", "VARCHAR", "single, multi, rating or text."),
            column("scale_low", "DOUBLE", "Lowest rating.", False),
            column("scale_high", "DOUBLE", "Highest rating.", False),
        ),
        ("survey", "question"),
    ),
    table(
        "survey_options",
        "Options that a mapping declares, as stored. Grain: survey × question × option.",
        (
            column("survey", "VARCHAR", "The survey."),
            column("question", "VARCHAR", "The question."),
            column("option", "VARCHAR", "The option."),
        ),
        ("survey", "question", "option"),
    ),
    table(
        "coverage",
        "Days for which an activity entry vouches. Grain: day.",
        (
            column("day", "DATE", "The day."),
            column("is_cumulative", "BOOLEAN", "Whether only totals do: whom they leave out is not known of."),
        ),
        ("day",),
    ),
)
