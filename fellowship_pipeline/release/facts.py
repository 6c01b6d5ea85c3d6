"""What is remembered of whom a release was about: for each person a hash of what was known, by subject and period.

A release differs from an earlier one by those persons of whom something else is known of the time that the earlier one
was of. Belongs here: the subjects, and the SQL of their facts. Does not belong here: which table is of which subject
(``reach``), what a difference means (``revisions``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellowship_pipeline.contracts.kpi.columns import SLICE_KINDS
from fellowship_pipeline.warehouse.names import literal

KINDS = tuple(kind for kind in SLICE_KINDS if kind != "all")
"""Kinds of slices, each a column of the facts."""
COLUMNS = ("subject", "key", "person", "mark", *KINDS)


@dataclass(frozen=True)
class Subject:
    """Something known of persons. ``sql``: key, person, what is known, and the day on which its slices are asked.

    ``is_dated``: the key is a month, and facts of a month that was over do not come with time; else what is new is
    news, and only what vanishes or changes was otherwise before. ``is_sensitive``: which minimum of persons holds.
    """

    name: str
    sql: str
    is_dated: bool = True
    is_sensitive: bool = False


def _learning(name: str, what: str, source: str = "core.activity_days", day: str = "day") -> Subject:
    """What is known of a member's month, of the slices of its last day."""
    return Subject(
        name,
        f"""
        select month as key, member_id as person, hash(list(what order by what)) as mark, month_end as seen_on
        from (
            select distinct date_trunc('month', {day}) as month, member_id, {what} as what
            from {source} where {day} <= {{until}}
        ), lateral (select least(last_day(month), {{until}}) as month_end)
        group by all
        """,
    )


def _seats(name: str, events: str) -> Subject:
    """Which of these events of seats a month has of a person."""
    return Subject(
        name,
        f"""
        select date_trunc('month', occurred_on) as key, person,
            hash(list(hash(pool, event, occurred_on) order by hash(pool, event, occurred_on))) as mark,
            max(occurred_on) as seen_on
        from core.seat_changes where is_effective and event in ({events}) and occurred_on <= {{until}}
        group by all
        """,
    )


SUBJECTS: tuple[Subject, ...] = (
    _learning("learners", "true"),
    _learning("learning", "day"),
    _learning("amounts", "hash(day, xp, minutes)"),
    _learning("completions", "course", "core.first_completions", "completed_on"),
    _seats("invitations", "'invited', 'expired', 'withdrawn', 'declined'"),
    _seats("acceptances", "'accepted'"),
    _seats("departures", "'reclaimed', 'returned'"),
    Subject(
        "activations",
        """
        select date_trunc('month', learned_on) as key, person, hash(list(sent_on order by sent_on)) as mark,
            max(sent_on) as seen_on
        from (
            select person, pool, phase, invitation, sent_on, min(day) as learned_on
            from core.invitations inner join core.activity_days using (member_id)
            where day between accepted_on and {until}
            group by all
        )
        group by all
        """,
    ),
    Subject(
        "starts",
        """
        select date_trunc('month', started_on) as key, member_id as person,
            hash(started_on, (
                select list(month order by month) from core.member_months as months
                where months.member_id = starters.member_id and active_days > 0 and last_day(month) <= {until}
            )) as mark, started_on as seen_on
        from (
            select member_id, min(held_from) as started_on from core.seats where member_id is not null group by all
        ) as starters
        where started_on <= {until}
        """,
    ),
    Subject(
        "reviews",
        """
        select review_month as key, member_id as person,
            hash(list(hash(pool, rule, decision, xp, active_days, exempt_reason)
                order by hash(pool, rule, decision, xp, active_days, exempt_reason))) as mark, {until} as seen_on
        from ops.seat_reviews left join core.review_cases using (review_month, pool, member_id, rule, xp, active_days)
        where review_month <= {until} + 1
        group by all
        """,
    ),
    Subject(
        "attendance",
        """
        select month as key, member_id as person,
            hash(list(hash(session, kind, status, is_host, rating)
                order by hash(session, kind, status, is_host, rating)))
                as mark, {until} as seen_on
        from core.session_attendances where starts_on <= {until}
        group by all
        """,
    ),
    Subject(
        "requests",
        """
        select month as key, coalesce(member_id, _file_id || ' ' || _row) as person,
            hash(list(what order by what)) as mark, {until} as seen_on
        from core.requests, lateral (select hash(
            opened_at, kind, channel, topic, is_escalated, is_asked_ahead, is_answered_by_member,
            case when cast(answered_at as date) < {until} then answered_at end
        ) as what)
        where cast(opened_at as date) <= {until}
        group by all
        """,
    ),
    Subject(
        "courses",
        """
        select course as key, member_id as person, hash('started', first_on) as mark, first_on as seen_on
        from core.course_starts
        union all
        select course, member_id, hash('completed', completed_on, started_on), completed_on from core.first_completions
        """,
        is_dated=False,
    ),
    Subject(
        "tracks",
        """
        select track as key, member_id as person, hash('member', hours) as mark, {until} as seen_on
        from core.track_progress
        union all
        select track, member_id, hash(course, completed_on), {until}
        from core.first_completions inner join core.track_progress using (member_id)
        """,
        is_dated=False,
    ),
    Subject(
        "surveys",
        """
        select survey || ' ' || question as key, respondent as person, hash(answer) as mark, {until} as seen_on
        from core.survey_answers where answer is not null
        """,
        is_dated=False,
        is_sensitive=True,
    ),
    Subject(
        "asked",
        """
        select survey as key, person, hash(is_asked) as mark, {until} as seen_on
        from core.survey_population where slice_by = 'all' and is_asked
        """,
        is_dated=False,
        is_sensitive=True,
    ),
    Subject(
        "respondents",
        """
        select survey as key, person, hash(is_asked, has_responded) as mark, {until} as seen_on
        from core.survey_population where slice_by = 'all' and has_responded
        """,
        is_dated=False,
        is_sensitive=True,
    ),
    Subject(
        "selection",
        """
        select cohort as key, person, hash(stage, result, decided_on) as mark, {until} as seen_on
        from core.application_decisions where is_last_at_stage and result <> 'pending'
        union all
        select cohort, person, hash(role, channel, applied_on), {until} from core.applicants
        """,
        is_dated=False,
        is_sensitive=True,
    ),
    Subject(
        "missions",
        """
        select cohort || ' ' || mission as key, member_id as person,
            hash(status, met_at, due_at, is_mandatory, is_eliminated) as mark, {until} as seen_on
        from core.mission_results where status <> 'pending'
        union all
        select cohort || ' ' || mission, member_id, hash(is_excused), {until} from core.mission_members where is_due
        """,
        is_dated=False,
        is_sensitive=True,
    ),
    Subject(
        "competitions",
        """
        select competition as key, member_id as person, hash(board, as_of, team, rank, teams) as mark,
            {until} as seen_on
        from core.leaderboard_places
        """,
        is_dated=False,
        is_sensitive=True,
    ),
    Subject(
        "outcomes",
        """
        select cohort || ' ' || kind as key, member_id as person, hash(occurred_on, organization) as mark,
            {until} as seen_on
        from core.member_outcomes
        """,
        is_dated=False,
        is_sensitive=True,
    ),
)
"""Every subject, as fine as the columns that read it: of five who are revised one may be the only one in a column.

What files say of a mission, a session or a track is known of all who are in it: corrected, it is a revision of them.

What is not known of a person, such as a pending application, is no fact yet."""

BY_NAME = {subject.name: subject for subject in SUBJECTS}


def facts(until: date, salt: int) -> str:
    """SQL of all facts of days up to ``until``: ``COLUMNS``, all but the first two as hashes.

    Months are named YYYY-MM. A fact has the slices that its person was in on the day of it.
    """
    day = "date " + literal(until.isoformat())
    each = " union all ".join(_named(subject, day) for subject in SUBJECTS)
    slices = ", ".join(f"hash({kind}) as {kind}" for kind in KINDS)
    return f"""
        select subject, key, hash(facts.person, {salt}::ubigint) as person, mark, {slices}
        from ({each}) as facts
        left join core.person_periods as periods
            on facts.person = periods.person
            and periods.valid_from <= facts.seen_on and periods.valid_to > facts.seen_on
    """


def _named(subject: Subject, day: str) -> str:
    key = "strftime(cast(key as date), '%Y-%m')" if subject.is_dated else "cast(key as varchar)"
    return (
        f"select '{subject.name}' as subject, {key} as key, person, mark, cast(seen_on as date) as seen_on from "
        + f"({subject.sql.format(until=day)})"
    )
