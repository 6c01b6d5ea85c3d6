"""Records as bytes and back: one Arrow stream, with what stands beside the columns as JSON in its schema.

Belongs here: that form, between processes and in the archive. Does not belong here: who writes it, and why.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import IO, Any

import pyarrow as pa

from fellowship_pipeline.intake.notes import TEXTS, Note
from fellowship_pipeline.intake.readers.records import Records, Reject

FACTS = b"fellowship"
ARROW = ("columns", "rows", "lines")

Facts = dict[str, Any]

FORMER = ("column_nameless",)
"""Kinds of notes that archives have and no reader makes any more, since the records tell as much."""

_ERASED = re.compile(r"(\d+) records of erased persons left out")


def write(sink: IO[bytes], records: Records | None, facts: Facts) -> None:
    """Writes one stream: the records, if any, and facts about them that JSON can say."""
    arrays: list[pa.ChunkedArray | pa.Array] = []
    if records is not None:
        arrays = [*records.columns, records.rows, records.lines]
        beside = {part.name: getattr(records, part.name) for part in dataclasses.fields(records)}
        beside = {name: value for name, value in beside.items() if name not in ARROW}
        beside["rejects"] = [dataclasses.astuple(reject) for reject in records.rejects]
        beside["notes"] = [[note.kind, dict(note.values)] for note in records.notes]
        facts = {**facts, "records": beside}
    table = pa.table(dict(zip(map(str, range(len(arrays))), arrays, strict=True)))
    table = table.replace_schema_metadata({FACTS: json.dumps(facts, ensure_ascii=False, sort_keys=True)})
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)


def read(source: IO[bytes]) -> tuple[Records | None, Facts]:
    """Reads one stream, up to its end; raises pa.ArrowInvalid or OSError where it is cut off."""
    with pa.ipc.open_stream(source) as stream:
        table = stream.read_all()
    facts: Facts = json.loads(table.schema.metadata[FACTS])
    beside = facts.pop("records", None)
    if beside is None:
        return None, facts
    *columns, rows, lines = table.columns
    beside["rejects"] = [Reject(*reject) for reject in beside["rejects"]]
    beside["notes"] = [
        _archived(note) if isinstance(note, str) else Note(*note) for note in beside["notes"] if note[0] not in FORMER
    ]
    beside = {name: tuple(value) if isinstance(value, list) else value for name, value in beside.items()}
    return Records(columns=tuple(columns), rows=rows.combine_chunks(), lines=lines.combine_chunks(), **beside), facts


def _archived(text: str) -> Note:
    """The note of a text, as archives have it from before notes had kinds."""
    if found := _ERASED.fullmatch(text):
        return Note("erased", {"records": int(found[1])})
    return Note("no_newline") if text == TEXTS["no_newline"] else Note("as_archived", {"text": text})
