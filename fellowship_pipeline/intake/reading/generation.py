"""Which reading of the archive the warehouse holds: a mark in it, and the same one in state/.

A warehouse restored from a copy, or one that lost its last transactions, has another mark than state/ remembers; a
reading that was broken off has none. Belongs here: writing and reading the mark. Does not belong here: what is done
about a warehouse that has the wrong one (``health.warehouse``).
"""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING

from fellowship_pipeline.home.chain import Head
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.warehouse.names import literal

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from fellowship_pipeline.home import Home

_MARK = "select comment from duckdb_tables() where schema_name = 'raw' and table_name = 'files'"


def mark(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Marks what was read just now: with a name of its own, and where the ledger stood."""
    head = next(iter(Ledger(home.ledger).chain.remembered()), Head("", 0, ""))
    text = json.dumps([secrets.token_hex(8), head.chain, head.lines, head.hash])
    con.execute("comment on table raw.files is " + literal(text))
    path = _memory(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".part")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def marked(con: duckdb.DuckDBPyConnection) -> str | None:
    """The mark in the warehouse; None where it has none."""
    found = con.execute(_MARK).fetchall()
    return str(found[0][0]) if found and found[0][0] is not None else None


def remembered(home: Home) -> str | None:
    """The mark in state/; None where it has none."""
    path = _memory(home)
    return path.read_text(encoding="ascii") if path.exists() else None


def head_of(mark: str) -> Head:
    """Where the ledger stood."""
    _, chain, lines, last = json.loads(mark)
    return Head(chain, lines, last)


def _memory(home: Home) -> Path:
    return home.state / "generation.json"
