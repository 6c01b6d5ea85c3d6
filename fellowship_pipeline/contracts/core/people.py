"""Persons, their seats and their learning.

Belongs here: what most KPIs are computed from. Does not belong here: SQL (``assets/core``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import MEMBER, PERSON, column, table
from fellowship_pipeline.contracts.model import Table

DERIVED_TABLES: tuple[Table, ...] = (
    table(
        "roster_periods",
        "Roster rows with their bounds filled in. Grain: member_id × cohort × starts_on.",
        (
            MEMBER,
            column("cohort", "VARCHAR", "The cohort."),
            column("role", "VARCHAR", "The role; learner where the roster says none.", True, "quasi"),
            column("study_mode", "VARCHAR", "How the member studies.", False, "quasi"),
            column("study_group", "VARCHAR", "The study group.", False, "quasi"),
            column("track", "VARCHAR", "The track.", False, "quasi"),
            column("seeking", "BOOLEAN", "Whether the member looks for a job.", False, "sensitive"),
            column("starts_on", "DATE", "First day in.", True, "quasi"),
            column("ends_before", "DATE", "First day no longer in.", True, "quasi"),
            column(
                "left_on", "DATE", "The same where the roster says so; NULL: in to the cohort's end.", False, "quasi"
            ),
            column("period_rank", "BIGINT", "Order among the member's rows: a later one wins on equal days."),
        ),
        ("member_id", "period_rank"),
    ),
    table(
        "member_periods",
        "Which roster row speaks for a member on which days, without gaps. Grain: member_id × valid_from.",
        (
            MEMBER,
            column("valid_from", "DATE", "First day."),
            column("valid_to", "DATE", "First day no longer."),
            column("cohort", "VARCHAR", "The cohort, or '(none)'."),
            column("study_mode", "VARCHAR", "How the member studies, or '(none)'.", True, "quasi"),
            column("study_group", "VARCHAR", "The study group, or '(none)'.", True, "quasi"),
            column("track", "VARCHAR", "The track, or '(none)'.", True, "quasi"),
            column("role", "VARCHAR", "The role.", True, "quasi"),
        ),
        ("member_id", "valid_from"),
    ),
    table(
        "person_slices",
        "member_periods in long form, for everybody counted anywhere. Grain: person × slice_by × valid_from.",
        (
            PERSON,
            column("slice_by", "VARCHAR", "The kind of slice."),
            column("slice", "VARCHAR", "The slice.", True, "quasi"),
            column("valid_from", "DATE", "First day."),
            column("valid_to", "DATE", "First day no longer."),
        ),
        ("person", "slice_by", "valid_from"),
    ),
    table(
        "seat_changes",
        "Seat events by as_of, snapshots' included, with the state before. Grain: person × pool × position.",
        (
            PERSON,
            column("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            column("pool", "VARCHAR", "The pool."),
            column("position", "BIGINT", "The event's place in the seat's history."),
            column("event", "VARCHAR", "What happened."),
            column("occurred_at", "TIMESTAMP", "When."),
            column("occurred_on", "DATE", "On which day of the program."),
            column("is_derived", "BOOLEAN", "Whether it was inferred from snapshots."),
            column("is_held_before", "BOOLEAN", "Whether the person held a seat just before."),
            column(
                "state_before",
                "VARCHAR",
                "The invitation's state just before: open, expired, declined, withdrawn; NULL: none.",
                False,
            ),
            column("is_effective", "BOOLEAN", "Whether the event fits the state and counts."),
            column("phase", "BIGINT", "Seats of the pool that the person gave up before."),
            column("invitation", "BIGINT", "The invitation it belongs to, within the phase.", False),
            column("_file_id", "VARCHAR", "The file."),
            column("_row", "BIGINT", "The record."),
        ),
        ("person", "pool", "position"),
    ),
    table(
        "invitations",
        "One seat of a pool offered to one person. Grain: person × pool × sent_on × invitation.",
        (
            PERSON,
            column("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            column("pool", "VARCHAR", "The pool."),
            column("phase", "BIGINT", "Seats of the pool that the person gave up before."),
            column("invitation", "BIGINT", "Its place within the phase."),
            column("sent_on", "DATE", "When it was first sent.", True, "quasi"),
            column("last_sent_on", "DATE", "When it was last sent.", True, "quasi"),
            column("times_sent", "BIGINT", "How often."),
            column("accepted_on", "DATE", "When it was accepted.", False, "quasi"),
            column("closed_on", "DATE", "When it ended unanswered.", False, "quasi"),
            column("status", "VARCHAR", "open, expired, accepted, declined or withdrawn."),
        ),
        ("person", "pool", "phase", "invitation"),
    ),
    table(
        "seats",
        "A seat held by one person. Grain: person × pool × held_from × phase.",
        (
            PERSON,
            column("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            column("pool", "VARCHAR", "The pool."),
            column("phase", "BIGINT", "Seats of the pool held before."),
            column("held_from", "DATE", "First day.", True, "quasi"),
            column("held_before", "DATE", "First day no longer; NULL: held still.", False, "quasi"),
            column("ended_by", "VARCHAR", "reclaimed or returned.", False),
        ),
        ("person", "pool", "phase"),
    ),
    table(
        "holdings",
        "Days on which a member holds any seat, as spans that do not touch. Grain: member_id × held_from.",
        (
            MEMBER,
            column("held_from", "DATE", "First day.", True, "quasi"),
            column("held_before", "DATE", "First day no longer; NULL: held still.", False, "quasi"),
        ),
        ("member_id", "held_from"),
    ),
    table(
        "activity_days",
        "A member's learning on a day, by as_of. Grain: member_id × day.",
        (
            MEMBER,
            column("day", "DATE", "The day.", True, "quasi"),
            column("xp", "DECIMAL(38,10)", "XP.", False, "quasi"),
            column("minutes", "DECIMAL(38,10)", "Minutes.", False, "quasi"),
        ),
        ("member_id", "day"),
        final_by="day",
    ),
    table(
        "member_months",
        "A member's learning and first completions in a month, by as_of. Grain: member_id × month.",
        (
            MEMBER,
            column("month", "DATE", "The month, its 1st.", True, "quasi"),
            column("active_days", "BIGINT", "Days with activity; 0: only completions.", True, "quasi"),
            column("xp", "DECIMAL(38,10)", "XP, empty ones as 0; NULL: no activity.", False, "quasi"),
            column("minutes", "DECIMAL(38,10)", "Minutes, empty ones as 0; NULL: no activity.", False, "quasi"),
            column("completions", "BIGINT", "First completions of courses.", True, "quasi"),
        ),
        ("member_id", "month"),
    ),
    table(
        "course_starts",
        "A member's first activity in a course, by as_of. Grain: member_id × course.",
        (
            MEMBER,
            column("course", "VARCHAR", "The course.", True, "quasi"),
            column("first_on", "DATE", "The day.", True, "quasi"),
        ),
        ("member_id", "course"),
        final_by="first_on",
    ),
    table(
        "first_completions",
        "A member's first completion of a course, by as_of. Grain: member_id × course.",
        (
            MEMBER,
            column("course", "VARCHAR", "The course.", True, "quasi"),
            column("completed_at", "TIMESTAMP", "When.", True, "quasi"),
            column("completed_on", "DATE", "The day.", True, "quasi"),
            column("started_on", "DATE", "The day it was begun, as that row has it.", False, "quasi"),
        ),
        ("member_id", "course"),
        final_by="completed_on",
    ),
    table(
        "survey_responses",
        "Responses sent in by as_of by somebody known or by nobody in particular. Grain: survey × response.",
        (
            column("survey", "VARCHAR", "The survey."),
            column("response", "VARCHAR", "The response.", True, "quasi"),
            column("submitted_at", "TIMESTAMP", "When it was sent in; UTC.", True, "quasi"),
            column("submitted_on", "DATE", "The day of that in the program's time zone.", True, "quasi"),
            column("respondent", "VARCHAR", "The member, or the response.", True, "direct"),
            column("is_anonymous", "BOOLEAN", "Whether the response names nobody."),
            column("is_in_force", "BOOLEAN", "Whether it is the respondent's last of this survey."),
        ),
        ("survey", "response"),
    ),
    table(
        "survey_answers",
        "The answers of the responses in force. Grain: survey × respondent × question × answer.",
        (
            column("survey", "VARCHAR", "The survey."),
            column("respondent", "VARCHAR", "The member, or the response.", True, "direct"),
            column("is_anonymous", "BOOLEAN", "Whether the response names nobody."),
            column("question", "VARCHAR", "The question."),
            column("answer", "VARCHAR", "The answer; NULL: none.", False, "sensitive"),
        ),
    ),
    table(
        "survey_population",
        "Whom a survey was sent to and who returned it, by slice. Grain: survey × person × slice_by.",
        (
            column("survey", "VARCHAR", "The survey."),
            PERSON,
            column("slice_by", "VARCHAR", "The kind of slice."),
            column("slice", "VARCHAR", "The slice.", True, "quasi"),
            column("is_asked", "BOOLEAN", "Whether the person is in the survey's population."),
            column("has_responded", "BOOLEAN", "Whether the person returned it.", True, "sensitive"),
            column("is_anonymous", "BOOLEAN", "Whether the person is not known, and so taken for one of the asked."),
        ),
        ("survey", "person", "slice_by"),
    ),
)
