"""An erasure that broke off, finished by a run of Dagster's own as far as such a run can.

Dagster writes the records of that very run into HOME/dagster: these, and the proof with its notice, are left to the
next `fellowship run`. Belongs here: around which runs that is done. Does not belong here: erasing (``forgetting``).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from logging import Logger

import dagster as dg

from fellowship_pipeline.forgetting import erasure
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.program import load_program

EVERYTHING = "refresh"
"""The job that makes and publishes everything anew."""

REST = (
    "an erasure that was interrupted is done but for Dagster's records:"
    " the next `fellowship run HOME` removes them, proves that nothing is left and gives the notice"
)


@contextmanager
def taken_up(home: Home, run: dg.DagsterRun, log: Logger) -> Iterator[None]:
    """What interrupted erasures leave to do before the run and after it; nothing around a run of some assets."""
    if run.job_name != EVERYTHING or run.asset_selection or run.step_keys_to_execute:
        yield
        return
    resumed = erasure.resume(home, load_program(home.path), in_dagster=True)
    yield
    if resumed and _is_published(home, run):
        erasure.finish_in_dagster(home)
        log.warning(REST)


def _is_published(home: Home, run: dg.DagsterRun) -> bool:
    manifest = home.release / MANIFEST
    return manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8"))["run_id"] == run.run_id
