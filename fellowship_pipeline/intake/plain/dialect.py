"""Whether a text file is plain: nothing in it that two readers could cut into records differently.

A plain file can be handed to any fast reader, and its count be compared. Belongs here: the test, in one pass and in
bounded memory. Does not belong here: the forms of cells (``forms``), reading records, or saying what is odd about a
file that is not plain (``delimited``).
"""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass, field
from mmap import mmap
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from fellowship_pipeline.intake.plain.forms import PADDING, CellForm, Cells, Piece, Places, are_visible
from fellowship_pipeline.intake.readers.decoding import looks_misdecoded, may_be_korean
from fellowship_pipeline.intake.readers.delimited import DELIMITERS
from fellowship_pipeline.intake.readers.records import (
    LONGEST_RECORD,
    Quarantined,
    check_header,
    repeated,
    size_doubts,
)
from fellowship_pipeline.intake.readers.scanning import Octets

PIECE = 1 << 19
"""Bytes looked at together: few enough for the cache of a processor, many enough to make calls cheap."""

QUOTE = ord('"')

ROOM = 1 << 24
"""Bytes that the looking takes at most, many times over."""


@dataclass(frozen=True)
class Plain:
    """A plain file: ``count`` records after the header, each on a line of its own.

    ``is_ended``: the last line has an end too. ``forms``: what the cells of each column have in common.
    """

    header: tuple[str, ...]
    delimiter: str
    count: int
    is_ended: bool = True
    forms: tuple[CellForm, ...] = field(default=(), compare=False)


class PlainScan:
    """The test of one file whose bytes come in order, in chunks; ``result`` ends it.

    Plain: UTF-8 that looks well decoded and cannot be CP949; no NUL or lone carriage return; one line end throughout;
    quotes around whole cells only, none of them over a line end; on every line as many delimiters outside quotes as in
    the header, at least one; no line that may be blank or the header again, none longer than a record may be. A
    ``delimiter`` may be declared.
    """

    def __init__(self, delimiter: str | None = None) -> None:
        self._delimiter = delimiter
        self._rest = b""
        self._lines: _Lines | None = None
        self._is_plain = True
        # given back at once, whereupon the C library keeps as much for itself, and no piece costs new pages
        bytes(ROOM)

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the file."""
        for at in range(0, len(chunk), PIECE):
            self._is_plain = self._is_plain and self._takes(chunk[at : at + PIECE])

    def result(self) -> Plain | None:
        """What the file is, where it is plain; None leaves the decision to the strict reader."""
        lines = self._lines
        if not self._is_plain or lines is None:
            return None
        is_ended = not self._rest
        if not is_ended and not lines.add(self._rest + lines.end):
            return None
        return lines.plain(is_ended)

    def _takes(self, part: bytes) -> bool:
        """Looks at the lines that are whole now, and keeps the rest; False where one is not plain."""
        data, at = self._rest + part, 0
        if self._lines is None and (at := data.find(b"\n") + 1):
            line = data[:at].removeprefix(codecs.BOM_UTF8)
            self._lines = _Lines.below(line, self._delimiter)
            if self._lines is None:
                return False
            self._lines.may_be_korean = line == data[:at] and may_be_korean(line)
        end = data.rfind(b"\n") + 1
        self._rest = data[end:]
        if len(data) - at > LONGEST_RECORD and data.find(b"\n", at, at + LONGEST_RECORD) < 0:
            return False
        return self._lines is None or at == end or self._lines.add(data[at:end])


class _Lines:
    """Lines of one shape: the delimiters and the line end of the header."""

    def __init__(self, header: bytes, delimiter: str, names: tuple[str, ...]) -> None:
        self.end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
        self._header = header
        self._names = names
        self._delimiter = delimiter
        self._shape = delimiter.encode() * (len(names) - 1) + self.end
        self._columns = [Cells() for _ in names]
        self._named = [cells for cells, name in zip(self._columns, names, strict=True) if name[:1] not in "0123456789."]
        self._count = 0
        self._is_ascii = header.isascii()
        self.may_be_korean = True

    @staticmethod
    def below(header: bytes, delimiter: str | None) -> _Lines | None:
        """None yet, below a header that fits; None where it does not."""
        parts = [part for part in (delimiter or DELIMITERS) if part.encode() in header]
        if len(parts) != 1 or not parts[0].isascii() or not _well_decoded(header):
            return None
        try:
            (names,) = csv.reader([header.decode()], delimiter=parts[0], strict=True)
            check_header(names)
        except (csv.Error, Quarantined):
            return None
        lines = _Lines(header, parts[0], tuple(names))
        are_told_apart = all(map(str.strip, names)) and not repeated(names)
        return lines if len(names) > 1 and are_told_apart and lines._cut(header) is not None else None

    def add(self, octets: bytes) -> bool:
        """Notes whole lines; False where one is not plain, or a cell is a formula of a text: ``="0012"``."""
        if b'"=""' in octets:
            return False
        if not (is_ascii := octets.isascii()) and not _well_decoded(octets):
            return False
        self._is_ascii = self._is_ascii and is_ascii
        self.may_be_korean = self.may_be_korean and (is_ascii or may_be_korean(octets))
        if (cells := self._cut(octets)) is None:
            return False
        piece = Piece(bytes(PADDING) + octets + bytes(PADDING), is_ascii)
        for column, begins, ends in zip(self._columns, *cells, strict=True):
            column.add(piece, begins, ends)
        self._count += cells.begins.shape[1]
        return not self._may_repeat_header(octets)

    def plain(self, is_ended: bool) -> Plain | None:
        """The file; None where its size is odd, or it may be in another encoding."""
        if size_doubts(self._count, self._count + 1) or (self.may_be_korean and not self._is_ascii):
            return None
        return Plain(self._names, self._delimiter, self._count, is_ended, tuple(one.form for one in self._columns))

    def _may_repeat_header(self, octets: bytes) -> bool:
        """Whether a line may be the header: none is where its name would stand among numbers or instants."""
        if any(cells.are_told for cells in self._named):
            return False
        return b'"' in self._header + octets or octets.startswith(self._header) or b"\n" + self._header in octets

    def _cut(self, octets: bytes) -> _Cut | None:
        """Where the cells of whole lines are; None where a line has another shape, or a quote no place there."""
        codes = np.frombuffer(octets, np.uint8)
        is_quoted = b'"' in octets
        marks = self._marks(octets, codes, is_quoted)
        if marks is None or not len(marks) or len(marks) % len(self._shape) or marks[-1] != len(codes) - 1:
            return None
        rows, width = marks.reshape(-1, len(self._shape)), len(self._names)
        if not (codes.take(rows) == np.frombuffer(self._shape, np.uint8)).all():
            return None
        if b"\r" in self._shape and (rows[:, -2] != rows[:, -1] - 1).any():
            return None
        begins = np.concatenate([[0], marks[:-1] + 1]).reshape(rows.shape).T[:width].copy()
        ends = rows.T[:width].copy()
        if is_quoted:
            quoted = codes.take(begins) == QUOTE
            begins, ends = begins + quoted, ends - quoted
        return None if _may_be_blank(codes, begins, ends) else _Cut(begins, ends)

    def _marks(self, octets: bytes, codes: Octets, is_quoted: bool) -> Places | None:
        """Where delimiters and line ends are, outside quotes; None where some character has no place there."""
        if b"\0" in octets or (b"\r" in octets and b"\r" not in self._shape):
            return None
        marked = codes == self._shape[0]
        for mark in {*self._shape[1:], *(b'"' * is_quoted)} - {self._shape[0]}:
            marked |= codes == mark
        marks = np.flatnonzero(marked)
        return _outside_quotes(octets, codes, marks, self._shape) if is_quoted else marks


class _Cut(NamedTuple):
    """Where the cells begin and end, a row for each column."""

    begins: Places
    ends: Places


def _outside_quotes(octets: bytes, codes: Octets, marks: Places, shape: bytes) -> Places | None:
    """Those of the marks that cut, of marks and quotes; None where a reader could take a quote for another thing.

    A quote opens where a cell begins and closes where it ends, or is one of two that stand for one; quotes hold no line
    end, and no backslash is before one.
    """
    if b'\\"' in octets:
        return None
    are_quotes = codes.take(marks) == QUOTE
    are_inside = np.cumsum(are_quotes, dtype=np.uint8) & 1 == 1
    quotes = marks[are_quotes]
    if len(quotes) % 2 or (codes.take(marks[are_inside & ~are_quotes]) != shape[0]).any():
        return None
    opening, closing = quotes[::2], quotes[1::2]
    are_doubled = opening[1:] == closing[:-1] + 1
    ends = np.frombuffer(shape, np.uint8)
    begins_cell = (opening == 0) | np.isin(codes.take(opening - 1), ends)
    ends_cell = np.isin(codes.take(closing + 1), ends)
    begins_cell[1:] |= are_doubled
    ends_cell[:-1] |= are_doubled
    return marks[~are_quotes & ~are_inside] if begins_cell.all() and ends_cell.all() else None


def _may_be_blank(codes: Octets, begins: Places, ends: Places) -> bool:
    """Whether there is a line of which no cell begins visibly."""
    lines = np.arange(begins.shape[1])
    for first, end in zip(begins, ends, strict=True):
        lines = lines[(first[lines] == end[lines]) | ~are_visible(codes, first[lines])]
        if not len(lines):
            return False
    return True


def plain_dialect(data: bytes | mmap | memoryview, delimiter: str | None = None) -> Plain | None:
    """What the file is, where it is plain; see ``PlainScan``. ``data`` may be a map of a file: it is read in pieces."""
    scan = PlainScan(delimiter)
    with memoryview(data) as view, view.cast("B") as octets:
        for at in range(0, len(octets), PIECE):
            scan.feed(bytes(octets[at : at + PIECE]))
    return scan.result()


def _well_decoded(octets: bytes) -> bool:
    try:
        pa.array([octets], pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return not looks_misdecoded(octets)
