"""What a publication says about itself: days covered, files, records, warnings, all from the warehouse.

Belongs here: queries for the page's data-quality section and the run's warnings. Does not belong here: any KPI, any
person's value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from assets.publication.gate import Verdict
from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.dashboard.context import CheckResult, CoverageState, PageContext, SourceCoverage
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.arrival import waiting
from fellowship_pipeline.intake.reading import entries_without_files
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse import identifier


def page_context(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, run_id: str, verdicts: Sequence[Verdict]
) -> PageContext:
    """Everything on the page that is not a released table."""
    as_of: date = _one(con, "select as_of from core.parameters")
    return PageContext(
        run_id=run_id,
        generated_as_of=as_of,
        coverage=[_coverage(con, program, source, as_of) for source in program.sources],
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


def warnings(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> list[str]:
    """What a person should look at, a line each, counted; empty where there is nothing."""
    lines = [
        f"{program.where('sources', source, place)}: no file fits {pattern!r}"
        for source, place, pattern in entries_without_files(home, program)
    ]
    lines += [f"{path}: still changing or unreadable, left for the next run" for path in sorted(waiting(home, program))]
    waiting_files = con.execute(
        "select path, status, reason from raw.files where status in ('held', 'quarantined') order by path, source"
    ).fetchall()
    lines += [f"{path}: {status}: {reason}" for path, status, reason in waiting_files]
    counted = [
        ("select coalesce(sum(rejected), 0) from raw.files", "records rejected", "rejects"),
        ("select count(*) from ops.unmatched", "names that resolve to nobody", "unmatched"),
        ("select count(*) from ops.stray_seat_events", "seat events that fit no state", "stray_seat_events"),
    ]
    lines += [
        f"{what}: {number}; see operations/current/{name}.csv"
        for query, what, name in counted
        if (number := int(_one(con, query)))
    ]
    over = con.execute(
        "select pool, -idle from kpi.seats qualify row_number() over (partition by pool order by month desc) = 1 "
        "and idle < 0 order by pool"
    ).fetchall()
    lines += [f"pool {pool} is over-committed by {seats} seats" for pool, seats in over]
    missing = con.execute(
        "select review_month, list(day order by day) from ops.uncovered_days group by all order by review_month"
    ).fetchall()
    return lines + [
        f"no seat review for {month:%Y-%m}: activity is missing on {_runs(days)}" for month, days in missing
    ]


def unmatched_share(con: duckdb.DuckDBPyConnection) -> float | None:
    """Of the staged rows that name somebody, the share whose name resolves to nobody; None where none does."""
    named = unmatched = 0
    for source in SOURCE_BY_NAME.values():
        if source.person != "member":
            continue
        rows, missing = con.execute(
            "select count(*), count(*) filter (where member_id is null) from staging."
            + identifier(source.name)
            + " where member is not null"
        ).fetchall()[0]
        named += rows
        unmatched += missing
    return unmatched / named if named else None


def _coverage(con: duckdb.DuckDBPyConnection, program: Program, source: str, as_of: date) -> SourceCoverage:
    totals = con.execute(
        "select coalesce(sum(rows), 0), coalesce(sum(staged), 0), coalesce(sum(rejected), 0), "
        "coalesce(sum(superseded), 0), coalesce(sum(ignored), 0) from raw.files where source = ?",
        [source],
    ).fetchall()[0]
    first, last = _days(con, program, source)
    covered: int | None = None
    expected: int | None = None
    gaps: list[tuple[date, date]] = []
    if source == "activity" and first is not None:
        days = [
            day
            for (day,) in con.execute("select day from core.coverage where day <= ? order by day", [as_of]).fetchall()
        ]
        start = min([first, *days])
        covered, expected = len(days), (as_of - start).days + 1
        gaps = _spans(sorted({start + timedelta(n) for n in range(max(expected, 0))} - set(days)))
    rows_in, staged, rejected, superseded, ignored = (int(total) for total in totals)
    state: CoverageState = "gaps" if gaps else "complete" if staged else "empty"
    return SourceCoverage(
        source, first, last, covered, expected, rows_in, staged, rejected, superseded, ignored, state, gaps
    )


def _days(con: duckdb.DuckDBPyConnection, program: Program, source: str) -> tuple[date | None, date | None]:
    """The first and last day of the source's rows, in the program's time zone; None where rows carry no day."""
    contract = SOURCE_BY_NAME[source]
    dated = [c for c in contract.columns if c.required and c.type in ("TIMESTAMP", "DATE")]
    if not dated:
        return None, None
    column = identifier(dated[0].name)
    local = column if dated[0].type == "DATE" else "timezone(?, timezone('UTC', " + column + "))"
    zone = [] if dated[0].type == "DATE" else [program.timezone] * 2
    query = (
        "select cast(min(" + local + ") as date), cast(max(" + local + ") as date) from staging." + identifier(source)
    )
    first, last = con.execute(query, zone).fetchall()[0]
    return first, last


def _spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days in order → first and last day of each run without a break."""
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and day - spans[-1][1] == timedelta(1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _runs(days: Sequence[date]) -> str:
    return ", ".join(f"{first}" if first == last else f"{first} … {last}" for first, last in _spans(days))


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    return con.execute(query).fetchall()[0][0]
