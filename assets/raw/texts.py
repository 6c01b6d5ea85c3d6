"""Landing folder → archive, ledger and ``raw.<source>``: every record as text, exactly as its file has it.

Belongs here: the asset around ``fellowship_pipeline.forgetting.reading``. Does not belong here: how files are read.
"""

from collections.abc import Iterator

import dagster as dg

from assets.describe import reports, spec, table_key
from assets.resources import RunProgram, WarehouseResource, whole
from assets.versions import stamping
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.contracts import META_TABLES, RAW_TABLES
from fellowship_pipeline.forgetting.reading import arrive, forget, read
from fellowship_pipeline.intake.landing.nameless import nameless
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.warehouse import facts


def build_texts(apart: Apart = ALONE) -> dg.AssetsDefinition:
    """The asset of every table of ``raw``."""

    @dg.multi_asset(
        specs=[spec(table, apart, kinds=("python", "duckdb")) for table in RAW_TABLES], can_subset=True, pool=apart.pool
    )
    def texts(
        context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        """Takes in what landed and reads every file in force, where that can give anything new."""
        home, settings = program.place, program.load()
        with nameless(home):
            arrivals = program.arrivals or arrive(home, settings)
        with warehouse.connect() as con:
            if program.makes_all:
                facts.forget(con)
            forget(con, home, settings, destroys_now=program.destroys_now)
            before = facts.versions(con)
            if not (generation.is_read(con, home, settings) and all(table.key in before for table in RAW_TABLES)):
                with whole(con, [table.key for table in (*RAW_TABLES, *META_TABLES)]), stamping(con, RAW_TABLES):
                    read(con, home, settings, arrivals)
            yield from reports(con, [table_key(key) for key in sorted(context.selected_asset_keys)], before, apart)

    return texts
