"""Files → rows of text → typed rows: arrival, archive, ledger, strict readers, mappings, presets, identity, rules.

Belongs here: the way in, kept light so that settings can be checked without loading readers. Does not belong here: any
step itself (the modules beside).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.home import Home
    from fellowship_pipeline.intake.landing.arrival import Arrivals
    from fellowship_pipeline.program import Program


def take_in(home: Home, program: Program) -> Arrivals:
    """Landing folder → archive and ledger; see ``arrival.take_in``."""
    from fellowship_pipeline.intake.landing import arrival  # noqa: PLC0415 - settings import this package

    return arrival.take_in(home, program)


def read_into(con: duckdb.DuckDBPyConnection, home: Home, program: Program, arrivals: Arrivals | None = None) -> None:
    """Archive, without what has to be forgotten, → ``raw``; see ``reading.read_into``."""
    from fellowship_pipeline.intake import reading  # noqa: PLC0415 - loads pyarrow
    from fellowship_pipeline.privacy import cleansing, retention  # noqa: PLC0415

    retention.expire(con, home, program, datetime.now(UTC).date())
    cleansing.cleanse(home, program)
    reading.read_into(con, home, program, arrivals)
