"""Whether a text file is plain: nothing in it that two readers could cut into records differently.

A plain file can be handed to any fast reader, and its count be compared. Belongs here: the test, in one pass and in
bounded memory. Does not belong here: the forms of cells (``forms``), reading records, or saying what is odd about a
file that is not plain (``delimited``).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from mmap import mmap

import numpy as np

from fellowship_pipeline.intake.readers.decoding import looks_misdecoded
from fellowship_pipeline.intake.readers.delimited import DELIMITERS
from fellowship_pipeline.intake.readers.forms import PADDING, Cells, Form, Piece, Places
from fellowship_pipeline.intake.readers.records import LONGEST_RECORD, Quarantined, check_header, size_doubts

PIECE = 1 << 19
"""Bytes looked at together: few enough for the cache of a processor, many enough to make calls cheap."""

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
    forms: tuple[Form, ...] = field(default=(), compare=False)


class Scan:
    """The test of one file whose bytes come in order, in chunks; ``result`` ends it.

    Plain: UTF-8 that looks well decoded; no quote, NUL or lone carriage return; one line end throughout; on every line
    as many delimiters as in the header, at least one; no line that is empty, of delimiters only, the header again, or
    longer than a record may be. A ``delimiter`` may be declared.
    """

    def __init__(self, delimiter: str | None = None) -> None:
        self._delimiter = delimiter
        self._rest = b""
        self._lines: _Lines | None = None
        self._is_plain = True
        bytes(
            ROOM
        )  # given back at once, whereupon the C library keeps as much for itself, and pieces cost no new pages

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
            self._lines = _Lines.below(data[:at].removeprefix(codecs.BOM_UTF8), self._delimiter)
            if self._lines is None:
                return False
        end = data.rfind(b"\n") + 1
        self._rest = data[end:]
        if len(data) - at > LONGEST_RECORD and data.find(b"\n", at, at + LONGEST_RECORD) < 0:
            return False
        return self._lines is None or at == end or self._lines.add(data[at:end])


class _Lines:
    """Lines of one shape: the delimiters and the line end of the header."""

    def __init__(self, header: bytes, delimiter: str) -> None:
        self.end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
        self._header = header
        self._delimiter = delimiter
        self._shape = delimiter.encode() * header.count(delimiter.encode()) + self.end
        self._columns = [Cells() for _ in range(header.count(delimiter.encode()) + 1)]
        self._named = [
            cells for cells, name in zip(self._columns, self._names(), strict=True) if name[:1] not in "0123456789."
        ]
        self._count = 0

    @staticmethod
    def below(header: bytes, delimiter: str | None) -> _Lines | None:
        """None yet, below a header that fits; None where it does not."""
        parts = [part for part in (delimiter or DELIMITERS) if part.encode() in header]
        if len(parts) != 1 or not parts[0].isascii() or not _well_decoded(header):
            return None
        lines = _Lines(header, parts[0])
        return lines if lines._cut(header) is not None and lines._is_header() else None

    def add(self, octets: bytes) -> bool:
        """Notes whole lines; False where one is not plain."""
        if not (is_ascii := octets.isascii()) and not _well_decoded(octets):
            return False
        if (marks := self._cut(octets)) is None:
            return False
        piece = Piece(bytes(PADDING) + octets + bytes(PADDING), is_ascii)
        begins = np.concatenate([[0], marks.ravel()[:-1] + 1]).reshape(marks.shape).T.copy()
        for column, first, after in zip(self._columns, begins, marks.T.copy(), strict=False):
            column.add(piece, first, after)
        self._count += len(marks)
        return not self._repeats_header(octets)

    def plain(self, is_ended: bool) -> Plain | None:
        """The file; None where its size is odd."""
        if size_doubts(self._count, self._count + 1):
            return None
        return Plain(self._names(), self._delimiter, self._count, is_ended, tuple(one.form for one in self._columns))

    def _repeats_header(self, octets: bytes) -> bool:
        """Whether a line is the header: not where its name would stand among numbers or instants."""
        if any(cells.are_told for cells in self._named):
            return False
        return octets.startswith(self._header) or b"\n" + self._header in octets

    def _cut(self, octets: bytes) -> Places | None:
        """Where delimiters and line ends are, a row for each line; None where a line has another shape."""
        if b'"' in octets or b"\0" in octets or (b"\r" in octets and b"\r" not in self._shape):
            return None
        codes = np.frombuffer(octets, np.uint8)
        marked = codes == self._shape[0]
        for mark in {*self._shape} - {self._shape[0]}:
            marked |= codes == mark
        marks = np.flatnonzero(marked)
        lines, over = divmod(len(marks), len(self._shape))
        if over or not lines:
            return None
        rows = marks.reshape(lines, -1)
        if not (codes.take(rows) == np.frombuffer(self._shape, np.uint8)).all():
            return None
        ends = rows[:, -1]
        if ends[-1] != len(codes) - 1 or ends[0] < len(self._shape) or (np.diff(ends) <= len(self._shape)).any():
            return None
        if b"\r" in self._shape and (rows[:, -2] != ends - 1).any():
            return None
        return rows

    def _names(self) -> tuple[str, ...]:
        return tuple(self._header.removesuffix(self.end).decode().split(self._delimiter))

    def _is_header(self) -> bool:
        try:
            check_header(self._names())
        except Quarantined:
            return False
        return all(name.strip() for name in self._names())


def plain_dialect(data: bytes | mmap | memoryview, delimiter: str | None = None) -> Plain | None:
    """What the file is, where it is plain; see ``Scan``. ``data`` may be a map of a file: it is read in pieces."""
    scan = Scan(delimiter)
    with memoryview(data) as view, view.cast("B") as octets:
        for at in range(0, len(octets), PIECE):
            scan.feed(bytes(octets[at : at + PIECE]))
    return scan.result()


def _well_decoded(octets: bytes) -> bool:
    try:
        codecs.utf_8_decode(octets, "strict", True)
    except UnicodeDecodeError:
        return False
    return not looks_misdecoded(octets)
