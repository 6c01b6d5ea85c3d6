"""Instants on the days when clocks are turned: an hour that comes twice, or never, and nobody says which is meant.

Belongs here: counting such records. Does not belong here: which instant is taken, and which cells it leaves without a
value (``rules``).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.plain.loading import csv_cells
from fellowship_pipeline.intake.rules import EARLIEST, cell
from fellowship_pipeline.warehouse.names import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.intake.plain.loading import PlainFile

YEARS = 100
_DAY = timedelta(days=1)


def unsure(
    con: duckdb.DuckDBPyConnection, source: Source, zone: str, relation: str, columns: Collection[str]
) -> dict[str, Note]:
    """By ``_file_id`` a note of the records, rows of ``relation`` as text, with an instant that may be another."""
    there = [name for name in source.moments if name in columns]
    days = turns(zone)
    if not there or not days:
        return {}
    cells = ", ".join(cell(name) + " as " + identifier(name) for name in there)
    query = (
        "select _file_id, count(distinct _row) from (select _file_id, _row, " + cells + " from " + relation + ") where "
        + " or ".join(_is_unsure(identifier(name), zone) for name in there) + " group by _file_id"
    )  # fmt: skip
    found = con.execute(query, {"days": days}).fetchall()
    return {file_id: Note("hour_unsure", {"records": records, "zone": zone}) for file_id, records in found}


def unsure_in_plain(con: duckdb.DuckDBPyConnection, file: PlainFile) -> dict[str, Note]:
    """The same of a large plain file, where no form says that all its instants have their offset."""
    forms = file.plain.forms
    there = {name: at for name, at in file.places.items() if forms[at].instant is None or forms[at].offset is None}
    columns = "".join(", " + identifier(str(at)) + " as " + identifier(name) for name, at in there.items())
    rows = (
        "(select " + literal(file.file_id) + " as _file_id, row_number() over () as _row" + columns + " from "
        + csv_cells(file.path, file.plain, {}) + ") as rows"
    )  # fmt: skip
    return unsure(con, file.source, file.zone, rows, there)


@cache
def turns(zone: str) -> tuple[str, ...]:
    """The days, as YYYY-MM-DD, on which the zone turns its clocks, among those that a file can tell of."""
    place, first = ZoneInfo(zone), EARLIEST - _DAY
    days = [first + timedelta(days=at) for at in range(YEARS * 366)]
    return tuple(str(day) for day in days if _midnight(day, place) != _midnight(day + _DAY, place))


def _midnight(day: date, place: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=place).utcoffset()


def _is_unsure(name: str, zone: str) -> str:
    return "(list_contains($days, left(" + name + ", 10)) and is_unsure(" + name + ", " + literal(zone) + "))"
