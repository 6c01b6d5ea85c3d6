"""Whether a text file is plain: nothing in it that two readers could cut into records differently.

A plain file can be handed to any fast reader, and its count be compared. Belongs here: the test, in one pass and in
bounded memory. Does not belong here: reading records, or saying what is odd about a file that is not (``delimited``).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from mmap import mmap

import numpy as np

from fellowship_pipeline.intake.decoding import looks_misdecoded
from fellowship_pipeline.intake.delimited import DELIMITERS
from fellowship_pipeline.intake.records import LONGEST_RECORD, Quarantined, check_header, size_doubts

PIECE = 1 << 17
"""Bytes looked at together: what the cache of a processor holds with all that is made of it."""

_EDGE = np.array([chr(code) in "\r\n\t,;|" or 32 < code < 127 for code in range(256)])
"""Bytes that a trimmed cell may have beside a delimiter or line end: another of them, or a visible character."""


@dataclass(frozen=True)
class Plain:
    """A plain file: ``count`` records from byte ``start`` on, each on a line of its own that ends with ``line_end``.

    ``trimmed``: every cell is empty or begins and ends with a visible ASCII character.
    """

    header: tuple[str, ...]
    delimiter: str
    line_end: str
    start: int
    count: int
    trimmed: bool = field(default=True, compare=False)


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
    if _lines(line, shape) is None:
        return None
    header = line.removesuffix(end).decode().split(parts[0])
    start = top.index(line) + len(line)
    counted = _count(data, start, shape, line)
    if not _is_header(header) or counted is None or size_doubts(counted[0], counted[0] + 1):
        return None
    return Plain(tuple(header), parts[0], end.decode(), start, *counted)


def _is_header(names: list[str]) -> bool:
    try:
        check_header(names)
    except Quarantined:
        return False
    return all(name.strip() for name in names)


def _count(data: memoryview, at: int, shape: bytes, header: bytes) -> tuple[int, bool] | None:
    """The number of lines from there on, and whether their cells are trimmed; None where a line is not plain."""
    count, trimmed = 0, True
    while at < len(data):
        piece = _whole_lines(bytes(data[at : at + PIECE])) or _whole_lines(bytes(data[at : at + LONGEST_RECORD]))
        found = _lines(piece, shape)
        if found is None or piece.startswith(header) or b"\n" + header in piece:
            return None
        at += len(piece)
        count += found[0]
        trimmed &= found[1]
    return count, trimmed


def _whole_lines(piece: bytes) -> bytes:
    return piece[: piece.rfind(b"\n") + 1]


def _lines(piece: bytes, shape: bytes) -> tuple[int, bool] | None:
    """The number of lines of a piece, and whether their cells are trimmed; None where a line is not plain."""
    if b'"' in piece or b"\0" in piece or (b"\r" in piece and b"\r" not in shape):
        return None
    codes = np.frombuffer(piece, np.uint8)
    marked = codes == shape[0]
    for mark in {*shape} - {shape[0]}:
        marked |= codes == mark
    marks = np.flatnonzero(marked)
    lines, over = divmod(len(marks), len(shape))
    if over or not lines or not (codes.take(marks).reshape(lines, -1) == np.frombuffer(shape, np.uint8)).all():
        return None
    ends = marks[len(shape) - 1 :: len(shape)]
    if ends[-1] != len(codes) - 1 or ends[0] < len(shape) or (np.diff(ends) <= len(shape)).any():
        return None
    if b"\r" in shape and (marks[len(shape) - 2 :: len(shape)] != ends - 1).any():
        return None
    if not piece.isascii():
        return (lines, False) if _well_decoded(piece) else None
    before, after = codes.take(marks - 1), codes.take(marks[:-1] + 1)
    return lines, bool(_EDGE.take(before).all() and _EDGE.take(after).all())


def _well_decoded(piece: bytes) -> bool:
    try:
        codecs.utf_8_decode(piece, "strict", True)
    except UnicodeDecodeError:
        return False
    return not looks_misdecoded(piece)
