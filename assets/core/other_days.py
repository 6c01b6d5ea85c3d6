"""The headline KPIs of other days, the month before and the ends of terms: the same models, run again for each.

Belongs here: the assets around ``assets.sql.OTHER_DAYS``. Does not belong here: any formula, or which days those are.
"""

from collections.abc import Callable

import dagster as dg
import duckdb

from assets.describe import made, spec
from assets.resources import POOL, WarehouseResource
from assets.sql import models, run_previous, run_terms, upstream
from fellowship_pipeline.contracts import PREVIOUS_HEADLINES, TERM_HEADLINES, Table


def build_other_days() -> list[dg.AssetsDefinition]:
    """The assets, depending on everything that the headlines start from."""
    needed = upstream(["kpi.headlines"])
    reads = {read for key in needed for read in models()[key].reads} - set(needed)
    return [
        _build(PREVIOUS_HEADLINES, reads, run_previous),
        _build(TERM_HEADLINES, {*reads, "core.terms"}, run_terms),
    ]


def _build(table: Table, reads: set[str], run: Callable[[duckdb.DuckDBPyConnection], int]) -> dg.AssetsDefinition:
    @dg.multi_asset(name=table.key.replace(".", "__"), specs=[spec(table, deps=reads)], pool=POOL)
    def make(warehouse: WarehouseResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        with warehouse.making([table.key], reads) as con:
            return made(table.key, run(con))

    return make
