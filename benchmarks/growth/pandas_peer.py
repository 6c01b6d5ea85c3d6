"""The six tables in pandas, as a good analyst would write them for a home of ``benchmarks/homes.py``.

There everybody has one roster row and at most one invitation and one seat, and nothing says what was completed.
Belongs here: exports to tables, in pandas. Does not belong here: measuring, or homes of any other kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.tseries.offsets import MonthEnd

SLICES = ["cohort", "study_mode", "study_group", "track"]
WINDOWS = {"active": 30, "active_1d": 1, "active_7d": 7}
TOP = 3

Groups = Any
"""What pandas groups; its type has parameters that differ from version to version."""


@dataclass(frozen=True)
class Exports:
    """What the files have, typed; members, courses and slices are categories."""

    roster: pd.DataFrame
    seats: pd.DataFrame
    activity: pd.DataFrame


def exports(landing: Path) -> Exports:
    """Of the files as they lie, by Arrow's reader, the fastest that pandas has."""
    roster = pd.read_csv(landing / "roster.csv").astype("category").assign(track="(none)")
    members = roster["member"].dtype
    needed = ["member", "occurred_at", "course", "xp", "minutes"]
    files = [
        pd.read_csv(place, engine="pyarrow", dtype_backend="pyarrow", usecols=needed)
        for place in sorted(landing.glob("activity*.csv"))
    ]
    activity = pd.concat(files, ignore_index=True)
    del files
    return Exports(
        roster.astype({"track": "category"}),
        pd.read_csv(landing / "seats.csv", dtype={"member": members}, parse_dates=["occurred_at"]),
        activity.astype(
            {
                "member": members,
                "course": "category",
                "xp": "float64",
                "minutes": "float64",
                "occurred_at": "datetime64[s]",
            }
        ),
    )


def in_memory(read: Exports) -> Exports:
    """The same: pandas reads at once."""
    return read


def tables(given: Exports, as_of: date) -> dict[str, pd.DataFrame]:
    """The tables as of a day, by their keys in the warehouse."""
    last = pd.Timestamp(as_of)
    learning = given.activity.assign(day=given.activity["occurred_at"].dt.floor("D"))
    learning = learning[learning["day"] <= last]
    daily = _grouped(learning, ["member", "day"])[["xp", "minutes"]].sum().reset_index()
    begun = learning[["member", "course"]].drop_duplicates()["course"].value_counts()
    members = _members(given, last)
    months = (
        _grouped(daily.assign(month=_month(daily["day"])), ["member", "month"])
        .agg(active_days=("day", "size"), xp=("xp", "sum"), minutes=("minutes", "sum"))
        .reset_index()
    )
    return {
        "kpi.activity": _activity(months, members),
        "kpi.engagement": _engagement(daily, members, last),
        "kpi.adoption": _adoption(daily, members, last),
        "kpi.retention": _retention(months, members, last),
        "kpi.courses": _courses(begun),
        "ops.recognition": _recognition(months),
    }


def write(table: pd.DataFrame, place: Path) -> None:
    """As Parquet."""
    table.to_parquet(place, index=False)


def _grouped(frame: pd.DataFrame, keys: list[str]) -> Groups:
    return frame.groupby(keys, observed=True, sort=False)


def _month(days: pd.Series[Any]) -> pd.Series[Any]:
    months = days.to_numpy().astype("datetime64[M]")
    return pd.Series(months.astype("datetime64[s]"), index=days.index)


def _members(given: Exports, last: pd.Timestamp) -> pd.DataFrame:
    """Who is in, where, and since when with a seat."""
    events = given.seats.assign(day=given.seats["occurred_at"].dt.floor("D"))
    first = _grouped(events[events["day"] <= last], ["member", "event"])["day"].min().unstack()
    first = first.reindex(columns=["invited", "accepted"]).add_suffix("_on").astype("datetime64[s]")
    return given.roster.merge(first.reset_index(), on="member", how="left")


def _by_slice(frame: pd.DataFrame, keys: list[str], count: Callable[[Groups], pd.DataFrame]) -> pd.DataFrame:
    """Counted for everybody and for every slice."""
    parts = [count(_grouped(frame, keys)).reset_index().assign(slice_by="all", slice="all")]
    for kind in SLICES:
        counted = count(_grouped(frame, [*keys, kind])).reset_index().rename(columns={kind: "slice"})
        parts.append(counted.assign(slice_by=kind, slice=counted["slice"].astype(str)))
    return pd.concat(parts, ignore_index=True)


def _share(table: pd.DataFrame, part: str, whole: str) -> pd.Series[Any]:
    return table[part] / table[whole].where(table[whole] > 0)


def _activity(months: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    def count(groups: Groups) -> pd.DataFrame:
        counted: pd.DataFrame = groups.agg(
            learners=("xp", "size"),
            active_days=("active_days", "sum"),
            xp=("xp", "sum"),
            minutes=("minutes", "sum"),
            median_xp=("xp", "median"),
        )
        return counted.assign(p90_xp=groups["xp"].quantile(0.9), completions=0)

    return _by_slice(months.merge(members, on="member"), ["month"], count)


def _engagement(daily: pd.DataFrame, members: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """A window opens on a day of learning and shuts unless the next one comes before it ends: +1 and −1, summed up."""
    holders = members.dropna(subset="accepted_on")
    learned = daily.merge(holders, on="member")
    learned = learned[learned["day"] >= learned["accepted_on"]].sort_values(["member", "day"])
    since = _grouped(learned, ["member"])["day"].diff()
    until = -_grouped(learned, ["member"])["day"].diff(-1)
    steps = [holders[SLICES].assign(day=holders["accepted_on"], holders=1)]
    for name, width in WINDOWS.items():
        apart = timedelta(days=width)
        opened = learned.loc[since.isna() | (since > apart), [*SLICES, "day"]]
        shut = learned.loc[until.isna() | (until > apart), [*SLICES, "day"]]
        steps += [opened.assign(**{name: 1}), shut.assign(**{name: -1}, day=shut["day"] + apart)]
    counted = ["holders", *WINDOWS]
    placed = pd.concat([_grouped(step, [*SLICES, "day"]).sum() for step in steps]).fillna(0).reset_index()
    changes = _by_slice(placed, ["day"], lambda groups: groups[counted].sum())
    days = pd.date_range(holders["accepted_on"].min(), last, name="day", unit="s")
    grid = changes[["slice_by", "slice"]].drop_duplicates().merge(days.to_frame(index=False), how="cross")
    table = grid.merge(changes, on=["slice_by", "slice", "day"], how="left").fillna(0)
    table[counted] = _grouped(table, ["slice_by", "slice"])[counted].cumsum()
    table = table[(table["slice_by"] == "all") | (table["holders"] > 0)]
    return table.assign(
        engagement_rate=_share(table, "active", "holders"), stickiness=_share(table, "active_1d", "active")
    )


def _adoption(daily: pd.DataFrame, members: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Up to the end of every month, whoever was invited by then."""
    invited = members.assign(sent_on=members["invited_on"].fillna(members["accepted_on"])).dropna(subset="sent_on")
    learned = daily.merge(invited[["member", "accepted_on"]], on="member")
    activated = _grouped(learned[learned["day"] >= learned["accepted_on"]], ["member"])["day"].min()
    placed = invited.merge(activated.rename("activated_on").reset_index(), on="member", how="left")
    placed["days"] = (placed["accepted_on"] - placed["sent_on"]).dt.days
    parts = []
    for month in pd.date_range(placed["sent_on"].min().replace(day=1), last, freq="MS"):
        sent = placed[placed["sent_on"] <= month + MonthEnd()]
        is_accepted = sent["accepted_on"] <= month + MonthEnd()
        is_activated = sent["activated_on"] <= month + MonthEnd()
        days = sent["days"].where(is_accepted)
        parts.append(sent.assign(month=month, accepted=is_accepted, activated=is_activated, days=days))

    def count(groups: Groups) -> pd.DataFrame:
        counted: pd.DataFrame = groups.agg(
            invited=("accepted", "size"),
            accepted=("accepted", "sum"),
            activated=("activated", "sum"),
            median_days_to_accept=("days", "median"),
        )
        return counted

    table = _by_slice(pd.concat(parts, ignore_index=True), ["month"], count)
    return table.assign(
        adoption_rate=_share(table, "accepted", "invited"), activation_rate=_share(table, "activated", "accepted")
    )


def _retention(months: pd.DataFrame, members: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Whoever learned in a month that is over, of those who started in another."""
    starters = members.dropna(subset="accepted_on")
    starters = starters.assign(start_month=_month(starters["accepted_on"]))
    started = _by_slice(starters, ["start_month"], lambda groups: groups.size().rename("started").to_frame())
    over = pd.date_range(starters["start_month"].min(), last + timedelta(days=1) - MonthEnd(), freq="MS", name="month")
    learned = months.merge(starters, on="member")
    active = _by_slice(learned, ["start_month", "month"], lambda groups: groups.size().rename("active").to_frame())
    table = started.merge(over.to_frame(index=False), how="cross")
    table = table[table["month"] >= table["start_month"]]
    table = table.merge(active, on=["start_month", "month", "slice_by", "slice"], how="left").fillna({"active": 0})
    since, start = table["month"].dt, table["start_month"].dt
    return table.assign(
        months_since=(since.year - start.year) * 12 + since.month - start.month,
        retention_rate=_share(table, "active", "started"),
    )


def _courses(begun: pd.Series[Any]) -> pd.DataFrame:
    return (
        begun.rename("started")
        .rename_axis("course")
        .reset_index()
        .assign(track=None, completed=0, completion_rate=0.0, median_days=None, hours=None, known_starts=0)
    )


def _recognition(months: pd.DataFrame) -> pd.DataFrame:
    ranked = months.sort_values(["month", "xp", "active_days"], ascending=[True, False, False])
    is_tie = ranked.duplicated(["month", "xp", "active_days"])
    place = _grouped(ranked, ["month"]).cumcount() + 1
    ranked["rank"] = place.mask(is_tie).ffill().astype("int64")
    top = ranked[ranked["rank"] <= TOP]
    return top.rename(columns={"member": "member_id"}).astype({"member_id": str}).assign(completions=0)
