"""Which groups of persons to hide, so that no small one is shown and none can be computed from what is.

Belongs here: primary and complementary suppression over groups that add up. Does not belong here: tables, frames, rules
of a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

Group = tuple[Hashable, ...]
"""A group of persons: its table, the moment it is of (or else what names it), and what names it throughout time."""


@dataclass(frozen=True)
class Margin:
    """A total and the groups that add up to it, as in the margin of a table, all of them published.

    ``total_first``: whether the total is the lesser loss, and is hidden rather than further parts.
    """

    total: Group
    parts: tuple[Group, ...]
    total_first: bool = False


def hidden_groups(
    sizes: Mapping[Group, int], margins: Iterable[Margin], minimum: int, elsewhere: Mapping[Group, int] | None = None
) -> frozenset[Group]:
    """Groups to hide: those of fewer than ``minimum`` persons (but not of none), and what would give them away.

    Where a margin's total is shown, two parts or more are hidden, and so large together that by the total each could
    have ``minimum`` persons. Where all parts are hidden and that is not so, the total stays only if they are
    ``minimum`` persons or more and not one each. Where the total is hidden, so is a part. Complements are the parts
    smallest over all moments first, so that the same ones are taken from one moment to the next; ``elsewhere``: the
    persons of moments that no group of ``sizes`` is of, by what names a group throughout time. Margins share groups:
    those of what was hidden last are asked again, until none asks for more.
    """
    names: dict[Hashable, str] = {}

    @cache
    def standing() -> Mapping[Group, int]:
        persons: dict[Group, int] = defaultdict(int, elsewhere or {})
        for group, size in sizes.items():
            persons[throughout(group)] += size
        return persons

    def order(group: Group) -> tuple[object, ...]:
        named = [names.get(one) or names.setdefault(one, repr(one)) for one in group]
        return standing()[throughout(group)], sizes[group], *named

    listed = list(margins)
    margins_of: dict[Group, list[int]] = defaultdict(list)
    for at, margin in enumerate(listed):
        for group in (margin.total, *margin.parts):
            margins_of[group].append(at)
    hidden: set[Group] = set()
    more = {group for group, size in sizes.items() if 0 < size < minimum}
    while more:
        hidden |= more
        asked = {at for group in more for at in margins_of.get(group, ())}
        more = {group for at in asked for group in _missing(listed[at], sizes, hidden, minimum, order)} - hidden
    return frozenset(hidden)


def throughout(group: Group) -> Group:
    """What names a group throughout time."""
    return (group[0], *group[2:])


def _missing(
    margin: Margin, sizes: Mapping[Group, int], hidden: Set[Group], minimum: int, order: Callable[[Group], Any]
) -> list[Group]:
    """What a margin asks to be hidden beside what is: parts of somebody in order, at last the total."""
    concealed, shown = [], []
    for part in margin.parts:
        if size := sizes[part]:
            if part in hidden:
                concealed.append(size)
            else:
                shown.append(part)
    if margin.total in hidden:
        return [] if concealed or not shown else [min(shown, key=order)]
    if not concealed:
        return []
    count, persons = len(concealed), sum(concealed)
    if count >= 2 and persons >= minimum + count - 1:
        return []
    if margin.total_first:
        return [margin.total]
    added: list[Group] = []
    for part in sorted(shown, key=order):
        added.append(part)
        count, persons = count + 1, persons + sizes[part]
        if count >= 2 and persons >= minimum + count - 1:
            return added
    is_known = count < 2 or persons < minimum or persons == count
    return [*added, margin.total] if is_known else added
