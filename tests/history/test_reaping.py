"""Dead runs are ended in the records, in whatever state they were left; runs that live are not touched."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster import DagsterRunStatus as Status
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.storage.runs import SqlRunStorage
from dagster._core.storage.runs.schema import RunsTable
from dagster._daemon.types import DaemonHeartbeat

from fellowship_pipeline.history import reap, tags
from fellowship_pipeline.history.reaping import PROCESS_TAG
from fellowship_pipeline.home import Home

pytestmark = [pytest.mark.slow, pytest.mark.fault("G6")]

UNFINISHED = ["NOT_STARTED", "QUEUED", "STARTING", "STARTED", "CANCELING"]
AFTER = {"QUEUED": Status.CANCELED, "CANCELING": Status.CANCELED}


@dg.job
def nothing() -> None: ...


@pytest.fixture(scope="module")
def dead() -> str:
    """The name of a process that has ended."""
    code = "from fellowship_pipeline.history.processes import here; print(here())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def left(instance: dg.DagsterInstance, status: str, said: dict[str, str], minutes: float = 0) -> str:
    """A run in a state that was last heard of some minutes ago."""
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "__repository__"), "nothing")
    run = instance.create_run_for_job(nothing, tags=said, remote_job_origin=origin)
    assert isinstance(instance.run_storage, SqlRunStorage)
    then = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=minutes)
    so = sa.update(RunsTable).where(RunsTable.c.run_id == run.run_id).values(status=status, update_timestamp=then)
    with instance.run_storage.connect() as con:
        con.execute(so)
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> Status:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


@pytest.mark.parametrize("state", UNFINISHED)
def test_a_run_whose_process_has_ended_is_over_at_once(
    state: str, instance: dg.DagsterInstance, home: Home, dead: str
) -> None:
    run_id = left(instance, state, {**tags(home), PROCESS_TAG: dead})
    assert reap(instance, home) == [run_id]
    assert status(instance, run_id) is AFTER.get(state, Status.FAILURE)


@pytest.mark.parametrize("state", UNFINISHED)
def test_a_run_whose_process_lives_is_left_alone_however_long_it_waits(
    state: str, instance: dg.DagsterInstance, home: Home
) -> None:
    run_id = left(instance, state, tags(home), minutes=24 * 60)
    assert reap(instance, home) == []
    assert status(instance, run_id) is Status(state)


@pytest.mark.parametrize("state", UNFINISHED)
def test_a_run_without_a_process_is_dead_after_a_quarter_of_an_hour(
    state: str, instance: dg.DagsterInstance, home: Home
) -> None:
    young, old = left(instance, state, {}, minutes=14), left(instance, state, {}, minutes=16)
    assert reap(instance, home) == [old]
    assert status(instance, young) is Status(state)


@pytest.mark.parametrize("state", UNFINISHED)
def test_what_has_not_started_is_left_to_a_daemon_that_lives(
    state: str, instance: dg.DagsterInstance, home: Home
) -> None:
    run_id = left(instance, state, {}, minutes=16)
    beat = DaemonHeartbeat(datetime.now(UTC).timestamp(), "SENSOR", "d", [])
    instance.add_daemon_heartbeat(beat)
    assert reap(instance, home) == ([] if state in ("NOT_STARTED", "QUEUED", "STARTING") else [run_id])


def test_a_run_of_another_home_on_the_same_dagster_is_left_alone(
    instance: dg.DagsterInstance, home: Home, dead: str
) -> None:
    left(instance, "STARTED", {**tags(Home(home.path / "another")), PROCESS_TAG: dead}, minutes=60)
    assert reap(instance, home) == []


def test_a_dead_run_gives_back_its_place_in_the_pool(instance: dg.DagsterInstance, home: Home, dead: str) -> None:
    storage = instance.event_log_storage
    storage.set_concurrency_slots("warehouse", 1)
    run_id = left(instance, "STARTED", {**tags(home), PROCESS_TAG: dead})
    assert storage.claim_concurrency_slot("warehouse", run_id, "rows").is_claimed
    assert not storage.claim_concurrency_slot("warehouse", "mine", "rows").is_claimed
    reap(instance, home)
    assert storage.claim_concurrency_slot("warehouse", "mine", "rows").is_claimed
