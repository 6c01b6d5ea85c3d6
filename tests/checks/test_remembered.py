"""Results kept with a table: taken up while nothing that they depend on has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from checks.remembered import remember, remembered
from checks.runner import Result, clean
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.warehouse import facts

ENGAGEMENT = TABLE_BY_KEY["kpi.engagement"]
READ = TABLE_BY_KEY["core.holdings"]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        for table in TABLE_BY_KEY.values():
            if table.schema in ("core", "kpi"):
                warehouse.create(con, table)
                facts.note(con, table, version="1")
        yield con


def wrong(name: str) -> list[Result]:
    return [
        replace(r, passed=False, unexpected_count=3, examples=({"day": "2022-03-01"},)) if r.name == name else r
        for r in clean(ENGAGEMENT)
    ]


def test_what_was_found_is_found_again(con: duckdb.DuckDBPyConnection) -> None:
    assert remembered(ENGAGEMENT, facts.known(con)) is None
    found = wrong("grain_is_unique")
    remember(con, {ENGAGEMENT.key: found}, facts.known(con))
    assert remembered(ENGAGEMENT, facts.known(con)) == found
    assert any(not result.passed for result in found)


def test_another_version_of_the_table_is_checked_anew(con: duckdb.DuckDBPyConnection) -> None:
    remember(con, {ENGAGEMENT.key: clean(ENGAGEMENT)}, facts.known(con))
    facts.note(con, ENGAGEMENT, version="2")
    assert remembered(ENGAGEMENT, facts.known(con)) is None


def test_another_version_of_what_a_check_reads_is_checked_anew(con: duckdb.DuckDBPyConnection) -> None:
    remember(con, {ENGAGEMENT.key: clean(ENGAGEMENT)}, facts.known(con))
    facts.note(con, READ, version="2")
    assert remembered(ENGAGEMENT, facts.known(con)) is None


def test_what_could_not_be_evaluated_is_not_kept(con: duckdb.DuckDBPyConnection) -> None:
    remember(
        con,
        {ENGAGEMENT.key: [replace(result, passed=False, is_error=True) for result in clean(ENGAGEMENT)]},
        facts.known(con),
    )
    assert remembered(ENGAGEMENT, facts.known(con)) is None


def test_what_rests_on_a_table_without_a_version_is_not_kept(con: duckdb.DuckDBPyConnection) -> None:
    warehouse.create(con, READ)
    remember(con, {ENGAGEMENT.key: clean(ENGAGEMENT)}, facts.known(con))
    assert remembered(ENGAGEMENT, facts.known(con)) is None


def test_results_of_several_tables_are_kept_with_each(con: duckdb.DuckDBPyConnection) -> None:
    remember(con, {table.key: clean(table) for table in (ENGAGEMENT, READ)}, facts.known(con))
    known = facts.known(con)
    assert remembered(ENGAGEMENT, known) == clean(ENGAGEMENT)
    assert remembered(READ, known) == clean(READ)
    assert facts.versions(con)[READ.key] == "1"
