"""One part: its rows go into a DuckDB of its own, the selects are made there, and their rows come out.

It is sent to other machines as it stands, which have DuckDB and Arrow and nothing of this package, so it imports
nothing of it. Belongs here: what happens where a part is. Does not belong here: which selects, how a part gets there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ARRIVED, MADE, PART = "in", "out", "_part"
"""In the folder of parts, by table: what is sent to them, in folders ``_part=NUMBER``; what comes out, a file each."""


@dataclass(frozen=True)
class OwnRows:
    """A table of which every part has its own rows: its name, and what it is like where a part has none."""

    name: str
    empty: pa.Table


@dataclass(frozen=True)
class Work:
    """What is done with every part alike.

    ``tables``: by name, those of which every part needs all rows. ``sliced``: by key, those of which it has its
    own. Then, in order, ``statements``; at last ``wanted``: by key, a select of each table that comes out.
    ``schemas``: where all of them are. ``memory``: bytes that one part may take.
    """

    tables: Mapping[str, pa.Table]
    sliced: Mapping[str, OwnRows]
    statements: tuple[str, ...]
    wanted: Mapping[str, str]
    schemas: tuple[str, ...]
    memory: int | None = None


def make(work: Work, rows: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables that come out of a part, by key. ``rows``: its own, by the keys of the tables they are of."""
    with tempfile.TemporaryDirectory() as spill, closing(duckdb.connect(":memory:")) as con:
        con.execute("set timezone = 'UTC'")
        con.execute("set threads = 1")
        con.execute("set temp_directory = '" + spill.replace("'", "''") + "'")
        if work.memory:
            con.execute("set memory_limit = '" + str(work.memory) + "B'")
        for schema in work.schemas:
            con.execute('create schema if not exists "' + schema + '"')
        own = {work.sliced[key].name: table for key, table in rows.items()}
        for name, table in (*work.tables.items(), *own.items()):
            con.register("arrived", table)
            con.execute("create table " + name + " as from arrived")
            con.unregister("arrived")
        for statement in work.statements:
            con.execute(statement)
        return {key: con.sql(select).to_arrow_table() for key, select in work.wanted.items()}


def of_batch(work: Work, batch: pa.RecordBatch) -> pa.Table:
    """The one table that comes out of rows that are the only ones sent."""
    ((key, _),) = work.sliced.items()
    (made,) = make(work, {key: pa.Table.from_batches([batch])}).values()
    return made


def make_at(work: Work, folder: str, number: int, given: Mapping[str, pa.Table] | None = None) -> int:
    """Makes the part of that number of the files in ``folder``, into files there; returns the rows that came out.

    ``given``: rows of tables that are in no file. A file is there whole or not at all, so that a part that is made
    twice, or at two places, is the same.
    """
    place = Path(folder)
    rows = dict(given or {})
    for key, one in work.sliced.items():
        if key not in rows:
            rows[key] = _read(place / ARRIVED / key / f"{PART}={number}", one.empty)
    made = make(work, rows)
    for key, table in made.items():
        into = place / MADE / key
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=into, prefix=".", delete=False) as file:
            pq.write_table(table, file)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(into / f"{number:05d}.parquet")
    return sum(table.num_rows for table in made.values())


def _read(folder: Path, empty: pa.Table) -> pa.Table:
    """What was sent to a part of one table; a folder that is not there is no rows."""
    return pq.read_table(folder, partitioning=None) if folder.is_dir() else empty
