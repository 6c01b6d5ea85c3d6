"""Days on which a file of activity has rows, and a version of what ``staging.activity`` has of it on each.

Belongs here: ``raw.days``. Does not belong here: which days a file vouches for (``coverage``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fellowship_pipeline import own_code
from fellowship_pipeline.warehouse import lacking
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from fellowship_pipeline.intake.plain.loading import Typed
    from fellowship_pipeline.program import Program

_MOMENT = "time_bucket(interval 15 minutes, occurred_at) as moment"
"""No zone's day begins within a quarter of an hour, so that few instants have to be turned into days."""

_OF_ROWS = f"""
insert into raw.days by name
with readable as (
    select distinct _file_id, {_MOMENT} from typed where _broken is null
),

given as (
    select _file_id, {_MOMENT}, count(*) as n, sum(hash(staged)) as hashes from staging.activity as staged group by all
)

select
    _file_id as file_id, local_day(moment, ?) as day,
    coalesce(sum(n), 0) || '-' || coalesce(sum(hashes), 0) as version
from readable left join given using (_file_id, moment) group by all
"""

_OF_TYPED = """
insert into raw.days by name
with moments as (select distinct {moment} from {table})
select distinct ? as file_id, local_day(moment, ?) as day, ? as version from moments
"""

_NAMES = """
select count(*) || '-' || coalesce(sum(hash(names)), 0) from raw.names as names where source = 'activity'
"""


def versions(con: duckdb.DuckDBPyConnection) -> set[tuple[date, str, str]]:
    """Day, file and version of all days that are noted; none before there are any."""
    if lacking(con, ["raw.days"]):
        return set()
    return set(con.execute("select day, file_id, version from raw.days").fetchall())


def differing(con: duckdb.DuckDBPyConnection, was: set[tuple[date, str, str]]) -> date | None:
    """The first day of which ``staging.activity`` may have other rows than when the versions were ``was``.

    None where nothing is known of then. One day early, since a zone may change its clocks within a quarter of an hour.
    """
    other = was ^ versions(con)
    return min(day for day, *_ in other) - timedelta(days=1) if was and other else None


def note_days(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """The days of the rows in ``typed``, with a version of those that are in ``staging.activity``."""
    con.execute(_OF_ROWS, [program.timezone])


def note_days_of_typed(con: duckdb.DuckDBPyConnection, program: Program, file: Typed) -> None:
    """The days of a typed file all of whose rows are staged, under the names in ``raw.names``.

    What the rows are follows from the file and the code, so that nothing is read for the version.
    """
    ((names,),) = con.execute(_NAMES).fetchall()
    version = own_code.basis(file.file_id, program.timezone, names)
    query = _OF_TYPED.format(moment=_MOMENT, table=qualified(file.table))
    con.execute(query, [file.file_id, program.timezone, version])
