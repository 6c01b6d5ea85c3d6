"""Whom a headline KPI of some day describes: the groups of the tables that it repeats.

Belongs here: from a headline and a day to groups. Does not belong here: which groups are hidden (``groups``), or any
row (``operational``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from fellowship_pipeline.release.groups import Group

WHOLE = None
ADOPTION_HEADLINES = ("adoption_rate", "activation_rate", "platform_adoption_score")


@dataclass(frozen=True)
class Moments:
    """The days and months whose rows the headlines of ``day`` repeat, and those of earlier days."""

    day: pd.Timestamp
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
            tuple(sorted(frames["what_if"]["review_month"].unique())),
            None if starts.empty else starts.max(),
            kinds,
        )

    def group(self, kpi: str, slice_by: str, slice_: str) -> Group:
        """Whom a scorecard row describes: those of the row that it repeats, else a group of its own."""
        if kpi in ADOPTION_HEADLINES:
            return ("adoption", first_of(self.day), slice_by, slice_)
        if kpi == "engagement_rate":
            return ("engagement", self.day, slice_by, slice_)
        if kpi == "seat_utilization":
            return ("seats", first_of(self.day), WHOLE)
        if kpi == "reclaim_rate" and self.reviews:
            return ("what_if", self.reviews[-1])
        return ("scorecard", kpi, slice_by, slice_)

    def sessions(self, kpi: str, day: pd.Timestamp) -> tuple[Group, ...]:
        """Of attendance: who came to each kind of session in the last whole month by that day."""
        whole = first_of(day + pd.Timedelta(days=1)) - pd.DateOffset(months=1)
        return self.kinds.get(whole, ()) if kpi == "attendance_rate" else ()

    def earlier(self, kpi: str, day: pd.Timestamp, slice_by: str = "all", slice_: str = "all") -> tuple[Group, ...]:
        """Whom a headline of another day would give away: those of the rows that it repeats or comes closest to."""
        if kpi in ADOPTION_HEADLINES:
            whole = day if day.is_month_end else day - pd.DateOffset(months=1)
            return (("adoption", first_of(whole), slice_by, slice_),)
        if kpi == "engagement_rate":
            return (("engagement", day, slice_by, slice_),)
        if kpi == "seat_utilization":
            return (("seats", first_of(day), WHOLE),)
        if kpi == "reclaim_rate":
            made = [month for month in self.reviews if month <= day + pd.Timedelta(days=1)]
            return (("what_if", max(made, default=None)),)
        return self.sessions(kpi, day)

    def before(self, kpi: str, slice_by: str, slice_: str) -> tuple[Group, ...]:
        """Whom a comparison with the month before would give away, the latest added since included."""
        if kpi == "retention_3m":
            return (("retention", self.last_start, slice_by, slice_),)
        return self.earlier(kpi, self.day - pd.DateOffset(months=1), slice_by, slice_)

    def at_end(self, kpi: str, ends_on: pd.Timestamp) -> tuple[Group, ...]:
        """Whom a headline at the end of a term would give away beside a group of the term's own."""
        if ends_on == self.day:
            return (self.group(kpi, "all", "all"), *self.sessions(kpi, ends_on))
        return self.earlier(kpi, ends_on)


def first_of(day: pd.Timestamp) -> pd.Timestamp:
    """The 1st of the day's month."""
    return day.replace(day=1)
