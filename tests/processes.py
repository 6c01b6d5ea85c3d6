"""Commands as processes of their own: what a shell, Dagster's daemon and a signal do to a home."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from fellowship_pipeline.home import Home

COMMAND = "from fellowship_pipeline.cli import main; main()"
DAGSTER = ("-m", "dagster", "job", "execute", "-m", "fellowship_pipeline.definitions", "-j", "refresh")


def fellowship(*arguments: str) -> subprocess.Popen[str]:
    """``fellowship …``."""
    return _started("-c", COMMAND, *arguments)


def dagster_job(home: Home) -> subprocess.Popen[str]:
    """The job that a daemon launches, on the home's own Dagster."""
    return _started(*DAGSTER, FELLOWSHIP_HOME=str(home.path), DAGSTER_HOME=str(home.dagster))


def _started(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **environment},
    )


def until(happened: Callable[[], bool], seconds: float = 300) -> None:
    """Waits for it; fails where it does not happen."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def run_statuses(home: Home) -> dict[str, str]:
    """Every run that Dagster knows, the oldest first, and its status."""
    with closing(sqlite3.connect(home.dagster / "history" / "runs.db")) as con:
        return dict(con.execute("select run_id, status from runs order by id"))


def steps_done(home: Home, run_id: str) -> int:
    """How many steps of a run have ended well; none while its file is being made."""
    file = home.dagster / "history" / "runs" / f"{run_id}.db"
    query = "select count(*) from event_logs where dagster_event_type = 'STEP_SUCCESS'"
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as con:
            return int(con.execute(query).fetchall()[0][0])
    except sqlite3.OperationalError:
        return 0


def interrupted(home: Home, number: signal.Signals, steps: int = 3) -> tuple[int, str]:
    """A run of everything that gets a signal after so many steps: its exit code, and what it said on stderr."""
    before = set(run_statuses(home))
    with fellowship("run", str(home.path), "--all") as process:
        until(lambda: len(run_statuses(home)) > len(before))
        (run_id,) = set(run_statuses(home)) - before
        until(lambda: steps_done(home, run_id) >= steps)
        process.send_signal(number)
        _, said = process.communicate(timeout=600)
    return process.returncode, said
