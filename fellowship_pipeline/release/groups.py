"""Which groups of persons to hide, so that no small one is shown and none can be computed from what is.

Belongs here: primary and complementary suppression over groups that add up. Does not belong here: tables, frames, rules
of a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Group = tuple[Hashable, ...]
"""A group of persons: its table, the period it is of (or else what names it), and what names it throughout time."""
Counts = npt.NDArray[np.int64]
FITTING = 3
"""A hidden count is open where at least so many values fit what is shown."""
ANYBODY = 1 << 40
"""More persons than any group has."""


@dataclass(frozen=True, eq=False)
class Margin:
    """A total and the groups that add up to it, as in the margin of a table.

    ``sizes``: persons of each part, a row a part, a column a moment. ``counts``: other counts of the parts and of their
    bases, of which hidden parts must leave more than one person, counted and not; a row a part, a column a fraction.
    ``is_published``: whether the total is shown, and so never given up for its parts; else it is hidden where hiding
    parts does not help; ``yields``: before any part is; ``is_loose``: whether it has more in it than the parts;
    ``is_said``: whether a word stands for a hidden part; ``unsaid``: parts of which it tells nothing.
    ``told``: by column of ``sizes``, whether anything tells the total. ``instead``: what tells it, and is left out
    rather than a part hidden for it. ``uncounted``: parts whose sizes are shown and whose counts are not.
    """

    total: Group
    parts: tuple[Group, ...]
    sizes: Counts
    counts: Counts = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    bases: Counts = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    is_published: bool = True
    yields: bool = False
    is_loose: bool = False
    is_said: bool = True
    unsaid: frozenset[Group] = frozenset()
    told: npt.NDArray[np.bool_] | None = None
    instead: tuple[Group, ...] = ()
    uncounted: frozenset[Group] = frozenset()


@dataclass(frozen=True)
class Suppressed:
    """Groups to hide; those of them whose rows are left out, since not even all of a margin hidden would hide them."""

    hidden: frozenset[Group]
    left_out: frozenset[Group]


def hidden_groups(
    first: Set[Group],
    few: Set[Group],
    margins: Iterable[Margin],
    minimum: int,
    *,
    equal: Mapping[Group, Iterable[Group]] | None = None,
    standing: Mapping[Group, int] | None = None,
) -> Suppressed:
    """Groups to hide: ``first``, and what would give them away.

    Beside a shown total each hidden part has ``FITTING`` sizes or more that fit; those of ``few`` are known to be
    smaller than ``minimum``. Complements are the parts smallest over all moments first (``standing``, by what names a
    group throughout time), so that the same ones are taken from one moment to the next; ``equal``: groups of the same
    persons, hidden together. Where a total that nobody publishes is hidden, so is a part. Margins share groups: those
    of what was hidden last are asked again, until none asks for more.
    """
    listed = list(margins)
    margins_of: dict[Group, list[int]] = defaultdict(list)
    for at, margin in enumerate(listed):
        for group in (margin.total, *margin.parts):
            margins_of[group].append(at)

    def order(margin: Margin, concealed: Set[Group]) -> list[Group]:
        return in_order(margin, concealed, standing or {})

    hidden: set[Group] = set()
    failed: set[int] = set()
    more = set(first)
    always = {at for at, margin in enumerate(listed) if margin.uncounted}
    while more or always:
        for group in list(more):
            more.update((equal or {}).get(group, ()))
        hidden |= more
        asked = {at for group in more for at in margins_of.get(group, ())} | always
        more, always = set(), set()
        for at in asked:
            margin = listed[at]
            found = _missing(margin, hidden, few, minimum, order)
            if found is None:
                failed.add(at)
            else:
                more.update(found)
        more -= hidden
    left_out = {group for at in failed for group in listed[at].instead or listed[at].parts}
    return Suppressed(frozenset(hidden | left_out), frozenset(left_out))


def in_order(margin: Margin, hidden: Set[Group], standing: Mapping[Group, int]) -> list[Group]:
    """The parts that are shown, of somebody, in the order in which they are hidden beside others."""

    def smallest(at: int) -> tuple[int, int, str]:
        group = margin.parts[at]
        persons = standing.get(group, standing.get(throughout(group), 0))
        return persons, int(margin.sizes[at].max(initial=0)), repr(group)

    somebody = np.flatnonzero(margin.sizes.max(axis=1, initial=0) > 0).tolist()
    return [margin.parts[at] for at in sorted(somebody, key=smallest) if margin.parts[at] not in hidden]


def throughout(group: Group) -> Group:
    """What names a group throughout time."""
    return (group[0], *group[2:])


def _missing(
    margin: Margin,
    hidden: Set[Group],
    few: Set[Group],
    minimum: int,
    order: Callable[[Margin, Set[Group]], list[Group]],
) -> set[Group] | None:
    """What a margin asks to be hidden beside what is: parts in order, at last the total; None where nothing helps."""
    shown = order(margin, hidden)
    if margin.total in hidden:
        somebody = margin.sizes.max(axis=1, initial=0) > 0
        is_beside = any(group in hidden for group, is_there in zip(margin.parts, somebody, strict=True) if is_there)
        return set() if is_beside or margin.is_loose or not shown else {shown[0]}
    added: set[Group] = set()
    while not _is_open(margin, hidden | added, few, minimum):
        if margin.instead:
            return None
        if margin.yields or not shown:
            return {*added, margin.total} if margin.yields or not margin.is_published else None
        added.add(shown.pop(0))
    return added


@dataclass(frozen=True)
class Range:
    """The least and the most that hidden parts can be, as far as their sum tells; a row a part, a column a moment."""

    low: Counts
    high: Counts
    there: npt.NDArray[np.bool_]

    @property
    def told(self) -> npt.NDArray[np.bool_]:
        """Moments at which fewer than ``FITTING`` values fit one of them."""
        return np.asarray((self.there & (self.high - self.low < FITTING - 1)).any(axis=0), dtype=np.bool_)


def sizes_that_fit(margin: Margin, hidden: Set[Group], few: Set[Group], minimum: int) -> Range:
    """The sizes that fit each hidden part: the word for it says whether it is under the minimum."""
    concealed = [at for at, part in enumerate(margin.parts) if part in hidden]
    are_said = np.array([margin.is_said and margin.parts[at] not in margin.unsaid for at in concealed], dtype=bool)
    are_few = np.array([margin.parts[at] in few - margin.unsaid for at in concealed], dtype=bool)
    sizes = margin.sizes[concealed]
    there = sizes > 0
    most = np.where(there, np.where(are_few[:, None] & (sizes < minimum), minimum - 1, ANYBODY), 0)
    least = np.where(there, np.where((sizes < minimum) | ~are_said[:, None], 1, minimum), 0)
    return _within(sizes.sum(axis=0), least, most, there)


def counts_that_fit(counts: Counts, bases: Counts, of: Range) -> tuple[Range, npt.NDArray[np.bool_]]:
    """How many of each hidden part can be counted, and where that, or how many are not, is as good as told.

    ``of``: how many each can be.
    """
    total = bases.sum(axis=0)
    ranges = []
    for those in (counts, bases - counts):
        left = those.sum(axis=0)
        # At least as many of a part as the others cannot be, who are as many as it leaves of all.
        found = _within(left, np.zeros_like(those), of.high, of.there)
        ranges.append(Range(np.maximum(found.low, left - (total - of.low)), found.high, of.there))
    return ranges[0], ranges[0].told | ranges[1].told


def free_counts_that_fit(counts: Counts, there: npt.NDArray[np.bool_]) -> Range:
    """How many of each hidden part can be counted of what has no base: any part can have any number."""
    return _within(counts.sum(axis=0), np.zeros_like(counts), np.where(there, ANYBODY, 0), there)


def _within(left: Counts, least: Counts, most: Counts, there: npt.NDArray[np.bool_]) -> Range:
    """Bounds of parts that are so many together, each between bounds."""
    low = np.maximum(least, left - (most.sum(axis=0) - most))
    high = np.minimum(most, left - (least.sum(axis=0) - least))
    return Range(low, high, there)


def _is_open(margin: Margin, hidden: Set[Group], few: Set[Group], minimum: int) -> bool:
    """Whether what shown parts leave of the total lets every hidden part be of several sizes, and several counted."""
    known = np.ones(margin.sizes.shape[1], dtype=bool) if margin.told is None else margin.told
    if (sizes_that_fit(margin, hidden, few, minimum).told & known).any():
        return False
    if not margin.counts.size:
        return True
    concealed = [at for at, part in enumerate(margin.parts) if part in hidden or part in margin.uncounted]
    counts, bases = margin.counts[concealed], margin.bases[concealed]
    return not counts_that_fit(counts, bases, range_of_bases(margin, hidden, few, minimum, bases))[1].any()


def range_of_bases(margin: Margin, hidden: Set[Group], few: Set[Group], minimum: int, bases: Counts) -> Range:
    """How many the parts can be of which the counts are not shown: the sizes of some of them are."""
    concealed = [at for at, part in enumerate(margin.parts) if part in hidden or part in margin.uncounted]
    low, high = bases.copy(), bases.copy()
    rows = [row for row, at in enumerate(concealed) if margin.parts[at] in hidden]
    sizes = sizes_that_fit(margin, hidden, few, minimum)
    if sizes.low.shape[1] == bases.shape[1]:
        low[rows], high[rows] = sizes.low, sizes.high
    else:
        low[rows], high[rows] = 0, ANYBODY
    return Range(low, high, bases > 0)
