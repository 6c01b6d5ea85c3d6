"""Every cell of generated programs: the units behind it are as many as the cell says, and make its figure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isclose
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import duckdb
import pytest

from fellowship_pipeline.explain.cells import Values, rows_of
from fellowship_pipeline.explain.explaining import Explanation, counts_of, taken_apart
from fellowship_pipeline.explain.figures import COLUMNS, OF_HEADLINES, Figure, Spread
from fellowship_pipeline.explain.units import select
from fellowship_pipeline.home import Home
from fellowship_pipeline.warehouse.names import identifier
from tests.truth.generate import generate
from tests.truth.harness import modeled

pytestmark = pytest.mark.slow

SEEDS = range(1026, 1046)
RANDOM_CELLS = 100

FIGURES = (*COLUMNS, *OF_HEADLINES)
TABLES = sorted({figure.table.key for figure in FIGURES} | {"ops.seat_reviews"})


def test_the_units_behind_every_cell_make_it() -> None:
    found, filled = [], set()
    for seed in SEEDS:
        with modeled(generate(seed), TABLES) as con:
            for figure in FIGURES:
                found += [f"seed {seed}: {figure.name} {line}" for line in differences(con, figure)]
                if any(cell[figure.column] for cell in cells_of(con, figure)):
                    filled.add(figure.name)
    assert not found, "\n".join(found[:20])
    assert {figure.name for figure in FIGURES} - filled == set()


def cells_of(con: duckdb.DuckDBPyConnection, figure: Figure) -> list[Values]:
    where = f" where kpi = '{figure.headline.kpi}'" if figure.headline else ""
    return rows_of(con, f"select * from {figure.table.key}{where}")


def differences(con: duckdb.DuckDBPyConnection, figure: Figure) -> Iterator[str]:
    """Cells of which the units say something else than the table, and those that only one of the two has."""
    grain = [name for name in figure.table.grain if name != "kpi"]
    keys = ", ".join(map(identifier, grain))
    numerator, denominator = counts_of(figure)
    of_units = (
        f"select {keys}, sum({numerator}) as numerator, sum({denominator}) as denominator,"
        f" {figure.formula.sql()} as made from ({select(figure.units)}) where {now(con, figure)} group by {keys}"
    )
    units = {key(row, grain): row for row in rows_of(con, of_units)}
    for cell in cells_of(con, figure):
        made = units.pop(key(cell, grain), {"made": None, "numerator": None, "denominator": None})
        if not same(made["made"], cell[figure.column]):
            yield f"{key(cell, grain)}: units make {made['made']}, the table says {cell[figure.column]}"
        named = ("numerator", "denominator") if figure.headline else (numerator, denominator)
        for count, name in zip(("numerator", "denominator"), named, strict=True):
            if name in cell and not same(made[count] or 0, cell[name] or 0):
                yield f"{key(cell, grain)}: {made[count]} units in {name}, the table says {cell[name]}"
    yield from (f"{place}: units, and no cell" for place in units)


def now(con: duckdb.DuckDBPyConnection, figure: Figure) -> str:
    """Of a headline whose units are of many days those that it counts."""
    if figure.now is None:
        return "true"
    ((day,),) = con.execute(figure.now).fetchall()
    return f"{figure.period} is not distinct from {'null' if day is None else repr(str(day))}"


def key(row: Values, grain: list[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in grain)


def same(mine: Any, other: Any) -> bool:
    if mine is None or other is None:
        return mine is other
    return isclose(float(mine), float(other), rel_tol=1e-9, abs_tol=1e-12)


def test_of_random_cells_the_rows_listed_give_the_figure_in_plain_python(tmp_path: Path) -> None:
    rng = Random(15)
    explained = 0
    for seed in rng.sample(range(2000, 3000), 10):
        with modeled(generate(seed), TABLES) as con:
            cells = [(figure, cell) for figure in FIGURES for cell in cells_of(con, figure)]
            for name in sorted({figure.name for figure, _ in cells}):
                figure, cell = rng.choice([pair for pair in cells if pair[0].name == name])
                slices = [f"{column}={cell[column] if cell[column] is not None else ''}" for column in grain_of(figure)]
                found = taken_apart(con, Home(tmp_path), figure, slices, None)
                assert found.agrees
                assert found.cell.rows == [cell]
                assert same(recomputed(figure, found), cell[figure.column]), f"seed {seed} {name} {slices}"
                assert all(unit.lines for unit in found.units if unit.person and unit.numerator), f"seed {seed} {name}"
                explained += 1
    assert explained >= RANDOM_CELLS


def grain_of(figure: Figure) -> list[str]:
    return [name for name in figure.table.grain if name != "kpi"]


def recomputed(figure: Figure, found: Explanation) -> Fraction | float | None:
    if isinstance(figure.formula, Spread):
        values = [unit.numerator for unit in found.units if unit.numerator is not None]
        return None if not values else min(values) if figure.formula.function == "min" else median(values)
    above, below = (
        [getattr(unit, count) for unit in found.units] for count in ("numerator", "denominator")
    )  # fmt: skip
    if not below or all(count is None for count in below) or all(count is None for count in above):
        return None
    denominator = sum(Fraction(count) for count in below if count is not None)
    return sum(Fraction(count) for count in above if count is not None) / denominator if denominator else None
