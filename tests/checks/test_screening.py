"""Rows that break an expectation, counted without Great Expectations."""

from __future__ import annotations

from datetime import date
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


def expected(kind: str, name: str = "told", **kwargs: Any) -> Expectation:
    return Expectation(name=name, type=kind, kwargs=kwargs, severity="critical", words=Bilingual(en="wrong", ko="틀림"))


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


DAY, LATER = date(2026, 1, 1), date(2026, 1, 2)
SINCE = "({0} >= date '2026-01-02' or {0} is null)"
"""What is true of rows that were not judged."""


@pytest.mark.parametrize("many", [0, screening.MANY])
@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("m1", LATER), ("m2", LATER)], {}),
        ([("m1", LATER), ("m1", LATER)], {GRAIN: 1}),
        ([(None, LATER)], {"member_id_is_never_null": 1}),
        ([("m1", None)], {"day_is_never_null": 1}),
    ],
)
def test_of_rows_that_were_judged_before_nothing_is_asked_twice(
    monkeypatch: pytest.MonkeyPatch, rows: list[tuple[object, ...]], wrong: dict[str, int], many: int
) -> None:
    monkeypatch.setattr(screening, "MANY", many)
    table = TABLE_BY_KEY["core.activity_days"]
    broken_before = [(None, DAY), ("m1", DAY), ("m1", DAY)]
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, table, [(*row, 0, 0) for row in (*broken_before, *rows)])
        asked = counts(con, table, contract(table.key), SINCE.format("day"))
        whole = counts(con, table, contract(table.key))
    assert asked is not None
    assert whole is not None
    assert {name: count for name, count in asked.items() if count} == wrong
    assert whole["member_id_is_never_null"] == 1 + wrong.get("member_id_is_never_null", 0)
    assert whole[GRAIN] == 1 + wrong.get(GRAIN, 0)


@pytest.mark.parametrize("many", [0, screening.MANY])
def test_a_grain_without_the_day_is_asked_of_the_whole_table(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(screening, "MANY", many)
    table = TABLE_BY_KEY["core.course_starts"]
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, table, [("m1", "c1", DAY), (None, "c2", DAY), ("m1", "c1", LATER)])
        found = counts(con, table, contract(table.key), SINCE.format("first_on"))
    assert found is not None
    assert {name: count for name, count in found.items() if count} == {GRAIN: 1}


def test_what_a_query_or_the_number_of_rows_says_is_asked_of_the_whole_table() -> None:
    expectations = [
        expected("expect_table_row_count_to_equal", value=1),
        expected("unexpected_rows_expectation", "query", unexpected_rows_query="select * from {batch}"),
        expected("expect_column_values_to_not_be_null", "rows", column="id"),
    ]
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, TABLE, ROWS)
        assert counts(con, TABLE, expectations, screening.NOTHING) == {"told": 3, "query": 4, "rows": 0}
