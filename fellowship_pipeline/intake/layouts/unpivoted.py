"""Files with a column per activity, session or course, as a record for each: gradebooks, completion reports, registers.

Belongs here: what ``unpivot`` of an entry says. Does not belong here: a column per question of a survey (``wide``),
what the columns that come of it mean (``mapping``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.readers.records import Header, LacksColumns, Quarantined, Records

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import Entry, Unpivot


@dataclass(frozen=True)
class _Activity:
    """A column of its own: its place from 0, and what it is called."""

    at: int
    name: str


def unpivoted(records: Records, entry: Entry) -> Records:
    """For each record one for each activity that it says something of; the record alone, where nothing is declared.

    The columns of activities, and those beside them, give way to one with their headers, one with their cells and one
    with what stands to the right of these, under the names of the columns that they are read as. A record that says
    nothing of any activity is ignored. Raises LacksColumns, and Quarantined where no column is one.
    """
    asked = entry.unpivot
    if asked is None:
        return records
    activities = list(_activities(records, asked))
    step = 1 if asked.beside is not None else 0
    taken = {at for one in activities for at in (one.at, one.at + step)}
    if max(taken) >= len(records.header):
        raise Quarantined(f"nothing stands to the right of the last column, '{records.header[-1]}' (`unpivot: beside`)")
    rest = [at for at in range(len(records.header)) if at not in taken]
    parts = [_part(records, asked, one, step, rest) for one in activities]
    names = (*(records.header[at] for at in rest), *asked.made)
    table = pa.concat_tables(parts).sort_by([("_at", "ascending"), ("_activity", "ascending")])
    places = table.column("_at")
    said = pc.count_distinct(places).as_py()
    return replace(
        records,
        header=names,
        columns=tuple(table.column(at) for at in range(len(names))),
        rows=records.rows.take(places.combine_chunks()),
        lines=records.lines.take(places.combine_chunks()),
        ignored=records.ignored + len(records.rows) - said,
    )


def _activities(records: Records, asked: Unpivot) -> Iterator[_Activity]:
    """The columns that are meant, in their order."""
    if asked.matching is None:
        wanted: list[Header] = [one if isinstance(one, str) else one.place for one in asked.columns]
        records.demand_set((("unpivot", "columns"), header) for header in wanted)
        for header in wanted:
            records.column(header)
            at = records.place(header)
            if at is not None:
                yield _Activity(at, records.header[at].strip() or f"column {at + 1}")
        return
    found = [(at, match) for at, name in enumerate(records.header) if (match := asked.matching.search(name))]
    if not found:
        raise LacksColumns([(("unpivot", "matching"), asked.matching.pattern)], records.header)
    for at, match in found:
        yield _Activity(at, (match["name"] if "name" in match.groupdict() else records.header[at]).strip())


def _part(records: Records, asked: Unpivot, one: _Activity, step: int, rest: list[int]) -> pa.Table:
    """The records that say something of an activity, with their places."""
    cells, beside = records.columns[one.at], records.columns[one.at + step]
    says = pc.not_equal(pc.utf8_trim_whitespace(beside), "")
    places = pa.array(range(len(records.rows)), pa.int64()).filter(says)
    made = {asked.header: pa.array([one.name] * len(places), pa.string())}
    if asked.cell is not None:
        made[asked.cell] = cells.filter(says)
    if asked.beside is not None:
        made[asked.beside] = beside.filter(says)
    kept = [records.columns[at].filter(says) for at in rest]
    columns = [*kept, *(made[name] for name in asked.made), places, pa.array([one.at] * len(places), pa.int64())]
    names = [*(f"{at}" for at in rest), *asked.made, "_at", "_activity"]
    return pa.table(columns, names)
