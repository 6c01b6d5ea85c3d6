"""Seat reviews under another rule: who would lose the seat, what would have come of it, and seats free next month.

Belongs here: which rows the models are given instead of the program's own. Does not belong here: any formula, which are
the models' (``sql.instead`` runs them again over those rows), words (``fellowship_pipeline.cli``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import duckdb

from assets.sql import PARAMETERS, as_of, instead, models
from fellowship_pipeline.warehouse.names import literal

REVIEWS, RULES = "ops.seat_reviews", "core.review_rules"

MONTHS, SEATS = "core.review_months", "core.seats"

FIGURES = ("engagement_rate", "platform_adoption_score", "adoption_rate", "seat_utilization")
"""Headlines that are compared. Reclaims leave ``adoption_rate`` as it is: who accepted once has accepted."""

FirstMonth = Literal["exempt", "full", "prorated"]


@dataclass(frozen=True)
class OtherRule:
    """A rule to try. What is None stays as the rule in force has it.

    ``study_mode``: whom it is for, under a rule or not, ``all`` being everybody; None: whom a rule in force is for.
    """

    minimum_xp: int | None = None
    minimum_active_days: int | None = None
    first_month: FirstMonth | None = None
    study_mode: Literal["group", "individual", "all"] | None = None

    def rules(self) -> str:
        """A select of ``core.review_rules`` with it."""
        xp = "null" if self.minimum_xp is None else str(self.minimum_xp)
        days = "null" if self.minimum_active_days is None else str(self.minimum_active_days)
        first = "null" if self.first_month is None else literal(self.first_month)
        changed = (
            "replace (coalesce(" + xp + ", minimum_xp) as minimum_xp, coalesce(" + days + ", minimum_active_days) as "
            "minimum_active_days, coalesce(" + first + ", first_month) as first_month"
        )
        if self.study_mode is None:
            return "select * " + changed + ") from core.review_rules"
        mode = "null" if self.study_mode == "all" else literal(self.study_mode)
        where_none_is = (
            "select -1 as position, 'what-if' as rule, date '0001-01-01' as valid_from, " + mode + " as study_mode, "
            "" + xp + " as minimum_xp, coalesce(" + days + ", 1) as minimum_active_days, "
            "coalesce(" + first + ", 'exempt') as first_month"
        )
        if self.study_mode == "all":
            return where_none_is + " union all by name select * " + changed + ") from core.review_rules"
        goes_before = "position + (select count(*) from core.review_rules) as position"
        return (
            where_none_is + " union all by name from core.review_rules union all by name select * " + changed + ", "
            "" + mode + " as study_mode, " + goes_before + ") from core.review_rules "
            "where study_mode is null or study_mode = " + mode
        )


RowCells = dict[str, Any]
"""A row by its columns."""


@dataclass(frozen=True)
class Tried:
    """A month's review under a rule, ``would_lose`` as ``kpi.what_if`` counts: whatever the rotation budget says."""

    reviewed: int
    exempt: int
    would_lose: int
    reclaimed: int
    deferred: int
    reclaim_rate: float | None
    figures: dict[str, RowCells] = field(default_factory=dict)


@dataclass(frozen=True)
class MonthTried:
    """A review month under the rule tried and as it is.

    ``seen_on``: the day that figures are of, the end of the review month or as_of; where that month has no day yet,
    seats are as if taken back on as_of. ``losing``: who would lose the seat under either, with both decisions.
    """

    review_month: date
    seen_on: date
    tried: Tried
    in_force: Tried
    losing: list[RowCells]


@dataclass(frozen=True)
class Forecast:
    """A pool's seats on the 1st of next month, if nothing changes and nobody learns any more until then."""

    pool: str
    month: date
    capacity: int | None
    held: int
    invited_open: int
    to_reclaim: int
    deferred: int
    free: int | None


@dataclass(frozen=True)
class WhatIfAnswer:
    """What a rule would have done. ``not_due``: months asked of which there is no review, ``uncovered``: and why."""

    as_of: date
    months: list[MonthTried]
    not_due: list[date]
    uncovered: dict[date, list[date]]
    forecast: list[Forecast]
    forecast_tried: list[Forecast]


def try_rule(con: duckdb.DuckDBPyConnection, rule: OtherRule, months: Sequence[date]) -> WhatIfAnswer:
    """The reviews of ``months`` under ``rule``, beside those in force. The warehouse is only read."""
    ((seen,),) = con.execute("select as_of from core.parameters").fetchall()
    before = _reviews(con, months)
    with instead(con, {RULES: rule.rules()}, [REVIEWS, "ops.uncovered_days"]):
        after = _reviews(con, months)
        due = {month for (month,) in con.execute("select review_month from core.review_months").fetchall()}
        missing = "select review_month, list(day order by day) from ops.uncovered_days group by all order by all"
        gaps = dict(con.execute(missing).fetchall())
    return WhatIfAnswer(
        as_of=seen,
        months=[
            _compared(con, month, seen, after.get(month, []), before.get(month, []))
            for month in months
            if month in due and month not in gaps
        ],
        not_due=[month for month in months if month not in due],
        uncovered={month: gaps[month] for month in months if month in gaps},
        forecast=list(_forecast(con, seen, {})),
        forecast_tried=list(_forecast(con, seen, {RULES: rule.rules()})),
    )


def _reviews(con: duckdb.DuckDBPyConnection, months: Sequence[date]) -> dict[date, list[RowCells]]:
    rows = _rows(
        con,
        """
        with called as (
            select member_id, max_by(name, coalesce(joined_on, date '0001-01-01')) as name
            from staging.roster
            group by member_id
        )

        select reviews.*, called.name
        from ops.seat_reviews as reviews
        left join called on reviews.member_id = called.member_id
        where list_contains(?, reviews.review_month)
        order by reviews.review_month, reviews.pool, reviews.member_id
        """,
        [list(months)],
    )
    found: dict[date, list[RowCells]] = {}
    for row in rows:
        found.setdefault(row["review_month"], []).append(row)
    return found


def _compared(
    con: duckdb.DuckDBPyConnection, month: date, seen: date, after: list[RowCells], before: list[RowCells]
) -> MonthTried:
    day = min(_next(month) - timedelta(1), seen)
    decided = {(row["pool"], row["member_id"]): row for row in after}
    known = {(row["pool"], row["member_id"]): row for row in before}
    losing = [
        {
            **{column: value for column, value in (now or was or {}).items() if column not in ("decision", "reason")},
            **{f"{what}_{word}": (row or {}).get(word) for what, row in (("tried", now), ("in_force", was))
               for word in ("decision", "reason")},
        }
        for now, was in ((decided.get(key), known.get(key)) for key in sorted(decided.keys() | known.keys()))
        if _loses(now) or _loses(was)
    ]  # fmt: skip
    return MonthTried(
        review_month=month,
        seen_on=day,
        tried=_tried(after, _figures(con, month, day, after, before)),
        in_force=_tried(before, _figures(con, month, day, before, after)),
        losing=losing,
    )


def _tried(rows: Sequence[RowCells], figures: dict[str, RowCells]) -> Tried:
    exempt = sum(row["decision"] == "exempt" for row in rows)
    lose = sum(map(_loses, rows))
    reclaimed = sum(row["decision"] == "reclaim" for row in rows)
    judged = len(rows) - exempt
    return Tried(
        reviewed=len(rows),
        exempt=exempt,
        would_lose=lose,
        reclaimed=reclaimed,
        deferred=sum(row["decision"] == "deferred" for row in rows),
        reclaim_rate=lose / judged if judged else None,
        figures=figures,
    )


def _loses(row: Mapping[str, Any] | None) -> bool:
    """Whether the seat is below the minima, also where the rotation budget puts it off."""
    return row is not None and (row["decision"] == "reclaim" or row["reason"] == "rotation_budget")


def _figures(
    con: duckdb.DuckDBPyConnection, month: date, day: date, decided: Sequence[RowCells], others: Sequence[RowCells]
) -> dict[str, RowCells]:
    """The headlines of ``day`` had the review taken back what it decided, on its month's 1st, and nothing else.

    Of the seats that either review looks at, one that was taken back in that month after all is held as before.
    """
    con.execute("create or replace temp table tried (member_id varchar, pool varchar, seat_since date, taken boolean)")
    rows = {(row["member_id"], row["pool"], row["seat_since"]): row["decision"] == "reclaim" for row in decided}
    untouched = {(row["member_id"], row["pool"], row["seat_since"]): False for row in others}
    if marked := [[*key, taken] for key, taken in {**untouched, **rows}.items()]:
        con.executemany("insert into temp.main.tried values (?, ?, ?, ?)", marked)
    start, end = (literal(one.isoformat()) for one in (month, min(month, day)))
    after_all = "tried.taken is not null and ended_by = 'reclaimed' and held_before >= date " + start
    seats = (
        "with made as (" + models()[SEATS].sql + "), followed as (select *, lead(held_from) over (partition by "
        "person, pool order by phase) as held_again from made) select followed.* exclude (held_again) replace ("
        "case when tried.taken then date " + end + " when " + after_all + " then held_again else held_before end "
        "as held_before, case when tried.taken then 'reclaimed' when " + after_all + " and held_again is null "
        "then null else ended_by end as ended_by) from followed left join temp.main.tried as tried on "
        "followed.member_id = tried.member_id and followed.pool = tried.pool and held_from = tried.seat_since"
    )
    with instead(con, {PARAMETERS: as_of(day), SEATS: seats}, ["kpi.headlines"]):
        headlines = "select kpi, numerator, denominator, value from kpi.headlines where slice_by = 'all'"
        found = {row.pop("kpi"): row for row in _rows(con, headlines)}
    con.execute("drop table temp.main.tried")
    return {kpi: found[kpi] for kpi in FIGURES if kpi in found}


def _forecast(con: duckdb.DuckDBPyConnection, seen: date, rules: Mapping[str, str]) -> Iterator[Forecast]:
    """Every pool on next month's 1st: the coming review is made of the running month as it stands."""
    first, coming = seen.replace(day=1), _next(seen)
    month = (
        "select date '" + coming.isoformat() + "' as review_month, date '" + first.isoformat() + "' as first_day, "
        "date '" + (coming - timedelta(1)).isoformat() + "' as last_day, 0 as days_missing, "
        "coalesce(bool_or(is_cumulative), false) as is_cumulative from core.coverage "
        "where day between date '" + first.isoformat() + "' and date '" + seen.isoformat() + "'"
    )
    with instead(con, {**rules, MONTHS: month}, [REVIEWS]):
        rows = _rows(
            con,
            """
            with decided as (
                select
                    pool,
                    count(*) filter (where decision = 'reclaim') as to_reclaim,
                    count(*) filter (where decision = 'deferred') as deferred
                from ops.seat_reviews
                group by pool
            )

            select
                seats.pool,
                capacities.capacity,
                seats.held_end as held,
                seats.invited_open,
                coalesce(decided.to_reclaim, 0) as to_reclaim,
                coalesce(decided.deferred, 0) as deferred
            from kpi.seats as seats
            left join decided on seats.pool = decided.pool
            left join core.seat_capacities as capacities
                on seats.pool = capacities.pool
                and capacities.valid_from <= $coming
                and coalesce(capacities.valid_to > $coming, true)
            where seats.month = $first
            order by seats.pool
            """,
            {"coming": coming, "first": first},
        )
    for row in rows:
        taken = row["held"] + row["invited_open"] - row["to_reclaim"]
        yield Forecast(month=coming, free=None if row["capacity"] is None else row["capacity"] - taken, **row)


def _next(day: date) -> date:
    """The 1st of the month after that of the day."""
    return (day.replace(day=1) + timedelta(31)).replace(day=1)


def _rows(
    con: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] | Mapping[str, object] = ()
) -> list[RowCells]:
    found = con.execute(query, values)
    names = [name for name, *_ in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
