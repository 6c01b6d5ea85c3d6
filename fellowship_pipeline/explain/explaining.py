"""A figure taken apart, from a name to the lines of files.

Belongs here: putting the answer together. Does not belong here: how it looks (``shown``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.cells import Cell, Row, asked_for, rows_of
from fellowship_pipeline.explain.evidence import ASKED, Line, evidence_of
from fellowship_pipeline.explain.figures import Figure, Share, figure_of
from fellowship_pipeline.explain.units import install
from fellowship_pipeline.home import Home
from fellowship_pipeline.warehouse.names import identifier

NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class Unit:
    """One of what a figure counts, such as a member, an invitation, a session.

    ``person``: the member id, or what else tells who it is; None where it is nobody, as what was bought. ``numerator``,
    ``denominator``: how much of it counts in each; None: nothing is known. ``facts``: what it was judged by.
    """

    person: str | None
    name: str | None
    numerator: float | None
    denominator: float | None
    facts: Row
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """A figure with all that is behind it.

    ``value``: made of the units once more. ``agrees``: whether the same stands in the table, where it is of one row.
    """

    kpi: str
    label: str
    definition: list[str]
    counts: tuple[str, str]
    unit: str
    cell: Cell
    numerator: float | None
    denominator: float | None
    value: float | None
    units: list[Unit]
    agrees: bool


def explain(home: Home, kpi: str, slices: Sequence[str] = (), day: str | None = None) -> Explanation:
    """The figure of that name in a cell, by a run's warehouse. Raises UserError where there is none."""
    figure = figure_of(kpi)
    if not home.warehouse.exists():
        raise UserError(f"{home.path} has no warehouse yet: `fellowship run {home.path}` makes it")
    with warehouse.connect(home.warehouse, read_only=True) as con:
        if lacks := warehouse.lacking(con, [figure.table.key, figure.own_table.key]):
            raise UserError(f"the warehouse has no {lacks[0]}: `fellowship run {home.path}` makes it")
        install(con)
        return taken_apart(con, home, figure, slices, day)


def taken_apart(
    con: duckdb.DuckDBPyConnection, home: Home, figure: Figure, slices: Sequence[str], day: str | None
) -> Explanation:
    """As :func:`explain`, on a connection that has the views of units."""
    cell = asked_for(con, figure, slices, day)
    con.execute(
        f"create or replace temp table {ASKED} as"
        f" select row_number() over () as unit, * from units_of_{figure.units} where {cell.where}"
    )
    rows = rows_of(con, f"select * from {ASKED} order by unit")
    columns = list(rows[0]) if rows else []
    lines = evidence_of(con, home, figure.evidence, columns) if rows else {}
    names = dict(con.execute("select member_id, min(name) from staging.roster group by member_id").fetchall())
    made = _value(con, figure)
    counts = counts_of(figure)
    units = [_unit(row, figure, cell, names, lines.get(row["unit"], [])) for row in rows]
    units.sort(key=lambda unit: (-(unit.numerator or 0), -(unit.denominator or 0), unit.person or ""))
    return Explanation(
        kpi=figure.name,
        label=_label(figure),
        definition=_definition(figure),
        counts=counts,
        unit=figure.unit,
        cell=cell,
        numerator=made[0],
        denominator=made[1],
        value=made[2],
        units=units,
        agrees=cell.column is None or _is_same(made[2], cell.rows[0][cell.column]),
    )


def _is_same(made: float | None, stands: float | None) -> bool:
    return made is stands if made is None or stands is None else abs(made - stands) < NEGLIGIBLE


def counts_of(figure: Figure) -> tuple[str, str]:
    """The columns of the units that are numerator and denominator."""
    if isinstance(figure.formula, Share):
        return figure.formula.numerator, figure.formula.denominator
    return figure.formula.value, figure.formula.value


def _value(con: duckdb.DuckDBPyConnection, figure: Figure) -> tuple[float | None, float | None, float | None]:
    numerator, denominator = map(identifier, counts_of(figure))
    if isinstance(figure.formula, Share):
        query = f"select sum({numerator}), sum({denominator}), {figure.formula.sql()} from {ASKED}"
    else:
        query = f"select null, count({denominator}), {figure.formula.sql()} from {ASKED}"
    above, below, value = con.execute(query).fetchall()[0]
    return _number(above), _number(below), value


def _number(value: Any) -> float | None:
    return None if value is None else int(value) if value == int(value) else float(value)


def _unit(row: Row, figure: Figure, cell: Cell, names: Mapping[str, str], lines: list[Line]) -> Unit:
    numerator, denominator = counts_of(figure)
    hidden = {"unit", "person", "slice_by", "slice", "month_end", *cell.place}
    return Unit(
        person=row.get("person"),
        name=names.get(row.get("person", "")),
        numerator=_number(row[numerator]),
        denominator=_number(row[denominator]),
        facts={name: value for name, value in row.items() if name not in hidden and value is not None},
        lines=lines,
    )


def _label(figure: Figure) -> str:
    return figure.headline.label["en"] if figure.headline else f"{figure.table.key}.{figure.column}"


def _definition(figure: Figure) -> list[str]:
    """What the contracts say of it."""
    told = [figure.headline.definition["en"] + "."] if figure.headline else []
    if figure.headline is None:
        told.append(figure.table.description.partition(" Grain: ")[0])
        told.append(f"{figure.column}: {figure.table.column(figure.column).description}")
        for name in dict.fromkeys(counts_of(figure)):
            if name in figure.table.column_names:
                told.append(f"{name}: {figure.table.column(name).description}")
    return told
