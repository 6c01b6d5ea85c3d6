"""Test and staff accounts, as ``excluded`` in program.yaml names them: their rows count for nothing anywhere.

Belongs here: which rows of ``raw`` are theirs. Does not belong here: who exempt or erased persons are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCES, TABLE_BY_KEY, Source
from fellowship_pipeline.intake.rules import cell, install
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.program import Program

_NAMES = """
create or replace temp table excluded_names as
with named as (
    select unnest(?::varchar[]) as name
),

called as (
    select cell(member) as member, cell(member) as name from raw.roster
    union select cell(member), cell(email) from raw.roster
    union select cell(member), cell(member) from raw.aliases
    union select cell(member), cell("value") from raw.aliases
),

only_theirs as (
    select account(name) as name, min(member) as member
    from called where name is not null group by account(name) having count(distinct member) = 1
),

members as (
    select only_theirs.member from only_theirs join named on account(named.name) = only_theirs.name
)

select account(name) as name from named
union
select account(member) from members
union
select only_theirs.name from only_theirs semi join members using (member)
"""

_ACCOUNT = """
create or replace temp macro account(name) as
    case when contains(name, '@') then email_form(name) else nfc_normalize(name) end
"""

_IGNORED = """
update raw.files set ignored = ignored + records
from (
    select _file_id, count(distinct _row) as records
    from excluded_rows
    where (_file_id, _row) not in (select (file_id, "row") from raw.rejects)
    group by _file_id
) as gone
where gone._file_id = files.file_id
"""


def leave_out(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Takes the rows of excluded accounts, under whatever name, out of ``raw``; their records count as ignored.

    An account is named by member id, or by a name that roster and aliases give to nobody else.
    """
    if not program.excluded:
        return
    install(con)
    con.execute(_ACCOUNT)
    con.execute(_NAMES, [list(program.excluded)])
    for source in SOURCES:
        if source.person is not None:
            _leave_out(con, source)


def _leave_out(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    table, name = qualified(TABLE_BY_KEY["raw." + source.name]), cell(source.person or "")
    theirs = " where account(" + name + ") in (select name from excluded_names)"
    con.execute("create or replace temp table excluded_rows as select distinct _file_id, _row from " + table + theirs)
    con.execute("delete from " + table + theirs)
    con.execute("delete from excluded_rows where (_file_id, _row) in (select (_file_id, _row) from " + table + ")")
    con.execute(_IGNORED)
