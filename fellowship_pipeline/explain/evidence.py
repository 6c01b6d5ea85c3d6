"""The rows of files that tell of units: which, on which line of which file, and the text as it stands there.

Belongs here: going back from a row of ``staging`` to its file. Does not belong here: which rows those are, a select
each in ``assets/kpi/evidence``, or of which units (``figures``).
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.explain.units import FOLDER
from fellowship_pipeline.intake.cleansed import is_packed
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.readers.records import Quarantined
from fellowship_pipeline.intake.readers.unpacking import unpack
from fellowship_pipeline.warehouse.names import identifier, literal

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from fellowship_pipeline.explain.figures import Evidence
    from fellowship_pipeline.home import Home

ASKED = "asked_units"
"""The table of the units that evidence is looked for, for this connection only; ``unit`` is their number."""

PACKED = (b"\x1f\x8b", b"PK\x03\x04")
LONGEST = 50
"""Lines that a record is taken to have at most."""


class Place(NamedTuple):
    """A record of a file, as ``staging`` names it."""

    source: str
    file_id: str
    row: int


@dataclass(frozen=True)
class Line:
    """A record of a file: where it stands, and its text.

    ``line``: the first of its lines; None where the file has none, as a workbook. ``text``: as it stands there; of a
    file that has no lines, or is not there any more, the cells that were read.
    """

    source: str
    file: str
    line: int | None
    row: int
    text: str


def evidence_of(
    con: duckdb.DuckDBPyConnection, home: Home, wanted: Sequence[Evidence], columns: Sequence[str]
) -> dict[int, list[Line]]:
    """By unit of ``asked_units``, which has those columns, the lines that tell of it, in the order wanted."""
    found: dict[int, dict[Place, None]] = defaultdict(dict)
    for one in wanted:
        for unit, *place in con.execute(_query(one, columns)).fetchall():
            found[unit][Place(*place)] = None
    lines = _lines(con, home, {place for places in found.values() for place in places})
    return {unit: [lines[place] for place in places if place in lines] for unit, places in found.items()}


def _query(one: Evidence, columns: Sequence[str]) -> str:
    """Units and places of one sort of evidence."""
    told = (FOLDER / "evidence" / f"{one.relation}.sql").read_text(encoding="utf-8")
    agree = [f"asked.{identifier(name)} is not distinct from told.{identifier(name)}" for name in one.by]
    agree += [f"told.day >= asked.{identifier(one.since)}"] if one.since in columns and one.since else []
    agree += [f"told.day <= asked.{identifier(one.until)}"] if one.until in columns and one.until else []
    order = "told.day {}, told.source, told._file_id, told._row"
    only = ""
    if one.only is not None:
        turn = order.format("desc" if one.only == "last" else "asc")
        only = f" qualify row_number() over (partition by asked.unit order by {turn}) = 1"
    return (
        f"select asked.unit, told.source, told._file_id, told._row from {ASKED} as asked"
        f" inner join ({told}) as told on {' and '.join(agree)}{only} order by asked.unit, {order.format('')}"
    )


def _lines(con: duckdb.DuckDBPyConnection, home: Home, places: set[Place]) -> dict[Place, Line]:
    """Each record with its file, its line and its text."""
    by_file: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in sorted(places):
        by_file[place.source, place.file_id].append(place)
    files = {
        file_id: rest
        for file_id, *rest in con.execute(
            "select file_id, path, sha256, encoding, rows_in from raw.files left join raw.plain using (file_id)"
        ).fetchall()
    }
    found = {}
    for (source, file_id), of_file in by_file.items():
        if file_id not in files:
            continue
        path, sha256, encoding, rows_in = files[file_id]
        if rows_in is not None:
            numbers: dict[int, int | None] = {place.row: place.row + 1 for place in of_file}
            cells = _cells(con, "staging", source, file_id, numbers)
        else:
            numbers = _numbers(con, source, file_id, [place.row for place in of_file])
            cells = _cells(con, "raw", source, file_id, numbers)
        texts: Mapping[int, str] = {}
        if encoding is not None:
            texts = _texts(archived(home, sha256), encoding, [line for line in numbers.values() if line])
        for place in of_file:
            line = numbers.get(place.row)
            text = texts.get(line) if line else None
            found[place] = Line(source, path, line, place.row, text or cells.get(place.row, ""))
    return found


def _numbers(con: duckdb.DuckDBPyConnection, source: str, file_id: str, rows: Sequence[int]) -> dict[int, int | None]:
    query = (
        f"select _row, min(_line) from raw.{identifier(source)}"
        " where _file_id = ? and list_contains(?, _row) group by _row"
    )
    return dict(con.execute(query, [file_id, list(rows)]).fetchall())


def _cells(
    con: duckdb.DuckDBPyConnection, schema: str, source: str, file_id: str, rows: Iterable[int]
) -> dict[int, str]:
    """What was read of each record: canonical columns and their text; of several rows made of it, one after another."""
    cells = ", ".join(
        f"{literal(column.name + '=')} || cast({identifier(column.name)} as varchar)"
        for column in SOURCE_BY_NAME[source].columns
    )
    query = (
        f"with cells as (select _row, concat_ws(', ', {cells}) as text from {schema}.{identifier(source)}"
        " where _file_id = ? and list_contains(?, _row))"
        " select _row, string_agg(distinct text, ' | ' order by text) from cells group by _row"
    )
    return dict(con.execute(query, [file_id, list(rows)]).fetchall())


def _texts(path: Path, encoding: str, lines: Sequence[int]) -> Mapping[int, str]:
    """The text of those lines of an archived file; nothing where it is gone, or was replaced by what was read of it."""
    if not path.is_file() or is_packed(path):
        return {}
    with path.open("rb") as file:
        packed = file.read(4).startswith(PACKED)
    try:
        stream = io.BytesIO(unpack(path.read_bytes())[0]) if packed else path.open("rb")
    except Quarantined:
        return {}
    with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
        return dict(_records(text, set(lines)))


def _records(text: Iterable[str], wanted: set[int]) -> Iterator[tuple[int, str]]:
    """The records that begin on those lines; one goes on while a quote is open."""
    begun, parts = 0, list[str]()
    last = max(wanted, default=0)
    for number, line in enumerate(text, start=1):
        if not parts and number in wanted:
            begun = number
        if begun:
            parts.append(line)
            if "".join(parts).count('"') % 2 == 0 or len(parts) == LONGEST:
                yield begun, "".join(parts).strip("\ufeff\r\n")
                begun, parts = 0, []
        if number >= last and not begun:
            return
