"""Who a name is: exact member id, then aliases, then the normalized e-mail; never by similarity.

Belongs here: resolving the names in staging to members, and the report of those that resolve to nobody.
Reads ``staging.roster`` and ``staging.aliases``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import TABLE_BY_KEY, Source
from fellowship_pipeline.warehouse import create
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from fellowship_pipeline.program import Program

NAMING = ("roster", "aliases")
"""The sources that say who is a member; their ``member`` is the member."""

_UNMATCHED = TABLE_BY_KEY["ops.unmatched"]

_KNOWN = """
create or replace temp table known_names as
select member as value, 1 as step, member as member_id from staging.roster
union
select member, 1, member from staging.aliases
union
select value, 2, member from staging.aliases
"""

_EMAILS = """
create or replace temp table known_emails as
select email_form(email) as email, member as member_id
from staging.roster where email is not null
union
select email_form(value), member from staging.aliases where kind = 'email'
"""

_MATCHES = """
matches as (
    select names.value, known_names.step, known_names.member_id
    from names join known_names on known_names.value = names.value
    union all
    select names.value, 3, known_emails.member_id
    from names join known_emails on known_emails.email = email_form(names.value)
),

decisive as (
    select value, member_id from matches
    qualify step = min(step) over (partition by value)
)

select
    names.value,
    case when count(distinct decisive.member_id) = 1 then any_value(decisive.member_id) end as member_id,
    case count(distinct decisive.member_id) when 0 then 'unknown' when 1 then null else 'ambiguous' end as reason
from names left join decisive on decisive.value = names.value
group by names.value
"""


def has_names(program: Program) -> bool:
    """Whether the program says who its members are; otherwise every name is its own member."""
    return any(program.sources.get(name) for name in NAMING)


def is_resolved(source: Source, program: Program) -> bool:
    """Whether names of the source have to be looked up."""
    return source.person is not None and source.name not in NAMING and has_names(program)


def learn(con: duckdb.DuckDBPyConnection) -> None:
    """Notes every name that ``staging.roster`` and ``staging.aliases`` know, for :func:`resolve`."""
    con.execute(_KNOWN)
    con.execute(_EMAILS)


def resolve(con: duckdb.DuckDBPyConnection, source: Source, rows: str) -> None:
    """Writes the temporary table ``<source>_names(value, member_id, reason)`` of the names in table ``rows``."""
    person = identifier(source.person or "")
    names = "names as (select distinct " + person + " as value from " + rows + " where " + person + " is not null),"
    con.execute("create or replace temp table " + names_table(source) + " as with " + names + _MATCHES)


def names_table(source: Source) -> str:
    """The quoted name of the table that :func:`resolve` writes."""
    return identifier(source.name + "_names")


def report_unmatched(con: duckdb.DuckDBPyConnection, program: Program, sources: Iterable[Source]) -> None:
    """Writes ``ops.unmatched``: names in staging that resolve to nobody, of sources that were resolved."""
    create(con, _UNMATCHED)
    for source in sources:
        if is_resolved(source, program):
            con.execute("insert into " + qualified(_UNMATCHED) + " by name " + _unmatched(source, program))


def _unmatched(source: Source, program: Program) -> str:
    reported = "names.reason = 'ambiguous'" if source.person == "applicant" else "names.reason is not null"
    return (
        "select " + literal(source.name) + " as source, names.value, count(*) as rows, min(" + _day(source, program)
        + ") as first_seen, min(files.path) as file, any_value(names.reason) as reason"
        + " from " + qualified(TABLE_BY_KEY["staging." + source.name]) + " as staged"
        + " join " + names_table(source) + " as names on names.value = staged." + identifier(source.person or "")
        + " join raw.files as files on files.file_id = staged._file_id"
        + " where " + reported + " group by names.value"
    )  # fmt: skip


def _day(source: Source, program: Program) -> str:
    """SQL of a row's day: that of the first instant or date it must have."""
    for column in source.columns:
        if column.required and column.type == "TIMESTAMP":
            return "local_day(staged." + identifier(column.name) + ", " + literal(program.timezone) + ")"
        if column.required and column.type == "DATE":
            return "staged." + identifier(column.name)
    return "cast(null as date)"
