"""The groups of a release that are hidden beside those that are by themselves, over all margins together.

Belongs here: the order in which margins are asked, and when they are asked again. Does not belong here: what a margin
asks for (``groups``, ``breakdown``, ``together``), or which groups there are (``operational``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.release.breakdown import BlankCount, cheaper_company, not_broken_down
from fellowship_pipeline.release.groups import Group, hidden_groups
from fellowship_pipeline.release.margins import Added, Sums, equal_groups
from fellowship_pipeline.release.together import Concealed, Together, that_say_more

CROWD = 100
"""Of more groups of one kind and period that are told, all go at once: as where each is as large as it can be."""


@dataclass(frozen=True)
class Complements:
    """Groups to hide, those of them whose rows are left out, and counts that slices are not broken down by."""

    hidden: frozenset[Group]
    left_out: frozenset[Group]
    blank: frozenset[BlankCount]


def complements(sums: Sums, margins: Sequence[Added]) -> Complements:
    """The groups to hide beside those that are by themselves, and the counts that slices are not broken down by.

    What each margin asks for by itself; slices that spare the counts of others; what all margins together still tell.
    """
    equal = equal_groups(sums.frames, margins)
    more = set(sums.first).union(*(margin.first for margin in margins))
    blank: set[BlankCount] = set()
    gone: set[Group] = set()
    while True:
        found = hidden_groups(
            more, sums.few, [margin.margin for margin in margins], sums.minimum, equal=equal, standing=sums.standing
        )
        left_out = found.left_out | gone
        hidden = found.hidden | left_out
        if company := cheaper_company(margins, hidden, sums) - hidden:
            more |= company
            continue
        places = not_broken_down(margins, hidden, sums) | blank
        linked = that_say_more(equal, margins, hidden, sums)
        together = Together(margins, Concealed(hidden, sums.few, linked, left_out, places, sums.minimum))
        told = together.told()
        if not told:
            return Complements(hidden, left_out, frozenset(places))
        crowds = Counter(cell[0][:3] for cell in told)
        for cell in told:
            if crowds[cell[0][:3]] > CROWD:
                gone |= together.whole_kind(cell) - gone
                continue
            not_broken, beside = together.remedy(cell, sums.standing)
            blank |= not_broken
            more |= beside
            if not not_broken and not beside:
                gone |= together.whole_kind(cell)
