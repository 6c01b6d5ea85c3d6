"""CSV and its relatives, read strictly: every record is kept or rejected with its line, and counted twice.

Two ways to cut the text into records must agree: a scan for line ends outside quotes (which also finds the lines), and
Arrow's parser. Belongs here: quotes, delimiters, lines. Does not belong here: what a column means.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from fellowship_pipeline.intake.decoding import decode
from fellowship_pipeline.intake.records import Quarantined, Records, Reject, check_header, size_doubts

DELIMITERS = ",;\t|"
LONGEST_RECORD = 1 << 20
BLOCK = 8 * LONGEST_RECORD
SAMPLE = 20
_LINE_END = re.compile(rb"\r\n|\r|\n")

Positions = npt.NDArray[np.int64]


def read_delimited(
    data: bytes, *, encoding: str | None = None, delimiter: str | None = None, skip_lines: int = 0
) -> Records:
    """The records of a delimited text file; raises Quarantined where it cannot be cut into records for sure."""
    if delimiter is not None and not delimiter.isascii():
        raise Quarantined("`delimiter` has to be one ASCII character")
    text, name, doubts = decode(data, encoding)
    if not text.strip():
        raise Quarantined("empty file")
    if (nul := text.find(b"\0")) >= 0:
        line = len(_LINE_END.findall(text, 0, nul)) + 1
        raise Quarantined(f"line {line}: a NUL character, so this is no text")
    body, skipped = _skip(text, skip_lines)
    scan = _scan(body, skipped)
    delimiter = delimiter or _delimiter(scan)
    header = _header(scan, delimiter)
    broken = _broken_quotes(scan, delimiter)
    columns, wrong = _parse(scan, delimiter, len(header))
    doubts += _swallowing(scan, delimiter, len(header), wrong)
    last = len(scan.starts) - 1
    if 0 < wrong.get(last, len(header)) < len(header):
        doubts.append(f"line {scan.line(last)}: the last record has fewer fields than the header: probably cut off")
    rejects = [
        Reject(row, "", scan.text(row), f"{found} fields where the header has {len(header)}", scan.line(row))
        for row, found in wrong.items()
    ]
    rejects += [
        Reject(row, "", scan.text(row), "a quote inside a quoted value that is not doubled", scan.line(row))
        for row in broken
        if row not in wrong
    ]
    rows = np.setdiff1d(np.arange(1, last + 1), np.fromiter(wrong, np.int64), assume_unique=True)
    keep = ~np.isin(rows, np.array(sorted(broken), np.int64))
    if not keep.all():
        columns = [column.filter(pa.array(keep)) for column in columns]
        rows = rows[keep]
    return Records(
        tuple(header),
        tuple(columns),
        pa.array(rows, pa.int64()),
        pa.array(scan.lines[rows], pa.int64()),
        last,
        name,
        tuple(sorted(rejects, key=lambda reject: reject.row)),
        (*doubts, *size_doubts(last, scan.lines_in_all)),
    )


@dataclass(frozen=True)
class _Scan:
    """Where the records of a text begin and stop, blank lines left out; record 0 is the header."""

    body: bytes
    starts: Positions
    stops: Positions
    lines: Positions
    quotes: Positions
    line_ends: Positions
    skipped: int

    @property
    def lines_in_all(self) -> int:
        return self.line_at(int(self.stops[-1]) - 1)

    def line_at(self, position: int) -> int:
        return int(np.searchsorted(self.line_ends, position)) + 1 + self.skipped

    def line(self, record: int) -> int:
        return int(self.lines[record])

    def text(self, record: int) -> str:
        return self.body[self.starts[record] : self.stops[record]].decode()

    def fields(self, record: int, delimiter: str) -> list[str]:
        """The record's fields by the strict rules of RFC 4180; raises csv.Error."""
        return next(csv.reader(io.StringIO(self.text(record), newline=""), delimiter=delimiter, strict=True))


def _skip(text: bytes, lines: int) -> tuple[bytes, int]:
    """The text after so many lines, and how many they were."""
    at = 0
    for _ in range(lines):
        end = _LINE_END.search(text, at)
        if end is None:
            raise Quarantined(f"fewer than the {lines} lines that skip_lines leaves out")
        at = end.end()
    return text[at:], lines


def _scan(body: bytes, skipped: int) -> _Scan:
    if not body.strip():
        raise Quarantined("nothing after the lines that skip_lines leaves out")
    codes = np.frombuffer(body, np.uint8)
    feeds = np.flatnonzero(codes == ord("\n"))
    returns = np.flatnonzero(codes == ord("\r"))
    lone = returns[(returns + 1 == len(codes)) | (codes[np.minimum(returns + 1, len(codes) - 1)] != ord("\n"))]
    ends = np.sort(np.concatenate([feeds, lone])) if len(lone) else feeds
    quotes = np.flatnonzero(codes == ord('"'))
    if len(quotes) % 2:
        irregular = _irregular(codes, quotes, DELIMITERS)
        at = irregular[0] if len(irregular) else quotes[-1]
        raise Quarantined(f"unterminated quote at line {int(np.searchsorted(ends, at)) + 1 + skipped}")
    outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
    starts = np.concatenate([[0], outside + 1])
    stops = np.concatenate([outside, [len(codes)]])
    after_return = (stops > starts) & (stops < len(codes)) & (codes[stops - 1] == ord("\r"))
    after_return &= codes[np.minimum(stops, len(codes) - 1)] == ord("\n")
    stops = stops - after_return
    full = stops > starts
    starts, stops = starts[full], stops[full]
    lines = np.searchsorted(ends, starts) + 1 + skipped
    longest = int(np.argmax(stops - starts))
    if stops[longest] - starts[longest] > LONGEST_RECORD:
        raise Quarantined(f"line {lines[longest]}: a record of more than 1 MB")
    return _Scan(body, starts, stops, lines, quotes, ends, skipped)


def _header(scan: _Scan, delimiter: str) -> list[str]:
    try:
        header = scan.fields(0, delimiter)
    except csv.Error:
        raise Quarantined("the header has a quote that is not doubled") from None
    check_header(header)
    return header


def _delimiter(scan: _Scan) -> str:
    """The one delimiter that cuts the header and the first records into equally many fields."""

    def widths(candidate: str) -> list[int]:
        try:
            return [len(scan.fields(record, candidate)) for record in range(min(len(scan.starts), SAMPLE))]
        except csv.Error:
            return [1]

    found = {candidate: widths(candidate) for candidate in DELIMITERS}
    several = [candidate for candidate, width in found.items() if width[0] > 1]
    if len(several) > 1:
        several = [candidate for candidate in several if len(set(found[candidate])) == 1]
        if len(several) != 1:
            raise Quarantined("the delimiter is not certain: declare `delimiter`")
    return several[0] if several else ","


def _irregular(codes: npt.NDArray[np.uint8], quotes: Positions, delimiters: str) -> Positions:
    """Quotes that neither begin nor end a field nor stand doubled."""
    edge = np.array([*delimiters.encode(), ord("\r"), ord("\n"), ord('"')], np.uint8)
    opening, closing = quotes[::2], quotes[1::2]
    opening = opening[(opening > 0) & ~np.isin(codes[opening - 1], edge)]
    last = len(codes) - 1
    closing = closing[(closing < last) & ~np.isin(codes[np.minimum(closing + 1, last)], edge)]
    return np.sort(np.concatenate([opening, closing]))


def _broken_quotes(scan: _Scan, delimiter: str) -> set[int]:
    """Records whose quotes do not pair; raises Quarantined where it is unsure where such a record ends."""
    codes = np.frombuffer(scan.body, np.uint8)
    broken = set()
    irregular = _irregular(codes, scan.quotes, delimiter)
    for record in np.unique(np.searchsorted(scan.starts, irregular, side="right") - 1).tolist():
        if scan.line_at(int(scan.stops[record]) - 1) > scan.line(record):
            raise Quarantined(f"line {scan.line(record)}: a quote that is not doubled, so records cannot be told apart")
        try:
            scan.fields(record, delimiter)
        except csv.Error:
            broken.add(record)
    return broken


def _parse(scan: _Scan, delimiter: str, width: int) -> tuple[list[pa.ChunkedArray], dict[int, int]]:
    """Columns of the records with ``width`` fields, and the number of fields of the others by record number."""
    names = [str(at) for at in range(width)]
    wrong: dict[int, int] = {}
    count = len(scan.starts) - 1
    if count == 0:
        return [pa.chunked_array([], pa.string()) for _ in names], wrong

    def refuse(row: Any) -> str:
        wrong[row.number] = row.actual_columns
        return "skip"

    table = pa.csv.read_csv(
        pa.BufferReader(pa.py_buffer(memoryview(scan.body)[int(scan.starts[1]) :])),
        pa.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
        pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse),
        pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    if table.num_rows + len(wrong) != count:
        suspect = _irregular(np.frombuffer(scan.body, np.uint8), scan.quotes, delimiter)
        near = f", first stray quote at line {scan.line_at(int(suspect[0]))}" if len(suspect) else ""
        raise Quarantined(f"two counts of its records differ ({count:,} and {table.num_rows + len(wrong):,}){near}")
    return list(table.columns), wrong


def _swallowing(scan: _Scan, delimiter: str, width: int, wrong: Container[int]) -> list[str]:
    """A doubt where a quoted value spans lines that all look like records by themselves.

    Raises Quarantined where that is sure: the record has the wrong width and a line inside has the right one.
    """
    doubts = []
    last_lines = np.searchsorted(scan.line_ends, scan.stops) + 1 + scan.skipped
    for record in (np.flatnonzero(last_lines[1:] > scan.lines[1:]) + 1).tolist():
        alike = [line.count(delimiter) == width - 1 for line in re.split("\r\n|\r|\n", scan.text(record))]
        if record in wrong and any(alike[1:]):
            raise Quarantined(f"line {scan.line(record)}: a quote opens a value that swallows the records after it")
        if width > 1 and all(alike):
            doubts.append(f"line {scan.line(record)}: a quoted value spans lines that look like records")
    return doubts[:1]
