"""A figure taken apart, from a name to the lines of files.

Belongs here: putting the answer together. Does not belong here: how it looks (``shown``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain import other_days
from fellowship_pipeline.explain.cells import KpiCell, Values, asked_for, rows_of
from fellowship_pipeline.explain.evidence import ASKED, Line, bought, evidence_of
from fellowship_pipeline.explain.figures import REVIEWED, Figure, Ratio, figure_of
from fellowship_pipeline.explain.published import PublishedFigure, published
from fellowship_pipeline.explain.units import select
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.lake import LAKE
from fellowship_pipeline.program import load_program
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
    facts: Values
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """A figure with all that is behind it.

    ``value``: made of the units once more. ``agrees``: whether the same stands in the table, where it is of one row.
    ``elsewhere``: the table of a lake that activity is in, whose rows are no lines here.
    """

    kpi: str
    label: str
    definition: list[str]
    counts: tuple[str, str]
    unit: str
    cell: KpiCell
    numerator: float | None
    denominator: float | None
    value: float | None
    units: list[Unit]
    agrees: bool
    published: PublishedFigure | None = None
    elsewhere: str | None = None


def explain(
    home: Home, kpi: str, slices: Sequence[str] = (), day: str | None = None, *, is_published: bool = False
) -> Explanation:
    """The figure of that name in a cell, by a run's warehouse; where asked for, with what is published of it.

    Raises UserError where there is none.
    """
    figure = figure_of(kpi)
    if not home.warehouse.exists():
        raise UserError(f"{home.path} has no warehouse yet: `fellowship run {home.path}` makes it")
    try:
        return _by_warehouse(home, figure, slices, day, is_published)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        (lacks, *_) = str(error).splitlines()
        raise UserError(f"the warehouse is not whole ({lacks}): `fellowship run {home.path} --all` makes it") from None


def _by_warehouse(
    home: Home, figure: Figure, slices: Sequence[str], day: str | None, is_published: bool
) -> Explanation:
    """Raises duckdb.Error where the warehouse lacks tables, or has them from another version."""
    if figure.headline is not None and (term := other_days.term_of(slices)) is not None:
        if day is not None or len(slices) > 1:
            raise UserError("a term is of its last day and of the whole program: leave --day and other --slice out")
        with other_days.at_its_end(home, term, figure) as (con, row):
            found = in_cell(taken_apart(con, home, figure, (), None), other_days.cell(other_days.TERMS, "value", row))
            return _with_published(con, home, figure, found, is_published)
    if day == other_days.PREVIOUS:
        return _a_month_before(home, figure, slices, is_published)
    with warehouse.connect(home.warehouse, read_only=True) as con:
        return _with_published(con, home, figure, taken_apart(con, home, figure, slices, day), is_published)


def _a_month_before(home: Home, figure: Figure, slices: Sequence[str], is_published: bool) -> Explanation:
    """A headline as it stood then, held against what the scorecard compares with."""
    if figure.headline is None:
        raise UserError(f"--day previous is of headlines; {figure.name} has days and months of its own")
    if is_published:
        raise UserError("--published is of the figure of today: leave --day previous out")
    with warehouse.connect(home.warehouse, read_only=True) as con:
        today = asked_for(con, figure, slices, None)
    with other_days.a_month_before(home, today) as (con, row):
        found = taken_apart(con, home, figure, slices, None)
        return in_cell(found, other_days.cell(other_days.SCORECARD, "previous", row))


def in_cell(found: Explanation, cell: KpiCell) -> Explanation:
    """The same units held against another cell."""
    stands = cell.rows[0][cell.column] if cell.column else None
    return replace(found, cell=cell, agrees=found.agrees and _is_same(found.value, stands))


def _with_published(
    con: duckdb.DuckDBPyConnection, home: Home, figure: Figure, found: Explanation, is_asked: bool
) -> Explanation:
    if not is_asked:
        return found
    return replace(found, published=published(con, home, load_program(home.path), figure, found.cell))


def taken_apart(
    con: duckdb.DuckDBPyConnection, home: Home, figure: Figure, slices: Sequence[str], day: str | None
) -> Explanation:
    """As :func:`explain`, on a connection to the warehouse."""
    cell = asked_for(con, figure, slices, day)
    con.execute(
        f"create or replace temp table {ASKED} as"
        f" select row_number() over () as unit, * from ({select(figure.units)}) where {cell.where}"
    )
    rows = rows_of(con, f"select * from {ASKED} order by unit")
    columns = list(rows[0]) if rows else []
    lines = evidence_of(con, home, figure.evidence, columns) if rows else {}
    for row in rows:
        if row.get("person") is None and row.get("pool") and row.get("capacity") is not None:
            lines[row["unit"]] = bought(home, row["pool"], row["capacity"])
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
        elsewhere=_elsewhere(con),
    )


def _elsewhere(con: duckdb.DuckDBPyConnection) -> str | None:
    """The table of a lake whose rows are no lines of a file; None where there is none."""
    found = con.execute("select path from raw.files where starts_with(file_id, ?)", [LAKE]).fetchall()
    return found[0][0] if found else None


def _is_same(made: float | None, stands: float | None) -> bool:
    return made is stands if made is None or stands is None else abs(made - stands) < NEGLIGIBLE


def counts_of(figure: Figure) -> tuple[str, str]:
    """The columns of the units that are numerator and denominator."""
    if isinstance(figure.formula, Ratio):
        return figure.formula.numerator, figure.formula.denominator
    return figure.formula.value, figure.formula.value


def _value(con: duckdb.DuckDBPyConnection, figure: Figure) -> tuple[float | None, float | None, float | None]:
    numerator, denominator = map(identifier, counts_of(figure))
    if isinstance(figure.formula, Ratio):
        query = f"select sum({numerator}), sum({denominator}), {figure.formula.sql()} from {ASKED}"
    else:
        query = f"select null, count({denominator}), {figure.formula.sql()} from {ASKED}"
    above, below, value = con.execute(query).fetchall()[0]
    return _number(above), _number(below), value


def _number(value: Any) -> float | None:
    return None if value is None else int(value) if value == int(value) else float(value)


def _unit(row: Values, figure: Figure, cell: KpiCell, names: Mapping[str, str], lines: list[Line]) -> Unit:
    numerator, denominator = counts_of(figure)
    hidden = {"unit", "person", "slice_by", "slice", "month_end", *cell.place}
    return Unit(
        person=row.get("person"),
        name=names.get(row.get("person", "")),
        numerator=_number(row[numerator]),
        denominator=_number(row[denominator]),
        facts={name: value for name, value in row.items() if name not in hidden},
        lines=lines,
    )


def _label(figure: Figure) -> str:
    if figure.headline:
        return figure.headline.label["en"]
    return "Seat review" if figure is REVIEWED else f"{figure.table.key}.{figure.column}"


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
