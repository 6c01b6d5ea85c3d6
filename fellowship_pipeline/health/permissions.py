"""Who on the machine may read what: all of a home but what is published is for its owner alone.

Belongs here: modes of files and folders. Does not belong here: what is in them.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding for each private place that others than the owner could read, write or search."""
    for place in _private(home):
        open_ones = [path for path in _within(place) if path.lstat().st_mode & FOR_OTHERS]
        if not open_ones:
            continue
        name = place.relative_to(home.path).as_posix()
        problem = f"open to other users of this machine ({len(open_ones)} of its files and folders)"
        if mend:
            for path in open_ones:
                path.chmod(0o700 if path.is_dir() else 0o600)
            yield Finding(Level.MENDED, name, problem, "closed to all but the owner")
        else:
            yield Finding(Level.WARNING, name, problem, "the next run closes it to all but the owner")


def _private(home: Home) -> list[Path]:
    """Places of a home that exist and are for its owner alone."""
    places = (
        home.archive,
        home.ledger,
        home.warehouse.parent,
        home.operations,
        home.decisions,
        home.tombstones,
        home.state,
        home.dagster,
    )
    return [place for place in places if place.exists()]


def _within(place: Path) -> Iterator[Path]:
    """The place and, of a folder, all that is in it; links are left out."""
    yield from (path for path in (place, *place.rglob("*")) if not path.is_symlink())
