"""What Dagster tries again: what another program or a lost process hinders, and nothing that would fail again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import RunFailureReason
from dagster._core.execution.retries import auto_reexecution_should_retry_run

from assets.resources import AGAIN, WarehouseResource
from fellowship_pipeline.errors import LockHeld
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.instance import settle
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.warehouse import connect
from tests.health.homes import READER, other_process

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "program.yaml").write_text("program: {id: p}\nsources: {}\n")
    return Home(tmp_path)


@pytest.fixture
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """One with the settings of a home's Dagster."""
    place = Home(tmp_path_factory.mktemp("dagster"))
    settle(place)
    with dg.DagsterInstance.from_config(str(place.dagster)) as opened:
        yield opened


@dg.op(required_resource_keys={"warehouse"})
def opens() -> None: ...


@dg.op
def refuses() -> None:
    raise dg.Failure("a check failed", allow_retries=False)


def is_tried_again(instance: dg.DagsterInstance, op: dg.OpDefinition, home: Path) -> bool:
    """Whether Dagster starts the run again that fails of this op."""

    @dg.job(resource_defs={"warehouse": WarehouseResource(home=str(home), wait=0)}, executor_def=dg.in_process_executor)
    def fails() -> None:
        op()

    result = fails.execute_in_process(instance=instance, raise_on_error=False)
    run = instance.get_run_by_id(result.run_id)
    assert run is not None and run.status is dg.DagsterRunStatus.FAILURE
    reason = RunFailureReason(run.tags["dagster/failure_reason"])
    return auto_reexecution_should_retry_run(instance, run, reason)


def test_a_run_that_did_not_get_the_lock_is_started_again(instance: dg.DagsterInstance, home: Home) -> None:
    with hold(home.state, 0):
        assert is_tried_again(instance, opens, home.path)


def test_a_run_of_what_a_user_has_to_mend_is_not(instance: dg.DagsterInstance, home: Home) -> None:
    assert not is_tried_again(instance, opens, home.path / "none")


def test_a_run_in_which_a_step_refused_is_not(instance: dg.DagsterInstance, home: Home) -> None:
    assert not is_tried_again(instance, refuses, home.path)


def test_a_step_waits_again_for_another_program_and_a_command_says_who_it_is(home: Home) -> None:
    home.warehouse.parent.mkdir()
    with connect(home.warehouse):
        pass
    writer = READER.replace("read_only=True", "read_only=False")
    with other_process(writer, str(home.warehouse), "600") as process:
        with pytest.raises(dg.RetryRequested) as asked, WarehouseResource(home=str(home.path), wait=0).connect():
            pass
        assert (asked.value.max_retries, isinstance(asked.value.__cause__, LockHeld)) == (AGAIN, True)
        with pytest.raises(LockHeld), WarehouseResource(home=str(home.path), wait=0, is_locked=True).connect():
            pass
        process.kill()
