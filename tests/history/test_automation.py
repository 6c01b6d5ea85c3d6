"""What starts by itself: as somebody said in Dagster, else as the program says, and only while a daemon lives."""

from __future__ import annotations

import time

import dagster as dg
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    ScheduleInstigatorData,
)
from dagster._daemon.types import DaemonHeartbeat

from fellowship_pipeline.history import Automation, automation

pytestmark = pytest.mark.slow


@dg.job
def nothing() -> None: ...


def defined(start: bool) -> dg.RepositoryDefinition:
    status = dg.DefaultScheduleStatus.RUNNING if start else dg.DefaultScheduleStatus.STOPPED
    daily = dg.ScheduleDefinition(name="daily", job=nothing, cron_schedule="0 6 * * *", default_status=status)

    @dg.sensor(name="landing", job=nothing)
    def landing() -> None: ...

    return dg.Definitions(jobs=[nothing], schedules=[daily], sensors=[landing]).get_repository_def()


def say(instance: dg.DagsterInstance, name: str, status: InstigatorStatus) -> None:
    """What the switch on Dagster's page writes."""
    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("fellowship_pipeline"), "__repository__")
    origin = RemoteInstigatorOrigin(repository, name)
    if name == "landing":
        instance.add_instigator_state(InstigatorState(origin, InstigatorType.SENSOR, status))
    else:
        data = ScheduleInstigatorData("0 6 * * *")
        instance.add_instigator_state(InstigatorState(origin, InstigatorType.SCHEDULE, status, data))


def test_as_defined_until_somebody_says_otherwise(instance: dg.DagsterInstance) -> None:
    assert automation(instance, defined(start=False)).states == {"daily": "stopped", "landing": "stopped"}
    assert automation(instance, defined(start=True)).states == {"daily": "running", "landing": "stopped"}
    say(instance, "daily", InstigatorStatus.STOPPED)
    say(instance, "landing", InstigatorStatus.RUNNING)
    assert automation(instance, defined(start=True)).states == {"daily": "stopped", "landing": "running"}


def test_a_daemon_is_there_while_it_beats(instance: dg.DagsterInstance) -> None:
    assert not automation(instance, defined(start=True)).has_daemon
    instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - 400, "SENSOR", "d", []))
    assert not automation(instance, defined(start=True)).has_daemon
    instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - 200, "SENSOR", "d", []))
    assert automation(instance, defined(start=True)).has_daemon


def test_what_keeps_runs_from_starting_is_said() -> None:
    assert Automation({"daily": "running"}, has_daemon=True).problems() == []
    assert Automation({"daily": "stopped", "landing": "stopped"}, has_daemon=True).problems() == [
        "stopped in Dagster: daily, landing; start them on its page Automation"
    ]
    (no_daemon,) = Automation({"daily": "running"}, has_daemon=False).problems()
    assert no_daemon.startswith("no Dagster daemon is at work: nothing runs by itself")
