"""From the archive, without what has to be forgotten, to ``raw``.

Belongs here: the order of taking in, forgetting and reading. Does not belong here: any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.errors import writing
from fellowship_pipeline.forgetting import cleansing, retention
from fellowship_pipeline.home import clock
from fellowship_pipeline.intake.landing.arrival import Arrivals, take_in
from fellowship_pipeline.intake.reading import generation, read_into

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program


def arrive(home: Home, program: Program) -> Arrivals:
    """Takes in what landed."""
    with writing(home.archive):
        return take_in(home, program)


def forget(con: duckdb.DuckDBPyConnection, home: Home, program: Program, *, destroys_now: bool = False) -> None:
    """Destroys what is past retention, and what the archive holds of who was erased; see ``retention.expire``."""
    retention.expire(con, home, program, clock.now(), at_once=destroys_now)
    cleansing.cleanse(home, program)


def read(con: duckdb.DuckDBPyConnection, home: Home, program: Program, arrivals: Arrivals | None = None) -> None:
    """Archive → ``raw``; see ``read_into``. Marks what it was read of."""
    read_into(con, home, program, arrivals)
    generation.mark(con, home, program)


def forget_and_read(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    program: Program,
    arrivals: Arrivals | None = None,
    *,
    destroys_now: bool = False,
) -> None:
    """Archive, without what has to be forgotten, → ``raw``."""
    forget(con, home, program, destroys_now=destroys_now)
    read(con, home, program, arrivals)
