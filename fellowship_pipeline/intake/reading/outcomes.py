"""What became of one content under one entry.

Belongs here: that record and its vocabulary. Does not belong here: deciding it (``files``), writing it
(``raw_tables``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from fellowship_pipeline.intake.landing.ledger import RECOVERED
from fellowship_pipeline.intake.layouts.layout import Incoming
from fellowship_pipeline.intake.notes import Note, said
from fellowship_pipeline.intake.readers.records import Header, LacksColumns, Reject, Setting
from fellowship_pipeline.intake.reading.drift import ColumnSet

if TYPE_CHECKING:
    from fellowship_pipeline.intake.plain.dialect import Plain

UNREAD = {
    "rejected": "rejected by an operator",
    "withdrawn": "withdrawn by an operator",
    "erased": "destroyed: it could hold an erased person, and not be cleansed",
    "expired": "destroyed: its retention period is over",
    RECOVERED: "recovered from the archive, and decisions on it may be lost: accept it if it is to be read",
}
"""Decisions by which a content is not read, and why."""


@dataclass(frozen=True)
class Outcome:
    """What became of one content under one entry.

    ``rows`` are those of the source, where it is loaded; a ``plain`` file is read by DuckDB. ``column_set``: its
    columns, where nothing obliges it to have them. ``reason`` is of any other status, ``notes`` of one that is loaded.
    """

    file: Incoming
    file_id: str
    status: str
    reason: str | None = None
    notes: tuple[Note, ...] = ()
    encoding: str | None = None
    count: int = 0
    ignored: int = 0
    superseded: int = 0
    rejects: tuple[Reject, ...] = ()
    rows: pa.Table | None = None
    plain: Plain | None = None
    exported_at: datetime | None = None
    covers: tuple[date, date] | None = None
    lacks: LacksColumns | None = None
    column_set: ColumnSet | None = None

    @property
    def said(self) -> str | None:
        """Why it was not loaded, or what is odd about it."""
        return self.reason or said(self.notes)

    @property
    def lacking(self) -> dict[Setting, Header]:
        """The headers that the file does not have, by the setting that names them; () where the layout does."""
        return dict(self.lacks.columns) if self.lacks else {}
