"""Whom a headline KPI of some day describes: the groups of the tables that it repeats.

Belongs here: from a headline and a day to groups. Does not belong here: which headline repeats which table
(``contracts/kpi/headlines.py``), which groups are hidden (``groups``), or any row (``operational``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.contracts.kpi.headlines import Persons
from fellowship_pipeline.release.groups import Group
from fellowship_pipeline.release.policy import OPERATIONAL

WHOLE = None
PERSONS: dict[str, Persons] = {headline.kpi: headline.persons for headline in HEADLINES if headline.persons}


def same_persons(kpi: str) -> str:
    """The first of the headlines that describe the same persons: itself where it is the only one."""
    return next((other for other, persons in PERSONS.items() if persons == PERSONS.get(kpi)), kpi)


@dataclass(frozen=True)
class Moments:
    """The days and months whose rows the headlines of ``day`` repeat, and those of earlier days.

    ``day_before``: the same day of the month before.
    """

    day: pd.Timestamp
    day_before: pd.Timestamp
    reviews: tuple[pd.Timestamp, ...]
    last_start: pd.Timestamp | None
    kinds: Mapping[object, tuple[Group, ...]]

    @classmethod
    def of(cls, as_of: date, frames: Mapping[str, pd.DataFrame]) -> Moments:
        """Those of a release of these tables."""
        retention = frames["retention"]
        starts = retention.loc[retention["months_since"] == 3, "start_month"]
        kinds: dict[object, tuple[Group, ...]] = defaultdict(tuple)
        community = frames["community"]
        for month, kind in community.loc[community["unique_members"] > 0, ["month", "kind"]].itertuples(index=False):
            kinds[month] += (("community", month, kind),)
        return cls(
            pd.Timestamp(as_of),
            pd.Timestamp(as_of) - pd.DateOffset(months=1),
            tuple(sorted(frames["what_if"]["review_month"].unique())),
            None if starts.empty else starts.max(),
            kinds,
        )

    def group(self, kpi: str, slice_by: str, slice_: str) -> Group:
        """Whom a scorecard row describes: those of the row that it repeats, else a group of its own."""
        persons = PERSONS.get(kpi)
        match persons:
            case Persons(moment="day"):
                return _rows(persons, self.day, slice_by, slice_)
            case Persons(moment="month" | "running_month"):
                return _rows(persons, first_of(self.day), slice_by, slice_)
            case Persons(moment="review") if self.reviews:
                return _rows(persons, self.reviews[-1], slice_by, slice_)
        return ("scorecard", kpi, slice_by, slice_)

    def sessions(self, kpi: str, day: pd.Timestamp) -> tuple[Group, ...]:
        """Of attendance: who came to each kind of session in the last whole month by that day."""
        persons = PERSONS.get(kpi)
        if persons is None or persons.moment != "sessions":
            return ()
        return self.kinds.get(first_of(day + timedelta(days=1)) - pd.DateOffset(months=1), ())

    def earlier(self, kpi: str, day: pd.Timestamp, slice_by: str = "all", slice_: str = "all") -> tuple[Group, ...]:
        """Whom a headline of another day would give away: those of the rows that it repeats or comes closest to."""
        persons = PERSONS.get(kpi)
        match persons:
            case Persons(moment="day"):
                return (_rows(persons, day, slice_by, slice_),)
            case Persons(moment="month"):
                return (_rows(persons, first_of(day), slice_by, slice_),)
            case Persons(moment="running_month"):
                whole = day if day.is_month_end else day - pd.DateOffset(months=1)
                return (_rows(persons, first_of(whole), slice_by, slice_),)
            case Persons(moment="review"):
                made = [month for month in self.reviews if month <= day + timedelta(days=1)]
                return (_rows(persons, max(made, default=None), slice_by, slice_),)
        return self.sessions(kpi, day)

    def before(self, kpi: str, slice_by: str, slice_: str) -> tuple[Group, ...]:
        """Whom a comparison with the month before would give away, the latest added since included."""
        persons = PERSONS.get(kpi)
        if persons and persons.moment == "third_month":
            return (_rows(persons, self.last_start, slice_by, slice_),)
        return self.earlier(kpi, self.day_before, slice_by, slice_)

    def at_end(self, kpi: str, ends_on: pd.Timestamp) -> tuple[Group, ...]:
        """Whom a headline at the end of a term would give away beside a group of the term's own."""
        if ends_on == self.day:
            return (self.group(kpi, "all", "all"), *self.sessions(kpi, ends_on))
        return self.earlier(kpi, ends_on)


def _rows(persons: Persons, moment: pd.Timestamp | None, slice_by: str, slice_: str) -> Group:
    """The group of the table's rows of a moment and slice, over all that its rows are divided by otherwise."""
    named = {"slice_by": slice_by, "slice": slice_}
    _, *others = OPERATIONAL[persons.table].group
    return (persons.table, moment, *(named.get(column, WHOLE) for column in others))


def first_of(day: pd.Timestamp) -> pd.Timestamp:
    """The 1st of the day's month."""
    return day.replace(day=1)
