from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fellowship_pipeline.intake.readers.parquet import read_parquet
from fellowship_pipeline.intake.readers.records import LONGEST_RECORD, Quarantined


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def column(values: Any) -> list[str]:
    texts: list[str] = read_parquet(parquet({"a": values})).columns[0].to_pylist()
    return texts


def test_records() -> None:
    records = read_parquet(parquet({"a": ["x", None], "b": [1, None]}))
    assert (records.header, records.count, records.encoding) == (("a", "b"), 2, None)
    assert [part.to_pylist() for part in records.columns] == [["x", ""], ["1", ""]]
    assert (records.rows.to_pylist(), records.lines.to_pylist()) == ([1, 2], [1, 2])


def test_instants_become_canonical_text() -> None:
    moments = [dt.datetime(2024, 1, 2, 3, 4, 5, 120000), None, dt.datetime(1969, 12, 31, 23, 59, 59)]
    assert column(pa.array(moments, pa.timestamp("us"))) == ["2024-01-02T03:04:05.12", "", "1969-12-31T23:59:59"]
    assert column(pa.array(moments[2:], pa.timestamp("s"))) == ["1969-12-31T23:59:59"]


def test_instants_with_a_zone_are_written_in_utc() -> None:
    moment = dt.datetime(2024, 1, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert column(pa.array([moment, None], pa.timestamp("ms", "Asia/Seoul"))) == ["2024-01-02T00:00:00Z", ""]


def test_instants_finer_than_canonical_text_are_not_rounded() -> None:
    assert column(pa.array([1, 1000], pa.timestamp("ns"))) == [
        "1970-01-01T00:00:00.000000001",
        "1970-01-01T00:00:00.000001",
    ]


def test_numbers_are_exact() -> None:
    assert column(pa.array([Decimal("1.50"), Decimal("12345678901234567890.12")])) == [
        "1.50",
        "12345678901234567890.12",
    ]
    assert column(pa.array([Decimal("0.0000000001")])) == ["0.0000000001"]
    assert column([2**62, -1]) == ["4611686018427387904", "-1"]
    assert column([0.1, 5.0, 1e-8]) == ["0.1", "5", "0.00000001"]
    assert column(pa.array([0.1, 5.0], pa.float32())) == ["0.1", "5"]


def test_what_is_no_number_stays_for_the_rules_to_refuse() -> None:
    assert column([float("nan"), float("inf")]) == ["nan", "inf"]


@pytest.mark.fault("C9")
def test_a_float_that_has_lost_digits_keeps_an_exponent() -> None:
    assert column([1e15, 1.2e19]) == ["1E+15", "1.2E+19"]


def test_other_types() -> None:
    assert column([True, None, False]) == ["true", "", "false"]
    assert column([dt.date(2024, 1, 2)]) == ["2024-01-02"]
    assert column([dt.time(3, 4, 5)]) == ["03:04:05"]
    assert column([dt.timedelta(hours=30)]) == ["1 day, 6:00:00"]
    assert column(pa.array(["x", None]).dictionary_encode()) == ["x", ""]
    assert column(["가".encode()]) == ["가"]
    assert column(pa.nulls(1)) == [""]
    assert column([[1, 2], None, []]) == ["[1, 2]", "", "[]"]


def test_what_is_nested_stands_under_names_with_dots() -> None:
    records = read_parquet(parquet({"actor": [{"mbox": "k@x", "account": {"name": "k"}}, None]}))
    assert records.header == ("actor.account.name", "actor.mbox") or records.header == (
        "actor.mbox",
        "actor.account.name",
    )
    assert sorted(part.to_pylist() for part in records.columns) == [["k", ""], ["k@x", ""]]


def test_no_rows_are_held() -> None:
    assert read_parquet(parquet({"a": pa.array([], pa.string())})).doubts == (
        "no rows: there is a header and nothing else",
    )


@pytest.mark.fault("A2")
@pytest.mark.parametrize("kept", [4, 100, -1, -9, -200])
def test_a_file_that_is_cut_off_is_refused(kept: int) -> None:
    with pytest.raises(Quarantined, match=r"^damaged or cut-off Parquet file"):
        read_parquet(parquet({"a": ["x"] * 100})[:kept])


def test_a_damaged_page_is_refused() -> None:
    data = bytearray(parquet({"a": [f"x{at}" for at in range(100)]}, write_page_checksum=True, compression="none"))
    data[data.index(b"x50")] ^= 1
    with pytest.raises(Quarantined, match=r"^damaged"):
        read_parquet(bytes(data))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([b"\xff"], "bytes in it that are no text"),
        (["k", "k\0"], "row 2: a NUL character"),
        (["k", "x" * LONGEST_RECORD + "x"], "row 2: a record of more than 1 MB"),
    ],
)
@pytest.mark.fault("A19", "B17", "B26")
def test_what_is_no_text_or_too_long_is_refused(values: list[Any], reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        read_parquet(parquet({"a": values}))


@pytest.mark.fault("C14")
def test_more_than_a_hundred_times_the_size_is_refused() -> None:
    packed = parquet({"a": [letter * 900_000 for letter in "xyz"]}, use_dictionary=False, compression="zstd")
    assert len(packed) < 10_000
    with pytest.raises(Quarantined, match=r"^unpacks to more than"):
        read_parquet(packed)


def test_two_columns_of_one_name_are_both_there() -> None:
    assert read_parquet(parquet({"a": [1], "A": [2]})).header == ("a", "A")
