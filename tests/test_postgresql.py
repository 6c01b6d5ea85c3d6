"""Two programs on one Dagster with its records in PostgreSQL, by `deploy/dagster.yaml`: what one has no other has."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import time
from uuid import uuid4

import dagster as dg
import pytest
import yaml
from dagster._core.execution.backfill import PartitionBackfill
from dagster._core.remote_origin import InProcessCodeLocationOrigin, ManagedGrpcPythonEnvCodeLocationOrigin
from dagster._core.storage.tags import CODE_LOCATION_TAG
from dagster._core.test_utils import (
    InProcessTestWorkspaceLoadTarget,
    create_test_daemon_workspace_context,
    freeze_time,
)
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load import location_origins_from_yaml_paths
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._scheduler.scheduler import launch_scheduled_runs
from dagster._time import get_current_datetime

from assets.publication.gate import Policy, verdicts
from checks.build import CONTRACT
from fellowship_pipeline.cli import status
from fellowship_pipeline.history import prune
from fellowship_pipeline.home import Home
from tests import postgresql

pytestmark = [pytest.mark.slow, pytest.mark.whole_run, pytest.mark.xdist_group("postgresql")]

ROOT = Path(__file__).parents[1]
IN_THIS_PROCESS = {
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    }
}
NAMES = ("prog-a", "prog-b")
PROGRAM = """\
program: {{id: {name}}}
schedules: {{start: true}}
arrival: {{quiet_seconds: 0}}
review: {{rules: [{{id: r, from: 2022-02, minimum_xp: 10}}]}}
sources:
  roster: [{{files: landing/roster.csv}}]
  activity: [{{files: landing/activity*.csv}}]
"""
LOGGER = logging.getLogger("test")


@dataclass(frozen=True)
class Shared:
    """One Dagster and the homes of its programs, by name."""

    daemon: WorkspaceProcessContext
    homes: dict[str, Home]

    @property
    def instance(self) -> dg.DagsterInstance:
        return self.daemon.instance

    def runs(self, name: str) -> list[dg.DagsterRun]:
        return list(self.instance.get_runs(dg.RunsFilter(tags={CODE_LOCATION_TAG: name})))

    def dequeue(self) -> None:
        """What the daemon does with its queue; here the runs themselves."""
        list(QueuedRunCoordinatorDaemon(interval_seconds=1).run_iteration(self.daemon))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with postgresql.cluster() as settings, pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        folder = tmp_path_factory.mktemp("postgresql")
        patch.setenv("FELLOWSHIP_KEY_FILE", str(folder / "key"))
        homes = {name: home(folder / name, name) for name in NAMES}
        written = yaml.safe_load((ROOT / "deploy" / "dagster.yaml").read_text())
        (folder / "dagster").mkdir()
        (folder / "dagster" / "dagster.yaml").write_text(yaml.safe_dump(written | IN_THIS_PROCESS))
        target = InProcessTestWorkspaceLoadTarget(list(locations(folder, homes)))
        with (
            dg.DagsterInstance.from_config(str(folder / "dagster")) as instance,
            create_test_daemon_workspace_context(target, instance) as daemon,
        ):
            yield Shared(daemon, homes)


def home(place: Path, name: str) -> Home:
    made = Home(place)
    made.landing.mkdir(parents=True)
    made.program_file.write_text(PROGRAM.format(name=name))
    (made.landing / "roster.csv").write_text("member,cohort\na,c\nb,c\n")
    days = "".join(f"a,2022-{month}-{day:02}T09:00:00,36\n" for month in ("01", "02") for day in range(1, 29))
    (made.landing / "activity.csv").write_text("member,occurred_at,xp\n" + days)
    return made


def locations(folder: Path, homes: dict[str, Home]) -> Iterator[InProcessCodeLocationOrigin]:
    """Those of the file that ``fellowship workspace`` prints, loaded in this process."""
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("typer.echo", lambda text, **_: printed.append(text))
        assert status(["workspace", *(str(one.path) for one in homes.values())]) == 0
    file = folder / "workspace.yaml"
    file.write_text("".join(printed))
    for origin in location_origins_from_yaml_paths([str(file)]):
        assert isinstance(origin, ManagedGrpcPythonEnvCodeLocationOrigin)
        yield InProcessCodeLocationOrigin(origin.loadable_target_origin, location_name=origin.location_name)


@pytest.fixture(scope="module")
def refreshed(shared: Shared) -> Shared:
    """Tomorrow's tick of every schedule, and the run of the first program that it asked for; the second's waits."""
    now = get_current_datetime()
    for moment in (now, now + timedelta(days=1)):
        with freeze_time(moment):
            list(launch_scheduled_runs(shared.daemon, LOGGER, moment, {}))
    asked = {name: [(run.job_name, run.status.value) for run in shared.runs(name)] for name in NAMES}
    assert asked == {name: [("refresh", "QUEUED")] for name in NAMES}
    shared.instance.report_run_canceled(shared.runs("prog-b")[0])
    shared.dequeue()
    return shared


def test_a_tick_of_the_schedules_is_a_run_of_each_program_that_publishes(refreshed: Shared) -> None:
    found = {name: [run.status.value for run in refreshed.runs(name)] for name in NAMES}
    assert found == {"prog-a": ["SUCCESS"], "prog-b": ["CANCELED"]}
    assert (refreshed.homes["prog-a"].release / "dashboard.html").exists()
    assert not refreshed.homes["prog-b"].published.exists()
    assert "warehouse_prog-a" in refreshed.instance.event_log_storage.get_concurrency_keys()


def test_results_of_checks_are_a_programs_own(refreshed: Shared) -> None:
    states = {}
    for name in NAMES:
        key = dg.AssetCheckKey(dg.AssetKey([name, "kpi", "seats"]), CONTRACT)
        (verdict,) = verdicts(refreshed.instance, {key: Policy(True, {})}, "")
        states[name] = (verdict.state, verdict.name)
    said = f"kpi.seats: {CONTRACT}"
    assert states == {"prog-a": ("passed", said), "prog-b": ("missing", said)}


def test_a_backfill_of_a_programs_reviews_is_one_run_and_its_files(refreshed: Shared) -> None:
    months, place = ["2022-02", "2022-03"], refreshed.homes["prog-a"]
    refreshed.instance.add_backfill(
        PartitionBackfill.from_asset_partitions(
            "backfill",
            asset_graph=refreshed.daemon.create_request_context().asset_graph,
            partition_names=months,
            asset_selection=[dg.AssetKey(["prog-a", "publication", "seat_review"])],
            backfill_timestamp=time(),
            tags={},
            dynamic_partitions_store=refreshed.instance,
            all_partitions=False,
            title=None,
            description=None,
            run_config=None,
        )
    )
    with ThreadPoolExecutor(1) as pool:  # other tests' browser keeps an event loop in this thread
        errors = pool.submit(lambda: [error for error in execute_backfill_iteration(refreshed.daemon, LOGGER) if error])
    assert errors.result() == []
    refreshed.dequeue()
    (run,) = refreshed.instance.get_runs(dg.RunsFilter(tags={"dagster/backfill": "backfill"}))
    assert (run.status.value, run.tags[CODE_LOCATION_TAG]) == ("SUCCESS", "prog-a")
    made = refreshed.instance.event_log_storage.get_materialized_partitions(
        dg.AssetKey(["prog-a", "publication", "seat_review"])
    )
    assert made == set(months)
    assert not refreshed.homes["prog-b"].reviews.exists() and place.operations.exists()


def test_files_that_land_start_a_run_of_their_program_alone(refreshed: Shared) -> None:
    (refreshed.homes["prog-b"].landing / "activity-2.csv").write_text("member,occurred_at,xp\nb,2022-02-03,5\n")
    before = {name: len(refreshed.runs(name)) for name in NAMES}
    now = get_current_datetime() + timedelta(days=2)
    with ThreadPoolExecutor(1) as pool:
        for seconds in (0, 90, 180):
            with freeze_time(now + timedelta(seconds=seconds)):
                list(execute_sensor_iteration(refreshed.daemon, LOGGER, None, pool))
    asked = {name: len(refreshed.runs(name)) - before[name] for name in NAMES}
    assert asked == {"prog-a": 0, "prog-b": 1}
    (queued,) = refreshed.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED]))
    refreshed.instance.report_run_canceled(queued)


def test_a_program_forgets_its_own_runs_and_no_others(refreshed: Shared) -> None:
    """Of those before, what the present rests on stays: in which tables were made last, and checks ran."""
    before = set(refreshed.instance.get_run_ids())
    old = {name: [finished(refreshed.instance, name) for _ in range(3)] for name in NAMES}
    assert prune(refreshed.instance, 1, "prog-a") == 2
    assert set(refreshed.instance.get_run_ids()) == {*before, old["prog-a"][-1], *old["prog-b"]}


def finished(instance: dg.DagsterInstance, name: str) -> str:
    """A run that ended well and made nothing."""
    run = dg.DagsterRun(
        "refresh", run_id=str(uuid4()), status=dg.DagsterRunStatus.SUCCESS, tags={CODE_LOCATION_TAG: name}
    )
    return instance.add_run(run).run_id
