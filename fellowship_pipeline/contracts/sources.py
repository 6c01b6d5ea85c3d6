"""The canonical sources: what a file must hold once its headers are mapped.

Belongs here: columns, vocabularies and natural keys of what comes in. Does not belong here: how any platform spells
them (``intake/presets``).
"""

from __future__ import annotations

from dataclasses import replace

from fellowship_pipeline.contracts.model import Column, Pii, Source, Table, Type


def _c(
    name: str,
    type_: Type = "VARCHAR",
    description: str = "",
    *,
    required: bool = False,
    pii: Pii = "none",
    values: tuple[str, ...] = (),
    unit: str | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Column:
    return Column(name, type_, description, pii, unit, required, values, minimum, maximum)


def _member(required: bool = True) -> Column:
    return _c("member", description="A name of the person, as written in the file.", required=required, pii="direct")


def _pool() -> Column:
    return _c("pool", description="The pool of seats; the only one of `seats` where left out.")


AMOUNT: Type = "DECIMAL(28,10)"
COURSE = "The course, as the platform names it."

SOURCES: tuple[Source, ...] = (
    Source(
        "roster",
        "A member in a cohort, from a date on.",
        (
            _member(),
            _c("cohort", description="The cohort.", required=True),
            _c("name", description="The person's name.", pii="direct"),
            _c("email", description="The person's e-mail address.", pii="direct"),
            _c(
                "role",
                description="What the person is in the program.",
                values=("learner", "builder", "mentor", "staff"),
                pii="quasi",
            ),
            _c("study_mode", description="How the person studies.", values=("group", "individual"), pii="quasi"),
            _c("study_group", description="The study group.", pii="quasi"),
            _c("track", description="The career track followed.", pii="quasi"),
            _c("joined_on", "DATE", "First day in; the cohort's start where left out.", pii="quasi"),
            _c("left_on", "DATE", "First day no longer in; the cohort's end where left out.", pii="quasi"),
            _c("seeking", "BOOLEAN", "Whether the person looks for a job.", pii="sensitive"),
        ),
        ("member", "cohort", "joined_on"),
        replaced_whole=True,
        prefers="left_on",
    ),
    Source(
        "aliases",
        "Another name that a member goes by.",
        (
            _member(),
            _c("kind", description="What sort of name: email, platform, kaggle, discord, survey, …", required=True),
            _c("value", description="The other name.", required=True, pii="direct"),
        ),
        ("member", "kind", "value"),
        replaced_whole=True,
    ),
    Source(
        "applications",
        "An applicant at a stage.",
        (
            _c("applicant", description="A name of the person who applied.", required=True, pii="direct"),
            _c("cohort", description="The cohort applied for.", required=True),
            _c("stage", description="The stage of selection.", required=True),
            _c(
                "result",
                description="What came of it.",
                required=True,
                values=("passed", "failed", "pending", "withdrawn"),
                pii="sensitive",
            ),
            _c("decided_at", "TIMESTAMP", "When the result was given.", required=True, pii="quasi"),
            _c("applied_at", "TIMESTAMP", "When the person applied.", pii="quasi"),
            _pool(),
            _c("channel", description="Where the person heard of the program."),
            _c("role", description="What the person applied as."),
            _c("score", "DOUBLE", "The score at this stage.", pii="sensitive"),
        ),
        ("applicant", "cohort", "stage", "decided_at"),
        person="applicant",
    ),
    Source(
        "seat_events",
        "Something that happened to a seat.",
        (
            _member(),
            _c(
                "event",
                description="What happened.",
                required=True,
                values=("invited", "accepted", "declined", "withdrawn", "reclaimed", "returned", "expired"),
            ),
            _c("occurred_at", "TIMESTAMP", "When it happened.", required=True, pii="quasi"),
            _pool(),
        ),
        ("member", "event", "occurred_at", "pool"),
    ),
    Source(
        "seat_snapshots",
        "The state of a member's seat in one export.",
        (
            _member(),
            _c(
                "status",
                description="The state of the seat.",
                required=True,
                values=("invited", "active", "removed"),
            ),
            _c("exported_at", "TIMESTAMP", "When the export was made.", required=True),
            _c("invited_at", "TIMESTAMP", "When the invitation was sent.", pii="quasi"),
            _c("accepted_at", "TIMESTAMP", "When it was accepted.", pii="quasi"),
            _pool(),
        ),
        ("member", "exported_at", "pool"),
    ),
    Source(
        "activity",
        "Learning by a member.",
        (
            _member(),
            _c("occurred_at", "TIMESTAMP", "When the member learned.", required=True, pii="quasi"),
            _c("course", description=COURSE, pii="quasi"),
            _c("item", description="The item within the course.", pii="quasi"),
            _c("kind", description="What sort of learning."),
            _c("xp", AMOUNT, "Experience points earned.", unit="XP", minimum=0, pii="quasi"),
            _c("minutes", AMOUNT, "Time spent.", unit="minutes", minimum=0, pii="quasi"),
            _c("progress", "DOUBLE", "Share of the course or item done.", minimum=0, maximum=1, pii="quasi"),
        ),
        ("member", "occurred_at", "course", "item", "kind"),
        repeats=True,
    ),
    Source(
        "completions",
        "A course completed.",
        (
            _member(),
            _c("course", description=COURSE, required=True, pii="quasi"),
            _c("completed_at", "TIMESTAMP", "When it was completed.", required=True, pii="quasi"),
            _c("started_at", "TIMESTAMP", "When it was begun.", pii="quasi"),
            _c("score", "DOUBLE", "The grade.", pii="sensitive"),
            _c("certificate", description="The certificate or a link to it.", pii="direct"),
        ),
        ("member", "course", "completed_at"),
    ),
    Source(
        "catalog",
        "A course of a track.",
        (
            _c("course", description=COURSE, required=True),
            _c("track", description="The track that the course belongs to."),
            _c("position", "BIGINT", "The course's place in the track."),
            _c("title", description="The course's title."),
            _c("provider", description="Who gives the course."),
            _c("hours", AMOUNT, "How long the course takes.", unit="hours", minimum=0),
        ),
        ("course", "track"),
        replaced_whole=True,
        person=None,
    ),
    Source(
        "missions",
        "One requirement of one alternative of a dated mission.",
        (
            _c("cohort", description="The cohort.", required=True),
            _c("mission", description="The mission.", required=True),
            _c("due_at", "TIMESTAMP", "When it is due; a date means its whole day.", required=True),
            _c("alternative", description="One way to meet the mission.", required=True),
            _c("requirement", description="What the alternative asks for.", required=True),
            _c("target", description="Of what.", required=True),
            _c("threshold", "DOUBLE", "How much of it."),
            _c("team_min", "BIGINT", "Smallest team."),
            _c("team_max", "BIGINT", "Largest team."),
            _c("mandatory", "BOOLEAN", "Whether missing it eliminates; true where empty."),
            _c("title", description="The mission's title."),
        ),
        ("cohort", "mission", "alternative", "requirement", "target"),
        may_be_empty=("target",),
        replaced_whole=True,
        person=None,
    ),
    Source(
        "competitions",
        "A member's team on a leaderboard.",
        (
            _c("competition", description="The competition.", required=True),
            _c("category", description="featured, playground, community, …", required=True),
            _c("team", description="The team.", required=True, pii="quasi"),
            _c("rank", "BIGINT", "The team's place.", required=True, minimum=1),
            _c("teams", "BIGINT", "How many teams there are.", required=True, minimum=1),
            _member(required=False),
            _c("team_size", "BIGINT", "Members of the team.", minimum=1),
            _c("score", "DOUBLE", "The team's score."),
            _c("submissions", "BIGINT", "How often the team submitted.", minimum=0),
            _c("as_of", "TIMESTAMP", "When the board stood so.", required=True),
            _c("board", description="public or private.", values=("public", "private")),
        ),
        ("competition", "team", "member", "as_of", "board"),
    ),
    Source(
        "certifications",
        "A certificate earned.",
        (
            _member(),
            _c("certification", description="The certification.", required=True),
            _c("issued_on", "DATE", "When it was issued.", required=True, pii="quasi"),
            _c("expires_on", "DATE", "When it expires.", pii="quasi"),
        ),
        ("member", "certification", "issued_on"),
    ),
    Source(
        "sessions",
        "A meeting, talk, clinic or class.",
        (
            _c("session", description="The session.", required=True),
            _c("kind", description="What sort of session.", required=True),
            _c("starts_at", "TIMESTAMP", "When it starts.", required=True),
            _c("title", description="Its title."),
            _c("host", description="Who holds it.", pii="direct"),
            _c("organization", description="Whose session it is."),
            _c("study_group", description="The study group that meets."),
            _c("minutes", AMOUNT, "How long it lasts.", unit="minutes", minimum=0),
            _c("capacity", "BIGINT", "How many may come.", minimum=0),
        ),
        ("session",),
        replaced_whole=True,
        person=None,
    ),
    Source(
        "attendance",
        "A member at a session.",
        (
            _c("session", description="The session.", required=True),
            _member(),
            _c("minutes", AMOUNT, "How long the member stayed.", unit="minutes", minimum=0, pii="quasi"),
            _c("rating", "DOUBLE", "How the member rated the session.", pii="sensitive"),
            _c("status", description="attended where left out.", values=("registered", "waitlisted", "attended")),
            _c("role", description="participant where left out.", values=("participant", "host")),
            _c("joined_at", "TIMESTAMP", "When the member came; a row for each time, or all in `stays`.", pii="quasi"),
            _c("left_at", "TIMESTAMP", "When the member left.", pii="quasi"),
            _c(
                "stays",
                description="All times in and out, where they are several: from/to|from/to, in UTC as ISO 8601 has it.",
                pii="quasi",
            ),
        ),
        ("session", "member", "joined_at"),
    ),
    Source(
        "support_requests",
        "A question or problem raised.",
        (
            _c("opened_at", "TIMESTAMP", "When it was raised.", required=True),
            _member(required=False),
            _c("session", description="The session it was asked for."),
            _c("channel", description="Where it was raised."),
            _c("topic", description="What it is about."),
            _c("answered_at", "TIMESTAMP", "When it was answered."),
            _c("answered_by", description="Who answered.", pii="direct"),
            _c("escalated_to", description="Whom it was passed on to."),
        ),
        ("opened_at", "member", "session", "channel", "topic"),
    ),
    Source(
        "survey_responses",
        "One answer to one question.",
        (
            _c("survey", description="The survey.", required=True),
            _c("response", description="The response that the answer belongs to.", required=True, pii="quasi"),
            _c("submitted_at", "TIMESTAMP", "When the response was sent in.", required=True, pii="quasi"),
            _c("question", description="The question.", required=True),
            _c("answer", description="The answer; empty is no answer.", required=True, pii="sensitive"),
            _member(required=False),
        ),
        ("survey", "response", "question", "answer"),
        may_be_empty=("answer",),
    ),
    Source(
        "outcomes",
        "What became of a member.",
        (
            _member(),
            _c("kind", description="internship, job, promotion, graduate_school, …", required=True, pii="sensitive"),
            _c("occurred_on", "DATE", "When it happened.", required=True, pii="sensitive"),
            _c("organization", description="Where.", pii="sensitive"),
            _c("title", description="As what.", pii="sensitive"),
        ),
        ("member", "kind", "occurred_on", "organization", "title"),
    ),
    Source(
        "benchmarks",
        "A peer's KPI.",
        (
            _c("kpi", description="The KPI.", required=True),
            _c("peer", description="The other program.", required=True),
            _c("period", description="The period that the value is of.", required=True),
            _c("value", "DOUBLE", "The value, a rate as a fraction.", required=True),
        ),
        ("kpi", "peer", "period"),
        replaced_whole=True,
        person=None,
    ),
)

SOURCE_BY_NAME = {source.name: source for source in SOURCES}

_RAW_LINEAGE = (
    Column("_file_id", "VARCHAR", "The file that the row came from; see raw.files.", required=True),
    Column("_row", "BIGINT", "The record's number in the file, the first after the header being 1.", required=True),
)

_RAW_EXTRA = (
    Column("_line", "BIGINT", "The line of the file on which the record begins."),
    Column("_fact", "VARCHAR", "The platform's own key of the fact: a later export of it replaces the earlier."),
    Column("_timezone", "VARCHAR", "The time zone of instants that carry none."),
)


def _text(column: Column) -> Column:
    """The column as raw keeps it: text, whatever it will become."""
    return Column(column.name, "VARCHAR", column.description, column.pii, column.unit)


def raw_table(source: Source) -> Table:
    """``raw.<source>``: the canonical columns as text, exactly as the file has them."""
    return Table(
        "raw",
        source.name,
        f"{source.description} As text, before any rule"
        + (", but for the files of raw.plain" if source.repeats else "")
        + ". Grain: file × record × row made of it.",
        (*(_text(c) for c in source.columns), *_RAW_LINEAGE, *_RAW_EXTRA),
    )


def staging_table(source: Source) -> Table:
    """``staging.<source>``: typed, one row per natural key, with the member that the name resolves to."""
    columns = tuple(replace(c, required=c.required and c.name not in source.may_be_empty) for c in source.columns)
    member_id = Column("member_id", "VARCHAR", "The member whom the name resolves to; NULL: nobody.", "direct")
    return Table(
        "staging",
        source.name,
        f"{source.description} Grain: {' × '.join(source.natural_key)}"
        + (" (repeated rows are separate events)." if source.repeats else "."),
        (*columns, member_id, *_RAW_LINEAGE),
        () if source.repeats else source.natural_key,
    )


RAW_TABLES = tuple(raw_table(source) for source in SOURCES)
STAGING_TABLES = tuple(staging_table(source) for source in SOURCES)
