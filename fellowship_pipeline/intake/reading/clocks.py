"""Instants on the days when clocks are turned: an hour that comes twice, or never, and nobody says which is meant.

Belongs here: counting such records. Does not belong here: which instant is taken, and which cells it leaves without a
value (``rules``); reports of meetings, whose times are instants already (``layouts.meetings``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.plain.loading import csv_cells
from fellowship_pipeline.intake.rules import EARLIEST, cell
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import duckdb

    from fellowship_pipeline.intake.plain.loading import PlainFile

YEARS = 100
DAY_ALONE = len("2000-01-01")
AROUND = timedelta(hours=2)
"""From the moment at which clocks are turned: no further off are the instants of a time that comes twice or never."""

_DAY = timedelta(days=1)


def unsure(con: duckdb.DuckDBPyConnection, sources: Iterable[str], typed: Iterable[PlainFile]) -> dict[str, Note]:
    """By ``_file_id`` a note of the records in ``raw``, and in ``typed`` files, with an instant that may be another."""
    found: dict[str, Note] = {}
    for source in (SOURCE_BY_NAME[name] for name in sources):
        raw = qualified(TABLE_BY_KEY["raw." + source.name])
        zones = con.execute("select distinct _timezone from " + raw).fetchall() if source.moments else []
        for (zone,) in zones:
            rows = "(select * from " + raw + " where _timezone = " + literal(zone) + ") as rows"
            found |= _unsure(con, zone, rows, source.moments)
    for file in typed:
        found |= _unsure_in_typed(con, file)
    return found


def _unsure(con: duckdb.DuckDBPyConnection, zone: str, relation: str, columns: Collection[str]) -> dict[str, Note]:
    """The same of rows as text."""
    days = [str(day) for day in turns(zone)]
    if not columns or not days:
        return {}
    cells = ", ".join(cell(name) + " as " + identifier(name) for name in columns)
    query = (
        "select _file_id, count(distinct _row) from (select _file_id, _row, " + cells + " from " + relation + ") where "
        + " or ".join(_is_unsure(identifier(name), zone) for name in columns) + " group by _file_id"
    )  # fmt: skip
    found = con.execute(query, {"days": days}).fetchall()
    return {file_id: Note("hour_unsure", {"records": records, "zone": zone}) for file_id, records in found}


def _unsure_in_typed(con: duckdb.DuckDBPyConnection, file: PlainFile) -> dict[str, Note]:
    """The same of a typed file: its text is looked at where some instant is near one at which clocks are turned."""
    columns = _without_offset(file)
    if not any(_is_near(con, file, name) for name in columns):
        return {}
    texts = "".join(", " + identifier(str(file.places[name])) + " as " + identifier(name) for name in columns)
    rows = (
        "(select " + literal(file.file_id) + " as _file_id, row_number() over () as _row" + texts + " from "
        + csv_cells(file.path, file.plain, {}) + ") as rows"
    )  # fmt: skip
    return _unsure(con, file.zone, rows, columns)


def _without_offset(file: PlainFile) -> list[str]:
    """The columns with times of day that do not say how far they are ahead of UTC."""
    forms = {name: file.plain.forms[file.places[name]] for name in file.source.moments if name in file.places}
    return [
        name
        for name, form in forms.items()
        if form.instant is not None and len(form.instant) > DAY_ALONE and form.offset is None
    ]


def _is_near(con: duckdb.DuckDBPyConnection, file: PlainFile, name: str) -> bool:
    moment, table = identifier(name), qualified(file.table)
    ((first, last),) = con.execute("select min(" + moment + "), max(" + moment + ") from " + table).fetchall()
    turned = [at for at in turns(file.zone).values() if first is not None and first - AROUND <= at <= last + AROUND]
    if not turned:
        return False
    near = " or ".join(moment + " between ? and ?" for _ in turned)
    bounds = [bound for at in turned for bound in (at - AROUND, at + AROUND)]
    return bool(con.execute("select count(*) > 0 from " + table + " where " + near, bounds).fetchall()[0][0])


@cache
def turns(zone: str) -> dict[date, datetime]:
    """The days on which the zone turns its clocks, among those that a file can tell of, and the instant in UTC."""
    place = ZoneInfo(zone)
    midnights = [_midnight(EARLIEST + _DAY * at, place) for at in range(-1, YEARS * 366)]
    found = {}
    for begins, ends in pairwise(midnights):
        if begins.utcoffset() != ends.utcoffset():
            found[begins.date()] = _turned(begins.astimezone(UTC), ends.astimezone(UTC), place)
    return found


def _turned(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The minute between two instants in UTC at which the zone turns its clocks, without tzinfo."""
    minutes = [0, int((after - before) / timedelta(minutes=1))]
    old = before.astimezone(place).utcoffset()
    while minutes[1] - minutes[0] > 1:
        middle = sum(minutes) // 2
        is_old = (before + timedelta(minutes=middle)).astimezone(place).utcoffset() == old
        minutes[not is_old] = middle
    return (before + timedelta(minutes=minutes[1])).replace(tzinfo=None)


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=place)


def _is_unsure(name: str, zone: str) -> str:
    return "(left(" + name + ", 10) in (select unnest($days)) and is_unsure(" + name + ", " + literal(zone) + "))"
