"""Reports of the states of seats, as platforms export them: one state per person and export.

Belongs here: what the presets that feed ``seat_snapshots`` share. Does not belong here: any platform's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.declared import exported
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Shaped, rows_of, translated
from fellowship_pipeline.intake.readers.records import Quarantined, Records

DATED = re.compile(r".*(?P<date>\d{4}-\d{2}-\d{2})")
"""The day of an export: the last that its path says."""
STRENGTH = {"removed": 0, "invited": 1, "active": 2}


def snapshot(
    group: EntryFiles, file: Incoming, records: Records, columns: Mapping[str, pa.Array | pa.ChunkedArray]
) -> Shaped:
    """The rows with the export's instant, the strongest state where a person is in the file several times.

    ``columns`` are at least ``member`` and ``status``. Raises Quarantined where nothing says when it was exported.
    """
    moment = exported(group.entry, DATED, file.paths, records, group.zone)
    if moment is None:
        raise Quarantined(
            "nothing says when these states were exported: put the day YYYY-MM-DD into the file's name,"
            " or declare `exported` in the entry"
        )
    made_at = pa.array([moment.isoformat() + "Z"] * len(records.rows), pa.string())
    strongest = _strongest(columns["member"], translated(group.entry, "status", columns["status"]))
    rows = rows_of(records, {**columns, "exported_at": made_at}).filter(strongest)
    return Shaped(rows, ignored=len(records.rows) - rows.num_rows)


def _strongest(member: pa.Array | pa.ChunkedArray, status: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Whether a row is its person's last in the strongest state; rows in states that nobody knows are all kept."""
    people = pc.utf8_lower(pc.utf8_trim_whitespace(member)).to_pylist()
    strength = [STRENGTH.get(word.strip()) for word in status.to_pylist()]
    best: dict[str, tuple[int, int]] = {}
    for at, (person, strong) in enumerate(zip(people, strength, strict=True)):
        if strong is not None:
            best[person] = max(best.get(person, (strong, at)), (strong, at))
    return pa.array([strong is None or best[people[at]][1] == at for at, strong in enumerate(strength)], pa.bool_())
