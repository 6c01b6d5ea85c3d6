"""Which days the activity exports vouch for, and the day at whose end the program is seen unless somebody says.

Belongs here: ``covers`` and ``max_gap_days`` of activity entries, ``core.coverage``, the default ``as_of``. Does not
belong here: what an uncovered day means for a review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import STAGING_TABLES, TABLE_BY_KEY
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.presets import is_cumulative
from fellowship_pipeline.intake.rules import install
from fellowship_pipeline.warehouse import write_select
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    import duckdb

    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

COVERAGE = "core.coverage"

_TIMELESS = ("activity", "roster", "missions", "catalog")
"""Sources whose days do not tell how far the data of a program without activity reaches."""


def coverage(con: duckdb.DuckDBPyConnection, program: Program, until: date | None = None) -> int:
    """Writes ``core.coverage``; returns how many days there are. See :func:`covered`."""
    return write_select(con, TABLE_BY_KEY[COVERAGE], covered(con, program, until))


def covered(con: duckdb.DuckDBPyConnection, program: Program, until: date | None = None) -> str:
    """A select of ``core.coverage``, a row per day that some activity entry vouches for.

    Reads ``raw.files``, ``raw.days`` and ``staging`` as :func:`staging.stage` left them. An entry
    that covers ``all`` vouches for every day up to its last row and, where given, ``until``.
    """
    install(con)
    _note_days(con, program)
    return _covered(program, until)


def default_as_of(con: duckdb.DuckDBPyConnection, program: Program) -> date:
    """The last day that the activity data covers; without activity the latest day of any other source.

    Raises UserError where nothing carries a day.
    """
    if (day := last_day(con, program)) is not None:
        return day
    unread = con.execute("select count(*) from raw.files where status in ('held', 'quarantined')").fetchall()[0][0]
    hint = f"; {unread} of the files are held or quarantined: `fellowship files HOME` says why" if unread else ""
    raise UserError(f"no row of any source tells up to which day the data reaches: pass --as-of YYYY-MM-DD{hint}")


def last_day(con: duckdb.DuckDBPyConnection, program: Program) -> date | None:
    """The day that the data reaches, as :func:`default_as_of` has it; None where nothing carries one."""
    install(con)
    _note_days(con, program)
    others = [table.name for table in STAGING_TABLES if table.name not in _TIMELESS]
    candidates = (
        "select max(day) from (" + _covered(program, None) + ")",
        "select max(day) from raw.days",
        "select max(day) from (" + _dated(program, "max", others) + ")",
    )
    for query in candidates:
        row = con.execute(query).fetchone()
        if row and row[0] is not None:
            day: date = row[0]
            return day
    return None


def note_spans(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Writes ``covers_from`` and ``covers_to`` of activity files that declare none themselves into ``raw.files``."""
    _note_days(con, program)
    for number, entry in enumerate(program.sources.get("activity", [])):
        if isinstance(entry.covers, str) and not is_cumulative(entry):
            last_day = "export_day - 1" if entry.covers == "export" else "last_day"
            con.execute(
                "update raw.files set covers_from = first_day, covers_to = " + last_day
                + " from spans where spans.file_id = files.file_id and spans.entry = ?",
                [number],
            )  # fmt: skip


def _note_days(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Writes ``spans``: per file of activity, the days that it declares, has rows of, and was exported on."""
    zone = literal(program.timezone)
    con.execute(
        "create or replace temp table spans as "
        + "select files.file_id, entry, covers_from, covers_to, local_day(exported_at, " + zone + ") as export_day, "
        + "min(day) as first_day, max(day) as last_day "
        + "from raw.files as files left join raw.days using (file_id) "
        + "where source = 'activity' and status = 'loaded' group by all"
    )  # fmt: skip


def _covered(program: Program, until: date | None) -> str:
    """A select of the covered days, from ``raw.days`` and ``spans``."""
    periods = [
        "select first_day, last_day, " + ("true" if is_cumulative(entry) else "false") + " as is_cumulative from ("
        + _periods(entry, number, program, until) + ")"
        for number, entry in enumerate(program.sources.get("activity", []))
    ]  # fmt: skip
    if not periods:
        return "select cast(null as date) as day, false as is_cumulative limit 0"
    return (
        "select day, bool_and(is_cumulative) as is_cumulative from (select cast(unnest(generate_series(first_day, "
        + "last_day, interval 1 day)) as date) as day, is_cumulative from (" + " union all ".join(periods)
        + ") where first_day <= last_day) group by day"
    )  # fmt: skip


def _periods(entry: Entry, number: int, program: Program, until: date | None) -> str:
    """A select of the periods ``(first_day, last_day)`` that an entry vouches for, a cumulative one between exports."""
    of_entry = " from spans where entry = " + str(number)
    declared = "select covers_from as first_day, covers_to as last_day" + of_entry
    if is_cumulative(entry):
        return declared
    if entry.covers == "rows":
        step = "next_day" if entry.max_gap_days is None else "day + " + str(entry.max_gap_days + 1)
        return (
            "select day as first_day, case when next_day <= " + step
            + " then next_day - 1 else day end as last_day from ("
            + "select day, lead(day) over (order by day) as next_day from (select distinct day from raw.days "
            + "semi join (select file_id" + of_entry + ") using (file_id)))"
        )  # fmt: skip
    if entry.covers == "export":
        return "select first_day, export_day - 1 as last_day" + of_entry
    if entry.covers == "all":
        given = "cast(null as date)" if until is None else "date " + literal(until.isoformat())
        # from the 1st, since a review asks for whole months and nobody held a seat before the first event
        dated = _dated(program, "min", [table.name for table in STAGING_TABLES])
        first_day = "(select cast(date_trunc('month', min(day)) as date) from (" + dated + "))"
        return (
            "select " + first_day + " as first_day, greatest(max(last_day), " + given + ") as last_day" + of_entry
            + " having count(*) > 0"
        )  # fmt: skip
    return declared


def _dated(program: Program, extreme: str, sources: Collection[str]) -> str:
    """A select of the first or last day (``min`` or ``max``) of every date and instant of these sources."""
    zone = literal(program.timezone)
    selects = []
    for table in STAGING_TABLES:
        for column in table.columns if table.name in sources else ():
            value = extreme + "(" + identifier(column.name) + ")"
            if column.type == "TIMESTAMP":
                value = "local_day(" + value + ", " + zone + ")"
            if column.type in ("TIMESTAMP", "DATE"):
                selects.append("select " + value + " as day from " + qualified(table))
    return " union all ".join(selects)
