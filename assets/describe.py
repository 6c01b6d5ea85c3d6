"""How a table shows in the Dagster UI: description, group, kinds, owner, columns, counts, all from its contract.

Belongs here: asset specs and materialization metadata. Does not belong here: making any table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import dagster as dg
import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table

OWNER = "team:data"


def asset_key(table_key: str) -> dg.AssetKey:
    """The asset of ``schema.table``."""
    return dg.AssetKey(table_key.split("."))


def column_schema(table: Table) -> dg.TableSchema:
    """The contract's columns, as the UI lists them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.type,
                description=column.description + (f" [{column.unit}]" if column.unit else ""),
                constraints=dg.TableColumnConstraints(nullable=not column.required),
                tags={"pii": column.pii},
            )
            for column in table.columns
        ]
    )


def spec(table: Table, *, deps: Collection[str] = (), kinds: Collection[str] = ("duckdb", "sql")) -> dg.AssetSpec:
    """The asset of a table, depending on the tables of ``deps``."""
    return dg.AssetSpec(
        key=asset_key(table.key),
        deps=[asset_key(dep) for dep in sorted(deps)],
        description=table.description,
        group_name=table.schema,
        owners=[OWNER],
        kinds=set(kinds),
        metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": table.key},
    )


def made(
    table_key: str, rows: int, lineage: Mapping[str, list[tuple[str, str]]] | None = None, **metadata: float
) -> dg.MaterializeResult:  # type: ignore[type-arg]  # generic only in annotations of newer releases
    """What an asset reports: its rows, where its columns come from, and numbers of its own."""
    facts: dict[str, Any] = {"dagster/row_count": rows, **metadata}
    if lineage:
        facts["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(asset_key=asset_key(key), column_name=name) for key, name in origins]
                for column, origins in lineage.items()
            }
        )
    return dg.MaterializeResult(asset_key=asset_key(table_key), metadata=facts)


def reports(con: duckdb.DuckDBPyConnection, keys: Collection[str]) -> list[dg.MaterializeResult]:  # type: ignore[type-arg]
    """A report for each of several tables made at once."""
    return [made(key, warehouse.count(con, TABLE_BY_KEY[key])) for key in keys]
