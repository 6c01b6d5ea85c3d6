"""What the margins of a release tell together: hidden counts that are as good as known though no margin alone tells.

A group stands in several: a slice in its quarter and in its headline, under one name and another. Of each margin by
itself the search for complements knows in closed form (``groups``); here those that share hidden groups are put to the
attack that the sensitive tables stand (``attack``). Belongs here: margins as sums of unknowns, and what is hidden where
they tell. Does not belong here: how groups add up (``margins``, ``starts``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from fellowship_pipeline.release.attack import ANYBODY, Unknowns
from fellowship_pipeline.release.breakdown import BlankCount, that_fit, with_parts
from fellowship_pipeline.release.groups import Group, in_order
from fellowship_pipeline.release.margins import Added, Sums
from fellowship_pipeline.release.starts import ACTIVE, STARTED, THIRD

HiddenCount = tuple[Group, str, object]
"""A group, a column and a moment; None: one count for all moments."""


@dataclass(frozen=True, eq=False)
class MarginColumn:
    """A column of a margin at a moment: how many of each part are counted and, of a fraction, of how many."""

    added: Added
    name: str
    moment: object
    counts: list[int]
    base: str | None = None
    bases: list[int] | None = None
    is_told: bool = True

    @property
    def is_size(self) -> bool:
        """Whether it counts who a group is."""
        return self.name == self.added.sized

    def cell(self, group: Group) -> HiddenCount:
        """What a group's count in it is called."""
        return group, self.name, None if self.name == STARTED else self.moment


def columns_of(added: Added) -> Iterator[MarginColumn]:
    """All that a margin counts at any moment; the base of a fraction is the column before."""
    margin = added.margin
    for at, moment in enumerate(added.moments):
        is_told = margin.told is None or bool(margin.told[at])
        if at == 0 or added.sized != STARTED:  # those who started are the same ever after
            yield MarginColumn(added, added.sized, moment, margin.sizes[:, at].tolist(), is_told=is_told)
        base = added.sized
        for name, (counts, bases) in added.more.items():
            listed = None if bases is None else bases[:, at].tolist()
            yield MarginColumn(added, name, moment, counts[:, at].tolist(), base, listed, is_told)
            base = name


@dataclass(frozen=True)
class Concealed:
    """What is hidden of groups that add up.

    ``few``: groups that are said to be smaller than ``minimum``. ``equal``: by group, others of the same persons.
    ``left_out``: groups of which no row says that they are there. ``blank``: counts that slices are not broken down by.
    """

    hidden: Set[Group]
    few: Set[Group]
    equal: Mapping[Group, Iterable[Group]]
    left_out: Set[Group]
    blank: Set[BlankCount]
    minimum: int

    def named(self, group: Group) -> Group:
        """The one name of groups of the same persons."""
        return min([group, *self.equal.get(group, ())], key=repr)

    def is_blank(self, group: Group, column: MarginColumn) -> bool:
        """Whether a slice's count is not shown since none of its kind is."""
        table, period, *slices = group
        place = table, column.name, period, column.moment
        return bool(slices) and slices[0] != "all" and not self.blank.isdisjoint({(*place, slices[0]), (*place, None)})

    def is_unknown(self, group: Group, column: MarginColumn) -> bool:
        """Whether a group's count is not shown."""
        is_uncounted = not column.is_size and group in column.added.margin.uncounted
        return group in self.hidden or group in column.added.unseen or is_uncounted or self.is_blank(group, column)


def that_say_more(
    equal: Mapping[Group, Iterable[Group]], parts: Iterable[Added], hidden: Set[Group], sums: Sums
) -> dict[Group, list[Group]]:
    """Of equal groups those of which one margin leaves other counts than another does, or which have a headline."""
    left: dict[Group, object] = {}
    for part in parts:
        if part.has_slices and not hidden.isdisjoint(part.margin.parts):
            concealed = [group for group in part.margin.parts if group in hidden]
            fitting = that_fit(part, hidden, sums)
            for row, group in enumerate(concealed):
                left[group] = [
                    (column, part.moments, within.low[row].tolist(), within.high[row].tolist())
                    for column, (within, _) in fitting.items()
                ]
    return {
        group: list(others)
        for group, others in equal.items()
        if group[0] in ("retention", "scorecard") or any(left.get(group) != left.get(other) for other in others)
    }


class Together:
    """The margins that share hidden groups, as sums of unknowns."""

    def __init__(self, parts: Iterable[Added], concealed: Concealed) -> None:
        self.concealed = concealed
        self.unknowns = Unknowns()
        self.margins = self._linked([part for part in parts if part.sized])
        for added in self.margins:
            for column in columns_of(added):
                if column.name != ACTIVE or added.sized != STARTED or column.moment == THIRD:  # when it has headlines
                    self._add(column)

    def told(self) -> list[HiddenCount]:
        """Hidden counts that fewer than three values fit."""
        names = {place: name for name, place in self.unknowns.places.items()}
        return [names[at] for at, _ in self.unknowns.exposed()]  # type: ignore[misc]

    def _unknown(self, added: Added) -> set[Group]:
        """Groups of which a margin does not show all."""
        margin = added.margin
        groups = {group for group in (margin.total, *margin.parts) if group in self.concealed.hidden}
        return {self.concealed.named(group) for group in groups | added.unseen | margin.uncounted}

    def _linked(self, parts: list[Added]) -> list[Added]:
        """Those that share an unknown group with another."""
        standing: dict[Group, int] = defaultdict(int)
        unknown = [self._unknown(part) for part in parts]
        for groups in unknown:
            for group in groups:
                standing[group] += 1
        return [part for part, groups in zip(parts, unknown, strict=True) if any(standing[one] > 1 for one in groups)]

    def _add(self, column: MarginColumn) -> None:
        """The total of a column, less what is shown."""
        margin, counts = column.added.margin, column.counts
        bases = counts if column.bases is None else column.bases
        terms: dict[int, float] = defaultdict(float)
        shown = 0
        for group, count, base in zip(margin.parts, counts, bases, strict=True):
            if base and self.concealed.is_unknown(group, column):
                terms[self._place(column, group, count, base)] += 1
            else:
                shown += count
        whole = sum(counts)
        if column.added.rest is not None:
            rest = column.added.rest[column.name]
            terms[self.unknowns.count(column.cell(("rest", *margin.total)), rest)] = 1
            whole += rest
        if column.is_told and not self.concealed.is_unknown(margin.total, column):
            if terms:
                self.unknowns.known(terms, whole - shown, whole - shown, column)
        else:
            total = self._place(column, margin.total, whole, whole if column.bases is None else sum(bases))
            terms = {total: 1.0} | {at: -times for at, times in terms.items()}
            self.unknowns.known(terms, shown, shown, column)

    def _place(self, column: MarginColumn, group: Group, count: int, base: int) -> int:
        """The unknown for a group's count, between the bounds that everybody knows."""
        concealed, margin = self.concealed, column.added.margin
        one, name, moment = column.cell(concealed.named(group))
        is_hidden = group in concealed.hidden or (group in margin.uncounted and not column.is_size)
        is_asked = is_hidden and group not in concealed.left_out and not concealed.is_blank(group, column)
        if column.base is None:
            is_few = group in concealed.few and count < concealed.minimum
            most = concealed.minimum - 1 if is_few else ANYBODY
            least = min(count, concealed.minimum) if is_hidden and not is_few else int(is_hidden)
            return self.unknowns.count((one, name, moment), count, least, most, is_hidden=is_asked)
        at = self.unknowns.count((one, name, moment), count, is_hidden=is_asked)
        of = replace(column, name=column.base, base=None)
        if column.bases is not None and concealed.is_unknown(group, of):
            self.unknowns.known({self.unknowns.count(of.cell(concealed.named(group)), base): 1, at: -1}, 0, ANYBODY)
        elif column.bases is not None:
            self.unknowns.count((one, name, moment), count, 0, base)
        return at

    def remedy(self, cell: HiddenCount, standing: Mapping[Group, int]) -> tuple[set[BlankCount], set[Group]]:
        """What is not shown either, for a cell that is told: its count by slices, or a group beside it; or nothing."""
        group, name, moment = cell
        same = {group, *self.concealed.equal.get(group, ())}
        blank = {
            (table, of, added.margin.total[1], moment, kind)
            for added in self.margins
            if added.of is not None and name != added.sized and same.intersection(added.margin.parts)
            for table, kind in [added.of]
            for of in with_parts(table, name)
        } - self.concealed.blank
        return (blank, set()) if blank else (set(), self._beside(cell, standing))

    def whole_kind(self, cell: HiddenCount) -> set[Group]:
        """All slices of the kinds and period of a cell, whose rows go where hiding any does not help."""
        same = {cell[0], *self.concealed.equal.get(cell[0], ())}
        return {
            group
            for added in self.margins
            if (added.of is not None or added.has_slices) and same.intersection(added.margin.parts)
            for group in added.margin.instead or added.margin.parts
        } | same

    def _beside(self, cell: HiddenCount, standing: Mapping[Group, int]) -> set[Group]:
        """Of the shown groups that tell of a cell, one: a slice's headline or row, a start month, at last a term."""
        figures = self.unknowns.told_by(self.unknowns.places[cell])
        told_by = [column for column in figures if isinstance(column, MarginColumn)]
        hidden = self.concealed.hidden
        totals = [
            column.added.margin.total
            for column in told_by
            if column.added.margin.total not in hidden | column.added.unseen
        ]
        parts = [
            part for column in told_by for part in in_order(column.added.margin, hidden | column.added.unseen, standing)
        ]
        headlines = [total for total in totals if total[0] == "scorecard" and total[2] != "all"]
        slices = [part for part in parts if part[-1] != "all"]
        terms = [total for total in totals if total[0] == "terms"]
        return set([*headlines, *slices, *parts, *terms][:1])
