"""Runs that Dagster believes alive and that are not.

Belongs here: the proof that a run is dead, and ending it in the records. Does not belong here: what a process is
(``processes``). Whoever calls this holds the home's lock, so that no other run of the home is at work: one that lives
waits for the lock, and gives up after ten minutes.
"""

from __future__ import annotations

import time

import dagster as dg
from dagster._core.storage.dagster_run import RunRecord
from dagster._core.storage.tags import HIDDEN_TAG_PREFIX

from fellowship_pipeline.history import processes
from fellowship_pipeline.history.automation import has_daemon
from fellowship_pipeline.home import Home

HOME_TAG = f"{HIDDEN_TAG_PREFIX}fellowship_home"
PROCESS_TAG = f"{HIDDEN_TAG_PREFIX}fellowship_process"
"""Tags that the UI does not show: whoever may look at it need not know this machine."""

LEFT_SECONDS = 900.0
"""A run without a process that can be seen is dead after this time without a word: longer than any waits for a lock."""

WAITING = (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED)
UNFINISHED = [*WAITING, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def tags(home: Home) -> dict[str, str]:
    """What a run of this process says of itself, by which others see whether it lives."""
    return {HOME_TAG: str(home.path.resolve()), PROCESS_TAG: processes.here()}


def reap(instance: dg.DagsterInstance, home: Home) -> list[str]:
    """Ends the home's dead runs in the records, frees what they claimed, and returns their ids.

    Dead is a run whose process has ended; else, where no process of it can be seen, one of which nothing was heard for
    a quarter of an hour. A daemon that lives starts what is queued, and ends what does not start, by itself.
    """
    ended = []
    is_tended = has_daemon(instance)
    for record in instance.get_run_records(dg.RunsFilter(statuses=UNFINISHED)):
        if record.dagster_run.tags.get(HOME_TAG, str(home.path.resolve())) != str(home.path.resolve()):
            continue
        if _is_dead(record, is_tended=is_tended):
            _end(instance, record.dagster_run)
            ended.append(record.dagster_run.run_id)
    _free_claims(instance)
    return ended


def _is_dead(record: RunRecord, *, is_tended: bool) -> bool:
    run = record.dagster_run
    is_gone = processes.is_gone(run.tags[PROCESS_TAG]) if PROCESS_TAG in run.tags else None
    if is_gone is not None:
        return is_gone
    if is_tended and run.status in (*WAITING, dg.DagsterRunStatus.STARTING):
        return False
    return time.time() - record.update_timestamp.timestamp() > LEFT_SECONDS


def _end(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    if run.status == dg.DagsterRunStatus.QUEUED:
        instance.report_run_canceled(run, "it waited in the queue of a daemon that is gone")
    elif run.status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, "its process is gone")
    else:
        instance.report_run_failed(run, "its process is gone")


def _free_claims(instance: dg.DagsterInstance) -> None:
    """Gives back the places in pools that runs claimed which are over."""
    storage = instance.event_log_storage
    claims = [storage.get_concurrency_info(pool) for pool in storage.get_concurrency_keys()]
    for run_id in {run_id for claim in claims for run_id in (*claim.active_run_ids, *claim.pending_run_ids)}:
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            storage.free_concurrency_slots_for_run(run_id)
