"""What DuckDB says where it cannot open, read or write a file, in one line with what to do.

Belongs here: telling a held lock, a refusing disk and a damaged file apart. Does not belong here: setting the file
aside (``health``), mistakes in SQL, which are this program's.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb

from fellowship_pipeline.errors import REFUSALS, UserError, refused

HOLDER = re.compile(r"Conflicting lock is held in (?P<program>.*?) ?\(PID (?P<pid>\d+)\)")
NAMED = re.compile(r'(?:file|directory) "(?P<path>[^"]+)"')
DAMAGE = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException, duckdb.SerializationException)


class Damaged(UserError):
    """The warehouse cannot be read as it is; the next run makes it anew."""


def holder(error: duckdb.Error, path: Path) -> str | None:
    """Who holds the warehouse, where that is what the error says."""
    found = HOLDER.search(str(error))
    if found is None:
        return None
    return f"process {found['pid']} ({Path(found['program']).name}) holds {path}; close it there"


def in_words(error: duckdb.Error, path: Path) -> UserError | None:
    """The error as a UserError; None where it is neither the disk's nor the file's. Quotes nothing but a path."""
    text = str(error)
    named = NAMED.search(text)
    place = Path(named["path"]) if named else path
    for code in REFUSALS:
        if os.strerror(code) in text:
            return refused(code, place)
    if isinstance(error, duckdb.OutOfMemoryException):
        return UserError(f"{path}: the machine's memory, or the room beside the file, is used up: free some, run again")
    is_its_own = place.name.startswith(path.name)
    if is_its_own and (isinstance(error, DAMAGE) or type(error) is duckdb.Error):
        return Damaged(f"{path}: damaged ({type(error).__name__}); run again: it is set aside and made anew")
    return None
