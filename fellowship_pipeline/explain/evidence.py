"""The rows of files that tell of units: which, on which line of which file, and the text as it stands there.

Belongs here: going back from a row of ``staging`` to its file. Does not belong here: which rows those are, a select
each in ``assets/kpi/evidence``, or of which units (``figures``).
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.explain.units import FOLDER
from fellowship_pipeline.intake.cleansed import is_packed
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.readers.records import Quarantined
from fellowship_pipeline.intake.readers.unpacking import unpack
from fellowship_pipeline.program import marked_yaml
from fellowship_pipeline.warehouse.names import identifier, literal

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from fellowship_pipeline.explain.figures import EvidenceRule
    from fellowship_pipeline.home import Home

ASKED = "asked_units"
"""The table of the units that evidence is looked for, for this connection only; ``unit`` is their number."""

PACKED = (b"\x1f\x8b", b"PK\x03\x04")
LONGEST = 50
"""Lines that a record is taken to have at most."""
LONGEST_TEXT = 2000
"""Letters that are shown of a record at most."""
QUOTE = '"'


class RecordPlace(NamedTuple):
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
    con: duckdb.DuckDBPyConnection, home: Home, wanted: Sequence[EvidenceRule], columns: Sequence[str]
) -> dict[int, list[Line]]:
    """By unit of ``asked_units``, which has those columns, the lines that tell of it, in the order wanted."""
    found: dict[int, dict[RecordPlace, None]] = defaultdict(dict)
    for one in wanted:
        for unit, *place in con.execute(_query(one, columns)).fetchall():
            found[unit][RecordPlace(*place)] = None
    lines = _lines(con, home, {place for places in found.values() for place in places})
    return {unit: [lines[place] for place in places if place in lines] for unit, places in found.items()}


def bought(home: Home, pool: str, capacity: int) -> list[Line]:
    """Where program.yaml says that the pool has that capacity; of several places the one that holds from later on."""
    if not home.program_file.is_file():
        return []
    content = home.program_file.read_bytes()
    settings, lines = marked_yaml.read(content, home.program_file.name)
    listed = settings.get("seats") if isinstance(settings, dict) else None
    texts = content.decode("utf-8-sig").splitlines()
    found = [
        (str(entry.get("from")), at)
        for at, entry in enumerate(listed if isinstance(listed, list) else [])
        if isinstance(entry, dict) and (entry.get("pool"), entry.get("capacity")) == (pool, str(capacity))
    ]
    places = [(lines["seats", str(at)], at) for _, at in sorted(found)[-1:]]
    return [Line("program.yaml", home.program_file.name, line, at + 1, texts[line - 1].strip()) for line, at in places]


def _query(one: EvidenceRule, columns: Sequence[str]) -> str:
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


def _lines(con: duckdb.DuckDBPyConnection, home: Home, places: set[RecordPlace]) -> dict[RecordPlace, Line]:
    """Each record with its file, its line and its text."""
    by_file: dict[tuple[str, str], list[RecordPlace]] = defaultdict(list)
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
        read = _read(con, source, file_id, [place.row for place in of_file], is_typed=rows_in is not None)
        texts: Mapping[int, str] = {}
        if encoding is not None:
            texts = _texts(archived(home, sha256), encoding, {record.line for record in read.values() if record.line})
        for place in of_file:
            if (record := read.get(place.row)) is not None:
                text = record.told_by(texts.get(record.line or 0))
                found[place] = Line(source, path, record.line, place.row, text)
    return found


class _RecordRead(NamedTuple):
    """What was read of a record: its line, its cells as text with their columns, and alone."""

    line: int | None
    cells: str
    values: list[str]

    def told_by(self, text: str | None) -> str:
        """The text, if it is short and has any of the values; else the cells, as of JSON over many lines, or of one."""
        if text is None or len(text) > LONGEST_TEXT or not any(value in text for value in self.values):
            return self.cells
        return text


def _read(
    con: duckdb.DuckDBPyConnection, source: str, file_id: str, rows: Sequence[int], *, is_typed: bool
) -> dict[int, _RecordRead]:
    """Each record; of a typed file, which is plain, one stands on each line after the header."""
    columns = [identifier(column.name) for column in SOURCE_BY_NAME[source].columns]
    cells = ", ".join(f"{literal(name.strip(QUOTE) + '=')} || cast({name} as varchar)" for name in columns)
    values = ", ".join(f"cast({name} as varchar)" for name in columns)
    table, line = ("staging", "_row + 1") if is_typed else ("raw", "_line")
    query = f"""
        with records as (
            select _row, {line} as line, concat_ws(', ', {cells}) as cells, [{values}] as parts
            from {table}.{identifier(source)}
            where _file_id = ? and _row in (select unnest(?))
        )
        select _row, min(line), string_agg(distinct cells, ' | ' order by cells), flatten(list(parts))
        from records group by _row
    """
    found = con.execute(query, [file_id, list(rows)]).fetchall()
    return {row: _RecordRead(line, cells, [part for part in parts if part]) for row, line, cells, parts in found}


def _texts(path: Path, encoding: str, lines: Set[int]) -> Mapping[int, str]:
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
        return dict(_records(text, lines))


def _records(text: Iterable[str], wanted: Set[int]) -> Iterator[tuple[int, str]]:
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
