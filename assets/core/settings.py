"""``program.yaml`` and ``decisions.jsonl`` as tables, with ``as_of`` and the days that activity covers.

Belongs here: the asset around ``fellowship_pipeline.program.rows`` and ``home.decisions``. Does not belong here: any
rule of a program.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import dagster as dg
import duckdb
import pyarrow as pa

from assets.describe import reports, spec, table_key
from assets.resources import RunProgram, WarehouseResource
from assets.sql import PARAMETERS
from assets.versions import stamping
from fellowship_pipeline import warehouse as tables
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.contracts import DECISION_TABLES, SETTINGS_TABLES, STAGING_TABLES, TABLE_BY_KEY
from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.intake.reading.raw_tables import ARROW
from fellowship_pipeline.intake.staging.coverage import coverage, default_as_of
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.rows import settings_rows
from fellowship_pipeline.warehouse import facts

AS_OF = "as_of"

_MADE = (*SETTINGS_TABLES, *DECISION_TABLES)
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


def write_decisions(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Writes what operators issued and undid."""
    known = decisions.load(home)
    issued = [{**vars(one), "files": " ".join(one.files)} for one in known.issued]
    rows = {"issued_decisions": issued, "undone_decisions": [vars(one) for one in known.undone.values()]}
    for table in DECISION_TABLES:
        schema = pa.schema([(column.name, ARROW[column.type]) for column in table.columns])
        con.register("decided", pa.Table.from_pylist(rows[table.name], schema))
        tables.write_select(con, table, "select * from decided")
        con.unregister("decided")


def differing_from(was: Mapping[str, Any], now: Mapping[str, Any]) -> date | None:
    """From which day on it makes a difference that ``as_of`` is another; None where anything else differs too."""
    if was.keys() != now.keys() or any(was[name] != now[name] for name in now if name != AS_OF):
        return None
    first: date = min(was[AS_OF], now[AS_OF])
    return first + timedelta(days=1)


def _parameters(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The one row of ``core.parameters``; nothing where there is none."""
    if tables.lacking(con, [PARAMETERS]):
        return {}
    found = con.execute("select * from core.parameters")
    names = [name for name, *_ in found.description or ()]
    return dict(zip(names, row, strict=True)) if (row := found.fetchone()) else {}


def build_settings(apart: Apart = ALONE) -> dg.AssetsDefinition:
    """The asset of every table of settings and decisions."""

    @dg.multi_asset(
        specs=[spec(table, apart, deps=_READS, kinds=("python", "duckdb")) for table in _MADE],
        can_subset=True,
        pool=apart.pool,
    )
    def settings(
        context: dg.AssetExecutionContext, program: dg.ResourceParam[RunProgram], warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        """Writes the program's settings, and what was decided, as tables."""
        with warehouse.making([table.key for table in _MADE], _READS) as con:
            before, was = facts.versions(con), _parameters(con)
            with stamping(con, _MADE, {PARAMETERS: lambda: differing_from(was, _parameters(con))}):
                as_of = write_settings(con, program.load(), program.as_of)
                write_decisions(con, program.place)
            generation.mark_settled(con, program.place, program.load(), program.as_of)
            yield from reports(con, [table_key(key) for key in sorted(context.selected_asset_keys)], before, apart)
        context.log.info("as of %s", as_of)

    return settings
