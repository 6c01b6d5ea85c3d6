"""A peer, as a process: the exports of a home, six tables of them, and these as Parquet.

Belongs here: what the peers have in common. Does not belong here: what is polars, or pandas.
``python -m benchmarks.growth.peer polars|pandas LANDING OUT AS_OF [--loaded]``: with ``--loaded`` the exports are read
into memory first, and it says the CPU seconds that the tables then take.
"""

from __future__ import annotations

import argparse
import importlib
import time
from datetime import date
from pathlib import Path

PEERS = ("polars", "pandas")


def made(peer: str, landing: Path, out: Path, as_of: date, is_loaded: bool) -> float:
    """Writes the tables; CPU seconds that making them took, of what is in memory or with the reading."""
    library = importlib.import_module(f"benchmarks.growth.{peer}_peer")
    exports = library.exports(landing)
    if is_loaded:
        exports = library.in_memory(exports)
    before = time.process_time()
    tables = library.tables(exports, as_of)
    taken = time.process_time() - before
    out.mkdir(parents=True, exist_ok=True)
    for key, table in tables.items():
        library.write(table, out / f"{key}.parquet")
    return taken


def main() -> None:
    """Says the CPU seconds of the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("landing", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("as_of", type=date.fromisoformat)
    parser.add_argument("--loaded", action="store_true")
    given = parser.parse_args()
    print(made(given.peer, given.landing, given.out, given.as_of, given.loaded))


if __name__ == "__main__":
    main()
