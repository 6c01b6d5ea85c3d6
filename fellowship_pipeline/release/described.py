"""Whom rows describe: the groups behind the rows of operational tables, and behind headlines.

Belongs here: from rows to groups, and back. Does not belong here: which groups are hidden (``operational``), or which
rows a headline repeats on some day (``moments``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from fellowship_pipeline.release.coarser import block
from fellowship_pipeline.release.groups import Group
from fellowship_pipeline.release.moments import PERSONS, Moments, same_persons
from fellowship_pipeline.release.policy import OPERATIONAL
from fellowship_pipeline.release.rates import telling


@dataclass(frozen=True)
class Described:
    """Whom the rows of a table describe: groups, and the place there of each row's; which are hidden by themselves.

    ``few``: those of fewer than the minimum; ``first``: those, and small ones of whom a rate would tell of each.
    """

    groups: list[Group]
    of_rows: npt.NDArray[np.int64]
    index: pd.Index
    few: frozenset[Group]
    first: frozenset[Group]

    @classmethod
    def of(cls, name: str, keys: pd.DataFrame, sizes: pd.Series[int], telling: pd.Series[bool], minimum: int) -> Self:
        """``keys``: what names each row's group, called ``name`` beside those of other tables."""
        places = np.asarray(keys.groupby(list(keys), sort=False, dropna=False).ngroup(), dtype=np.int64)
        first_rows = np.unique(places, return_index=True)[1]
        groups = [(name, *key) for key in keys.iloc[first_rows].itertuples(index=False, name=None)]

        def among(rows: pd.Series[bool]) -> frozenset[Group]:
            return frozenset(groups[at] for at in np.unique(places[rows.to_numpy(dtype=bool)]))

        few = sizes.between(1, minimum - 1)
        return cls(groups, places, keys.index, among(few), among(few | telling))

    def rows(self, hidden: Set[Group]) -> pd.Series[bool]:
        """Which rows describe one of those groups."""
        are_hidden = np.fromiter((group in hidden for group in self.groups), dtype=bool, count=len(self.groups))
        return pd.Series(are_hidden[self.of_rows] if len(self.groups) else False, index=self.index, dtype=bool)


def described(
    frames: Mapping[str, pd.DataFrame], sizes: Mapping[str, pd.Series[int]], minimum: int
) -> dict[str, Described]:
    """By operational table, and by the part of one that describes others, whom its rows describe."""
    found = {}
    for table, rules in OPERATIONAL.items():
        keys = _keys(table, frames[table])
        found[table] = Described.of(
            table, keys, sizes[table], telling(table, frames[table], sizes[table], minimum), minimum
        )
        if rules.part:
            size = sizes[rules.part.name]
            found[rules.part.name] = Described.of(
                rules.part.name, keys, size, pd.Series(False, index=size.index), minimum
            )
    return found


@dataclass(frozen=True)
class Headlines:
    """Whom the rows of the scorecard and the terms describe.

    ``groups``: by table, a group a row. ``told``: by table and row, groups of others that it tells of; ``before``: of
    those whom the scorecard's comparison tells of. ``own``: how many persons those are that no other table's row
    describes.
    """

    groups: Mapping[str, list[Group]]
    told: Mapping[str, list[tuple[Group, ...]]]
    before: list[list[Group]]
    own: Mapping[Group, int]

    @classmethod
    def of(cls, moments: Moments, scorecard: pd.DataFrame, terms: pd.DataFrame) -> Self:
        """Those of a release of that day."""
        headlines = list(scorecard[["kpi", "slice_by", "slice"]].itertuples(index=False, name=None))
        ends = list(terms[["kpi", "ends_on"]].itertuples(index=False, name=None))
        groups = {
            "scorecard": [_by_period(moments.group(*headline)) for headline in headlines],
            "terms": list(_groups_of_terms(terms)),
        }
        told = {
            "scorecard": [moments.sessions(kpi, moments.day) for kpi, _, _ in headlines],
            "terms": [moments.at_end(kpi, day) for kpi, day in ends],
        }
        before = [[_by_period(group) for group in moments.before(*headline)] for headline in headlines]
        return cls(groups, told, before, _own_persons(groups, scorecard, terms))


def _keys(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """What names each row's group, the period first."""
    keys = frame[list(OPERATIONAL[table].group)]
    return keys.assign(**{str(keys.columns[0]): block(table, frame)}) if OPERATIONAL[table].sliced else keys


def _by_period(group: Group) -> Group:
    """The group as its table's rows name it: that of a slice on a day by the day's month."""
    table, moment, *rest = group
    if table == "engagement" and isinstance(moment, pd.Timestamp) and rest and rest[0] != "all":
        return (table, moment.replace(day=1), *rest)
    return group


def _groups_of_terms(terms: pd.DataFrame) -> Iterator[Group]:
    """A group for each headline of a term, one for all that describe the same persons."""
    for term, kpi in terms[["term", "kpi"]].itertuples(index=False, name=None):
        yield ("terms", term, same_persons(kpi))


def _own_persons(groups: Mapping[str, list[Group]], scorecard: pd.DataFrame, terms: pd.DataFrame) -> dict[Group, int]:
    """Whom headlines describe that repeat no table's row: those who hold a seat, else those of whom the rate is."""
    own: dict[Group, int] = {}
    for group, size in zip(groups["scorecard"], scorecard["denominator"].fillna(0).tolist(), strict=True):
        if group[0] == "scorecard":
            own[group] = size
    figures = terms[["kpi", "numerator", "denominator"]].fillna(0).itertuples(index=False, name=None)
    for group, (kpi, numerator, denominator) in zip(groups["terms"], figures, strict=True):
        if group[2] == kpi:
            own[group] = numerator if kpi in PERSONS and PERSONS[kpi].counted == "numerator" else denominator
    return own
