"""The dialect reads what DuckDB stores, as SQLAlchemy and Great Expectations ask, and cannot write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from fellowship_pipeline.warehouse import sqlalchemy_dialect


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("create schema kpi")
        con.execute('create table kpi.seats (month date, pool varchar, share decimal(28, 10), "a b" double)')
        con.execute("insert into kpi.seats values ('2022-01-01', 'p', 0.5, 1), ('2022-02-01', null, 1.25, 2)")
        yield con


@pytest.fixture
def engine(con: duckdb.DuckDBPyConnection) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sqlalchemy_dialect.URL, **sqlalchemy_dialect.engine_arguments(con))
    yield engine
    engine.dispose()


def test_rows_are_read_with_bound_values(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(sa.text("select month, share from kpi.seats where share > :least"), {"least": 1})
        assert [(month, float(share)) for month, share in rows] == [(date(2022, 2, 1), 1.25)]


def test_an_expression_becomes_duckdbs_sql(engine: sa.Engine) -> None:
    seats = sa.table("seats", sa.column("pool"), sa.column("a b"), schema="kpi")
    matching = sa.select(sa.func.count()).select_from(seats).where(seats.c.pool.regexp_match("^p$"))
    with engine.connect() as connection:
        assert connection.execute(matching).scalar() == 1
        assert connection.execute(sa.select(sa.func.sum(seats.c["a b"]))).scalar() == 3


def test_columns_have_the_names_of_duckdbs_types(engine: sa.Engine) -> None:
    columns = sa.inspect(engine).get_columns("seats", schema="kpi")
    assert [(column["name"], str(column["type"])) for column in columns] == [
        ("month", "DATE"),
        ("pool", "VARCHAR"),
        ("share", "DECIMAL(28,10)"),
        ("a b", "DOUBLE"),
    ]


def test_two_results_may_be_open_at_once(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        first = connection.execute(sa.text("select month from kpi.seats order by month"))
        second = connection.execute(sa.text("select pool from kpi.seats order by month"))
        assert first.fetchone() == (date(2022, 1, 1),)
        assert second.fetchone() == ("p",)
        assert first.fetchone() == (date(2022, 2, 1),)


@pytest.mark.parametrize("statement", ["delete from kpi.seats", "drop table kpi.seats", "create table kpi.x (a int)"])
def test_nothing_can_be_written(engine: sa.Engine, con: duckdb.DuckDBPyConnection, statement: str) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text(statement))
    assert con.execute("select count(*) from kpi.seats").fetchone() == (2,)


def test_a_file_is_free_once_its_own_connection_is_closed(tmp_path: Path) -> None:
    path = str(tmp_path / "w.duckdb")
    with duckdb.connect(path) as con:
        con.execute("create table t as select 1 as a")
    with duckdb.connect(path, read_only=True) as con:
        engine = sa.create_engine(sqlalchemy_dialect.URL, **sqlalchemy_dialect.engine_arguments(con))
        with engine.connect() as connection:
            assert connection.execute(sa.text("select a from t")).scalar() == 1
        engine.dispose()
        assert con.execute("select a from t").fetchone() == (1,)
    with duckdb.connect(path) as con:
        con.execute("insert into t values (2)")
