"""The operators' lists as temporary tables, each from its SELECT in ``lists/``; files and pages are made of them.

Belongs here: making them, in the order of their rows. Does not belong here: files (``assets/publication``), pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from fellowship_pipeline.warehouse.names import identifier

HERE = Path(__file__).parent

LISTS = tuple(sorted(path.stem for path in (HERE / "lists").glob("*.sql")))
"""Their names: a file each."""

PREFIX = "list_"


def select(folder: str, name: str) -> str:
    """The text of a SELECT of this package."""
    return (HERE / folder / f"{name}.sql").read_text(encoding="utf-8")


def make_lists(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Makes every list; returns the temporary tables by the lists' names. A warehouse open only to be read will do."""
    con.execute(
        r"create or replace temp macro address_in(text) as"
        r" case when regexp_full_match(text, '[^@\s]+@[^@\s]+') then text end"
    )
    for name in ("people", "accounts"):
        con.execute(f"create or replace temp table {name} as {select('selects', name)}")
    for name in LISTS:
        con.execute(f"create or replace temp table {PREFIX}{name} as {select('lists', name)}")
    return {name: PREFIX + name for name in LISTS}


def add_list(
    con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[Sequence[str | None]]
) -> str:
    """Makes a list of texts that no SELECT has; returns its temporary table."""
    table = identifier(PREFIX + name)
    typed = ", ".join(f"{identifier(column)} varchar" for column in columns)
    con.execute(f"create or replace temp table {table} ({typed})")
    if rows:
        con.executemany(f"insert into {table} values ({', '.join('?' * len(columns))})", rows)
    return PREFIX + name
