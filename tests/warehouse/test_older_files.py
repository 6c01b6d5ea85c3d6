"""A warehouse that an earlier DuckDB made: read as it was, and written on."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.warehouse import connect, facts

MADE = Path(__file__).with_name("made_by_2_0_0.duckdb.gz")
"""A table of two rows with a fact, and a view, made by DuckDB 2.0.0."""


def test_it_is_read_as_it_was_and_written_on(tmp_path: Path) -> None:
    file = tmp_path / "warehouse" / "fellowship.duckdb"
    file.parent.mkdir()
    file.write_bytes(gzip.decompress(MADE.read_bytes()))
    with connect(file, read_only=True) as con:
        assert con.execute("select * from core.seats order by member_id").fetchall() == [
            ("m1", "p", date(2022, 3, 1), 1.5, datetime(2022, 3, 1, 9, 0, 0, 1), Decimal("0.1")),
            ("m2", None, None, None, None, None),
        ]
        assert facts.versions(con) == {"core.seats": "1"}
    with connect(file) as con:
        con.execute("insert into core.seats (member_id, pool) values ('m3', 'p')")
        facts.note(con, TABLE_BY_KEY["core.seats"], version="2")
    with connect(file, read_only=True) as con:
        assert con.execute("select * from ops.held where pool = 'p'").fetchall() == [("p", 2)]
        assert facts.versions(con) == {"core.seats": "2"}
