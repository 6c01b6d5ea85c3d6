"""What is left of a content after an erasure: its records without those of the person, as the reader had read them.

Any layout goes on working on it, whatever the file was (a workbook, sections, a gzip), since readers are not asked
again; numbers of records and lines stay. Belongs here: which readings there are. Does not belong here: what has to
go (``forgetting.cleansing``).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fellowship_pipeline.intake.readers import transport
from fellowship_pipeline.intake.readers.records import Quarantined, Records

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import Entry


MAGIC = b"\xff\xff\xff\xff"
"""How an Arrow stream begins."""


def signature(entry: Entry) -> str:
    """What tells apart the ways in which entries read one file."""
    return hashlib.sha256(entry.model_dump_json(exclude={"files"}, exclude_defaults=True).encode()).hexdigest()[:16]


def pack(readings: Mapping[str, Records]) -> bytes:
    """The records by the signatures of the entries that read them, one after another."""
    sink = io.BytesIO()
    for key, records in sorted(readings.items()):
        transport.write(sink, records, {"signature": key})
    return sink.getvalue()


def is_packed(path: Path) -> bool:
    """Whether the file begins as :func:`pack` does, and no file that a reader reads."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def readings(data: bytes) -> dict[str, Records]:
    """The records by signature."""
    source, found = io.BytesIO(data), {}
    while source.tell() < len(data):
        records, facts = transport.read(source)
        if records is not None:
            found[facts["signature"]] = records
    return found


def read_cleansed(data: bytes, entry: Entry) -> Records:
    """The records as the entry reads them; raises Quarantined where they were never read that way."""
    found = readings(data)
    first, *others = found.values()
    if signature(entry) not in found and any(records != first for records in others):
        raise Quarantined("cleansed of an erased person when it was read by other settings: deliver it anew")
    return found.get(signature(entry), first)
