"""What a reader hands on: records as columns of text, with number and line, and why a file or record is refused.

Belongs here: the shape every reader fills and every layout takes, and how headers are compared. Does not belong here:
any file format, any meaning of a column.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.notes import Note

SPREADSHEET_LINES = (65_536, 1_048_576)
"""Lines that a spreadsheet holds: a file of exactly as many was probably cut off by one."""

NO_ROWS = "no rows: there is a header and nothing else"

LACKS = "the file has no column "
"""How a refusal begins that names the headers a file has not."""

NO_SHEET = "the workbook has no sheet"
SEVERAL_SHEETS = "declare `sheet`"
"""How the doubt ends that another sheet could be meant."""

MOST_COLUMNS = 1_000
LONGEST_RECORD = 1 << 20
"""Limits of what is read, columns and bytes of one record: beyond them no export of a platform is whole."""


Setting = tuple[str, ...]
"""Keys below an entry of program.yaml that name a header; empty where the layout does."""

Header = str | int
"""What a column is asked for by: its header, compared by ``normal``, or its place, the first being 1."""


class Quarantined(Exception):
    """The file cannot be read as a whole. The message says why, with a line where there is one, and no value of it."""


class LacksColumns(Quarantined):
    """The file has no such headers. ``columns`` are (keys below the entry in program.yaml or none, header)."""

    def __init__(self, columns: Sequence[tuple[Setting, Header]], header: Sequence[str]) -> None:
        super().__init__(
            LACKS
            + ", ".join(shown(wanted) + (_nearest(wanted, header) if setting else "") for setting, wanted in columns)
        )
        self.columns = tuple(columns)
        self.header = tuple(header)


@dataclass(frozen=True)
class Reject:
    """A record that is kept out: its number, canonical column ('' for the whole record), text, broken rule, line."""

    row: int
    column: str
    value: str
    reason: str
    line: int | None


@dataclass(frozen=True)
class Records:
    """The records of one file as text.

    ``count`` is every record after the header, rejected ones included; ``rows`` and ``lines`` number those in
    ``columns`` (from 1; the physical line on which each begins). ``ignored`` of ``count`` carry nothing (blank lines,
    what the entry skips) and are in neither columns nor rejects. ``doubts`` are reasons to hold the file, ``notes`` are
    oddities that do not. ``about`` are facts that stand outside the records, such as a meeting's topic.
    """

    header: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    rows: pa.Array
    lines: pa.Array
    count: int
    encoding: str | None
    rejects: tuple[Reject, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    ignored: int = 0
    about: Mapping[str, str] = field(default_factory=dict)

    def place(self, header: Header) -> int | None:
        """The position of the column, of several under one header the first."""
        return next(iter(self._places(header)), None)

    def column(self, header: Header) -> pa.ChunkedArray:
        """The column; raises LacksColumns where there is none, Quarantined where several have that header."""
        places = self._places(header)
        if not places:
            raise LacksColumns([((), header)], self.header)
        at, *others = places
        if others:
            numbers = ", ".join(str(place + 1) for place in (at, *others[:-1]))
            raise Quarantined(
                f"columns {numbers} and {others[-1] + 1} have the same header, {shown(header)}, and the entry reads"
                f" one of them: `place: {at + 1}` instead of the header says which"
            )
        return self.columns[at]

    def _places(self, header: Header) -> list[int]:
        if isinstance(header, int):
            return [header - 1] if 0 < header <= len(self.header) else []
        wanted = normal(header)
        return [at for at, name in enumerate(self.header) if normal(name) == wanted]

    def demand(self, headers: Iterable[str]) -> None:
        """Raises LacksColumns, naming all that are missing."""
        self.demand_set(((), header) for header in headers)

    def demand_set(self, columns: Iterable[tuple[Setting, Header]]) -> None:
        """Raises LacksColumns, naming all that are missing of those that settings of the entry name."""
        missing = [(setting, header) for setting, header in columns if self.place(header) is None]
        if missing:
            raise LacksColumns(missing, self.header)

    def only(self, chosen: pa.Array | pa.ChunkedArray) -> Records:
        """The records where ``chosen`` is true; ``count`` stays."""
        columns = tuple(column.filter(chosen) for column in self.columns)
        return replace(self, columns=columns, rows=self.rows.filter(chosen), lines=self.lines.filter(chosen))


def first_of(records: Records, headers: Iterable[str]) -> str | None:
    """The first of the headers that the file has."""
    return next((header for header in headers if records.place(header) is not None), None)


def texts(records: Records, headers: Iterable[str]) -> list[str]:
    """The trimmed cells under the first of the headers that the file has; empty ones where it has none."""
    header = first_of(records, headers)
    if header is None:
        return [""] * len(records.rows)
    return [text.strip() for text in records.column(header).to_pylist()]


def shown(header: Header) -> str:
    """A header in quotes, a place as its number."""
    return f"'{header}'" if isinstance(header, str) else str(header)


def nearest(wanted: Header, header: Iterable[str]) -> str | None:
    """The header most like the one wanted; None where none is like it, or a place is wanted."""
    there = {normal(name): name for name in header}
    near = difflib.get_close_matches(normal(wanted), there, n=1) if isinstance(wanted, str) else []
    return there[near[0]] if near else None


def _nearest(wanted: Header, header: Sequence[str]) -> str:
    near = nearest(wanted, header)
    return f" (nearest: '{near}')" if near else ""


def normal(header: str) -> str:
    """A header as it is compared: NFC, trimmed, white space collapsed, case-folded."""
    return " ".join(unicodedata.normalize("NFC", header).split()).casefold()


def check_header(header: Sequence[str]) -> None:
    """Raises Quarantined where there are too many columns."""
    if len(header) > MOST_COLUMNS:
        raise Quarantined(f"{len(header):,} columns, more than {MOST_COLUMNS:,}: deliver only those that are needed")


def below(line: int, reason: str) -> Quarantined:
    """What to raise where the header seems to stand on a line further down."""
    return Quarantined(f"{reason}: if the header is on line {line}, declare `skip_lines: {line - 1}`")


def repeated(header: Iterable[str]) -> frozenset[str]:
    """Headers, as they are compared, that several columns have."""
    counted = Counter(map(normal, header))
    return frozenset(name for name, columns in counted.items() if name and columns > 1)


def size_doubts(count: int, lines: int) -> list[str]:
    """Reasons to hold a file of ``count`` records on ``lines`` lines, whatever is in it."""
    doubts = []
    if count == 0:
        doubts.append(NO_ROWS)
    doubts.extend(
        f"exactly {limit:,} lines, as many as a spreadsheet holds: probably cut off"
        for limit in SPREADSHEET_LINES
        if limit in (count + 1, lines)
    )
    return doubts


def each(column: pa.ChunkedArray | pa.Array, change: Callable[[str], str | None]) -> pa.Array:
    """The column with ``change`` applied to each distinct text once."""
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column], type=pa.string())
    encoded = chunked.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else pa.DictionaryArray.from_arrays([], [])
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return changed.take(encoded.indices)


def joined(separator: str, *columns: pa.ChunkedArray | pa.Array | str) -> pa.Array:
    """The columns side by side as one text."""
    return pc.binary_join_element_wise(*columns, separator)
