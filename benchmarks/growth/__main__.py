"""Measures homes of several sizes in turn, and writes ``docs/benchmarks.json``, ``docs/benchmarks.md`` and its picture.

After every round, so that one that is broken off loses no other. What ``--keep`` keeps are the other sizes that
``docs/benchmarks.json`` has, of the same machine and versions.
``python -m benchmarks.growth [--rows N …] [--rounds N] [--peers-up-to ROWS] [--keep] [--docs FOLDER]``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import homes
from benchmarks.growth import measurements, page, picture
from benchmarks.growth.equality import COMPARED
from benchmarks.growth.measurements import Measurements, Size
from benchmarks.growth.peer import PEERS
from benchmarks.growth.rounds import measured
from benchmarks.runs import ROOT

SIZES = (1_000_000, 10_000_000, 100_000_000)


def main(arguments: list[str]) -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument(
        "--rows", type=int, action="append", help="of activity; repeatable; default: 1, 10, 100 million"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers-up-to", type=int, metavar="ROWS", help="none in larger homes: they take half a GB a million rows"
    )
    parser.add_argument("--keep", action="store_true", help="the other sizes that were measured on this machine")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    given = parser.parse_args(arguments)
    rows = given.rows or list(SIZES)
    command = _command(rows, given.rounds, given.peers_up_to)
    described = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], check=True, capture_output=True, text=True
    )
    build, day = described.stdout.strip(), datetime.now(UTC).date().isoformat()
    sizes = {number: Size(number, command, build, day) for number in rows}
    machine = measurements.this_machine()
    kept = _kept(given.docs, machine, sizes) if given.keep else []
    with tempfile.TemporaryDirectory() as folder:
        templates = {number: homes.make(Path(folder) / str(number), number) for number in rows}
        for _ in range(given.rounds):
            for number, size in sizes.items():
                peers = PEERS if given.peers_up_to is None or number <= given.peers_up_to else ()
                size.rounds.append(measured(templates[number], number, peers))
                done = [one for one in sizes.values() if one.rounds]
                write(Measurements(machine, [*kept, *done]), given.docs)


def write(found: Measurements, docs: Path) -> None:
    """The figures, the page that shows them, and its picture."""
    picture.draw(found, docs / page.PICTURE)
    measurements.write(found, docs / "benchmarks.json")
    (docs / "benchmarks.md").write_text(page.page(found, COMPARED), encoding="utf-8")


def _command(rows: list[int], rounds: int, peers_up_to: int | None) -> str:
    """What measures the same again, wherever it is written to."""
    options = [f"--rows {number}" for number in rows] + [f"--rounds {rounds}"]
    if peers_up_to is not None:
        options.append(f"--peers-up-to {peers_up_to}")
    return " ".join(["python -m benchmarks.growth", *options])


def _kept(docs: Path, machine: measurements.Machine, sizes: dict[int, Size]) -> list[Size]:
    before = measurements.read(docs / "benchmarks.json")
    if before.machine != machine:
        raise SystemExit(f"measured elsewhere: {before.machine}")
    return [one for one in before.sizes if one.rows not in sizes]


if __name__ == "__main__":
    main(sys.argv[1:])
