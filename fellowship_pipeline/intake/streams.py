"""Large plain files, which staging reads from the archive itself: text in batches, never all of it at once.

Belongs here: which files and entries are simple enough, and their rows of text as a stream. Does not belong here:
telling that a file is plain (``plain``), typing (``staging``).
"""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv
from pydantic import TypeAdapter

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.contracts.sources import AMOUNT
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.layouts.mapping import multiplied
from fellowship_pipeline.intake.readers.plain import Plain, plain_dialect
from fellowship_pipeline.intake.readers.records import Records, each, normal
from fellowship_pipeline.intake.rules import cell, literal
from fellowship_pipeline.warehouse import identifier

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program_sources import Entry

SMALLEST = 16 << 20
"""Bytes from which on a copy of the text in ``raw`` would cost more than it helps."""

PIECE = 8 << 20
MOMENT = pa.timestamp("us")
_DIALECT = TypeAdapter(Plain)
SIMPLE = {"files", "columns", "delimiter", "timezone", "covers", "max_gap_days", "exported"}
SIMPLE_COLUMN = {"from_", "times"}


@dataclass(frozen=True)
class Stream:
    """A plain file of the archive, and the header and factor that each canonical column of it has."""

    source: Source
    file_id: str
    path: Path
    arrived: datetime
    zone: str
    plain: Plain
    columns: dict[str, tuple[str, Decimal | None]]

    def rows(
        self, only: Collection[str] = (), typed: Mapping[str, pa.DataType] = MappingProxyType({})
    ) -> pa.RecordBatchReader:
        """The canonical columns that the file has (or ``only`` some) as text or ``typed``, and ``_row`` from 1."""
        wanted = {name: mapped for name, mapped in self.columns.items() if not only or name in only}
        schema = pa.schema([*((name, typed.get(name, pa.string())) for name in wanted), ("_row", pa.int64())])
        return pa.RecordBatchReader.from_batches(schema, self._batches(wanted, schema))

    def types(self) -> dict[str, pa.DataType]:
        """The columns that can be read as what they are, since their cells have one form that cannot be mistaken."""
        if not self.plain.trimmed or self.plain.hexadecimal:
            return {}
        headers = Counter(normal(header) for header, _ in self.columns.values())
        single = {name for name, (header, _) in self.columns.items() if headers[normal(header)] == 1}
        columns = {column.name: column.type for column in self.source.columns if column.name in single}
        places = {normal(header): at for at, header in enumerate(self.plain.header)}
        dated = [name for name in columns if places[normal(self.columns[name][0])] in self.plain.dated]
        whole = [name for name, type_ in columns.items() if type_ == AMOUNT and self.columns[name][1] is None]
        types = {name: MOMENT for name in dated if columns[name] == "TIMESTAMP"} | dict.fromkeys(whole, pa.int64())
        return {name: type_ for name, type_ in types.items() if self._begins_as(name, type_)}

    def begins_with_letters(self, name: str) -> bool:
        """Whether no cell of the column begins with a digit, a sign or ``#``."""
        places = {normal(header): at for at, header in enumerate(self.plain.header)}
        return name in self.columns and places[normal(self.columns[name][0])] in self.plain.lettered

    def _begins_as(self, name: str, type_: pa.DataType) -> bool:
        try:
            self.rows([name], {name: type_}).read_next_batch()
        except pa.ArrowInvalid:
            return False
        return True

    def _batches(self, wanted: dict[str, tuple[str, Decimal | None]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        names = [str(at) for at in range(len(self.plain.header))]
        places = {normal(header): name for header, name in zip(self.plain.header, names, strict=True)}
        chosen = {name: places[normal(header)] for name, (header, _) in wanted.items()}
        types = dict.fromkeys(names, pa.string()) | {chosen[name]: _written(schema.field(name).type) for name in wanted}
        convert = pa.csv.ConvertOptions(
            column_types=types,
            include_columns=list(dict.fromkeys(chosen.values())) or names[:1],
            strings_can_be_null=True,
            null_values=[""],
        )
        parse = pa.csv.ParseOptions(delimiter=self.plain.delimiter, quote_char=False)
        row = 0
        with self.path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as text:
            for begin, end in _pieces(text, self.plain.start):
                read = pa.csv.ReadOptions(use_threads=False, block_size=end - begin + 1, column_names=names)
                table = pa.csv.read_csv(pa.BufferReader(text[begin:end]), read, parse, convert)
                rows = pa.array(np.arange(row + 1, row + 1 + table.num_rows))
                row += table.num_rows
                columns = [_scaled(table.column(chosen[name]), factor) for name, (_, factor) in wanted.items()]
                yield from pa.table([*columns, rows], names=schema.names).cast(schema).to_batches()


def stream_of(source: Source, entry: Entry, path: Path) -> Plain | None:
    """What a large file is, where staging can read it itself; None: it is read as any other.

    So are entries that ask for more than columns by name. Raises LacksColumns where the file has not the columns.
    """
    if not source.repeats or not _is_simple(entry):
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as text:
        plain = plain_dialect(text, entry.delimiter)
    if plain is not None:
        nothing = pa.array([], pa.int64())
        header = Records(plain.header, (), nothing, nothing, plain.count, "utf-8")
        if entry.columns is None:
            header.demand(source.required)
        else:
            header.demand_set((("columns", name), str(mapped.from_)) for name, mapped in entry.columns.items())
    return plain


def dialect(plain: Plain) -> str:
    """The file's cut as text, for ``raw.plain``."""
    return _DIALECT.dump_json(plain).decode()


def streams(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> dict[str, list[Stream]]:
    """The streams of ``raw.plain`` by source."""
    found: dict[str, list[Stream]] = {}
    query = (
        "select source, entry, sha256, file_id, first_seen, dialect from raw.plain join raw.files using (file_id)"
        " where status = 'loaded' order by file_id"
    )
    for source, place, sha256, file_id, arrived, cut in con.execute(query).fetchall():
        entry = program.sources[source][place]
        plain = _DIALECT.validate_json(cut)
        zone = entry.timezone or program.timezone
        columns = _columns(SOURCE_BY_NAME[source], entry, plain)
        found.setdefault(source, []).append(
            Stream(SOURCE_BY_NAME[source], file_id, archived(home, sha256), arrived, zone, plain, columns)
        )
    return found


@contextmanager
def registered(
    con: duckdb.DuckDBPyConnection,
    flows: Sequence[Stream],
    only: Collection[str] = (),
    typed: Mapping[str, pa.DataType] = MappingProxyType({}),
) -> Iterator[list[str]]:
    """SQL of the streams' trimmed cells, as staging has them from ``raw``; good for one query."""
    (last,) = con.execute("select coalesce(max(rowid), 0) from raw.activity").fetchall()[0]
    names = [f"stream_{number}" for number, _ in enumerate(flows)]
    selects = []
    for name, flow in zip(names, flows, strict=True):
        con.register(name, flow.rows(only, typed))
        selects.append(_cells(flow, name, last, only))
        last += flow.plain.count
    try:
        yield selects
    finally:
        for name in names:
            con.unregister(name)


def _cells(flow: Stream, name: str, base: int, only: Collection[str]) -> str:
    texts = []
    for column in flow.source.columns:
        if only and column.name not in only:
            continue
        text = "cast(null as varchar)"
        if column.name in flow.columns:
            text = identifier(column.name) if flow.plain.trimmed else cell(column.name)
        texts.append(text + " as " + identifier(column.name))
    return (
        "select " + str(base) + " + _row as _position, " + ", ".join(texts) + ", " + literal(flow.file_id)
        + " as _file_id, _row, _row + 1 as _line, cast(null as varchar) as _fact, " + literal(flow.zone)
        + " as _timezone, (select first_seen from raw.files where file_id = " + literal(flow.file_id)
        + ") as _arrived from " + identifier(name)
    )  # fmt: skip


def _is_simple(entry: Entry) -> bool:
    columns = (entry.columns or {}).values()
    return (
        entry.model_fields_set <= SIMPLE
        and all(mapped.model_fields_set <= SIMPLE_COLUMN for mapped in columns)
        and entry.covers in ("rows", "all")
        and (entry.exported is None or entry.exported.column is None)
    )


def _columns(source: Source, entry: Entry, plain: Plain) -> dict[str, tuple[str, Decimal | None]]:
    if entry.columns is not None:
        return {name: (str(mapped.from_), mapped.times) for name, mapped in entry.columns.items()}
    there = {normal(header): header for header in plain.header}
    return {c.name: (there[c.name], None) for c in source.columns if c.name in there}


def _pieces(text: mmap.mmap, at: int) -> Iterator[tuple[int, int]]:
    """Where pieces of whole lines begin and end."""
    while at < len(text):
        end = text.rfind(b"\n", at, at + PIECE) + 1
        yield at, end
        at = end


def _written(type_: pa.DataType) -> pa.DataType:
    """The type as the file writes it: instants end in ``Z``."""
    return pa.timestamp("us", "UTC") if type_ == MOMENT else type_


def _scaled(column: pa.ChunkedArray, factor: Decimal | None) -> pa.ChunkedArray | pa.Array:
    if factor is None:
        return column
    change = multiplied(factor)
    return each(column, lambda text: None if text is None else change(text))
