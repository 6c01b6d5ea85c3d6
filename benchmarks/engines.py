"""What a first run costs by DuckDB, on Spark, and of a table of a lake: ``python -m benchmarks.engines [--rows N …]``.

In CPU seconds of the whole process tree, Spark's own processes included, in this machine; in turn, on homes of the same
rows. Of the lake also what is in the home afterwards. Prints the table of ``docs/cluster.md``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks import homes
from benchmarks.growth.cost import cost_of
from benchmarks.runs import COMMAND, ROOT, copy_of
from fellowship_pipeline.home import Home

LOCAL = "local[2]"
FILES = "[{files: landing/activity*.csv}]"


def costs(rows: int) -> dict[str, tuple[float, int]]:
    """CPU seconds of a first run, and the bytes of the home after it, by what it was made of and by."""
    with tempfile.TemporaryDirectory() as folder:
        template, lake = homes.make(Path(folder) / "home", rows), Path(folder) / "lake"
        lake.mkdir()
        of_files = f"engine: {{spark: {{master: '{LOCAL}'}}}}\n"
        of_lake = f"engine: {{spark: {{master: '{LOCAL}', storage: '{folder}/storage'}}}}\n"
        found = {"duckdb": _cost(template), "spark": _cost(template, of_files)}
        text = f"read_csv('{template.landing}/activity*.csv', types = {{'occurred_at': 'timestamp'}})"
        duckdb.sql(f"copy (from {text}) to '{lake}/activity.parquet' (format parquet)")
        for file in template.landing.glob("activity*.csv"):
            file.unlink()
        found["lake"] = _cost(template, of_lake, f"[{{table: 'parquet.`{lake}`'}}]")
    return found


def _cost(template: Home, engine: str = "", activity: str = FILES) -> tuple[float, int]:
    with copy_of(template) as home:
        home.program_file.write_text(home.program_file.read_text().replace(FILES, activity) + engine)
        cost, _ = cost_of(["-c", COMMAND, "run", str(home.path)], ROOT)
        return cost.cpu, sum(file.stat().st_size for file in home.path.rglob("*") if file.is_file())


def main(rows: list[int]) -> int:
    """Prints a line for each size."""
    print(f"| rows | DuckDB, CPU s | Spark {LOCAL}, CPU s | ratio | of a lake, CPU s | home afterwards, MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for number in rows:
        found = costs(number)
        (here, _), (there, _), (lake, left) = found["duckdb"], found["spark"], found["lake"]
        print(f"| {number:,} | {here:.0f} | {there:.0f} | {there / here:.1f} | {lake:.0f} | {left >> 20} |", flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    sys.exit(main(parser.parse_args().rows or [1_000_000, 10_000_000]))
