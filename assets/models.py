"""The asset of every table that is made of tables: core, kpi, ops; dependencies and lineage come from the SQL itself.

One step makes them all in order: Dagster takes longer over a step than DuckDB over a table. Belongs here: turning what
is made of tables into assets. Does not belong here: SQL, or tables that are made of files and settings.
"""

from collections.abc import Iterator, Mapping
from functools import partial

import dagster as dg

from assets.describe import made, spec, table_key
from assets.distributed import gone
from assets.resources import RunProgram, WarehouseResource, whole
from assets.sql import column_lineage, made_tables
from assets.versions import code_version
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.lineage import lineage
from fellowship_pipeline.warehouse import count, facts


def build_tables(told: Mapping[str, Mapping[str, dg.MetadataValue]], apart: Apart = ALONE) -> dg.AssetsDefinition:
    """Everything that is made of other tables, each table an asset; ``told``: by table key metadata of its own."""
    making = made_tables()

    specs = [
        spec(one.table, apart, deps=one.reads, code_version=code_version(key), told=told.get(key))
        for key, one in making.items()
    ]

    @dg.multi_asset(specs=specs, can_subset=True, pool=apart.pool)
    def tables(
        context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        """Makes the selected tables that do not stand, each after those it reads."""
        wanted = {table_key(key) for key in context.selected_asset_keys}
        settings, warn = program.load(), context.log.warning
        with (
            warehouse.connect() as con,
            program.maker() as maker,
            lineage(context.run.run_id, settings.program.id, warn) as told_of,
        ):
            lost = gone(con)
            known = {key: noted for key, noted in facts.known(con).items() if key not in lost}
            there = set(known)
            for key in filter(wanted.__contains__, maker.order()):
                with (
                    told_of.table(key, making[key].reads, partial(column_lineage, key)) as telling,
                    whole(con, [key], making[key].reads - there),
                ):
                    is_made = telling.is_made = maker.make_stale(con, key, known)
                there.add(key)
                yield made(
                    key,
                    count(con, making[key].table),
                    column_lineage(key),
                    apart=apart,
                    version=known[key].get(facts.VERSION) if key in known else None,
                    stands=not is_made,
                )

    return tables
