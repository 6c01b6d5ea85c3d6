"""Which state of the ledger, and of the tombstones, the warehouse was read under: a mark in it.

It is a second memory of where those files end, beside the one in state/. Belongs here: writing and reading the mark.
Does not belong here: comparing (``health.ledger``).
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from fellowship_pipeline.home.chain import Chain, Head
from fellowship_pipeline.warehouse.names import literal

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from fellowship_pipeline.home import Home

_MARK = "select comment from duckdb_tables() where schema_name = 'raw' and table_name = 'files'"


def mark(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Marks what was read just now."""
    ends = {path.name: Chain(path).end() for path in (home.ledger, home.tombstones)}
    said = {name: dataclasses.asdict(end) for name, end in ends.items() if end is not None}
    con.execute("comment on table raw.files is " + literal(json.dumps(said)))


def marked(con: duckdb.DuckDBPyConnection, path: Path) -> Head | None:
    """Where that file ended; None where the mark does not say, as after a reading that was broken off."""
    found = con.execute(_MARK).fetchall()
    said = json.loads(found[0][0] or "{}").get(path.name) if found else None
    return Head(**said) if said else None
