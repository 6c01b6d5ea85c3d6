"""How a table shows in the Dagster UI: description, group, kinds, owner, columns, counts, all from its contract.

Belongs here: asset specs and materialization metadata. Does not belong here: making any table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import dagster as dg
import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.contracts import KPI_SUBJECTS, TABLE_BY_KEY, Table
from fellowship_pipeline.contracts.counted import is_counted
from fellowship_pipeline.warehouse import facts

OWNER = "team:data"

SUBJECTS = {table.key: subject for subject, tables in KPI_SUBJECTS.items() for table in tables}
"""What a KPI table is about, as the page is divided."""

STANDS = "is_unchanged"
"""Metadata of a table that was not made anew, because nothing that it is made of has changed."""


def asset_key(table_key: str, apart: Apart = ALONE) -> dg.AssetKey:
    """The asset of ``schema.table``."""
    return dg.AssetKey([*apart.prefix, *table_key.split(".")])


def table_key(asset: dg.AssetKey) -> str:
    """``schema.table`` of an asset, whatever program's it is."""
    return ".".join(asset.path[-2:])


def group(table: Table) -> str:
    """The group that it is shown in: its layer, and of KPI tables their subject."""
    return "_".join([table.schema, *([SUBJECTS[table.key]] if table.key in SUBJECTS else [])])


def column_schema(table: Table) -> dg.TableSchema:
    """The contract's columns, as the UI lists them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.type,
                description=column.description + (f" [{column.unit}]" if column.unit else ""),
                constraints=dg.TableColumnConstraints(nullable=not column.required),
                tags={} if column.pii == "none" else {"pii": column.pii},
            )
            for column in table.columns
        ]
    )


def spec(
    table: Table,
    apart: Apart = ALONE,
    *,
    deps: Collection[str] = (),
    kinds: Collection[str] = ("duckdb", "sql"),
    code_version: str | None = None,
    told: Mapping[str, dg.MetadataValue] | None = None,
) -> dg.AssetSpec:
    """The asset of a table, depending on the tables of ``deps``; ``told``: metadata of its own."""
    return dg.AssetSpec(
        key=asset_key(table.key, apart),
        deps=[asset_key(dep, apart) for dep in sorted(deps)],
        description=table.description,
        group_name=group(table),
        owners=[OWNER],
        kinds=set(kinds),
        code_version=code_version,
        metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": table.key, **(told or {})},
    )


def made(
    table_key: str,
    rows: int,
    lineage: Mapping[str, list[tuple[str, str]]] | None = None,
    *,
    apart: Apart = ALONE,
    version: str | None = None,
    stands: bool = False,
) -> dg.MaterializeResult:  # type: ignore[type-arg]  # generic only in annotations of newer releases
    """What an asset reports: how many rows it has, its data version, where its columns come from.

    ``stands``: nothing that it is made of has changed, so that it was not made anew.
    """
    told: dict[str, Any] = unchanged(stands=stands)
    if is_counted(TABLE_BY_KEY[table_key]):
        told["dagster/row_count"] = rows
    if lineage:
        told["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(asset_key=asset_key(key, apart), column_name=name) for key, name in origins]
                for column, origins in lineage.items()
            }
        )
    return dg.MaterializeResult(
        asset_key=asset_key(table_key, apart), metadata=told, data_version=dg.DataVersion(version) if version else None
    )


def unchanged(*, stands: bool) -> dict[str, bool]:
    """Metadata of what stands, nothing of what was made."""
    return {STANDS: True} if stands else {}


def read_from(table: Table) -> dict[str, list[tuple[str, str]]]:
    """Of a table of rules and types the column of texts that each column is read from, where it is called the same."""
    texts = TABLE_BY_KEY.get(f"raw.{table.name}") if table.schema == "staging" else None
    return {name: [(texts.key, name)] for name in table.column_names if name in texts.column_names} if texts else {}


def reports(
    con: duckdb.DuckDBPyConnection, keys: Collection[str], before: Mapping[str, str], apart: Apart = ALONE
) -> list[dg.MaterializeResult]:  # type: ignore[type-arg]
    """A report for each of several tables written at once; ``before``: their versions before that."""
    versions = facts.versions(con)
    return [
        made(
            key,
            warehouse.count(con, TABLE_BY_KEY[key]),
            read_from(TABLE_BY_KEY[key]),
            apart=apart,
            version=versions.get(key),
            stands=key in versions and versions[key] == before.get(key),
        )
        for key in keys
    ]
