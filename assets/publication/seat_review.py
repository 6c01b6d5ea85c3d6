"""The monthly seat review as an asset of months: a file for operators each, and in Dagster nothing but counts.

A partition is a month of ``ops.seat_reviews`` as the tables stand, so that a backfill is one run, and reads what a run
of each month would. Belongs here: partitions, refusing tables that are not sound. Does not belong here: the review
(``months``), when it is made (``fellowship_pipeline.review_schedule``).
"""

from collections.abc import Callable
from datetime import date
from warnings import catch_warnings

import dagster as dg
import duckdb

from assets.describe import OWNER, asset_key
from assets.publication.months import counts, file_of, why_none, write_review
from assets.resources import RunProgram, WarehouseResource, demand
from assets.sql import made_tables, upstream
from assets.versions import all_stand
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.home import decisions
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.warehouse import facts

SEAT_REVIEW = dg.AssetKey(["publication", "seat_review"])

EARLIEST = date(2000, 1, 1)
"""The first month where no rule says one; no day before is believed."""

_MADE = ("ops.seat_reviews", "ops.uncovered_days", "core.review_months")
_READS = (
    *_MADE, "core.parameters", "core.coverage", "core.seat_capacities",
    "staging.roster", "staging.aliases", "staging.seat_events", "staging.seat_snapshots",
)  # fmt: skip


def review_inputs() -> set[str]:
    """Keys of every table that a review, or its file, comes from."""
    made = upstream(_MADE)
    return {*_READS, *made, *(read for key in made for read in made_tables()[key].reads)}


def months_of(first: date | None, timezone: str) -> dg.MonthlyPartitionsDefinition:
    """A partition per review month, that which has begun included; ``first``: that of the program's first rule."""
    start = max(first or EARLIEST, EARLIEST)
    return dg.MonthlyPartitionsDefinition(start.isoformat()[:7], timezone=timezone, fmt="%Y-%m", end_offset=1)


def build_seat_review(
    months: dg.MonthlyPartitionsDefinition,
    unsound: Callable[[duckdb.DuckDBPyConnection], str | None],
    apart: Apart = ALONE,
) -> dg.AssetsDefinition:
    """The asset. ``unsound``: what a blocking check has found of the tables of ``review_inputs``."""

    with catch_warnings(action="ignore", category=dg.BetaWarning):  # of the backfill policy; goes when it is no news
        asset = dg.asset(
            key=SEAT_REVIEW.with_prefix(apart.prefix),
            partitions_def=months,
            backfill_policy=dg.BackfillPolicy.single_run(),
            deps=[asset_key(key, apart) for key in sorted(_READS)],
            description="Seat reviews with persons, for operators: operations/reviews. Grain: one file per month.",
            group_name="publication",
            owners=[OWNER],
            kinds={"csv"},
            pool=apart.pool,
            op_tags={"dagster/priority": "-10"},
        )

    @asset
    def seat_review(
        context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
    ) -> None:
        """Writes the file of every month asked for; none where the tables are not what they should be."""
        with warehouse.connect(read_only=True) as con:
            demand(con, _READS)
            if problem := _problem(con, program, unsound):
                raise dg.Failure(f"no review is written: {problem}", allow_retries=False)
            known = decisions.load(program.place)
            for key in context.partition_keys:
                month = date.fromisoformat(f"{key}-01")
                write_review(con, program.place, month)
                why = why_none(con, month)
                told = {
                    "review": why or "made",
                    "is_confirmed": bool(known.of(month)),
                    **counts(con, month),
                    **({} if why else {"file": file_of(program.place, month).name}),
                }
                if why:
                    context.log.warning(why)
                context.add_asset_metadata(told, partition_key=key)

    return seat_review


def _problem(
    con: duckdb.DuckDBPyConnection, program: RunProgram, unsound: Callable[[duckdb.DuckDBPyConnection], str | None]
) -> str | None:
    """Why nothing should be made of the tables as they are; None where all is well."""
    if other := generation.of_another_day(con, program.load()):
        return other
    if not all_stand(facts.known(con), upstream(_MADE)):
        return "the tables are not what a run would make of what was read last; the job `seat_review` makes them"
    return unsound(con)
