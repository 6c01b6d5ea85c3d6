"""The tables of schema ``raw``, filled file by file.

Belongs here: rows into DuckDB, in batches. Does not belong here: deciding what becomes of a file (``files``).
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from fellowship_pipeline.contracts import META_TABLES, RAW_TABLES, Table
from fellowship_pipeline.intake.landing.ledger import shown
from fellowship_pipeline.warehouse import create, lacking
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    from fellowship_pipeline.intake.reading.outcomes import Outcome

FILES, REJECTS, PLAIN, *_ = META_TABLES
DAYS = "raw.days"
"""Stays until staging makes it anew, which says what differs."""

RAW = {table.name: table for table in RAW_TABLES}
BATCH = 100_000
ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}


class RawTables:
    """Creates the tables empty; ``finish`` writes what is still waiting."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.waiting: dict[Table, list[pa.Table]] = {}
        lacks = lacking(con, [DAYS])
        for table in (*RAW_TABLES, *META_TABLES):
            if table.key != DAYS or lacks:
                create(con, table)

    def add(self, source: str, place: int, zone: str, outcome: Outcome) -> None:
        """The file, its rejects and, where it is loaded, its rows."""
        self._put(FILES, [_file(source, place, outcome)])
        self._put(
            REJECTS,
            [
                {"file_id": outcome.file_id, "row": r.row, "column": r.column, "value": r.value, "reason": r.reason}
                | {"line": r.line}
                for r in outcome.rejects
            ],
        )
        if outcome.rows is not None:
            count = outcome.rows.num_rows
            constants = {"_file_id": outcome.file_id, "_timezone": zone}
            rows = outcome.rows
            for name, value in constants.items():
                rows = rows.append_column(name, pa.repeat(pa.scalar(value, pa.string()), count))
            self._add(RAW[source], rows)

    def note_typed(self, file_id: str, rows_in: str) -> None:
        """Where the rows of a file are that are typed already."""
        self._put(PLAIN, [{"file_id": file_id, "rows_in": rows_in}])

    def finish(self) -> None:
        """Writes all that waits."""
        for table in list(self.waiting):
            self._write(table)

    def _put(self, table: Table, rows: list[dict[str, object]]) -> None:
        if rows:
            schema = pa.schema([(column.name, ARROW[column.type]) for column in table.columns])
            self._add(table, pa.Table.from_pylist(rows, schema))

    def _add(self, table: Table, rows: pa.Table) -> None:
        waiting = self.waiting.setdefault(table, [])
        waiting.append(rows)
        if sum(part.num_rows for part in waiting) >= BATCH:
            self._write(table)

    def _write(self, table: Table) -> None:
        rows = pa.concat_tables(self.waiting.pop(table), promote_options="default")
        self.con.register("incoming", rows)
        self.con.execute("insert into " + qualified(table) + " by name select * from incoming")
        self.con.unregister("incoming")


def _file(source: str, place: int, outcome: Outcome) -> dict[str, object]:
    file = outcome.file
    first_day, last_day = outcome.covers or (None, None)
    return {
        "file_id": outcome.file_id,
        "path": shown(file.paths[0]),
        "source": source,
        "sha256": file.sha256,
        "bytes": file.size,
        "rows": outcome.count,
        "staged": 0,
        "rejected": 0,
        "superseded": outcome.superseded,
        "ignored": outcome.ignored,
        "first_seen": file.first_seen.astimezone(UTC).replace(tzinfo=None),
        "known_at": file.there_at,
        "exported_at": outcome.exported_at,
        "covers_from": first_day,
        "covers_to": last_day,
        "status": outcome.status,
        "reason": outcome.said,
        "entry": place,
        "encoding": outcome.encoding,
        "restated": 0,
        "needs_look": any(note.needs_look for note in outcome.notes),
    }
