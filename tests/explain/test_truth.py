"""Every cell of generated programs: the units behind it are as many as the cell says, and make its figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import isclose
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import duckdb
import pytest

from assets.sql import headlines_of, month_before, search_path
from fellowship_pipeline.explain.cells import Values, rows_of
from fellowship_pipeline.explain.explaining import Explanation, counts_of, taken_apart
from fellowship_pipeline.explain.figures import COLUMNS, OF_HEADLINES, REVIEWED, Figure, Spread
from fellowship_pipeline.explain.units import select
from fellowship_pipeline.home import Home
from fellowship_pipeline.warehouse.names import identifier, literal
from tests.truth.generate import generate
from tests.truth.harness import modeled

pytestmark = pytest.mark.slow

SEEDS = range(1026, 1046)
RANDOM_CELLS = 100
COMPARED_SEEDS = range(1026, 1032)

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
    explained: list[str] = []
    for seed in rng.sample(range(2000, 3000), 12):
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
                explained.append(name)
    assert len(explained) >= RANDOM_CELLS
    assert {figure.name for figure in OF_HEADLINES} <= set(explained)


def test_a_reclaim_is_what_the_lines_of_the_month_add_up_to(tmp_path: Path) -> None:
    judged = 0
    for seed in SEEDS:
        with modeled(generate(seed), TABLES) as con:
            for month in sorted({row["review_month"] for row in rows_of(con, "select * from ops.seat_reviews")}):
                found = taken_apart(con, Home(tmp_path), REVIEWED, [], str(month))
                for unit in found.units:
                    learned = [cells(line.text) for line in unit.lines if line.source == "activity"]
                    xp = sum(Decimal(row.get("xp") or 0) for row in learned)
                    assert same(xp, unit.facts["xp"]), f"seed {seed} {unit}"
                    judged += bool(learned)
    assert judged >= 30


def cells(text: str) -> dict[str, str]:
    """The cells of a record as they are told where there is no file."""
    return dict(re.findall(r"(?:^|, )(\w+)=((?:(?!, \w+=).)*)", text))


def test_what_headlines_are_compared_with_is_made_by_its_units(tmp_path: Path) -> None:
    compared = set()
    for seed in COMPARED_SEEDS:
        with modeled(generate(seed), [*TABLES, "kpi.scorecard"]) as con:
            rows = rows_of(con, "select * from kpi.scorecard where previous is not null")
            with headlines_of(con, month_before(con)):
                con.execute("set search_path = " + literal(search_path("memory")))
                for row in rows:
                    (figure,) = (one for one in OF_HEADLINES if one.name == row["kpi"])
                    slices = [f"slice_by={row['slice_by']}", f"slice={row['slice']}"]
                    found = taken_apart(con, Home(tmp_path), figure, slices, None)
                    assert same(recomputed(figure, found), row["previous"]), f"seed {seed} {row['kpi']} {slices}"
                    compared.add(row["kpi"])
                con.execute("reset search_path")
    assert len(compared) > len(OF_HEADLINES) / 2


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
