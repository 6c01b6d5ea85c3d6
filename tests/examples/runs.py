"""An example made and run once from end to end, and what its tests ask of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.init import new_home
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import RunSummary, run_home

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FELLOWSHIP_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
"""Real data, which the repository does not have."""


@dataclass(frozen=True)
class Ran:
    """A home after a run, with its warehouse open."""

    home: Home
    summary: RunSummary
    con: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Every row of the query."""
        found: list[tuple[object, ...]] = self.con.execute(sql).fetchall()
        return found

    def one(self, sql: str) -> tuple[object, ...]:
        """The only row of the query."""
        (row,) = self.rows(sql)
        return row

    @property
    def sections(self) -> list[str]:
        """The sections between the scorecard and the quality of the data, in order."""
        assert self.summary.published is not None
        page = self.summary.published.read_text(encoding="utf-8")
        return re.findall(r'<section id="(\w+)"', page)[1:-1]


@contextmanager
def ran(folder: Path, example: str, data: Path | None = None) -> Iterator[Ran]:
    """The example in a new home below ``folder``, run."""
    home = Home(folder / "home")
    new_home(home.path, example, data)
    summary = run_home(home, load_program(home.path))
    with warehouse.connect(home.warehouse, read_only=True) as con:
        yield Ran(home, summary, con)


def generated_twice(example: str, folder: Path) -> list[dict[str, bytes]]:
    """The files of the example's landing folder, made twice."""
    made = []
    for name in ("one", "two"):
        new_home(folder / name, example)
        landing = Home(folder / name).landing
        made.append({p.relative_to(landing).as_posix(): p.read_bytes() for p in landing.rglob("*") if p.is_file()})
    return made
