"""Which rows of the operational tables are hidden: the groups that rows describe, and how groups add up.

Belongs here: from rows to groups and back, over all tables of a release together. Does not belong here: the sizes asked
for (``policy``) or the search for complements (``groups``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from fellowship_pipeline.privacy.groups import Group, Line, hidden_groups
from fellowship_pipeline.privacy.policy import OPERATIONAL, OPERATIONAL_HEADLINES

WHOLE = None
COMPLETION = ("scorecard", "course_completion_rate")
RETENTION = ("scorecard", "retention_3m")
ADOPTION_HEADLINES = ("adoption_rate", "activation_rate", "platform_adoption_score")


@dataclass(frozen=True)
class Hidden:
    """Rows to be hidden, by table, and scorecard rows whose comparison with the month before is."""

    rows: dict[str, pd.Series[bool]]
    comparisons: pd.Series[bool]


def hidden_rows(
    frames: Mapping[str, pd.DataFrame], sizes: Mapping[str, pd.Series[int]], as_of: date, minimum: int
) -> Hidden:
    """For every operational table and the scorecard: which rows are hidden.

    ``frames``: the tables as they are; ``sizes``: by table, how many persons each row describes.
    """
    groups = {
        policy.table: [
            (policy.table, *values)
            for values in frames[policy.table][list(policy.group)].itertuples(index=False, name=None)
        ]
        for policy in OPERATIONAL
    }
    persons: dict[Group, int] = {}
    for table, named in groups.items():
        persons.update(zip(named, sizes[table].tolist(), strict=True))
    for group, size in list(persons.items()):
        if group[0] == "seats":
            whole = ("seats", group[1], WHOLE)
            persons[whole] = persons.get(whole, 0) + size

    scorecard = frames["scorecard"]
    headlines = [
        (kpi, slice_by, slice_)
        for kpi, slice_by, slice_ in scorecard[["kpi", "slice_by", "slice"]].itertuples(index=False, name=None)
    ]
    moments = _Moments.of(as_of, frames)
    groups["scorecard"] = [moments.group(*headline) for headline in headlines]
    for group, size in zip(groups["scorecard"], scorecard["denominator"].fillna(0).tolist(), strict=True):
        persons.setdefault(group, size)

    hidden = hidden_groups(persons, _lines(groups, frames["retention"], persons), minimum)
    is_operational = scorecard["kpi"].isin(OPERATIONAL_HEADLINES)
    rows = {
        table: pd.Series([group in hidden for group in named], index=frames[table].index, dtype=bool)
        for table, named in groups.items()
    }
    rows["scorecard"] &= is_operational
    before = [moments.group_before(*headline) for headline in headlines]
    comparisons = pd.Series(
        [group is not None and (group in hidden or persons.get(group, 0) < minimum) for group in before],
        index=scorecard.index,
        dtype=bool,
    )
    return Hidden(rows, comparisons & is_operational)


def _lines(groups: Mapping[str, list[Group]], retention: pd.DataFrame, persons: Mapping[Group, int]) -> list[Line]:
    """How the release's groups add up. A slice's retention over all start months is worth less than a start month."""
    parts: dict[tuple[Group, object], dict[Group, None]] = defaultdict(dict)
    sliced = [policy.table for policy in OPERATIONAL if policy.sliced]
    for group in _distinct(groups[table] for table in [*sliced, "scorecard"]):
        table, block, *rest = group
        if len(rest) == 2 and rest[0] != "all":
            parts[(table, block, "all", "all"), rest[0]][group] = None
    for group in _distinct([groups["courses"]]):
        parts[(*COMPLETION, "all", "all"), ""][group] = None
    for group, months_since in zip(groups["retention"], retention["months_since"], strict=True):
        if months_since == 3:
            parts[(*RETENTION, *group[2:]), ""][group] = None
    for group in _distinct([groups["review_summary"]]):
        parts[("what_if", group[1]), ""][group] = None
    for group in _distinct([groups["seats"]]):
        parts[("seats", group[1], WHOLE), ""][group] = None
    return [
        Line(total, tuple(members), total_first=total[:2] == RETENTION and total[2:] != ("all", "all"))
        for (total, _), members in parts.items()
        if total in persons
    ]


def _distinct(lists: Iterable[list[Group]]) -> dict[Group, None]:
    return {group: None for groups in lists for group in groups}


@dataclass(frozen=True)
class _Moments:
    """The days and months whose rows a scorecard at ``as_of`` repeats, and those of the day a month before."""

    day: pd.Timestamp
    reviews: tuple[pd.Timestamp, ...]
    last_start: pd.Timestamp | None

    @classmethod
    def of(cls, as_of: date, frames: Mapping[str, pd.DataFrame]) -> _Moments:
        retention = frames["retention"]
        starts = retention.loc[retention["months_since"] == 3, "start_month"]
        return cls(
            pd.Timestamp(as_of),
            tuple(sorted(frames["what_if"]["review_month"].unique())),
            None if starts.empty else starts.max(),
        )

    def group(self, kpi: str, slice_by: str, slice_: str) -> Group:
        """Whom a scorecard row describes: those of the row that it repeats, else a group of its own."""
        if kpi in ADOPTION_HEADLINES:
            return ("adoption", _month(self.day), slice_by, slice_)
        if kpi == "engagement_rate":
            return ("engagement", self.day, slice_by, slice_)
        if kpi == "seat_utilization":
            return ("seats", _month(self.day), WHOLE)
        if kpi == "reclaim_rate" and self.reviews:
            return ("what_if", self.reviews[-1])
        return ("scorecard", kpi, slice_by, slice_)

    def group_before(self, kpi: str, slice_by: str, slice_: str) -> Group | None:
        """Whom the comparison would give away: those of the day a month before, or the latest to be added since."""
        before = self.day - pd.DateOffset(months=1)
        if kpi in ADOPTION_HEADLINES:
            whole = before if before.is_month_end else before - pd.DateOffset(months=1)
            return ("adoption", _month(whole), slice_by, slice_)
        if kpi == "engagement_rate":
            return ("engagement", before, slice_by, slice_)
        if kpi == "seat_utilization":
            return ("seats", _month(before), WHOLE)
        if kpi == "reclaim_rate":
            return ("what_if", max((month for month in self.reviews if month <= before), default=None))
        if kpi == "retention_3m":
            return ("retention", self.last_start, slice_by, slice_)
        return None


def _month(day: pd.Timestamp) -> pd.Timestamp:
    return day.replace(day=1)
