"""Landing folder → archive, ledger and ``raw.<source>``: every record as text, exactly as its file has it.

Belongs here: the order of taking in, forgetting and reading. Does not belong here: any of them.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb

from assets.describe import reports, spec
from assets.resources import POOL, RunProgram, WarehouseResource
from fellowship_pipeline.contracts import META_TABLES, RAW_TABLES
from fellowship_pipeline.errors import writing
from fellowship_pipeline.forgetting import cleansing, retention
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.intake.landing.arrival import Arrivals, take_in
from fellowship_pipeline.intake.landing.nameless import nameless
from fellowship_pipeline.intake.reading import generation, read_into
from fellowship_pipeline.program import Program


def forget_and_read(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    program: Program,
    arrivals: Arrivals | None = None,
    *,
    destroys_now: bool = False,
) -> None:
    """Archive, without what has to be forgotten, → ``raw``; see ``retention.expire``, ``read_into``."""
    retention.expire(con, home, program, clock.now(), at_once=destroys_now)
    cleansing.cleanse(home, program)
    read_into(con, home, program, arrivals)
    generation.mark(con, home)


@dg.multi_asset(specs=[spec(table, kinds=("python", "duckdb")) for table in RAW_TABLES], can_subset=True, pool=POOL)
def texts(
    context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Takes in what landed and reads every file in force."""
    settings = program.load()
    with nameless(program.place), writing(program.place.archive):
        arrivals = take_in(program.place, settings)
    with warehouse.making([table.key for table in (*RAW_TABLES, *META_TABLES)]) as con:
        forget_and_read(con, program.place, settings, arrivals, destroys_now=program.destroys_now)
        yield from reports(con, [".".join(key.path) for key in sorted(context.selected_asset_keys)])
