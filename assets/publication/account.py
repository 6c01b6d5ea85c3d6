"""What a publication says about itself beside its figures: checks, coverage, warnings.

Belongs here: the page's context, put together. Does not belong here: any KPI, any person's value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from assets.describe import table_key
from assets.publication.coverage import coverage
from assets.publication.gate import Verdict
from assets.publication.warnings import warnings
from fellowship_pipeline.dashboard.context import CheckResult, PageContext
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import Program


def page_context(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, run_id: str, verdicts: Sequence[Verdict]
) -> PageContext:
    """Everything on the page that is not a released table."""
    as_of: date = con.execute("select as_of from core.parameters").fetchall()[0][0]
    return PageContext(
        run_id=run_id,
        generated_as_of=as_of,
        coverage=[coverage(con, program, source, as_of) for source in program.sources],
        checks=[
            CheckResult(
                verdict.key.name,
                table_key(verdict.key.asset_key),
                verdict.state == "passed",
                "error" if verdict.is_blocking else "warn",
                verdict.words,
            )
            for verdict in verdicts
        ],
        warnings=warnings(con, home, program),
    )
