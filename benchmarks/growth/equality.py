"""Are a peer's tables the product's, cell by cell.

Belongs here: the six tables, and comparing them. Does not belong here: making them.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

COMPARED = ("kpi.activity", "kpi.engagement", "kpi.adoption", "kpi.retention", "kpi.courses", "ops.recognition")
"""What the peers make: all columns of these."""

ROUNDING = 1e-9
"""Two numbers that differ by no more than this share of the larger are one: a peer sums in floats, in any order."""


class NotEqual(Exception):
    """A peer's figures are not the product's."""


def compared(warehouse: Path, out: Path) -> int:
    """How many cells the tables in Parquet have in common with the warehouse; raises NotEqual where any differs."""
    cells = 0
    with duckdb.connect() as con:
        con.execute("attach " + literal(str(warehouse)) + " as product (read_only)")
        for key in COMPARED:
            table = TABLE_BY_KEY[key]
            rows, differ = _differences(con, table, out / f"{key}.parquet")
            if any(differ.values()):
                raise NotEqual(f"{key}: rows or cells that differ: {differ}")
            cells += rows * len(table.columns)
    return cells


def _differences(con: duckdb.DuckDBPyConnection, table: Table, theirs: Path) -> tuple[int, dict[str, int]]:
    """Rows, and by column how many cells differ; a row that only one side has counts for all its columns."""
    names = [identifier(name) for name in table.column_names]
    on_grain = " and ".join(f"ours.{name} is not distinct from theirs.{name}" for name in map(identifier, table.grain))
    is_one_sided = "ours.here is null or theirs.here is null"
    differing = ", ".join(
        f"count(*) filter (where {is_one_sided} or not ({_same(table, name)})) as {identifier(name)}"
        for name in table.column_names
    )
    columns = ", ".join(names)
    relation = con.sql(
        f"select count(*) as rows, {differing}"
        f" from (select true as here, {columns} from {qualified(table, 'product')}) as ours"
        f" full join (select true as here, {columns} from read_parquet({literal(str(theirs))})) as theirs on {on_grain}"
    )
    (found,) = relation.fetchall()
    return found[0], dict(zip(table.column_names, found[1:], strict=True))


def _same(table: Table, name: str) -> str:
    ours, theirs = f"ours.{identifier(name)}", f"theirs.{identifier(name)}"
    if table.column(name).type != "DOUBLE":
        return f"{ours} is not distinct from {theirs}"
    close = f"abs({ours} - {theirs}) <= {ROUNDING} * greatest(abs({ours}), abs({theirs}))"
    return f"coalesce({close}, {ours} is null and {theirs} is null)"
