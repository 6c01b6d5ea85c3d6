"""Whether a text file is plain: nothing in it that two readers could cut into records differently.

A plain file can be handed to any fast reader, and its count be compared. Belongs here: the test, in one pass and in
bounded memory. Does not belong here: reading records, or saying what is odd about a file that is not (``delimited``).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from mmap import mmap

import numpy as np

from fellowship_pipeline.intake.readers.decoding import looks_misdecoded
from fellowship_pipeline.intake.readers.delimited import DELIMITERS
from fellowship_pipeline.intake.readers.records import LONGEST_RECORD, Quarantined, check_header, size_doubts

PIECE = 1 << 17
"""Bytes looked at together: what the cache of a processor holds with all that is made of it."""

_EDGE = np.array([chr(code) in "\r\n\t,;|" or 32 < code < 127 for code in range(256)])
"""Bytes that a trimmed cell may have beside a delimiter or line end: another of them, or a visible character."""


@dataclass(frozen=True)
class Plain:
    """A plain file: ``count`` records from byte ``start`` on, each on a line of its own that ends with ``line_end``.

    ``trimmed``: every cell is empty or begins and ends with a visible ASCII character. ``dated``: the columns of which
    every cell is as long as ``YYYY-MM-DDTHH:MM:SSZ``. ``lettered``: those of which no cell begins with a digit, a sign
    or ``#``. ``hexadecimal``: some cell begins with ``0x``.
    """

    header: tuple[str, ...]
    delimiter: str
    line_end: str
    start: int
    count: int
    trimmed: bool = field(default=True, compare=False)
    dated: tuple[int, ...] = field(default=(), compare=False)
    lettered: tuple[int, ...] = field(default=(), compare=False)
    hexadecimal: bool = field(default=False, compare=False)


@dataclass
class _Seen:
    """What the lines so far have in common."""

    dated: tuple[int, ...]
    lettered: tuple[int, ...]
    count: int = 0
    trimmed: bool = True
    hexadecimal: bool = False

    @staticmethod
    def of(shape: bytes) -> _Seen:
        """Nothing yet, of lines of that shape."""
        return _Seen(tuple(range(len(shape))), tuple(range(len(shape))))


def plain_dialect(data: bytes | mmap | memoryview, delimiter: str | None = None) -> Plain | None:
    """What the file is, where it is plain; None leaves the decision to the strict reader.

    Plain: UTF-8 that looks well decoded; no quote, NUL or lone carriage return; one line end throughout, the last line
    included; on every line as many delimiters as in the header, at least one; no line that is empty, of delimiters
    only, the header again, or longer than a record may be. ``data`` may be a map of a file: it is read in pieces.
    """
    with memoryview(data) as view, view.cast("B") as octets:
        return _plain(octets, delimiter)


def _plain(data: memoryview, delimiter: str | None) -> Plain | None:
    top = bytes(data[:LONGEST_RECORD])
    line, ended, _ = top.removeprefix(codecs.BOM_UTF8).partition(b"\n")
    line += ended
    parts = [part for part in (delimiter or DELIMITERS) if part.encode() in line]
    if len(parts) != 1 or not parts[0].isascii():
        return None
    end = b"\r\n" if line.endswith(b"\r\n") else b"\n"
    shape = parts[0].encode() * line.count(parts[0].encode()) + end
    if not _add(_Seen.of(shape), line, shape):
        return None
    header = line.removesuffix(end).decode().split(parts[0])
    start = top.index(line) + len(line)
    seen = _seen(data, start, shape, line)
    if not _is_header(header) or seen is None or size_doubts(seen.count, seen.count + 1):
        return None
    facts = (seen.count, seen.trimmed, seen.dated, seen.lettered, seen.hexadecimal)
    return Plain(tuple(header), parts[0], end.decode(), start, *facts)


def _is_header(names: list[str]) -> bool:
    try:
        check_header(names)
    except Quarantined:
        return False
    return all(name.strip() for name in names)


def _seen(data: memoryview, at: int, shape: bytes, header: bytes) -> _Seen | None:
    """The lines from there on; None where one is not plain."""
    seen = _Seen.of(shape)
    while at < len(data):
        piece = _whole_lines(bytes(data[at : at + PIECE])) or _whole_lines(bytes(data[at : at + LONGEST_RECORD]))
        if piece.startswith(header) or b"\n" + header in piece or not _add(seen, piece, shape):
            return None
        at += len(piece)
    return seen


def _whole_lines(piece: bytes) -> bytes:
    return piece[: piece.rfind(b"\n") + 1]


def _add(seen: _Seen, piece: bytes, shape: bytes) -> bool:
    """Notes the lines of a piece; False where one is not plain."""
    if b'"' in piece or b"\0" in piece or (b"\r" in piece and b"\r" not in shape):
        return False
    codes = np.frombuffer(piece, np.uint8)
    marked = codes == shape[0]
    for mark in {*shape} - {shape[0]}:
        marked |= codes == mark
    marks = np.flatnonzero(marked)
    lines, over = divmod(len(marks), len(shape))
    if over or not lines or not (codes.take(marks).reshape(lines, -1) == np.frombuffer(shape, np.uint8)).all():
        return False
    ends = marks[len(shape) - 1 :: len(shape)]
    if ends[-1] != len(codes) - 1 or ends[0] < len(shape) or (np.diff(ends) <= len(shape)).any():
        return False
    if b"\r" in shape and (marks[len(shape) - 2 :: len(shape)] != ends - 1).any():
        return False
    seen.count += lines
    if not piece.isascii():
        seen.trimmed, seen.dated, seen.lettered = False, (), ()
        return _well_decoded(piece)
    begins = np.concatenate([[0], marks[:-1] + 1])
    first = codes.take(begins)
    seen.trimmed &= bool(_EDGE.take(codes.take(marks - 1)).all() and _EDGE.take(first).all())
    lengths = (marks - begins).reshape(lines, -1)
    first = first.reshape(lines, -1)
    seen.dated = tuple(at for at in seen.dated if (lengths[:, at] == len("YYYY-MM-DDTHH:MM:SSZ")).all())
    seen.lettered = tuple(at for at in seen.lettered if not ((first[:, at] < ord(":")) & (lengths[:, at] > 0)).any())
    zeros = begins[first.ravel() == ord("0")]
    seen.hexadecimal |= bool((codes.take(zeros + 1) | 0x20 == ord("x")).any())
    return True


def _well_decoded(piece: bytes) -> bool:
    try:
        codecs.utf_8_decode(piece, "strict", True)
    except UnicodeDecodeError:
        return False
    return not looks_misdecoded(piece)
