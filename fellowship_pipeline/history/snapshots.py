"""What Dagster keeps of the graph and the plan of runs: one copy of each that differed, without an end.

A run of other assets, or of another version of the program, leaves another, of up to a megabyte. Belongs here: which of
them no run refers to any more. Does not belong here: which runs are kept (``pruning``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.runs import SqliteRunStorage, SqlRunStorage
from dagster._core.storage.runs.schema import SnapshotsTable

AT_ONCE = 500
"""Snapshots per statement; databases take no list without end."""


def listed(instance: dg.DagsterInstance) -> list[str]:
    """The ids of all."""
    storage = instance.run_storage
    if not isinstance(storage, SqlRunStorage):
        return []
    with storage.connect() as con:
        return [snapshot for (snapshot,) in con.execute(sa.select(SnapshotsTable.c.snapshot_id))]


def forget(instance: dg.DagsterInstance, known: Collection[str]) -> int:
    """Forgets those of ``known`` that no run refers to, and returns how many.

    ``known``: listed a while ago. A run that another process begins now stores its snapshots before it is itself
    stored; what came since is left alone.
    """
    storage = instance.run_storage
    if not isinstance(storage, SqlRunStorage):
        return 0
    runs = instance.get_runs()
    needed = {snapshot for run in runs for snapshot in (run.job_snapshot_id, run.execution_plan_snapshot_id)}
    if not set(known) - needed:
        return 0
    needed |= set(_parents(instance, {run.job_snapshot_id for run in runs if run.job_snapshot_id}))
    old = [snapshot for snapshot in known if snapshot not in needed]
    with storage.connect() as con:
        for at in range(0, len(old), AT_ONCE):
            con.execute(SnapshotsTable.delete().where(SnapshotsTable.c.snapshot_id.in_(old[at : at + AT_ONCE])))
    return len(old)


def file_of(instance: dg.DagsterInstance) -> Path | None:
    """The SQLite file that holds runs and snapshots; None where they are elsewhere."""
    storage = instance.run_storage
    if not isinstance(storage, SqliteRunStorage):
        return None
    with storage.connect() as con:
        database = con.engine.url.database
    return Path(database) if database else None


def _parents(instance: dg.DagsterInstance, jobs: Collection[str]) -> Iterator[str]:
    """Of graphs of some assets those of all, which Dagster's pages show beside them."""
    for job in jobs:
        lineage = instance.get_job_snapshot(job).lineage_snapshot if instance.has_job_snapshot(job) else None
        if lineage:
            yield lineage.parent_snapshot_id
