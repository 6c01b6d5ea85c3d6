from __future__ import annotations

import itertools
import random

import pytest

from fellowship_pipeline.intake.readers.delimited import read_delimited
from fellowship_pipeline.intake.readers.records import Quarantined
from tests.intake.readers.test_delimited import refusals, rows

pytestmark = pytest.mark.slow


def test_header_with_a_line_end_in_quotes() -> None:
    assert read_delimited('"학년/학기\n(26년)",b\n1,2\n'.encode()).place("학년/학기 (26년)") == 0


@pytest.mark.fault("A2")
def test_an_unterminated_quote_is_refused_with_its_line() -> None:
    with pytest.raises(Quarantined, match="unterminated quote at line 3"):
        read_delimited(b'a,b\n1,"x"\n2,"y\n')


@pytest.mark.fault("B15")
@pytest.mark.parametrize(
    ("lines", "stray"),
    [
        (["1,x", '2,5" disk', "3,y"], [2]),
        (["1,x", '2,5" disk', "3,y", '4,8" disk'], [2, 4]),
        (['"1","x"', '"2","5" disk"', '"3","y"'], [2]),
        (['"1","x"', '"2","a "b" "c"', '"3","y\nz"', '"4","5" disk"', '"5",""'], [2, 4]),
    ],
)
def test_only_the_record_with_a_stray_quote_is_rejected(lines: list[str], stray: list[int]) -> None:
    records = read_delimited("\n".join(["a,b", *lines, ""]).encode())
    assert [row[0] for row in rows(records)] == [at for at in range(1, len(lines) + 1) if at not in stray]
    assert [(reject.row, reject.value, reject.reason) for reject in records.rejects] == [
        (at, lines[at - 1], "a quote inside a value that is not doubled") for at in stray
    ]
    assert (records.count, records.doubts) == (len(lines), ())


@pytest.mark.fault("B15")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'a,b\n1,"x\n2,"y"\n3,"z"\n', "line 2: a quote that is not doubled"),
        (b'a,b\n1,5" disk, large\n2,"y"\n', "line 2: a quote that is not doubled"),
        (b'a,b\n1,x\n2,"disk 5\n3,y\n', "unterminated quote at line 3"),
        (b'a,b\n1,"5" disk\nand more"\n2,"y"\n', "line 3: a quote that is not doubled"),
        (b"a,b\n" + b'1,5" disk\n' * 101, "line 102: one of too many quotes"),
    ],
    ids=itertools.count(),
)
def test_a_stray_quote_that_leaves_it_unsure_where_records_end_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        read_delimited(data)


@pytest.mark.fault("B15")
def test_a_stray_quote_in_the_middle_of_a_file_of_more_than_32_mb() -> None:
    lines = [b"%07d,2022-01-01,course,10,some words of text" % at for at in range(800_001)]
    lines[400_000] = b'0400000,2022-01-01,course,10,a 5" disk'
    data = b"\n".join([b"member,occurred_at,course,xp,note", *lines, b""])
    assert len(data) > 32_000_000
    records = read_delimited(data)
    assert (records.count, len(records.rows), records.doubts) == (800_001, 800_000, ())
    assert refusals(records) == [(400_001, 400_002, "a quote inside a value that is not doubled")]


@pytest.mark.fault("B15")
def test_a_quote_that_swallows_records_is_refused() -> None:
    with pytest.raises(Quarantined, match="line 2"):
        read_delimited(b'a,b,c\n1,"x,q\n2,y,q\n3,z,"\n4,w,q\n')


@pytest.mark.fault("B15")
def test_a_quoted_value_of_what_looks_like_records_is_a_doubt() -> None:
    records = read_delimited(b'a,b,c\n1,"x,3\n2,y",6\n3,z,9\n')
    assert records.doubts == ("line 2: a quoted value spans lines that look like records",)


@pytest.mark.fault("B15")
def test_a_quoted_value_with_several_lines_that_look_like_records_is_a_doubt() -> None:
    records = read_delimited(b'a,b,c\n1,"x\n2,y,6\n3,z,9\n4",w\n5,u,v\n')
    assert records.doubts == ("line 2: a quoted value spans lines that look like records",)


@pytest.mark.fault("B15")
def test_a_record_of_the_wrong_width_with_a_stray_quote_is_a_doubt() -> None:
    records = read_delimited(b'a,b,c\n1,""x\n2,y,6\nz"",9\n5,u,v\n')
    assert records.doubts == ("line 2: a stray quote in a record of the wrong width, perhaps a part of one",)


def test_quotes_inside_an_unquoted_value_are_text() -> None:
    assert rows(read_delimited(b'a,b\n1,say "hi" now\n2,x\n'))[0] == (1, 2, "1", 'say "hi" now')


@pytest.mark.fault("B15")
def test_an_undoubled_quote_in_a_quoted_value_rejects_that_record() -> None:
    records = read_delimited(b'a,b\n1,"say "hi" now"\n2,x\n')
    assert rows(records) == [(2, 3, "2", "x")]
    assert refusals(records) == [(1, 2, "a quote inside a value that is not doubled")]


@pytest.mark.fault("B15")
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
