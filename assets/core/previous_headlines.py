"""The headline KPIs as of the same day of the month before: the same models, run once more in a scratch catalog."""

import dagster as dg

from assets.describe import made, spec
from assets.resources import POOL, WarehouseResource
from assets.sql import models, run_previous, upstream
from fellowship_pipeline.contracts import PREVIOUS_HEADLINES


def _reads() -> set[str]:
    needed = upstream(["kpi.headlines"])
    return {read for key in needed for read in models()[key].reads} - set(needed)


def build_previous_headlines() -> dg.AssetsDefinition:
    """The asset, depending on everything that the headlines start from."""

    @dg.multi_asset(name="core__previous_headlines", specs=[spec(PREVIOUS_HEADLINES, deps=_reads())], pool=POOL)
    def make(warehouse: WarehouseResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        with warehouse.connect() as con:
            return made(PREVIOUS_HEADLINES.key, run_previous(con))

    return make
