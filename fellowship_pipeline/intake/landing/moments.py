"""When things happened, as far as the clocks can be believed under which they were entered in the ledger.

An entry that a later one contradicts, being more than a day before it, was entered under a wrong clock. After a pause
of more than 30 days, or where the clock was set back, nobody knows which of the two sides was wrong. Belongs here:
those two rules. Does not belong here: what the entries say (``ledger``), what a run does about it (``health.clock``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

DAY = timedelta(days=1)
"""By so much clocks may differ and be right."""

PAUSE = timedelta(days=30)
"""After more than that nothing is destroyed at once: it may be the clock that went on."""


def doubt(now: datetime, last: datetime | None) -> str | None:
    """Why the clock is not believed, given when the last entry was made, and what to do; None where it is."""
    if last is None or now >= last - DAY:
        return None
    return (
        f"this machine's clock: says {now:%Y-%m-%d %H:%M} UTC, {(last - now).days} days before the ledger's last entry"
        f" ({last:%Y-%m-%d %H:%M}); set it, or, where it is right, `fellowship run HOME --clock-is-right`"
    )


class EntryTimes:
    """When the entries of a ledger were made, in their order."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        self.moments = moments
        steps = enumerate(pairwise(moments), start=1)
        self.jumps = [number for number, (last, at) in steps if at - last > PAUSE or last - at > DAY]
        self.sound = _sound(moments)
        self._sound_jumps = [number for number in self.jumps if self.sound[number]]

    def resumed(self) -> datetime | None:
        """The first entry after the last pause or setting back of the clock; None where there is no entry."""
        return self.moments[self.jumps[-1] if self.jumps else 0] if self.moments else None

    def known(self, numbers: Iterable[int]) -> datetime:
        """The latest sound moment at which something was there that was entered under those numbers.

        What was there before a pause was there after it, too: of two clocks that far apart the earlier may be wrong.
        """
        numbers = list(numbers)
        found = [self.moments[number] for number in numbers if self.sound[number]]
        for number in numbers:
            at = bisect_right(self._sound_jumps, number)
            found += [self.moments[jump] for jump in self._sound_jumps[at : at + 1]]
        return max(found or [self.moments[number] for number in numbers])


def _sound(moments: Sequence[datetime]) -> list[bool]:
    """Of each entry whether no later one contradicts it."""
    found: list[bool] = []
    earliest: datetime | None = None
    for at in reversed(moments):
        found.append(earliest is None or at <= earliest + DAY)
        earliest = at if earliest is None else min(at, earliest)
    return found[::-1]
