"""Where the seconds of a run go, and how far it is by the seconds that the last one took.

Belongs here: timing pieces of a run, keeping what they took. Does not belong here: what the pieces are (``run``), or
how that looks (``terminal``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from fellowship_pipeline.home.memory import recall, remember

if TYPE_CHECKING:
    from fellowship_pipeline.home import Home

UNKNOWN_SECONDS = 0.1
"""What a piece is expected to take that no run has told of."""


@dataclass(frozen=True)
class Lap:
    """A part of a run: its layer, its name (a table, or a step that makes several), and the seconds that it took."""

    layer: str
    name: str
    seconds: float


class Stopwatch:
    """Times pieces that come one after another; ``planned``: the names of those to come."""

    def __init__(self, home: Home, planned: Collection[str], now: Callable[[], float] = monotonic) -> None:
        self.pieces: list[Lap] = []
        self._home, self._now = home, now
        self._expected = dict.fromkeys(planned, UNKNOWN_SECONDS) | {
            name: seconds for name, seconds in _remembered(home).items() if name in planned
        }
        self._last = now()

    def finished(self, layer: str, name: str) -> None:
        """A piece is done; it took what has passed since the last one was."""
        before, self._last = self._last, self._now()
        self.pieces.append(Lap(layer, name, round(self._last - before, 3)))

    def progress(self) -> tuple[float, float]:
        """Of how many expected seconds the pieces are done, and how many there are."""
        done = {piece.name for piece in self.pieces}
        return sum(s for name, s in self._expected.items() if name in done), sum(self._expected.values())

    def remember(self) -> None:
        """Keeps what the pieces took for the next run; those that did not run keep what they took before."""
        took = _remembered(self._home) | {piece.name: piece.seconds for piece in self.pieces}
        remember(_place(self._home), took)


def _remembered(home: Home) -> dict[str, float]:
    """Seconds by name; nothing where nothing is remembered: it is only an estimate."""
    return {name: float(seconds) for name, seconds in (recall(_place(home)) or {}).items()}


def _place(home: Home) -> Path:
    return home.state / "durations.json"
