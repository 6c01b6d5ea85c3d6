"""Which groups of persons to hide, so that no small one is shown and none can be computed from what is.

Belongs here: primary and complementary suppression over groups that add up. Does not belong here: tables, frames, rules
of a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

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
    standing: dict[Group, int] = defaultdict(int, elsewhere or {})
    for group, size in sizes.items():
        standing[throughout(group)] += size
    names: dict[Hashable, str] = {}

    def order(group: Group) -> tuple[object, ...]:
        named = [names.get(one) or names.setdefault(one, repr(one)) for one in group]
        return standing[throughout(group)], sizes[group], *named

    @cache
    def peopled(at: int) -> Margin:
        return replace(
            listed[at], parts=tuple(sorted((part for part in listed[at].parts if sizes[part] > 0), key=order))
        )

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
        more = {group for at in asked for group in _missing(peopled(at), sizes, hidden, minimum)} - hidden
    return frozenset(hidden)


def throughout(group: Group) -> Group:
    """What names a group throughout time."""
    return (group[0], *group[2:])


def _missing(margin: Margin, sizes: Mapping[Group, int], hidden: set[Group], minimum: int) -> list[Group]:
    """What a margin asks to be hidden beside what is: parts in order, at last the total."""
    concealed = [part for part in margin.parts if part in hidden]
    shown = [part for part in margin.parts if part not in hidden]
    if margin.total in hidden:
        return [] if concealed else shown[:1]
    if not concealed:
        return []
    persons = sum(sizes[part] for part in concealed)
    added: list[Group] = []
    while (count := len(concealed) + len(added)) < 2 or persons < minimum + count - 1:
        if margin.total_first:
            return [margin.total]
        if not shown:
            is_known = count < 2 or persons < minimum or persons == count
            return [*added, margin.total] if is_known else added
        added.append(shown.pop(0))
        persons += sizes[added[-1]]
    return added
