"""One month's review as the finished warehouse has it, with names and addresses beside the ids; only read.

Belongs here: finding it. Does not belong here: confirming it (``issuing``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assets.publication.misnamed import beside_reviews
from assets.publication.months import why_none
from assets.sql import PARAMETERS, as_of, instead
from fellowship_pipeline import standing, warehouse
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.intake.staging.coverage import COVERAGE, covered
from fellowship_pipeline.operations.tables import select

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
    ``behind``: why it is not what a run would make of what has come by now; None where it is. ``undecided``: files that
    are held and may tell of the month. ``doubts``: names in program.yaml that no data knows, so that somebody may be
    proposed who should not.
    """

    month: date
    as_of: date
    cases: tuple[ReviewCase, ...]
    files: tuple[str, ...]
    differences: tuple[ReviewDifference, ...]
    refused: str | None
    behind: str | None = None
    undecided: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def held(self) -> str | None:
        """In words, which files may change it once somebody decides on them; None where there are none."""
        if not self.undecided:
            return None
        first, *others = self.undecided
        more = f" and {len(others)} more" if others else ""
        return f"held or quarantined, and may tell of the month reviewed: {first}{more}"


def propose(home: Home, program: Program, month: date, wait: float, day: date | None = None) -> SeatReview:
    """The review of that month (its 1st); nobody is proposed in one of which days are missing.

    ``day``: as it would have been then, of all that has come by now: the models run again beside the warehouse, and
    nothing is compared with what was issued. Raises UserError where there is no whole warehouse. ``wait``: see
    ``warehouse.connect``.
    """
    if not home.warehouse.exists():
        raise UserError(f"{home.path} has no tables yet: `fellowship run {home.path}` makes them")
    with warehouse.connect(home.warehouse, read_only=True, wait=wait) as con:
        if lacking := warehouse.lacking(con, _READS):
            raise UserError(f"the warehouse lacks {lacking[0]}: `fellowship run {home.path}` makes it")
        behind, doubts = standing.behind(con, home, program), tuple(beside_reviews(con, program))
        if day is None:
            return replace(_review(con, month), behind=behind, doubts=doubts)
        if generation.other_day(con, program):
            behind = None
        selects = {PARAMETERS: as_of(day), COVERAGE: covered(con, program, day)}
        with instead(con, selects, ("ops.seat_reviews", "ops.uncovered_days")):
            return replace(_review(con, month), behind=behind, doubts=doubts, differences=())


def _review(con: duckdb.DuckDBPyConnection, month: date) -> SeatReview:
    ((seen,),) = con.execute("select as_of from core.parameters").fetchall()
    end = month - timedelta(days=1)
    span = (end.replace(day=1), end)
    files = con.execute(_FILES, [*span, *reversed(span)]).fetchall()
    undecided = con.execute(select("selects", "undecided"), {"first_day": span[0]}).fetchall()
    return SeatReview(
        month,
        seen,
        tuple(ReviewCase(*row) for row in con.execute(_CASES, [month]).fetchall()),
        tuple(sha256 for (sha256,) in files),
        tuple(ReviewDifference(*row) for row in con.execute(_DIFFERENCES, [month]).fetchall()),
        why_none(con, month),
        undecided=tuple(f"{path} ({file_id})" for path, file_id in undecided),
    )
