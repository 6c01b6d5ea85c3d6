"""The small files of ``state/``: memories that can be lost, never what came.

Belongs here: files that cannot be read, what killed runs left half written. Does not belong here: what a memory is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import MARK, remove, set_aside
from fellowship_pipeline.home.memory import recall


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding for each memory that cannot be read; it is set aside."""
    for path in sorted(home.state.glob("*.json")):
        if recall(path) is None:
            name = path.relative_to(home.path).as_posix()
            remedy = f"set aside as {set_aside(path)}, made anew" if mend else "the next run makes it anew"
            yield Finding(Level.MENDED if mend else Level.WARNING, name, "cannot be read", remedy)
    if mend:
        for leftover in (path for path in home.state.glob("*.tmp") if MARK not in path.name):
            remove(leftover)
