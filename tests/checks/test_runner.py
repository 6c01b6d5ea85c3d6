"""What a result says: passed, failed, or could not be evaluated; and never a person's value."""

from __future__ import annotations

import duckdb
import pytest

from checks import runner
from checks.model import Bilingual, Expectation
from checks.runner import Result, run_expectations, run_suite, run_suites
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY

from . import world

pytestmark = pytest.mark.slow


def _rows(query: str) -> Expectation:
    return Expectation(
        name="told",
        type="unexpected_rows_expectation",
        kwargs={"unexpected_rows_query": query},
        severity="warning",
        words=Bilingual(en="wrong", ko="틀림"),
    )


def _run(con: duckdb.DuckDBPyConnection, table_key: str, query: str) -> Result:
    [result] = run_expectations(con, TABLE_BY_KEY[table_key], {"meaning": (_rows(query),)})
    return result


@pytest.mark.parametrize(
    "query",
    [
        "select nothing from {batch}",
        "select month from {batch} join kpi.nowhere using (month)",
        "select 1 / from {batch}",
    ],
)
def test_a_query_that_cannot_run_is_an_error_and_no_failure_of_data(
    clean: duckdb.DuckDBPyConnection, query: str
) -> None:
    result = _run(clean, "kpi.seats", query)
    assert (result.passed, result.is_error, result.unexpected_count) == (False, True, None)
    assert result.error


@pytest.mark.fault("H2", "H3")
def test_an_error_in_a_table_of_persons_quotes_no_value(clean: duckdb.DuckDBPyConnection) -> None:
    result = _run(
        clean, "staging.roster", "select cast(member as bigint) from {batch} where cast(member as bigint) > 0"
    )
    assert (result.is_error, result.error, result.examples) == (True, "ConversionException", ())


def test_a_missing_column_fails_the_contract(clean: duckdb.DuckDBPyConnection) -> None:
    clean.execute("alter table kpi.seats drop column idle")
    try:
        results = {result.name: result for result in run_suite(clean, "kpi.seats")}
    finally:
        world.put(clean, "kpi.seats")
    columns = results["columns_are_those_of_the_contract"]
    assert (columns.passed, columns.is_error) == (False, False)
    assert results["idle_has_its_type"].is_error
    assert results["idle_is_capacity_less_held_and_invited"].is_error
    assert results["held_end_is_held_start_and_what_changed"].passed


def test_a_missing_table_is_an_error_in_everything_expected_of_it() -> None:
    with warehouse.connect(None) as con:
        results = run_suite(con, "kpi.seats")
    assert {(result.passed, result.is_error, result.error) for result in results} == {
        (False, True, "kpi.seats does not exist")
    }


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update kpi.seats set pool = null where month = date '2022-01-01'", "pool_is_never_null"),
        ("update kpi.seats set accepted = -1 where month = date '2022-01-01'", "accepted_is_within_its_bounds"),
        ("insert into kpi.seats from kpi.seats where month = date '2022-01-01'", "grain_is_unique"),
        ("alter table kpi.seats alter capacity type double", "capacity_has_its_type"),
        ("alter table kpi.seats add column more varchar", "columns_are_those_of_the_contract"),
    ],
)
def test_the_contract_is_held(clean: duckdb.DuckDBPyConnection, change: str, broken: str) -> None:
    clean.execute(change)
    try:
        several = run_suites(clean, [TABLE_BY_KEY["kpi.seats"], TABLE_BY_KEY["kpi.adoption"]])
    finally:
        world.put(clean, "kpi.seats")
    wrong = [result for result in several["kpi.seats"] if result.kind == "contract" and not result.passed]
    assert [(result.name, result.is_error) for result in wrong] == [(broken, False)]
    assert all(result.passed for result in several["kpi.adoption"])


def test_a_word_outside_its_vocabulary_is_told(clean: duckdb.DuckDBPyConnection) -> None:
    clean.execute("update kpi.scorecard set status = 'great' where kpi = 'adoption_rate' and slice_by = 'all'")
    try:
        results = {result.name: result for result in run_suite(clean, "kpi.scorecard")}
    finally:
        world.put(clean, "kpi.scorecard")
    wrong = results["status_is_in_its_vocabulary"]
    assert (wrong.passed, wrong.unexpected_count, wrong.examples) == (False, 1, ())


def test_at_most_three_examples_are_shown(clean: duckdb.DuckDBPyConnection) -> None:
    result = _run(clean, "kpi.adoption", "select month, slice from {batch}")
    assert (result.unexpected_count, len(result.examples)) == (10, 3)
    assert result.examples[0].keys() == {"month"}


@pytest.mark.fault("H1", "H3")
def test_examples_have_no_label_of_a_group_and_none_are_of_files(clean: duckdb.DuckDBPyConnection) -> None:
    """A study group may be one person, and the name of a file a person's."""
    clean.execute("update kpi.adoption set slice_by = 'study_group', slice = 'Kim Minsu'")
    try:
        groups = _run(clean, "kpi.adoption", "select slice_by, slice, invited from {batch}")
    finally:
        world.put(clean, "kpi.adoption")
    assert groups.examples[0] == {"slice_by": "study_group"}
    files = _run(clean, "raw.files", "select file_id, source, path, path as reason, rows from {batch}")
    assert (files.passed, files.examples) == (False, ())


def test_an_empty_table_passes() -> None:
    with warehouse.connect(None) as con:
        for key in ("staging.outcomes", "raw.files", "core.outcome_kinds"):
            warehouse.create(con, TABLE_BY_KEY[key])
        assert all(result.passed for result in run_suite(con, "staging.outcomes"))


def test_several_tables_at_once_give_what_each_gives_by_itself(clean: duckdb.DuckDBPyConnection) -> None:
    tables = [TABLE_BY_KEY[key] for key in ("kpi.seats", "kpi.scorecard", "core.seats")]
    alone = {table.key: [(r.name, r.kind, r.passed) for r in run_suite(clean, table)] for table in tables}
    assert {
        key: [(r.name, r.kind, r.passed) for r in results] for key, results in run_suites(clean, tables).items()
    } == alone


def test_a_count_that_no_close_look_explains_passes_nothing(
    clean: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "counts", lambda con, table, expectations, unjudged: {"grain_is_unique": 2})
    [results] = run_suites(clean, [TABLE_BY_KEY["kpi.seats"]]).values()
    assert {(result.passed, result.is_error, result.error) for result in results} == {
        (False, True, "counted as wrong, and evaluated as right")
    }


def test_a_table_that_is_missing_fails_alone(clean: duckdb.DuckDBPyConnection) -> None:
    clean.execute("drop table kpi.adoption")
    try:
        found = run_suites(clean, [TABLE_BY_KEY["kpi.adoption"], TABLE_BY_KEY["kpi.seats"]])
    finally:
        world.put(clean, "kpi.adoption")
    assert {result.error for result in found["kpi.adoption"]} == {"kpi.adoption does not exist"}
    assert all(result.passed for result in found["kpi.seats"])
