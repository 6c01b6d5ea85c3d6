from __future__ import annotations

import datetime as dt
import random

import pytest

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.records import LONGEST_RECORD, Quarantined, Reject
from fellowship_pipeline.intake.readers.spreadsheet import read_workbook
from tests.intake.homes import Place, fetch
from tests.intake.workbooks import literal, row, rows, workbook

__all__ = ["workbook"]

HEAD: list[str | float | None] = ["a", "b"]


def columns(data: bytes) -> list[list[str]]:
    return [column.to_pylist() for column in read_workbook(data).columns]


def test_cells_become_text() -> None:
    records = read_workbook(
        workbook(
            S=[
                ["타임스탬프", "id", "x"],
                [dt.datetime(2025, 12, 10, 21, 42, 7), 20260001, True],
                [dt.datetime(2025, 12, 10), "007", 0.25],
                [dt.datetime(2024, 1, 26, 10, 16, 4, 123000), 123456789012345, None],
            ]
        )
    )
    assert records.header == ("타임스탬프", "id", "x")
    assert [column.to_pylist() for column in records.columns] == [
        ["2025-12-10T21:42:07", "2025-12-10", "2024-01-26T10:16:04.123000"],
        ["20260001", "007", "123456789012345"],
        ["true", "0.25", ""],
    ]
    assert records.encoding is None


def test_empty_rows_are_no_records() -> None:
    records = read_workbook(workbook(S=[[None], ["a", "b"], [1, 2], [None, None], [3, None]]))
    assert (records.count, records.rows.to_pylist(), records.lines.to_pylist()) == (2, [1, 2], [3, 5])
    assert records.columns[1].to_pylist() == ["2", ""]


def test_lines_before_the_header_are_skipped() -> None:
    records = read_workbook(workbook(S=[["Report"], ["a"], [1]]), skip_lines=1)
    assert (records.header, records.lines.to_pylist()) == (("a",), [3])


def test_a_title_above_the_header_is_no_header() -> None:
    data = workbook(one=[["Applicants of 2025"], [], ["member", "xp"], ["a", 1], ["b", 2]])
    with pytest.raises(Quarantined, match="line 1 has one cell with text: if the header is on line 3, declare `skip_"):
        read_workbook(data)


def test_the_only_sheet_with_cells_is_read() -> None:
    assert read_workbook(workbook(Empty=[], S=[["a"], [1]])).doubts == ()


@pytest.mark.fault("C11")
def test_several_sheets_with_cells_are_held_unless_one_is_declared() -> None:
    data = workbook(A=[["a"], [1]], B=[["b"], [2]])
    assert read_workbook(data).doubts == ("2 sheets with cells: declare `sheet`",)
    assert read_workbook(data, sheet="B").doubts == ()
    assert read_workbook(data, sheet="B").columns[0].to_pylist() == ["2"]


@pytest.mark.fault("C11")
def test_hidden_sheets_count_and_hidden_or_filtered_rows_are_read() -> None:
    hidden = rows(HEAD, [1, 2]) + '<autoFilter ref="A1:B2"/>'
    hidden = hidden.replace('<row r="2"', '<row r="2" hidden="1"')
    records = read_workbook(literal(hidden, rows(HEAD, [3, 4]), states=("visible", "veryHidden")))
    assert records.doubts == ("2 sheets with cells, 1 of them hidden: declare `sheet`",)
    assert (records.count, records.columns[0].to_pylist()) == (1, ["1"])
    assert records.notes == (Note("rows_hidden", {"rows": 1}),)
    assert read_workbook(literal(rows(HEAD, [1, 2]), states=("hidden",))).notes == (Note("sheet_hidden"),)


@pytest.mark.fault("C3")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (workbook(S=[]), "empty file"),
        (workbook(S=[["a"], [1]])[:-300], "damaged"),
        (literal("<sheetData><row>"), "damaged"),
        (literal(rows(HEAD, ['<c t="s"><v>7</v></c>'])), "damaged"),
    ],
    ids=["empty", "cut-zip", "cut-xml", "string-that-is-not-there"],
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        read_workbook(data)


def test_a_sheet_that_is_not_there_is_refused() -> None:
    with pytest.raises(Quarantined, match="no sheet 'X'"):
        read_workbook(workbook(S=[["a"], [1]]), sheet="X")


@pytest.mark.fault("C4")
def test_a_wrong_dimension_loses_no_row() -> None:
    """The sheet says that it is one cell; ten rows are read, as many as are counted in its XML."""
    numbers: list[list[str | float | None]] = [[at, at] for at in range(10)]
    records = read_workbook(literal('<dimension ref="A1"/>' + rows(HEAD, *numbers)))
    assert records.columns[0].to_pylist() == list("0123456789")


@pytest.mark.fault("C4")
@pytest.mark.parametrize(
    ("sheet", "counts"),
    [
        (rows(HEAD, [1, 2]) + rows([3, 4], first=3), "rows \\(2 and 3\\) or cells \\(4 and 6\\)"),
        (f"<sheetData>{row(1, HEAD)}{row(2, [1, 2])}{row(2, [3, 4])}</sheetData>", "rows \\(2 and 3\\)"),
    ],
    ids=["rows-that-the-reader-does-not-see", "two-rows-in-one-place"],
)
def test_a_sheet_that_two_counts_do_not_agree_on_is_refused(sheet: str, counts: str) -> None:
    with pytest.raises(Quarantined, match=counts):
        read_workbook(literal(sheet))


@pytest.mark.fault("C5")
def test_a_formula_whose_value_was_not_saved_holds_the_file() -> None:
    """Empty text is a value that a formula may have; nothing is none."""
    text = '<c t="str"><f>""</f><v></v></c>'
    unsaved = rows(["a", "b", "c"], ["<c><f>1+1</f></c>", text, 3], ["<c><f>2*2</f><v>4</v></c>", 1, 1])
    records = read_workbook(literal(unsaved))
    assert records.doubts == (
        "formula without value in column 'a' (A2): open it in a spreadsheet program, save it and deliver it anew",
    )
    assert columns(literal(unsaved)) == [["", "4"], ["", "1"], ["3", "1"]]


@pytest.mark.fault("C6")
def test_error_values_keep_their_text() -> None:
    """The reading library gives nothing for them; the rules have to see them."""
    data = literal(rows(HEAD, ['<c t="e"><v>#N/A</v></c>', 1], [2, '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>']))
    assert columns(data) == [["#N/A", "2"], ["1", "#DIV/0!"]]


@pytest.mark.fault("C6")
def test_only_rows_with_an_error_value_are_rejected(place: Place) -> None:
    """In a number's column by its rule, in a name's because it is no name."""
    place.configure({"activity": [{"files": "landing/*.xlsx"}]})
    head: list[str | float | None] = ["member", "occurred_at", "xp"]
    error = '<c t="e"><v>#REF!</v></c>'
    place.land(
        {"a.xlsx": literal(rows(head, ["k", "2022-01-01", error], [error, "2022-01-01", 1], ["k", "2022-01-02", 1]))}
    )
    with place.staged() as con:
        assert fetch(con, 'select "row", "column", reason, line from raw.rejects order by "row"') == [
            (1, "xp", "not a number (plain decimal with a point)", 2),
            (2, "member", "an error value of a spreadsheet, not text: repair the cell", 3),
        ]
        assert fetch(con, "select rows, staged, rejected from raw.files") == [(3, 1, 2)]


@pytest.mark.fault("C7")
def test_serial_numbers_are_dates_only_where_the_workbook_says_so_in_its_own_system() -> None:
    """The same serial is another day in a workbook that counts from 1904; without a date's format it is a number."""
    sheet = rows(HEAD, ['<c s="1"><v>43831</v></c>', 43831], ['<c s="1"><v>43831.5</v></c>', "2020. 1. 1."])
    assert columns(literal(sheet)) == [["2020-01-01", "2020-01-01T12:00:00"], ["43831", "2020. 1. 1."]]
    since_1904 = literal(sheet, settings='<workbookPr date1904="1"/>')
    assert columns(since_1904)[0] == ["2024-01-02", "2024-01-02T12:00:00"]


@pytest.mark.fault("C7")
def test_dates_mixed_with_serials_and_texts_are_loaded_or_rejected_one_by_one(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.xlsx"}]})
    place.land(
        {
            "a.xlsx": literal(
                rows(
                    ["member", "occurred_at"],
                    ["k", '<c s="1"><v>44562</v></c>'],
                    ["k", 44562],
                    ["k", "2022. 1. 1."],
                    ["k", "2022-01-01"],
                )
            )
        }
    )
    with place.staged() as con:
        assert fetch(con, "select _row, cast(occurred_at as date) from staging.activity order by 1") == [
            (1, dt.date(2021, 12, 31)),
            (4, dt.date(2021, 12, 31)),
        ]
        assert fetch(con, 'select "row", "column" from raw.rejects order by 1') == [
            (2, "occurred_at"),
            (3, "occurred_at"),
        ]


@pytest.mark.fault("C9")
@pytest.mark.parametrize("written", [1e15, 1.2e19, 1234567890123456, 1.5e300])
def test_a_number_of_more_than_15_digits_is_no_id(place: Place, written: float) -> None:
    place.configure({"roster": [{"files": "landing/*.xlsx"}]})
    place.land({"a.xlsx": workbook(S=[["member", "cohort"], [written, 1], [123456789012345, 1]])})
    with place.staged() as con:
        assert fetch(con, 'select "row", "column", reason from raw.rejects') == [
            (1, "member", "a number with an exponent, not an id: its digits are lost, export it as text")
        ]
        assert fetch(con, "select member from staging.roster") == [("123456789012345",)]


@pytest.mark.fault("C10")
def test_words_for_nothing_stay_words() -> None:
    assert columns(workbook(S=[["a"], ["NA"], ["None"], ["null"], ["NaN"], ["N/A"]])) == [
        ["NA", "None", "null", "NaN", "N/A"]
    ]


@pytest.mark.fault("C12")
@pytest.mark.parametrize("merged", ["A2:A3", "B3:C3", "A1:A2"])
def test_merged_cells_among_the_records_are_refused_with_their_address(merged: str) -> None:
    merge = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>'
    with pytest.raises(Quarantined, match=rf"^merged cells {merged}: unmerge them"):
        read_workbook(literal(rows(["a", "b", "c"], ["red", 1, 1], [None, 2, None]) + merge))


@pytest.mark.parametrize("merged", ["A1:B1", "A9:B9"])
def test_merged_cells_above_or_below_the_records_do_no_harm(merged: str) -> None:
    merge = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>'
    assert read_workbook(literal(rows(["Report"], HEAD, [1, 2]) + merge), skip_lines=1).count == 1


@pytest.mark.slow
@pytest.mark.fault("C13")
@pytest.mark.parametrize("last", [65_536, 1_048_576])
def test_as_many_rows_as_a_spreadsheet_holds_are_held(last: int) -> None:
    sheet = f"<sheetData>{row(1, HEAD)}{row(2, [1, 2])}{row(last, [3, 4])}</sheetData>"
    records = read_workbook(literal(sheet))
    assert records.doubts == (f"exactly {last:,} lines, as many as a spreadsheet holds: probably cut off",)
    assert read_workbook(literal(sheet.replace(str(last), str(last - 1)))).doubts == ()


@pytest.mark.fault("C15")
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/core.xml"]
)
def test_a_dtd_in_any_part_is_refused(part: str) -> None:
    """A billion laughs and an external entity both need one."""
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]><x>&a;&b;</x>'
    with pytest.raises(Quarantined, match=r"^a DTD in its XML"):
        read_workbook(literal(rows(HEAD, [1, 2]), **{part: laughs}))


@pytest.mark.slow
@pytest.mark.fault("C16")
def test_two_million_empty_formatted_rows_are_no_rows() -> None:
    empty = "".join(f'<row r="{at}" s="1" customFormat="1"/>' for at in range(3, 2_000_003))
    sheet = f"<sheetData>{row(1, HEAD)}{row(2, [1, 2])}{empty}</sheetData>"
    records = read_workbook(literal(sheet))
    assert (records.count, records.doubts) == (1, ())


@pytest.mark.fault("C16", "C14")
@pytest.mark.parametrize("far", ["ALM2", "XFD1048576", "ZZZZZZ2", "B99999999999"])
def test_a_cell_far_off_is_refused_before_the_space_between_is_read(far: str) -> None:
    sheet = f'<sheetData>{row(1, HEAD)}<row><c r="{far}"><v>1</v></c></row></sheetData>'
    with pytest.raises(Quarantined, match=f"its cells reach to {far}"):
        read_workbook(literal(sheet))


@pytest.mark.fault("C17")
def test_macros_links_and_pictures_are_left_aside_with_a_note() -> None:
    beside: dict[str, str | bytes] = {
        "xl/vbaProject.bin": b"\0",
        "xl/externalLinks/externalLink1.xml": "<x/>",
        "xl/media/image1.png": b"\x89PNG",
    }
    records = read_workbook(literal(rows(HEAD, [1, 2]), **beside))
    assert records.notes == (Note("beside", {"parts": "macros, links to other workbooks, pictures"}),)
    assert records.count == 1


@pytest.mark.fault("C18")
def test_an_empty_row_or_column_in_the_middle_ends_nothing() -> None:
    records = read_workbook(literal(rows(["a", None, "c"], [1, None, 2], [], [3, None, 4])))
    assert records.header == ("a", "", "c")
    assert [column.to_pylist() for column in records.columns] == [["1", "3"], ["", ""], ["2", "4"]]


def test_a_table_that_begins_further_down_and_right() -> None:
    records = read_workbook(literal(rows([None, "b"], [None, 1], first=3)))
    assert (records.header, records.lines.to_pylist()) == (("", "b"), [4])


def test_values_under_no_header_stay() -> None:
    """Beyond the header's end the record is rejected, as it is in a CSV; within, the place can ask for the column."""
    records = read_workbook(literal(rows(["a", None, "c"], [1, 2, 3], [4, None, 5, 6])))
    assert records.columns[1].to_pylist() == ["2"]
    assert records.rejects == (Reject(2, "", "4\t\t5\t6", "a value in column D, where the header ends at column C", 3),)
    assert (records.count, records.rows.to_pylist()) == (2, [1])


def test_white_space_alone_is_no_value_in_either_count() -> None:
    strings = "<si><t/></si><si><t xml:space='preserve'>  </t></si><si><r><t>k</t></r><rPh><t>K</t></rPh></si>"
    cells: list[str | float | None] = [f'<c t="s"><v>{at}</v></c>' for at in range(3)]
    blank: list[str | float | None] = ['<c t="s"><v>0</v></c>', '<c t="inlineStr"><is><t>_x000D_</t></is></c>']
    records = read_workbook(literal(rows(["a", "b", "c"], cells, blank), strings=strings))
    assert (records.count, [column.to_pylist() for column in records.columns]) == (1, [[""], ["  "], ["k"]])


def test_addresses_may_be_left_out() -> None:
    """Cells and rows then follow one another."""
    sheet = "<sheetData><row><c t='str'><v>a</v></c><c t='str'><v>b</v></c></row><row><c><v>1</v></c></row></sheetData>"
    assert columns(literal(sheet)) == [["1"], [""]]


@pytest.mark.fault("A19", "B26")
def test_a_record_of_more_than_a_megabyte_is_refused() -> None:
    data = literal(
        rows(HEAD, [1, 2], ["x" * LONGEST_RECORD, 1]), **{"xl/media/a.png": random.Random(1).randbytes(99_999)}
    )
    with pytest.raises(Quarantined, match=r"^line 3: a record of more than 1 MB$"):
        read_workbook(data)


def test_a_nul_character_rejects_the_record() -> None:
    records = read_workbook(literal(rows(HEAD, ['<c t="inlineStr"><is><t>k_x0000_</t></is></c>', 1], [2, 3])))
    assert records.rejects == (Reject(1, "", "k\t1", "a NUL character", 2),)
    assert records.columns[0].to_pylist() == ["2"]
