"""``raw.<source>`` → ``staging.<source>``: rules and types, restatement, identity, and the account of every record.

Belongs here: the asset around ``fellowship_pipeline.intake.staging``. Does not belong here: the rules.
"""

from collections.abc import Iterator

import dagster as dg

from assets.describe import reports, spec
from assets.resources import POOL, RunProgram, WarehouseResource
from assets.versions import stamping
from fellowship_pipeline.contracts import META_TABLES, RAW_TABLES, STAGING_TABLES, TABLE_BY_KEY
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.intake.staging import days, stage
from fellowship_pipeline.warehouse import facts

_TABLES = (*META_TABLES, *STAGING_TABLES, TABLE_BY_KEY["ops.unmatched"])
_MADE = [*(table.key for table in STAGING_TABLES), "ops.unmatched"]
_READS = [table.key for table in RAW_TABLES]


@dg.multi_asset(
    specs=[spec(table, deps=_READS, kinds=("python", "duckdb")) for table in _TABLES], can_subset=True, pool=POOL
)
def rows(
    context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Stages every source and closes the account of every file, where anything was read anew."""
    with warehouse.making(_MADE, [*_READS, *(table.key for table in META_TABLES)]) as con:
        before = facts.versions(con)
        if not generation.is_staged(con):
            was = days.versions(con)
            with stamping(con, _TABLES, {"staging.activity": lambda: days.differing(con, was)}):
                stage(con, program.load())
            generation.mark_staged(con)
        yield from reports(con, [".".join(key.path) for key in sorted(context.selected_asset_keys)], before)
