"""``docs/benchmarks.md`` of what was measured: every figure in it comes from there.

Belongs here: tables, and the words about them. Does not belong here: measuring, or the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from benchmarks.growth.cost import Cost
from benchmarks.growth.measurements import PRODUCT, Costs, Measurements, Round, Size
from benchmarks.growth.peer import PEERS
from benchmarks.growth.rounds import READ_CSV
from benchmarks.runs import FIRST

PICTURE = "images/benchmarks.svg"
NO_MEMORY = "out of memory"
NOTHING = "–"

_TOP = """\
# Benchmarks

What runs cost as a home grows, beside polars, pandas and a bare `read_csv`, which do less. Written by `make bench-all`;
`benchmarks.json` beside this page has every measurement. Homes are those of `benchmarks/homes.py`: two years, 20,000
members with a seat each per million rows of activity, 500 groups, and a few members who do most of the learning.

CPU seconds are user and system of a whole process tree; peak memory is that of its largest process. Figures are medians
over the rounds, and ratios are medians of the ratios within a round, in which everything ran in turn: below 1 is less.

{machine}

| rows | rounds | day | build | command |
| --- | --- | --- | --- | --- |
{made_by}
"""

_RUNS = """
## Runs

A run makes every table, checks it, and writes pages and lists. *first*: of everything. *nothing new*: of the same
files. *another target*: after a line of `program.yaml` has changed. *one more day*: with the export of the day after.
*late rows*: with a small export of a month that ended a year before.
"""

_READINGS = """
## From exports

Of the CSV files that lie there after those runs, `read_csv` has the rows of activity in a DuckDB table; polars and
pandas make six tables and write them to Parquet: {tables}. Their scripts are `benchmarks/growth/polars_peer.py` and
`pandas_peer.py`. The product's first run makes and checks all its tables, and publishes.
"""

_QUERIES = """
## Six tables alone

From rows that are typed already. The product's are staged in its warehouse, and it makes there the six tables and all
that stand between; the peers have rows and tables in memory. CPU seconds are those of the tables; the peak is that of
the whole process.
"""

_EQUAL = """
In every round, each cell of the peers' tables was compared with the product's, and was equal: {cells} cells in all.
"""

_GROWTH = (
    """
## Growth

![CPU seconds and peak memory by rows]("""
    + PICTURE
    + """)

CPU seconds, and between two sizes by how much they grew: times as many rows, times as many seconds.
"""
)


def page(measured: Measurements, compared: Sequence[str]) -> str:
    """The page; ``compared``: keys of the six tables."""
    sizes = sorted(measured.sizes, key=lambda size: size.rows)
    made_by = "\n".join(
        f"| {one.rows:,} | {len(one.rounds)} | {one.day} | `{one.build}` | `{one.command}` |" for one in sizes
    )
    cells = sum(one.cells for size in sizes for one in size.rounds)
    return "".join(
        [
            _TOP.format(machine=_machine(measured), made_by=made_by),
            _RUNS,
            _table("run", sizes, _runs, [FIRST]),
            _READINGS.format(tables=", ".join(f"`{key}`" for key in compared)),
            _table("what", sizes, _from_exports, [READ_CSV, *PEERS]),
            _QUERIES,
            _table("by", sizes, _queries, PEERS),
            _EQUAL.format(cells=f"{cells:,}"),
            _GROWTH,
            _growth(sizes),
        ]
    )


def series(one: Round) -> Costs:
    """What is followed from size to size."""
    return {**{f"run: {name}": cost for name, cost in one.runs.items()}, **one.readings}


def _runs(one: Round) -> Costs:
    return one.runs


def _queries(one: Round) -> Costs:
    return one.queries


def _from_exports(one: Round) -> Costs:
    return {f"{PRODUCT}, first run": one.runs[FIRST], **one.readings}


def _machine(measured: Measurements) -> str:
    machine = measured.machine
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    return (
        f"{machine.processor}, {machine.cores} cores, {machine.memory / 2**30:.0f} GiB of memory, {machine.system};"
        f" {versions}."
    )


def _table(what: str, sizes: Sequence[Size], costs: Callable[[Round], Costs], others: Sequence[str]) -> str:
    """A line for everything measured at every size: CPU seconds, peak, and both of those of others."""
    heads = [f"of {name}" for name in others]
    lines = [["rows", what, "CPU s", *heads, "peak MB", *heads]]
    for size in sizes:
        for name in costs(size.rounds[0]):
            of = _Of(size, costs, name)
            cpu = [_shown(of.median(lambda cost: cost.cpu), ".1f", NO_MEMORY)]
            cpu += [_shown(of.ratio(other, lambda cost: cost.cpu), ".2f") for other in others]
            peak = [_shown(of.median(lambda cost: cost.peak / 1e6), ",.0f")]
            peak += [_shown(of.ratio(other, lambda cost: cost.peak), ".2f") for other in others]
            lines.append([f"{size.rows:,}", name, *cpu, *peak])
    return _markdown(lines)


class _Of:
    """One thing that was measured, at one size."""

    def __init__(self, size: Size, costs: Callable[[Round], Costs], name: str) -> None:
        self._size, self._costs, self._name = size, costs, name

    def median(self, part: Callable[[Cost], float]) -> float | None:
        def found(one: Round) -> float | None:
            cost = self._costs(one).get(self._name)
            return None if cost is None else part(cost)

        return self._size.median(found)

    def ratio(self, other: str, part: Callable[[Cost], float]) -> float | None:
        def found(one: Round) -> float | None:
            cost, base = (self._costs(one).get(name) for name in (self._name, other))
            return None if cost is None or base is None else part(cost) / part(base)

        return self._size.median(found)


def _growth(sizes: Sequence[Size]) -> str:
    """CPU seconds by size, and the growth from each to the next."""
    heads = ["what", f"{sizes[0].rows:,} rows"]
    for smaller, larger in pairwise(sizes):
        heads += [f"{larger.rows:,} rows", f"for {larger.rows / smaller.rows:g} times the rows"]
    lines = [heads]
    for name in series(sizes[0].rounds[0]):
        seconds = [_Of(size, series, name).median(lambda cost: cost.cpu) for size in sizes]
        line = [name, _shown(seconds[0], ".1f")]
        for before, after in pairwise(seconds):
            grown = None if before is None or after is None else after / before
            line += [_shown(after, ".1f"), _shown(grown, ".2f")]
        lines.append(line)
    return _markdown(lines)


def _shown(value: float | None, form: str, nothing: str = NOTHING) -> str:
    return nothing if value is None else format(value, form)


def _markdown(lines: list[list[str]]) -> str:
    head, *rows = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join(["", head, f"|{' --- |' * len(lines[0])}", *rows, ""])
