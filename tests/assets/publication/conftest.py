"""A small release: one suppressed row, one withheld count, one slice that a spreadsheet would run."""

from __future__ import annotations

from datetime import date

import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import KPI_TABLES
from fellowship_pipeline.privacy.release import Release, build_release
from fellowship_pipeline.program import Program

MARCH = date(2022, 3, 1)
ROWS: dict[str, list[tuple[object, ...]]] = {
    "activity": [
        (MARCH, "all", "all", 40, 90, 1000.0, None, 20.0, 50.0, 3),
        (MARCH, "study_group", "=1+1", 30, 60, 700.0, None, 20.0, 50.0, 2),
        (MARCH, "study_group", "가나", 8, 20, 200.0, None, 20.0, 50.0, 1),
        (MARCH, "study_group", "c", 2, 10, 100.0, None, 50.0, 50.0, 0),
    ],
    "seats": [(MARCH, "p", 60, 0, 62, 0, 0, 62, 62, 3, -5, 62 / 60, None, None)],
    "survey": [("year-1", "q", "yes", "all", "all", 33, 33, 8, 8 / 33, 0.128, 0.410)],
}


@pytest.fixture
def release() -> Release:
    with warehouse.connect(None) as con:
        con.execute("create table core.parameters as select date '2022-03-31' as as_of")
        for table in KPI_TABLES:
            full = [(*row, *[None] * (len(table.columns) - len(row))) for row in ROWS.get(table.name, [])]
            warehouse.write_rows(con, table, full)
        return build_release(con, Program.model_validate({"program": {"id": "test"}, "sources": {}}))
