"""Rows that break an expectation, counted without Great Expectations."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from checks import screening
from checks.contract import GRAIN, contract
from checks.model import Bilingual, Expectation
from checks.screening import counts
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, Column, Table

TABLE = Table("kpi", "tried", "Tried. Grain: id.", (Column("id", "INTEGER", "An id."), Column("word", "VARCHAR", "A.")))
ROWS = [(1, "a"), (2, "b"), (2, None), (None, "a")]


def expected(kind: str, **kwargs: Any) -> Expectation:
    return Expectation(
        name="told", type=kind, kwargs=kwargs, severity="critical", words=Bilingual(en="wrong", ko="틀림")
    )


@pytest.mark.parametrize(
    ("expectation", "wrong"),
    [
        (expected("expect_column_values_to_not_be_null", column="id"), 1),
        (expected("expect_column_values_to_be_in_set", column="word", value_set=["a"]), 1),
        (expected("expect_column_values_to_be_between", column="id", min_value=2, max_value=None), 1),
        (expected("expect_column_values_to_be_between", column="id", min_value=None, max_value=1), 2),
        (expected("expect_column_values_to_be_of_type", column="id", type_="INTEGER"), 0),
        (expected("expect_column_values_to_be_of_type", column="id", type_="BIGINT"), 1),
        (expected("expect_table_columns_to_match_ordered_list", column_list=["id", "word"]), 0),
        (expected("expect_table_columns_to_match_ordered_list", column_list=["word", "id"]), 1),
        (expected("expect_table_row_count_to_equal", value=4), 0),
        (expected("expect_table_row_count_to_equal", value=1), 3),
        (
            expected(
                "unexpected_rows_expectation",
                unexpected_rows_query="with twice as (select id from {batch} group by id having count(*) > 1)"
                " select * from twice order by id",
            ),
            1,
        ),
    ],
)
def test_what_breaks_it_is_counted(expectation: Expectation, wrong: int) -> None:
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, TABLE, ROWS)
        assert counts(con, TABLE, [expectation]) == {"told": wrong}


@pytest.mark.parametrize(
    "expectation",
    [
        expected("expect_column_values_to_not_be_null", column="nowhere"),
        expected("unexpected_rows_expectation", unexpected_rows_query="select nothing from {batch}"),
        expected("expect_column_values_to_match_regex", column="word", regex="a"),
    ],
)
def test_what_cannot_be_counted_is_not_taken_for_right(expectation: Expectation) -> None:
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, TABLE, ROWS)
        assert counts(con, TABLE, [expectation]) is None


def test_a_missing_table_cannot_be_counted() -> None:
    with duckdb.connect() as con:
        assert counts(con, TABLE, [expected("expect_column_values_to_not_be_null", column="id")]) is None


@pytest.mark.parametrize("hashes_at_once", [1, screening.HASHES_AT_ONCE])
@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ([("m1", 1), ("m1", 2), ("m2", 1)], 0),
        ([("m1", 1), ("m1", 2), ("m1", 1)], 1),
        ([("m1", 1), (None, 1), (None, 1), ("m1", 1), ("m1", 1)], 2),
        ([], 0),
    ],
)
def test_rows_of_one_grain_are_counted_in_a_large_table_as_in_a_small_one(
    monkeypatch: pytest.MonkeyPatch, keys: list[tuple[object, ...]], wrong: int, hashes_at_once: int
) -> None:
    table = TABLE_BY_KEY["core.course_starts"]
    expectations = [e for e in contract(table.key) if e.name == GRAIN]
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, table, [(member, f"c{course}", None) for member, course in keys])
        small = counts(con, table, expectations)
        monkeypatch.setattr(screening, "MANY", 0)
        monkeypatch.setattr(screening, "HASHES_AT_ONCE", hashes_at_once)
        assert counts(con, table, expectations) == small == {GRAIN: wrong}


def test_a_hash_that_differing_rows_share_by_chance_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = TABLE_BY_KEY["core.course_starts"]
    expectations = [e for e in contract(table.key) if e.name == GRAIN]
    monkeypatch.setattr(screening, "MANY", 0)
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, table, [("m1", "c1", None), ("m2", "c1", None)])
        con.execute("create macro hash(a, b) as cast(7 as ubigint)")
        assert counts(con, table, expectations) == {GRAIN: 0}
