"""XLSX workbooks, read as text and held to an independent count of what stands in them.

Belongs here: sheets, header, records, what makes a sheet doubtful. Does not belong here: XML (``workbook_parts``), what
a column means.
"""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.cells import text_of
from fellowship_pipeline.intake.readers.records import (
    LONGEST_RECORD,
    MOST_COLUMNS,
    NO_SHEET,
    SEVERAL_SHEETS,
    Quarantined,
    Records,
    Reject,
    below,
    check_header,
    size_doubts,
)
from fellowship_pipeline.intake.readers.workbook_parts import AREA, DAMAGED, Sheet, letters, look_into, rows_of

BATCH = 50_000
SAVE_ANEW = "open it in a spreadsheet program, save it and deliver it anew"

SheetRow = tuple[int, list[str]]
"""A row that holds something: its number in the sheet, and its cells as text."""


def read_workbook(data: bytes, *, sheet: str | None = None, skip_lines: int = 0) -> Records:
    """The records of a sheet; raises Quarantined where there is no such sheet, or not all of it can be read for sure.

    Without ``sheet`` it is the only one with cells; where several have some, the first is read and that is a doubt.
    """
    workbook = look_into(data)
    chosen, several = _chosen(workbook.sheets, sheet)
    rows = _rows(data, chosen)
    header_line, header = _header(rows, skip_lines)
    rejects: list[Reject] = []
    fitting = _fitting(rows, header, rejects)
    numbers: list[int] = []
    lines: list[int] = []
    parts: list[list[pa.Array]] = [[] for _ in header]
    while batch := list(islice(fitting, BATCH)):
        numbers += [number for number, _, _ in batch]
        lines += [line for _, line, _ in batch]
        for part, texts in zip(parts, zip(*(cells for _, _, cells in batch), strict=True), strict=True):
            part.append(pa.array(texts, pa.string()))
    _refuse_title(header_line, header, len(numbers), rejects)
    count = len(numbers) + len(rejects)
    _refuse_merged(chosen, header_line, sorted([*lines, *(reject.line or 0 for reject in rejects)]))
    columns = tuple(pa.chunked_array(part, pa.string()) for part in parts)
    notes = [Note("beside", {"parts": ", ".join(workbook.beside)})] if workbook.beside else []
    return Records(
        tuple(header),
        columns,
        pa.array(numbers, pa.int64()),
        pa.array(lines, pa.int64()),
        count,
        None,
        tuple(rejects),
        (*several, *_without_value(chosen, header_line, header), *size_doubts(count, chosen.corner[0])),
        (*notes, *_hidden(chosen)),
    )


def _chosen(sheets: Sequence[Sheet], wanted: str | None) -> tuple[Sheet, list[str]]:
    """The sheet to be read, and a doubt where another could be meant."""
    if wanted is not None:
        named = [sheet for sheet in sheets if sheet.name == wanted]
        if not named:
            raise Quarantined(f"{NO_SHEET} '{wanted}'")
        return named[0], []
    filled = [sheet for sheet in sheets if sheet.cells]
    if not filled:
        raise Quarantined("empty file")
    if len(filled) == 1:
        return filled[0], []
    hidden = sum(sheet.hidden for sheet in filled)
    among = f", {hidden} of them hidden" if hidden else ""
    return filled[0], [f"{len(filled)} sheets with cells{among}: {SEVERAL_SHEETS}"]


def _rows(data: bytes, sheet: Sheet) -> Iterator[SheetRow]:
    """The rows that hold something; raises Quarantined where they are not those that the XML was seen to hold."""
    last_row, last_column = sheet.corner
    if last_column > MOST_COLUMNS or last_row * last_column > AREA:
        raise Quarantined(
            f"its cells reach to {letters(last_column)}{last_row}, at most {MOST_COLUMNS:,} columns and"
            f" {AREA:,} cells are read: delete what stands far off"
        )
    errors: dict[int, list[tuple[int, str]]] = {}
    for (line, column), text in sheet.errors.items():
        errors.setdefault(line, []).append((column, text))
    rows = cells = 0
    try:
        read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet.name)
        margin = [""] * (read.start or (0, 0))[1]
        for line, row in enumerate(read.iter_rows(), start=1):
            texts = [*margin, *map(text_of, row)]
            for column, text in errors.get(line, ()):
                texts[column - 1] = text
            if filled := sum(map(bool, map(str.strip, texts))):
                rows += 1
                cells += filled
                yield line, texts
    except (CalamineError, IndexError):
        raise Quarantined(DAMAGED) from None
    if (rows, cells) != (sheet.rows, sheet.cells):
        raise Quarantined(
            f"two counts of its rows ({rows:,} and {sheet.rows:,}) or cells ({cells:,} and {sheet.cells:,}) differ:"
            f" {SAVE_ANEW}"
        )


def _header(rows: Iterator[SheetRow], skip_lines: int) -> SheetRow:
    """The first row after those that are skipped, without the empty cells after its last name."""
    for line, texts in rows:
        if line > skip_lines:
            while not texts[-1].strip():
                texts.pop()
            check_header(texts)
            return line, texts
    raise Quarantined("empty file")


def _refuse_title(line: int, header: Sequence[str], fitting: int, rejects: Sequence[Reject]) -> None:
    """Raises Quarantined where a title stands above the header: one cell, and most records are wider.

    The first of those looks like a header: it begins with a text, and no two of its cells, of which some may be days,
    are the same.
    """
    if len(header) == 1 and len(rejects) > fitting:
        cells = [cell for cell in rejects[0].value.split("\t") if cell.strip()]
        if len(set(cells)) == len(cells) > 1 and any(map(str.isalpha, cells[0])):
            raise below(rejects[0].line or line, f"line {line} has one cell with text")


def _fitting(
    rows: Iterator[SheetRow], header: Sequence[str], rejects: list[Reject]
) -> Iterator[tuple[int, int, list[str]]]:
    """Number, line and cells of the records that fit the header; the others go to ``rejects``."""
    width = len(header)
    for number, (line, texts) in enumerate(rows, start=1):
        record = "\t".join(texts)
        if len(record) > LONGEST_RECORD:
            raise Quarantined(f"line {line}: a record of more than {LONGEST_RECORD >> 20} MB")
        over = next((at for at in range(width, len(texts)) if texts[at]), None)
        if over is not None:
            reason = f"a value in column {letters(over + 1)}, where the header ends at column {letters(width)}"
            rejects.append(Reject(number, "", record, reason, line))
        elif "\0" in record:
            rejects.append(Reject(number, "", record.replace("\0", ""), "a NUL character", line))
        else:
            yield number, line, texts[:width]


def _refuse_merged(sheet: Sheet, header_line: int, lines: Sequence[int]) -> None:
    """Raises Quarantined where merged cells reach into the records: all but one of them would look empty."""
    for address in sheet.merged:
        merged = rows_of(address)
        at = bisect_left(lines, max(merged.start, header_line + 1))
        if at < len(lines) and lines[at] in merged:
            raise Quarantined(f"merged cells {address}: unmerge them and fill each with its value")


def _without_value(sheet: Sheet, header_line: int, header: Sequence[str]) -> list[str]:
    """A doubt for each column with a formula whose value was not saved."""
    first: dict[int, int] = {}
    for line, column in sheet.unvalued:
        if line >= header_line:
            first.setdefault(column, line)
    return [
        f"formula without value in column {_named(column, header)} ({letters(column)}{line}): {SAVE_ANEW}"
        for column, line in sorted(first.items())
    ]


def _named(column: int, header: Sequence[str]) -> str:
    return f"'{header[column - 1]}'" if column <= len(header) else letters(column)


def _hidden(sheet: Sheet) -> list[Note]:
    """Notes of what a person does not see when the workbook is opened."""
    notes = [Note("sheet_hidden")] if sheet.hidden else []
    return notes + ([Note("rows_hidden", {"rows": sheet.hidden_rows})] if sheet.hidden_rows else [])
