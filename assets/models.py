"""The asset of every table that is made of tables: core, kpi, ops; dependencies and lineage come from the SQL itself.

One step makes them all in order: Dagster takes longer over a step than DuckDB over a table. Belongs here: turning what
is made of tables into assets. Does not belong here: SQL, or tables that are made of files and settings.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb

from assets.describe import made, spec
from assets.resources import POOL, WarehouseResource, whole
from assets.sql import column_lineage, made_tables
from assets.versions import code_version, make_stale
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.warehouse import count, facts


def build_tables() -> dg.AssetsDefinition:
    """Everything that is made of other tables, each table an asset."""
    making = made_tables()

    specs = [spec(one.table, deps=one.reads, code_version=code_version(key)) for key, one in making.items()]

    @dg.multi_asset(specs=specs, can_subset=True, pool=POOL)
    def tables(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        """Makes the selected tables that do not stand, each after those it reads."""
        wanted = {".".join(key.path) for key in context.selected_asset_keys}
        with warehouse.connect() as con:
            known = facts.known(con)
            there = set(known)
            for key in making:
                if key in wanted:
                    with whole(con, [key], making[key].reads - there):
                        is_made = make_stale(con, key, known)
                    there.add(key)
                    rows, numbers = count(con, making[key].table), _numbers(con, key)
                    version = known[key].get(facts.VERSION) if key in known else None
                    yield made(key, rows, column_lineage(key), version=version, stands=not is_made, **numbers)

    return tables


def _numbers(con: duckdb.DuckDBPyConnection, key: str) -> dict[str, float]:
    """The table's latest values, as metadata that the UI plots."""
    if key == "kpi.scorecard":
        found = con.execute("select kpi, value from kpi.scorecard where slice_by = 'all' and value is not null")
        return {kpi: float(value) for kpi, value in found.fetchall()}
    table = TABLE_BY_KEY[key]
    if table.plotted is None:
        return {}
    period, column = table.plotted
    relation = con.table(key)
    if "slice_by" in table.column_names:
        relation = relation.filter(duckdb.ColumnExpression("slice_by") == duckdb.ConstantExpression("all"))
    latest = relation.order(period + " desc").limit(1).project(column).fetchall()
    return {column: float(latest[0][0])} if latest and latest[0][0] is not None else {}
