"""``fellowship doctor``: everything about a home and its machine that will hurt, each with what to do about it.

It changes nothing. Belongs here: asking everything that can be asked, in order. Does not belong here: what a run finds
and mends by itself (``health``), what can be told of one thing (``tables`` of data and settings, ``machine`` of all
around them).
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from fellowship_pipeline import health, standing, warehouse
from fellowship_pipeline.doctor import machine, tables
from fellowship_pipeline.errors import LockHeld, UserError
from fellowship_pipeline.health import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import Program

NOT_COMPARED = "not read, so that names in program.yaml and days are not compared with the data"


def examine(home: Home, program: Program) -> Iterator[Finding]:
    """All that is found; the caller holds the home's lock, where the home was ever run."""
    found = list(_of_home(home))
    yield from found
    yield from machine.examine(home, program)
    yield from tables.of_files(home, program)
    name = home.warehouse.relative_to(home.path).as_posix()
    if home.warehouse.is_file() and name not in {finding.place for finding in found}:
        yield from _of_tables(home, program, name)
    else:
        yield Finding(Level.WARNING, name, NOT_COMPARED, "ask again after the next `fellowship run HOME`")


def _of_home(home: Home) -> Iterator[Finding]:
    """What a run would find before it begins. Behind what stops it, the rest may not be readable."""
    stops = False
    try:
        for finding in health.examine(home, mend=False):
            stops |= finding.level is Level.STOP
            yield finding
    except UserError as error:
        if not stops:
            yield Finding(Level.STOP, "HOME", str(error), "mend it and ask again: what comes after it was not examined")


def _of_tables(home: Home, program: Program, name: str) -> Iterator[Finding]:
    try:
        with warehouse.connect(home.warehouse, read_only=True) as con:
            if tables.as_of(con) is None:
                yield Finding(
                    Level.WARNING, name, NOT_COMPARED, "the last run left no day in it: `fellowship run HOME`"
                )
                return
            if (why := standing.behind(con, home, program)) is not None:
                yield Finding(
                    Level.WARNING, name, why, "`fellowship run HOME`, then ask again: below is as it was then"
                )
            yield from tables.of_data(con, program)
    except (UserError, LockHeld, duckdb.Error) as error:
        yield Finding(Level.WARNING, name, f"{NOT_COMPARED}: {error}", "`fellowship run HOME`, then ask again")
