"""One round in a home: the product's runs, and beside them what others take for less.

Belongs here: what is measured, in which order. Does not belong here: how a page shows it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from subprocess import CalledProcessError

from benchmarks.growth.cost import KILLED, Cost, cost_of
from benchmarks.growth.equality import compared
from benchmarks.growth.measurements import PRODUCT, Costs, Round
from benchmarks.runs import ROOT, changes_of, copy_of, runs
from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home

READ_CSV = "read_csv"
_READ_CSV = """\
import duckdb, sys
with duckdb.connect(sys.argv[1]) as con:
    con.read_csv(sys.argv[2]).create("activity")
"""


def measured(template: Home, rows: int, peers: Sequence[str]) -> Round:
    """Of a home made of that many rows; raises NotEqual where a peer's figures are not the product's."""
    with copy_of(template) as home:
        taken = runs(ROOT, home, changes_of(rows))
        as_of, out = _as_of(home), home.path / "peers"
        readings: Costs = {READ_CSV: _read(home, out)}
        queries: Costs = {PRODUCT: _queried(home, out)}
        cells = 0
        for peer in peers:
            readings[peer] = _peer(peer, home, out / peer, as_of)
            queries[peer] = _peer(peer, home, out / f"{peer}_loaded", as_of, "--loaded")
            for made in (readings[peer] and out / peer, queries[peer] and out / f"{peer}_loaded"):
                cells += compared(home.warehouse, made) if made else 0
        return Round(dict(taken), readings, queries, cells)


def _as_of(home: Home) -> date:
    with warehouse.connect(home.warehouse, read_only=True) as con:
        ((day,),) = con.execute("select as_of from core.parameters").fetchall()
    assert isinstance(day, date)
    return day


def _read(home: Home, out: Path) -> Cost:
    """What DuckDB takes to have the rows of activity in a table, and nothing else."""
    out.mkdir()
    cost, _ = cost_of(["-c", _READ_CSV, str(out / "bare.duckdb"), str(home.landing / "activity*.csv")], ROOT)
    return cost


def _queried(home: Home, out: Path) -> Cost:
    """The tables, made anew in a copy of the warehouse."""
    place = out / "copy.duckdb"
    shutil.copyfile(home.warehouse, place)
    cost, said = cost_of(["-m", "benchmarks.growth.product", str(place)], ROOT)
    place.unlink()
    return replace(cost, cpu=float(said))


def _peer(peer: str, home: Home, out: Path, as_of: date, *options: str) -> Cost | None:
    """From the exports or, where they are loaded first, of the tables alone; None where memory does not do."""
    command = ["-m", "benchmarks.growth.peer", peer, str(home.landing), str(out), as_of.isoformat(), *options]
    try:
        cost, said = cost_of(command, ROOT)
    except CalledProcessError as error:
        if error.returncode == KILLED:
            return None
        raise
    return replace(cost, cpu=float(said)) if options else cost
