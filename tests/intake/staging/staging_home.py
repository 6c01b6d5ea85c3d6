"""Raw rows written by hand, as reading leaves them, for the tests of staging and coverage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import duckdb

from fellowship_pipeline.contracts import META_TABLES, RAW_TABLES, SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.program import Program, parse_program
from fellowship_pipeline.warehouse import connect, create
from fellowship_pipeline.warehouse.names import identifier

SEOUL = "Asia/Seoul"


def program(*sources: str, extra: str = "") -> Program:
    """A program in Seoul that configures these sources, with more YAML where needed."""
    entries = "".join(f"  {name}: [{{files: 'landing/{name}*.csv'}}]\n" for name in sources)
    return parse_program("program: {id: test}\n" + (f"sources:\n{entries}" if entries else "") + extra)


class Landing:
    """Fills ``raw.*``: a file at a time, a dict per row."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        for table in (*RAW_TABLES, *META_TABLES):
            create(con, table)

    def file(
        self,
        source: str,
        file_id: str,
        *rows: dict[str, Any],
        sha256: str | None = None,
        exported_at: datetime | None = None,
        **meta: Any,
    ) -> None:
        """One file; ``_row`` counts from 1, ``_line`` from 2, the zone is Seoul, unless a row says otherwise."""
        values = {
            "file_id": file_id,
            "path": f"landing/{file_id}.csv",
            "source": source,
            "sha256": sha256 or file_id,
            "bytes": 1,
            "rows": len({row.get("_row", number) for number, row in enumerate(rows, 1)}),
            "staged": 0,
            "rejected": 0,
            "superseded": 0,
            "ignored": 0,
            "first_seen": datetime(2024, 1, 1),
            "exported_at": exported_at,
            "status": "loaded",
            "entry": 0,
            "restated": 0,
            "needs_look": False,
            **meta,
        }
        self._insert("raw.files", values)
        for number, row in enumerate(rows, 1):
            place = {"_file_id": file_id, "_row": number, "_line": number + 1, "_timezone": SEOUL}
            self._insert(f"raw.{source}", {**place, **row})

    def _insert(self, key: str, values: dict[str, Any]) -> None:
        assert set(values) <= set(TABLE_BY_KEY[key].column_names)
        names = ", ".join(map(identifier, values))
        marks = ", ".join("?" * len(values))
        self.con.execute(f"insert into {key} ({names}) values ({marks})", list(values.values()))

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """The columns of a table, sorted, NULLs last."""
        names = ", ".join(map(identifier, columns))
        return self.con.execute(f"select {names} from {table} order by all nulls last").fetchall()

    def fates(self, source: str) -> dict[str, tuple[int, ...]]:
        """Per file of the source: rows, staged, rejected, superseded, ignored."""
        query = "select file_id, rows, staged, rejected, superseded, ignored from raw.files where source = ?"
        return {row[0]: row[1:] for row in self.con.execute(query, [source]).fetchall()}


@contextmanager
def landing() -> Iterator[Landing]:
    """An empty landing in memory."""
    with connect(None) as con:
        yield Landing(con)


def required(source: str, **values: Any) -> dict[str, Any]:
    """A row of the source with something in every required column."""
    something = {"TIMESTAMP": "2022-01-01", "DATE": "2022-01-01"}
    columns = [column for column in SOURCE_BY_NAME[source].columns if column.required]
    defaults = {column.name: next(iter(column.values), something.get(column.type, "1")) for column in columns}
    return {**defaults, **values}
