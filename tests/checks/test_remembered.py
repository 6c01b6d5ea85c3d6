"""Results kept with a table: taken up while nothing that they depend on has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from checks.remembered import remember, remembered, unjudged
from checks.runner import Result, clean
from checks.screening import NOTHING
from fellowship_pipeline import own_code, warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
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


SINCE = {"version": "2", "before": "1", "since": "2026-01-02"}


def asked(con: duckdb.DuckDBPyConnection, table: Table = ENGAGEMENT, **noted: object) -> str | None:
    """Of which rows a table's checks are to be asked, once they were of version 1 and this is noted of it."""
    remember(con, {table.key: clean(table)}, facts.known(con))
    facts.note(con, table, **noted)
    return unjudged(table, facts.known(con))


def test_rows_since_the_version_that_was_judged_are_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    assert asked(con, **SINCE) == '("day" >= date \'2026-01-02\' or "day" is null)'


def test_an_instant_may_be_of_the_day_before_in_another_zone(con: duckdb.DuckDBPyConnection) -> None:
    activity = TABLE_BY_KEY["staging.activity"]
    warehouse.create(con, activity)
    warehouse.create(con, TABLE_BY_KEY["raw.files"])
    facts.note_all(con, {activity.key: {"version": "1"}, "raw.files": {"version": "1"}})
    assert asked(con, activity, **SINCE) == '("occurred_at" >= date \'2026-01-01\' or "occurred_at" is null)'


def test_rows_that_stand_are_not_asked_for_when_another_table_changed(con: duckdb.DuckDBPyConnection) -> None:
    assert asked(con) == NOTHING
    facts.note(con, READ, version="2")
    assert remembered(ENGAGEMENT, facts.known(con)) is None
    assert unjudged(ENGAGEMENT, facts.known(con)) == NOTHING


@pytest.mark.parametrize(
    "noted",
    [
        {"version": "2"},
        {"version": "2", "before": None, "since": "2026-01-02"},
        {"version": "3", "before": "2", "since": "2026-01-02"},
        {"version": "2", "checked": None},
    ],
)
def test_where_the_version_before_was_not_judged_all_rows_are_asked_for(
    con: duckdb.DuckDBPyConnection, noted: dict[str, object]
) -> None:
    assert asked(con, **noted) is None


def test_a_table_of_which_nothing_tells_the_day_is_asked_for_whole(con: duckdb.DuckDBPyConnection) -> None:
    assert asked(con, READ, **SINCE) is None


def test_where_something_was_wrong_all_rows_are_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    remember(con, {ENGAGEMENT.key: wrong("grain_is_unique")}, facts.known(con))
    facts.note(con, ENGAGEMENT, **SINCE)
    assert unjudged(ENGAGEMENT, facts.known(con)) is None


def test_other_rules_ask_for_all_rows(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(con, **SINCE) is not None
    monkeypatch.setattr(own_code, "digest", lambda: "other code")
    assert unjudged(ENGAGEMENT, facts.known(con)) is None
