"""The six tables in polars, as a good analyst would write them for a home of ``benchmarks/homes.py``.

There everybody has one roster row and at most one invitation and one seat, and nothing says what was completed.
Belongs here: exports to tables, in polars. Does not belong here: measuring, or homes of any other kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

SLICES = ("cohort", "study_mode", "study_group", "track")
WINDOWS = {"active": 30, "active_1d": 1, "active_7d": 7}
TOP = 3


@dataclass(frozen=True)
class Exports:
    """What the files have, typed; read when it is asked for, or in memory."""

    roster: pl.LazyFrame
    seats: pl.LazyFrame
    activity: pl.LazyFrame


def exports(landing: Path) -> Exports:
    """Of the files as they lie; polars reads of them what the tables need."""
    instant = pl.col("occurred_at").str.to_datetime("%Y-%m-%dT%H:%M:%S")
    amounts = {"xp": pl.Float64, "minutes": pl.Float64}
    return Exports(
        pl.scan_csv(landing / "roster.csv", infer_schema=False),
        pl.scan_csv(landing / "seats.csv", infer_schema=False).with_columns(instant),
        pl.scan_csv(landing / "activity*.csv", infer_schema=False).with_columns(
            instant, *(pl.col(name).cast(kind) for name, kind in amounts.items())
        ),
    )


def in_memory(lazy: Exports) -> Exports:
    """The same, read."""
    return Exports(*(frame.collect().lazy() for frame in (lazy.roster, lazy.seats, lazy.activity)))


def tables(given: Exports, as_of: date) -> dict[str, pl.DataFrame]:
    """The tables as of a day, by their keys in the warehouse."""
    day = pl.col("occurred_at").dt.date()
    learning = given.activity.with_columns(day=day).filter(pl.col("day") <= as_of)
    days = learning.group_by("member", "day").agg(pl.col("xp").sum(), pl.col("minutes").sum())
    courses = learning.select("member", "course").unique().group_by("course").agg(started=pl.len())
    daily, begun = pl.collect_all([days, courses], engine="streaming")
    members = _members(given, as_of)
    months = daily.group_by("member", month=pl.col("day").dt.truncate("1mo")).agg(
        active_days=pl.len(), xp=pl.col("xp").sum(), minutes=pl.col("minutes").sum()
    )
    return {
        "kpi.activity": _activity(months, members),
        "kpi.engagement": _engagement(daily, members, as_of),
        "kpi.adoption": _adoption(daily, members, as_of),
        "kpi.retention": _retention(months, members, as_of),
        "kpi.courses": _courses(begun),
        "ops.recognition": _recognition(months),
    }


def write(table: pl.DataFrame, place: Path) -> None:
    """As Parquet."""
    table.write_parquet(place)


def _members(given: Exports, as_of: date) -> pl.DataFrame:
    """Who is in, where, and since when with a seat."""
    day = pl.col("occurred_at").dt.date()
    first = (
        given.seats.filter(day <= as_of)
        .group_by("member")
        .agg(
            invited_on=day.filter(pl.col("event") == "invited").min(),
            accepted_on=day.filter(pl.col("event") == "accepted").min(),
        )
    )
    return given.roster.with_columns(track=pl.lit("(none)")).join(first, on="member", how="left").collect()


def _by_slice(frame: pl.DataFrame, keys: list[str], **counted: pl.Expr) -> pl.DataFrame:
    """Counted for everybody and for every slice."""
    everybody = frame.group_by(keys).agg(**counted).with_columns(slice_by=pl.lit("all"), slice=pl.lit("all"))
    parts = [
        frame.group_by(*keys, pl.col(kind).alias("slice")).agg(**counted).with_columns(slice_by=pl.lit(kind))
        for kind in SLICES
    ]
    return pl.concat([everybody, *parts], how="diagonal")


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def _activity(months: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    return _by_slice(
        months.join(members, on="member"),
        ["month"],
        learners=pl.len(),
        active_days=pl.col("active_days").sum(),
        xp=pl.col("xp").sum(),
        minutes=pl.col("minutes").sum(),
        median_xp=pl.col("xp").median(),
        p90_xp=pl.col("xp").quantile(0.9, "linear"),
        completions=pl.lit(0),
    )


def _engagement(daily: pl.DataFrame, members: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """A window opens on a day of learning and shuts unless the next one comes before it ends: +1 and −1, summed up."""
    holders = members.filter(pl.col("accepted_on").is_not_null())
    learned = (
        daily.join(holders, on="member")
        .filter(pl.col("day") >= pl.col("accepted_on"))
        .sort("member", "day")
        .with_columns(
            before=pl.col("day").diff().over("member").dt.total_days(),
            after=(pl.col("day").shift(-1).over("member") - pl.col("day")).dt.total_days(),
        )
    )
    steps = [holders.group_by(*SLICES, day="accepted_on").agg(holders=pl.len().cast(pl.Int64))]
    for name, width in WINDOWS.items():
        opened = learned.filter(pl.col("before").is_null() | (pl.col("before") > width))
        shut = learned.filter(pl.col("after").is_null() | (pl.col("after") > width))
        steps.append(opened.group_by(*SLICES, "day").agg(pl.len().cast(pl.Int64).alias(name)))
        ends = pl.col("day") + timedelta(days=width)
        steps.append(shut.group_by(*SLICES, day=ends).agg((-pl.len().cast(pl.Int64)).alias(name)))
    counted = ["holders", *WINDOWS]
    changes = _by_slice(pl.concat(steps, how="diagonal"), ["day"], **{name: pl.col(name).sum() for name in counted})
    days = pl.date_range(holders["accepted_on"].min(), as_of, "1d", eager=True).alias("day").to_frame()
    return (
        changes.select("slice_by", "slice")
        .unique()
        .join(days, how="cross")
        .join(changes, on=["slice_by", "slice", "day"], how="left")
        .sort("slice_by", "slice", "day")
        .with_columns(pl.col(name).fill_null(0).cum_sum().over("slice_by", "slice") for name in counted)
        .filter((pl.col("slice_by") == "all") | (pl.col("holders") > 0))
        .with_columns(engagement_rate=_share("active", "holders"), stickiness=_share("active_1d", "active"))
    )


def _adoption(daily: pl.DataFrame, members: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Up to the end of every month, whoever was invited by then."""
    invited = members.with_columns(sent_on=pl.coalesce("invited_on", "accepted_on")).drop_nulls("sent_on")
    activated = (
        daily.join(invited, on="member")
        .filter(pl.col("day") >= pl.col("accepted_on"))
        .group_by("member")
        .agg(activated_on=pl.col("day").min())
    )
    placed = invited.join(activated, on="member", how="left").with_columns(
        days=(pl.col("accepted_on") - pl.col("sent_on")).dt.total_days()
    )
    months = pl.date_range(placed["sent_on"].min().replace(day=1), as_of, "1mo", eager=True)
    by_month = [
        placed.filter(pl.col("sent_on") <= end).with_columns(
            month=pl.lit(month),
            is_accepted=pl.col("accepted_on") <= end,
            is_activated=pl.col("activated_on") <= end,
        )
        for month, end in zip(months, months.dt.month_end(), strict=True)
    ]
    return _by_slice(
        pl.concat(by_month),
        ["month"],
        invited=pl.len(),
        accepted=pl.col("is_accepted").sum(),
        activated=pl.col("is_activated").sum(),
        median_days_to_accept=pl.col("days").filter("is_accepted").median(),
    ).with_columns(adoption_rate=_share("accepted", "invited"), activation_rate=_share("activated", "accepted"))


def _retention(months: pl.DataFrame, members: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Whoever learned in a month that is over, of those who started in another."""
    starters = members.drop_nulls("accepted_on").with_columns(start_month=pl.col("accepted_on").dt.truncate("1mo"))
    started = _by_slice(starters, ["start_month"], started=pl.len())
    over = pl.date_range(starters["start_month"].min(), as_of, "1mo", eager=True)
    over = over.filter(over.dt.month_end() <= as_of).alias("month").to_frame()
    learned = months.join(starters, on="member").filter(pl.col("month") >= pl.col("start_month"))
    active = _by_slice(learned, ["start_month", "month"], active=pl.len())
    since = (pl.col("month").dt.year() - pl.col("start_month").dt.year()) * 12 + (
        pl.col("month").dt.month().cast(pl.Int32) - pl.col("start_month").dt.month().cast(pl.Int32)
    )
    return (
        started.join(over, how="cross")
        .filter(pl.col("month") >= pl.col("start_month"))
        .join(active, on=["start_month", "month", "slice_by", "slice"], how="left")
        .with_columns(pl.col("active").fill_null(0), months_since=since)
        .with_columns(retention_rate=_share("active", "started"))
    )


def _courses(begun: pl.DataFrame) -> pl.DataFrame:
    nothing = {"track": pl.String, "median_days": pl.Float64, "hours": pl.Float64}
    return begun.with_columns(
        **{name: pl.lit(None, kind) for name, kind in nothing.items()},
        completed=pl.lit(0),
        known_starts=pl.lit(0),
        completion_rate=pl.lit(0.0),
    )


def _recognition(months: pl.DataFrame) -> pl.DataFrame:
    place = pl.struct("xp", "active_days").rank("min", descending=True).over("month")
    return (
        months.with_columns(rank=place)
        .filter(pl.col("rank") <= TOP)
        .select("month", "rank", pl.col("member").alias("member_id"), "xp", "active_days", completions=pl.lit(0))
    )
