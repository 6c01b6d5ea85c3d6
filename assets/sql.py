"""SQL models: one select per table, beside its layer, run in the order that their own text asks for.

Belongs here: finding the models, what they read, and running them into the tables of their contracts. Does not belong
here: any formula (the ``.sql`` files) or any Dagster (``assets/models.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import PREVIOUS_HEADLINES, TABLE_BY_KEY, TERM_HEADLINES, Table
from fellowship_pipeline.warehouse import selects
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

LAYERS = ("core", "kpi", "ops")

HEADLINES = "kpi.headlines"

PARAMETERS = "core.parameters"

EVER = "date '0001-01-01'"
"""In the select of a table that is dated: the day from which on it is made, which another may take the place of."""

SCRATCH = "scratch"
"""The catalog in which models run as of another day, or over other rows."""

_PARTS = "parts"
"""The schema there of tables that are made in part."""


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


@dataclass(frozen=True)
class OtherDays:
    """A table of the headlines that a run as of other days would have.

    ``run`` makes it and returns its rows; ``asks``: which tables say what those days are.
    """

    table: Table
    run: Callable[[duckdb.DuckDBPyConnection], int]
    asks: frozenset[str]

    @cached_property
    def reads(self) -> frozenset[str]:
        """Keys of the tables that those headlines start from."""
        read = {read for key in again() for read in models()[key].reads}
        partly = {key for key in again() if (dated := models()[key].table.dated) and dated.is_final}
        return frozenset(read - set(again()) | partly) | self.asks


@cache
def made_tables() -> Mapping[str, Model | OtherDays]:
    """Everything that is made of other tables, by table key, each after those it reads."""
    found: dict[str, Model | OtherDays] = {**models(), **{made.table.key: made for made in OTHER_DAYS}}
    graph = {key: sorted(made.reads & found.keys()) for key, made in found.items()}
    return {key: found[key] for key in TopologicalSorter(graph).static_order()}


def upstream(keys: Collection[str]) -> list[str]:
    """The tables that are made of others and that ``keys`` need, themselves included, in order."""
    return _upstream(keys, made_tables())


def _upstream(keys: Collection[str], known: Mapping[str, Model] | Mapping[str, Model | OtherDays]) -> list[str]:
    wanted = set(keys)
    for key, made in reversed(list(known.items())):
        if key in wanted:
            wanted |= made.reads & known.keys()
    return [key for key in known if key in wanted]


@cache
def again() -> list[str]:
    """The models that run once more for the headlines of another day, in order: those of which a row may change."""
    asking = {PARAMETERS}
    for key, model in models().items():
        if model.reads & asking:
            asking.add(key)
    changing = {key: model for key, model in models().items() if key in asking and not _is_cut(model.table)}
    return _upstream([HEADLINES], changing)


def _is_cut(table: Table) -> bool:
    """Whether the rows up to another day are all that the table would have then."""
    return table.dated is not None and table.dated.is_final and not table.dated.of_months


def run_model(con: duckdb.DuckDBPyConnection, key: str, catalog: str | None = None) -> int:
    """Makes one table anew, in ``catalog`` where given; returns its rows."""
    model = models()[key]
    return warehouse.write_select(con, model.table, model.sql, catalog)


def make(con: duckdb.DuckDBPyConnection, key: str) -> int:
    """Makes one table of those that are made of others, which stand; returns its rows."""
    made = made_tables()[key]
    return made.run(con) if isinstance(made, OtherDays) else run_model(con, key)


def make_since(con: duckdb.DuckDBPyConnection, key: str, day: date) -> None:
    """Makes of a dated table anew what is of ``day`` or later, and no other row. Expects a transaction around it.

    Where the day is not of the grain, as of what somebody did first, a row that stays is the one of its grain.
    """
    model = models()[key]
    table, dated = model.table, model.table.dated
    if dated is None:
        raise ValueError(f"{key} is not dated")
    place, first = qualified(table), dated.period(day)
    column, beginning = identifier(dated.column), "date " + literal(first.isoformat())
    con.execute("delete from " + place + " where " + column + " >= " + beginning)
    names = ", ".join(map(identifier, table.column_names))
    rows = "select " + names + " from (" + since(model, first) + ") as made"
    if dated.column not in table.grain:
        rows += " anti join " + place + " as known using (" + ", ".join(map(identifier, table.grain)) + ")"
    rows += " where made." + column + " >= " + beginning + " or made." + column + " is null"
    con.execute("insert into " + place + " (" + names + ") " + rows)


def since(model: Model, day: date) -> str:
    """The select of a dated table's rows of ``day`` and later."""
    return model.sql.replace(EVER, "date " + literal(day.isoformat()))


def run_models(con: duckdb.DuckDBPyConnection, keys: Collection[str] | None = None) -> dict[str, int]:
    """Makes the tables of ``keys`` (all where left out) and those they need; returns their rows by key.

    Expects ``staging`` and the settings tables of ``core`` in place.
    """
    return {key: make(con, key) for key in upstream(keys if keys is not None else made_tables().keys())}


def run_previous(con: duckdb.DuckDBPyConnection) -> int:
    """Makes ``core.previous_headlines``: the headlines of a run as of the same day of the month before."""
    with headlines_of(con, month_before(con)) as headlines:
        return warehouse.write_select(con, PREVIOUS_HEADLINES, headlines)


def month_before(con: duckdb.DuckDBPyConnection) -> date:
    """The same day of the month before ``as_of``, or that month's last."""
    ((day,),) = con.execute("select cast(as_of - interval 1 month as date) from core.parameters").fetchall()
    return date.fromisoformat(str(day))


def run_terms(con: duckdb.DuckDBPyConnection) -> int:
    """Makes ``core.term_headlines``: the whole program's headlines of each term that is over, as of its last day."""
    warehouse.create(con, TERM_HEADLINES)
    ended = (
        "select term, starts_on, ends_on from core.terms cross join core.parameters where ends_on <= as_of order by all"
    )
    for term, since, day in con.execute(ended).fetchall():
        with headlines_of(con, day, since) as headlines:
            con.execute(
                "insert into core.term_headlines by name "
                "select ? as term, * exclude (slice_by, slice) from (" + headlines + ") where slice_by = 'all'",
                [term],
            )
    return warehouse.count(con, TERM_HEADLINES)


OTHER_DAYS = (
    OtherDays(PREVIOUS_HEADLINES, run_previous, frozenset({PARAMETERS})),
    OtherDays(TERM_HEADLINES, run_terms, frozenset({PARAMETERS, "core.terms"})),
)


@contextmanager
def headlines_of(con: duckdb.DuckDBPyConnection, day: date, since: date | None = None) -> Iterator[str]:
    """A select of the headlines that a run as of ``day``, not after this one's, would have; of a term that of it alone.

    The same models run once more beside the warehouse. In the scratch catalog only ``core.parameters`` differs; tables
    whose rows are final have those up to ``day``. ``since``: the term's first day.
    """
    with _beside(con) as here:
        warehouse.write_select(con, TABLE_BY_KEY[PARAMETERS], as_of(day, since), SCRATCH)
        for table in (TABLE_BY_KEY[key] for key in {read for model in again() for read in models()[model].reads}):
            if _is_cut(table):
                con.execute(_up_to(table, here, day))
        with _searched_first(con, here):
            for key in again():
                _run_as_of(con, models()[key], here, day)
        yield "select * from " + SCRATCH + "." + HEADLINES


@contextmanager
def instead(con: duckdb.DuckDBPyConnection, selects: Mapping[str, str], wanted: Collection[str]) -> Iterator[None]:
    """While it lasts, the tables of ``wanted`` are what they would be if those of ``selects`` had the rows of these.

    The same models run once more beside the warehouse, those that one of ``selects`` matters to; it stays as it is.
    A select in place of a model's reads what the model would.
    """
    changed = set(selects)
    for key, model in models().items():
        if model.reads & changed:
            changed.add(key)
    with _beside(con) as here:
        for key in selects.keys() - models().keys():
            warehouse.write_select(con, TABLE_BY_KEY[key], selects[key], SCRATCH)
        with _searched_first(con, here):
            for key in _upstream(wanted, {key: model for key, model in models().items() if key in changed}):
                warehouse.write_select(con, TABLE_BY_KEY[key], selects.get(key, models()[key].sql), SCRATCH)
            yield


def as_of(day: date, since: date | None = None) -> str:
    """A select of the parameters of a run as of another day, of a term where its first day is given."""
    first = "date " + literal(since.isoformat()) if since else "cast(null as date)"
    return (
        "select * replace (date " + literal(day.isoformat()) + " as as_of, " + first + " as since) from " + PARAMETERS
    )


@contextmanager
def _beside(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A scratch catalog beside the warehouse, whose own is returned, also where that is only read."""
    ((here,),) = con.execute("select current_catalog()").fetchall()
    con.execute("attach ':memory:' as " + SCRATCH + " (read_write)")
    try:
        for schema in (*LAYERS, _PARTS):
            con.execute("create schema " + SCRATCH + "." + schema)
        yield here
    finally:
        con.execute("detach " + SCRATCH)


@contextmanager
def _searched_first(con: duckdb.DuckDBPyConnection, here: str) -> Iterator[None]:
    """While it lasts, tables are looked for in the scratch catalog, then in the warehouse's."""
    con.execute("set search_path = " + literal(search_path(here)))
    try:
        yield
    finally:
        con.execute("reset search_path")


def search_path(here: str) -> str:
    """Where names of tables are looked for: as of another day, and where there is none, in the catalog ``here``."""
    places = [(catalog, schema) for catalog in (SCRATCH, here) for schema in warehouse.SCHEMAS]
    return ",".join(
        identifier(catalog) + "." + schema for catalog, schema in places if catalog == here or schema in LAYERS
    )


def _run_as_of(con: duckdb.DuckDBPyConnection, model: Model, here: str, day: date) -> None:
    """Makes a model's table in the scratch catalog; a dated one has no row of before that day, unless those are final.

    Headlines are of the day, and ask for no other.
    """
    table, dated = model.table, model.table.dated
    if dated is None:
        run_model(con, table.key, SCRATCH)
        return
    own_period = since(model, dated.period(day))
    if not dated.is_final:
        warehouse.write_select(con, table, own_period, SCRATCH)
        return
    part = replace(table, schema=_PARTS)
    warehouse.write_select(con, part, own_period, SCRATCH)
    earlier = _up_to(table, here, dated.period(day) - timedelta(days=1))
    con.execute(earlier + " union all from " + qualified(part, SCRATCH))


def _up_to(table: Table, catalog: str, day: date) -> str:
    """A view in the scratch catalog of a table's rows up to a day."""
    column = identifier(table.dated.column) if table.dated else "null"
    rows = "select * from " + qualified(table, catalog) + " where " + column
    return "create view " + qualified(table, SCRATCH) + " as " + rows + " <= " + literal(day.isoformat())


def column_lineage(key: str) -> selects.Origins:
    """For every column of a model: the (table key, column) pairs that it comes from; nothing for other days."""
    made = made_tables()[key]
    return selects.origins(made.sql, made.table.column_names) if isinstance(made, Model) else {}
