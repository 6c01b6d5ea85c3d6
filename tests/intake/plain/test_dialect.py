from __future__ import annotations

import mmap
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellowship_pipeline.intake.plain.dialect import Plain, plain_dialect
from fellowship_pipeline.intake.plain.loading import csv_cells
from fellowship_pipeline.intake.readers.delimited import read_delimited
from fellowship_pipeline.intake.readers.records import LONGEST_RECORD
from fellowship_pipeline.warehouse import connect


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a,b\n1,x\n2,\n", Plain(("a", "b"), ",", 2)),
        (b"a;b\r\n1;x\r\n", Plain(("a", "b"), ";", 1)),
        ("\ufeff이름\t점수\n가\t1\n".encode(), Plain(("이름", "점수"), "\t", 1)),
        ("a,b\n1,café\n2,õ\n".encode(), Plain(("a", "b"), ",", 2)),
        ("\ufeffa,b\n1,õ\n".encode(), Plain(("a", "b"), ",", 1)),
        (b'a,b\n1,"x"\n2,y\n', Plain(("a", "b"), ",", 2)),
        (b'a,b\n1,"x, ""y"""\n2,""""\n', Plain(("a", "b"), ",", 2)),
        (b'"a","b, c"\r\n"1","x"\r\n"2",""\r\n', Plain(("a", "b, c"), ",", 2)),
        (b"a,b\n1,x\n2,y", Plain(("a", "b"), ",", 2, is_ended=False)),
        (b"a,b\r\n1,x\r\n2,y", Plain(("a", "b"), ",", 2, is_ended=False)),
        (b"a,b\n" + b"1,x\n" * 700_000, Plain(("a", "b"), ",", 700_000)),
    ],
)
def test_plain_files(data: bytes, expected: Plain) -> None:
    assert plain_dialect(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n",
        b"a,b",
        b"a\n1\n",
        b"a,b\n1,x\n2",
        b"a,b\r\n1,x\r",
        b'a,b\n1,"x\n',
        b'a,b\n1,x"\n',
        b'a,b\n1,"x" \n',
        b'a,b\n1, "x"\n',
        b'a,b\n1,""x"\n',
        b'a,b\n1,"x"y"\n',
        b'a,b\n1,"x\ny"\n',
        b'a,b\r\n1,"x\r\ny"\r\n',
        b'a,b\r\n1,"x\ry"\r\n',
        b'a,b\n1,"x\\"\n',
        b'a,b\n1,"x,y\n',
        b'a,b\n"",""\n',
        b'a,b\n1,x\n"",\n',
        b'a,b\nx,y\n"a","b"\n',
        b'"a,b"\n1\n',
        b"a,b\n1,\0\n",
        b"a,b\n1,x\r\n",
        b"a,b\r\n1,x\n",
        b"a,b\r\n1\r,x\n",
        b"a,b\n1\r,x\n",
        b"a,b\n\n1,x\n",
        b"a,b\n1,x\n\n",
        b"a,b\n,\n",
        b"a,b\n1,x\n,\n",
        b"a,b\n1,x\na,b\n",
        b"a,b\n1,x,y\n",
        b"a,b\n1\n",
        b"a,b\n1\n2,x,y\n",
        b"a,b;c\n1,2;3\n",
        b"a,a\n1,2\n",
        b"a,\n1,2\n",
        b"a,b\n1,\xff\n",
        "a,b\n1,ê°€\n".encode(),
        "a,b\n1,õ\n".encode(),
        "õ,b\n1,x\n".encode(),
        "a,b\n1,x\n".encode("utf-16"),
        b"a,b\n1," + b"x" * LONGEST_RECORD + b"\n",
        b"a,b\n" + b"1,x\n" * 65_535,
    ],
)
def test_the_strict_reader_decides_on_the_rest(data: bytes) -> None:
    assert plain_dialect(data) is None


def test_an_odd_line_late_in_a_large_file_is_found() -> None:
    lines = [b"1,x\n"] * 600_000
    for at in (300_000, 599_999):
        for odd in (b'1,"x\n', b'1,x"\n', b"\n", b"1\n", b"1,x\r\n", b"1,\0\n", "1,\ud55c\n".encode()[:-2] + b"\n"):
            assert plain_dialect(b"a,b\n" + b"".join([*lines[:at], odd, *lines[at + 1 :]])) is None


def test_characters_on_the_edges_of_pieces_are_whole() -> None:
    line = "가나다,라\n".encode()
    count = 3 * LONGEST_RECORD // len(line)
    for shift in range(len(line)):
        data = b"a" * shift + b"a,b\n" + line * count
        assert plain_dialect(data) == Plain(("a" * (shift + 1), "b"), ",", count)


def test_a_declared_delimiter_decides() -> None:
    assert plain_dialect(b"a,b;c\n1,2;3\n", ";") == Plain(("a,b", "c"), ";", 1)


def test_a_map_of_a_file_can_be_closed_afterwards() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"a,b\n1,x\n")
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            assert plain_dialect(view) == Plain(("a", "b"), ",", 1)


def test_the_strict_reader_reads_the_same_from_a_plain_file() -> None:
    data = "a,b\n1,가\n2,나\n".encode()
    plain, records = plain_dialect(data), read_delimited(data)
    assert plain is not None
    assert (plain.header, plain.count) == (records.header, records.count)


CELLS = [
    "a",
    "1",
    "",
    '""',
    '"a"',
    '"a,b"',
    '"a""b"',
    '""""',
    '"a\\b"',
    "가",
    '"가"',
    '"',
    'a"',
    "\\",
    '"a\\"',
    " ",
    '" "',
    '"\n"',
]
CELLS += ["'", "a;b", '"a\tb"', "2022-03-01"]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A few lines, most of them as they should be, now and then with a character that has no place there."""
    width, end = draw(st.integers(2, 3)), draw(st.sampled_from(["\n", "\r\n"]))
    header = draw(st.sampled_from([["k", "l", "m"], ['"k"', "l", '"m"'], ['"k,x"', "l", "m"]]))[:width]
    cell = st.sampled_from(draw(st.sampled_from([CELLS[:11], CELLS])))
    lines = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=4))
    text = end.join(map(",".join, [header, *lines])) + end * draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(list('",\n\r\\ a'))) + text[at + draw(st.integers(0, 1)) :]
    return text.encode()


@pytest.mark.slow
@given(files())
@settings(max_examples=500, deadline=None)
def test_what_is_plain_the_strict_reader_and_duckdb_read_alike(data: bytes) -> None:
    plain = plain_dialect(data)
    if plain is None:
        return
    records = read_delimited(data)
    assert (records.header, records.count, records.rejects, records.doubts) == (plain.header, plain.count, (), ())
    with tempfile.NamedTemporaryFile(suffix=".csv") as file, connect(None) as con:
        file.write(data)
        file.flush()
        read = con.execute("select * from " + csv_cells(Path(file.name), plain, {})).fetchall()
    assert [
        tuple(cell or None for cell in row) for row in zip(*(c.to_pylist() for c in records.columns), strict=True)
    ] == read
