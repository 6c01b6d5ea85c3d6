"""A clean activity file read strictly and staged, against DuckDB's own ``read_csv`` in the same run.

Ratios, not seconds, are worth keeping: machines are noisy, so both take turns. ``python benchmarks/intake.py [ROWS]
[ROUNDS]``.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import Arrivals, take_in
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import load_program

PEER = "duckdb read_csv"
PROGRAM = """program: {id: bench}
arrival: {quiet_seconds: 0}
sources:
  activity: [{files: landing/activity.csv}]
"""
"""The two looks at a file follow each other at once, since waiting is no work."""


def seconds(work: Callable[[], object]) -> float:
    """Seconds of the wall clock that ``work`` takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def write(path: Path, rows: int) -> None:
    """A canonical activity file of that many rows, each of another member and second."""
    with warehouse.connect(None) as con:
        con.execute(
            "copy (select 'm' || (i % 20000) || '@example.org' as member, timestamp '2022-01-01' + to_seconds(i * 9) "
            "as occurred_at, 'course ' || (i % 400) as course, 'exercise' as kind, i % 250 as xp, i % 60 as minutes "
            "from range(?) as t(i)) "
            "to '" + str(path) + "' (header, timestampformat '%Y-%m-%dT%H:%M:%SZ')",
            [rows],
        )


def once(file: Path, sizes: list[int]) -> dict[str, float]:
    """Seconds of the peer, then of each step on the same file; ``sizes`` are the bytes of either's warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.landing.mkdir()
        home.program_file.write_text(PROGRAM)
        os.link(file, home.landing / "activity.csv")
        program = load_program(home.path)
        arrivals: list[Arrivals] = []
        with warehouse.connect(home.warehouse) as con:
            peer = seconds(lambda: con.execute("create table peer as select * from read_csv(?)", [str(file)]))
            con.execute("checkpoint")
            sizes[:] = [home.warehouse.stat().st_size]
            con.execute("drop table peer")
            con.execute("checkpoint")
            os.sync()
            taken = {
                PEER: peer,
                "arrival and archive": seconds(lambda: arrivals.append(take_in(home, program))),
                "strict reading": seconds(lambda: read_into(con, home, program, *arrivals)),
                "staging": seconds(lambda: stage(con, program)),
            }
        sizes.append(home.warehouse.stat().st_size)
        return taken


def main(rows: int, rounds: int) -> None:
    """Prints the median seconds of each step and their ratio to DuckDB's reader, and the peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "activity.csv"
        write(file, rows)
        os.sync()
        table = Table("step", "seconds", "of read_csv", title=f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB")
        sizes: list[int] = []
        taken = [once(file, sizes) for _ in range(rounds)]
    for step in taken[0]:
        ratio = median(one[step] / one[PEER] for one in taken)
        table.add_row(step, f"{median(one[step] for one in taken):.2f}", f"{ratio:.1f}")
    totals = [sum(one.values()) - one[PEER] for one in taken]
    ratios = [total / one[PEER] for total, one in zip(totals, taken, strict=True)]
    table.add_row("all", f"{median(totals):.2f}", f"{median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})")
    console = Console()
    console.print(table)
    console.print("on the disk: duckdb {:.0f} MB, the warehouse {:.0f} MB".format(*(size / 1e6 for size in sizes)))
    console.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*given, *(10_000_000, 5)[len(given) :])
