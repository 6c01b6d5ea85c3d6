"""``python -m tests.engine.both FIRST LAST [EXAMPLE …]``: the same tables, by DuckDB and on Spark.

Generated programs of those seeds by their models; examples as whole runs, what is published byte for byte. Belongs
here: making both, telling what differs. Does not belong here: dividing without Spark (``tests.truth.divisions``).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from assets import parts
from assets.distributed import Cluster
from assets.sql import made_tables
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.home import Home
from fellowship_pipeline.init import new_home
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import run_home
from tests.truth.divisions import OTHERS, rows
from tests.truth.generate import generate
from tests.truth.harness import modeled

LOCAL = "local[2]"
OF_REAL_DATA = ("ds4owd", "oulad")
OF_THE_RUN = re.compile(
    rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[^\"< ]*|[0-9a-f]{8}-[0-9a-f-]{27}|20\d\d-\d\d-\d\d \d\d:\d\d"
)
"""When a run was, and which: no two agree in it."""


def program_differences(seed: int, cluster: Cluster) -> Iterator[str]:
    """A line for each table of a generated program that Spark makes otherwise."""
    with modeled(generate(seed), made_tables()) as con:
        expected = {key: rows(con, key) for key in made_tables()}
        for key in made_tables():
            warehouse.drop(con, TABLE_BY_KEY[key])
        for stage in parts.stages():
            if stage.in_parts:
                cluster.make_stage(con, stage)
                continue
            for key in stage.keys:
                OTHERS[key].run(con) if key in OTHERS else parts.make_whole(con, key)
        yield from (f"seed {seed}: {key}" for key, there in expected.items() if rows(con, key) != there)


def example_differences(example: str, address: str, folder: Path, number: int = 5) -> Iterator[str]:
    """A line for each table and each published file of an example that Spark makes otherwise."""
    homes = [Home(folder / name) for name in ("duckdb", "spark")]
    data = os.environ.get("FELLOWSHIP_TEST_DATA") if example in OF_REAL_DATA else None
    new_home(homes[0].path, example, Path(data) if data else None)
    shutil.copytree(homes[0].path, homes[1].path)
    way = "remote" if address.startswith("sc:") else "master"
    with homes[1].program_file.open("a", encoding="utf-8") as file:
        file.write(f"\nengine: {json.dumps({'spark': {way: address, 'parts': number}})}\n")
    for home in homes:
        assert run_home(home, load_program(home.path)).ok
    with (
        warehouse.connect(homes[0].warehouse, read_only=True) as here,
        warehouse.connect(homes[1].warehouse, read_only=True) as there,
    ):
        made = made_tables()
        yield from (f"{example}: {key}" for key in made if rows(here, key) != rows(there, key))
    own, other = (published(home) for home in homes)
    yield from (f"{example}: {name}" for name in sorted(own.keys() | other.keys()) if own.get(name) != other.get(name))


def published(home: Home) -> dict[str, bytes]:
    """What is published, by name, but for when, and in which run; DuckDB's own file is told by its tables' files."""
    release = home.release.resolve()
    return {
        str(file.relative_to(release)): OF_THE_RUN.sub(b"", file.read_bytes())
        for file in release.rglob("*")
        if file.is_file() and file.suffix != ".duckdb" and file.name != "manifest.json"
    }


def main(first: int, last: int, *examples: str) -> int:
    """Prints what differs; 1 where anything does."""
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        with Cluster(LOCAL, Path(folder) / "parts", 5) as cluster:
            for seed in range(first, last + 1):
                for line in program_differences(seed, cluster):
                    found += 1
                    print(line, flush=True)
        print(f"{last - first + 1} programs on both engines: {found} tables differ", flush=True)
        for example in examples:
            lines = list(example_differences(example, LOCAL, Path(folder) / example))
            found += len(lines)
            print("\n".join([*lines, f"{example}: {len(lines)} tables and files differ"]), flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
