"""Very many tiny files in the landing folder: what the sensor's ticks and the runs cost.

The figure to keep: no tick over 10 seconds, and a run that finds nothing new opens no file. ``python
benchmarks/many_files.py [FILES]``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sized
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import take_in, waiting
from fellowship_pipeline.program import load_program

PROGRAM = "program: {id: bench}\narrival: {quiet_seconds: 0}\nsources:\n  activity: [{files: landing/*.csv}]\n"


def timed(work: Callable[[], Sized]) -> tuple[float, int]:
    """Seconds of the wall clock, and how many files it came to."""
    began = perf_counter()
    count = len(work())
    return perf_counter() - began, count


def main(files: int) -> None:
    """Prints the seconds of every tick until all files are known, of the run that takes them in, and of the next."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.landing.mkdir()
        home.program_file.write_text(PROGRAM)
        for number in range(files):
            (home.landing / f"{number:06}.csv").write_text(f"member,occurred_at\nm{number},2022-01-01\n")
        program = load_program(home.path)
        table = Table("step", "seconds", "files", title=f"{files:,} tiny files")

        def row(step: str, work: Callable[[], Sized]) -> int:
            seconds, count = timed(work)
            table.add_row(step, f"{seconds:.2f}", f"{count:,}")
            return count

        found = row("first tick", lambda: waiting(home, program))
        while found < files:
            found = row("tick", lambda: waiting(home, program))
        row("run", lambda: take_in(home, program).received)
        row("tick after it", lambda: waiting(home, program))
        row("run after it", lambda: take_in(home, program).received)
        Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
