"""What KPIs are computed from: the program's settings as tables, persons, seats, learning by day.

Belongs here: columns of schema ``core``. The first group is ``program.yaml`` as rows (made by
``assets/core/settings.py``), the others are derived by SQL from ``staging``.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.model import Column, Pii, Table, Type


def _c(name: str, type_: Type, description: str, required: bool = True, pii: Pii = "none") -> Column:
    return Column(name, type_, description, pii, required=required)


def _t(name: str, description: str, columns: tuple[Column, ...], grain: tuple[str, ...] = ()) -> Table:
    return Table("core", name, description, columns, grain)


SETTINGS_TABLES: tuple[Table, ...] = (
    _t(
        "parameters",
        "What the run is about. Grain: one row.",
        (
            _c("as_of", "DATE", "The day at whose end the program is seen."),
            _c("timezone", "VARCHAR", "The program's time zone."),
            _c("window_days", "BIGINT", "Days of the engagement window."),
            _c("recognition_top", "BIGINT", "Places of the month's best."),
            _c("has_names", "BOOLEAN", "Whether roster or aliases are configured, so that names are resolved."),
            _c("rotation_share", "DECIMAL(28,10)", "Share of the seats that may change hands in a term.", False),
            _c("goal_survey_kpi", "BOOLEAN", "Whether any survey names the question on goals."),
            _c("unmatched_share_max", "DOUBLE", "Share of rows with an unmatched name above which people are told."),
        ),
    ),
    _t(
        "cohorts",
        "Cohorts that program.yaml bounds. Grain: cohort.",
        (
            _c("cohort", "VARCHAR", "The cohort."),
            _c("starts_on", "DATE", "Its first day.", False),
            _c("ends_on", "DATE", "Its last day in.", False),
        ),
        ("cohort",),
    ),
    _t(
        "seat_capacities",
        "Seats of a pool from a date on. Grain: pool × valid_from.",
        (
            _c("pool", "VARCHAR", "The pool."),
            _c("valid_from", "DATE", "First day."),
            _c("valid_to", "DATE", "First day of the next capacity; NULL: for good.", False),
            _c("capacity", "BIGINT", "Seats."),
        ),
        ("pool", "valid_from"),
    ),
    _t(
        "review_rules",
        "Rules of the seat review. Grain: position.",
        (
            _c("position", "BIGINT", "The place in program.yaml, from 0."),
            _c("rule", "VARCHAR", "The rule's id."),
            _c("valid_from", "DATE", "The first review month, its 1st."),
            _c("study_mode", "VARCHAR", "Whom it is for; NULL: everybody.", False),
            _c("minimum_xp", "DECIMAL(28,10)", "XP asked for; NULL: none.", False),
            _c("minimum_active_days", "BIGINT", "Active days asked for."),
            _c("first_month", "VARCHAR", "exempt, full or prorated."),
        ),
        ("position",),
    ),
    _t("exempt_roles", "Roles that no review touches. Grain: role.", (_c("role", "VARCHAR", "The role."),), ("role",)),
    _t(
        "leaves",
        "Leave that exempts from a review. Grain: leave.",
        (
            _c("member", "VARCHAR", "The member, as named in program.yaml.", True, "direct"),
            _c("starts_on", "DATE", "First day.", False),
            _c("ends_on", "DATE", "Last day; NULL: open.", False),
        ),
    ),
    _t(
        "rotation_terms",
        "Terms of the rotation budget. Grain: starts_on.",
        (_c("starts_on", "DATE", "First day."), _c("ends_on", "DATE", "Last day.")),
        ("starts_on",),
    ),
    _t(
        "what_if_minimums",
        "Minima of XP that a review is tried with. Grain: minimum_xp.",
        (_c("minimum_xp", "BIGINT", "The minimum."),),
        ("minimum_xp",),
    ),
    _t(
        "targets",
        "What the program aims at. Grain: kpi.",
        (_c("kpi", "VARCHAR", "The KPI."), _c("target", "DOUBLE", "The target.")),
        ("kpi",),
    ),
    _t(
        "kpi_labels",
        "Names of the headline KPIs in the program's first language. Grain: kpi.",
        (
            _c("kpi", "VARCHAR", "The KPI."),
            _c("label", "VARCHAR", "Its name."),
            _c("position", "BIGINT", "Its place on the page."),
        ),
        ("kpi",),
    ),
    _t(
        "application_stages",
        "Stages in the order of program.yaml. Grain: stage.",
        (_c("stage", "VARCHAR", "The stage."), _c("position", "BIGINT", "Its place, from 1.")),
        ("stage",),
    ),
    _t(
        "surveys",
        "Surveys that program.yaml declares. Grain: survey.",
        (
            _c("survey", "VARCHAR", "The survey."),
            _c("goal_question", "VARCHAR", "The question on goals.", False),
            _c("goal_option", "VARCHAR", "The answer that means: it helped.", False),
            _c("all_cohorts", "BOOLEAN", "Whether it names no cohorts, and so goes to all."),
        ),
        ("survey",),
    ),
    _t(
        "survey_cohorts",
        "Cohorts that a survey was sent to. Grain: survey × cohort.",
        (_c("survey", "VARCHAR", "The survey."), _c("cohort", "VARCHAR", "The cohort.")),
        ("survey", "cohort"),
    ),
    _t(
        "survey_questions",
        "Declared questions. Grain: survey × question.",
        (
            _c("survey", "VARCHAR", "The survey."),
            _c("question", "VARCHAR", "The question."),
            _c("kind", "VARCHAR", "single, multi, rating or text."),
            _c("scale_low", "DOUBLE", "Lowest rating.", False),
            _c("scale_high", "DOUBLE", "Highest rating.", False),
        ),
        ("survey", "question"),
    ),
    _t(
        "coverage",
        "Days for which an activity entry vouches. Grain: day.",
        (
            _c("day", "DATE", "The day."),
            _c("is_cumulative", "BOOLEAN", "Whether only exports of totals do: whom they leave out is not known of."),
        ),
        ("day",),
    ),
)

_MEMBER = _c("member_id", "VARCHAR", "The member.", True, "direct")
_PERSON = _c("person", "VARCHAR", "The member, or 'name:' and the name that resolves to nobody.", True, "direct")

DERIVED_TABLES: tuple[Table, ...] = (
    _t(
        "roster_periods",
        "Roster rows with their bounds filled in. Grain: member_id × cohort × starts_on.",
        (
            _MEMBER,
            _c("cohort", "VARCHAR", "The cohort."),
            _c("role", "VARCHAR", "The role.", False, "quasi"),
            _c("study_mode", "VARCHAR", "How the member studies.", False, "quasi"),
            _c("study_group", "VARCHAR", "The study group.", False, "quasi"),
            _c("track", "VARCHAR", "The track.", False, "quasi"),
            _c("starts_on", "DATE", "First day in.", True, "quasi"),
            _c("ends_before", "DATE", "First day no longer in.", True, "quasi"),
            _c("period_rank", "BIGINT", "Order among the member's rows: a later one wins on equal days."),
        ),
        ("member_id", "period_rank"),
    ),
    _t(
        "member_periods",
        "Which roster row speaks for a member on which days, without gaps. Grain: member_id × valid_from.",
        (
            _MEMBER,
            _c("valid_from", "DATE", "First day."),
            _c("valid_to", "DATE", "First day no longer."),
            _c("cohort", "VARCHAR", "The cohort, or '(none)'."),
            _c("study_mode", "VARCHAR", "How the member studies, or '(none)'.", True, "quasi"),
            _c("study_group", "VARCHAR", "The study group, or '(none)'.", True, "quasi"),
            _c("track", "VARCHAR", "The track, or '(none)'.", True, "quasi"),
            _c("role", "VARCHAR", "The role.", False, "quasi"),
        ),
        ("member_id", "valid_from"),
    ),
    _t(
        "person_slices",
        "member_periods in long form, for everybody counted anywhere. Grain: person × slice_by × valid_from.",
        (
            _PERSON,
            _c("slice_by", "VARCHAR", "The kind of slice."),
            _c("slice", "VARCHAR", "The slice.", True, "quasi"),
            _c("valid_from", "DATE", "First day."),
            _c("valid_to", "DATE", "First day no longer."),
        ),
        ("person", "slice_by", "valid_from"),
    ),
    _t(
        "seat_changes",
        "Seat events by as_of, snapshots' included, with the state before. Grain: person × pool × position.",
        (
            _PERSON,
            _c("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            _c("pool", "VARCHAR", "The pool."),
            _c("position", "BIGINT", "The event's place in the seat's history."),
            _c("event", "VARCHAR", "What happened."),
            _c("occurred_at", "TIMESTAMP", "When."),
            _c("occurred_on", "DATE", "On which day of the program."),
            _c("is_derived", "BOOLEAN", "Whether it was inferred from snapshots."),
            _c("is_held_before", "BOOLEAN", "Whether the person held a seat just before."),
            _c(
                "state_before",
                "VARCHAR",
                "The invitation's state just before: open, expired, declined, withdrawn; NULL: none.",
                False,
            ),
            _c("is_effective", "BOOLEAN", "Whether the event fits the state and counts."),
            _c("phase", "BIGINT", "Seats of the pool that the person gave up before."),
            _c("invitation", "BIGINT", "The invitation it belongs to, within the phase.", False),
            _c("_file_id", "VARCHAR", "The file."),
            _c("_row", "BIGINT", "The record."),
        ),
        ("person", "pool", "position"),
    ),
    _t(
        "invitations",
        "One seat of a pool offered to one person. Grain: person × pool × sent_on × invitation.",
        (
            _PERSON,
            _c("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            _c("pool", "VARCHAR", "The pool."),
            _c("phase", "BIGINT", "Seats of the pool that the person gave up before."),
            _c("invitation", "BIGINT", "Its place within the phase."),
            _c("sent_on", "DATE", "When it was first sent.", True, "quasi"),
            _c("last_sent_on", "DATE", "When it was last sent.", True, "quasi"),
            _c("times_sent", "BIGINT", "How often."),
            _c("accepted_on", "DATE", "When it was accepted.", False, "quasi"),
            _c("closed_on", "DATE", "When it ended unanswered.", False, "quasi"),
            _c("status", "VARCHAR", "open, expired, accepted, declined or withdrawn."),
        ),
        ("person", "pool", "phase", "invitation"),
    ),
    _t(
        "seats",
        "A seat held by one person. Grain: person × pool × held_from × phase.",
        (
            _PERSON,
            _c("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            _c("pool", "VARCHAR", "The pool."),
            _c("phase", "BIGINT", "Seats of the pool held before."),
            _c("held_from", "DATE", "First day.", True, "quasi"),
            _c("held_before", "DATE", "First day no longer; NULL: held still.", False, "quasi"),
            _c("ended_by", "VARCHAR", "reclaimed or returned.", False),
        ),
        ("person", "pool", "phase"),
    ),
    _t(
        "holdings",
        "Days on which a member holds any seat, as spans that do not touch. Grain: member_id × held_from.",
        (
            _MEMBER,
            _c("held_from", "DATE", "First day.", True, "quasi"),
            _c("held_before", "DATE", "First day no longer; NULL: held still.", False, "quasi"),
        ),
        ("member_id", "held_from"),
    ),
    _t(
        "activity_days",
        "A member's learning on a day, by as_of. Grain: member_id × day.",
        (
            _MEMBER,
            _c("day", "DATE", "The day.", True, "quasi"),
            _c("xp", "DECIMAL(38,10)", "XP.", False, "quasi"),
            _c("minutes", "DECIMAL(38,10)", "Minutes.", False, "quasi"),
        ),
        ("member_id", "day"),
    ),
    _t(
        "member_months",
        "A member's learning and first completions in a month, by as_of. Grain: member_id × month.",
        (
            _MEMBER,
            _c("month", "DATE", "The month, its 1st.", True, "quasi"),
            _c("active_days", "BIGINT", "Days with activity; 0: only completions.", True, "quasi"),
            _c("xp", "DECIMAL(38,10)", "XP, empty ones as 0; NULL: no activity.", False, "quasi"),
            _c("minutes", "DECIMAL(38,10)", "Minutes, empty ones as 0; NULL: no activity.", False, "quasi"),
            _c("completions", "BIGINT", "First completions of courses.", True, "quasi"),
        ),
        ("member_id", "month"),
    ),
    _t(
        "course_starts",
        "A member's first activity in a course, by as_of. Grain: member_id × course.",
        (
            _MEMBER,
            _c("course", "VARCHAR", "The course.", True, "quasi"),
            _c("first_on", "DATE", "The day.", True, "quasi"),
        ),
        ("member_id", "course"),
    ),
    _t(
        "first_completions",
        "A member's first completion of a course, by as_of. Grain: member_id × course.",
        (
            _MEMBER,
            _c("course", "VARCHAR", "The course.", True, "quasi"),
            _c("completed_on", "DATE", "The day.", True, "quasi"),
            _c("started_on", "DATE", "The day it was begun, as that row has it.", False, "quasi"),
        ),
        ("member_id", "course"),
    ),
    _t(
        "survey_answers",
        "Each respondent's last response by as_of. Grain: survey × respondent × question × answer.",
        (
            _c("survey", "VARCHAR", "The survey."),
            _c("respondent", "VARCHAR", "The member, or the response.", True, "direct"),
            _c("question", "VARCHAR", "The question."),
            _c("answer", "VARCHAR", "The answer; NULL: none.", False, "sensitive"),
        ),
    ),
    _t(
        "survey_population",
        "Whom a survey was sent to and who returned it, by slice. Grain: survey × person × slice_by.",
        (
            _c("survey", "VARCHAR", "The survey."),
            _PERSON,
            _c("slice_by", "VARCHAR", "The kind of slice."),
            _c("slice", "VARCHAR", "The slice.", True, "quasi"),
            _c("is_asked", "BOOLEAN", "Whether the person is in the survey's population."),
            _c("has_responded", "BOOLEAN", "Whether the person returned it.", True, "sensitive"),
        ),
        ("survey", "person", "slice_by"),
    ),
)

REVIEW_TABLES: tuple[Table, ...] = (
    _t(
        "review_months",
        "Months whose review is due: a rule is in force and the month before has ended. Grain: review_month.",
        (
            _c("review_month", "DATE", "The month at whose start the review is held, its 1st."),
            _c("first_day", "DATE", "First day of the month reviewed."),
            _c("last_day", "DATE", "Last day of the month reviewed."),
            _c("days_missing", "BIGINT", "Days of it for which no activity entry vouches."),
            _c("is_cumulative", "BOOLEAN", "Whether only exports of totals vouch for some of its days."),
        ),
        ("review_month",),
    ),
    _t(
        "review_cases",
        "Seats that a review looks at, with all evidence, before any decision. Grain: review_month × pool × member_id.",
        (
            _c("review_month", "DATE", "The month at whose start the review is held, its 1st."),
            _MEMBER,
            _c("pool", "VARCHAR", "The pool."),
            _c("study_mode", "VARCHAR", "How the member studied at the end of the month reviewed.", True, "quasi"),
            _c("rule", "VARCHAR", "The rule that applies."),
            _c("seat_since", "DATE", "First day of the seat.", True, "quasi"),
            _c("xp", "DECIMAL(38,10)", "XP of the month reviewed.", True, "quasi"),
            _c("active_days", "BIGINT", "Active days of the month reviewed.", True, "quasi"),
            _c("last_activity", "DATE", "Last day of activity up to that month's end.", False, "quasi"),
            _c(
                "exempt_reason", "VARCHAR", "Why the rule leaves the seat alone; NULL: it does not.", False, "sensitive"
            ),
            _c("is_unknown", "BOOLEAN", "Whether only totals tell of the month, and leave the member out."),
            _c("minimum_xp", "DECIMAL(28,10)", "XP that the rule asks for in a whole month; NULL: none.", False),
            _c("minimum_active_days", "BIGINT", "Active days that the rule asks for."),
            _c("days_counted", "BIGINT", "Days of the month for which XP is asked: fewer where the rule prorates."),
            _c("days_in_month", "BIGINT", "Days of the month reviewed."),
        ),
        ("review_month", "pool", "member_id"),
    ),
)

PREVIOUS_HEADLINES = _t(
    "previous_headlines",
    "The headline KPIs as a run on the same day of the month before had them. Grain: kpi × slice_by × slice.",
    (
        _c("kpi", "VARCHAR", "The KPI."),
        _c("slice_by", "VARCHAR", "The kind of slice."),
        _c("slice", "VARCHAR", "The slice."),
        _c("value", "DOUBLE", "The value.", False),
    ),
    ("kpi", "slice_by", "slice"),
)

CORE_TABLES = SETTINGS_TABLES + DERIVED_TABLES + REVIEW_TABLES + (PREVIOUS_HEADLINES,)
