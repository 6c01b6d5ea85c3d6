"""Dagster's daemon killed while a run is going on, all of it or only what it started; and the home run again.

A daemon is started on a home, a run is put into its queue, and some time after the run's first step comes SIGKILL: to
the whole process group, to the daemon alone (its run goes on, and is awaited), or to all but the daemon. The figures to
keep: what readers see is whole; the next ``fellowship run`` comes through without a traceback, ends in Dagster what
never ended, and makes the tables of a home that nobody disturbed; every file is entered once.

``python benchmarks/daemon.py [--times N]``; each time takes the seconds of about three runs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks import breaking, tiny  # noqa: E402
from benchmarks.breaking import SEED, figure, private_place  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.home.instance import settle  # noqa: E402
from fellowship_pipeline.intake.landing.ledger import Ledger  # noqa: E402

DAEMON = ("-m", "dagster._daemon", "run", "-m", "fellowship_pipeline.definitions")
LAUNCH = ("-m", "dagster", "job", "launch", "-m", "fellowship_pipeline.definitions", "-j", "refresh")
GOING_ON, OVER = ("STARTED",), ("SUCCESS", "FAILURE", "CANCELED")
LATEST = 20.0
"""Seconds after a run's start up to which it is killed; runs of such a home rarely take longer."""
PATIENCE = 1800.0


def _environment(home: Home) -> dict[str, str]:
    places = {"FELLOWSHIP_HOME": str(home.path), "DAGSTER_HOME": str(home.dagster)}
    return {**os.environ, **places, "PYTHONPATH": str(ROOT), "DAGSTER_DISABLE_TELEMETRY": "1"}


def statuses(home: Home) -> list[str]:
    """The status of every run that Dagster knows."""
    file = home.dagster / "history" / "runs.db"
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as con:
            return [status for (status,) in con.execute("select status from runs order by id").fetchall()]
    except sqlite3.OperationalError:
        return []


def until(happened: Callable[[], bool]) -> None:
    """Waits for it; raises TimeoutError where it does not happen."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen")
        time.sleep(0.1)


@contextmanager
def daemon(home: Home, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon as long as the block, with all that it started."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, *DAEMON],
            env=_environment(home),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            killed(started_by(process), process)


def started_by(process: subprocess.Popen[bytes]) -> list[int]:
    """The ids of all that it started, and what those started: of its process group."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            _, _, fields = file.read_text(encoding="utf-8").rpartition(")")
            if int(fields.split()[2]) == process.pid != int(file.parent.name):
                found.append(int(file.parent.name))
    return found


def killed(others: list[int], process: subprocess.Popen[bytes] | None = None) -> None:
    """SIGKILL to those, and to the daemon where it is given; waits until they are no more."""
    if process is not None:
        process.send_signal(signal.SIGKILL)
        process.wait()
    for one in others:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    until(lambda: not any(map(_lives, others)))


def _lives(one: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        _, _, fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")
        return fields.split()[0] != "Z"
    return False


def break_off(home: Home, log: Path, kind: str, after: float) -> bool:
    """Starts a run by the daemon and kills; whether the run was still going on."""
    with daemon(home, log) as process:
        subprocess.run([sys.executable, *LAUNCH], env=_environment(home), check=True, capture_output=True)
        until(lambda: any(status in (*GOING_ON, *OVER) for status in statuses(home)[-1:]))
        time.sleep(after)
        is_going_on = statuses(home)[-1] in GOING_ON
        if kind == "all but the daemon":
            killed(started_by(process))
        elif kind == "the daemon alone":
            others = started_by(process)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(LATEST)  # its run has no daemon any more
            killed(others)
    return is_going_on


KINDS = ("everything", "all but the daemon", "the daemon alone")


def examined(home: Home, alone: Home) -> Iterator[str]:
    """What is wrong with a home of which the daemon was killed, before and after the next run."""
    if home.release.is_symlink() and not tiny.is_whole(home.release):
        yield "published/current is not whole"
    code, lines = tiny.run(home)
    if code or any(line.startswith("Traceback") for line in lines):
        yield f"exit {code}: {lines[-1:]}"
        return
    if left := [status for status in statuses(home) if status not in OVER]:
        yield f"never ended: {left}"
    if tiny.figures(home) != tiny.figures(alone):
        yield "other rows in core or kpi"
    received = Counter(event["path"] for event in Ledger(home.ledger).events() if event["event"] == "received")
    if max(received.values()) > 1 or len(received) != len(list(home.landing.iterdir())):
        yield f"entered: {received}"


def main() -> int:
    """Prints what came of it; 1 where something was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=3, help="how often a daemon is killed")
    times, chance, going_on, wrong = parser.parse_args().times, random.Random(SEED), 0, []
    with private_place() as folder:
        start = tiny.laid(Home(folder / "start"), tiny.FILES)
        alone = Home(next(breaking.copies(start.path, folder / "alone")))
        tiny.run_well(alone)
        copies = breaking.copies(start.path, folder / "scratch")
        for number in range(times):
            home, kind, after = Home(next(copies)), KINDS[number % len(KINDS)], chance.uniform(0, LATEST)
            settle(home)
            going_on += break_off(home, folder / "daemon.log", kind, after)
            found = list(examined(home, alone))
            wrong += [f"{kind} killed {after:.1f} s after the run began: {one}" for one in found]
            print(f"{kind}: {len(found)} wrong", file=sys.stderr)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    figure("daemon: broken off", times)
    figure("daemon: a run was going on", going_on)
    figure("daemon: lost, doubled, torn, stuck, or ended in a traceback", len(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
