"""Test and staff accounts, as ``excluded`` in program.yaml names them: their rows count for nothing anywhere.

Belongs here: which rows of ``raw`` are theirs. Does not belong here: who exempt or erased persons are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCES, TABLE_BY_KEY, Source
from fellowship_pipeline.intake.rules import cell
from fellowship_pipeline.intake.staging import identity
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.program import Program

_NAMES = """
create or replace temp table excluded_names as
with given as (
    select distinct unnest(?::varchar[]) as given
),

called as (
    select member, name_form(member) as name from known_roster
    union select member, name_form(email) from known_roster
    union select member_id, name_form(member) from known_aliases where member_id is not null
    union select member_id, name_form(value) from known_aliases where member_id is not null
),

only_theirs as (
    select name, min(member) as member
    from called where name is not null group by name having count(distinct member) = 1
),

only_names as (
    select name_form(name) as name, min(member) as member
    from known_roster where name is not null group by 1 having count(distinct member) = 1
),

members as (
    select given, coalesce(only_theirs.member, only_names.member) as member
    from given
    left join only_theirs on only_theirs.name = name_form(given)
    left join only_names on only_names.name = name_form(given)
)

select given, name_form(given) as name from given
union
select given, name_form(member) from members where member is not null
union
select given, only_theirs.name from only_theirs join members using (member)
"""

_TALLIES = """
insert into raw.excluded
select given, coalesce(sum(records), 0)
from (select distinct given from excluded_names) left join excluded_records using (given)
group by given
"""

_TALLY = """
insert into excluded_records
select given, count(distinct (_file_id, _row))
from (select _file_id, _row, name_form({name}) as name from {table}) join excluded_names using (name)
group by given
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

    An account is named by member id, by a name that roster and aliases give to nobody else, or by the name of only one
    member of the roster. ``raw.excluded`` says of each name how many records were found.
    """
    if not program.excluded:
        return
    identity.learn_early(con, program)
    con.execute(_NAMES, [list(program.excluded)])
    con.execute("create or replace temp table excluded_records (given varchar, records bigint)")
    for source in SOURCES:
        if source.person is not None:
            _leave_out(con, source)
    con.execute(_TALLIES)


def _leave_out(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    table, name = qualified(TABLE_BY_KEY["raw." + source.name]), cell(source.person or "")
    theirs = " where name_form(" + name + ") in (select name from excluded_names)"
    con.execute(_TALLY.format(name=name, table=table))
    con.execute("create or replace temp table excluded_rows as select distinct _file_id, _row from " + table + theirs)
    con.execute("delete from " + table + theirs)
    con.execute("delete from excluded_rows where (_file_id, _row) in (select (_file_id, _row) from " + table + ")")
    con.execute(_IGNORED)
