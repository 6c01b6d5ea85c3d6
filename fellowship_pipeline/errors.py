"""What stops a run that is no mistake of this program: one line each, no traceback.

Belongs here: those errors, and what the disk refuses in words. Does not belong here: what DuckDB refuses
(``warehouse``), exit codes (``cli``).
"""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DENIED = (errno.EACCES, errno.EPERM)
REFUSALS = (*FULL, *DENIED, errno.EROFS, errno.EIO)
"""What a disk says that will not take something, whatever is written."""

MISPLACED = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR)


class UserError(Exception):
    """Bad configuration or input. One line: file, line, what was found, what was expected, what to do."""


class LockHeld(Exception):
    """Somebody else held the home, or its warehouse, for longer than was waited."""


@contextmanager
def writing(place: Path, needed: int | None = None) -> Iterator[None]:
    """Says in a UserError what the disk refuses of the block; raises every other error as it is.

    ``place``: what is written, where the error names no file. ``needed``: bytes, where known.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        raise refused(error.errno, _named(error) or place, needed) from None


def refused(code: int, place: Path, needed: int | None = None) -> UserError:
    """The refusal ``code`` (one of ``REFUSALS``) at that place, with what to do."""
    if code in FULL:
        room = f"{_free(place):,} bytes are free" + (f", {needed:,} are needed" if needed else "")
        kind = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up"}
        remedy = f"{kind.get(code, 'the limit on the size of a file is reached')} ({room}): make room and run again"
    elif code in DENIED:
        remedy = f"user '{user()}' has no right to write or read it: make it theirs (chown) or let them (chmod u+rwX)"
    elif code == errno.EROFS:
        remedy = "it is on a file system that is mounted read-only: mount it for writing, or move the home"
    else:
        remedy = "the disk reports an error: look after the disk, and run again"
    return UserError(f"{place}: {remedy}; what was published stays as it was")


def in_words(error: Exception) -> str | None:
    """One line for an error that the machine caused and that nothing else has put in words; None for any other."""
    if isinstance(error, OSError):
        place = _named(error)
        if place is None:
            return str(error)
        if error.errno in MISPLACED:
            return (
                f"{place}: a file lies where a folder is expected, or a folder where a file is: move it away, run again"
            )
        return str(refused(error.errno, place)) if error.errno in REFUSALS else str(error)
    return None


def unrecorded(error: Exception, place: Path) -> UserError | None:
    """Why Dagster's records at that place could not be kept; None for an error that is not their database's."""
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, sqlite3.DatabaseError):
        return None
    return UserError(
        f"{place}: Dagster's records cannot be written or read ({cause}; {_free(place):,} bytes are free): make room,"
        " see that no other program holds them, and run again; what was published stays as it was"
    )


def _named(error: OSError) -> Path | None:
    """The file that the error names; None where it names none."""
    return Path(error.filename) if isinstance(error.filename, str | os.PathLike) else None


def _free(place: Path) -> int:
    """Bytes that are free where the place is, or is to be."""
    found = next((path for path in (place, *place.absolute().parents) if path.exists()), Path("/"))
    return shutil.disk_usage(found).free


def user() -> str:
    """Who this process is."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
