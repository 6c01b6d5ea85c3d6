"""One month's review as the finished warehouse has it, with names and addresses beside the ids; only read.

Belongs here: finding it, saying why there is none. Does not belong here: confirming it (``issuing``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from assets.publication.misnamed import beside_reviews
from fellowship_pipeline import standing, warehouse
from fellowship_pipeline.errors import UserError

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program

RECLAIM = "reclaim"

_READS = (
    "core.parameters", "core.review_months", "ops.uncovered_days", "ops.seat_reviews", "ops.review_differences",
    "staging.roster", "staging.aliases", "raw.files", "raw.days",
)  # fmt: skip

_CASES = """
with names as (
    select
        member_id,
        max_by(name, coalesce(joined_on, date '0001-01-01')) filter (name is not null) as name,
        max_by(email, coalesce(joined_on, date '0001-01-01')) filter (email is not null) as email
    from staging.roster
    group by member_id
),

addresses as (
    select member_id, min(value) as email from staging.aliases where kind = 'email' group by member_id
)

select
    reviews.pool, reviews.member_id, names.name, coalesce(names.email, addresses.email) as email, reviews.study_mode,
    reviews.rule, reviews.minimum_xp, reviews.minimum_active_days, reviews.seat_since, reviews.xp, reviews.active_days,
    reviews.last_activity, reviews.decision, reviews.reason
from ops.seat_reviews as reviews
left join names on reviews.member_id = names.member_id
left join addresses on reviews.member_id = addresses.member_id
where reviews.review_month = ?
order by list_position(['reclaim', 'deferred', 'exempt', 'keep'], reviews.decision), reviews.pool, reviews.member_id
"""

_FILES = """
select distinct files.sha256
from raw.files as files
left join raw.days as days on files.file_id = days.file_id and days.day between ? and ?
where
    files.status = 'loaded'
    and (
        files.source in ('roster', 'aliases', 'seat_events', 'seat_snapshots')
        or (files.source = 'activity' and (days.day is not null or (files.covers_from <= ? and files.covers_to >= ?)))
    )
order by files.sha256
"""
"""Who is who, who has a seat, and all activity of the month: also that of others says that none is missing."""

_DIFFERENCES = """
select pool, member_id, kind, difference, issued, found
from ops.review_differences
where review_month = ?
order by pool, member_id, kind
"""


@dataclass(frozen=True)
class ReviewCase:
    """One seat in a review: what is proposed, and on what evidence."""

    pool: str
    member_id: str
    name: str | None
    email: str | None
    study_mode: str | None
    rule: str
    minimum_xp: float | None
    minimum_active_days: int
    seat_since: date
    xp: float
    active_days: int
    last_activity: date | None
    decision: str
    reason: str


@dataclass(frozen=True)
class ReviewDifference:
    """Where what was issued differs from today's recomputation or from the seats, as of the last run."""

    pool: str
    member_id: str
    kind: str
    difference: str
    issued: str | None
    found: str | None


@dataclass(frozen=True)
class SeatReview:
    """A month's review.

    ``files``: SHA-256 of the contents that the evidence comes from. ``refused``: why there is none, and so no case.
    ``behind``: why it is not what a run would make of what has come by now; None where it is. ``doubts``: names in
    program.yaml that no data knows, so that somebody may be proposed who should not.
    """

    month: date
    as_of: date
    cases: tuple[ReviewCase, ...]
    files: tuple[str, ...]
    differences: tuple[ReviewDifference, ...]
    refused: str | None
    behind: str | None
    doubts: tuple[str, ...]


def propose(home: Home, program: Program, month: date, wait: float) -> SeatReview:
    """The review of that month (its 1st); nobody is proposed in one of which days are missing.

    Raises UserError where there is no whole warehouse. ``wait``: see ``warehouse.connect``.
    """
    if not home.warehouse.exists():
        raise UserError(f"{home.path} has no tables yet: `fellowship run {home.path}` makes them")
    with warehouse.connect(home.warehouse, read_only=True, wait=wait) as con:
        if lacking := warehouse.lacking(con, _READS):
            raise UserError(f"the warehouse lacks {lacking[0]}: `fellowship run {home.path}` makes it")
        ((as_of,),) = con.execute("select as_of from core.parameters").fetchall()
        end = month - timedelta(days=1)
        span = (end.replace(day=1), end)
        files = con.execute(_FILES, [*span, *reversed(span)]).fetchall()
        return SeatReview(
            month,
            as_of,
            tuple(ReviewCase(*row) for row in con.execute(_CASES, [month]).fetchall()),
            tuple(sha256 for (sha256,) in files),
            tuple(ReviewDifference(*row) for row in con.execute(_DIFFERENCES, [month]).fetchall()),
            _refused(con, month, as_of),
            standing.behind(con, home, program),
            tuple(beside_reviews(con, program)),
        )


def _refused(con: duckdb.DuckDBPyConnection, month: date, as_of: date) -> str | None:
    """Why the month has no review; None where it has."""
    known = con.execute("select review_month, days_missing from core.review_months order by review_month").fetchall()
    missing = dict(known)
    if month not in missing:
        if as_of < month - timedelta(days=1):
            why = f"the data reach {as_of}, and the month before is not over then"
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


def _said(month: date) -> str:
    return f"{month:%Y-%m}"


def _spans(days: Collection[date]) -> Iterator[str]:
    """Days in order, those that follow one another as one."""
    for _, run in groupby(enumerate(days), key=lambda place: place[1] - timedelta(days=place[0])):
        together = [day for _, day in run]
        yield f"{together[0]}" if len(together) == 1 else f"{together[0]} … {together[-1]}"
