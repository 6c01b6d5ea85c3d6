"""From text to facts: what fits the contract goes to ``staging``, what does not to ``raw.rejects``, each record once.

Belongs here: typing, restatement between exports of one source, and what became of every record. Does not belong here:
the forms of values (``rules``), who a name is (``identity``), the days vouched for (``coverage``).

Per source: ``typed`` (a row per raw row) → ``exports`` (its files, in order) → ``superseded`` (rows that a later export
or a later row replaces) → ``staging.<source>``. All but the last are temporary. Of files that are typed already
(``plain``) only rows that may tell of a fact of another file go this way (``typed_files``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCE_BY_NAME, SOURCES, TABLE_BY_KEY, Source
from fellowship_pipeline.intake.plain import loading as plain
from fellowship_pipeline.intake.plain.loading import rest, sweep
from fellowship_pipeline.intake.rules import CellRule, cell, install, latest_instant, read, rules, typed
from fellowship_pipeline.intake.staging import coverage, cumulative, days, identity, keys, typed_files
from fellowship_pipeline.warehouse import create, facts, write_select
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import duckdb

    from fellowship_pipeline.intake.plain.loading import Typed
    from fellowship_pipeline.program import Program

_REJECTS = """
insert into raw.rejects by name
with broken as (
    select _file_id as file_id, _row as "row", unnest(_broken, recursive := true), _line as line
    from typed where _broken is not null
)
select broken.* from broken
anti join raw.rejects as known using (file_id, "row", "column")
qualify row_number() over (partition by file_id, "row", "column" order by value) = 1
"""

_EXPORTS = """
create or replace temp table exports as
with known as (
    select _file_id as file_id, _latest as latest_at from typed where _broken is null
    union all
    from latest_of_typed
),

latest as (
    select file_id, max(latest_at) as latest_at from known group by file_id
),

timed as (
    select
        file_id, coalesce(exported_at, latest_at) as exported_at,
        row_number() over (order by coalesce(exported_at, latest_at) nulls first, sha256, file_id) as place
    from raw.files left join latest using (file_id)
    where source = ? and status = 'loaded'
),

outdated as (
    select older as file_id, count(*) as newer, min(place) as newer_place
    from raw.versions join timed on timed.file_id = newer group by older
)

select
    file_id, exported_at,
    row_number() over (order by least(place, newer_place), newer desc nulls last, place) as position
from timed left join outdated using (file_id)
"""
"""By time, but a version before any that came later to its place."""

_CANDIDATES = """
create or replace temp view candidates as
select typed.*, exports.position as _export
from typed join exports on exports.file_id = typed._file_id
where _broken is null
"""

_SUPERSEDED = "create or replace temp table superseded (_position bigint, _by bigint)"

_RESTATEMENTS = "create or replace temp table restatements (file_id varchar, restated bigint)"

_REPLACED_FACTS = """
insert into superseded
select _position, latest from (
    select _position, _export, max(_export) over (partition by _fact) as latest
    from candidates where _fact is not null
)
where _export < latest
"""

_COUNTS = """
insert into counts
with fates as (
    select _file_id as file_id, _row as "row", 1 as fate from staged
    union all
    select file_id, "row", 2 from raw.rejects semi join exports using (file_id)
    union all
    select _file_id, _row, 3 from superseded join candidates using (_position)
),

records as (
    select file_id, "row", min(fate) as fate from fates group by file_id, "row"
),

tallies as (
    select
        file_id,
        count(*) filter (where fate = 1) as staged,
        count(*) filter (where fate = 2) as rejected,
        count(*) filter (where fate = 3) as superseded
    from records group by file_id
)

select
    file_id, exported_at, coalesce(staged, 0), coalesce(rejected, 0), coalesce(superseded, 0), coalesce(restated, 0)
from exports left join tallies using (file_id) left join restatements using (file_id)
"""

_FINAL = """
update raw.files set
    exported_at = counts.exported_at,
    staged = counts.staged,
    rejected = counts.rejected,
    superseded = counts.superseded,
    restated = counts.restated
from counts where counts.file_id = files.file_id
"""


def stage(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Fills ``staging``, ``ops.unmatched``, the rest of ``raw.rejects`` and the final counts of ``raw.files``.

    Reads ``raw.<source>``, ``raw.files``, ``raw.rejects`` and the tables of ``raw.plain`` as reading left them. May be
    repeated.
    """
    install(con)
    con.execute(
        "create or replace temp table counts (file_id varchar, exported_at timestamp, "
        "staged bigint, rejected bigint, superseded bigint, restated bigint)"
    )
    for key in ("raw.days", "raw.names", "raw.superseded"):
        create(con, TABLE_BY_KEY[key])
    files = dict(con.execute("select source, count(*) from raw.files where status = 'loaded' group by all").fetchall())
    roster, aliases = (SOURCE_BY_NAME[name] for name in identity.NAMING)
    others = [source for source in SOURCES if source.name not in identity.NAMING]
    _stage_source(con, roster, program, files.get(roster.name, 0))
    identity.learn_roster(con)
    _stage_source(con, aliases, program, files.get(aliases.name, 0))
    identity.learn(con)
    cumulative.name_members(con, program)
    for source in others:
        _stage_source(con, source, program, files.get(source.name, 0))
    con.execute(_FINAL)
    coverage.note_spans(con, program)
    identity.report_unmatched(con, program, [source for source in (aliases, *others) if source.name in files])
    sweep(con)


def _stage_source(con: duckdb.DuckDBPyConnection, source: Source, program: Program, files: int) -> None:
    """Stages the rows of a source's ``files``; steps that compare exports are left out where there is only one."""
    table = TABLE_BY_KEY["staging." + source.name]
    if not files:
        create(con, table)
        return
    typed_ones = plain.typed_files(con, source)
    type_rows(con, source, program, ())
    con.execute(_REJECTS)
    typed_files.add_shared(con, source, typed_ones)
    con.execute(_EXPORTS, [source.name])
    con.execute(_CANDIDATES)
    if identity.is_resolved(source, program):
        identity.resolve(con, source, _named(source, typed_ones))
    con.execute(_SUPERSEDED)
    con.execute(_RESTATEMENTS)
    if files > 1:
        con.execute(_REPLACED_FACTS)
    if files > 1 or not source.repeats:
        con.execute(keys.replaced(source, program))
    if files > 1:
        con.execute(keys.restated(source, program))
    if typed_ones:
        typed_files.view(con, source, program, typed_ones, _survivors(source, program))
    else:
        write_select(con, table, _survivors(source, program))
    of_text = rest(source) if typed_ones else table
    con.execute("create or replace temp view staged as from " + qualified(of_text))
    con.execute(_COUNTS)
    typed_files.count(con)
    if source.name == "activity":
        days.note(con, program, typed_ones)
        if typed_ones:
            facts.note(con, table, **{facts.MADE_OF: facts.of_rows(con, TABLE_BY_KEY["raw.days"])})


def _named(source: Source, typed_ones: Sequence[Typed]) -> str:
    """SQL of a table with the names of the source's rows."""
    if not typed_ones:
        return "candidates"
    person = identifier(str(source.person))
    return "(select " + person + " from candidates union " + typed_files.named(typed_ones) + ") as named"


def type_rows(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    program: Program,
    files: Iterable[Typed],
    only: Collection[str] | None = None,
) -> None:
    """Writes the temporary table ``typed``: every row of ``raw.<source>`` and of typed ``files``, or of ``only``."""
    con.execute(typing(source, rules(source, program, "_arrived"), files, only))


def _cells_of_raw(source: Source, only: Collection[str] | None) -> str:
    """The trimmed cells of ``raw.<source>``."""
    ids = ", ".join(map(literal, sorted(only or ())))
    of_files = "raw.files" if only is None else "raw.files where list_contains([" + ids + "], file_id)"
    texts = ", ".join(cell(column.name) + " as " + identifier(column.name) for column in source.columns)
    return (
        "select rowid as _position, " + texts + ", _file_id, _row, _line, _fact, _timezone, _arrived from "
        + qualified(TABLE_BY_KEY["raw." + source.name])
        + " join (select file_id, coalesce(known_at, first_seen) as _arrived from " + of_files + ") as files"
        + " on files.file_id = _file_id"
    )  # fmt: skip


def typing(source: Source, checks: Sequence[CellRule], files: Iterable[Typed], only: Collection[str] | None) -> str:
    """``typed``: every row with its values and, where a rule is broken, the list of what broke it.

    The rows of typed ``files`` were held to the rules when they were loaded.
    """
    values = ", ".join(typed(rule.name) + " as " + identifier(rule.name) for rule in checks)
    breakable = [rule for rule in checks if rule.breaks]
    broken = ", ".join(
        "{'column': " + literal(rule.name) + ", 'value': " + identifier(rule.name) + ", 'reason': " + rule.reason + "}"
        for rule in breakable
    )
    return (
        "create or replace temp table typed as with " + read(source, checks, [_cells_of_raw(source, only)])
        + " select _position, " + values + ", _file_id, _row, _line, _fact, " + latest_instant(source)
        + " as _latest, case when " + " or ".join(rule.breaks for rule in breakable)
        + " then list_filter([" + broken + "], lambda one: one.reason is not null) end as _broken from read"
        + _typed_before(source, files)
    )  # fmt: skip


def _typed_before(source: Source, files: Iterable[Typed]) -> str:
    """The rows of typed files, to be added to those typed now."""
    before, selects = 0, []
    for file in files:
        selects.append(" union all by name " + typed_files.as_typed(source, file, before))
        before += file.rows
    return "".join(selects)


def _survivors(source: Source, program: Program) -> str:
    """The rows of ``staging.<source>``: those that nothing replaced, with the member that the name resolves to."""
    member = keys.column(source.person) if source.person else "cast(null as varchar)"
    join = ""
    if identity.is_resolved(source, program):
        member, join = "names.member_id", keys.names_join(source)
    return (
        "select " + ", ".join(keys.column(column.name) for column in source.columns) + ", " + member
        + " as member_id, _file_id, _row from candidates anti join superseded using (_position)" + join
    )  # fmt: skip
