from __future__ import annotations

import re

import pytest

from fellowship_pipeline.intake.readers.delimited import read_delimited
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.program.sources import Entry
from tests.intake.readers.test_delimited import refusals, rows
from tests.intake.workbooks import workbook


@pytest.mark.fault("B20")
def test_blank_lines_are_ignored_records() -> None:
    records = read_delimited(b"\na,b\n\n1,x\r\n\r\n2,y\n\n")
    assert rows(records) == [(2, 4, "1", "x"), (4, 6, "2", "y")]
    assert (records.count, records.ignored, records.rejects) == (5, 3, ())


@pytest.mark.fault("B20")
@pytest.mark.parametrize("line", ["", " ", "\t ", ",", " , ", '"",""', ",,,", "\u3000", "\u00a0,\u3000"])
def test_lines_of_white_space_and_delimiters_are_ignored_records(line: str) -> None:
    for data in (f"a,b\n1,x\n{line}\n2,y\n", f"a,b\n{line}\n1,x\n2,y\n", f"a,b\n1,x\n2,y\n{line}\n"):
        records = read_delimited(data.encode())
        assert [row[2:] for row in rows(records)] == [("1", "x"), ("2", "y")]
        assert (records.count, records.ignored, records.rejects, records.doubts) == (3, 1, (), ())


@pytest.mark.fault("A6", "B20")
def test_nothing_but_blank_lines_after_the_header_is_no_rows() -> None:
    assert read_delimited(b"a,b\n\n,\n").doubts == ("no rows: there is a header and nothing else",)


@pytest.mark.fault("B19")
def test_a_preamble_a_footer_and_a_repeated_header_as_declared() -> None:
    data = "Report generated 2022-01-31\n\nmember,xp\nkim,1\nmember,xp\nlee,2\n합계,3\nTotal\n# by, hand\n"
    records = read_delimited(data.encode(), skip_lines=2, skip_matching=re.compile("^(member|합계|Total|#)"))
    assert rows(records) == [(1, 4, "kim", "1"), (3, 6, "lee", "2")]
    assert (records.count, records.ignored, records.rejects, records.doubts) == (6, 4, (), ())


@pytest.mark.fault("B19")
def test_a_footer_and_a_repeated_header_that_are_not_declared_are_rejected() -> None:
    records = read_delimited(b"member,xp\nkim,1\nmember,xp\nlee,2\nTotal,3,\n")
    assert rows(records) == [(1, 2, "kim", "1"), (3, 4, "lee", "2")]
    assert [(reject.row, reject.line, reject.value, reject.reason) for reject in records.rejects] == [
        (2, 3, "member,xp", "repeats the header"),
        (4, 5, "Total,3,", "3 fields where the header has 2"),
    ]


@pytest.mark.fault("B20")
def test_comments_are_ignored_where_declared() -> None:
    records = read_delimited(b"a,b\n# one\n1,x\n# two, three, four\n", skip_matching=re.compile("^#"))
    assert rows(records) == [(2, 3, "1", "x")]
    assert (records.count, records.ignored, records.rejects, records.doubts) == (3, 2, (), ())


@pytest.mark.fault("B20")
@pytest.mark.parametrize("line", ["", " ", "\t", ",,", " ; "])
def test_blank_lines_before_the_header_are_lines(line: str) -> None:
    records = read_delimited(f"{line}\n{line}\r\na,b\n1,x\n".encode())
    assert rows(records) == [(1, 4, "1", "x")]
    assert (records.header, records.count, records.ignored) == (("a", "b"), 1, 0)


@pytest.mark.fault("B19")
def test_a_workbook_has_footers_and_repeated_headers_too() -> None:
    cells = [["member", "xp"], ["kim", 1], ["member", "xp"], ["lee", 2], ["합계", 3]]
    entry = Entry(files="landing/*", skip_matching="^합계")
    records = read_file(workbook(S1=cells), entry)
    assert records.columns[0].to_pylist() == ["kim", "lee"]
    assert (records.count, records.ignored) == (4, 1)
    assert refusals(records) == [(2, 3, "repeats the header")]
