"""A table of DuckDB as CSV and as a workbook, each cell as ``cells`` would have it: text that no spreadsheet runs.

Belongs here: writing one list for operators. Does not belong here: which lists, rows or columns.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from assets.publication.cells import FORMULA_STARTS
from fellowship_pipeline.warehouse.names import identifier, literal

MOST_CELLS = 100_000
"""What a workbook may have: it is worked through by hand, and takes a second for every 50,000 cells."""

_RUN = literal("^[" + "".join(f"\\x{{{ord(character):x}}}" for character in FORMULA_STARTS) + "]")


def write_csv(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> int:
    """Writes the table as UTF-8 CSV and returns how many rows there were."""
    query = f"copy ({_cells(con, table)}) to {literal(str(path))} (format csv, header, delimiter ',', quote '\"')"
    (rows,) = con.execute(query).fetchall()[0]
    return int(rows)


def write_workbook(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> bool:
    """Writes the table as XLSX, every cell a text, unless it is too long for that; returns whether it did."""
    result = con.execute(_cells(con, table))
    header = [column[0] for column in result.description]
    rows = result.fetchmany(MOST_CELLS // len(header) + 1)
    if len(rows) * len(header) > MOST_CELLS:
        return False
    with _temporaries_in(path.parent):
        _write(header, rows, path)
    return True


def _write(header: Sequence[str], rows: Iterable[Sequence[str | None]], path: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - takes a while to import
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem[:31])
    sheet.freeze_panes = "A2"

    def text(value: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula, and #N/A for an error
        cell.number_format = "@"
        return cell

    names = [text(name) for name in header]
    for name in names:
        name.font = Font(bold=True)
    sheet.append(names)
    for row in rows:
        sheet.append([None if value is None else text(value) for value in row])
    book.save(path)


@contextmanager
def _temporaries_in(folder: Path) -> Iterator[None]:
    """Has openpyxl write its temporary files there: they name people, and what a kill leaves must go as all does."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _cells(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The table with every column as the text of its cells, in the order of its rows."""
    relation = con.table(table)
    kinds = zip(relation.columns, relation.types, strict=True)
    columns = (f"{_cell(identifier(name), str(kind))} as {identifier(name)}" for name, kind in kinds)
    return f"select {', '.join(columns)} from {identifier(table)}"


def _cell(column: str, kind: str) -> str:
    """The expression of a column's cells: ISO dates and times, nothing for what is missing, text that is safe."""
    if kind == "VARCHAR":
        return f"case when regexp_matches({column}, {_RUN}) then '''' || {column} else nullif({column}, '') end"
    if kind == "TIMESTAMP":
        seconds, all_of_it = (f"strftime({column}, '%Y-%m-%dT%H:%M:%S{rest}')" for rest in ("", ".%f"))
        return f"case when date_trunc('second', {column}) = {column} then {seconds} else {all_of_it} end"
    return f"cast({column} as varchar)"
