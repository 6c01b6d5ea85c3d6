"""Names in ``program.yaml`` that no data knows, and pools of the data that it does not know: where, and what is near.

Belongs here: which settings name something of the data, and what the data calls so. Does not belong here: words of
warnings (``warnings``), the operators' list (``operations``), settings of a closed list, which ``program`` refuses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import duckdb

from fellowship_pipeline.program import Program
from fellowship_pipeline.program.mistakes import dotted

PERSON = "person"

UNLISTED = "unlisted pool"
"""The kind of a pool that the data has and ``seats`` has not: the other way around."""

_EXCLUDED_AND_FOUND = "select name from raw.excluded where records > 0"

_SOMEBODY = """
select named.name
from core.named_members as named cross join core.parameters as parameters
where named.named_by = 'program.yaml' and named.member_id is not null and (
    parameters.has_names
    or named.member_id in (select member_id from core.seats union select member_id from core.activity_days)
)
"""
"""Names of leaves and exceptions that are somebody's; without a roster, somebody's who holds a seat or learns."""

_CALLED = """
select member as name from staging.roster
union select email from staging.roster
union select name from staging.roster
union select value from staging.aliases
union select value from ops.unmatched
union select member_id from core.seats
"""

_POOLS = """
select pool from staging.seat_events union select pool from staging.seat_snapshots
union select pool from staging.applications
"""

_COHORTS = """
select cohort from staging.roster union select cohort from staging.applications
union select cohort from staging.missions
"""

_ASKED = "select survey || chr(10) || question from staging.survey_responses"

_KNOWN = {
    PERSON: _CALLED,
    "pool": _POOLS,
    "cohort": _COHORTS,
    "mission": "select mission from staging.missions",
    "survey": "select survey from staging.survey_responses",
    "question": "select question from staging.survey_responses",
}
"""What the data calls so, by kind."""


@dataclass(frozen=True)
class Misnamed:
    """A name that the other side does not know: ``where`` and ``key`` say the place in program.yaml."""

    where: str
    key: str
    kind: str
    name: str
    consequence: str


OF_REVIEWS = ("review.", "excluded", "seats")
"""Beginnings of the keys that a seat review goes by."""


def misnamed(con: duckdb.DuckDBPyConnection, program: Program) -> list[Misnamed]:
    """Every name of program.yaml that no data knows, and every pool that it does not know, in the order of the keys."""
    return [
        Misnamed(program.where(*place), dotted(tuple(map(str, place))), kind, name, consequence)
        for kind, place, name, consequence in (
            *_persons(con, program),
            *_pools(con, program),
            *_cohorts(con, program),
            *_missions(con, program),
            *_surveys(con, program),
        )
    ]


def beside_reviews(con: duckdb.DuckDBPyConnection, program: Program) -> list[str]:
    """A line for each that a seat review may be wrong for: where it is, never the name."""
    return [
        f"{one.where}, {one.key}: {'a pool of the data is not there' if one.kind == UNLISTED else 'no data knows it'}: "
        f"{one.consequence}; see operations/current/settings.csv"
        for one in misnamed(con, program)
        if one.key.startswith(OF_REVIEWS)
    ]


def nearest(con: duckdb.DuckDBPyConnection, program: Program, found: Sequence[Misnamed]) -> list[str | None]:
    """For each the name on the other side that is most like it; None where none is."""
    known: dict[str, dict[str, str]] = {}
    for kind in {one.kind for one in found}:
        called = [row.pool for row in program.seats] if kind == UNLISTED else _names(con, _KNOWN[kind])
        known[kind] = {_loose(name): name for name in sorted(called, reverse=True)}
    return [_near(one.name, known[one.kind]) for one in found]


def _near(name: str, known: Mapping[str, str]) -> str | None:
    near = get_close_matches(_loose(name), known, n=1)
    return known[near[0]] if near else None


def _loose(name: str) -> str:
    """The name without what is easily written another way: case, width, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum()) or folded


Named = Iterator[tuple[str, tuple[str | int, ...], str, str]]
"""Kind, place in program.yaml, name, and what it comes to."""


def _persons(con: duckdb.DuckDBPyConnection, program: Program) -> Named:
    leaves, exceptions = program.review.exempt.leave, program.missions.exceptions
    if program.excluded:
        found = _names(con, _EXCLUDED_AND_FOUND)
        for at, name in enumerate(program.excluded):
            if name not in found:
                yield PERSON, ("excluded", at), name, "no row is left out for it"
    somebody = _names(con, _SOMEBODY) if leaves or exceptions else set()
    for at, leave in enumerate(leaves):
        if leave.member not in somebody:
            place = ("review", "exempt", "leave", at, "member")
            yield PERSON, place, leave.member, "the leave exempts nobody: a review may propose the seat for reclaim"
    for at, exception in enumerate(exceptions):
        if exception.member not in somebody:
            yield PERSON, ("missions", "exceptions", at, "member"), exception.member, "the exception is nobody's"


def _pools(con: duckdb.DuckDBPyConnection, program: Program) -> Named:
    if not program.seats:
        return
    known, declared = _names(con, _KNOWN["pool"]), {row.pool for row in program.seats}
    begun = _begun(con)
    for at, row in enumerate(program.seats):
        if known and row.pool not in known and begun(row.from_):
            yield "pool", ("seats", at, "pool"), row.pool, "its seats are counted as idle"
    for name in sorted(known - declared):
        yield UNLISTED, ("seats",), name, "it has no capacity, so that over-commitment goes unseen"


def _cohorts(con: duckdb.DuckDBPyConnection, program: Program) -> Named:
    names_any = program.cohorts or program.missions.exceptions or any(survey.cohorts for survey in program.surveys)
    known = _names(con, _KNOWN["cohort"]) if names_any else set()
    if not known:
        return
    begun = _begun(con)
    for at, cohort in enumerate(program.cohorts):
        if cohort.id not in known and begun(cohort.starts_on):
            yield "cohort", ("cohorts", at, "id"), cohort.id, "its days bound nobody"
    known |= {cohort.id for cohort in program.cohorts}
    for at, survey in enumerate(program.surveys):
        for place, name in enumerate(survey.cohorts):
            if name not in known:
                yield "cohort", ("surveys", at, "cohorts", place), name, "nobody of it is asked"
    for at, exception in enumerate(program.missions.exceptions):
        if exception.cohort is not None and exception.cohort not in known:
            yield "cohort", ("missions", "exceptions", at, "cohort"), exception.cohort, "the exception changes nothing"


def _missions(con: duckdb.DuckDBPyConnection, program: Program) -> Named:
    exceptions = program.missions.exceptions
    known = _names(con, _KNOWN["mission"]) if exceptions else set()
    for at, exception in enumerate(exceptions):
        if exception.mission not in known:
            place = ("missions", "exceptions", at, "mission")
            yield "mission", place, exception.mission, "the exception changes nothing"


def _surveys(con: duckdb.DuckDBPyConnection, program: Program) -> Named:
    """Surveys that nobody answers although others are, and the headline's question where others are asked."""
    known = _names(con, _KNOWN["survey"]) if program.surveys else set()
    asked = _names(con, _ASKED) if known else set()
    fed = {entry.survey for entry in program.sources.get("survey_responses", [])}
    begun = _begun(con)
    for at, survey in enumerate(program.surveys):
        goal = survey.goal_helped
        if survey.id not in known:
            if known and survey.id not in fed and begun(survey.opens_on):
                yield "survey", ("surveys", at, "id"), survey.id, "nobody has answered it"
        elif goal is not None and f"{survey.id}\n{goal.question}" not in asked:
            yield "question", ("surveys", at, "goal_helped", "question"), goal.question, "goal_helped_rate lacks it"


def _begun(con: duckdb.DuckDBPyConnection) -> Callable[[object], bool]:
    """Whether something that begins on a day, or at no day that is said, has begun by as_of."""
    ((as_of,),) = con.execute("select as_of from core.parameters").fetchall()
    return lambda day: day is None or bool(day <= as_of)


def _names(con: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {name for (name,) in con.execute(query).fetchall() if name is not None}
