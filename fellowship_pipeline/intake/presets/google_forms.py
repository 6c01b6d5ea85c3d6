"""Google Forms, Korean and English: the downloaded CSV, the linked sheet, its XLSX.

Belongs here: Google's headers and timestamps. Answers are decoded in ``intake/wide``.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from fellowship_pipeline.intake import wide
from fellowship_pipeline.intake.instants import form
from fellowship_pipeline.intake.layout import Group, Incoming, Preset, Shaped
from fellowship_pipeline.intake.records import LacksColumns, Records, Reject, each

TIMESTAMPS = ("타임스탬프", "Timestamp")
MEMBERS = ("이메일 주소", "Email Address", "Username")


@dataclass(frozen=True)
class _Form:
    group: Group

    def shape(self, file: Incoming, records: Records) -> Shaped:
        entry = self.group.entry
        written = next((header for header in TIMESTAMPS if records.place(header) is not None), None)
        if written is None:
            raise LacksColumns([((), TIMESTAMPS[0])], records.header)
        if entry.member is not None:
            records.demand_set([(("member",), entry.member)])
        member = next((h for h in (entry.member, *MEMBERS) if h is not None and records.place(h) is not None), None)
        submitted_at = each(records.column(written), form)
        records, rejects = _without_unreadable(records, records.column(written), submitted_at)
        shaped = wide.answers(
            entry,
            records,
            submitted_at.drop_null(),
            member=records.column(member) if member else None,
            zone=self.group.zone,
        )
        return Shaped(shaped.rows, shaped.ignored, rejects)


def _without_unreadable(
    records: Records, written: pa.ChunkedArray, read: pa.Array
) -> tuple[Records, tuple[Reject, ...]]:
    """The records whose timestamp a format fits, and the others as rejects."""
    rejects = tuple(
        Reject(row, "submitted_at", text, "no known form of a timestamp", line)
        for row, line, text, moment in zip(
            records.rows.to_pylist(), records.lines.to_pylist(), written.to_pylist(), read.to_pylist(), strict=True
        )
        if moment is None
    )
    return (records.only(read.is_valid()), rejects) if rejects else (records, ())


PRESET = Preset(_Form)
