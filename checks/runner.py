"""Running tables' expectations with Great Expectations against what is stored in DuckDB.

The counts of all tables are evaluated at once (``screening``), and a table that is not clean is looked at closely.
Belongs here: the only use of Great Expectations, which takes seconds to import and so is imported inside functions.
Does not belong here: what is expected (``contract`` and the YAML suites), or Dagster (``build``).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import Any, Literal
from uuid import uuid4
from warnings import catch_warnings

import duckdb

from checks.contract import contract
from checks.model import Bilingual, CheckSeverity, Expectation, has_persons, meanings
from checks.screening import counts
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, Column, Table

EXAMPLES = 3
FILE = ("file_id", "source")
"""Which file a row is about, in words that are no person's."""

CheckKind = Literal["contract", "meaning"]

_COUNTS = Table(
    "raw",
    "counts",
    "How many rows of a table break what is expected of it. Grain: table_key.",
    (
        Column("table_key", "VARCHAR", "The table.", required=True),
        Column("wrong", "BIGINT", "Rows, added up over its expectations.", required=True),
    ),
)
_NONE_WRONG = Expectation(
    name="no_row_is_wrong",
    type="unexpected_rows_expectation",
    kwargs={"unexpected_rows_query": "select table_key, wrong from {batch} where wrong <> 0"},
    severity="critical",
    words=Bilingual(en="Tables are not as expected.", ko="기대와 다른 표가 있습니다."),
)


@dataclass(frozen=True)
class Result:
    """What became of one expectation.

    ``is_error``: the expectation itself could not be evaluated (then ``passed`` is False too, and ``error`` says why):
    the data may be right or wrong. ``examples``: at most three rows, of tables without personal data only, and of them
    no label that could be one person's.
    """

    name: str
    kind: CheckKind
    passed: bool
    is_error: bool
    severity: CheckSeverity
    unexpected_count: int | None
    examples: tuple[Mapping[str, Any], ...]
    words: Bilingual
    error: str | None = None


@cache
def _context() -> Any:
    """The process's one context: in memory, without analytics or progress bars."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import_module("tqdm").tqdm.monitor_interval = 0  # its thread would outlive the process's last words
    _load_when_used("scipy", "stats")
    gx = import_module("great_expectations")
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    return context


def _load_when_used(package: str, name: str) -> None:
    """Has a module loaded when something of it is asked for: metrics that nobody uses take seconds with it."""
    full = f"{package}.{name}"
    if full not in sys.modules and (spec := find_spec(full)) is not None and spec.loader is not None:
        spec.loader = LazyLoader(spec.loader)
        module = sys.modules[full] = module_from_spec(spec)
        spec.loader.exec_module(module)
        setattr(sys.modules[package], name, module)  # else importing it from there asks for its spec, and loads it


@contextmanager
def _batch(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Any]:
    """The whole stored table as a batch; both of Great Expectations' engines are disposed of afterwards."""
    from fellowship_pipeline.warehouse import sqlalchemy_dialect  # noqa: PLC0415 - loads SQLAlchemy

    sources = _context().data_sources
    name = f"{table.key} {uuid4()}"
    source = sources.add_sql(
        name, connection_string=sqlalchemy_dialect.URL, kwargs=sqlalchemy_dialect.engine_arguments(con)
    )
    try:
        with catch_warnings(action="ignore", category=DeprecationWarning):  # no other place for a plain source's schema
            asset = source.add_table_asset(table.key, table_name=table.name, schema_name=table.schema)
        yield asset.add_batch_definition_whole_table("all").get_batch()
    finally:
        source.get_execution_engine().engine.dispose()
        source.get_engine().dispose()
        sources.delete(name)


def _is_stored(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    query = (
        "select 1 from information_schema.tables"
        " where table_catalog = current_catalog() and table_schema = ? and table_name = ?"
    )
    return con.execute(query, [table.schema, table.name]).fetchone() is not None


def _outcomes(batch: Any, expectations: Iterable[Expectation], result_format: Mapping[str, Any]) -> dict[str, Any]:
    """Great Expectations' result of each expectation, by name."""
    suite = import_module("great_expectations").ExpectationSuite(
        "suite",
        expectations=[
            {"type": e.type, "kwargs": dict(e.kwargs), "severity": e.severity, "meta": {"name": e.name}}
            for e in expectations
        ],
    )
    if not suite.expectations:
        return {}
    validated = batch.validate(suite, result_format=dict(result_format))
    return {result.expectation_config.meta["name"]: result for result in validated.results}


def _crash(info: Mapping[str, Any]) -> str | None:
    """Why the expectation could not be evaluated; None where it was.

    One crash comes as one exception, a missing column as an exception per metric.
    """
    exceptions = [info] if "raised_exception" in info else list(info.values())
    messages = [str(e.get("exception_message")) for e in exceptions if e.get("raised_exception")]
    return min(messages) if messages else None


def _without_values(message: str) -> str:
    """The class of a database error: its message may quote a value."""
    found = re.search(r"_duckdb\.(\w+)", message)
    return found[1] if found else "error"


def _is_told(table: Table, name: str, value: Any) -> bool:
    """Whether a cell may be recorded: a number, a day, a word of a closed vocabulary, which file; no label of a group.

    A group may be one person, and the label theirs alone. Of a KPI table only which row it is: what is published of its
    figures, and of figures of others beside them, is for the release to say.
    """
    if table.privacy is not None and name not in table.grain:
        return False
    vocabulary = {word for column in table.columns if column.name == name for word in column.values}
    return not isinstance(value, str) or name in FILE or value in vocabulary


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _examples(result: Mapping[str, Any], expectation: Expectation, table: Table) -> Iterator[dict[str, Any]]:
    rows = [dict(row) for row in result.get("details", {}).get("unexpected_rows", ())[:EXAMPLES]]
    rows += [{expectation.kwargs["column"]: value} for value in result.get("partial_unexpected_list", ())[:EXAMPLES]]
    for row in rows:
        told = {name: _plain(value) for name, value in row.items() if _is_told(table, name, value)}
        if any(value is not None for value in told.values()):
            yield told


def _result(expectation: Expectation, kind: CheckKind, outcome: Any, table: Table) -> Result:
    is_private = has_persons(table)
    crash = _crash(outcome.exception_info or {})
    counts = outcome.result
    rows = counts.get("observed_value" if "unexpected_rows_query" in expectation.kwargs else "unexpected_count")
    return Result(
        expectation.name,
        kind,
        passed=bool(outcome.success) and crash is None,
        is_error=crash is not None,
        severity=expectation.severity,
        unexpected_count=rows if isinstance(rows, int) else None,
        examples=() if is_private else tuple(_examples(counts, expectation, table)),
        words=expectation.words,
        error=_without_values(crash) if crash else None,
    )


def run_expectations(
    con: duckdb.DuckDBPyConnection, table: Table, kinds: Mapping[CheckKind, tuple[Expectation, ...]]
) -> list[Result]:
    """Evaluates the expectations of each kind on the stored table; where there is no such table, all are errors."""
    if not _is_stored(con, table):
        return [
            Result(e.name, kind, False, True, e.severity, None, (), e.words, f"{table.key} does not exist")
            for kind, expectations in kinds.items()
            for e in expectations
        ]
    is_private = has_persons(table)
    quiet = {"result_format": "BASIC", "partial_unexpected_count": 0 if is_private else EXAMPLES}
    telling = quiet if is_private else {"result_format": "COMPLETE", "partial_unexpected_count": EXAMPLES}
    with _batch(con, table) as batch:
        return [
            _result(expectation, kind, outcomes[expectation.name], table)
            for kind, expectations in kinds.items()
            for outcomes in [_outcomes(batch, expectations, telling if kind == "meaning" else quiet)]
            for expectation in expectations
        ]


def run_suite(con: duckdb.DuckDBPyConnection, table: Table | str) -> list[Result]:
    """Evaluates everything expected of a table (or its key) on the open connection, contract first.

    The tables it refers to must exist. Nothing is written, and the connection stays open.
    """
    table = TABLE_BY_KEY[table] if isinstance(table, str) else table
    return run_expectations(con, table, _kinds(table))


def run_suites(
    con: duckdb.DuckDBPyConnection, tables: Iterable[Table], unjudged: Mapping[str, str | None] | None = None
) -> dict[str, list[Result]]:
    """As :func:`run_suite` of each table, by table key; what is wrong with a table is looked at only where a count says
    that something is. ``unjudged``: by table key which rows were not judged before (see :func:`screening.counts`).
    """
    tables, unjudged = list(tables), unjudged or {}
    suspects = _suspects(
        {
            table.key: counts(con, table, [*contract(table.key), *meanings(table.key)], unjudged.get(table.key))
            for table in tables
        }
    )
    return {table.key: _close_look(con, table) if table.key in suspects else clean(table) for table in tables}


def _suspects(counted: Mapping[str, Mapping[str, int] | None]) -> set[str]:
    """The tables of which Great Expectations finds a count that is not 0, and those that could not be counted."""
    uncounted = {key for key, wrong in counted.items() if wrong is None}
    rows = [(key, sum(wrong.values())) for key, wrong in counted.items() if wrong is not None]
    if not rows:
        return uncounted
    with warehouse.connect(None) as con:
        warehouse.write_rows(con, _COUNTS, rows)
        with _batch(con, _COUNTS) as batch:
            outcome = _outcomes(batch, [_NONE_WRONG], {"result_format": "COMPLETE"})[_NONE_WRONG.name]
    if outcome.success and not _crash(outcome.exception_info or {}):
        return uncounted
    return uncounted | {key for key, wrong in rows if wrong}


def _close_look(con: duckdb.DuckDBPyConnection, table: Table) -> list[Result]:
    """Every result of a table of which some count is not 0: where none fails by itself, that is an error of all."""
    results = run_suite(con, table)
    if any(not result.passed for result in results):
        return results
    told = "counted as wrong, and evaluated as right"
    return [replace(result, passed=False, is_error=True, error=told) for result in results]


def clean(table: Table) -> list[Result]:
    """The results of a table as expected."""
    return [
        Result(e.name, kind, True, False, e.severity, 0, (), e.words)
        for kind, expectations in _kinds(table).items()
        for e in expectations
    ]


def _kinds(table: Table) -> dict[CheckKind, tuple[Expectation, ...]]:
    return {"contract": contract(table.key), "meaning": meanings(table.key)}
