"""The files of the event log are opened once for a run, and every event is there for others as soon as it is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import dagster as dg
import pytest
from sqlalchemy import Engine, event

from fellowship_pipeline.history import kept_open, prune
from fellowship_pipeline.home import Home

pytestmark = pytest.mark.slow

SEATS = dg.AssetKey(["kpi", "seats"])


@dg.asset(key=SEATS)
def seats() -> None: ...


@dg.job
def nothing() -> None: ...


@pytest.fixture
def opened() -> Iterator[list[sqlite3.Connection]]:
    """The connections made so far."""
    made: list[sqlite3.Connection] = []

    def count(connection: sqlite3.Connection, _record: object) -> None:
        made.append(connection)

    event.listen(Engine, "connect", count)
    yield made
    event.remove(Engine, "connect", count)


def stored(home: Home, run_id: str) -> int:
    """What another process sees."""
    with closing(sqlite3.connect(home.dagster / "history" / "runs" / f"{run_id}.db")) as con:
        return int(con.execute("select count(*) from event_logs").fetchall()[0][0])


def test_a_file_is_opened_once_and_an_event_is_stored_when_it_is_told(
    instance: dg.DagsterInstance, home: Home, opened: list[sqlite3.Connection]
) -> None:
    run = instance.create_run_for_job(nothing)
    with kept_open(instance):
        instance.report_engine_event("first", run)
        before = len(opened)
        for told in range(2, 21):
            instance.report_engine_event("another", run)
            assert stored(home, run.run_id) == told
        assert len(opened) == before
    instance.report_engine_event("and one", run)
    assert len(opened) == before + 1
    assert [entry.message for entry in instance.all_logs(run.run_id)] == ["first", *["another"] * 19, "and one"]


def test_after_an_error_the_connection_goes_on(instance: dg.DagsterInstance, home: Home) -> None:
    run = instance.create_run_for_job(nothing)
    with kept_open(instance):
        instance.report_engine_event("first", run)
        with pytest.raises(ZeroDivisionError), instance.event_log_storage.run_connection(run.run_id) as con:
            con.exec_driver_sql("delete from event_logs")
            raise ZeroDivisionError
        instance.report_engine_event("second", run)
        assert stored(home, run.run_id) == 2


def test_runs_are_forgotten_while_the_files_are_open(instance: dg.DagsterInstance, home: Home) -> None:
    defs = dg.Definitions([seats], jobs=[dg.define_asset_job("job")], executor=dg.in_process_executor)
    job = defs.resolve_job_def("job")
    with kept_open(instance):
        first, second = (job.execute_in_process(instance=instance).run_id for _ in range(2))
        assert prune(instance, 1) == 1
        assert instance.get_run_ids() == [second]
    assert [path for path in home.dagster.rglob("*") if first in path.name] == []
    made = instance.get_latest_materialization_event(SEATS)
    assert made and made.run_id == second


def test_where_the_log_is_no_file_nothing_is_kept() -> None:
    with dg.DagsterInstance.ephemeral() as instance, kept_open(instance):
        run = instance.create_run_for_job(nothing)
        instance.report_engine_event("first", run)
        assert len(instance.all_logs(run.run_id)) == 1


def test_that_an_asset_was_made_is_there_at_once_and_what_is_told_with_it_too(
    instance: dg.DagsterInstance, home: Home
) -> None:
    seen: list[tuple[bool, int]] = []

    @dg.multi_asset(specs=[dg.AssetSpec("one"), dg.AssetSpec("two")])
    def both() -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        yield dg.MaterializeResult("one")
        with dg.DagsterInstance.from_config(str(home.dagster)) as other:  # as another process sees it
            seen.append((other.get_latest_materialization_event(dg.AssetKey("one")) is not None, len(told(other))))
        yield dg.MaterializeResult("two")

    def told(other: dg.DagsterInstance) -> list[dg.EventLogEntry]:
        return list(other.all_logs(other.get_run_ids()[0], of_type=dg.DagsterEventType.ASSET_MATERIALIZATION))

    job = dg.Definitions([both], jobs=[dg.define_asset_job("job")], executor=dg.in_process_executor)
    with kept_open(instance):
        run = job.resolve_job_def("job").execute_in_process(instance=instance)
    assert seen == [(True, 1)]
    assert len(told(instance)) == 2
    assert len(instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_OUTPUT)) == 2


def test_a_run_with_checks_tells_the_same_as_without(instance: dg.DagsterInstance) -> None:
    @dg.multi_asset(specs=[dg.AssetSpec("up"), dg.AssetSpec("down", deps=["up"])])
    def made() -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        yield dg.MaterializeResult("up", data_version=dg.DataVersion("1"))
        yield dg.MaterializeResult("down")

    @dg.multi_asset_check(specs=[dg.AssetCheckSpec(name, asset=name) for name in ("up", "down")])
    def checked() -> Iterator[dg.AssetCheckResult]:
        yield dg.AssetCheckResult(passed=True, asset_key="up", check_name="up")
        yield dg.AssetCheckResult(passed=False, asset_key="down", check_name="down")

    defs = dg.Definitions(
        [made], asset_checks=[checked], jobs=[dg.define_asset_job("job")], executor=dg.in_process_executor
    )
    job = defs.resolve_job_def("job")
    plain = job.execute_in_process(instance=instance).run_id
    with kept_open(instance):
        kept = job.execute_in_process(instance=instance).run_id

    def events(run_id: str) -> list[tuple[object, ...]]:
        return [
            (entry.dagster_event_type, entry.step_key, entry.dagster_event and entry.dagster_event.asset_key)
            for entry in instance.all_logs(run_id)
        ]

    def tags(run_id: str) -> list[object]:
        made = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
        stored = [entry.asset_materialization for entry in made]
        return [set(one.tags or ()) if one else None for one in stored]

    assert events(kept) == events(plain)
    assert tags(kept) == tags(plain)
    keys = [dg.AssetCheckKey(dg.AssetKey(name), name) for name in ("up", "down")]
    found = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    last = {
        record.asset_entry.asset_key: record.asset_entry.last_materialization_record for record in made_last(instance)
    }
    for key in keys:
        record = found[key]
        assert record.run_id == kept
        assert record.event and record.event.dagster_event
        target = record.event.dagster_event.asset_check_evaluation_data.target_materialization_data
        made_by = last[key.asset_key]
        assert target and made_by and (target.run_id, target.storage_id) == (kept, made_by.storage_id)


def made_last(instance: dg.DagsterInstance) -> list[dg.AssetRecord]:
    return list(instance.get_asset_records([dg.AssetKey("up"), dg.AssetKey("down")]))
