"""``program.yaml`` as tables, with ``as_of`` and the days that activity covers: what SQL needs to know of the program.

Belongs here: the asset around ``fellowship_pipeline.program.rows``. Does not belong here: any rule of a program.
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg
import duckdb

from assets.describe import reports, spec
from assets.resources import POOL, RunProgram, WarehouseResource
from assets.versions import stamping
from fellowship_pipeline import warehouse as tables
from fellowship_pipeline.contracts import SETTINGS_TABLES, STAGING_TABLES, TABLE_BY_KEY
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.intake.staging.coverage import coverage, default_as_of
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.rows import settings_rows
from fellowship_pipeline.warehouse import facts

_READS = [*(table.key for table in STAGING_TABLES), "raw.files"]


def write_settings(con: duckdb.DuckDBPyConnection, program: Program, asked: date | None) -> date:
    """Writes every settings table of ``core``; returns the ``as_of`` of the run.

    Raises UserError where no day was asked for and the data has none.
    """
    as_of = asked or default_as_of(con, program)
    coverage(con, program, as_of)
    for name, rows in settings_rows(program, as_of).items():
        tables.write_rows(con, TABLE_BY_KEY[f"core.{name}"], rows)
    return as_of


@dg.multi_asset(
    specs=[spec(table, deps=_READS, kinds=("python", "duckdb")) for table in SETTINGS_TABLES],
    can_subset=True,
    pool=POOL,
)
def settings(
    context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Writes the program's settings as tables."""
    with warehouse.making([table.key for table in SETTINGS_TABLES], _READS) as con:
        before = facts.versions(con)
        with stamping(con, SETTINGS_TABLES):
            as_of = write_settings(con, program.load(), program.as_of)
        generation.mark_asked(con, program.as_of)
        yield from reports(con, [".".join(key.path) for key in sorted(context.selected_asset_keys)], before)
    context.log.info("as of %s", as_of)
