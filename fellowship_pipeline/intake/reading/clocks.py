"""Instants on the days when clocks are turned: an hour that comes twice, or never, and nobody says which is meant.

Belongs here: counting such records. Does not belong here: which instant is taken, and which cells it leaves without a
value (``rules``); reports of meetings, whose times are instants already (``layouts.meetings``).
"""

from __future__ import annotations

from bisect import bisect
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.plain import keeping
from fellowship_pipeline.intake.plain.loading import csv_cells
from fellowship_pipeline.intake.rules import EARLIEST, cell
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import duckdb

    from fellowship_pipeline.intake.plain.plain_file import PlainFile

LAST = date(2100, 1, 1)
DAY_ALONE = len("2000-01-01")
AROUND = timedelta(hours=2)
"""From the moment at which clocks are turned: no further off are the instants of a time that comes twice or never."""

WEEK = timedelta(days=7)
"""No zone turns its clocks twice within."""


def unsure(con: duckdb.DuckDBPyConnection, sources: Iterable[str], typed: Iterable[PlainFile]) -> dict[str, Note]:
    """By ``_file_id`` a note of the records in ``raw``, and in ``typed`` files, with an instant that may be another."""
    found: dict[str, Note] = {}
    for source in (SOURCE_BY_NAME[name] for name in sources):
        raw = qualified(TABLE_BY_KEY["raw." + source.name])
        zones = con.execute("select distinct _timezone from " + raw).fetchall() if source.moments else []
        for (zone,) in zones:
            rows = "(select * from " + raw + " where _timezone = " + literal(zone) + ") as rows"
            found |= _unsure(con, zone, rows, source.moments, turns(zone))
    for file in typed:
        values = keeping.told(con, file.table, "unsure", partial(_unsure_in_typed, con, file))
        found |= {file.file_id: Note("hour_unsure", values)} if values else {}
    return found


def _unsure(
    con: duckdb.DuckDBPyConnection, zone: str, relation: str, columns: Collection[str], turned: Iterable[datetime]
) -> dict[str, Note]:
    """The same of rows as text, near instants at which clocks are turned."""
    local = [(at + by).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for at in turned for by in (-AROUND, AROUND)]
    days = sorted({str(moment.date()) for moment in local})
    if not columns or not days:
        return {}
    cells = ", ".join(cell(name) + " as " + identifier(name) for name in columns)
    is_near = " or ".join("list_contains($days, left(" + identifier(name) + ", 10))" for name in columns)
    is_unsure = " or ".join("is_unsure(" + identifier(name) + ", " + literal(zone) + ")" for name in columns)
    query = (
        "with cells as (select _file_id, _row, " + cells + " from " + relation + "), near as materialized (select * "
        + "from cells where " + is_near + ") select _file_id, count(distinct _row) from near where " + is_unsure
        + " group by _file_id"
    )  # fmt: skip
    found = con.execute(query, {"days": days}).fetchall()
    return {file_id: Note("hour_unsure", {"records": records, "zone": zone}) for file_id, records in found}


def _unsure_in_typed(con: duckdb.DuckDBPyConnection, file: PlainFile) -> Mapping[str, str | int]:
    """What is to be noted of a typed file; empty: nothing.

    Its text is looked at where some instant is near one at which clocks are turned.
    """
    columns = _without_offset(file)
    near = {at for name in columns for at in _near(con, file, name)}
    if not near:
        return {}
    texts = "".join(", " + identifier(str(file.places[name])) + " as " + identifier(name) for name in columns)
    rows = (
        "(select " + literal(file.file_id) + " as _file_id, row_number() over () as _row" + texts + " from "
        + csv_cells(file.path, file.plain, {}) + ") as rows"
    )  # fmt: skip
    notes = _unsure(con, file.zone, rows, columns, near)
    return notes[file.file_id].values if notes else {}


def _without_offset(file: PlainFile) -> list[str]:
    """The columns with times of day that do not say how far they are ahead of UTC."""
    forms = {name: file.plain.forms[file.places[name]] for name in file.source.moments if name in file.places}
    return [
        name
        for name, form in forms.items()
        if form.instant is not None and len(form.instant) > DAY_ALONE and form.offset is None
    ]


def _near(con: duckdb.DuckDBPyConnection, file: PlainFile, name: str) -> list[datetime]:
    """The instants at which clocks are turned that have one of the file's near them."""
    moment, table = identifier(name), qualified(file.table)
    ((first, last),) = con.execute("select min(" + moment + "), max(" + moment + ") from " + table).fetchall()
    turned = [at for at in turns(file.zone) if first is not None and first - AROUND <= at <= last + AROUND]
    if not turned:
        return []
    counts = ", ".join("count(*) filter (where " + moment + " between ? and ?)" for _ in turned)
    bounds = [bound for at in turned for bound in (at - AROUND, at + AROUND)]
    (found,) = con.execute("select " + counts + " from " + table, bounds).fetchall()
    return [at for at, records in zip(turned, found, strict=True) if records]


@cache
def turns(zone: str) -> tuple[datetime, ...]:
    """When the zone turns its clocks, to the minute in UTC, among the days that a file can tell of."""
    place = ZoneInfo(zone)
    begins = datetime(EARLIEST.year, EARLIEST.month, EARLIEST.day, tzinfo=UTC) - WEEK
    weeks = [begins + WEEK * at for at in range((LAST - EARLIEST) // WEEK + 2)]
    offsets = [week.astimezone(place).utcoffset() for week in weeks]
    return tuple(
        _turned(week, place) for week, (before, after) in zip(weeks, pairwise(offsets), strict=False) if before != after
    )


def _turned(week: datetime, place: ZoneInfo) -> datetime:
    """The minute of a week that begins then at which the zone turns its clocks, without tzinfo."""
    old, minutes = week.astimezone(place).utcoffset(), range(1, WEEK // timedelta(minutes=1) + 1)

    def is_new(minute: int) -> bool:
        return (week + timedelta(minutes=minute)).astimezone(place).utcoffset() != old

    return (week + timedelta(minutes=minutes[bisect(minutes, 0, key=is_new)])).replace(tzinfo=None)
