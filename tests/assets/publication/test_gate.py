"""Publication reads the latest results again: passed, failed, never run, or run before the table was made anew."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run

from assets.publication.gate import Policy, verdicts

pytestmark = pytest.mark.slow

KEY = dg.AssetKey(["kpi", "seats"])
CHECK = dg.AssetCheckKey(KEY, "identity")


def definitions(passed: bool) -> dg.Definitions:
    @dg.asset(key=KEY)
    def seats() -> None: ...

    @dg.asset_check(asset=seats, name="identity")
    def identity() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=passed, description="held_end is off")

    return dg.Definitions(assets=[seats], asset_checks=[identity])


def run(instance: dg.DagsterInstance, passed: bool, selection: dg.AssetSelection | None = None) -> None:
    job = dg.define_asset_job("job", selection=selection or dg.AssetSelection.all())
    defs = dg.Definitions.merge(definitions(passed), dg.Definitions(jobs=[job]))
    assert defs.resolve_job_def("job").execute_in_process(instance=instance).success


def state(instance: dg.DagsterInstance, is_blocking: bool = True, run_id: str = "") -> tuple[str, bool]:
    (verdict,) = verdicts(instance, {CHECK: Policy(is_blocking, {"en": "held_end is off"})}, run_id)
    return verdict.state, verdict.stops


def job() -> dg.JobDefinition:
    jobs = dg.Definitions(jobs=[dg.define_asset_job("job")], executor=dg.in_process_executor)
    return dg.Definitions.merge(definitions(passed=True), jobs).resolve_job_def("job")


def planned(instance: dg.DagsterInstance) -> dg.DagsterRun:
    """A run that was created, with its materializations and checks planned, and waits."""
    return instance.create_run_for_job(job())


def executions(instance: dg.DagsterInstance) -> list[str]:
    """Status of the check in every run, those planned last first."""
    history = instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=10)
    return [one.status.value for one in history]


def test_a_check_that_passed_lets_through() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=True)
        assert state(instance) == ("passed", False)


@pytest.mark.fault("G8")
def test_a_check_that_failed_stops_unless_it_only_warns() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=False)
        assert state(instance) == ("failed", True)
        assert state(instance, is_blocking=False) == ("failed", False)


def test_a_check_that_never_ran_stops() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert state(instance) == ("missing", True)


@pytest.mark.fault("G7")
def test_a_table_made_anew_without_its_check_stops() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=True)
        run(instance, passed=True, selection=dg.AssetSelection.all() - dg.AssetSelection.all_asset_checks())
        assert state(instance) == ("stale", True)
        run(instance, passed=True)
        assert state(instance) == ("passed", False)


def test_what_another_run_has_planned_is_no_result_and_what_this_one_owes_is_missing() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=True)
        waiting = planned(instance)
        assert executions(instance) == ["PLANNED", "SUCCEEDED"]
        assert state(instance, run_id="another") == ("passed", False)
        assert state(instance, run_id=waiting.run_id) == ("missing", True)


def test_the_result_counts_that_came_last_not_that_of_the_run_planned_last() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        first = planned(instance)
        run(instance, passed=False)
        assert execute_run(InMemoryJob(job()), first, instance).success
        assert executions(instance) == ["FAILED", "SUCCEEDED"]
        assert state(instance) == ("passed", False)


@dg.asset_check(asset=KEY, name="identity")
def crashes() -> dg.AssetCheckResult:
    raise RuntimeError


@pytest.mark.fault("G9")
def test_a_check_that_crashes_stops() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=True)
        jobs = [dg.define_asset_job("job")]
        defs = dg.Definitions(assets=definitions(passed=True).assets, asset_checks=[crashes], jobs=jobs)
        result = defs.resolve_job_def("job").execute_in_process(instance=instance, raise_on_error=False)
        assert not result.success
        assert state(instance, run_id=result.run_id) == ("missing", True)
        assert state(instance, run_id="the next") == ("stale", True)
