"""Where tables live: connections to DuckDB, and tables made from contracts.

Belongs here: opening and closing the warehouse, DDL, replacing a table's rows. Does not belong here: any SQL about
what the data means.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from fellowship_pipeline.contracts import Table
from fellowship_pipeline.errors import LockHeld, writing
from fellowship_pipeline.warehouse import trouble
from fellowship_pipeline.warehouse.names import identifier, qualified

MOST_MEMORY = 3 << 30
"""Bytes that tables may take; what is larger goes to the disk."""

STEP_SECONDS = 0.2
"""Between two attempts to open a warehouse that somebody holds."""

INTERRUPTED = "Query interrupted"
"""What DuckDB says when a signal's handler raised during a statement, whatever it raised."""

SCHEMAS = ("raw", "staging", "core", "kpi", "ops")


@contextmanager
def connect(
    path: Path | None, *, read_only: bool = False, wait: float = 0, memory: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse at ``path`` (None: in memory), in UTC, closed afterwards.

    Writers see the five schemas; one writer at a time (see the lock in ``state/``). Where another program has the file
    open, it is waited for, ``wait`` seconds at most. ``memory``: bytes that tables may take; what is larger goes to the
    disk beside the file. Raises LockHeld; UserError where the disk refuses, and Damaged
    where the file cannot be read, from the block too. A signal that comes during a statement is KeyboardInterrupt;
    DuckDB makes a RuntimeError of it.

    Tables stand or are made anew, so that parts of them are not merged, which would write large ones at every closing.
    """
    if path is None:
        with _opened(None, read_only=read_only, wait=0, memory=memory) as con:
            yield con
        return
    try:
        with writing(path.parent):
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
            with _opened(path, read_only=read_only, wait=wait, memory=memory) as con:
                yield con
    except duckdb.Error as error:
        if (told := trouble.in_words(error, path)) is not None:
            raise told from None
        raise


@contextmanager
def _opened(
    path: Path | None, *, read_only: bool, wait: float, memory: int | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    con = _patiently(path, read_only, wait) if path else duckdb.connect(":memory:", read_only=read_only)
    try:
        con.execute("set timezone = 'UTC'")
        con.execute("set preserve_insertion_order = true")
        con.execute("set enable_progress_bar = false")  # without a script's file DuckDB draws one into our output
        con.execute("set memory_limit = '" + str(memory or _memory()) + "B'")
        con.execute("set max_vacuum_tasks = 0")
        if not read_only:
            for schema in SCHEMAS:
                con.execute("create schema if not exists " + identifier(schema))
        yield con
    except RuntimeError as error:
        if str(error) == INTERRUPTED:
            raise KeyboardInterrupt from error
        raise
    finally:
        con.close()


def _patiently(path: Path, read_only: bool, wait: float) -> duckdb.DuckDBPyConnection:
    """Opens the file, once whoever holds it lets go of it."""
    deadline = time.monotonic() + wait
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.IOException as error:
            held = trouble.holder(error, path)
            left = deadline - time.monotonic()
            if held is None:
                raise
            if left <= 0:
                raise LockHeld(held) from None
        time.sleep(min(STEP_SECONDS, left))


def _memory() -> int:
    """Four fifths of the machine's memory, as is the engine's own habit, but not more than ``MOST_MEMORY``."""
    return min(MOST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 4 // 5)


def ddl(table: Table, catalog: str | None = None) -> str:
    """``create or replace table`` with the contract's columns and types."""
    columns = ", ".join(f"{identifier(column.name)} {column.type}" for column in table.columns)
    return "create or replace table " + qualified(table, catalog) + " (" + columns + ")"


def create(con: duckdb.DuckDBPyConnection, table: Table, catalog: str | None = None) -> None:
    """The table, empty; a view of its name gives way."""
    try:
        con.execute(ddl(table, catalog))
    except duckdb.CatalogException:
        if not _is_view(con, table, catalog):
            raise
        con.execute("drop view " + qualified(table, catalog))
        con.execute(ddl(table, catalog))


def drop(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The table, or the view of its name, is no more."""
    kind = "view" if _is_view(con, table) else "table"
    con.execute("drop " + kind + " if exists " + qualified(table))


def lacking(con: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> list[str]:
    """Those of the keys (``schema.table``) of which there is no table and no view."""
    return [key for key in keys if not _is_there(con, key)]


def _is_there(con: duckdb.DuckDBPyConnection, key: str) -> bool:
    """Asks for one; listing all takes as long as making most tables of a small home.

    Where there is none DuckDB looks for a variable of that name, and refuses one that is no table.
    """
    try:
        con.execute("describe " + ".".join(map(identifier, key.split("."))))
    except (duckdb.CatalogException, duckdb.InvalidInputException):
        return False
    return True


def create_view(con: duckdb.DuckDBPyConnection, table: Table, select: str) -> None:
    """The table as a view of the rows of ``select``, which has the contract's columns in their types.

    Raises duckdb.Error where a column of the contract is missing.
    """
    if not _is_view(con, table):
        con.execute("drop table if exists " + qualified(table))
    names = ", ".join(identifier(column.name) for column in table.columns)
    con.execute("create or replace view " + qualified(table) + " as select " + names + " from (" + select + ")")


def _is_view(con: duckdb.DuckDBPyConnection, table: Table, catalog: str | None = None) -> bool:
    query = (
        "select count(*) from duckdb_views() where not internal and schema_name = ? and view_name = ?"
        " and database_name = coalesce(?, current_database())"
    )
    return bool(con.execute(query, [table.schema, table.name, catalog]).fetchall()[0][0])


def write_select(con: duckdb.DuckDBPyConnection, table: Table, select: str, catalog: str | None = None) -> int:
    """Replaces the table by the rows of ``select``, matched by name and cast to the contract's types; returns how many.

    Raises duckdb.Error where a column of the contract is missing or a value does not fit its type.
    """
    create(con, table, catalog)
    names = ", ".join(identifier(column.name) for column in table.columns)
    target = qualified(table, catalog)
    insert = "insert into " + target + " (" + names + ") select " + names + " from (" + select + ")"
    ((rows,),) = con.execute(insert).fetchall()
    return int(rows)


def write_rows(
    con: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Sequence[object]], catalog: str | None = None
) -> int:
    """Replaces the table by ``rows``, each with the contract's columns in order; returns how many.

    For tables of settings and test examples; bulk data goes through Arrow.
    """
    create(con, table, catalog)
    rows = [tuple(row) for row in rows]
    if rows:
        marks = ", ".join("?" for _ in table.columns)
        con.executemany("insert into " + qualified(table, catalog) + " values (" + marks + ")", rows)
    return len(rows)


def count(con: duckdb.DuckDBPyConnection, table: Table, catalog: str | None = None) -> int:
    """Rows of the table."""
    rows = con.execute("select count(*) from " + qualified(table, catalog)).fetchall()
    return int(rows[0][0])
