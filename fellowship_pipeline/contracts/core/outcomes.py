"""From applying to what became of it: decisions on applicants, tracks and cohorts completed, outcomes.

Belongs here: columns. Does not belong here: SQL (``assets/core``), missions (``missions``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.core.columns import MEMBER, PERSON, column, table
from fellowship_pipeline.contracts.model import Table

_APPLICANT = column("applicant", "VARCHAR", "The applicant, as written.", True, "direct")
_COHORT = column("cohort", "VARCHAR", "The cohort applied for.")

OUTCOME_TABLES: tuple[Table, ...] = (
    table(
        "stages",
        "Stages of selection in order: those of program.yaml, then others by their earliest decision. Grain: stage.",
        (column("stage", "VARCHAR", "The stage."), column("position", "BIGINT", "Its place, from 1.")),
        ("stage",),
    ),
    table(
        "application_decisions",
        "What was decided on applicants by as_of. Grain: applicant × cohort × stage × decided_at.",
        (
            _APPLICANT,
            column("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            PERSON,
            _COHORT,
            column("stage", "VARCHAR", "The stage."),
            column("position", "BIGINT", "The stage's place."),
            column("result", "VARCHAR", "The result.", True, "sensitive"),
            column("decided_at", "TIMESTAMP", "When it was given.", True, "quasi"),
            column("decided_on", "DATE", "On which day.", True, "quasi"),
            column("applied_on", "DATE", "First day on which the person applied for the cohort.", False, "quasi"),
            column("role", "VARCHAR", "What the person applied as.", False),
            column("channel", "VARCHAR", "Where the person heard of the program.", False),
            column("is_last_at_stage", "BOOLEAN", "Whether it is the person's last result at the stage."),
            column("recency", "BIGINT", "Its place among the person's in the cohort, the last decision being 1."),
        ),
        ("applicant", "cohort", "stage", "decided_at"),
    ),
    table(
        "applicants",
        "Where an applicant of a cohort stands at as_of. Grain: cohort × person.",
        (
            _COHORT,
            PERSON,
            _APPLICANT,
            column("member_id", "VARCHAR", "The member; NULL: nobody known.", False, "direct"),
            column("stage", "VARCHAR", "The stage of the last decision."),
            column("result", "VARCHAR", "Its result.", True, "sensitive"),
            column("decided_on", "DATE", "Its day.", True, "quasi"),
            column("applied_on", "DATE", "First day of applying; NULL: not known.", False, "quasi"),
            column("waiting_since", "DATE", "The same, else the day of the first decision.", True, "quasi"),
            column("role", "VARCHAR", "What the person applied as, as last said, or '(none)'."),
            column("channel", "VARCHAR", "Where the person heard of the program, as last said, or '(none)'."),
            column("is_accepted", "BOOLEAN", "Whether the person passed the cohort's last stage.", True, "sensitive"),
            column("is_unanswered", "BOOLEAN", "Whether the person waits for more than 60 days.", True, "sensitive"),
        ),
        ("cohort", "person"),
    ),
    table(
        "track_progress",
        "How far members came on the tracks that the roster names for them. Grain: member_id × track.",
        (
            MEMBER,
            column("track", "VARCHAR", "The track.", True, "quasi"),
            column("hours", "DECIMAL(38,10)", "Hours of all its courses; NULL: the catalog does not say.", False),
            column("hours_completed", "DECIMAL(38,10)", "Hours of those completed.", True, "quasi"),
            column("completed_at", "TIMESTAMP", "When the last of its hours was; NULL: it is not.", False, "quasi"),
        ),
        ("member_id", "track"),
    ),
    table(
        "graduates",
        "Who completed a cohort by as_of: every mandatory mission that was due while the learner was in met or "
        "excused, and none due after leaving; where it has no such missions, the own track. "
        "Grain: cohort × member_id.",
        (
            column("cohort", "VARCHAR", "The cohort."),
            MEMBER,
            column("completed_at", "TIMESTAMP", "When the last of it was; NULL: excused from all.", False, "quasi"),
            column(
                "is_candidate",
                "BOOLEAN",
                "Whether placement is counted over the member: looks for a job, or nobody of the cohort says.",
                True,
                "sensitive",
            ),
        ),
        ("cohort", "member_id"),
    ),
    table(
        "member_outcomes",
        "Outcomes by as_of in the cohort last joined as a learner by then; internships and jobs of candidates stand "
        "once more, as kind placement. Grain: cohort × kind × member_id × occurred_on × organization.",
        (
            column("cohort", "VARCHAR", "The cohort last joined as a learner by then, or '(none)'."),
            column(
                "kind",
                "VARCHAR",
                "internship, job, …; placement is made here: a row of that kind is left out.",
                True,
                "sensitive",
            ),
            MEMBER,
            column("occurred_on", "DATE", "When it happened.", True, "sensitive"),
            column("organization", "VARCHAR", "Where.", False, "sensitive"),
        ),
        ("cohort", "kind", "member_id", "occurred_on", "organization"),
    ),
)
