"""The days that a publication rests on: covered or not, by source.

Belongs here: what ``core.coverage`` and the rows in ``staging`` tell of days. Does not belong here: which days files
vouch for (``intake.staging.coverage``), or what is said about a gap (``warnings``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.dashboard.context import CoverageState, SourceCoverage
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse.names import identifier


def coverage(con: duckdb.DuckDBPyConnection, program: Program, source: str, as_of: date) -> SourceCoverage:
    """The days of a source; those of activity also as covered."""
    ((staged,),) = con.execute("select coalesce(sum(staged), 0) from raw.files where source = ?", [source]).fetchall()
    first, last = _days(con, program, source)
    covered: int | None = None
    expected: int | None = None
    missing: list[tuple[date, date]] = []
    if source == "activity" and first is not None:
        days = _covered_days(con, as_of)
        covered, expected = len(days), (as_of - min([first, *days])).days + 1
        missing = spans(_uncovered(first, days, as_of))
    state: CoverageState = "gaps" if missing else "complete" if staged else "empty"
    return SourceCoverage(source, first, last, covered, expected, state, missing)


def gaps(con: duckdb.DuckDBPyConnection, program: Program, as_of: date) -> list[date]:
    """The days from the first of activity up to ``as_of`` that no activity entry vouches for, in order."""
    first, _ = _days(con, program, "activity")
    if first is None:
        return []
    return _uncovered(first, _covered_days(con, as_of), as_of)


def _uncovered(first: date, covered: Sequence[date], as_of: date) -> list[date]:
    start = min([first, *covered])
    return sorted({start + timedelta(n) for n in range((as_of - start).days + 1)} - set(covered))


def spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days in order → first and last day of each run without a break."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _days(con: duckdb.DuckDBPyConnection, program: Program, source: str) -> tuple[date | None, date | None]:
    """The first and last day of the source's rows, in the program's time zone; None where rows carry no day."""
    contract = SOURCE_BY_NAME[source]
    dated = [c for c in contract.columns if c.required and c.type in ("TIMESTAMP", "DATE")]
    if not dated:
        return None, None
    column = identifier(dated[0].name)
    is_day = dated[0].type == "DATE"
    local = column if is_day else "timezone(?, timezone('UTC', " + column + "))"
    zone = [] if is_day else [program.timezone]
    table = "staging." + identifier(source)
    # Only rows near the outermost are turned into days. Every day of core.activity_days is one of a staged row.
    near = "day from core.activity_days" if source == "activity" else column + " as day from " + table

    def outermost(extreme: str, within: str) -> date | None:
        query = (
            "select cast(" + extreme + "(" + local + ") as date) from " + table + " where " + column + within
            + " from (select " + near + "))"
        )  # fmt: skip
        day: date | None = con.execute(query, zone).fetchall()[0][0]
        return day

    return (
        outermost("min", " <= (select coalesce(min(day) + interval 2 days, timestamp 'infinity')"),
        outermost("max", " >= (select coalesce(max(day) - interval 2 days, timestamp '-infinity')"),
    )


def _covered_days(con: duckdb.DuckDBPyConnection, as_of: date) -> list[date]:
    return [
        day for (day,) in con.execute("select day from core.coverage where day <= ? order by day", [as_of]).fetchall()
    ]
