"""Publication reads the latest results again: passed, failed, never run, or run before the table was made anew."""

from __future__ import annotations

import dagster as dg
import pytest

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


def state(instance: dg.DagsterInstance, is_blocking: bool = True) -> tuple[str, bool]:
    (verdict,) = verdicts(instance, {CHECK: Policy(is_blocking, {"en": "held_end is off"})})
    return verdict.state, verdict.stops


def test_a_check_that_passed_lets_through() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=True)
        assert state(instance) == ("passed", False)


def test_a_check_that_failed_stops_unless_it_only_warns() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=False)
        assert state(instance) == ("failed", True)
        assert state(instance, is_blocking=False) == ("failed", False)


def test_a_check_that_never_ran_stops() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert state(instance) == ("missing", True)


def test_a_table_made_anew_without_its_check_stops() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, passed=True)
        run(instance, passed=True, selection=dg.AssetSelection.all() - dg.AssetSelection.all_asset_checks())
        assert state(instance) == ("stale", True)
        run(instance, passed=True)
        assert state(instance) == ("passed", False)
