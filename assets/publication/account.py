"""What a publication says about itself beside its figures: files, checks, coverage, warnings.

Belongs here: the page's context, put together. Does not belong here: any KPI, any person's value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from assets.publication.coverage import coverage
from assets.publication.gate import Verdict
from assets.publication.warnings import warnings
from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.dashboard.context import CheckResult, PageContext
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse.names import identifier

_STAGED = "select member_id from staging.{} where member is not null"


def page_context(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, run_id: str, verdicts: Sequence[Verdict]
) -> PageContext:
    """Everything on the page that is not a released table."""
    as_of: date = con.execute("select as_of from core.parameters").fetchall()[0][0]
    return PageContext(
        run_id=run_id,
        generated_as_of=as_of,
        coverage=[coverage(con, program, source, as_of) for source in program.sources],
        files=dict(con.execute("select status, count(*) from raw.files group by status order by status").fetchall()),
        checks=[
            CheckResult(
                verdict.key.name,
                ".".join(verdict.key.asset_key.path),
                verdict.state == "passed",
                "error" if verdict.is_blocking else "warn",
                verdict.words,
            )
            for verdict in verdicts
        ],
        warnings=warnings(con, home, program),
        unmatched_share=unmatched_share(con),
    )


def unmatched_share(con: duckdb.DuckDBPyConnection) -> float | None:
    """Of the staged rows that name somebody, the share whose name resolves to nobody; None where none does.

    Leaderboards are left out: they are full of strangers. Rows are counted only where ``ops.unmatched`` has a name.
    """
    people = [name for name, source in SOURCE_BY_NAME.items() if source.person == "member" and name != "competitions"]
    asked = "select count(*) from ops.unmatched where list_contains(?, source)"
    if not con.execute(asked, [people]).fetchall()[0][0]:
        found = (con.execute(_STAGED.format(identifier(name)) + " limit 1").fetchall() for name in people)
        return 0.0 if any(found) else None
    named = unmatched = 0
    for name in people:
        counted = "select count(*), count(*) filter (where member_id is null) from (" + _STAGED + ")"
        rows, missing = con.execute(counted.format(identifier(name))).fetchall()[0]
        named += rows
        unmatched += missing
    return unmatched / named if named else None
