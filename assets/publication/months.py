"""One month's seat review as the tables have it: why there is none, and its file for operators.

Belongs here: looking at one review, its file. Does not belong here: who is proposed (``assets/ops``), what is confirmed
(``fellowship_pipeline.review``), partitions (``seat_review``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import duckdb

from assets.publication.sheets import write_csv
from fellowship_pipeline.errors import writing
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import remove
from fellowship_pipeline.home.durable import make_folder, sync
from fellowship_pipeline.operations import make_review

DECISIONS = ("keep", "reclaim", "deferred", "exempt")


def why_none(con: duckdb.DuckDBPyConnection, month: date) -> str | None:
    """Why the tables have no review of the month (its 1st); None where they have."""
    ((seen,),) = con.execute("select as_of from core.parameters").fetchall()
    known = con.execute("select review_month, days_missing from core.review_months order by review_month").fetchall()
    missing = dict(known)
    if month not in missing:
        if seen < month - timedelta(days=1):
            why = f"the data reach {seen}, and the month before is not over then"
        elif missing:
            why = f"reviews are of {_said(min(missing))} to {_said(max(missing))}"
        else:
            why = "no rule under `review` in program.yaml is in force, or nobody has had a seat"
        return f"no seat review for {_said(month)}: {why}"
    if missing[month]:
        days = con.execute("select day from ops.uncovered_days where review_month = ? order by day", [month]).fetchall()
        spans = ", ".join(_spans([day for (day,) in days]))
        return f"no seat review for {_said(month)}: activity is missing on {spans}"
    return None


def counts(con: duckdb.DuckDBPyConnection, month: date) -> dict[str, int]:
    """Seats reviewed, by decision, and days of the month reviewed: how many there are, how many are covered."""
    end = month - timedelta(days=1)
    count = "select decision, count(*) from ops.seat_reviews where review_month = ? group by decision"
    decided = dict(con.execute(count, [month]).fetchall())
    days = "select count(*) from core.coverage where day between ? and ?"
    ((covered,),) = con.execute(days, [end.replace(day=1), end]).fetchall()
    return {
        "reviewed": sum(decided.values()),
        **{decision: decided.get(decision, 0) for decision in DECISIONS},
        "days": end.day,
        "days_covered": covered,
    }


def file_of(home: Home, month: date) -> Path:
    """Where the month's review is for operators, once it is there."""
    return home.reviews / f"{_said(month)}.csv"


def write_review(con: duckdb.DuckDBPyConnection, home: Home, month: date) -> None:
    """Writes the month's file, for its owner's eyes only, in one step; takes it away where there is no review."""
    file = file_of(home, month)
    unfinished = file.with_name(file.name + ".tmp")
    with writing(file):
        for folder in (home.operations, home.reviews):
            make_folder(folder, mode=0o700)
        if why_none(con, month) is not None:
            remove(file)
        else:
            write_csv(con, make_review(con, month), unfinished)
            unfinished.chmod(0o600)
            sync(unfinished)
            unfinished.replace(file)
        sync(file.parent)


def _said(month: date) -> str:
    return f"{month:%Y-%m}"


def _spans(days: Collection[date]) -> Iterator[str]:
    """Days in order, those that follow one another as one."""
    for _, run in groupby(enumerate(days), key=lambda place: place[1] - timedelta(days=place[0])):
        together = [day for _, day in run]
        yield f"{together[0]}" if len(together) == 1 else f"{together[0]} … {together[-1]}"
