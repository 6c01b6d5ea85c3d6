"""The schedule of the monthly seat review: asked every morning, it waits until the month reviewed is covered whole.

What was made and confirmed is in the home, not in Dagster's records, which are pruned. A tick only reads, and reads the
warehouse as the last run left it; taking in what came is for the daily run and the landing sensor. Belongs here: for
which months a run is asked for, and why for others it is not. Does not belong here: the review (``assets``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES
from dagster._core.storage.tags import CODE_LOCATION_TAG, PARTITION_NAME_TAG

from fellowship_pipeline.apart import ALONE, Apart

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program

WAITED_FOR = 3
"""Review months that are still waited for: the one that has begun, and those before it."""


def build_review_schedule(
    home: str,
    job: UnresolvedAssetJobDefinition,
    months: dg.MonthlyPartitionsDefinition,
    status: dg.DefaultScheduleStatus = dg.DefaultScheduleStatus.STOPPED,
    apart: Apart = ALONE,
) -> dg.ScheduleDefinition:
    """A schedule that asks for ``job`` once for each month that is covered, and neither made nor confirmed."""

    @dg.schedule(
        name="monthly_seat_review",
        job=job,
        cron_schedule="0 7 * * *",
        execution_timezone=months.timezone,
        default_status=status,
        description="The seat review of the month that has begun, once every day of the month before is covered.",
    )
    def monthly_seat_review(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        if not home:
            return dg.SkipReason("FELLOWSHIP_HOME is not set")
        from fellowship_pipeline.errors import LockHeld, UserError  # noqa: PLC0415 - a tick needs them, loading does not
        from fellowship_pipeline.home import Home  # noqa: PLC0415

        today = context.scheduled_execution_time.astimezone(ZoneInfo(months.timezone)).date()
        keys = [f"{month:%Y-%m}" for month in _latest(today)]
        there = set(months.get_partition_keys(current_time=context.scheduled_execution_time))
        known = [key for key in keys if key in there]
        if not known:
            return dg.SkipReason(
                f"no rule is for {keys[0]} or a month before, as program.yaml was when this was loaded"
            )
        try:
            reasons = dict(_reasons(Home(Path(home)), known, context.instance, apart))
        except (UserError, LockHeld) as error:
            return dg.SkipReason(f"{error}; tried again tomorrow")
        if due := [key for key in known if reasons[key] is None]:
            return [dg.RunRequest(run_key=key, partition_key=key) for key in due]
        return dg.SkipReason("; ".join(str(reason) for reason in reasons.values()))

    return monthly_seat_review


def _latest(today: date) -> Iterator[date]:
    """The 1st of each review month that is waited for, the latest first."""
    month = today.replace(day=1)
    for _ in range(WAITED_FOR):
        yield month
        month = (month - timedelta(days=1)).replace(day=1)


def _reasons(
    home: Home, keys: list[str], instance: dg.DagsterInstance, apart: Apart
) -> Iterator[tuple[str, str | None]]:
    """Why no run is asked for, by month; None where one is. Raises UserError, and LockHeld while a run is at work."""
    from assets.publication.months import file_of  # noqa: PLC0415 - DuckDB is heavy; only a tick needs it
    from fellowship_pipeline import warehouse  # noqa: PLC0415
    from fellowship_pipeline.errors import UserError  # noqa: PLC0415
    from fellowship_pipeline.home import decisions  # noqa: PLC0415
    from fellowship_pipeline.program import load_program  # noqa: PLC0415

    program, issued = load_program(home.path), decisions.load(home)
    if not home.warehouse.exists():
        raise UserError("there are no tables yet: the job `refresh` makes them")
    with warehouse.connect(home.warehouse, read_only=True) as con:
        needed = ("core.parameters", "core.review_months", "ops.uncovered_days")
        if lacking := warehouse.lacking(con, needed):
            raise UserError(f"the warehouse lacks {lacking[0]}: the job `refresh` makes it")
        for key in keys:
            month = date.fromisoformat(f"{key}-01")
            theirs = {PARTITION_NAME_TAG: key, **({CODE_LOCATION_TAG: apart.name} if apart.name else {})}
            running = dg.RunsFilter(tags=theirs, statuses=NOT_FINISHED_STATUSES)
            if issued.of(month):
                yield key, f"the review of {key} is confirmed"
            elif file_of(home, month).exists():
                yield key, f"the review of {key} was made"
            elif instance.get_runs_count(running):
                yield key, f"a run for {key} is on its way"
            else:
                yield key, _why_not(con, program, month)


def _why_not(con: duckdb.DuckDBPyConnection, program: Program, month: date) -> str | None:
    """Why the tables give no review of that month."""
    from assets.publication.months import why_none  # noqa: PLC0415
    from fellowship_pipeline.intake.reading import generation  # noqa: PLC0415

    return generation.of_another_day(con, program) or why_none(con, month)
