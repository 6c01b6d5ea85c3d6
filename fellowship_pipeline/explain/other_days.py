"""A headline of another day: of a term that is over, as of its last day, or a month before the run.

The models run once more beside the warehouse. Belongs here: the warehouse as of that day. Does not belong here: what
is explained then (``explaining``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from assets.sql import headlines_of, month_before, search_path
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.cells import KpiCell, Values, rows_of
from fellowship_pipeline.warehouse.names import literal

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.explain.figures import Figure
    from fellowship_pipeline.home import Home

TERM = "term="
PREVIOUS = "previous"
"""The day of what the scorecard compares with."""

HERE = "fellowship"
TERMS, SCORECARD = TABLE_BY_KEY["kpi.terms"], TABLE_BY_KEY["kpi.scorecard"]

OfAnotherDay = tuple["duckdb.DuckDBPyConnection", Values]


def term_of(slices: Sequence[str]) -> str | None:
    """The term that ``--slice term=…`` names."""
    return next((said.removeprefix(TERM) for said in slices if said.startswith(TERM)), None)


def cell(table: Table, column: str, row: Values) -> KpiCell:
    """The cell of that row's column."""
    return KpiCell(table, column, {name: row[name] for name in table.grain}, [row], "true")


@contextmanager
def at_its_end(home: Home, term: str, figure: Figure) -> Iterator[OfAnotherDay]:
    """A connection on which every name of a table means the program at the term's end, and the row of ``kpi.terms``.

    Raises UserError where no term that is over has that name, or none has the headline.
    """
    with warehouse.connect(home.warehouse, read_only=True) as con:
        rows = rows_of(con, "select * from kpi.terms where kpi = ? order by ends_on, term", [figure.name])
        starts = dict(con.execute("select term, starts_on from core.terms").fetchall())
    known = {row["term"]: row for row in rows}
    if term not in known:
        others = ", ".join(known) or "no term that is over has it"
        raise UserError(f"{figure.name} has no row of term={term}: {others}")
    with _as_of(home, known[term]["ends_on"], starts[term]) as con:
        yield con, known[term]


@contextmanager
def a_month_before(home: Home, found: KpiCell) -> Iterator[OfAnotherDay]:
    """The same as of the day that ``kpi.scorecard`` compares a headline's cell of today with, and its row there.

    Raises UserError where the headline had no value then.
    """
    place = [found.place[name] for name in SCORECARD.grain]
    where = " and ".join(f"{name} = ?" for name in SCORECARD.grain)
    with warehouse.connect(home.warehouse, read_only=True) as con:
        day = month_before(con)
        rows = rows_of(con, f"select * from kpi.scorecard where {where}", place)
    (row,) = rows
    if row["previous"] is None:
        raise UserError(f"{row['kpi']} had no value a month before, on {day}: nothing is compared with")
    with _as_of(home, day) as con:
        yield con, row


@contextmanager
def _as_of(home: Home, day: date, since: date | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        con.execute("attach " + literal(str(home.warehouse)) + " as " + HERE + " (read_only)")
        con.execute("use " + HERE)
        with headlines_of(con, day, since):
            con.execute("set search_path = " + literal(search_path(HERE)))
            try:
                yield con
            finally:
                con.execute("reset search_path")
