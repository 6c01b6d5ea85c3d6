"""Records without the day on which it was done: it was not, as in a list of all enrolled with a date for who finished.

Belongs here: leaving such records aside, and saying so. Does not belong here: presets, which know what is done
(``completed``), conditions that program.yaml has (``counted``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from fellowship_pipeline.intake.headers import header_of
from fellowship_pipeline.intake.layouts.layout import Shaped
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.records import each

if TYPE_CHECKING:
    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.program.sources import Entry

DAY = {"completions": "completed_at", "certifications": "issued_on", "outcomes": "occurred_on"}
"""By source of what was done the column that says when."""


def happened(source: Source, entry: Entry, shaped: Shaped) -> Shaped:
    """The rows, one per record, that have a day; the others are ignored, with a note."""
    column = DAY.get(source.name)
    if column is None or shaped.rows is None or column not in shaped.rows.column_names or column in entry.values:
        return shaped
    filled = each(shaped.rows.column(column), lambda text: text.strip() and "filled")
    rows = shaped.rows.filter(pc.equal(filled, "filled"))
    records, dated = (pc.count_distinct(some.column("_row")).as_py() for some in (shaped.rows, rows))
    undated = records - dated
    if not undated:
        return replace(shaped, rows=rows)
    said: dict[str, str | int] = {"records": undated, "all": records}
    note = Note("undated", {**said, "column": column, "header": header_of(entry, column)})
    return replace(shaped, rows=rows, ignored=shaped.ignored + undated, notes=(*shaped.notes, note))
