from __future__ import annotations

import pyarrow as pa

from fellowship_pipeline.intake.readers.records import Records, first_of, texts


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
