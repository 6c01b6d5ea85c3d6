"""CSV and its relatives, read strictly: every record is kept, ignored or rejected with its line, and counted twice.

Two ways to cut the text into records must agree: a scan for line ends outside quotes (which also finds the lines), and
Arrow's parser. Belongs here: delimiters, widths, columns. Does not belong here: the scan (``scanning``), records that
carry nothing (``asides``), what a column means.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.asides import is_blank, set_aside
from fellowship_pipeline.intake.readers.decoding import decode
from fellowship_pipeline.intake.readers.records import (
    LONGEST_RECORD,
    Quarantined,
    Records,
    Reject,
    below,
    check_header,
    size_doubts,
)
from fellowship_pipeline.intake.readers.scanning import DECLARE_ESCAPE, LINE_END, Scan, scan

DELIMITERS = ",;\t|"
BLOCK = 8 * LONGEST_RECORD
SAMPLE = 20
_BLANK_LINE = re.compile(rb"[ \t,;|]*(?:\r\n|\r|\n)")
_FORMULA = re.compile(r'^="([^"]*)"$')
_LETTER = re.compile(r"[^\W\d_]")


def read_delimited(
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    escape: str | None = None,
    skip_lines: int = 0,
    skip_matching: re.Pattern[str] | None = None,
) -> Records:
    """The records of a delimited text file; raises Quarantined where it cannot be cut into records for sure."""
    if delimiter is not None and not delimiter.isascii():
        raise Quarantined("`delimiter` has to be one ASCII character")
    text, name, doubts = decode(data, encoding)
    if not text or text.isspace():
        raise Quarantined("empty file")
    if (nul := text.find(b"\0")) >= 0:
        line = len(LINE_END.findall(text, 0, nul)) + 1
        raise Quarantined(f"line {line}: a NUL character, so this is no text")
    found = scan(*_after(text, skip_lines), escape)
    delimiter, header = _dialect(found, delimiter)
    found = found.settled(delimiter, len(header))
    columns, wrong = _parse(found, delimiter, len(header))
    rows = np.delete(np.arange(found.last + 1, dtype=found.starts.dtype), [0, *wrong])
    broken = _broken(found, delimiter)
    if broken:
        whole = ~np.isin(rows, list(broken))
        rows, columns = rows[whole], [column.filter(pa.array(whole)) for column in columns]
    aside = {record for record in wrong.keys() | broken if _is_aside(found.text(record), delimiter, skip_matching)}
    wrong = {record: fields for record, fields in wrong.items() if record not in aside}
    _refuse_misread(found, delimiter, len(header), wrong)
    doubts += _swallowing(found, delimiter, len(header), wrong)
    if wrong.get(found.last, len(header)) < len(header):
        line = found.line(found.last)
        doubts.append(f"line {line}: the last record has fewer fields than the header: probably cut off")
    reasons = dict.fromkeys(broken - aside, "a quote inside a value that is not doubled")
    reasons |= {record: f"{fields} fields where the header has {len(header)}" for record, fields in wrong.items()}
    records = Records(
        tuple(header),
        tuple(columns),
        pa.array(found.numbers[rows], pa.int64()),
        pa.array(found.lines[rows], pa.int64()),
        found.count,
        name,
        tuple(
            Reject(int(found.numbers[record]), "", found.text(record), reason, found.line(record))
            for record, reason in reasons.items()
        ),
        notes=() if text.endswith((b"\n", b"\r")) else (Note("no_newline"),),
        ignored=found.count - found.last + len(aside),
    )
    records = set_aside(records, skip_matching, lambda at: found.text(int(rows[at])))
    return replace(
        records,
        header=tuple(_FORMULA.sub(r"\1", name) for name in records.header),
        columns=tuple(map(_without_formulas, records.columns)),
        rejects=tuple(sorted(records.rejects, key=lambda reject: reject.row)),
        doubts=(*doubts, *size_doubts(records.count - records.ignored, found.lines_in_all)),
    )


def _without_formulas(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with ``="0012"``, by which a tool keeps a spreadsheet from reading a number, as the text in it."""
    if not pc.any(pc.starts_with(column, '="')).as_py():
        return column
    return pc.replace_substring_regex(column, _FORMULA.pattern, r"\1")


def _after(text: bytes, lines: int) -> tuple[bytes, int]:
    """The text after so many lines and any blank ones, and how many those are together."""
    at = 0
    for _ in range(lines):
        end = LINE_END.search(text, at)
        if end is None:
            raise Quarantined(f"fewer than the {lines} lines that skip_lines leaves out")
        at = end.end()
    while blank := _BLANK_LINE.match(text, at):
        at, lines = blank.end(), lines + 1
    body = text[at:]
    if not body or body.isspace():
        raise Quarantined("nothing after the lines that skip_lines leaves out")
    return body, lines


def _dialect(found: Scan, declared: str | None) -> tuple[str, list[str]]:
    """The delimiter and the header; raises Quarantined where either is not certain."""
    sample = [record for record in found.certain(DELIMITERS, SAMPLE) if not (record and found.text(record).isspace())]
    widths = {part: _widths(found, sample, part) for part in (declared or DELIMITERS)}
    parts = [part for part, width in widths.items() if width[0] > 1]
    if len(parts) > 1:
        parts = [part for part in parts if len(set(widths[part])) == 1]
        if len(parts) != 1:
            raise Quarantined("the delimiter is not certain: declare `delimiter`")
    for part in parts or widths:
        _refuse_title(found, sample, widths[part])
    delimiter = parts[0] if parts else declared or ","
    try:
        header = found.fields(0, delimiter)
    except csv.Error:
        raise Quarantined("the header has a quote that is not doubled") from None
    check_header(header)
    if sum(bool(name.strip()) for name in header) == 1 < len(header) and len(sample) > 1:
        cells = [cell for cell in found.fields(sample[1], delimiter) if cell.strip()]
        if len(cells) > 1 and all(map(_LETTER.search, cells)):
            raise below(found.line(sample[1]), f"line {found.line(0)} has one cell with text")
    return delimiter, header


def _widths(found: Scan, sample: list[int], delimiter: str) -> list[int]:
    """Numbers of fields; 1 where no field can end so."""
    try:
        return [len(found.fields(record, delimiter)) for record in sample]
    except csv.Error:
        return [1]


def _refuse_title(found: Scan, sample: list[int], widths: list[int]) -> None:
    """Raises Quarantined where the records after the first lines are as wide as one another but not as those."""
    first, last = widths[0], widths[-1]
    start = len(widths) - next((at for at, width in enumerate(reversed(widths)) if width != last), 0)
    if first != last > 1 and len(widths) - start > 1 and (start == 1 or set(widths[:start]) == {1}):
        raise below(found.line(sample[start]), f"line {found.line(0)} is not as wide as the lines after it")


def _parse(found: Scan, delimiter: str, width: int) -> tuple[list[pa.ChunkedArray], dict[int, int]]:
    """Columns of the records with ``width`` fields, and the number of fields of the others by record."""
    names = [str(at) for at in range(width)]
    wrong: dict[int, int] = {}

    def refuse(row: Any) -> str:
        wrong[row.number - 1] = row.actual_columns
        return "skip"

    # from the header on, since Arrow takes a byte-order mark off the first value
    table = pa.csv.read_csv(
        pa.BufferReader(pa.py_buffer(memoryview(found.source.body)[int(found.starts[0]) :])),
        pa.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
        pa.csv.ParseOptions(
            delimiter=delimiter,
            escape_char=found.source.escape or False,
            newlines_in_values=True,
            invalid_row_handler=refuse,
        ),
        pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    parsed = table.num_rows + len(wrong) - 1
    if parsed != found.last:
        suspect = found.irregular(delimiter)
        near = f", first stray quote at line {found.source.line_at(int(suspect[0]))}" if len(suspect) else ""
        raise Quarantined(f"two counts of its records differ ({found.last:,} and {parsed:,}){near}")
    return [column.slice(1) for column in table.columns], wrong


def _broken(found: Scan, delimiter: str) -> set[int]:
    """Records, each on one line, whose quotes do not pair; the header, which is none, is read as it stands."""
    broken = set(found.holding(np.array(found.stray, np.int64)).tolist())
    for record in np.unique(found.holding(found.irregular(delimiter))).tolist():
        try:
            found.fields(record, delimiter)
        except csv.Error:
            broken.add(record)
    return broken - {0}


def _is_aside(text: str, delimiter: str, skip: re.Pattern[str] | None) -> bool:
    """Whether a record that is no row carries nothing all the same."""
    if skip is not None:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        if skip.search(cells[0]):
            return True
    return is_blank(text, delimiter)


def _refuse_misread(found: Scan, delimiter: str, width: int, wrong: Mapping[int, int]) -> None:
    """Raises Quarantined where records of the wrong width show that the file is not written as it was read."""
    for record in wrong if found.source.escape is None else ():
        text = found.text(record)
        if "\\" + delimiter in text or text.endswith("\\") or found.text(record - 1).endswith("\\"):
            raise Quarantined(f"line {found.line(record)}: {DECLARE_ESCAPE}")
    for other in DELIMITERS.replace(delimiter, "") if found.last in wrong and width > 1 else "":
        first = found.last + 1
        while first - 1 in wrong and _widths(found, [first - 1], other) == [width]:
            first -= 1
        if first <= found.last:
            raise Quarantined(f"line {found.line(first)}: from here on the delimiter is {other!r}, not {delimiter!r}")


def _swallowing(found: Scan, delimiter: str, width: int, wrong: Mapping[int, int]) -> list[str]:
    """A doubt where quotes may have put the ends of records elsewhere than they were.

    Raises Quarantined where that is sure: a record of the wrong width spans lines of which one has the right one.
    """
    doubts = []
    for record in (np.flatnonzero(found.last_lines()[1:] > found.lines[1:]) + 1).tolist():
        lines = re.split("\r\n|\r|\n", found.text(record))
        alike = [line.count(delimiter) == width - 1 for line in lines]
        if record in wrong and any(alike[1:]):
            raise Quarantined(f"line {found.line(record)}: a quote opens a value that swallows the records after it")
        if (width > 1 and all(alike)) or (width > 2 and sum(alike[1:-1]) > 1):
            doubts.append(f"line {found.line(record)}: a quoted value spans lines that look like records")
    for record in sorted(wrong.keys() & set(found.holding(found.irregular(delimiter)).tolist())):
        doubts.append(f"line {found.line(record)}: a stray quote in a record of the wrong width, perhaps a part of one")
    return doubts[:1]
