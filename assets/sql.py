"""SQL models: one select per table, beside its layer, run in the order that their own text asks for.

Belongs here: finding the models, what they read, and running them into the tables of their contracts. Does not belong
here: any formula (the ``.sql`` files) or any Dagster (``assets/models.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.warehouse import selects

LAYERS = ("core", "kpi", "ops")


@dataclass
class Model:
    """A table made by one select."""

    table: Table
    path: Path
    sql: str

    @cached_property
    def reads(self) -> frozenset[str]:
        """Keys (``schema.table``) of the tables that the select reads."""
        return selects.reads(self.sql)

    def select(self, catalog: str | None = None, moved: Collection[str] = ()) -> str:
        """The select as DuckDB runs it, with the tables of ``moved`` read from ``catalog``."""
        return _elsewhere(self.sql, catalog, frozenset(moved)) if catalog else self.sql


@cache
def _elsewhere(sql: str, catalog: str, moved: frozenset[str]) -> str:
    from sqlglot import exp  # noqa: PLC0415 - takes a while; only headlines of other days need it

    tree = selects.parse(sql)
    for table in tree.find_all(exp.Table):
        if f"{table.db}.{table.name}" in moved:
            table.set("catalog", exp.to_identifier(catalog))
    return tree.sql("duckdb")


@cache
def models() -> Mapping[str, Model]:
    """Every model by table key, each after those it reads."""
    here = Path(__file__).parent
    found: dict[str, Model] = {}
    for layer in LAYERS:
        for path in sorted((here / layer).glob("*.sql")):
            table = TABLE_BY_KEY[f"{layer}.{path.stem}"]
            found[table.key] = Model(table, path, path.read_text(encoding="utf-8"))
    graph = {key: sorted(model.reads & found.keys()) for key, model in found.items()}
    return {key: found[key] for key in TopologicalSorter(graph).static_order()}


def upstream(keys: Collection[str]) -> list[str]:
    """The models that ``keys`` need, themselves included, in order."""
    wanted = set(keys)
    for key, model in reversed(list(models().items())):
        if key in wanted:
            wanted |= model.reads & models().keys()
    return [key for key in models() if key in wanted]


def run_model(
    con: duckdb.DuckDBPyConnection, key: str, *, catalog: str | None = None, moved: Collection[str] = ()
) -> int:
    """Makes one table anew, in ``catalog`` where given; returns its rows."""
    model = models()[key]
    return warehouse.write_select(con, model.table, model.select(catalog, moved), catalog)


def run_models(con: duckdb.DuckDBPyConnection, keys: Collection[str] | None = None) -> dict[str, int]:
    """Makes the tables of ``keys`` (all where left out) and those they need; returns their rows by key.

    Expects ``staging`` and the settings tables of ``core`` in place.
    """
    made: dict[str, int] = {}
    for key in upstream(keys if keys is not None else models().keys()):
        if key in OTHER_DAYS:
            OTHER_DAYS[key](con)
        made[key] = run_model(con, key)
    return made


def run_previous(con: duckdb.DuckDBPyConnection) -> int:
    """Makes ``core.previous_headlines``: the headlines of a run as of the same day of the month before."""
    ((day,),) = con.execute("select cast(as_of - interval 1 month as date) from core.parameters").fetchall()
    with _headlines_of(con, day) as headlines:
        return warehouse.write_select(con, TABLE_BY_KEY["core.previous_headlines"], headlines)


def run_terms(con: duckdb.DuckDBPyConnection) -> int:
    """Makes ``core.term_headlines``: the whole program's headlines of a run at the end of each term that is over."""
    table = TABLE_BY_KEY["core.term_headlines"]
    warehouse.create(con, table)
    ended = "select term, ends_on from core.terms cross join core.parameters where ends_on <= as_of order by all"
    for term, day in con.execute(ended).fetchall():
        with _headlines_of(con, day) as headlines:
            con.execute(
                "insert into core.term_headlines by name "
                "select ? as term, * exclude (slice_by, slice) from (" + headlines + ") where slice_by = 'all'",
                [term],
            )
    return warehouse.count(con, table)


OTHER_DAYS: Mapping[str, Callable[[duckdb.DuckDBPyConnection], int]] = {
    "kpi.scorecard": run_previous,
    "kpi.terms": run_terms,
}
"""What makes the headlines of other days that a model compares."""


@contextmanager
def _headlines_of(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[str]:
    """A select of the headlines that a run as of ``day`` would have.

    The same models run once more beside the warehouse, in a scratch catalog, where only ``core.parameters`` differs.
    """
    catalog = "another_day"
    moved = [*upstream(["kpi.headlines"]), "core.parameters"]
    con.execute("attach ':memory:' as another_day")
    try:
        for schema in LAYERS:
            con.execute("create schema " + catalog + "." + schema)
        parameters = "select * replace (date '" + day.isoformat() + "' as as_of) from core.parameters"
        warehouse.write_select(con, TABLE_BY_KEY["core.parameters"], parameters, catalog)
        for key in moved[:-1]:
            run_model(con, key, catalog=catalog, moved=moved)
        yield "select * from another_day.kpi.headlines"
    finally:
        con.execute("detach another_day")


def column_lineage(key: str) -> selects.Origins:
    """For every column of a model: the (table key, column) pairs that it comes from."""
    model = models()[key]
    return selects.origins(model.sql, model.table.column_names)
