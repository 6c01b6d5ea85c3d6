"""What all cells of a column have in common, told from the bytes of many lines at once.

Bytes are compared eight at a time, as little-endian words. Belongs here: the forms of numbers and instants that no
reader can mistake, and whether there is anything to trim. Does not belong here: cutting lines into cells (``plain``),
what a column means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from fellowship_pipeline.intake.readers.scanning import Octets

MachineWords: TypeAlias = npt.NDArray[np.uint64]
Places: TypeAlias = npt.NDArray[np.int64]

WORD = 8
PADDING = 5 * WORD
"""Bytes around a piece, so that words can be read beyond its ends."""

LONGEST_NUMBER = 18
"""Characters up to which a number is told by its form: so many digits fit 64 bits."""

_INSTANT = re.compile(
    rb"\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?"
)
_HOURS = range(11, 13)
_LAST_HOUR = 23
_SEEN = np.isin(np.arange(256), [*range(0x21, 0x7F), *range(0xC3, 0xE0), *range(0xE4, 0xEF), *range(0xF0, 0xF5)])
"""First bytes of UTF-8 characters of which none is white space or invisible."""

_KANA, _SPACE = 0xE3, 0x80
"""A first byte whose white space has this byte after it."""


def _repeated(byte: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes([byte] * WORD), "little"))


_ZERO, _TENS, _SIX, _POINT, _HIGH, _LOW = map(_repeated, (0x30, 0xF0, 0x06, 0x2E, 0x80, 0x7F))
_LAST = np.array([(1 << 64) - (1 << 8 * (WORD - count)) for count in range(WORD + 1)], np.uint64)
"""Masks that keep so many of a word's last bytes."""


@dataclass(frozen=True)
class CellForm:
    """How the cells of a column are written, empty ones aside.

    ``is_empty``: there are no others. ``is_trimmed``: none begins or ends with white space of any script.
    ``is_lettered``: none begins with a digit, a sign or ``#``. ``is_number``: digits and at most one point, not
    more than ``LONGEST_NUMBER`` characters; ``is_whole``: digits alone. ``instant``: the first cell, where all are
    instants as ISO 8601 writes them and have their digits in the same places and the same offset from UTC, if any.
    """

    is_empty: bool = True
    is_trimmed: bool = True
    is_lettered: bool = True
    is_number: bool = False
    is_whole: bool = False
    instant: str | None = None

    @property
    def offset(self) -> timedelta | None:
        """What the instants are ahead of UTC; None where they do not say."""
        said = _INSTANT.fullmatch(self.instant.encode()) if self.instant is not None else None
        return datetime.fromisoformat("2000-01-01T00:00" + said[1].decode()).utcoffset() if said and said[1] else None


@dataclass(frozen=True)
class Piece:
    """Whole lines as bytes between two ``PADDING``; places count from the first byte of the lines."""

    octets: bytes
    is_ascii: bool

    @cached_property
    def codes(self) -> Octets:
        """The bytes of the lines."""
        return np.frombuffer(self.octets, np.uint8)[PADDING:-PADDING]

    @cached_property
    def _words(self) -> MachineWords:
        count = len(self.octets) - WORD + 1
        return np.ndarray((count,), np.dtype("<u8"), self.octets, strides=(1,))

    def words(self, places: Places) -> MachineWords:
        """The eight bytes that begin at each of the places."""
        return self._words[places + PADDING]


class Cells:
    """The cells of a column so far."""

    def __init__(self) -> None:
        self._is_seen = False
        self._is_trimmed = self._is_lettered = self._is_number = self._is_whole = True
        self._pattern: _Pattern | None = None

    @property
    def form(self) -> CellForm:
        """What they have in common."""
        if not self._is_seen:
            return CellForm()
        instant = self._pattern.sample.decode() if self._pattern else None
        return CellForm(
            False, self._is_trimmed, self._is_lettered, self._is_number, self._is_number and self._is_whole, instant
        )

    @property
    def are_told(self) -> bool:
        """Whether there are some, all of them numbers or all of them instants."""
        return self._is_seen and (self._is_number or self._pattern is not None)

    def add(self, piece: Piece, begins: Places, ends: Places) -> None:
        """More of them: where each begins, and where the delimiter after it is."""
        filled = begins < ends
        if not filled.all():
            begins, ends = begins[filled], ends[filled]
        if not len(begins):
            return
        lengths = ends - begins
        if not self._is_seen:
            self._is_seen, self._pattern = True, _pattern(piece.codes[begins[0] : ends[0]].tobytes())
        if self._pattern and not self._pattern.fits(piece, begins, lengths):
            self._pattern = None
        if self._is_number:
            self._is_number = self._are_numbers(piece, ends, lengths)
        if self._pattern or self._is_number:
            self._is_lettered = False
            return
        first = piece.codes.take(begins)
        self._is_lettered = self._is_lettered and bool((first > ord("9")).all())
        self._is_trimmed = self._is_trimmed and _are_trimmed(piece, begins, ends, first)

    def _are_numbers(self, piece: Piece, ends: Places, lengths: Places) -> bool:
        """Whether these are numbers; also notes whether they are whole."""
        longest = int(lengths.max())
        if longest > LONGEST_NUMBER:
            return False
        points = np.zeros(len(ends), np.uint8)
        for after in range(0, longest, WORD):
            kept = _LAST.take(np.clip(lengths - after, 0, WORD))
            word = piece.words(ends - after - WORD) & kept
            if self._is_whole:
                self._is_whole = _are_digits(word, kept)
            if not self._is_whole:
                marks = _points(word)
                points += np.bitwise_count(marks)
                if not _are_digits(word + (marks >> np.uint64(6)), kept):
                    return False
        return bool((points <= 1).all() and (points < lengths).all())


class _Pattern:
    """Where digits are in an instant, and what stands in the other places."""

    def __init__(self, sample: bytes, offset_at: int) -> None:
        self.sample = sample
        padded = sample.ljust(-(-len(sample) // WORD) * WORD, b"\0")
        masks, values, digits = bytearray(), bytearray(), bytearray()
        for at, code in enumerate(padded):
            is_digit = at < offset_at and chr(code).isdigit()
            masks.append(0xF0 if is_digit else 0xFF if at < len(sample) else 0)
            values.append(0x30 if is_digit else code)
            digits.append(0xFF if is_digit else 0)
        words = [np.frombuffer(bytes(part), np.dtype("<u8")) for part in (masks, values, digits)]
        self._words = list(zip(*words, strict=True))

    def fits(self, piece: Piece, begins: Places, lengths: Places) -> bool:
        """Whether all cells are written so, in an hour that a day has."""
        if (lengths != len(self.sample)).any():
            return False
        for number, (mask, value, digits) in enumerate(self._words):
            word = piece.words(begins + number * WORD)
            if ((word & mask) != value).any() or not _are_digits(word & digits, digits):
                return False
        if len(self.sample) < _HOURS.stop:
            return True
        tens, ones = (piece.codes[begins + at] - ord("0") for at in _HOURS)
        return bool((10 * tens + ones <= _LAST_HOUR).all())


def _pattern(sample: bytes) -> _Pattern | None:
    found = _INSTANT.fullmatch(sample)
    return found and _Pattern(sample, found.start(1) if found[1] else len(sample))


def _are_digits(words: MachineWords, kept: MachineWords | np.uint64) -> bool:
    """Whether all bytes that are kept are digits; the others are 0."""
    return bool(
        ((words & _TENS) == (_ZERO & kept)).all() and (((words + (_SIX & kept)) & _TENS) == (_ZERO & kept)).all()
    )


def _points(words: MachineWords) -> MachineWords:
    """The highest bit of every byte that is a point."""
    others = words ^ _POINT
    return ~(((others & _LOW) + _LOW) | others) & _HIGH


def _are_trimmed(piece: Piece, begins: Places, ends: Places, first: Octets) -> bool:
    """Whether every cell begins, with ``first``, and ends with a visible character."""
    codes = piece.codes
    if piece.is_ascii:
        return bool(_SEEN.take(first).all() and _SEEN.take(codes.take(ends - 1)).all())
    return bool(are_visible(codes, begins).all() and are_visible(codes, _last_characters(codes, ends)).all())


def are_visible(codes: Octets, begins: Places) -> npt.NDArray[np.bool_]:
    """Whether the UTF-8 characters that begin there are visible for sure."""
    first = codes.take(begins)
    seen = _SEEN.take(first)
    if not seen.all() and (rest := np.flatnonzero(first == _KANA)).size:
        seen[rest] = codes.take(begins[rest] + 1) != _SPACE
    return seen


def _last_characters(codes: Octets, ends: Places) -> Places:
    """Where the UTF-8 characters before the places begin."""
    at = ends - 1
    for _ in range(3):
        at = np.where((codes[at] & 0xC0) == 0x80, at - 1, at)
    return at
