"""The program's settings as rows of schema core, so that SQL can join them.

Belongs here: program.yaml, and the kinds that no program changes → rows, in the contracts' column order. Does not
belong here: defaults and validation (``program``), days covered (they come from data).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import UTC, date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.contracts.kinds import OUTCOME_KINDS, REQUIREMENT_KINDS
from fellowship_pipeline.program.settings import Program, Question
from fellowship_pipeline.program.sources import EntryQuestion

SettingsRow = tuple[object, ...]


def settings_rows(program: Program, as_of: date) -> dict[str, list[SettingsRow]]:
    """Rows of every table of SETTINGS_TABLES but coverage, by table name. Members on leave stay as named."""
    declared = {name: list(rows(program)) for name, rows in TABLES.items()}
    return {"parameters": [_parameters(program, as_of)], **declared, **VOCABULARIES}


def survey_questions(program: Program) -> dict[tuple[str, str], Question | EntryQuestion]:
    """The declared questions by survey and name: of ``surveys``, and of mappings where ``surveys`` does not say."""
    mapped: dict[tuple[str, str], Question | EntryQuestion] = {
        (entry.survey, name): question
        for entry in program.sources.get("survey_responses", [])
        if entry.survey is not None
        for name, question in entry.questions.items()
    }
    declared = {
        (survey.id, name): question for survey in program.surveys for name, question in survey.questions.items()
    }
    return {**mapped, **declared}


def _parameters(program: Program, as_of: date) -> SettingsRow:
    budget = program.review.rotation_budget
    return (
        as_of,
        None,
        program.timezone,
        program.engagement.window_days,
        program.recognition.top,
        any(program.sources.get(source) for source in ("roster", "aliases")),
        budget.share if budget else None,
        any(survey.goal_helped for survey in program.surveys),
        program.quality.unmatched_share,
    )


def _configured_sources(program: Program) -> Iterator[SettingsRow]:
    return ((source,) for source, entries in program.sources.items() if entries)


def _cohorts(program: Program) -> Iterator[SettingsRow]:
    return ((cohort.id, cohort.starts_on, cohort.ends_on) for cohort in program.cohorts)


def _seat_capacities(program: Program) -> Iterator[SettingsRow]:
    positions = {pool: at for at, pool in enumerate(dict.fromkeys(row.pool for row in program.seats))}
    ordered = sorted(program.seats, key=lambda row: (row.pool, row.from_))
    for pool, rows in groupby(ordered, key=lambda row: row.pool):
        steps = list(rows)
        ends: list[date | None] = [*(step.from_ for step in steps[1:]), None]
        for step, end in zip(steps, ends, strict=True):
            yield pool, step.from_, end, step.capacity, positions[pool]


def _review_rules(program: Program) -> Iterator[SettingsRow]:
    for position, rule in enumerate(program.review.rules):
        yield (
            position,
            rule.id,
            rule.from_,
            rule.study_mode,
            rule.minimum_xp,
            rule.minimum_active_days,
            rule.first_month,
        )


def _exempt_roles(program: Program) -> Iterator[SettingsRow]:
    return ((role,) for role in dict.fromkeys(program.review.exempt.roles))


def _leaves(program: Program) -> Iterator[SettingsRow]:
    return ((leave.member, leave.from_, leave.to) for leave in program.review.exempt.leave)


def _rotation_terms(program: Program) -> Iterator[SettingsRow]:
    budget = program.review.rotation_budget
    return ((term.from_, term.to) for term in (budget.terms if budget else ()))


def _terms(program: Program) -> Iterator[SettingsRow]:
    return ((term.id, term.from_, term.to) for term in program.terms)


def _what_if_minimums(program: Program) -> Iterator[SettingsRow]:
    return ((minimum,) for minimum in sorted(set(program.what_if.minimum_xp)))


def _targets(program: Program) -> Iterator[SettingsRow]:
    return iter(program.targets.items())


def _kpi_labels(program: Program) -> Iterator[SettingsRow]:
    language = program.languages[0]
    return ((headline.kpi, headline.label[language], at) for at, headline in enumerate(HEADLINES, 1))


def _application_stages(program: Program) -> Iterator[SettingsRow]:
    return ((stage, position) for position, stage in enumerate(program.applications.stages, 1))


def _session_windows(program: Program) -> Iterator[SettingsRow]:
    if program.attendance.match == "window":
        yield (program.attendance.margin_minutes,)


def _expected_roles(program: Program) -> Iterator[SettingsRow]:
    for kind, session in program.community.kinds.items():
        yield from ((kind, role) for role in dict.fromkeys(session.expects or ()))


def _mission_roles(program: Program) -> Iterator[SettingsRow]:
    return ((role,) for role in dict.fromkeys(program.missions.roles))


def _mission_exceptions(program: Program) -> Iterator[SettingsRow]:
    for position, row in enumerate(program.missions.exceptions):
        due_at = None if row.due_at is None else _instant(row.due_at, program.timezone)
        yield position, row.member, row.mission, row.cohort, row.reason, due_at


def _instant(moment: datetime | date, zone: str) -> datetime:
    """In UTC without tzinfo; the last moment of a day, in the zone where the moment has none."""
    exact = moment if isinstance(moment, datetime) else datetime.combine(moment, time.max)
    return exact.replace(tzinfo=exact.tzinfo or ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def _completing_kinds(program: Program) -> Iterator[SettingsRow]:
    return ((kind,) for kind in dict.fromkeys(kind.lower() for kind in program.missions.completing_kinds))


def _surveys(program: Program) -> Iterator[SettingsRow]:
    for survey in program.surveys:
        goal = survey.goal_helped
        asked = (goal.question, goal.option) if goal else (None, None)
        yield survey.id, *asked, not survey.cohorts, survey.opens_on, survey.closes_on
    declared = {survey.id for survey in program.surveys}
    mapped = dict.fromkeys(entry.survey for entry in program.sources.get("survey_responses", []) if entry.survey)
    yield from ((survey, None, None, True, None, None) for survey in mapped if survey not in declared)


def _survey_cohorts(program: Program) -> Iterator[SettingsRow]:
    return ((survey.id, cohort) for survey in program.surveys for cohort in dict.fromkeys(survey.cohorts))


def _survey_roles(program: Program) -> Iterator[SettingsRow]:
    return ((survey.id, role) for survey in program.surveys for role in dict.fromkeys(survey.roles))


def _survey_questions(program: Program) -> Iterator[SettingsRow]:
    for (survey, name), question in survey_questions(program).items():
        yield survey, name, question.kind, *(question.scale or (None, None))


def _survey_options(program: Program) -> Iterator[SettingsRow]:
    entries = [entry for entry in program.sources.get("survey_responses", []) if entry.survey is not None]
    declared = (
        (entry.survey, name, option)
        for entry in entries
        for name, question in entry.questions.items()
        for option in question.stored
    )
    return iter(dict.fromkeys(declared))


TABLES: dict[str, Callable[[Program], Iterator[SettingsRow]]] = {
    "configured_sources": _configured_sources,
    "cohorts": _cohorts,
    "seat_capacities": _seat_capacities,
    "review_rules": _review_rules,
    "exempt_roles": _exempt_roles,
    "leaves": _leaves,
    "rotation_terms": _rotation_terms,
    "terms": _terms,
    "what_if_minimums": _what_if_minimums,
    "targets": _targets,
    "kpi_labels": _kpi_labels,
    "application_stages": _application_stages,
    "session_windows": _session_windows,
    "expected_roles": _expected_roles,
    "mission_roles": _mission_roles,
    "mission_exceptions": _mission_exceptions,
    "completing_kinds": _completing_kinds,
    "surveys": _surveys,
    "survey_cohorts": _survey_cohorts,
    "survey_roles": _survey_roles,
    "survey_questions": _survey_questions,
    "survey_options": _survey_options,
}

VOCABULARIES: dict[str, list[SettingsRow]] = {
    "requirement_kinds": [astuple(kind) for kind in REQUIREMENT_KINDS],
    "outcome_kinds": [astuple(kind) for kind in OUTCOME_KINDS],
}
"""Tables that are the same in every program."""
