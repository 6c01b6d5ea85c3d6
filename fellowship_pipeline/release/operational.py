"""Which rows of the operational tables are hidden: the groups that rows describe, and how groups add up.

Belongs here: from rows to groups and back, over all tables of a release together. Does not belong here: the sizes asked
for (``policy``) or the search for complements (``groups``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from fellowship_pipeline.contracts import HEADLINES, Headline
from fellowship_pipeline.release.groups import Group, Margin, hidden_groups
from fellowship_pipeline.release.moments import PERSONS, WHOLE, Moments, same_persons
from fellowship_pipeline.release.policy import OPERATIONAL, OPERATIONAL_HEADLINES

ADDED_UP = {headline.kpi: headline for headline in HEADLINES if headline.adds_up}
RETENTION = ("scorecard", "retention_3m", "all", "all")
MONTHLY = {"seats": "seats", "support": "requests"}
"""Tables whose groups of a month have a total that nobody publishes as such, and what it is called."""


@dataclass(frozen=True)
class Described:
    """Whom the rows of a table describe: groups and their persons, and the place there of each row's.

    Of rows that nobody has to look at, the place is -1, and ``elsewhere`` has their persons by what names a group
    throughout time.
    """

    persons: dict[Group, int]
    of_rows: npt.NDArray[np.intp]
    elsewhere: dict[Group, int]

    @classmethod
    def of(cls, name: str, keys: pd.DataFrame, sizes: pd.Series[int], looked_at: pd.Series[bool]) -> Self:
        """``keys``: what names each row's group, called ``name`` beside those of other tables."""
        moment, *others = keys
        places = keys[looked_at].groupby([moment, *others], sort=False, dropna=False).ngroup()
        first = places[~places.duplicated()].sort_values()
        counts = np.zeros(len(first), dtype=np.int64)
        counts[places] = sizes[looked_at]
        groups = [(name, *key) for key in keys.loc[first.index].itertuples(index=False, name=None)]
        of_rows = np.full(len(keys), -1)
        of_rows[looked_at] = places
        unseen = sizes[~looked_at]
        elsewhere = unseen.groupby([keys[column] for column in others]).sum() if len(unseen) else unseen
        return cls(
            dict(zip(groups, counts.tolist(), strict=True)),
            of_rows,
            {(name, *key): size for key, size in zip(elsewhere.index.tolist(), elsewhere.tolist(), strict=True)},
        )

    def rows(self, hidden: Set[Group], index: pd.Index) -> pd.Series[bool]:
        """Which rows describe a hidden group."""
        are_hidden = [*(group in hidden for group in self.persons), False]
        return pd.Series(np.array(are_hidden)[self.of_rows], index=index, dtype=bool)


@dataclass(frozen=True)
class Hidden:
    """Rows to be hidden, by table or the name of a part of its columns, and scorecard rows whose comparison is."""

    rows: dict[str, pd.Series[bool]]
    comparisons: pd.Series[bool]


def hidden_rows(
    frames: Mapping[str, pd.DataFrame], sizes: Mapping[str, pd.Series[int]], as_of: date, minimum: int
) -> Hidden:
    """For every operational table, the scorecard and the terms: which rows are hidden.

    ``frames``: the tables as they are; ``sizes``: by table or part, how many persons each row describes.
    """
    scorecard, terms = frames["scorecard"], frames["terms"]
    headlines = list(scorecard[["kpi", "slice_by", "slice"]].itertuples(index=False, name=None))
    ends = list(terms[["kpi", "ends_on"]].itertuples(index=False, name=None))
    moments = Moments.of(as_of, frames)
    groups = {"scorecard": [moments.group(*headline) for headline in headlines], "terms": list(_groups_of_terms(terms))}
    before = [moments.before(*headline) for headline in headlines]
    told = {
        "scorecard": [moments.sessions(kpi, moments.day) for kpi, _, _ in headlines],
        "terms": [moments.at_end(kpi, day) for kpi, day in ends],
    }
    named = {group[:2] for group in chain(groups["scorecard"], *before, *told["scorecard"], *told["terms"])}

    described: dict[str, Described] = {}
    for table, rules in OPERATIONAL.items():
        for name in (table, *([rules.part.name] if rules.part else [])):
            looked_at = _looked_at(table, frames[table], sizes[name], named, minimum)
            described[name] = Described.of(name, frames[table][list(rules.group)], sizes[name], looked_at)
    persons = {group: size for one in described.values() for group, size in one.persons.items()}
    for group, size in list(persons.items()):
        if total := MONTHLY.get(str(group[0])):
            persons[total, group[1], WHOLE] = persons.get((total, group[1], WHOLE), 0) + size
    for group, size in zip(groups["scorecard"], scorecard["denominator"].fillna(0).tolist(), strict=True):
        persons.setdefault(group, size)
    persons |= _persons_of_terms(groups["terms"], terms)

    elsewhere = {group: size for one in described.values() for group, size in one.elsewhere.items()}
    hidden = hidden_groups(persons, _margins(described, groups["scorecard"], frames, persons), minimum, elsewhere)
    starts = frames["retention"].query("months_since == 3 and slice_by == 'all'")["start_month"]
    unseen = {month: persons[group] for month in starts if (group := ("retention", month, "all", "all")) in hidden}
    hidden |= _terms_that_tell(terms, unseen, RETENTION in persons.keys() - hidden, minimum)

    def gives_away(others: Iterable[Group]) -> bool:
        return any(group in hidden or persons.get(group, 0) < minimum for group in others)

    rows = {name: one.rows(hidden, sizes[name].index) for name, one in described.items()}
    for table, of_rows in groups.items():
        rows[table] = pd.Series([group in hidden for group in of_rows], index=frames[table].index, dtype=bool)
    for table, others in told.items():
        rows[table] |= pd.Series([gives_away(some) for some in others], index=frames[table].index, dtype=bool)
        rows[table] &= frames[table]["kpi"].isin(OPERATIONAL_HEADLINES)
    comparisons = pd.Series([gives_away(others) for others in before], index=scorecard.index, dtype=bool)
    return Hidden(rows, comparisons & scorecard["kpi"].isin(OPERATIONAL_HEADLINES))


def _groups_of_terms(terms: pd.DataFrame) -> Iterator[Group]:
    """A group for each headline of a term, one for all that describe the same persons."""
    for term, kpi in terms[["term", "kpi"]].itertuples(index=False, name=None):
        yield ("terms", term, same_persons(kpi))


def _persons_of_terms(groups: Iterable[Group], terms: pd.DataFrame) -> dict[Group, int]:
    """Whom they describe: those who hold a seat, those invited, else those of whom the rate is."""
    figures = terms[["kpi", "numerator", "denominator"]].fillna(0).itertuples(index=False, name=None)
    return {
        group: numerator if kpi in PERSONS and PERSONS[kpi].counted == "numerator" else denominator
        for group, (kpi, numerator, denominator) in zip(groups, figures, strict=True)
        if group[2] == kpi
    }


def _terms_that_tell(
    terms: pd.DataFrame, unseen: Mapping[pd.Timestamp, int], is_shown_now: bool, minimum: int
) -> set[Group]:
    """Terms whose retention, less that of the start months shown, would tell those ``unseen`` and of how many they are.

    So would its difference to the retention of a later term, or to today's, where that is shown.
    """
    told: set[Group] = set()
    over = {month: month + pd.DateOffset(months=4) - pd.DateOffset(days=1) for month in unseen}
    until = pd.Timestamp.max if is_shown_now else None
    counted = terms[terms["kpi"] == "retention_3m"].sort_values("ends_on", ascending=False)
    for term, ends_on in counted[["term", "ends_on"]].itertuples(index=False, name=None):
        within = [size for month, size in unseen.items() if over[month] <= ends_on]
        after = [size for month, size in unseen.items() if until is not None and ends_on < over[month] <= until]
        if _is_vague(within, minimum) and _is_vague(after, minimum):
            until = ends_on
        else:
            told.add(("terms", term, "retention_3m"))
    return told


def _is_vague(sizes: Sequence[int], minimum: int) -> bool:
    """Whether each of these hidden groups could have ``minimum`` persons, as far as their sum tells."""
    return not sizes or (len(sizes) > 1 and sum(sizes) >= minimum + len(sizes) - 1)


def _margins(
    described: Mapping[str, Described],
    headlines: Iterable[Group],
    frames: Mapping[str, pd.DataFrame],
    persons: Mapping[Group, int],
) -> list[Margin]:
    """How the release's groups add up. A slice's headline over all rows of a table is worth less than one of them.

    A course of which nobody knows who began it is no part of the program's completion rate.
    """
    parts: dict[tuple[Group, object], dict[Group, None]] = defaultdict(dict)
    sliced = [table for table, rules in OPERATIONAL.items() if rules.sliced]
    for group in chain(*(described[table].persons for table in sliced), headlines):
        table, block, *rest = group
        if len(rest) == 2 and rest[0] != "all":
            parts[(table, block, "all", "all"), rest[0]][group] = None
    for headline in ADDED_UP.values():
        for group, total in _added_up(headline, described[headline.table], frames[headline.table]):
            parts[total, ""][group] = None
    for group in described["review_summary"].persons:
        parts[("what_if", group[1]), ""][group] = None
    for group in described["seats"].persons:
        parts[("seats", group[1], WHOLE), ""][group] = None
    # The questions of a month by kind of session and by topic are the same ones.
    for table in ("questions", "support"):
        for group in described[table].persons:
            parts[("requests", group[1], WHOLE), table][group] = None
    return [
        Margin(total, tuple(members), total_first=_is_part_of_headline(total))
        for (total, _), members in parts.items()
        if total in persons
    ]


def _is_part_of_headline(group: Group) -> bool:
    """Whether it is a slice of a headline that adds rows up."""
    return group[0] == "scorecard" and group[1] in ADDED_UP and group[2] != "all"


def _added_up(headline: Headline, described: Described, frame: pd.DataFrame) -> Iterator[tuple[Group, Group]]:
    """Each group of the rows that a headline adds up, and the headline's own."""
    counted = pd.Series(True, index=frame.index)
    if headline.series and headline.series.only:
        counted = frame[headline.series.only[0]] == headline.series.only[1]
    if headline.known is not None:
        counted = frame[headline.known].notna()
    groups = list(described.persons)
    for at in pd.unique(described.of_rows[counted.to_numpy(dtype=bool)]):
        row = dict(zip(OPERATIONAL[headline.table].group, groups[at][1:], strict=True))
        yield groups[at], ("scorecard", headline.kpi, row.get("slice_by", "all"), row.get("slice", "all"))


def _looked_at(
    table: str, frame: pd.DataFrame, sizes: pd.Series[int], named: Set[Group], minimum: int
) -> pd.Series[bool]:
    """Rows of moments at which a group is small, or that a headline tells of: at no other is anything hidden.

    Of what headlines add up over all moments, all rows.
    """
    rules = OPERATIONAL[table]
    if not rules.sliced or any(headline.table == table for headline in ADDED_UP.values()):
        return pd.Series(True, index=frame.index)
    moments = frame[rules.group[0]]
    told = [moment for of, moment in named if of == table and moment is not None]
    return moments.isin(moments[sizes.between(1, minimum - 1)].unique()) | moments.isin(told)
