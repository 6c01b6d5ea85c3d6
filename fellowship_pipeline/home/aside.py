"""What is damaged and can be made anew: set aside under a name that says so, for whoever wants to look at it.

Belongs here: that name, how many are kept, where they are. Does not belong here: what is damaged (``health``).
"""

from __future__ import annotations

import shutil
from datetime import datetime
from glob import escape
from pathlib import Path

from fellowship_pipeline.home.places import Home

MARK = ".damaged-"


def set_aside(path: Path, *beside: Path) -> str:
    """Renames ``path`` and what belongs to it, for the owner's eyes only; returns the new name.

    Only the last copy of a name is kept: those before are removed.
    """
    day = datetime.now().astimezone().date().isoformat()
    for place in (path, *beside):
        for copy in place.parent.glob(f"{escape(place.name)}{MARK}*"):
            remove(copy)
        if place.exists() or place.is_symlink():
            kept = place.rename(place.with_name(f"{place.name}{MARK}{day}"))
            if not kept.is_symlink():
                kept.chmod(0o700 if kept.is_dir() else 0o600)
    return f"{path.name}{MARK}{day}"


def copies(home: Home) -> list[Path]:
    """Everything in the home that was set aside, outside the landing folder."""
    places = (home.path, home.warehouse.parent, home.published, home.operations, home.state, home.dagster)
    found = {copy for place in places for copy in place.glob(f"*{MARK}*")}
    found |= set(home.dagster.glob(f"*/**/*{MARK}*"))
    return sorted(found)


def remove(path: Path) -> None:
    """A file, a link, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
