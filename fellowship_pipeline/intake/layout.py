"""Between readers and sources: an entry's files, the layout that turns each into rows, and what comes of it.

Belongs here: the words that ``mapping``, the presets and ``reading`` share. Does not belong here: any layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from fellowship_pipeline.contracts import Source
from fellowship_pipeline.intake.records import Quarantined, Records, Reject

if TYPE_CHECKING:
    from fellowship_pipeline.program_sources import Entry


@dataclass(frozen=True)
class Incoming:
    """A content that came: its places in HOME in the order of arrival, and whether the entry asks for it.

    ``asked`` is False where it only lies beside a file of the entry, to be looked things up in.
    """

    sha256: str
    paths: tuple[str, ...]
    size: int
    first_seen: datetime
    decision: str | None = None
    asked: bool = True

    @property
    def folders(self) -> frozenset[str]:
        """The folders it lies in."""
        return frozenset(str(PurePosixPath(path).parent) for path in self.paths)

    @property
    def names(self) -> frozenset[str]:
        """Its names without folder, case-folded."""
        return frozenset(PurePosixPath(path).name.casefold() for path in self.paths)


@dataclass(frozen=True)
class Shaped:
    """Rows of the source made of one file: canonical columns that it has, `_row`, `_line` and perhaps `_fact`.

    ``ignored`` counts records that carry nothing for the source. ``unused`` says why the whole file carries nothing.
    """

    rows: pa.Table | None
    ignored: int = 0
    rejects: tuple[Reject, ...] = ()
    unused: str | None = None


class Layout(Protocol):
    """How the files of one entry become rows of its source."""

    def shape(self, file: Incoming, records: Records) -> Shaped:
        """The file's rows; raises Quarantined, LacksColumns where the file does not fit."""


@dataclass(frozen=True)
class Group:
    """The files of one entry, in the order of arrival, and the way to read one. ``zone``: of instants without one."""

    source: Source
    entry: Entry
    zone: str
    files: tuple[Incoming, ...]
    open: Callable[[Incoming], Records] = field(repr=False)

    def usable(self, file: Incoming) -> Records | None:
        """The file's records; None where it is refused, or held and not accepted."""
        try:
            records = self.open(file)
        except Quarantined:
            return None
        return records if file.decision == "accepted" or not records.doubts else None


@dataclass(frozen=True)
class Known:
    """A report that a preset reads, as its header tells it: by any file that has all these columns."""

    title: str
    sources: tuple[str, ...]
    header: tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """A layout that ships.

    ``beside`` are parts of the names of files to be looked up, by source. ``reader`` reads a file that is no plain
    table (a preamble, sections), at module level so that a child process can call it; None: as any table.
    """

    layout: Callable[[Group], Layout]
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timezone: str | None = None
    exported: re.Pattern[str] | None = None
    known: tuple[Known, ...] = ()
    reader: Callable[[bytes, Entry], Records] | None = None

    def looks_up(self, source: str, name: str) -> bool:
        """Whether a file of that name beside one of the entry's is looked things up in."""
        return any(part in name.casefold() for part in self.beside.get(source, ()))


def rows_of(records: Records, columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Rows, one per record, of the columns given."""
    return pa.table({**columns, "_row": records.rows, "_line": records.lines})
