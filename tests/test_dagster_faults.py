"""What Dagster does around the graph: late, twice, by anybody who finds the page."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.test_utils import create_test_daemon_workspace_context, freeze_time
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._scheduler.scheduler import launch_scheduled_runs
from dagster._utils.schedules import schedule_execution_time_iterator
from dagster_graphql.schema import create_schema

from fellowship_pipeline.definitions import HOME_VARIABLE, build_defs
from fellowship_pipeline.history import automation
from fellowship_pipeline.home import Home
from tests.browsing import aside

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]

ZURICH = "program: {id: p}\ntimezone: Europe/Zurich\nschedules: {start: true}\nsources: {}\n"
QUIET = {"telemetry": {"enabled": False}}
LAUNCHER = {"run_launcher": {"module": "dagster._core.test_utils", "class": "MockedRunLauncher"}}
TARGET = ModuleTarget("fellowship_pipeline.definitions", None, None, "fellowship_pipeline")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    (tmp_path / "program.yaml").write_text(ZURICH)
    (tmp_path / "dagster").mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return Home(tmp_path)


@pytest.fixture
def instance(home: Home) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(home.dagster), overrides=LAUNCHER | QUIET) as opened:
        yield opened


def tick(daemon: WorkspaceProcessContext, moment: datetime) -> list[str]:
    """What the scheduler has asked for by that moment: the jobs of all runs so far."""
    with freeze_time(moment):
        list(launch_scheduled_runs(daemon, logging.getLogger("test"), moment, {}))
    return [run.job_name for run in daemon.instance.get_runs()]


@pytest.mark.fault("G4", "G11")
def test_after_three_days_without_a_daemon_one_run_is_asked_for_and_a_tick_that_comes_twice_asks_for_none(
    instance: dg.DagsterInstance,
) -> None:
    friday = datetime(2027, 3, 26, 12, tzinfo=UTC)
    with create_test_daemon_workspace_context(TARGET, instance) as daemon:
        assert tick(daemon, friday) == []
        assert tick(daemon, friday + timedelta(days=3)) == ["refresh"]
        assert tick(daemon, friday + timedelta(days=3)) == ["refresh"]
        assert tick(daemon, friday + timedelta(days=4)) == ["refresh", "refresh"]
        states = automation(instance, build_defs().get_repository_def()).states
    assert states == {
        "daily_refresh": "running",
        "monthly_seat_review": "running",
        "landing": "running",
        "alarms": "running",
    }


@pytest.mark.fault("G11")
@pytest.mark.usefixtures("home")
def test_a_day_on_which_clocks_are_turned_has_one_refresh() -> None:
    schedule = build_defs().get_repository_def().get_schedule_def("daily_refresh")
    assert isinstance(schedule.cron_schedule, str)
    for first in (datetime(2027, 3, 27, tzinfo=ZoneInfo("Europe/Zurich")), datetime(2027, 10, 30, tzinfo=UTC)):
        found = schedule_execution_time_iterator(first.timestamp(), schedule.cron_schedule, schedule.execution_timezone)
        times = [moment.astimezone(ZoneInfo("Europe/Zurich")) for moment in islice(found, 3)]
        assert [(moment.date() - first.date()).days for moment in times] == [0, 1, 2]
        assert {moment.strftime("%H:%M") for moment in times} == {"06:00"}


MUTATIONS = {
    "launch": 'mutation { launchRun(executionParams: {selector: {repositoryLocationName: "fellowship_pipeline", '
    'repositoryName: "__repository__", jobName: "refresh"}}) { __typename } }',
    "wipe": 'mutation { wipeAssets(assetPartitionRanges: [{assetKey: {path: ["kpi", "seats"]}}]) { __typename } }',
    "delete": 'mutation { deletePipelineRun(runId: "r") { __typename } }',
    "start": 'mutation { startSchedule(scheduleSelector: {repositoryLocationName: "fellowship_pipeline", '
    'repositoryName: "__repository__", scheduleName: "daily_refresh"}) { __typename } }',
}


@pytest.mark.fault("G12")
def test_who_may_only_look_launches_wipes_and_deletes_nothing(instance: dg.DagsterInstance) -> None:
    """``dagster-webserver --read-only``, which is what anybody but the operator is given."""
    schema = create_schema()
    with WorkspaceProcessContext(instance, TARGET, read_only=True) as process:
        for name, mutation in MUTATIONS.items():
            asked = schema.execute_async(mutation, context_value=process.create_request_context())
            answer = aside(asyncio.run, asked)
            assert answer.errors is None, (name, answer.errors)
            assert {one["__typename"] for one in answer.data.values()} == {"UnauthorizedError"}, name
    assert instance.get_runs_count() == 0
