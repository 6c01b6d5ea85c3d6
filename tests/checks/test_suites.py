"""Suites as data: what they say exists, and can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot import exp

import checks
from checks.build import CONTRACT
from checks.contract import contract
from checks.model import Expectation, has_persons, suite_file, suites
from fellowship_pipeline.contracts import SOURCES, TABLE_BY_KEY, TABLES
from fellowship_pipeline.warehouse.selects import parse

ALL = [(key, expectation) for key, expectations in suites().items() for expectation in expectations]
EACH = pytest.mark.parametrize(("table_key", "expectation"), ALL, ids=[f"{key}-{e.name}" for key, e in ALL])


def test_every_file_is_a_table_of_the_contracts() -> None:
    assert set(Path(checks.__file__).parent.glob("*/*.yaml")) == {
        suite_file(table) for table in TABLES if suite_file(table).exists()
    }


@pytest.mark.parametrize("table_key", TABLE_BY_KEY)
def test_names_are_unique_within_a_table(table_key: str) -> None:
    names = [e.name for e in (*contract(table_key), *suites()[table_key])]
    assert len(names) == len(set(names))
    assert CONTRACT not in names


@EACH
def test_a_query_reads_its_own_table_and_others_that_exist(table_key: str, expectation: Expectation) -> None:
    if expectation.rows_query:
        assert "{batch}" in expectation.kwargs["unexpected_rows_query"]
        assert expectation.reads <= TABLE_BY_KEY.keys() - {table_key}


@EACH
def test_columns_of_a_query_are_those_of_the_tables_it_reads(table_key: str, expectation: Expectation) -> None:
    if not expectation.rows_query:
        return
    query = parse(expectation.rows_query)
    columns = query.find_all(exp.Column)
    made = {alias.alias for alias in query.find_all(exp.Alias)}
    known = {name for key in (table_key, *expectation.reads) for name in TABLE_BY_KEY[key].column_names}
    assert {column.name for column in columns if not column.is_star} <= known | made


@EACH
def test_examples_name_nobody(table_key: str, expectation: Expectation) -> None:
    persons = {column.name for table in TABLES for column in table.columns if column.pii == "direct"}
    persons -= {"value"}  # a name in ops.unmatched, the figure in kpi.scorecard
    if expectation.rows_query and not has_persons(TABLE_BY_KEY[table_key]):
        assert persons.isdisjoint(parse(expectation.rows_query).named_selects)


def test_names_of_every_source_of_members_are_counted() -> None:
    [expectation] = suites()["ops.unmatched"]
    # leaderboards are full of strangers
    sources = {f"staging.{s.name}" for s in SOURCES if s.person == "member" and s.name != "competitions"}
    assert expectation.reads == sources | {"core.parameters"}


def test_records_of_every_source_are_counted_again() -> None:
    recount = next(e for e in suites()["raw.files"] if e.name == "staged_records_are_those_in_staging")
    assert recount.reads == {f"staging.{source.name}" for source in SOURCES}


def test_a_contract_becomes_expectations() -> None:
    names = [expectation.name for expectation in contract("kpi.scorecard")]
    assert names[0] == "columns_are_those_of_the_contract"
    assert {"kpi_is_never_null", "status_is_in_its_vocabulary", "value_is_within_its_bounds", "grain_is_unique"} <= set(
        names
    )
    assert "status_is_never_null" not in names
