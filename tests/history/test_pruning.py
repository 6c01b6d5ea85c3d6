"""A history that does not grow: the newest runs stay, and whatever publication and Dagster's pages rest on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from uuid import uuid4

import dagster as dg
import pytest
from dagster._core.event_api import EventRecordsFilter
from dagster._core.storage.tags import CODE_LOCATION_TAG

from assets.publication.gate import Policy, verdicts
from fellowship_pipeline.history import prune
from fellowship_pipeline.history.pruning import compact
from fellowship_pipeline.home import Home

pytestmark = pytest.mark.slow

SEATS, RARE = dg.AssetKey(["kpi", "seats"]), dg.AssetKey(["core", "rare"])
CHECK = dg.AssetCheckKey(SEATS, "identity")


@dg.asset(key=SEATS)
def seats() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"columns": "x" * 5000})


@dg.asset(key=RARE)
def rare() -> None: ...


@dg.asset_check(asset=seats, name="identity")
def identity() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


def run(instance: dg.DagsterInstance, *keys: dg.AssetKey) -> str:
    jobs = [dg.define_asset_job("job", dg.AssetSelection.assets(*keys))]
    defs = dg.Definitions([seats, rare], asset_checks=[identity], jobs=jobs, executor=dg.in_process_executor)
    result = defs.resolve_job_def("job").execute_in_process(instance=instance)
    assert result.success
    return result.run_id


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def events(folder: Path) -> set[str]:
    """The runs of which the index knows an event."""
    with closing(sqlite3.connect(folder / "history" / "runs" / "index.db")) as con:
        tables = ("event_logs", "asset_check_executions")
        return {run_id for table in tables for (run_id,) in con.execute(f"select run_id from {table}")}


def test_the_newest_runs_stay_and_of_older_ones_nothing(instance: dg.DagsterInstance, home: Home) -> None:
    first, second, third = (run(instance, SEATS) for _ in range(3))
    unfinished = instance.create_run_for_job(dg.Definitions(jobs=[empty]).resolve_job_def("empty")).run_id
    assert prune(instance, 2) == 1
    assert set(instance.get_run_ids()) == {second, third, unfinished}
    assert events(home.dagster) == {second, third}
    assert [path for path in home.dagster.rglob("*") if first in path.name] == []
    assert prune(instance, 2) == 0


@dg.job
def empty() -> None: ...


def test_what_the_present_rests_on_stays(instance: dg.DagsterInstance, home: Home) -> None:
    """A run that made a table last is kept, however old; the gate and the latest materializations see no difference."""
    made_last = run(instance, RARE)
    runs = [run(instance, SEATS) for _ in range(3)]
    before = verdicts(instance, {CHECK: Policy(True, {})}, "")
    assert prune(instance, 1) == 2
    assert set(instance.get_run_ids()) == {made_last, runs[-1]}
    assert verdicts(instance, {CHECK: Policy(True, {})}, "") == before
    assert before[0].state == "passed"
    latest = [instance.get_latest_materialization_event(key) for key in (RARE, SEATS)]
    assert [event.run_id for event in latest if event] == [made_last, runs[-1]]
    found = instance.event_log_storage.get_event_records(
        EventRecordsFilter(dg.DagsterEventType.ASSET_MATERIALIZATION, asset_key=SEATS)
    )
    assert [record.run_id for record in found] == [runs[-1]]


def test_of_programs_that_share_an_instance_each_forgets_its_own_runs(instance: dg.DagsterInstance) -> None:
    by_program = {name: [ended(instance, name) for _ in range(3)] for name in ("a", "b")}
    assert prune(instance, 1, "a") == 2
    assert set(instance.get_run_ids()) == {by_program["a"][-1], *by_program["b"]}


def ended(instance: dg.DagsterInstance, location: str) -> str:
    """A run of a code location that made nothing."""
    tags = {CODE_LOCATION_TAG: location}
    run = dg.DagsterRun("refresh", run_id=str(uuid4()), status=dg.DagsterRunStatus.SUCCESS, tags=tags)
    return instance.add_run(run).run_id


def test_a_kill_in_the_middle_is_made_good_by_the_next(
    instance: dg.DagsterInstance, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = run(instance, SEATS), run(instance, SEATS)
    with monkeypatch.context() as patch:
        patch.setattr(type(instance.run_storage), "delete_run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prune(instance, 1)
    assert set(instance.get_run_ids()) == {first, second}
    assert prune(instance, 1) == 1
    assert instance.get_run_ids() == [second]
    assert events(home.dagster) == {second}


def interrupted(storage: object, run_id: str) -> None:
    raise KeyboardInterrupt


def test_records_that_another_holds_are_left_to_the_next_time(
    instance: dg.DagsterInstance, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dagster._core.storage.event_log.sqlite.sqlite_event_log.SQLITE_BUSY_TIMEOUT_SECONDS", 0.1)
    run(instance, SEATS)
    run(instance, SEATS)
    with closing(sqlite3.connect(home.dagster / "history" / "runs" / "index.db")) as other:
        other.execute("begin immediate")
        assert prune(instance, 1) == 0
        other.rollback()
    assert prune(instance, 1) == 1


def snapshots(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "history" / "runs.db")) as con:
        return {snapshot for (snapshot,) in con.execute("select snapshot_id from snapshots")}


def test_of_graphs_and_plans_those_stay_that_a_kept_run_refers_to(instance: dg.DagsterInstance, home: Home) -> None:
    """A run of one of two assets leaves its own graph, that of both, and its plan."""
    run(instance, SEATS, RARE)
    of_both = snapshots(home.dagster)
    run_id = part(instance, SEATS)
    of_part = snapshots(home.dagster) - of_both
    part(instance, RARE)
    run(instance, RARE)
    run(instance, SEATS)
    assert prune(instance, 2) == 3
    kept = instance.get_runs()
    named = {snapshot for one in kept for snapshot in (one.job_snapshot_id, one.execution_plan_snapshot_id)}
    assert snapshots(home.dagster) == named
    assert len(of_part) == 3 and instance.get_run_by_id(run_id) is None
    assert part(instance, SEATS) and len(snapshots(home.dagster)) == len(named) + 3


def part(instance: dg.DagsterInstance, key: dg.AssetKey) -> str:
    """A run of one asset of the job of both."""
    jobs = [dg.define_asset_job("job", dg.AssetSelection.assets(SEATS, RARE))]
    defs = dg.Definitions([seats, rare], asset_checks=[identity], jobs=jobs, executor=dg.in_process_executor)
    return defs.resolve_job_def("job").execute_in_process(instance=instance, asset_selection=[key]).run_id


def test_a_kept_run_of_some_assets_keeps_the_graph_of_all(instance: dg.DagsterInstance, home: Home) -> None:
    run(instance, SEATS)
    run(instance, RARE)
    part(instance, SEATS)
    before = snapshots(home.dagster)
    (job,) = {run.job_snapshot_id for run in instance.get_runs(limit=1)}
    lineage = instance.get_job_snapshot(str(job)).lineage_snapshot
    assert lineage and lineage.parent_snapshot_id in before
    prune(instance, 1)
    assert lineage.parent_snapshot_id in snapshots(home.dagster) < before


@pytest.mark.fault("G14")
def test_after_four_hundred_runs_the_history_is_no_larger_than_after_twenty(
    instance: dg.DagsterInstance, home: Home
) -> None:
    first = run(instance, SEATS)
    sizes = []
    for _ in range(40):
        leave_as_much(home.dagster, first, runs=10)
        assert prune(instance, 10) in (0, 10)
        sizes.append(size(home.dagster))
    assert len(instance.get_run_ids()) == 11
    assert len([snapshot for snapshot in snapshots(home.dagster) if snapshot.startswith("graph ")]) == 10
    assert max(sizes) < 1.1 * max(sizes[:2])


COLUMNS = {
    "event_logs": "event, dagster_event_type, timestamp, step_key, asset_key, partition",
    "asset_check_executions": "asset_key, check_name, execution_status, evaluation_event, evaluation_event_timestamp",
}


GRAPH = """\
insert into snapshots (snapshot_id, snapshot_body, snapshot_type)
select ?, snapshot_body, snapshot_type from snapshots join runs using (snapshot_id) where run_id = ?"""
RECORD = """\
insert into runs (run_id, snapshot_id, pipeline_name, status, run_body)
select :new, :graph, pipeline_name, status, replace(run_body, snapshot_id, :graph) from runs where run_id = :old"""


def leave_as_much(folder: Path, of: str, runs: int) -> None:
    """What so many runs like ``of`` leave behind: files of events and output, rows in the index, records, graphs."""
    shards = folder / "history" / "runs"
    with (
        closing(sqlite3.connect(shards / "index.db")) as index,
        closing(sqlite3.connect(folder / "history/runs.db")) as records,
    ):
        for run_id in (str(uuid4()) for _ in range(runs)):
            copyfile(shards / f"{of}.db", shards / f"{run_id}.db")
            (folder / "storage" / run_id / "compute_logs").mkdir(parents=True)
            (folder / "storage" / run_id / "compute_logs" / "step.err").write_text("x" * 5000)
            for table, columns in COLUMNS.items():
                copied = f"insert into {table} (run_id, {columns}) select ?, {columns} from {table} where run_id = ?"
                index.execute(copied, [run_id, of])
            records.execute(GRAPH, [f"graph {run_id}", of])
            records.execute(RECORD, {"new": run_id, "graph": f"graph {run_id}", "old": of})
        index.commit()
        records.commit()


def test_the_room_of_what_was_forgotten_is_given_back(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as con:
        con.execute("create table t (x)")
        con.executemany("insert into t values (?)", [("x" * 4000,)] * 2000)
        con.commit()
        full = file.stat().st_size
        con.execute("delete from t where rowid > 1100")
        con.commit()
        compact(file)
        assert file.stat().st_size == full
        con.execute("delete from t where rowid > 100")
        con.commit()
    compact(file)
    assert file.stat().st_size < full / 10
