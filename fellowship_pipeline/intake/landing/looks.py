"""The memory of looks at landed files, in HOME/state: what has not changed is not read again.

Belongs here: that cache. Losing it costs a second look and time, never a file: what came is in the ledger.
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import NamedTuple

from fellowship_pipeline.errors import writing
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.memory import recall, remember
from fellowship_pipeline.intake.landing.folder import Stamp


class Seen(NamedTuple):
    """A file's stamp, since when it is that (seconds of the epoch), and the SHA-256, where the file was read."""

    size: int | None
    mark: str
    since: float
    sha256: str | None


class Looks:
    """What the last look at each path came to. ``save`` keeps the paths that still lie there."""

    def __init__(self, home: Home) -> None:
        self.path = home.state / "looks.json"
        self.seen = _loaded(self.path)
        self._before = dict(self.seen)

    def at(self, path: str, stamp: Stamp) -> Seen | None:
        """What is known of the path, if it still has that stamp."""
        seen = self.seen.get(path)
        return seen if seen and seen[:2] == stamp[:2] else None

    def note(self, path: str, stamp: Stamp, since: float, sha256: str | None) -> Seen:
        """Remembers a look."""
        self.seen[path] = Seen(stamp.size, stamp.mark, since, sha256)
        return self.seen[path]

    def save(self, paths: Container[str]) -> None:
        """Writes the memory, less the paths that are gone."""
        self.seen = {path: seen for path, seen in self.seen.items() if path in paths}
        if self.seen != self._before:
            with writing(self.path):
                remember(self.path, self.seen)


def _loaded(path: Path) -> dict[str, Seen]:
    try:
        return {name: Seen(*seen) for name, seen in (recall(path) or {}).items()}
    except TypeError:
        return {}
