"""``raw.<source>`` → ``staging.<source>``: rules and types, restatement, identity, and the account of every record.

Belongs here: the asset around ``fellowship_pipeline.intake.staging``. Does not belong here: the rules.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb

from assets.describe import reports, spec, table_key
from assets.resources import RunProgram, WarehouseResource
from assets.versions import stamping
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.contracts import META_TABLES, RAW_TABLES, STAGING_TABLES, TABLE_BY_KEY
from fellowship_pipeline.engine import spark
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.home import clock
from fellowship_pipeline.intake.lake import LakeTable, lake_table
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.intake.staging import days, stage
from fellowship_pipeline.warehouse import facts

_TABLES = (*META_TABLES, *STAGING_TABLES, TABLE_BY_KEY["ops.unmatched"])
_MADE = [*(table.key for table in STAGING_TABLES), "ops.unmatched"]
_READS = [table.key for table in RAW_TABLES]


def build_rows(apart: Apart = ALONE) -> dg.AssetsDefinition:
    """The asset of every table of ``staging``, of the files' accounts and of names of nobody."""

    @dg.multi_asset(
        specs=[spec(table, apart, deps=_READS, kinds=("python", "duckdb")) for table in _TABLES],
        can_subset=True,
        pool=apart.pool,
    )
    def rows(
        context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        """Stages every source and closes the account of every file, where anything was read anew."""
        with warehouse.making(_MADE, [*_READS, *(table.key for table in META_TABLES)]) as con:
            before = facts.versions(con)
            table = lake_table(program.load(), clock.now())
            if table or not generation.is_staged(con):
                was = days.versions(con)
                with stamping(con, _TABLES, {"staging.activity": lambda: days.differing(con, was)}):
                    stage(con, program.load())
                    if table:
                        _ask(con, program, table)
                generation.mark_staged(con)
            yield from reports(con, [table_key(key) for key in sorted(context.selected_asset_keys)], before, apart)

    return rows


def _ask(con: duckdb.DuckDBPyConnection, program: RunProgram, table: LakeTable) -> None:
    """Asks a table of a lake what is to be known of its rows, which stay there."""
    stones = tombstones.load(program.place)
    with spark.session(program.spark().address) as session:
        there = spark.lake(session, table.name, table.there)
        told = there.sums(table.looking(there.schema()))
    table.note(con, told, stones.sieve().is_name if stones.stones else lambda name: False)
