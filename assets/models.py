"""An asset for every SQL model of the layers core, kpi and ops; dependencies and lineage come from the SQL itself.

Belongs here: turning models into assets. Does not belong here: SQL, or tables that Python makes.
"""

import dagster as dg
import duckdb

from assets.describe import made, spec
from assets.resources import POOL, WarehouseResource
from assets.sql import Model, column_lineage, models, run_model
from fellowship_pipeline.contracts import TABLE_BY_KEY


def build_models() -> list[dg.AssetsDefinition]:
    """Every SQL model as an asset."""
    return [_build(model) for model in models().values()]


def _build(model: Model) -> dg.AssetsDefinition:
    key = model.table.key

    @dg.multi_asset(
        name=key.replace(".", "__"),
        specs=[spec(model.table, deps=model.reads)],
        pool=POOL,
        op_tags={"layer": key.split(".")[0]},
    )
    def make(warehouse: WarehouseResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        with warehouse.making([key], model.reads) as con:
            rows = run_model(con, key)
            return made(key, rows, column_lineage(key), **_numbers(con, key))

    return make


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
