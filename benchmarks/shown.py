"""How much of a home's figures a release shows: ``python benchmarks/shown.py HOME``.

By table, for the whole program and for slices: the figures that are shown, of those that the same release would have if
the program had no minima; what is left out altogether counts as not shown. A share said as an end (``≤5%``) is shown.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import Program, load_program
from fellowship_pipeline.release.build import Release, build_release
from fellowship_pipeline.release.policy import KEPT

NO_MINIMA = {"operational_minimum": 0, "sensitive_minimum": 0, "sensitive_base": 0}


@dataclass(frozen=True)
class Shown:
    """Figures of a table's rows of the whole program or of its slices: how many are shown, of how many."""

    table: str
    of: str
    shown: int
    figures: int


def shown(con: duckdb.DuckDBPyConnection, program: Program) -> list[Shown]:
    """By table, what the release of that warehouse shows."""
    free = program.model_copy(update={"privacy": program.privacy.model_copy(update=NO_MINIMA)})
    everything, release = build_release(con, free), build_release(con, program)
    return [
        Shown(table, of, counts, sum(_counted(everything, table).get(of, (0, 0))))
        for table in release.frames
        for of, (counts, _) in _counted(release, table).items()
    ]


def _counted(release: Release, table: str) -> dict[str, tuple[int, int]]:
    """Figures that are shown and that are not, of the whole program and of slices."""
    frame, contract = release.frames[table], TABLE_BY_KEY[f"kpi.{table}"]
    columns = [name for name in contract.column_names if name not in (*contract.grain, *KEPT[table])]
    labels = release.labels[table][columns].astype("string")
    at_end = labels.apply(lambda said: said.str.startswith(("≤", "≥")).fillna(value=False))
    is_shown = frame[columns].notna() | at_end.astype(bool)
    is_slice = frame["slice_by"] != "all" if "slice_by" in frame else pd.Series(False, index=frame.index)
    return {
        of: (int(is_shown[rows].sum().sum()), int((labels.notna() & ~is_shown)[rows].sum().sum()))
        for of, rows in (("whole program", ~is_slice), ("slices", is_slice))
    }


def main(home: Path) -> None:
    """Prints a line a table and the sum."""
    with warehouse.connect(Home(home).warehouse, read_only=True) as con:
        found = [one for one in shown(con, load_program(home)) if one.figures]
    total = Shown("all", "", sum(one.shown for one in found), sum(one.figures for one in found))
    for one in (*found, total):
        print(f"{one.table:22}{one.of:15}{one.shown:7}{one.figures:8}{100 * one.shown / one.figures:7.1f} %")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
