"""A headless run of everything in this process, on the home's own Dagster instance, and its summary.

Belongs here: starting, following and summing up one run. Does not belong here: what is run (``definitions``), the lock
(its caller holds it), words on a terminal (``cli``).
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from datetime import date
from difflib import get_close_matches
from time import monotonic
from typing import TextIO, cast

import dagster as dg
import duckdb
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.utils import make_new_run_id
from dagster_shared.check import CheckError
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from assets.describe import STANDS
from assets.publication import standing
from assets.publication.doubtful import TOLD
from assets.publication.earlier import told_operators
from assets.publication.pages import DASHBOARD, OPERATIONS
from assets.publication.warnings import revisions, warnings
from assets.resources import LOCK_SECONDS, RunProgram
from assets.sql import made_tables
from checks.build import check_words
from fellowship_pipeline import history, masked, warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.definitions import build_defs
from fellowship_pipeline.errors import LockHeld, UserError, unrecorded
from fellowship_pipeline.health.warehouse import used
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import set_aside
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.home.instance import SETTINGS, settle
from fellowship_pipeline.intake.landing.arrival import Arrivals
from fellowship_pipeline.intake.landing.nameless import with_names
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.program import Program
from fellowship_pipeline.standing import RunSummary
from fellowship_pipeline.stopwatch import Stopwatch

DASHBOARD_KEY = ".".join(DASHBOARD.path)

_NO = dg.MetadataValue.bool(False)

TABLES_STEP = "tables"
"""The step that tells of each table that it makes."""

LAYER_OF_STEP = {"texts": "raw", "rows": "staging", "settings": "core", "publication": "publication"}
"""Of the steps that are no checks."""

UNRECORDED = "Exception while writing logger call to event log"

_ENDS = (
    dg.DagsterEventType.STEP_SUCCESS,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.STEP_SKIPPED,
)


def run_home(
    home: Home,
    program: Program,
    *,
    as_of: date | None = None,
    select: str | None = None,
    destroys_now: bool = False,
    makes_all: bool = False,
    engine: str | None = None,
    restates: bool = False,
    arrivals: Arrivals | None = None,
    wait: float = LOCK_SECONDS,
    on_step: Callable[[str, float, float], None] = lambda name, done, total: None,
) -> RunSummary:
    """Runs everything (or, where there is a warehouse, the assets of ``select``, comma-separated ``layer/table``).

    In this process; the caller holds the home's lock. ``as_of``: the day that tables are of, in the place of the one
    that the data reaches; what is published of another stands beside (``generation.other_day``). ``destroys_now``,
    ``makes_all``, ``restates``, ``engine``, ``arrivals``: see ``RunProgram``. ``wait``: seconds, for another program
    that has the warehouse open. ``on_step`` is told the name of each piece that is done, of how many seconds those done
    are by the last run, and of how many all are. Raises UserError for what a user can cause, LockHeld where that other
    program did not let go.
    """
    began = monotonic()
    asked = RunProgram(
        str(home.path),
        as_of,
        program,
        arrivals,
        destroys_now=destroys_now,
        makes_all=makes_all,
        restates=restates,
        engine=engine,
    )
    defs = build_defs(home=str(home.path), program=asked, is_locked=True, wait=wait)
    job = defs.resolve_job_def("refresh")
    selection = _selection(select, set(job.asset_layer.executable_asset_keys)) if select else None
    said: list[str] = []
    broken: list[BaseException] = []
    if selection and not home.warehouse.exists():
        said.append(f"there was no warehouse, so that everything was made, not only {select}")
        selection = None
    with used(home), _instance(home, said.append) as instance, masked.listening(broken.append):
        history.reap(instance, home)
        run_id = make_new_run_id()
        watch = Stopwatch(home, _planned(job, selection))

        def listen(event: dg.EventLogEntry) -> None:
            if event.dagster_event and (piece := _finished(event.dagster_event)):
                watch.finished(*piece)
                on_step(piece[1], *watch.progress())

        instance.add_event_listener(run_id, listen)
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            tags=history.tags(home),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
            asset_selection=selection,
        )
        watch.remember()
        history.prune(instance, program.dagster.keep_runs)
        runs_by_itself = history.automation(instance, defs.get_repository_def())
    refused = _failures(result, broken, home)
    unmet = [check for check in result.get_asset_check_evaluations() if not check.passed]
    failed = refused + [
        f"{'.'.join(check.asset_key.path)}: {check.check_name}"
        for check in unmet
        if check.severity == dg.AssetCheckSeverity.ERROR
    ]
    words = check_words()
    warned = [
        f"{'.'.join(check.asset_key.path)}: {words[check.asset_key, check.check_name]['en']}"
        for check in unmet
        if check.severity == dg.AssetCheckSeverity.WARN
        and check.check_name not in TOLD
        and (check.asset_key, check.check_name) in words
    ]
    materialized = {
        ".".join(happened.asset_key.path): bool(happened.materialization.metadata.get(STANDS, _NO).value)
        for happened in result.filter_events(lambda happened: happened.is_step_materialization)
        if happened.asset_key
    }
    with warehouse.connect(home.warehouse, read_only=True) as con:
        seen = _as_of(con)
        told = [TABLE_BY_KEY[key] for key in materialized if key in TABLE_BY_KEY]
        count = sum(warehouse.count(con, table) for table in told)
        notes = warnings(con, home, program, named=True) if seen else []
        other_day = generation.other_day(con, program) if seen else None
        if seen and (other := generation.of_another_day(con, program)):
            said.append(f"{other}; what is current stays as it was")
    page = (home.other_days / f"{other_day}" if other_day else home.release) / "dashboard.html"
    is_published = result.success and DASHBOARD_KEY in materialized
    since = standing.since(home) if is_published and materialized[DASHBOARD_KEY] else None
    if is_published and since is None and not other_day:
        notes += revisions(json.loads(page.with_name(MANIFEST).read_text(encoding="utf-8"))["revised"])
    if is_published and not other_day:
        notes += told_operators(home)
    idle = runs_by_itself.problems() if program.schedules.start else []
    return RunSummary(
        run_id=run_id,
        as_of=seen,
        ok=result.success and not failed,
        published=page if is_published else None,
        failed_checks=failed,
        warned_checks=sorted(warned),
        warnings=[*said, *(note["en"] for note in notes), *idle],
        automation=runs_by_itself,
        tables=len(told),
        stood=sum(materialized[table.key] for table in told),
        rows=count,
        seconds=round(monotonic() - began, 1),
        stands_since=since,
        profile=watch.pieces,
    )


def _as_of(con: duckdb.DuckDBPyConnection) -> date | None:
    """The day that the tables are of; None where a run that broke off left none."""
    try:
        ((seen,),) = con.execute("select as_of from core.parameters").fetchall()
    except (duckdb.CatalogException, ValueError):
        return None
    day: date = seen
    return day


def _planned(job: dg.JobDefinition, selection: Sequence[dg.AssetKey] | None) -> set[str]:
    """The names of the pieces of a run: steps, and the tables of the step that makes them one by one."""
    part = job.get_subset(asset_selection=set(selection)) if selection else job
    tables = {".".join(key.path) for key in part.asset_layer.selected_asset_keys}
    return {*part.graph.node_dict, *(made_tables().keys() & tables)} - {TABLES_STEP}


def _finished(event: dg.DagsterEvent) -> tuple[str, str] | None:
    """Layer and name of the piece of a run that an event ends."""
    if event.step_key == TABLES_STEP:
        key = event.asset_key if event.is_step_materialization else None
        return (key.path[0], ".".join(key.path)) if key else None
    if event.step_key and event.event_type in _ENDS:
        return LAYER_OF_STEP.get(event.step_key, "checks"), event.step_key
    return None


@contextmanager
def _instance(home: Home, say: Callable[[str], None]) -> Iterator[dg.DagsterInstance]:
    """The home's own Dagster instance, made where there is none; settings that Dagster refuses are set aside."""
    event.listen(Engine, "connect", _without_waiting_for_the_disk)
    try:
        said_once = redirect_stderr(cast("TextIO", _SaidOnce(sys.stderr)))
        with said_once, _configured(home, say) as instance, history.kept_open(instance):
            yield instance
    except (sqlite3.Error, DBAPIError) as error:
        raise unrecorded(error, home.dagster) or error from None
    finally:
        event.remove(Engine, "connect", _without_waiting_for_the_disk)


class _SaidOnce:
    """A stream without what Dagster writes of a record that it could not keep: the run ends in a line that says so."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        return len(text) if text.startswith(UNRECORDED) else self._stream.write(text)


def _configured(home: Home, say: Callable[[str], None]) -> dg.DagsterInstance:
    settle(home)
    settings = home.dagster / "dagster.yaml"
    try:
        return dg.DagsterInstance.from_config(str(home.dagster))
    except (dg.DagsterError, CheckError, TypeError, AttributeError, ImportError):
        if settings.read_text(encoding="utf-8") == SETTINGS.read_text(encoding="utf-8"):
            raise
    say(f"dagster/dagster.yaml: Dagster refuses it; set aside as {set_aside(settings)}, written anew")
    return _configured(home, say)


def _without_waiting_for_the_disk(connection: object, _record: object) -> None:
    """Writes Dagster's event log, a record and no data, without fsync: a quarter of the time, lost only with power."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")


def _selection(select: str, known: Collection[dg.AssetKey]) -> list[dg.AssetKey]:
    """``kpi/seats,kpi.adoption`` → asset keys, each with its siblings made by the same step."""
    chosen = [dg.AssetKey(name.strip().replace(".", "/").split("/")) for name in select.split(",") if name.strip()]
    for key in chosen:
        if key not in known:
            name = key.to_user_string()
            near = get_close_matches(name, [other.to_user_string() for other in known], n=1)
            raise UserError(f"--select {name}: no such asset" + (f"; did you mean {near[0]}?" if near else ""))
    return [*chosen, OPERATIONS] if DASHBOARD in chosen else chosen


def _failures(result: dg.ExecuteInProcessResult, broken: Sequence[BaseException], home: Home) -> list[str]:
    """Why steps refused to go on, in words, files by their names; ``broken``: the exceptions that ended steps.

    Raises KeyboardInterrupt where the run was interrupted, UserError and LockHeld where a step ended in one,
    RuntimeError where a step broke.
    """
    for error in broken:
        if isinstance(error, DagsterExecutionInterruptedError | KeyboardInterrupt):
            raise KeyboardInterrupt
        if isinstance(error, UserError | LockHeld):
            raise type(error)(with_names(home, str(error)))
    refused = []
    for happened in result.filter_events(lambda happened: happened.is_step_failure):
        data = happened.step_failure_data
        if data.user_failure_data is None:
            raise RuntimeError(f"step {happened.step_key} broke") from next(iter(broken), None)
        refused.append(str(data.user_failure_data.description))
    return refused
