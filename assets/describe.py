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
from fellowship_pipeline.warehouse import facts

OWNER = "team:data"

STANDS = "stands"
"""Metadata of a table that was not made anew, because nothing that it is made of has changed."""


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


def spec(
    table: Table,
    *,
    deps: Collection[str] = (),
    kinds: Collection[str] = ("duckdb", "sql"),
    code_version: str | None = None,
) -> dg.AssetSpec:
    """The asset of a table, depending on the tables of ``deps``."""
    return dg.AssetSpec(
        key=asset_key(table.key),
        deps=[asset_key(dep) for dep in sorted(deps)],
        description=table.description,
        group_name=table.schema,
        owners=[OWNER],
        kinds=set(kinds),
        code_version=code_version,
        metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": table.key},
    )


def made(
    table_key: str,
    rows: int,
    lineage: Mapping[str, list[tuple[str, str]]] | None = None,
    *,
    version: str | None = None,
    stands: bool = False,
    **metadata: float,
) -> dg.MaterializeResult:  # type: ignore[type-arg]  # generic only in annotations of newer releases
    """What an asset reports: its rows, its data version, where its columns come from, and numbers of its own.

    ``stands``: nothing that it is made of has changed, so that it was not made anew.
    """
    told: dict[str, Any] = {"dagster/row_count": rows, STANDS: stands, **metadata}
    if lineage:
        told["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(asset_key=asset_key(key), column_name=name) for key, name in origins]
                for column, origins in lineage.items()
            }
        )
    return dg.MaterializeResult(
        asset_key=asset_key(table_key), metadata=told, data_version=dg.DataVersion(version) if version else None
    )


def reports(
    con: duckdb.DuckDBPyConnection, keys: Collection[str], before: Mapping[str, str]
) -> list[dg.MaterializeResult]:  # type: ignore[type-arg]
    """A report for each of several tables written at once; ``before``: their versions before that."""
    versions = facts.versions(con)
    return [
        made(
            key,
            warehouse.count(con, TABLE_BY_KEY[key]),
            version=versions.get(key),
            stands=key in versions and versions[key] == before.get(key),
        )
        for key in keys
    ]
