"""The composition root: assets, checks, jobs, schedules and the sensor, put together once.

Belongs here: ``build_defs``. Does not belong here: anything that they do, or a run of them (``run``). Loading this
module reads no data and imports no Great Expectations; it has Dagster in this process keep no message of an exception.
"""

from __future__ import annotations

import os
from functools import cache

import dagster as dg

from assets.core.settings import settings
from assets.models import build_tables
from assets.publication.gate import Policy
from assets.publication.pages import build_publication
from assets.raw.texts import texts
from assets.resources import LOCK_SECONDS, RunProgram, WarehouseResource, program_resource
from assets.staging.rows import rows
from checks.build import blocking_check_keys, build_checks, check_words
from fellowship_pipeline import masked
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.landing_sensor import build_landing_sensor
from fellowship_pipeline.program.settings import TIMEZONE, DagsterHistory, Schedules, Tables

HOME_VARIABLE = "FELLOWSHIP_HOME"
DEFS = "defs"
"""By which name Dagster finds the definitions of the home that the environment names."""
REVIEW_ASSETS = (
    "ops/seat_reviews", "ops/seat_offers", "ops/uncovered_days", "ops/review_decisions", "ops/review_differences",
    "kpi/review_summary", "kpi/what_if",
)  # fmt: skip


def build_defs(
    *,
    home: str | None = None,
    program: RunProgram | None = None,
    is_locked: bool = False,
    wait: float = LOCK_SECONDS,
) -> dg.Definitions:
    """Every asset, check, job, schedule and sensor of one home; schedules in the program's time zone, on if it says so.

    ``home`` defaults to ``$FELLOWSHIP_HOME``; without one the same graph loads, and a run fails with one line.
    ``program``: that of the one run to come, which is left to every run otherwise. ``is_locked``: the caller holds the
    home's lock. ``wait``: seconds, for another program that has the warehouse open.
    """
    place = home if home is not None else os.environ.get(HOME_VARIABLE, "")
    timezone, schedules, history, tables = _settings(program or RunProgram(place))
    status = dg.DefaultScheduleStatus.RUNNING if schedules.start else dg.DefaultScheduleStatus.STOPPED
    checks = build_checks()
    blocking = blocking_check_keys()
    policies = {dg.AssetCheckKey(*key): Policy(key in blocking, words) for key, words in check_words().items()}
    refresh = dg.define_asset_job(
        "refresh",
        selection=dg.AssetSelection.all(),
        description="Everything: files, tables, checks, pages.",
    )
    review = dg.define_asset_job(
        "seat_review",
        selection=dg.AssetSelection.assets(*REVIEW_ASSETS).upstream(),
        description="The month's seat review and the offers, without publishing anything.",
    )
    return dg.Definitions(
        assets=[texts, rows, settings, build_tables(), build_publication(policies)],
        asset_checks=checks,
        jobs=[refresh, review],
        schedules=[
            dg.ScheduleDefinition(
                name="daily_refresh",
                job=refresh,
                cron_schedule="0 6 * * *",
                execution_timezone=timezone,
                default_status=status,
                description="Everything, every morning.",
            ),
            dg.ScheduleDefinition(
                name="monthly_seat_review",
                job=review,
                cron_schedule="0 7 1 * *",
                execution_timezone=timezone,
                default_status=status,
                description="The seat review, on the 1st.",
            ),
        ],
        sensors=[build_landing_sensor(place, refresh, start=schedules.start)],
        resources={
            "program": program or program_resource(place),
            "warehouse": WarehouseResource(
                home=place,
                is_locked=is_locked,
                wait=wait,
                keep_runs=history.keep_runs,
                memory_mb=tables.memory_mb,
            ),
        },
        executor=dg.in_process_executor,
    )


def _settings(program: RunProgram) -> tuple[str, Schedules, DagsterHistory, Tables]:
    """What Dagster has to know of the program; the defaults, where there is no program or a mistake is in it."""
    try:
        said = program.load()
    except UserError:
        return TIMEZONE, Schedules(), DagsterHistory(), Tables()
    return said.timezone, said.schedules, said.dagster, said.tables


masked.redact()


def __dir__() -> list[str]:
    return [*globals(), DEFS]


def __getattr__(name: str) -> dg.Definitions:
    """``defs``, which Dagster looks for; `fellowship run` has its own and leaves it unmade."""
    if name != DEFS:
        raise AttributeError(name)
    return _defs()


@cache
def _defs() -> dg.Definitions:
    return build_defs()
