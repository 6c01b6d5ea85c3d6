"""Where the records of delimited text begin and end, by line ends and quotes alone: a count for a parser to agree with.

Belongs here: physical lines, quotes that pair and those that do not. Does not belong here: encodings (``decoding``),
columns (``delimited``).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fellowship_pipeline.intake.readers.records import LONGEST_RECORD, Quarantined

MOST_STRAY_QUOTES = 100
PIECE = 1 << 24
LINE_END = re.compile(rb"\r\n|\r|\n")
DECLARE_ESCAPE = 'characters escaped by backslashes: declare `escape: "\\\\"`'
_ESCAPED = re.compile(rb"\\[\s\S]")

Positions = npt.NDArray[np.integer[Any]]
Octets = npt.NDArray[np.uint8]

csv.field_size_limit(LONGEST_RECORD)


@dataclass(frozen=True)
class ScannedText:
    """A text of which so many lines were skipped. ``octets`` are its bytes, escaped characters blotted out."""

    body: bytes
    octets: Octets
    line_ends: Positions
    escape: str | None
    skipped: int

    def line_at(self, position: int) -> int:
        """The line of the file, from 1, on which the position is."""
        return _before(self.line_ends, position) + 1 + self.skipped

    def line_around(self, position: int) -> tuple[int, int]:
        """Where the line on which the position is begins and ends."""
        line = _before(self.line_ends, position)
        start = int(self.line_ends[line - 1]) + 1 if line else 0
        return start, int(self.line_ends[line]) if line < len(self.line_ends) else len(self.body)


@dataclass(frozen=True)
class Scan:
    """The records of a text that are not blank lines; record 0 is the header.

    ``numbers`` count blank lines as well; ``count`` is all records after the header. ``stray`` are starts of records
    that hold a quote without a partner.
    """

    source: ScannedText
    quotes: Positions
    starts: Positions
    stops: Positions
    numbers: Positions
    lines: Positions
    count: int
    stray: tuple[int, ...]

    @property
    def last(self) -> int:
        """The last record that is no blank line."""
        return len(self.starts) - 1

    @property
    def lines_in_all(self) -> int:
        """Lines up to the end of that record."""
        return self.source.line_at(int(self.stops[-1]) - 1)

    def line(self, record: int) -> int:
        """The line on which the record begins."""
        return int(self.lines[record])

    def last_lines(self) -> Positions:
        """The line on which each record ends."""
        return np.searchsorted(self.source.line_ends, self.stops - 1) + 1 + self.source.skipped

    def text(self, record: int) -> str:
        """The record as it stands in the file."""
        return self.source.body[self.starts[record] : self.stops[record]].decode()

    def fields(self, record: int, delimiter: str) -> list[str]:
        """The record's fields by the strict rules of RFC 4180; raises csv.Error."""
        text = io.StringIO(self.text(record), newline="")
        return next(csv.reader(text, delimiter=delimiter, escapechar=self.source.escape, strict=True))

    def holding(self, positions: Positions) -> Positions:
        """For each position the record in which it is."""
        return np.searchsorted(self.starts, positions.astype(self.starts.dtype), side="right") - 1

    def irregular(self, delimiters: str) -> Positions:
        """Quotes that neither begin nor end a field nor stand doubled."""
        octets = self.source.octets
        edge = np.array([*delimiters.encode(), ord("\r"), ord("\n"), ord('"')], np.uint8)
        opening, closing = self.quotes[::2], self.quotes[1::2]
        opening = opening[(opening > 0) & ~np.isin(octets[opening - (opening > 0)], edge)]
        last = len(octets) - 1
        closing = closing[(closing < last) & ~np.isin(octets[closing + (closing < last)], edge)]
        return np.sort(np.concatenate([opening, closing]))

    def certain(self, delimiters: str, most: int) -> range:
        """Up to so many records from the header on, none after the first irregular quote."""
        irregular = self.irregular(delimiters)
        if len(irregular) == 0:
            self._refuse_open_end()
        end = int(self.holding(irregular[:1])[0]) if len(irregular) else len(self.starts)
        records = range(min(most, max(1, end)))
        self._refuse_long(records)
        return records

    def settled(self, delimiter: str, width: int) -> Scan:
        """The scan with records told apart in spite of quotes without a partner, which are noted as ``stray``.

        Raises Quarantined where that is not sure: such a quote has to stand in a record of ``width`` fields on a line
        of its own, and all quotes after it have to pair, or to be stray alike.
        """
        scan = self
        while (at := scan._unpaired(delimiter)) is not None:
            if len(scan.stray) == MOST_STRAY_QUOTES:
                raise Quarantined(f"line {scan.source.line_at(at)}: one of too many quotes that are not doubled")
            scan = scan._without_quotes_on_its_line(at, delimiter, width)
        scan._refuse_long(range(len(scan.starts)))
        return scan

    def _refuse_open_end(self) -> None:
        if len(self.quotes) % 2:
            raise Quarantined(f"unterminated quote at line {self.source.line_at(int(self.quotes[-1]))}")

    def _refuse_long(self, records: range) -> None:
        long = np.flatnonzero(self.stops[: records.stop] - self.starts[: records.stop] > LONGEST_RECORD)
        if len(long):
            raise Quarantined(f"line {self.line(int(long[0]))}: a record of more than 1 MB")

    def _unpaired(self, delimiter: str) -> int | None:
        """The first irregular quote of a record that spans lines or does not end."""
        irregular = self.irregular(delimiter)
        escaped = irregular[self.source.octets[irregular - (irregular > 0)] == ord("\\")]
        if self.source.escape is None and len(escaped):
            raise Quarantined(f"line {self.source.line_at(int(escaped[0]))}: {DECLARE_ESCAPE}")
        if len(irregular):
            holders = self.holding(irregular)
            unsure = self.last_lines()[holders] > self.lines[holders]
            if len(self.quotes) % 2:
                unsure |= holders == self.last
            if unsure.any():
                return int(irregular[unsure][0])
        self._refuse_open_end()
        return None

    def _without_quotes_on_its_line(self, at: int, delimiter: str, width: int) -> Scan:
        start, stop = self.source.line_around(at)
        record = int(self.holding(np.array([at]))[0])
        if self.starts[record] != start or not _closes(self.source.body[start:stop].decode(), delimiter, width):
            raise Quarantined(f"line {self.line(record)}: a quote that is not doubled, so records cannot be told apart")
        first, after = _before(self.quotes, start), _before(self.quotes, stop)
        quotes = np.concatenate([self.quotes[:first], self.quotes[after:]])
        return _cut(self.source, quotes, (*self.stray, start))


def scan(body: bytes, skipped: int = 0, escape: str | None = None) -> Scan:
    """The records of a text, not all blank, of which so many lines were skipped."""
    octets = np.frombuffer(body, np.uint8)
    line_ends = _line_ends(octets)
    if escape is not None:
        octets = np.frombuffer(_ESCAPED.sub(b"__", body), np.uint8)
    return _cut(ScannedText(body, octets, line_ends, escape, skipped), _positions(octets, '"'), ())


def _cut(source: ScannedText, quotes: Positions, stray: tuple[int, ...]) -> Scan:
    """The records between the line ends that are outside quotes and not escaped."""
    octets, line_ends = source.octets, source.line_ends
    outside = line_ends[np.searchsorted(quotes, line_ends) % 2 == 0] if len(quotes) else line_ends
    if source.escape is not None:
        outside = outside[octets[outside] <= ord("\r")]
    starts = np.concatenate([np.zeros(1, outside.dtype), outside + 1])
    stops = np.concatenate([outside, np.full(1, len(octets), outside.dtype)])
    if starts[-1] == len(octets):
        starts, stops = starts[:-1], stops[:-1]
    feeds = octets[np.minimum(stops, len(octets) - 1)] == ord("\n")
    after_return = (stops > starts) & feeds & (stops < len(octets)) & (octets[np.maximum(stops, 1) - 1] == ord("\r"))
    stops = stops - after_return
    full = np.flatnonzero(stops > starts)
    count = len(starts) - 1 - int(full[0])
    starts, stops = starts[full], stops[full]
    lines = (np.searchsorted(line_ends, starts) + (1 + source.skipped)).astype(starts.dtype)
    numbers = (full - full[0]).astype(starts.dtype)
    return Scan(source, quotes, starts, stops, numbers, lines, count, stray)


def _closes(line: str, delimiter: str, width: int) -> bool:
    """Whether a lenient reader takes the line for a whole record of so many fields."""
    reader = csv.reader([line.rstrip("\r"), "the next line"], delimiter=delimiter)
    try:
        return len(next(reader)) == width and reader.line_num == 1
    except csv.Error:
        return False


def _before(positions: Positions, position: int) -> int:
    return int(np.searchsorted(positions, np.array(position, positions.dtype)))


def _line_ends(octets: Octets) -> Positions:
    """The last character of every line end, be it LF, CR LF or CR."""
    feeds = _positions(octets, "\n")
    returns = _positions(octets, "\r")
    last = len(octets) - 1
    lone = returns[(returns == last) | (octets[np.minimum(returns + 1, last)] != ord("\n"))]
    return np.sort(np.concatenate([feeds, lone])) if len(lone) else feeds


def _positions(octets: Octets, character: str) -> Positions:
    """Where the character is, in as few bytes as the length of the text allows."""
    kind = np.uint32 if len(octets) < 1 << 32 else np.int64
    pieces = [
        (np.flatnonzero(octets[at : at + PIECE] == ord(character)) + at).astype(kind)
        for at in range(0, len(octets), PIECE)
    ]
    return np.concatenate([np.zeros(0, kind), *pieces])
