"""Which files of a home a backup has: what came, what was decided, what is remembered. The rest is made of these.

Belongs here: that list. Does not belong here: copying.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from fellowship_pipeline.forgetting.key import key_file
from fellowship_pipeline.forgetting.retention import HISTORY
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import MARK

OF_THIS_DISK = ("lock", "looks.json", "warehouse.json", "publishing.json", "durations.json", "backups.json")
"""What ``state/`` has about this very folder, and its warehouse, pages and backups, which a backup does not have."""

UNFINISHED = (".tmp", ".part")


def kept(home: Home) -> Iterator[str]:
    """The paths of a home's files that a backup has, relative to the home, in order.

    Regular files only: no link is followed but where the landing folder or the archive itself is one.
    """
    published = home.published / HISTORY
    alone = (home.program_file, home.schema_file, home.ledger, home.tombstones, home.decisions)
    settings = home.dagster / "dagster.yaml"
    found = {path for path in (*alone, settings) if _is_regular(path)}
    found |= set(_within(home.landing))
    for folder in (home.archive, home.state, published):
        found |= {path for path in _within(folder) if _is_whole(path)}
    found -= {home.state / name for name in OF_THIS_DISK}
    key = key_file().absolute()
    return iter(sorted(path.relative_to(home.path).as_posix() for path in found if path.absolute() != key))


def _within(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (path for path in (Path(place) / name for name in names) if _is_regular(path))


def _is_regular(path: Path) -> bool:
    return path.exists() and stat.S_ISREG(path.lstat().st_mode)


def _is_whole(path: Path) -> bool:
    """Whether the file is neither half written nor set aside as damaged."""
    return path.suffix not in UNFINISHED and MARK not in path.name
