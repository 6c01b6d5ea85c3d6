"""The operators' lists as temporary tables, each from its SELECT in ``lists/``; files and pages are made of them.

Belongs here: making them, in the order of their rows. Does not belong here: files (``assets/publication``), pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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
    _prepare(con)
    for name in LISTS:
        con.execute(f"create or replace temp table {PREFIX}{name} as {select('lists', name)}")
    return {name: PREFIX + name for name in LISTS}


def make_review(con: duckdb.DuckDBPyConnection, month: date) -> str:
    """Makes a list of the review of that month (its 1st), as that of the latest is; returns its temporary table."""
    _prepare(con)
    con.execute(
        f"create or replace temp table {PREFIX}review as"
        " select * from reviews where review_month = ? order by pool, decision desc, member_id",
        [month],
    )
    return PREFIX + "review"


def _prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Makes what lists are made of."""
    con.execute(
        r"create or replace temp macro address_in(text) as"
        r" case when regexp_full_match(text, '[^@\s]+@[^@\s]+') then text end"
    )
    for name in ("people", "accounts"):
        con.execute(f"create or replace temp table {name} as {select('selects', name)}")
    con.execute(f"create or replace temp view reviews as {select('selects', 'reviews')}")


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
