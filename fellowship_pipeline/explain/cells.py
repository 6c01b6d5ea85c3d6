"""Which cell of a figure's table is asked for, and the units behind it.

Belongs here: slices and days as people write them, the row that stands in the table, what is said where there is none.
Does not belong here: which files tell of the units (``evidence``).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import duckdb

from fellowship_pipeline.contracts import Table
from fellowship_pipeline.contracts.kpi.columns import SLICE_KINDS
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.figures import ADDED_UP_IN_A_TERM, PERIODS, REVIEWED, Figure
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

Values = dict[str, Any]

NONE = "(none)"
SHOWN = 8
"""Values that are named where one has to be said."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class KpiCell:
    """A cell: the rows of the table that have it, and which units are behind it, in SQL over their columns.

    ``place``: what tells the cell from others. ``column``: where the figure stands in the row; None: in none, since it
    is of several.
    """

    table: Table
    column: str | None
    place: Values
    rows: Sequence[Values]
    where: str


def asked_for(con: duckdb.DuckDBPyConnection, figure: Figure, slices: Sequence[str], day: str | None) -> KpiCell:
    """The cell that the words ask for; where they leave it open the whole program, and the latest row.

    Raises UserError where there is no such cell, or several.
    """
    wanted = _wanted(figure.table, slices)
    if figure.headline is None:
        return _in_table(con, figure, wanted, day)
    if "slice_by" not in wanted:
        wanted |= {"slice_by": "all", "slice": "all"}
    if day is not None:
        return _headline_then(con, figure, wanted, day)
    wanted["kpi"] = figure.headline.kpi
    row = _only(con, figure, wanted)
    units = {"slice_by": row["slice_by"], "slice": row["slice"]}
    place = {name: row[name] for name in figure.table.grain}
    if figure.now is None:
        return KpiCell(figure.table, figure.column, place, [row], agree(units))
    query = f"select ({figure.now}), since, as_of from core.parameters"
    ((now, since, as_of),) = con.execute(query).fetchall()
    period = str(figure.period)
    if since is None or figure.headline.kpi not in ADDED_UP_IN_A_TERM:
        return KpiCell(figure.table, figure.column, place, [row], agree({**units, period: now}))
    of_term = f"{identifier(period)} between {_value(since)} and {_value(min(now, as_of))}"
    return KpiCell(figure.table, figure.column, place, [row], f"{agree(units)} and {of_term}")


def rows_of(con: duckdb.DuckDBPyConnection, query: str, arguments: Sequence[object] = ()) -> list[Values]:
    """The rows of a query, by name."""
    found = con.execute(query, arguments)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _in_table(con: duckdb.DuckDBPyConnection, figure: Figure, wanted: Values, day: str | None) -> KpiCell:
    period = figure.period
    if "slice_by" in figure.table.grain and "slice_by" not in wanted:
        wanted |= {"slice_by": "all", "slice": "all"}
    if day is not None:
        if period is None:
            raise _no_days(figure)
        wanted[period] = _moment(con, figure.table, period, day)
    elif period is not None and period not in wanted:
        rows = _rows(con, figure.table, wanted)
        if rows:
            wanted[period] = max(row[period] for row in rows)
    if figure is REVIEWED:
        rows = _rows(con, figure.table, wanted)
        if not rows:
            raise _nothing(con, figure, wanted)
        return KpiCell(figure.table, None, wanted, rows, agree(wanted))
    row = _only(con, figure, wanted)
    place = {name: row[name] for name in figure.table.grain}
    return KpiCell(figure.table, figure.column, place, [row], agree(place))


def _headline_then(con: duckdb.DuckDBPyConnection, figure: Figure, wanted: Values, day: str) -> KpiCell:
    """A headline as its own table has it of another day."""
    table, period = figure.own_table, figure.period
    if period is None:
        raise _no_days(figure)
    wanted[period] = _moment(con, table, period, day)
    known = {name: value for name, value in wanted.items() if name in table.grain}
    rows = _rows(con, table, known)
    if not rows:
        raise _nothing(con, figure, known)
    return KpiCell(table, figure.own_column if len(rows) == 1 else None, wanted, rows, agree(wanted))


def _wanted(table: Table, slices: Sequence[str]) -> Values:
    """What ``--slice`` says, by column of the table's grain."""
    wanted: Values = {}
    for said in slices:
        name, is_said, value = said.partition("=")
        if not is_said:
            raise UserError(f"--slice {said}: write it as KEY=VALUE, such as study_group=g1")
        if name in table.grain and name != "kpi":
            wanted[name] = _typed(table, name, value)
        elif name in SLICE_KINDS and "slice_by" in table.grain:
            wanted |= {"slice_by": name, "slice": value}
        else:
            raise UserError(f"{table.key} has no '{name}': its rows are told apart by {', '.join(_keys(table))}")
    return wanted


def _keys(table: Table) -> list[str]:
    """Keys that ``--slice`` may have."""
    own = [name for name in table.grain if name not in ("kpi", "slice_by", "slice")]
    return own + ([kind for kind in SLICE_KINDS if kind != "all"] if "slice_by" in table.grain else [])


def _typed(table: Table, name: str, value: str) -> Any:
    type_ = table.column(name).type
    if type_ == "BIGINT":
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise UserError(f"{name}={value}: a whole number is expected")
        return int(value)
    if type_ == "DATE":
        return _date(value)
    return value or None


def _date(text: str) -> date:
    try:
        if _MONTH.fullmatch(text):
            return date.fromisoformat(text + "-01")
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UserError(f"{text} is no day: write it as 2022-09-30, a month as 2022-09; of a headline also `previous`")


def _moment(con: duckdb.DuckDBPyConnection, table: Table, period: str, said: str) -> date:
    """The value of the table's period that is meant: of days, by a month its last day, or the last known of it."""
    day = _date(said)
    if period != "day":
        return day.replace(day=1)
    if not _MONTH.fullmatch(said):
        return day
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    query = f"select max({identifier(period)}) from {qualified(table)} where {identifier(period)} between ? and ?"
    ((known,),) = con.execute(query, [day, last]).fetchall()
    return known or last


def agree(wanted: Mapping[str, Any]) -> str:
    """SQL: the columns have these values."""
    return " and ".join(
        f"{identifier(name)} is not distinct from {_value(value)}" for name, value in wanted.items()
    ) or "true"  # fmt: skip


def _value(value: Any) -> str:
    if value is None:
        return "null"
    return "date " + literal(value.isoformat()) if isinstance(value, date) else (
        str(value) if isinstance(value, int) else literal(str(value))
    )  # fmt: skip


def _rows(con: duckdb.DuckDBPyConnection, table: Table, wanted: Values) -> list[Values]:
    order = ", ".join(map(identifier, table.grain))
    return rows_of(con, f"select * from {qualified(table)} where {agree(wanted)} order by {order}")


def _only(con: duckdb.DuckDBPyConnection, figure: Figure, wanted: Values) -> Values:
    """The only row there is; raises UserError where there are others, or none."""
    rows = _rows(con, figure.table, wanted)
    if len(rows) == 1:
        return rows[0]
    if not rows:
        raise _nothing(con, figure, wanted)
    open_keys = [name for name in figure.table.grain if len({row[name] for row in rows}) > 1]
    choices = "; ".join(f"{name}: {_some(row[name] for row in rows)}" for name in open_keys)
    raise UserError(f"{figure.name} has {len(rows)} rows there: say which with --slice ({choices})")


def _no_days(figure: Figure) -> UserError:
    return UserError(f"{figure.name} has no days: it is as of the day of the run; leave --day out")


def _nothing(con: duckdb.DuckDBPyConnection, figure: Figure, wanted: Values) -> UserError:
    """What to raise where no row has all those values: the first that none has beside those before it."""
    if figure.headline and not _rows(con, figure.table, {"kpi": figure.headline.kpi}):
        if figure.period and (before := _rows(con, figure.own_table, {})):
            ((as_of,),) = con.execute("select as_of from core.parameters").fetchall()
            known = _some(row[figure.period] for row in before)
            return UserError(f"{figure.name} has no figure as of {as_of}; its table has {known}: say which with --day")
        return UserError(f"this program has no {figure.name}: nothing that came tells of it")
    table = figure.table if "kpi" in wanted else figure.own_table
    asked = {name: value for name, value in wanted.items() if name in table.grain}
    said = _said(asked)
    if not _rows(con, table, {}):
        return UserError(f"{table.key} has no rows: nothing that came tells of {figure.name}")
    seen: Values = {}
    for name in sorted(asked, key=lambda name: (name in PERIODS, name == "slice", name)):
        before = _rows(con, table, seen)
        if not _rows(con, table, {**seen, name: asked[name]}):
            texts = [str(row[name]) for row in before if name not in PERIODS and row[name] != NONE]
            near = get_close_matches(str(asked[name]), texts, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            key = asked["slice_by"] if name == "slice" else name
            known = _some(row[name] for row in before)
            return UserError(f"{figure.name} has no row of {said}: {key} is one of {known}{meant}")
        seen[name] = asked[name]
    return UserError(f"{figure.name} has no row of {said}")


def _said(asked: Values) -> str:
    """What is asked for, as people would ask."""
    words = {name: value for name, value in asked.items() if name not in ("kpi", "slice_by", "slice")}
    if "slice" in asked:
        words = {asked["slice_by"]: asked["slice"]} | words
    return ", ".join(f"{name}={value}" for name, value in words.items())


def _some(values: Any) -> str:
    """The values, the first and last where they are many."""
    known = sorted({value for value in values if value is not None})
    texts = [str(value) for value in known]
    half = SHOWN // 2
    return ", ".join(texts if len(texts) <= SHOWN else [*texts[:half], "…", *texts[-half:]])
