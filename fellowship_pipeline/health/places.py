"""The places of a home: that a folder is a folder, and that this process may write wherever a run writes.

Belongs here: kinds of files, rights, room. Does not belong here: modes for others (``permissions``), what is in the
files.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fellowship_pipeline.errors import UserError, refused
from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import set_aside

LEAST_ROOM = 32 << 20
"""Bytes that a run of the smallest home writes: tables, pages, and Dagster's records."""
OWN = "move away what lies there, and run again"


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding for each place that is not what it should be, and for each that cannot be written."""
    yield from _kinds(home, mend)
    yield from _rights(home)
    yield from _room(home)


def _kinds(home: Home, mend: bool) -> Iterator[Finding]:
    """Folders that are files, or links that lead nowhere; what can be made anew is set aside."""
    made_anew = (home.warehouse.parent, home.published, home.operations, home.dagster)
    for place in (home.archive, *made_anew):
        name = place.relative_to(home.path).as_posix()
        if place.is_symlink() and not place.exists():
            remedy = "mount or make what it should lead to, or remove the link; run again"
            yield Finding(Level.STOP, name, "a link that leads nowhere", remedy)
        elif place.exists() and not place.is_dir():
            problem = "a file where a folder is expected"
            if place not in made_anew:
                yield Finding(Level.STOP, name, problem, f"{OWN}, with the folder restored from a copy")
            elif mend:
                yield Finding(Level.MENDED, name, problem, f"set aside as {set_aside(place)}, made anew")
            else:
                yield Finding(Level.WARNING, name, problem, "the next run sets it aside and makes it anew")
    for file in (home.ledger, home.tombstones, home.decisions):
        if file.exists() and not file.is_file():
            name = file.relative_to(home.path).as_posix()
            yield Finding(Level.STOP, name, "no file", f"{OWN}, with the file restored from a copy")


def _rights(home: Home) -> Iterator[Finding]:
    """Folders and files that a run has to write and this process may not."""
    folders = (home.archive, home.warehouse.parent, home.state, home.published, home.operations, home.dagster)
    files = (home.ledger, home.tombstones, home.decisions, home.warehouse)
    for place in (home.path, *folders, *files):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK | (os.X_OK if place.is_dir() else 0)):
            name = place.relative_to(home.path).as_posix()
            yield Finding(Level.STOP, name, "cannot be written", _remedy(place))
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        problem = "there is no folder for temporary files that can be written and has room"
        yield Finding(Level.STOP, "TMPDIR", problem, "set TMPDIR to one, or make room in /tmp; run again")


def _room(home: Home) -> Iterator[Finding]:
    """Disks with less room than a run takes; a warehouse that is damaged stays beside the new one."""
    size = home.warehouse.stat().st_size if home.warehouse.is_file() else 0
    folders = (home.path, home.archive, home.warehouse.parent, home.published, home.operations, home.dagster)
    disks = {place.stat().st_dev: place for place in reversed(folders) if place.is_dir()}
    holds_tables = next(place for place in (home.warehouse.parent, home.path) if place.is_dir()).stat().st_dev
    for disk, place in disks.items():
        needed = LEAST_ROOM + (size if disk == holds_tables else 0)
        free = shutil.disk_usage(place).free
        if free < needed:
            problem = f"too little room on its disk ({free:,} bytes are free, {needed:,} are needed)"
            remedy = "make room and run again; what was published stays as it was"
            yield Finding(Level.STOP, str(home.path) if place == home.path else place.name, problem, remedy)


def _remedy(place: Path) -> str:
    """What to do about a place that cannot be written."""
    is_read_only = bool(os.statvfs(place).f_flag & os.ST_RDONLY)
    said: UserError = refused(errno.EROFS if is_read_only else errno.EACCES, place)
    return str(said).partition(": ")[2]
