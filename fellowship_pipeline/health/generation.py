"""Whether the warehouse is the one that the last run left: a cache, removed and made anew where it is not.

Belongs here: telling so by its mark, and by what a process that died leaves. Does not belong here: what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.forgetting.destruction import destroy
from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.reading import generation


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding where the warehouse is not as the last run left it; it is removed."""
    problem = _problem(home)
    if problem is None:
        return
    place = home.warehouse.relative_to(home.path).as_posix()
    if mend:
        destroy(home.warehouse)
        destroy(_log(home))
        yield Finding(Level.MENDED, place, problem, "removed, this run makes it anew from the archive")
    else:
        yield Finding(Level.WARNING, place, problem, "the next run makes it anew from the archive")


def _problem(home: Home) -> str | None:
    if _log(home).exists():
        return "a write to it was broken off"
    remembered = generation.remembered(home)
    if not home.warehouse.exists() or remembered is None:
        return None
    try:
        with warehouse.connect(home.warehouse, read_only=True) as con:
            mark = generation.marked(con)
    except duckdb.Error as error:
        return None if "lock" in str(error) else "it cannot be opened"
    if mark is None:
        return "a reading of the archive into it was broken off"
    return None if mark == remembered else "not the one that the last run left, but a copy of another"


def _log(home: Home) -> Path:
    """DuckDB's log of what is not in the file yet; there is none after a run that ended."""
    return home.warehouse.with_name(home.warehouse.name + ".wal")
