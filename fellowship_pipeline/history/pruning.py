"""How much of its past an instance keeps: the newest runs, and whatever the present rests on.

A run adds megabytes of events; without an end a daily run fills a disk. Belongs here: what is forgotten, and giving its
room back. Does not belong here: ticks, which Dagster forgets by itself as ``dagster.yaml`` says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    AssetEventTagsTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._core.storage.tags import CODE_LOCATION_TAG

from fellowship_pipeline.history import snapshots

FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
AT_ONCE = 500
"""Runs per statement; databases take no list without end."""

LEAST_PAGES = 1024
"""A file with fewer pages than this (4 MB) is left as it is."""


def prune(instance: dg.DagsterInstance, keep: int, location: str = "") -> int:
    """Forgets the finished runs beyond the newest ``keep`` and returns how many.

    ``location``: the code location whose runs alone are counted and forgotten, where several share the instance.

    A run is kept in which a table was made last, or a check ran last: publication and Dagster's pages rest on it.
    Broken off anywhere, the next time goes on: a run's own record goes last. Where another process holds the records
    for long, all is left to the next time.
    """
    storage = instance.event_log_storage
    theirs = {CODE_LOCATION_TAG: location} if location else None
    old = instance.get_run_ids(dg.RunsFilter(statuses=FINISHED, tags=theirs))[keep:]
    if not old or not isinstance(storage, SqlEventLogStorage):
        return 0
    try:
        known, needed = snapshots.listed(instance), _needed(instance, storage)
        forgotten = [run_id for run_id in old if run_id not in needed]
        for at in range(0, len(forgotten), AT_ONCE):
            _forget(instance, storage, forgotten[at : at + AT_ONCE])
        if forgotten:
            snapshots.forget(instance, known)
            for file in _files(instance, storage):
                compact(file)
    except (sa.exc.OperationalError, sqlite3.OperationalError):
        return 0
    return len(forgotten)


def _files(instance: dg.DagsterInstance, storage: SqlEventLogStorage) -> Iterator[Path]:
    """The SQLite files that runs share."""
    if isinstance(storage, SqliteEventLogStorage):
        yield Path(storage.path_for_shard("index"))
    if file := snapshots.file_of(instance):
        yield file


def compact(file: Path) -> None:
    """Gives back the room of a SQLite file of which more than half is free."""
    with closing(sqlite3.connect(file, timeout=1)) as con:
        (pages,), (free,) = con.execute("pragma page_count").fetchone(), con.execute("pragma freelist_count").fetchone()
        if pages > LEAST_PAGES and free > pages / 2:
            con.execute("vacuum")


def _needed(instance: dg.DagsterInstance, storage: SqlEventLogStorage) -> set[str]:
    """The runs of every asset's last materialization and of every check's last result."""
    made = [record.asset_entry.last_materialization_record for record in instance.get_asset_records()]
    executions = AssetCheckExecutionsTable.c
    last = (
        sa.select(sa.func.max(executions.evaluation_event_storage_id))
        .where(executions.execution_status != "PLANNED")
        .group_by(executions.asset_key, executions.check_name)
    )
    query = sa.select(executions.run_id).where(executions.evaluation_event_storage_id.in_(last)).distinct()
    with storage.index_connection() as con:
        checked = [run_id for (run_id,) in con.execute(query)]
    return {*(record.run_id for record in made if record), *checked}


def _forget(instance: dg.DagsterInstance, storage: SqlEventLogStorage, run_ids: Sequence[str]) -> None:
    events, executions, event_tags = SqlEventLogStorageTable, AssetCheckExecutionsTable, AssetEventTagsTable
    theirs = sa.select(events.c.id).where(events.c.run_id.in_(run_ids))
    with storage.index_connection() as con:
        con.execute(event_tags.delete().where(event_tags.c.event_id.in_(theirs)))
        con.execute(executions.delete().where(executions.c.run_id.in_(run_ids)))
        con.execute(events.delete().where(events.c.run_id.in_(run_ids)))
    if isinstance(storage, SqliteEventLogStorage):
        _remove_files(storage, run_ids)
    for run_id in run_ids:
        if isinstance(instance.compute_log_manager, LocalComputeLogManager):
            instance.compute_log_manager.delete_logs(prefix=[run_id])
        instance.run_storage.delete_run(run_id)


def _remove_files(storage: SqliteEventLogStorage, run_ids: Collection[str]) -> None:
    """The events of a run have a file of their own."""
    for run_id in run_ids:
        file = Path(storage.path_for_shard(run_id))
        for each in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
            each.unlink(missing_ok=True)
