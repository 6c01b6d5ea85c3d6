"""A small release: one suppressed row, one withheld count, one slice that a spreadsheet would run."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import KPI_TABLES, TABLE_BY_KEY
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release, build_release
from tests.release.labeled import make_labeled

MARCH = date(2022, 3, 1)
ROWS: dict[str, list[tuple[object, ...]]] = {
    "activity": [
        (MARCH, "all", "all", 40, 90, 1000.0, None, 20.0, 50.0, 3),
        (MARCH, "study_group", "=1+1", 30, 60, 700.0, None, 20.0, 50.0, 2),
        (MARCH, "study_group", "가나", 8, 20, 200.0, None, 20.0, 50.0, 1),
        (MARCH, "study_group", "c", 2, 10, 100.0, None, 50.0, 50.0, 0),
    ],
    "seats": [(MARCH, "p", 60, 0, 62, 0, 0, 62, 62, 3, -5, 62 / 60, None, None)],
    "missions": [
        ("A", "M1", datetime(2022, 1, 31, 14, 59, 59), 40, 30, 0, 10, 0, 0.75, 10, 30, 0.75, 0, 40, True, "First")
    ],
    "terms": [("first", "goal_helped_rate", 22, 33, 22 / 33, False, "year-1", MARCH)],
    "survey": [("year-1", "q", "yes", "all", "all", 33, 33, 8, 8 / 33, 0.128, 0.410)],
}
PROGRAM = Program.model_validate(
    {
        "program": {"id": "test", "name": {"ko": "시험", "en": "Test"}},
        "cohorts": [{"id": "A", "starts_on": "2021-08-01", "ends_on": "2022-01-31"}],
        "sources": {},
    }
)


@pytest.fixture
def release() -> Release:
    return made()


def made() -> Release:
    with warehouse.connect(None) as con:
        con.execute("create table core.parameters as select date '2022-03-31' as as_of")
        make_labeled(con)
        warehouse.create(con, TABLE_BY_KEY["core.survey_options"])
        warehouse.write_rows(con, TABLE_BY_KEY["core.survey_options"], [("year-1", "q", "yes")])
        for table in KPI_TABLES:
            full = [(*row, *[None] * (len(table.columns) - len(row))) for row in ROWS.get(table.name, [])]
            warehouse.write_rows(con, table, full)
        return build_release(con, PROGRAM)
