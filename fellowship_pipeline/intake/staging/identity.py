"""Who a name is: exact member id, then aliases, then the normalized e-mail; never by similarity.

Belongs here: resolving names to members, whom the lines of ``aliases`` are about, the report of names of nobody. Does
not belong here: names that ``program.yaml`` gives (``core.named_members``, ``reading.exclusion``).

Names are learnt twice: from the text of ``raw`` while files are read (:func:`learn_early`), since exports are compared
by person, and from ``staging.roster`` and ``staging.aliases``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import TABLE_BY_KEY, Source
from fellowship_pipeline.intake.rules import install
from fellowship_pipeline.warehouse import create
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from fellowship_pipeline.program import Program

NAMING = ("roster", "aliases")
"""The sources that say who is a member, the one that the other depends on first."""

_UNMATCHED = TABLE_BY_KEY["ops.unmatched"]

_ROSTER = "create or replace temp table known_roster as select distinct member, name, email from "

_ALIASES = "create or replace temp table known_aliases as select distinct member, kind, value, member_id from "

_RAW_ROSTER = """(
    select
        cell(member) as member, cell(name) as name,
        case when is_email(cell(email)) then cell(email) end as email
    from raw.roster
    where cell(member) is not null and cell(cohort) is not null
)"""

_RAW_ALIASES = """(
    select cell(member) as member, cell(kind) as kind, cell("value") as value, cell(member) as member_id
    from raw.aliases
    where cell(member) is not null and cell(kind) is not null and cell("value") is not null
)"""

_KNOWN = """
create or replace temp table known_names as
select member as value, 1 as step, member as member_id from known_roster
union
select member, 1, member_id from known_aliases where member = member_id
union
select value, 2, member_id from known_aliases where member_id is not null
"""
"""``aliases.member`` is a name of its own only where no roster says who the members are."""

_EMAILS = """
create or replace temp table known_emails as
select email_form(email) as email, member as member_id
from known_roster where email is not null
union
select email_form(value), member_id from known_aliases where kind = 'email' and member_id is not null
"""

_DECIDED = """
decisive as (
    select value, member_id from matches
    qualify step = min(step) over (partition by value)
)

select
    names.value,
    case when count(distinct decisive.member_id) = 1 then any_value(decisive.member_id) end as member_id,
    case when count(distinct decisive.member_id) <> 1 then name_form(names.value) end as stranger,
    case count(distinct decisive.member_id) when 0 then 'unknown' when 1 then null else 'ambiguous' end as reason
from names left join decisive on decisive.value = names.value
group by names.value
"""

_MATCHES = """
matches as (
    select names.value, known_names.step, known_names.member_id
    from names join known_names on known_names.value = names.value
    union all
    select names.value, 3, known_emails.member_id
    from names join known_emails on known_emails.email = email_form(names.value)
),
"""

_ROSTER_MATCHES = """
only_names as (
    select name_form(name) as name, min(member) as member
    from known_roster where name is not null group by 1 having count(distinct member) = 1
),

matches as (
    select names.value, 1 as step, known_roster.member as member_id
    from names join known_roster on known_roster.member = names.value
    union all
    select names.value, 2, known_roster.member
    from names join known_roster on email_form(known_roster.email) = email_form(names.value)
    union all
    select names.value, 3, only_names.member from names join only_names on only_names.name = name_form(names.value)
),
"""

_BY_ALIASES = (
    """
update aliases_names set member_id = found.member_id, reason = found.reason, stranger = found.stranger
from (
    with names as (
        select value from aliases_names where reason = 'unknown'
    ),

    told as (
        select alias_rows.value, alias_rows.kind, known.member_id
        from alias_rows join aliases_names as known on known.value = alias_rows.member
        where known.member_id is not null
    ),

    matches as (
        select names.value, 1 as step, told.member_id from names join told on told.value = names.value
        union all
        select names.value, 2, told.member_id
        from names join told on told.kind = 'email' and email_form(told.value) = email_form(names.value)
    ),
"""
    + _DECIDED
    + """
) as found
where found.value = aliases_names.value and found.reason is distinct from 'unknown'
"""
)
"""One step further along aliases of aliases."""

_NAMESAKES = """
update aliases_names set reason = 'ambiguous'
where reason = 'unknown' and name_form(value) in (select name_form(name) from known_roster)
"""
"""What several of the roster are called is not unknown."""


def has_names(program: Program) -> bool:
    """Whether the program says who its members are; otherwise every name is its own member."""
    return any(program.sources.get(name) for name in NAMING)


def is_resolved(source: Source, program: Program) -> bool:
    """Whether names of the source have to be looked up: not in the roster, in aliases only where there is a roster."""
    if source.name in NAMING:
        return source.name != NAMING[0] and bool(program.sources.get(NAMING[0]))
    return source.person is not None and has_names(program)


def learn_roster(con: duckdb.DuckDBPyConnection) -> None:
    """Notes whom ``staging.roster`` knows, for the names in aliases."""
    con.execute(_ROSTER + "staging.roster")


def learn(con: duckdb.DuckDBPyConnection) -> None:
    """Notes every name that ``staging.roster`` and ``staging.aliases`` know, for :func:`resolve`."""
    learn_roster(con)
    con.execute(_ALIASES + "staging.aliases")
    _know(con)


def learn_early(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """The same from ``raw``, before anything is staged."""
    install(con)
    con.execute(_ROSTER + _RAW_ROSTER)
    con.execute(_ALIASES + _RAW_ALIASES)
    if program.sources.get(NAMING[0]):
        _resolve_aliases(con, "known_aliases")
        con.execute(
            "update known_aliases set member_id = names.member_id from aliases_names as names"
            " where names.value = known_aliases.member"
        )
    _know(con)


def _know(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(_KNOWN)
    con.execute(_EMAILS)


def resolve(con: duckdb.DuckDBPyConnection, source: Source, rows: str) -> None:
    """Writes the temporary table ``<source>_names(value, member_id, stranger, reason)`` of the names in table ``rows``.

    ``stranger``: a name of nobody as such are compared, NULL where there is a member.
    """
    if source.name in NAMING:
        _resolve_aliases(con, rows)
        return
    person = identifier(str(source.person))
    names = "names as (select distinct " + person + " as value from " + rows + " where " + person + " is not null),"
    con.execute("create or replace temp table " + names_table(source) + " as with " + names + _MATCHES + _DECIDED)


def _resolve_aliases(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    """By the roster's id, its e-mail address, a name that only one of it has; then by other aliases, step by step."""
    con.execute("create or replace temp table alias_rows as select distinct member, kind, value from " + rows)
    names = "names as (select distinct member as value from alias_rows),"
    con.execute("create or replace temp table aliases_names as with " + names + _ROSTER_MATCHES + _DECIDED)
    while con.execute(_BY_ALIASES).fetchall()[0][0]:
        pass
    con.execute(_NAMESAKES)


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
        + " join " + names_table(source) + " as names on names.value = staged." + identifier(str(source.person))
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
