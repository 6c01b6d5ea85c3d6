from __future__ import annotations

import csv
import io
import itertools
import random
import unicodedata
from typing import Any

import pytest

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.delimited import read_delimited
from fellowship_pipeline.intake.readers.records import Quarantined, Records


def rows(records: Records) -> list[tuple[Any, ...]]:
    """(number, line, fields…) of each record."""
    columns = [column.to_pylist() for column in records.columns]
    return list(zip(records.rows.to_pylist(), records.lines.to_pylist(), *columns, strict=True))


def refusals(records: Records) -> list[tuple[int, int | None, str]]:
    return [(reject.row, reject.line, reject.reason) for reject in records.rejects]


def test_plain_records() -> None:
    records = read_delimited(b"a,b\n1,x\n2,\n")
    assert records.header == ("a", "b")
    assert rows(records) == [(1, 2, "1", "x"), (2, 3, "2", "")]
    assert (records.count, records.rejects, records.doubts, records.encoding) == (2, (), (), "utf-8")


@pytest.mark.fault("B13")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_no_last_one(end: str) -> None:
    assert rows(read_delimited(end.join(["a,b", "1,x", "2,y"]).encode())) == [(1, 2, "1", "x"), (2, 3, "2", "y")]


@pytest.mark.fault("B13")
def test_mixed_line_ends() -> None:
    assert rows(read_delimited(b"a,b\r\n1,x\n2,y\r3,z")) == [(1, 2, "1", "x"), (2, 3, "2", "y"), (3, 4, "3", "z")]


@pytest.mark.fault("B14")
def test_quoted_line_ends_delimiters_and_quotes() -> None:
    records = read_delimited(b'a,b\n1,"x, ""y""\nz"\n2,w\n')
    assert rows(records) == [(1, 2, "1", 'x, "y"\nz'), (2, 4, "2", "w")]


def test_values_keep_their_text() -> None:
    assert rows(read_delimited(b"a,b\n NA ,0010\nnull,1e3\n")) == [(1, 2, " NA ", "0010"), (2, 3, "null", "1e3")]


@pytest.mark.fault("B10")
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter: str) -> None:
    assert rows(read_delimited(f"a{delimiter}b\n1{delimiter}x\n".encode())) == [(1, 2, "1", "x")]


def test_a_comma_in_the_header_of_a_tabbed_file() -> None:
    records = read_delimited(b"a, b\tc\n1,5\t2\n3\t4\n")
    assert rows(records) == [(1, 2, "1,5", "2"), (2, 3, "3", "4")]


@pytest.mark.fault("B10")
def test_an_uncertain_delimiter_is_refused() -> None:
    with pytest.raises(Quarantined, match="declare `delimiter`"):
        read_delimited(b"a,b;c\n1,2;3\n")


def test_skipped_lines_still_count_as_lines() -> None:
    assert rows(read_delimited(b"Report\n\na,b\n1,x\n", skip_lines=2)) == [(1, 4, "1", "x")]


@pytest.mark.fault("B12")
def test_wrong_field_counts_are_rejected_with_their_line() -> None:
    records = read_delimited(b"a,b\n1\n2,x\n3,y,z\n4,w\n")
    assert rows(records) == [(2, 3, "2", "x"), (4, 5, "4", "w")]
    assert refusals(records) == [
        (1, 2, "1 fields where the header has 2"),
        (3, 4, "3 fields where the header has 2"),
    ]
    assert [reject.value for reject in records.rejects] == ["1", "3,y,z"]
    assert records.count == 4


@pytest.mark.fault("A4")
def test_a_short_last_record_is_a_doubt() -> None:
    records = read_delimited(b"a,b\n1,x\n2")
    assert records.doubts == ("line 3: the last record has fewer fields than the header: probably cut off",)


def test_a_long_last_record_is_none() -> None:
    assert read_delimited(b"a,b\n1,x\n2,y,z").doubts == ()


def test_text_on_several_lines_is_none() -> None:
    assert read_delimited(b'a,b,c\n1,2,"x, y, z\n\nu"\n').doubts == ()


@pytest.mark.fault("B17", "B21", "A19", "A5")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" \n\n", "empty file"),
        (b"\xef\xbb\xbf", "empty file"),
        (b"a,b\n1,\0\n", "line 2: a NUL"),
        (b'a,"b"c\n1,2\n', "header has a quote"),
        (b"a,b\n1," + b"x" * (1 << 20) + b"\n", "line 2: a record of more than 1 MB"),
        (b"a,b\n1,x\n2," + b"x" * 33_000_000, "line 3: a record of more than 1 MB"),
        (b'a,b\n1,"' + b"x\n" * (1 << 19) + b'"\n', "line 2: a record of more than 1 MB"),
        (b"x" * 2_000_000, "line 1: a record of more than 1 MB"),
    ],
    ids=itertools.count(),
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        read_delimited(data)


@pytest.mark.fault("A6")
def test_no_rows_is_a_doubt() -> None:
    records = read_delimited(b"a,b\n")
    assert (records.count, records.doubts) == (0, ("no rows: there is a header and nothing else",))


@pytest.mark.fault("C13")
@pytest.mark.parametrize(("records", "doubtful"), [(65_534, False), (65_535, True), (65_536, False)])
def test_as_many_lines_as_a_spreadsheet_holds(records: int, doubtful: bool) -> None:
    assert bool(read_delimited(b"a,b\n" + b"1,2\n" * records).doubts) is doubtful


def test_one_column() -> None:
    assert rows(read_delimited(b'a\nx\n"y"\n\nz\n')) == [(1, 2, "x"), (2, 3, "y"), (4, 5, "z")]


def test_empty_header_names_may_repeat() -> None:
    assert read_delimited(b"a,,\n1,2,3\n").header == ("a", "", "")


@pytest.mark.fault("B14")
def test_whatever_a_csv_writer_writes_comes_back() -> None:
    chance = random.Random(7)
    for _ in range(200):
        width, delimiter, end = chance.randint(2, 4), chance.choice(",;\t|"), chance.choice(["\n", "\r\n", "\r"])
        quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        cell = [*'ab ,;\t|"', end, "가", "é", "0", " x "]
        table = [
            ["".join(chance.choices(cell, k=chance.randint(0, 5))) for _ in range(width)]
            for _ in range(chance.randint(1, 6))
        ]
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerows([[f"h{at}" for at in range(width)], *table])
        records = read_delimited(out.getvalue().encode())
        assert [list(row[2:]) for row in rows(records)] == [row for row in table if any(map(str.strip, row))]
        assert records.count == len(table)


@pytest.mark.fault("A4")
def test_a_missing_last_newline_alone_is_a_note() -> None:
    records = read_delimited(b"a,b\n1,x\n2,20")
    assert (records.notes, records.doubts, len(records.rows)) == ((Note("no_newline"),), (), 2)
    assert read_delimited(b"a,b\n1,x\n2,200\n").notes == ()


@pytest.mark.fault("B2")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_before_a_quoted_header_is_no_part_of_it(encoding: str) -> None:
    records = read_delimited('"email","이름"\n"k@x","김"\n'.encode(encoding))
    assert records.header == ("email", "이름")
    assert rows(records) == [(1, 2, "k@x", "김")]


@pytest.mark.fault("B9")
def test_a_decomposed_header_is_the_composed_one() -> None:
    data = unicodedata.normalize("NFD", "이름,점수\n김,1\n").encode()
    assert read_delimited(data).column("이름").to_pylist() == [unicodedata.normalize("NFD", "김")]


@pytest.mark.fault("B10")
def test_an_unlisted_delimiter_has_to_be_declared() -> None:
    assert read_delimited(b"a^b\n1^x\n").header == ("a^b",)
    assert rows(read_delimited(b"a^b\n1^x\n", delimiter="^")) == [(1, 2, "1", "x")]


@pytest.mark.fault("B11")
@pytest.mark.parametrize(("other", "shown"), [(";", "';'"), ("\t", "'\\\\t'"), ("|", "'\\|'")])
def test_a_delimiter_that_changes_in_mid_file_is_refused_with_its_line(other: str, shown: str) -> None:
    tail = "".join(f"{at}{other}y{other}z\n" for at in range(30))
    with pytest.raises(Quarantined, match=f"line 33: from here on the delimiter is {shown}, not ','"):
        read_delimited(("a,b,c\n" + "1,x,w\n" * 30 + "2,x\n" + tail).encode())


@pytest.mark.fault("B12")
def test_records_with_another_delimiter_amid_others_are_rejected() -> None:
    records = read_delimited(b"a,b\n1,x\n2;y\n3,z\n")
    assert refusals(records) == [(2, 3, "1 fields where the header has 2")]


@pytest.mark.fault("B16")
@pytest.mark.parametrize(
    ("data", "line"),
    [
        (rb'a,b\n1,"say \\"hi\\" now"\n', 2),
        (rb'a,b\n1,x\n2,"a 5\\" disk"\n', 3),
        (rb"a,b\n1,x\n2,Seoul\\, Korea\n3,y\n", 3),
        (rb"a,b\n1,x\n2,two\\\nlines\n3,y\n", 4),
    ],
)
def test_backslash_escapes_are_refused_with_what_to_declare(data: bytes, line: int) -> None:
    data = data.replace(rb"\n", b"\n").replace(b"\\\\", b"\\")
    with pytest.raises(Quarantined, match=f"line {line}: characters escaped by backslashes: declare `escape"):
        read_delimited(data)


@pytest.mark.fault("B16")
def test_declared_backslash_escapes() -> None:
    data = b'a,b\n1,"say \\"hi\\", now"\n2,Seoul\\, Korea\n3,"two\nlines"\n4,c:\\\\d\n5,two\\\nlines\n6,x,y\n'
    records = read_delimited(data, escape="\\")
    assert rows(records) == [
        (1, 2, "1", 'say "hi", now'),
        (2, 3, "2", "Seoul, Korea"),
        (3, 4, "3", "two\nlines"),
        (4, 6, "4", "c:\\d"),
        (5, 7, "5", "two\nlines"),
    ]
    assert refusals(records) == [(6, 9, "3 fields where the header has 2")]


@pytest.mark.fault("B16")
def test_backslashes_that_escape_nothing_are_text() -> None:
    assert rows(read_delimited(b'a,b\n1,"c:\\d\\"\n2,c:\\d\n')) == [(1, 2, "1", "c:\\d\\"), (2, 3, "2", "c:\\d")]


@pytest.mark.fault("B26")
def test_too_many_columns_are_refused() -> None:
    with pytest.raises(Quarantined, match="5,000 columns, more than 1,000"):
        read_delimited((",".join(f"c{at}" for at in range(5_000)) + "\n").encode())


@pytest.mark.fault("B26")
def test_a_cell_of_almost_a_megabyte_is_read() -> None:
    text = "x" * 1_000_000
    assert rows(read_delimited(f'a,b\n1,"{text}"\n'.encode())) == [(1, 2, "1", text)]


@pytest.mark.fault("B27")
@pytest.mark.parametrize(
    ("top", "lines"),
    [
        ("Learners of May\n", 1),
        ("Learners, May\n", 1),
        ("Learners of May\n\nfor us\n", 3),
        ("Learners of May,,\n", 1),
        ("\nLearners of May\n", 2),
    ],
)
def test_a_header_below_a_title_is_refused_with_the_lines_to_skip(top: str, lines: int) -> None:
    data = (top + "member,cohort,xp\nkim,1,10\nlee,1,20\n").encode()
    with pytest.raises(Quarantined, match=rf"declare `skip_lines: {lines}`"):
        read_delimited(data)
    assert len(read_delimited(data, skip_lines=lines).rows) == 2


@pytest.mark.fault("B27")
def test_a_declared_delimiter_does_not_hide_a_title() -> None:
    with pytest.raises(Quarantined, match="`skip_lines: 1`"):
        read_delimited(b"Learners\nmember;xp\nkim;1\nlee;2\n", delimiter=";")


def test_a_quote_inside_a_header_rejects_no_record() -> None:
    records = read_delimited(b'Name,Screen 15" wide\nkim,1\n')
    assert (records.header, records.count, records.ignored, records.rejects) == (("Name", 'Screen 15" wide'), 1, 0, ())
