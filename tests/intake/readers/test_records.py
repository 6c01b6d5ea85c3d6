from __future__ import annotations

import pyarrow as pa
import pytest

from fellowship_pipeline.intake.readers.records import LacksColumns, Quarantined, Records, first_of, texts

NUMBERED = (pa.array([1], pa.int64()), pa.array([2], pa.int64()))


def chunk(text: str) -> pa.ChunkedArray:
    return pa.chunked_array([[text]], pa.string())


def records(**columns: list[str]) -> Records:
    count = len(next(iter(columns.values())))
    numbers = pa.array(range(1, count + 1), pa.int64())
    return Records(
        tuple(columns),
        tuple(pa.chunked_array([values], pa.string()) for values in columns.values()),
        numbers,
        pa.array(range(2, count + 2), pa.int64()),
        count,
        "utf-8",
        ignored=1,
    )


def test_the_first_of_several_headers_that_there_is() -> None:
    one = records(Email=[" a "])
    assert first_of(one, ("Mail", "email", "Email")) == "email"
    assert texts(one, ("email",)) == ["a"]
    assert texts(one, ("Mail",)) == [""]


def test_equal_headers_are_told_apart_by_place() -> None:
    two = Records(("Said", " said"), (chunk("a"), chunk("b")), *NUMBERED, 1, "utf-8")
    assert [two.place("Said"), two.place(2), two.place(3)] == [0, 1, None]
    assert two.column(2).to_pylist() == ["b"]
    with pytest.raises(Quarantined, match="columns 1 and 2 have the same header, 'SAID'"):
        two.column("SAID")
    with pytest.raises(LacksColumns, match="the file has no column 3, 'Sad' \\(nearest: ' said'\\)"):
        two.demand_set([(("columns", "x"), 3), (("columns", "y"), "Sad")])
