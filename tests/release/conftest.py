"""A warehouse with the KPI rows a test names and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import duckdb
import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release, build_release
from tests.release.kpi_rows import write_kpis
from tests.release.labeled import make_labeled

AS_OF = date(2022, 3, 31)
Rows = dict[str, list[tuple[object, ...]]]
ReleaseOf = Callable[..., Release]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        con.execute("create table core.parameters as select date '2022-03-31' as as_of")
        make_labeled(con)
        warehouse.create(con, TABLE_BY_KEY["core.survey_options"])
        con.execute(
            "insert into core.survey_options select 'year-1', 'q', unnest(['yes', 'a', 'b', 'c']) union all "
            "select 'year-1', 'helped_goal', 'yes'"
        )
        yield con


@pytest.fixture
def release_of(con: duckdb.DuckDBPyConnection) -> ReleaseOf:
    """``release_of({"adoption": [row, …]})``: rows begin with the contract's columns in order; the rest are NULL."""

    def make(rows: Rows, **settings: object) -> Release:
        write_kpis(con, rows)
        cohorts = [
            {"id": "2021-H2", "starts_on": "2021-08-01", "ends_on": "2022-01-31"},
            {"id": "2022-H1", "starts_on": "2022-02-01", "ends_on": "2022-07-31"},
        ]
        about = {"program": {"id": "test"}, "cohorts": cohorts, "sources": {}}
        return build_release(con, Program.model_validate(about | settings))

    return make
