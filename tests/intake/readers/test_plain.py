from __future__ import annotations

import mmap
import tempfile

import pytest

from fellowship_pipeline.intake.readers.delimited import read_delimited
from fellowship_pipeline.intake.readers.plain import Plain, plain_dialect
from fellowship_pipeline.intake.readers.records import LONGEST_RECORD


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a,b\n1,x\n2,\n", Plain(("a", "b"), ",", 2)),
        (b"a;b\r\n1;x\r\n", Plain(("a", "b"), ";", 1)),
        ("\ufeff이름\t점수\n가\t1\n".encode(), Plain(("이름", "점수"), "\t", 1)),
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
        b'a,b\n1,"x"\n',
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
        for odd in (b'1,"x"\n', b"\n", b"1\n", b"1,x\r\n", b"1,\0\n", "1,\ud55c\n".encode()[:-2] + b"\n"):
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
