"""Days on which a file of activity has rows, and a version of what ``staging.activity`` has of it on each.

Belongs here: ``raw.days``. Does not belong here: which days a file vouches for (``coverage``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fellowship_pipeline import own_code
from fellowship_pipeline.intake.plain.keeping import sums
from fellowship_pipeline.warehouse import lacking
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb

    from fellowship_pipeline.intake.plain.loading import Typed
    from fellowship_pipeline.program import Program

_OF_TEXT = """
insert into raw.days by name
with readable as (
    select distinct _file_id, {moment} from typed
    where _broken is null and _file_id not in (select file_id from raw.plain)
),

given as (
    select _file_id, {moment}, count(*) as n, sum(hash(staged)) as hashes from staged group by all
)

select
    _file_id as file_id, local_day(moment, ?) as day,
    coalesce(sum(n), 0) || '-' || coalesce(sum(hashes), 0) as version
from readable left join given using (_file_id, moment) group by all
""".format(moment="time_bucket(interval 15 minutes, occurred_at) as moment")
"""No zone's day begins within a quarter of an hour, so that few instants have to be turned into days."""

_OF_TYPED = """
insert into raw.days by name
with own as (
    select distinct local_day(moment, $zone) as day from {sums} where moment is not null
),

lost as (
    select local_day(occurred_at, $zone) as day, count(*) || '-' || sum(hash(_row)) as rows
    from candidates where _file_id = $file and _row in (select "row" from raw.superseded where file_id = $file)
    group by day
)

select $file as file_id, day, concat_ws('-', $version, lost.rows) as version from own left join lost using (day)
"""

_NAMES = """
select count(*) || '-' || coalesce(sum(hash(names)), 0)
from raw.names as names where source = 'activity' and value in (select name from {sums})
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


def note(con: duckdb.DuckDBPyConnection, program: Program, files: Iterable[Typed]) -> None:
    """Writes ``raw.days`` of typed ``files``, and of the others: of their rows in ``typed`` and in ``staged``."""
    con.execute(_OF_TEXT, [program.timezone])
    for file in files:
        _note_typed(con, program, file)


def _note_typed(con: duckdb.DuckDBPyConnection, program: Program, file: Typed) -> None:
    """What its rows are follows from the file and the code; who is meant, and what others replaced, does not."""
    of_file = qualified(sums(file.table))
    ((names,),) = con.execute(_NAMES.format(sums=of_file)).fetchall()
    version = own_code.basis(file.file_id, program.timezone, names)
    given = {"zone": program.timezone, "file": file.file_id, "version": version}
    con.execute(_OF_TYPED.format(sums=of_file), given)
