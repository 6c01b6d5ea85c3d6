"""Files of activity with a row per member and day, of which most say that nobody learned: which rows count.

Belongs here: the ``where`` that is proposed for them. Does not belong here: holding such files (``reading.fitness``),
whose measures these are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.counted import counted
from fellowship_pipeline.intake.reading.fitness import FEWEST_RECORDS, MOSTLY, ZEROS
from fellowship_pipeline.program.conditions import PRESENT
from fellowship_pipeline.program.sources import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.intake.proposal.columns import Match
    from fellowship_pipeline.intake.readers.records import Records

LEARNED = "> 0"


def with_amounts(records: Records, source: Source, found: Iterable[Match]) -> dict[str, str]:
    """``where`` of an entry most of whose rows have nothing but zeros; empty where they have more, or nobody can say.

    Where there are several amounts it asks for the one that most rows have.
    """
    amounts = [match for match in found if match.column in ZEROS and "from" in match.settings]
    if source.name != "activity" or not amounts or len(records.rows) < FEWEST_RECORDS:
        return {}
    learned = {match.header: _rows(records, match, LEARNED) for match in amounts}
    told = _all_of([_rows(records, match, PRESENT) for match in amounts])
    zeros = len(told) - len(_all_of(list(learned.values())))
    if zeros <= MOSTLY * len(records.rows):
        return {}
    return {max(learned, key=lambda header: len(learned[header])): LEARNED}


def note(where: Mapping[str, str]) -> str:
    """What is said of it."""
    header = next(iter(where))
    return f"most rows have nothing but zeros: without `where` on {header}, `counts: all` makes each a day of learning"


def _rows(records: Records, match: Match, asked: str) -> pa.Array:
    """The numbers of the records in which the match's column is as asked."""
    settings: dict[str, Any] = {"columns": {match.column: match.settings}, "where": {match.header: asked}}
    return counted(records, Entry.model_validate({"files": "landing/any", **settings})).rows


def _all_of(parts: Sequence[pa.Array]) -> pa.Array:
    chunks = [chunk for part in parts for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])]
    return pc.unique(pa.chunked_array(chunks, pa.int64()))
