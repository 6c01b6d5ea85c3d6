"""A headline of a term that is over: the models run once more as of its last day, beside the warehouse.

Belongs here: the warehouse as of that day. Does not belong here: what is explained then (``explaining``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assets.sql import headlines_of, search_path
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.cells import KpiCell, Values, rows_of
from fellowship_pipeline.warehouse.names import literal

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.explain.figures import Figure
    from fellowship_pipeline.home import Home

KEY = "term="
HERE = "fellowship"
TABLE = TABLE_BY_KEY["kpi.terms"]


def asked_for(slices: Sequence[str]) -> str | None:
    """The term that ``--slice term=…`` names."""
    return next((said.removeprefix(KEY) for said in slices if said.startswith(KEY)), None)


def cell(row: Values) -> KpiCell:
    """The cell of ``kpi.terms`` that the row is."""
    return KpiCell(TABLE, "value", {name: row[name] for name in TABLE.grain}, [row], "true")


@contextmanager
def at_its_end(home: Home, term: str, figure: Figure) -> Iterator[tuple[duckdb.DuckDBPyConnection, Values]]:
    """A connection on which every name of a table means the program at the term's end, and the row of ``kpi.terms``.

    Raises UserError where no term that is over has that name, or none has the headline.
    """
    with warehouse.connect(home.warehouse, read_only=True) as con:
        rows = rows_of(con, "select * from kpi.terms where kpi = ? order by ends_on, term", [figure.name])
    known = {row["term"]: row for row in rows}
    if term not in known:
        others = ", ".join(known) or "no term that is over has it"
        raise UserError(f"{figure.name} has no row of term={term}: {others}")
    with warehouse.connect(None) as con:
        con.execute("attach " + literal(str(home.warehouse)) + " as " + HERE + " (read_only)")
        con.execute("use " + HERE)
        with headlines_of(con, known[term]["ends_on"]):
            con.execute("set search_path = " + literal(search_path(HERE)))
            try:
                yield con, known[term]
            finally:
                con.execute("reset search_path")
