"""Landing folder → archive, ledger and ``raw.<source>``: every record as text, exactly as its file has it.

Belongs here: the asset around ``fellowship_pipeline.intake``. Does not belong here: reading files.
"""

from collections.abc import Iterator

import dagster as dg

from assets.describe import reports, spec
from assets.resources import POOL, ProgramResource, WarehouseResource
from fellowship_pipeline import intake
from fellowship_pipeline.contracts import RAW_TABLES


@dg.multi_asset(specs=[spec(table, kinds=("python", "duckdb")) for table in RAW_TABLES], can_subset=True, pool=POOL)
def texts(
    context: dg.AssetExecutionContext, program: ProgramResource, warehouse: WarehouseResource
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Takes in what landed and reads every file in force."""
    settings = program.load()
    arrivals = intake.take_in(program.place, settings)
    with warehouse.connect() as con:
        intake.read_into(con, program.place, settings, arrivals)
        yield from reports(con, [".".join(key.path) for key in sorted(context.selected_asset_keys)])
