"""Files that are overdue: an entry says how often one comes (``expects``), and the last came longer ago.

Belongs here: which entries that is so of, by what has come. Does not belong here: whether a file is good (``reading``),
or words for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.program import Program

DAYS = {"daily": 1, "weekly": 7, "monthly": 31}
"""Days after which the next is overdue."""

_LAST = """
select source, entry, max(first_seen) from raw.files
where status in ('loaded', 'superseded', 'erased') group by source, entry
"""
"""When the last content came that is or was in force; the same bytes once more are nothing new."""


@dataclass(frozen=True)
class Overdue:
    """The entry at ``place`` of a source, of which the last file came on ``last_on``, a day of the program's zone."""

    source: str
    place: int
    expects: str
    last_on: date


def expecting(program: Program) -> list[str]:
    """The sources of which an entry says how often files come."""
    return [source for source, entries in program.sources.items() if any(entry.expects for entry in entries)]


def overdue(con: duckdb.DuckDBPyConnection, program: Program, today: date) -> Iterator[Overdue]:
    """The entries that are overdue on a day; not those of which no file was taken in: other warnings are of them."""
    if not expecting(program):
        return
    zone = ZoneInfo(program.timezone)
    came = {(source, entry): moment for source, entry, moment in con.execute(_LAST).fetchall()}
    for source, entries in program.sources.items():
        for place, entry in enumerate(entries):
            moment = came.get((source, place))
            if entry.expects is None or moment is None:
                continue
            last_on = moment.replace(tzinfo=UTC).astimezone(zone).date()
            if (today - last_on).days > DAYS[entry.expects]:
                yield Overdue(source, place, entry.expects, last_on)
