"""A table of DuckDB as CSV and as a workbook: text is text, and reads back as it was."""

from __future__ import annotations

import csv
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from assets.publication import sheets
from assets.publication.cells import FORMULA_STARTS, cell
from assets.publication.sheets import write_csv, write_workbook

TEXTS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1", "⩵", "a=b", "가나", "'=1", "", None,
    'a,"b"\nc', " x", "#N/A", "<5", "x\x07y",
]  # fmt: skip
MOMENTS = [datetime(2022, 3, 1, 9, 30), datetime(2022, 3, 1, 9, 30, 0, 500), None]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    con.execute(
        'create temp table "list" (name varchar, moment timestamp, "on" date, xp double, n bigint, done boolean)'
    )
    for number, text in enumerate(TEXTS):
        row = [text, MOMENTS[number % 3], date(2022, 3, 1), 900.0 + number / 4, -number, number % 2 == 0]
        con.execute('insert into "list" values (?, ?, ?, ?, ?, ?)', row)
    yield con
    con.close()


def expected(con: duckdb.DuckDBPyConnection) -> list[list[str]]:
    return [[cell(value) for value in row] for row in con.execute('select * from "list"').fetchall()]


@pytest.mark.fault("H14")
def test_every_character_that_a_spreadsheet_could_take_for_a_sign_is_known() -> None:
    signs = tuple("=+-@\t\r\n")
    every = (chr(code) for code in range(sys.maxunicode + 1))
    assert {one for one in every if unicodedata.normalize("NFKC", one).startswith(signs)} == set(FORMULA_STARTS)


def test_csv_has_the_cells_of_every_other_file(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert write_csv(con, "list", tmp_path / "it's a list.csv") == len(TEXTS)
    with (tmp_path / "it's a list.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["name", "moment", "on", "xp", "n", "done"]
    assert rows == expected(con)


@pytest.mark.fault("H14")
def test_a_workbook_has_them_as_text(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert write_workbook(con, "list", tmp_path / "list.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet is not None
    rows = [["" if one.value is None else one.value for one in row] for row in sheet.iter_rows(min_row=2)]
    shown = [[text.replace("\x07", "\ufffd").replace("\r", "\n") for text in row] for row in expected(con)]
    assert rows == shown
    assert {one.data_type for row in sheet for one in row if one.value is not None} == {"s"}


def test_what_is_too_long_to_work_through_is_no_workbook(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", len(TEXTS) * 6 - 1)
    assert not write_workbook(con, "list", tmp_path / "list.xlsx")
    assert not (tmp_path / "list.xlsx").exists()


def test_what_a_workbook_is_made_of_lies_nowhere_else(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def watched(*given: Any, **named: Any) -> Any:
        made.append(tempfile.NamedTemporaryFile(*given, **named))  # noqa: SIM115 - as openpyxl does
        return made[-1]

    monkeypatch.setattr("openpyxl.worksheet._writer.NamedTemporaryFile", watched)
    before = tempfile.gettempdir()
    assert write_workbook(con, "list", tmp_path / "list.xlsx")
    assert {Path(file.name).parent for file in made} == {tmp_path}
    assert [path.name for path in tmp_path.iterdir()] == ["list.xlsx"]
    assert tempfile.gettempdir() == before
