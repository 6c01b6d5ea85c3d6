"""Between readers and sources: an entry's files, the layout that turns each into rows, and what comes of it.

Belongs here: the words that ``mapping``, the presets and ``reading`` share. Does not belong here: any layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from fellowship_pipeline.contracts import Source
from fellowship_pipeline.intake.layouts.declared import month_days
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.instants import canonical, spelled
from fellowship_pipeline.intake.readers.records import Quarantined, Records, Reject, each, normal
from fellowship_pipeline.program.paths import in_landing

if TYPE_CHECKING:
    from fellowship_pipeline.intake.plain.dialect import Plain
    from fellowship_pipeline.program.sources import Entry


@dataclass(frozen=True)
class Incoming:
    """A content that came: its places in HOME in the order of arrival, and whether the entry asks for it.

    ``asked`` is False where it only lies beside a file of the entry, to be looked things up in. ``cleansed``: what the
    archive keeps in its place since an erasure. ``known_at``: see ``Content``.
    """

    sha256: str
    paths: tuple[str, ...]
    size: int
    first_seen: datetime
    decision: str | None = None
    asked: bool = True
    cleansed: str | None = None
    known_at: datetime | None = None

    @property
    def there_at(self) -> datetime:
        """The last moment at which it was there for certain, in UTC, without a zone: it tells of nothing later."""
        return (self.known_at or self.first_seen).astimezone(UTC).replace(tzinfo=None)

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
    ``notes`` are choices that were made, beside those of the records.
    """

    rows: pa.Table | None
    ignored: int = 0
    rejects: tuple[Reject, ...] = ()
    unused: str | None = None
    notes: tuple[Note, ...] = ()


class Layout(Protocol):
    """How the files of one entry become rows of its source."""

    def shape(self, file: Incoming, records: Records) -> Shaped:
        """The file's rows; raises Quarantined, LacksColumns where the file does not fit."""


Scale = tuple[float, float] | None
"""The lowest and the highest rating; None where nobody says."""


@dataclass(frozen=True)
class EntryFiles:
    """The files of one entry, in the order of arrival, and the way to read one. ``zone``: of instants without one.

    ``plain`` says that a file need not be opened, since DuckDB can read it. ``scales``: of the questions of kind rating
    in the entry's survey.
    """

    source: Source
    entry: Entry
    zone: str
    files: tuple[Incoming, ...]
    open: Callable[[Incoming], Records] = field(repr=False)
    plain: Callable[[Incoming], Plain | None] = field(default=lambda _: None, repr=False)
    scales: Mapping[str, Scale] = field(default_factory=dict)

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
    table (a preamble, sections), at module level so that a child process can call it; None: as any table. The activity
    of a ``cumulative`` one is totals since enrollment. ``person_ids`` are headers under which all its files write the
    platform's own id of a person. ``no_questions`` are headers of a form that stand beside its answers,
    ``separators`` what it puts between several answers, where that is known.
    """

    layout: Callable[[EntryFiles], Layout]
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timezone: str | None = None
    exported: re.Pattern[str] | None = None
    known: tuple[Known, ...] = ()
    reader: Callable[[bytes, Entry], Records] | None = None
    cumulative: bool = False
    person_ids: tuple[str, ...] = ()
    no_questions: tuple[str, ...] = ()
    separators: tuple[str, ...] = ()

    def looks_up(self, source: str, name: str) -> bool:
        """Whether a file of that name beside one of the entry's is looked things up in."""
        return any(part in name.casefold() for part in self.beside.get(source, ()))


def translated(entry: Entry, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """The column with the file's words replaced by those that the entry's ``values`` give for them."""
    words = entry.values.get(name)
    if not isinstance(words, dict):
        return column
    known = {normal(shown): stored for shown, stored in words.items()}
    return each(column, lambda text: known.get(normal(text), text))


def constants(group: EntryFiles, file: Incoming) -> dict[str, str]:
    """What the entry's ``values`` give every row of the file; raises Quarantined where its path does not say it."""
    found = {}
    for name, value in group.entry.values.items():
        if isinstance(value, str):
            found[name] = value
        elif not isinstance(value, dict):
            asked = name if name in value.filename.groupindex else "month"
            found_in = (value.filename.search(in_landing(path)) for path in sorted(file.paths))
            matches = [match[asked] for match in found_in if match]
            said = next((text for text in matches if text is not None), None)
            if said is None:
                raise Quarantined(f"its path does not say {name}, which `values` looks for in it")
            found[name] = said if asked == name else _last_day(said, file, group.zone)
    return found


def _last_day(month: str, file: Incoming, zone: str) -> str:
    first, last = month_days(month, file.there_at, zone)
    if last < first:
        raise Quarantined("its path names a month that had not begun when it came")
    return last.isoformat()


def with_values(group: EntryFiles, file: Incoming, shaped: Shaped) -> Shaped:
    """The rows with what the entry's ``values`` say of them.

    Raises Quarantined where neither the file nor the entry says what every row must have.
    """
    rows, entry = shaped.rows, group.entry
    if rows is None:
        return shaped
    rows = _spelled(group, rows)
    for name, value in constants(group, file).items():
        rows = _with(rows, name, pa.array([value] * rows.num_rows, pa.string()))
    for name in entry.values:
        if name in rows.column_names:
            rows = _with(rows, name, translated(entry, name, rows.column(name)))
    lacking = [name for name in group.source.required if name not in rows.column_names]
    if lacking:
        said = ", ".join(f"{name}: …" for name in lacking)
        raise Quarantined(f"it does not say {' and '.join(lacking)}: declare `values: {{{said}}}` in the entry")
    return replace(shaped, rows=rows)


def _spelled(group: EntryFiles, rows: pa.Table) -> pa.Table:
    """A preset's rows, the instants that it left as written read as the entry says; what does not fit stays."""
    declared = group.entry.datetime_format
    if declared is None:
        return rows
    for name in (column.name for column in group.source.columns if column.type in ("TIMESTAMP", "DATE")):
        if name in rows.column_names:
            read = partial(_canonical, pattern=declared)
            rows = _with(rows, name, each(rows.column(name), read))
    return rows


def _canonical(text: str, pattern: str) -> str:
    return text if canonical(text) is not None else spelled(text, pattern) or text


def _with(rows: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    if name in rows.column_names:
        return rows.set_column(rows.column_names.index(name), name, column)
    return rows.append_column(name, column)


def rows_of(records: Records, columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Rows, one per record, of the columns given."""
    return pa.table({**columns, "_row": records.rows, "_line": records.lines})
