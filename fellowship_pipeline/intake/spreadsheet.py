"""XLSX workbooks, read as text: a date as ISO text, a whole number without a point, anything else as it is.

Belongs here: sheets and cells. Does not belong here: what a column means.
"""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from fellowship_pipeline.intake.records import Quarantined, Records, check_header, size_doubts

EXACT_DIGITS = 1e15
"""Above this a spreadsheet has lost digits; the number stays in exponent form, so that nothing takes it for exact."""

Cell = str | int | float | bool | dt.date | dt.time | dt.timedelta | None


def read_workbook(data: bytes, *, sheet: str | None = None, skip_lines: int = 0) -> Records:
    """The records of a sheet; raises Quarantined where there is no such sheet or nothing in it.

    Without ``sheet`` it is the only one with cells; where several have some, the first is read and that is a doubt.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise Quarantined(f"the workbook has no sheet '{sheet}'")
        filled = [sheet] if sheet is not None else [name for name in names if workbook.get_sheet_by_name(name).height]
        cells = workbook.get_sheet_by_name(filled[0]).to_python(skip_empty_area=False) if filled else []
    except PasswordError:
        raise Quarantined("a password-protected workbook: save it without a password") from None
    except CalamineError:
        raise Quarantined("damaged, cut-off or unreadable workbook") from None
    numbered = [
        (line, texts)
        for line, row in enumerate(cells, start=1)
        if line > skip_lines and any(texts := [_text(cell) for cell in row])
    ]
    if not numbered:
        raise Quarantined("empty file")
    header = _trimmed(numbered[0][1])
    check_header(header)
    records = numbered[1:]
    doubts = [] if len(filled) == 1 else [f"{len(filled)} sheets with cells: declare `sheet`"]
    return Records(
        tuple(header),
        tuple(pa.chunked_array([[texts[at] for _, texts in records]], pa.string()) for at in range(len(header))),
        pa.array(range(1, len(records) + 1), pa.int64()),
        pa.array([line for line, _ in records], pa.int64()),
        len(records),
        None,
        (),
        (*doubts, *size_doubts(len(records), len(cells))),
    )


def _trimmed(header: list[str]) -> list[str]:
    """The header without the empty cells after its last name."""
    while not header[-1]:
        header = header[:-1]
    return header


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float():
            return repr(cell) if abs(cell) >= EXACT_DIGITS else format(Decimal(repr(cell)), "f").removesuffix(".0")
        case dt.datetime():
            return _to_milliseconds(cell).isoformat()
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)


def _to_milliseconds(moment: dt.datetime) -> dt.datetime:
    """A workbook keeps days as a fraction: what is finer than a millisecond is rounding."""
    exact = moment + dt.timedelta(microseconds=500)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)
