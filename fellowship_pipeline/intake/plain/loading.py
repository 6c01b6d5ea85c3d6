"""Large plain files, read by DuckDB itself: typed at once where the form of every cell leaves no doubt, else as text.

A typed file has a table of its own in ``raw`` with nothing but the columns that the file has; the row's number is its
place there. Belongs here: which files and entries are simple enough, loading them, their rows as SQL. Does not belong
here: telling that a file is plain (``dialect``), what becomes of its rows (``staging``).
"""

from __future__ import annotations

import glob
import mmap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from fellowship_pipeline.contracts import META_TABLES, RAW_TABLES, SOURCE_BY_NAME, TABLE_BY_KEY, Column, Source, Table
from fellowship_pipeline.contracts.sources import AMOUNT
from fellowship_pipeline.intake.headers import demanded
from fellowship_pipeline.intake.plain import keeping
from fellowship_pipeline.intake.plain.dialect import Plain, plain_dialect
from fellowship_pipeline.intake.plain.plain_file import PlainFile, places
from fellowship_pipeline.intake.readers.records import Records
from fellowship_pipeline.intake.rules import EARLIEST, cell, install, rules, typed
from fellowship_pipeline.program.paths import asked_for
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from fellowship_pipeline.intake.plain.forms import CellForm
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

SMALLEST = 16 << 20
"""Bytes from which on reading a file as any other would cost much more."""

SLOW_COMPRESSION = "dict_fsst"
"""How text is not compressed: it would take a sixth of the room, but loading and queries are quicker without."""

SIMPLE = {"files", "columns", "delimiter", "timezone", "covers", "max_gap_days", "exported", "counts"}
SIMPLE_COLUMN = {"from_"}

_OFFSETS = """
select distinct epoch(timezone('UTC', day) - timezone(?, day))
from generate_series(?::timestamp, ?::timestamp, interval 1 day) as days (day)
"""

_GONE = """
select table_name from duckdb_tables()
where database_name = current_database() and schema_name = 'raw' and not list_contains(?, table_name)
and not exists (
    select 1 from raw.plain join raw.files using (file_id)
    where status = 'loaded' and (starts_with(table_name, rows_in) or table_name = source || '_rest')
)
"""


@dataclass(frozen=True)
class Typed:
    """A loaded file whose rows are typed: in ``table``, by which columns."""

    file_id: str
    rows: int
    table: Table
    columns: tuple[str, ...]

    def select(self, source: Source, *more: str) -> str:
        """SQL of the source's columns as its contract has them, and ``more``."""
        there = {name: identifier(name) for name in self.columns}
        values = [
            f"cast({there.get(column.name, 'null')} as {column.type}) as {identifier(column.name)}"
            for column in source.columns
        ]
        return "select " + ", ".join([*values, *more]) + " from " + qualified(self.table)

    def latest(self, source: Source) -> str:
        """SQL of the latest instant of a row."""
        return "greatest(" + ", ".join(identifier(name) for name in source.instants if name in self.columns) + ")"

    @property
    def lineage(self) -> tuple[str, str]:
        """SQL of the columns that say where a row is from."""
        return literal(self.file_id) + " as _file_id", "rowid + 1 as _row"


def is_simple(source: Source, entry: Entry) -> bool:
    """Whether the entry asks for no more of a plain file than columns by name."""
    columns = (entry.columns or {}).values()
    return (
        source.repeats
        and entry.model_fields_set <= SIMPLE
        and all(mapped is None or mapped.model_fields_set <= SIMPLE_COLUMN for mapped in columns)
        and entry.covers in ("rows", "all")
        and (entry.exported is None or entry.exported.column is None)
    )


def delimiters(program: Program, path: str) -> set[str | None]:
    """The delimiters that simple entries declare for that path, None where one declares none; empty: none asks."""
    if program.excluded:
        return set()
    return {
        entry.delimiter
        for name, entries in program.sources.items()
        for entry in entries
        if is_simple(SOURCE_BY_NAME[name], entry) and asked_for(entry.files, [path])
    }


def scanned(path: Path, delimiter: str | None) -> Plain | None:
    """What the file is, where it is plain."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as text:
        return plain_dialect(text, delimiter)


def demand_columns(source: Source, entry: Entry, plain: Plain) -> None:
    """Raises LacksColumns where the file has not the columns that the entry needs."""
    nothing = pa.array([], pa.int64())
    Records(plain.header, (), nothing, nothing, plain.count, "utf-8").demand_set(demanded(source, entry))


def has_plain_lengths(source: Source, entry: Entry, plain: Plain) -> bool:
    """Whether lengths of time are numbers of minutes, not clocks or words such as ``1 hr 5 min``."""
    there = places(source, entry, plain)
    lengths = [plain.forms[there[name]] for name in source.lengths if name in there]
    return all(form.is_number or form.is_empty for form in lengths)


def load(con: duckdb.DuckDBPyConnection, program: Program, file: PlainFile) -> bool:
    """Writes the file's rows: typed into a table of their own (True), or as text into ``raw.<source>``.

    As text where a form leaves doubt or a value breaks a rule. A table that loading would make once more stands. Raises
    ValueError where DuckDB reads another number of records than were counted.
    """
    install(con)
    if keeping.stands(con, program, file):
        return True
    is_typed = _are_typed(con, program, file)
    if not is_typed:
        con.execute("drop table if exists " + qualified(file.table))
        con.execute(_text(file))
    table, where = (file.table, "") if is_typed else (TABLE_BY_KEY["raw." + file.source.name], " where _file_id = ?")
    arguments = [] if is_typed else [file.file_id]
    ((rows,),) = con.execute("select count(*) from " + qualified(table) + where, arguments).fetchall()
    if rows != file.plain.count:
        raise ValueError(f"{file.path.name}: {rows} records were read, and {file.plain.count} counted")
    if is_typed:
        keeping.keep(con, program, file)
    return is_typed


def typed_files(con: duckdb.DuckDBPyConnection, source: Source) -> list[Typed]:
    """The source's loaded files whose rows are typed."""
    query = (
        'select file_id, "rows", rows_in from raw.plain join raw.files using (file_id)'
        " where source = ? and status = 'loaded' order by file_id"
    )
    found = []
    for file_id, rows, name in con.execute(query, [source.name]).fetchall():
        table = Table("raw", name, "", ())
        columns = tuple(name for name, *_ in con.execute("describe " + qualified(table)).fetchall())
        found.append(Typed(file_id, rows, table, columns))
    return found


def rest(source: Source) -> Table:
    """The rows of ``staging.<source>`` that are not of typed files, where others are."""
    return replace(TABLE_BY_KEY["staging." + source.name], schema="raw", name=source.name + "_rest")


def sweep(con: duckdb.DuckDBPyConnection) -> None:
    """Drops the tables of files that are typed no longer, or not loaded."""
    for (name,) in con.execute(_GONE, [[table.name for table in (*RAW_TABLES, *META_TABLES)]]).fetchall():
        con.execute("drop table " + qualified(Table("raw", name, "", ())))


def csv_cells(path: Path, plain: Plain, types: Mapping[int, str]) -> str:
    """SQL of the cells of a plain file, named by their place, of some type or as text; empty ones are NULL."""
    columns = ", ".join(f"'{at}': '{types.get(at, 'VARCHAR')}'" for at, _ in enumerate(plain.header))
    return (
        "read_csv(" + literal(glob.escape(str(path))) + ", auto_detect = false, header = true, delim = "
        + literal(plain.delimiter) + ", quote = '\"', escape = '\"', nullstr = '', columns = {" + columns + "})"
    )  # fmt: skip


def _are_typed(con: duckdb.DuckDBPyConnection, program: Program, file: PlainFile) -> bool:
    """Writes the file's rows typed; False where it cannot be, or a value breaks a rule."""
    forms = {column: file.plain.forms[file.places[column.name]] for column in _there(file)}
    types = {column: _type(column, form) for column, form in forms.items()}
    read: dict[int, str] = {}
    for column, type_ in types.items():
        if type_ is None or read.setdefault(file.places[column.name], type_) != type_:
            return False
    values = ", ".join(
        _value(con, file, column, form) + " as " + identifier(column.name) for column, form in forms.items()
    )
    rows = "select " + values + " from " + csv_cells(file.path, file.plain, read)
    try:
        con.execute("set disabled_compression_methods = '" + SLOW_COMPRESSION + "'")
        con.execute("create or replace table " + qualified(file.table) + " as " + rows)
    except (duckdb.ConversionException, duckdb.InvalidInputException):
        return False
    finally:
        con.execute("reset disabled_compression_methods")
    return not con.execute(_broken(program, file)).fetchall()[0][0]


def _there(file: PlainFile) -> list[Column]:
    return [column for column in file.source.columns if column.name in file.places]


def _type(column: Column, form: CellForm) -> str | None:
    """As what DuckDB can read the column without a doubt; None: it cannot."""
    if column.type == "VARCHAR" or form.is_empty:
        return "VARCHAR"
    if column.type == "TIMESTAMP" and form.instant is not None:
        return "TIMESTAMP"
    if column.type == AMOUNT and form.is_whole:
        return "BIGINT"
    return column.type if column.type in (AMOUNT, "DOUBLE") and form.is_number else None


def _value(con: duckdb.DuckDBPyConnection, file: PlainFile, column: Column, form: CellForm) -> str:
    """SQL of the column's value, from what was read."""
    place = str(file.places[column.name])
    if form.is_empty:
        return "cast(null as " + column.type + ")"
    if column.type == "VARCHAR":
        return identifier(place) if form.is_trimmed else cell(place)
    if form.instant is None:
        return identifier(place)
    if form.offset is not None:
        return _earlier(place, form.offset.total_seconds())
    around = [EARLIEST - timedelta(days=2), file.arrived + timedelta(days=368)]
    offsets = con.execute(_OFFSETS, [file.zone, *around]).fetchall()
    return (
        _earlier(place, offsets[0][0])
        if len(offsets) == 1
        else f"utc_instant({identifier(place)}, {literal(file.zone)})"
    )


def _earlier(place: str, seconds: float) -> str:
    return f"make_timestamp(epoch_us({identifier(place)}) - {seconds:.0f}000000)" if seconds else identifier(place)


def _broken(program: Program, file: PlainFile) -> str:
    """A query of how many rows break a rule, of those that could."""
    breaks = []
    for rule in rules(file.source, program, literal(str(file.arrived)) + "::timestamp"):
        if rule.name in file.places:
            is_lettered = file.plain.forms[file.places[rule.name]].is_lettered
            bounds = rule.of_letters().within if is_lettered else rule.within
            breaks += [typed(rule.name) + " is null"] * bool(rule.empty)
            breaks += ["not (" + bounds + ")"] * bool(bounds)
    values = ", ".join(identifier(column.name) + " as " + typed(column.name) for column in _there(file))
    return (
        "select count(*) from (select " + values + " from " + qualified(file.table) + ") where " + " or ".join(breaks)
    )


def _text(file: PlainFile) -> str:
    cells = ", ".join(identifier(str(at)) + " as " + identifier(name) for name, at in file.places.items())
    return (
        "insert into " + qualified(TABLE_BY_KEY["raw." + file.source.name]) + " by name select " + cells + ", "
        + literal(file.file_id) + " as _file_id, " + literal(file.zone) + " as _timezone, "
        + "row_number() over () as _row, _row + 1 as _line from " + csv_cells(file.path, file.plain, {})
    )  # fmt: skip
