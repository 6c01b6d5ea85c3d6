"""The composition root: assets, checks, jobs, schedules and sensors, put together once.

Belongs here: ``build_defs``. Does not belong here: anything that they do, or a run of them (``run``). Loading this
module reads no data and imports no Great Expectations; it has Dagster in this process keep no message of an exception.
"""

from __future__ import annotations

import os
from functools import cache

import dagster as dg
import duckdb
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy
from dagster._core.storage.tags import RETRY_STRATEGY_TAG

from assets.core.settings import build_settings
from assets.describe import asset_key
from assets.models import build_tables
from assets.publication import told
from assets.publication.gate import Policy
from assets.publication.pages import build_publication
from assets.publication.seat_review import SEAT_REVIEW, build_seat_review, months_of, review_inputs
from assets.raw.texts import build_texts
from assets.resources import LOCK_SECONDS, RunProgram, WarehouseResource, program_resource
from assets.sql import made_tables
from assets.staging.rows import build_rows
from checks.build import blocking_check_keys, build_checks, check_words
from checks.freshness import build_freshness_checks
from checks.remembered import stopping
from fellowship_pipeline import masked
from fellowship_pipeline.alarm_sensor import build_alarm_sensor
from fellowship_pipeline.apart import ALONE, Apart, Location
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.landing_sensor import build_landing_sensor
from fellowship_pipeline.program import Program, parse_program
from fellowship_pipeline.review_schedule import build_review_schedule
from fellowship_pipeline.warehouse import facts

HOME_VARIABLE = "FELLOWSHIP_HOME"
DEFS = "defs"
"""By which name Dagster finds the definitions of the home that the environment names."""
REVIEW_TABLES = (
    "ops.seat_reviews", "ops.seat_offers", "ops.uncovered_days", "ops.review_decisions", "ops.review_differences",
    "kpi.review_summary", "kpi.what_if",
)  # fmt: skip


def build_defs(
    *,
    home: str | None = None,
    program: RunProgram | None = None,
    apart: Apart = ALONE,
    is_locked: bool = False,
    wait: float = LOCK_SECONDS,
) -> dg.Definitions:
    """Every asset, check, job, schedule and sensor of one home; schedules in the program's time zone, on if it says so.

    ``home`` defaults to ``$FELLOWSHIP_HOME``; without one the same graph loads, and a run fails with one line.
    ``program``: that of the one run to come, which is left to every run otherwise. ``apart``: what it is called on a
    Dagster that it shares with others. ``is_locked``: the caller holds the home's lock. ``wait``: seconds, for another
    program that has the warehouse open.
    """
    place = home if home is not None else os.environ.get(HOME_VARIABLE, "")
    said = _said(program or RunProgram(place))
    status = dg.DefaultScheduleStatus.RUNNING if said.schedules.start else dg.DefaultScheduleStatus.STOPPED
    checks = [*build_checks(said.languages[0], made_tables(), apart), *build_freshness_checks(said, apart)]
    blocking = blocking_check_keys()
    policies = {
        dg.AssetCheckKey(key.with_prefix(apart.prefix), name): Policy((key, name) in blocking, words)
        for (key, name), words in check_words().items()
    }
    tags = {RETRY_STRATEGY_TAG: ReexecutionStrategy.ALL_STEPS.value}
    seat_review = SEAT_REVIEW.with_prefix(apart.prefix)
    refresh = dg.define_asset_job(
        "refresh",
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(seat_review),
        tags=tags,
        description="Everything: files, tables, checks, pages.",
    )
    review = dg.define_asset_job(
        "seat_review",
        selection=dg.AssetSelection.assets(*(asset_key(key, apart) for key in REVIEW_TABLES)).upstream()
        | dg.AssetSelection.assets(seat_review),
        tags=tags,
        description="A month's seat review as a file for operators, and the offers, without publishing anything.",
    )
    months = months_of(min((rule.from_ for rule in said.review.rules), default=None), said.timezone)
    return dg.Definitions(
        assets=[
            build_texts(apart),
            build_rows(apart),
            build_settings(apart),
            build_tables(told.places(said), apart),
            build_publication(policies, apart),
            build_seat_review(months, _unsound, apart),
        ],
        asset_checks=checks,
        jobs=[refresh, review],
        schedules=[
            dg.ScheduleDefinition(
                name="daily_refresh",
                job=refresh,
                cron_schedule="0 6 * * *",
                execution_timezone=said.timezone,
                default_status=status,
                description="Everything, every morning.",
            ),
            build_review_schedule(place, review, months, status, apart),
        ],
        sensors=[
            build_landing_sensor(place, refresh, apart, start=said.schedules.start),
            build_alarm_sensor(place, start=said.schedules.start),
        ],
        resources={
            "program": program or program_resource(place),
            "warehouse": WarehouseResource(
                home=place,
                is_locked=is_locked,
                wait=wait,
                keep_runs=said.dagster.keep_runs,
                location=apart.name,
                memory_mb=said.tables.memory_mb,
            ),
        },
        executor=dg.in_process_executor,
    )


def _said(program: RunProgram) -> Program:
    """The program, of which Dagster has to know a few settings; one that says nothing, where a mistake is in it."""
    try:
        return program.load()
    except UserError:
        return parse_program("program: {id: none}\nsources: {}\n")


def _unsound(con: duckdb.DuckDBPyConnection) -> str | None:
    """What a blocking check has found of the tables that a seat review is made of; None where nothing was."""
    tables = [table for table in TABLES if table.key in review_inputs()]
    return next((f"{key}: {result.words.en}" for key, result in stopping(tables, facts.known(con))), None)


masked.redact()


def __dir__() -> list[str]:
    return [*globals(), DEFS]


def __getattr__(name: str) -> dg.Definitions:
    """``defs``, which Dagster looks for; `fellowship run` has its own and leaves it unmade.

    So is what a workspace of several programs asks for: see ``apart.Location``.
    """
    location = Location.read(name)
    if name != DEFS and location is None:
        raise AttributeError(name)
    return _defs(location)


@cache
def _defs(location: Location | None) -> dg.Definitions:
    return build_defs(home=location.home, apart=Apart(location.name)) if location else build_defs()
