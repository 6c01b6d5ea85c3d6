from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from fellowship_pipeline.intake.records import Quarantined
from fellowship_pipeline.intake.spreadsheet import read_workbook


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_cells_become_text() -> None:
    records = read_workbook(
        workbook(
            S=[
                ["타임스탬프", "id", "x"],
                [dt.datetime(2025, 12, 10, 21, 42, 7), 20260001, True],
                [dt.datetime(2025, 12, 10), "007", 0.25],
                [dt.datetime(2024, 1, 26, 10, 16, 4, 123000), 1e19, None],
            ]
        )
    )
    assert records.header == ("타임스탬프", "id", "x")
    assert [column.to_pylist() for column in records.columns] == [
        ["2025-12-10T21:42:07", "2025-12-10", "2024-01-26T10:16:04.123000"],
        ["20260001", "007", "1e+19"],
        ["true", "0.25", ""],
    ]
    assert records.encoding is None


def test_empty_rows_are_no_records() -> None:
    records = read_workbook(workbook(S=[[None], ["a", "b"], [1, 2], [None, None], [3, None]]))
    assert (records.count, records.rows.to_pylist(), records.lines.to_pylist()) == (2, [1, 2], [3, 5])
    assert records.columns[1].to_pylist() == ["2", ""]


def test_the_only_sheet_with_cells_is_read() -> None:
    assert read_workbook(workbook(Empty=[], S=[["a"], [1]])).doubts == ()


def test_several_sheets_with_cells_are_a_doubt_unless_one_is_declared() -> None:
    data = workbook(A=[["a"], [1]], B=[["b"], [2]])
    assert read_workbook(data).doubts == ("2 sheets with cells: declare `sheet`",)
    assert read_workbook(data, sheet="B").columns[0].to_pylist() == ["2"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (workbook(S=[]), "empty file"),
        (workbook(S=[["a"], [1]])[:-300], "damaged"),
        (workbook(S=[["a", "A"], [1, 2]]), "columns 1 and 2 have the same header"),
    ],
    ids=["empty", "cut", "same-header"],
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        read_workbook(data)


def test_a_sheet_that_is_not_there_is_refused() -> None:
    with pytest.raises(Quarantined, match="no sheet 'X'"):
        read_workbook(workbook(S=[["a"], [1]]), sheet="X")
