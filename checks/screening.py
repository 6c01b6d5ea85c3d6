"""How many rows break each expectation of a table, counted by DuckDB in two queries.

Great Expectations takes longer over one expectation than DuckDB over a whole table, and nearly all hold. So ``runner``
has the counts of many tables evaluated at once, and each table that is not clean looked at expectation by expectation.
That no two rows share a grain is proven by hashes where a table is large: what is equal has one hash, so that as many
hashes as rows leave nothing to group. Of a table of which some rows were judged before, what is said of single rows is
asked of the others only, and so is the grain where none of the others can have one with those; what a query says of the
whole table is asked of the whole table.
Belongs here: counting. Does not belong here: what is expected, or whether a count passes.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import numpy as np

from checks.contract import GRAIN
from checks.model import Expectation
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import Table
from fellowship_pipeline.warehouse.names import identifier, qualified

Breach = tuple[str, list[object]]
"""SQL that is true of a row, and its parameters."""

MANY = 1 << 20
"""From so many rows on, looking at their hashes costs less than grouping them."""

HASHES_AT_ONCE = 1 << 24
"""An eighth of a gigabyte."""

NOTHING = "false"
"""What is true of no row: all were judged before."""


def counts(
    con: duckdb.DuckDBPyConnection, table: Table, expectations: Iterable[Expectation], unjudged: str | None = None
) -> dict[str, int] | None:
    """Rows (or columns) that break each expectation, by name; None where that cannot be counted.

    ``unjudged``: SQL that is true of the rows that were not judged by the same rules before; None: of all.
    """
    expectations = list(expectations)
    try:
        columns = _columns(con, table)
    except duckdb.Error:
        return None
    found = {e.name: broken for e in expectations if (broken := _of_columns(e, columns)) is not None}
    conditions = {e.name: condition for e in expectations if (condition := _of_rows(e))}
    queries = {e.name: e.rows_query for e in expectations if e.rows_query is not None}
    sizes = {e.name: e.kwargs["value"] for e in expectations if e.type == "expect_table_row_count_to_equal"}
    if len(found) + len(conditions) + len(queries) + len(sizes) != len(expectations):
        return None
    stored = " from " + qualified(table)
    others = stored + " where " + unjudged if unjudged else stored
    try:
        rows, *wrong = _row(
            con,
            ["count(*)", *(f"count(*) filter (where {sql})" for sql, _ in conditions.values())],
            [value for _, parameters in conditions.values() for value in parameters],
            others,
        )
        found |= dict(zip(conditions, wrong, strict=True))
        found |= {name: abs(warehouse.count(con, table) - value) for name, value in sizes.items()}
        batches = dict.fromkeys(queries, stored)
        if GRAIN in queries and unjudged and _is_apart(table, unjudged):
            batches[GRAIN] = others
        if GRAIN in queries and (unjudged or rows >= MANY) and _has_a_hash_per_row(con, table, batches[GRAIN]):
            found[GRAIN] = 0
            del queries[GRAIN]
        if queries:
            several = _row(con, [_broken(query, batches[name]) for name, query in queries.items()])
            found |= dict(zip(queries, several, strict=True))
    except duckdb.Error:
        return None
    return found


def _broken(query: str, rows: str) -> str:
    """SQL of how many rows break a query of ``batch``."""
    return "(with batch as (select *" + rows + ") select count(*) from (" + query + "))"


def _is_apart(table: Table, unjudged: str) -> bool:
    """Whether no row that was not judged can have the grain of one that was: the day that tells them apart is of it."""
    return unjudged == NOTHING or (table.dated is not None and table.dated.column in table.grain)


def _has_a_hash_per_row(con: duckdb.DuckDBPyConnection, table: Table, stored: str) -> bool:
    """Whether no two of many rows have one hash of their grain, and so none have one grain.

    The other way round it proves nothing: a hash may be shared by chance.
    """
    ((rows,),) = con.execute("select count(*)" + stored).fetchall()
    if rows < MANY:
        return False
    hashed = "hash(" + ", ".join(identifier(name) for name in table.grain) + ")"
    parts = rows // HASHES_AT_ONCE + 1
    query = "select * from (select " + hashed + " as hashed" + stored + ")"
    if parts > 1:
        query += " where hashed % cast(? as ubigint) = ?"
    found = 0
    for part in range(parts):
        hashes = np.sort(con.execute(query, [parts, part] if parts > 1 else []).fetchnumpy()["hashed"])
        if (hashes[1:] == hashes[:-1]).any():
            return False
        found += len(hashes)
    return bool(found == rows)


def _row(
    con: duckdb.DuckDBPyConnection, expressions: list[str], parameters: Iterable[object] = (), source: str = ""
) -> list[int]:
    ((*values,),) = con.execute("select " + ", ".join(expressions) + source, list(parameters)).fetchall()
    return values


def _columns(con: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    """The stored columns in order, with their types; raises duckdb.Error where there is no such table."""
    return {name: kind for name, kind, *_ in con.execute("describe " + qualified(table)).fetchall()}


def _of_columns(expectation: Expectation, columns: dict[str, str]) -> int | None:
    """Whether (1) or not (0) what is expected of the columns themselves is broken; None: it is about rows."""
    expected = expectation.kwargs
    match expectation.type:
        case "expect_table_columns_to_match_ordered_list":
            return int(list(columns) != expected["column_list"])
        case "expect_column_values_to_be_of_type":
            return int(columns.get(expected["column"]) != expected["type_"])
    return None


def _of_rows(expectation: Expectation) -> Breach | None:
    """What is true of each row that breaks the expectation; None: it is not about single rows."""
    expected = expectation.kwargs
    column = identifier(expected["column"]) if "column" in expected else ""
    match expectation.type:
        case "expect_column_values_to_not_be_null":
            return column + " is null", []
        case "expect_column_values_to_be_in_set":
            values = list(expected["value_set"])
            return column + " not in (" + ", ".join("?" for _ in values) + ")", values
        case "expect_column_values_to_be_between":
            bounds = {" < ?": expected["min_value"], " > ?": expected["max_value"]}
            given = {sql: bound for sql, bound in bounds.items() if bound is not None}
            return " or ".join(column + sql for sql in given), list(given.values())
    return None
