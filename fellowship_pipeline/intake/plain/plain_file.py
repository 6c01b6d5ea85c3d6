"""A large plain file of the archive as an entry has it.

Belongs here: what loading has to know of it. Does not belong here: loading (``loading``), telling that a file is plain
(``dialect``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import Source, Table
from fellowship_pipeline.intake.headers import read_from
from fellowship_pipeline.intake.readers.records import normal

if TYPE_CHECKING:
    from fellowship_pipeline.intake.plain.dialect import Plain
    from fellowship_pipeline.program.sources import Entry


@dataclass(frozen=True)
class PlainFile:
    """A plain file of the archive under an entry. ``zone``: of instants without one."""

    source: Source
    entry: Entry
    path: Path
    file_id: str
    arrived: datetime
    zone: str
    plain: Plain

    @property
    def table(self) -> Table:
        """Where its rows are, if they are typed."""
        return Table("raw", f"{self.source.name}_{self.file_id}", "", ())

    @property
    def places(self) -> dict[str, int]:
        """The canonical columns that it has, and the place of each."""
        return places(self.source, self.entry, self.plain)


def key_moment(source: Source) -> str:
    """The instant in the natural key of a source whose files may be typed: rows of others tell of other facts."""
    return next(name for name in source.natural_key if name in source.instants)


def places(source: Source, entry: Entry, plain: Plain) -> dict[str, int]:
    """The canonical columns that the file has under the entry, and the place of each."""
    there = {normal(header): at for at, header in enumerate(plain.header)}
    return {name: there[normal(str(header))] for name, header in read_from(source, entry, plain.header).items()}
