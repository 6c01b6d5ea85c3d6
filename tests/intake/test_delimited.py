from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest

from fellowship_pipeline.intake.delimited import read_delimited
from fellowship_pipeline.intake.records import Quarantined, Records


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


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_no_last_one(end: str) -> None:
    assert rows(read_delimited(end.join(["a,b", "1,x", "2,y"]).encode())) == [(1, 2, "1", "x"), (2, 3, "2", "y")]


def test_mixed_line_ends() -> None:
    assert rows(read_delimited(b"a,b\r\n1,x\n2,y\r3,z")) == [(1, 2, "1", "x"), (2, 3, "2", "y"), (3, 4, "3", "z")]


def test_blank_lines_are_no_records_but_lines() -> None:
    assert rows(read_delimited(b"\na,b\n\n1,x\r\n\r\n2,y\n\n")) == [(1, 4, "1", "x"), (2, 6, "2", "y")]


def test_quoted_line_ends_delimiters_and_quotes() -> None:
    records = read_delimited(b'a,b\n1,"x, ""y""\nz"\n2,w\n')
    assert rows(records) == [(1, 2, "1", 'x, "y"\nz'), (2, 4, "2", "w")]


def test_values_keep_their_text() -> None:
    assert rows(read_delimited(b"a,b\n NA ,0010\nnull,1e3\n")) == [(1, 2, " NA ", "0010"), (2, 3, "null", "1e3")]


def test_header_with_a_line_end_in_quotes() -> None:
    assert read_delimited('"학년/학기\n(26년)",b\n1,2\n'.encode()).place("학년/학기 (26년)") == 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter: str) -> None:
    assert rows(read_delimited(f"a{delimiter}b\n1{delimiter}x\n".encode())) == [(1, 2, "1", "x")]


def test_a_comma_in_the_header_of_a_tabbed_file() -> None:
    records = read_delimited(b"a, b\tc\n1,5\t2\n3\t4\n")
    assert rows(records) == [(1, 2, "1,5", "2"), (2, 3, "3", "4")]


def test_an_uncertain_delimiter_is_refused() -> None:
    with pytest.raises(Quarantined, match="declare `delimiter`"):
        read_delimited(b"a,b;c\n1,2;3\n")


def test_skipped_lines_still_count_as_lines() -> None:
    assert rows(read_delimited(b"Report\n\na,b\n1,x\n", skip_lines=2)) == [(1, 4, "1", "x")]


def test_wrong_field_counts_are_rejected_with_their_line() -> None:
    records = read_delimited(b"a,b\n1\n2,x\n3,y,z\n4,w\n")
    assert rows(records) == [(2, 3, "2", "x"), (4, 5, "4", "w")]
    assert refusals(records) == [
        (1, 2, "1 fields where the header has 2"),
        (3, 4, "3 fields where the header has 2"),
    ]
    assert [reject.value for reject in records.rejects] == ["1", "3,y,z"]
    assert records.count == 4


def test_a_short_last_record_is_a_doubt() -> None:
    records = read_delimited(b"a,b\n1,x\n2")
    assert records.doubts == ("line 3: the last record has fewer fields than the header: probably cut off",)


def test_a_long_last_record_is_none() -> None:
    assert read_delimited(b"a,b\n1,x\n2,y,z").doubts == ()


def test_an_unterminated_quote_is_refused_with_its_line() -> None:
    with pytest.raises(Quarantined, match="unterminated quote at line 3"):
        read_delimited(b'a,b\n1,"x"\n2,"y\n')


def test_a_stray_quote_that_opens_in_mid_value_is_refused_with_its_line() -> None:
    with pytest.raises(Quarantined, match="unterminated quote at line 3"):
        read_delimited(b'a,b\n1,"x"\n2,5" disk\n3,"y"\n4,z\n')


def test_two_stray_quotes_far_apart_are_refused() -> None:
    with pytest.raises(Quarantined, match="line 2"):
        read_delimited(b'a,b\n1,5" disk\n2,y\n3,8" disk\n4,z\n')


def test_a_quote_that_swallows_records_is_refused() -> None:
    with pytest.raises(Quarantined, match="line 2"):
        read_delimited(b'a,b,c\n1,"x,q\n2,y,q\n3,z,"\n4,w,q\n')


def test_a_quoted_value_of_what_looks_like_records_is_a_doubt() -> None:
    records = read_delimited(b'a,b,c\n1,"x,3\n2,y",6\n3,z,9\n')
    assert records.doubts == ("line 2: a quoted value spans lines that look like records",)


def test_text_on_several_lines_is_none() -> None:
    assert read_delimited(b'a,b,c\n1,2,"x, y, z\n\nu"\n').doubts == ()


def test_quotes_inside_an_unquoted_value_are_text() -> None:
    assert rows(read_delimited(b'a,b\n1,say "hi" now\n2,x\n'))[0] == (1, 2, "1", 'say "hi" now')


def test_an_undoubled_quote_in_a_quoted_value_rejects_that_record() -> None:
    records = read_delimited(b'a,b\n1,"say "hi" now"\n2,x\n')
    assert rows(records) == [(2, 3, "2", "x")]
    assert refusals(records) == [(1, 2, "a quote inside a quoted value that is not doubled")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" \n\n", "empty file"),
        (b"\xef\xbb\xbf", "empty file"),
        (b"a,A \n1,2\n", "columns 1 and 2 have the same header"),
        (b"a,b\n1,\0\n", "line 2: a NUL"),
        ("a,b\n1,2\n".encode("utf-16-le"), "NUL"),
        (b'a,"b"c\n1,2\n', "header has a quote"),
        (b"a,b\n1," + b"x" * (1 << 20) + b"\n", "line 2: a record of more than 1 MB"),
    ],
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        read_delimited(data)


def test_no_rows_is_a_doubt() -> None:
    records = read_delimited(b"a,b\n")
    assert (records.count, records.doubts) == (0, ("no rows: there is a header and nothing else",))


@pytest.mark.parametrize(("records", "doubtful"), [(65_534, False), (65_535, True), (65_536, False)])
def test_as_many_lines_as_a_spreadsheet_holds(records: int, doubtful: bool) -> None:
    assert bool(read_delimited(b"a,b\n" + b"1,2\n" * records).doubts) is doubtful


def test_one_column() -> None:
    assert rows(read_delimited(b'a\nx\n""\n\ny\n')) == [(1, 2, "x"), (2, 3, ""), (3, 5, "y")]


def test_empty_header_names_may_repeat() -> None:
    assert read_delimited(b"a,,\n1,2,3\n").header == ("a", "", "")


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
        assert [list(row[2:]) for row in rows(records)] == table


def test_a_stray_quote_anywhere_never_loses_a_record_silently() -> None:
    chance = random.Random(8)
    lines = [f"{at},text {at},{at * 3}" for at in range(30)]
    whole = [tuple(line.split(",")) for line in lines]
    loaded = 0
    for _ in range(300):
        broken = list(lines)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(30)
            place = chance.randint(0, len(broken[at]))
            broken[at] = broken[at][:place] + '"' + broken[at][place:]
        try:
            records = read_delimited("\n".join(["a,b,c", *broken]).encode())
        except Quarantined:
            continue
        if records.doubts:
            continue
        loaded += 1
        kept = {row[0]: row[2:] for row in rows(records)}
        assert records.count == 30
        assert set(kept) | {reject.row for reject in records.rejects} == set(range(1, 31))
        for number, fields in kept.items():
            assert tuple(field.replace('"', "") for field in fields) == whole[number - 1]
    assert loaded
