"""That Spark begins nothing: on a cluster without a free core it waits without end, and without a word.

Belongs here: seeing that no task begins, and saying so once. Does not belong here: what is asked of Spark (``spark``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.shell.progress import StageInfo

PATIENCE = 60.0
"""Seconds without a task until it is said."""

TOLD = (
    "waiting: for %.0f seconds Spark has begun no task: the cluster has no free core, or no worker with the memory "
    "that is asked for; end what holds them or add workers, and this run goes on by itself"
)

_LOG = logging.getLogger(__name__)
"""Its warnings are on stderr, unless whoever runs this process wants them elsewhere."""


@contextmanager
def told(spark: SparkSession) -> Iterator[Callable[[], bool]]:
    """Says it of what is asked of Spark in the block, which goes on waiting. Gives whether a task has begun."""
    with _begun(spark) as has_begun:
        clock = threading.Timer(PATIENCE, _tell, [has_begun])
        clock.daemon = True
        clock.start()
        try:
            yield has_begun
        finally:
            clock.cancel()
            clock.join()


def _tell(has_begun: Callable[[], bool]) -> None:
    with suppress(Exception):  # of a Spark that is gone, which the block is told
        if not has_begun():
            _LOG.warning(TOLD, PATIENCE)


@contextmanager
def _begun(spark: SparkSession) -> Iterator[Callable[[], bool]]:
    """Whether a task has begun since: by Connect as the server tells, else as the session knows."""
    from pyspark.sql import is_remote  # noqa: PLC0415 - an extra, and it takes a second

    if not is_remote():
        tracker = spark.sparkContext.statusTracker()
        before = set(tracker.getJobIdsForGroup())

        def has_begun() -> bool:
            jobs = [tracker.getJobInfo(number) for number in set(tracker.getJobIdsForGroup()) - before]
            stages = [tracker.getStageInfo(number) for job in jobs if job for number in job.stageIds]
            return any(stage.numActiveTasks or stage.numCompletedTasks for stage in stages if stage)

        yield has_begun
        return
    seen = threading.Event()

    def note(stages: Iterable[StageInfo], inflight_tasks: int, operation_id: str | None, done: bool) -> None:
        if inflight_tasks or any(stage.num_completed_tasks for stage in stages):
            seen.set()

    spark.registerProgressHandler(note)  # type: ignore[arg-type]  # anything callable will do
    try:
        yield seen.is_set
    finally:
        spark.removeProgressHandler(note)  # type: ignore[arg-type]
