"""A year of Dagster's records: what a daily run, and a sensor that looks every minute, leave on the disk.

Every tick and every run goes through Dagster's own interface, and is forgotten as the settings of a home say: ticks by
their age, once an hour, runs by ``history.prune``. Runs make as many tables and checks as a real one, and nothing in
them. The figure to keep: what is there after a year is what was there when the first run was forgotten.
``python benchmarks/year.py [DAYS]`` prints each month as it ends.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import TickData, TickStatus

from fellowship_pipeline import history
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.instance import settle
from fellowship_pipeline.program.settings import DagsterHistory

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
METADATA = {"dagster/row_count": 1000, "columns": "x" * 600}
"""About what a table tells of itself, its lineage included."""


@dataclass(frozen=True)
class Load:
    """What a day brings. ``ticks``: of each of the two sensors, almost all of which ask for nothing."""

    tables: int = 130
    checks: int = 260
    ticks: dict[str, int] | None = None
    keep_runs: int = DagsterHistory().keep_runs

    @property
    def ticks_a_day(self) -> dict[str, int]:
        """By sensor: one a minute, and one every ten."""
        return self.ticks or {"landing": 24 * 60, "alarms": 24 * 6}


@dataclass(frozen=True)
class Records:
    """What is there at the end of a day: how many runs and ticks, and the bytes of all."""

    day: int
    runs: int
    ticks: int
    size: int


def days(folder: Path, number: int, load: Load) -> Iterator[Records]:
    """What is there after each of so many days, on an instance made in the folder."""
    home = Home(folder)
    settle(home)
    job = _job(load)
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        for day in range(number):
            began = BEGIN + timedelta(days=day)
            for sensor, times in load.ticks_a_day.items():
                for at in range(times):
                    moment = began + timedelta(days=at / times)
                    _tick(instance, sensor, moment, InstigatorType.SENSOR)
                    if at % max(1, times // 24) == 0:
                        _forget(instance, sensor, moment, InstigatorType.SENSOR)
            for schedule in ("daily_refresh", "monthly_seat_review"):
                _tick(instance, schedule, began + timedelta(hours=6), InstigatorType.SCHEDULE)
                _forget(instance, schedule, began + timedelta(hours=6), InstigatorType.SCHEDULE)
            if not job.execute_in_process(instance=instance, run_config=SILENT).success:
                raise RuntimeError("a run of nothing failed")
            history.prune(instance, load.keep_runs)
            sensors = [*load.ticks_a_day, "daily_refresh", "monthly_seat_review"]
            ticks = sum(len(instance.get_ticks(name, name)) for name in sensors)
            yield Records(day + 1, instance.get_runs_count(), ticks, _bytes(home.dagster))


def _tick(instance: dg.DagsterInstance, name: str, moment: datetime, kind: InstigatorType) -> None:
    """A tick that asks for nothing."""
    instance.create_tick(
        TickData(
            name,
            name,
            kind,
            TickStatus.SKIPPED,
            moment.timestamp(),
            skip_reason="no new file has stood still since the tick before",
            selector_id=name,
            end_timestamp=moment.timestamp() + 1,
        )
    )


def _forget(instance: dg.DagsterInstance, name: str, moment: datetime, kind: InstigatorType) -> None:
    """What the daemon forgets of those ticks."""
    for status, kept in instance.get_tick_retention_settings(kind).items():
        if kept > 0:
            before = (moment - timedelta(days=kept)).timestamp()
            instance.purge_ticks(name, selector_id=name, before=before, tick_statuses=[status])


def _job(load: Load) -> dg.JobDefinition:
    """A job that makes the tables, each of which has its share of the checks."""
    keys = [dg.AssetKey(["kpi", f"table_{number}"]) for number in range(load.tables)]

    @dg.multi_asset(specs=[dg.AssetSpec(key) for key in keys])
    def tables() -> Iterator[dg.MaterializeResult[None]]:
        for key in keys:
            yield dg.MaterializeResult(asset_key=key, metadata=METADATA)

    checked = [(keys[number % load.tables], f"check_{number}") for number in range(load.checks)]

    @dg.multi_asset_check(specs=[dg.AssetCheckSpec(name, asset=key) for key, name in checked])
    def checks() -> Iterator[dg.AssetCheckResult]:
        for key, name in checked:
            yield dg.AssetCheckResult(asset_key=key, check_name=name, passed=True)

    defs = dg.Definitions(
        assets=[tables], asset_checks=[checks], jobs=[dg.define_asset_job("refresh")], executor=dg.in_process_executor
    )
    return defs.resolve_job_def("refresh")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main(number: int) -> None:
    """Prints what is there at the end of every thirtieth day, and of the last."""
    print("  day  runs  ticks     MB", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for found in days(Path(folder), number, Load()):
            if found.day % 30 == 0 or found.day == number:
                print(f"{found.day:5} {found.runs:5} {found.ticks:6,} {found.size / 1e6:6.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
