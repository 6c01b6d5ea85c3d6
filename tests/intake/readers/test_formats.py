from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import MOST_COLUMNS, Quarantined
from fellowship_pipeline.program.sources import Entry
from tests.intake.homes import Place, fetch
from tests.intake.readers.test_unpacking import zipped
from tests.intake.workbooks import workbook

HEADER = ["member", "occurred_at", "course", "xp", "progress"]
ROWS: list[list[Any]] = [
    ["김하늘", "2022-01-01T09:30:00", 'Intro, to "R"', 100, 0.25],
    ["이바다", "2022-01-02", "a\nb", 12, 1],
    ["l@x.org", "2022-01-02", None, None, None],
]


def delimited(header: list[str], rows: list[list[Any]], delimiter: str = ",") -> str:
    def cell(value: Any) -> str:
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"'

    return "".join(delimiter.join(map(cell, row)) + "\n" for row in [header, *rows])


def csv(header: list[str], rows: list[list[Any]]) -> bytes:
    return delimited(header, rows).encode()


def json_list(header: list[str], rows: list[list[Any]]) -> bytes:
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows]).encode()


def json_lines(header: list[str], rows: list[list[Any]]) -> bytes:
    return "\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in rows).encode()


def parquet(header: list[str], rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[at] for row in rows] for at, name in enumerate(header)}), out)
    return out.getvalue()


FORMATS: dict[str, Callable[[list[str], list[list[Any]]], bytes]] = {
    "csv": csv,
    "tsv-utf-16": lambda header, rows: delimited(header, rows, "\t").encode("utf-16"),
    "xlsx": lambda header, rows: workbook(S=[header, *rows]),
    "json": json_list,
    "json-object": lambda header, rows: b'{"items": ' + json_list(header, rows) + b', "next": null}',
    "json-lines": json_lines,
    "parquet": parquet,
    "csv.gz": lambda header, rows: gzip.compress(csv(header, rows)),
    "csv.zip": lambda header, rows: zipped(x=csv(header, rows)),
    "xlsx.zip": lambda header, rows: zipped(x=workbook(S=[header, *rows])),
    "json.gz": lambda header, rows: gzip.compress(json_list(header, rows)),
    "parquet.gz": lambda header, rows: gzip.compress(parquet(header, rows)),
}


@pytest.mark.fault("A11", "A24")
@pytest.mark.parametrize("form", FORMATS)
def test_equal_content_gives_equal_raw_rows(place: Place, form: str) -> None:
    """Whatever the format, and whatever the file is called."""
    place.configure({"activity": [{"files": "landing/*"}]})
    place.land({"export": FORMATS[form](HEADER, ROWS)})
    with place.read() as con:
        assert fetch(con, f"select _row, {', '.join(HEADER)} from raw.activity order by _row") == [
            (1, "김하늘", "2022-01-01T09:30:00", 'Intro, to "R"', "100", "0.25"),
            (2, "이바다", "2022-01-02", "a\nb", "12", "1"),
            (3, "l@x.org", "2022-01-02", "", "", ""),
        ]
        assert fetch(con, "select status, rows, staged + rejected + superseded + ignored from raw.files") == [
            ("loaded", 3, 0)
        ]


@pytest.mark.fault("B26")
@pytest.mark.parametrize("form", FORMATS)
def test_five_thousand_columns_are_refused(form: str) -> None:
    header = [f"c{at}" for at in range(5_000)]
    with pytest.raises(Quarantined, match=f"at most {MOST_COLUMNS:,} columns|more than {MOST_COLUMNS:,}"):
        read_file(FORMATS[form](header, [[1] * 5_000]), Entry(files="landing/*"))


@pytest.mark.fault("B19", "B20")
@pytest.mark.parametrize("form", FORMATS)
def test_totals_and_blank_records_are_set_aside_in_every_format(form: str) -> None:
    rows: list[list[Any]] = [["k", 1], ["", None], ["Total", 1]]
    records = read_file(FORMATS[form](["member", "xp"], rows), Entry(files="landing/*", skip_matching="^Total$"))
    assert records.columns[0].to_pylist() == ["k"]
    assert records.count == 1 + records.ignored + len(records.rejects)


@pytest.mark.fault("A5")
@pytest.mark.parametrize("data", [b"", gzip.compress(b""), zipped(x=b""), workbook(S=[])])
def test_nothing_is_an_empty_file(data: bytes) -> None:
    with pytest.raises(Quarantined, match=r"^empty file$"):
        read_file(data, Entry(files="landing/*"))


@pytest.mark.fault("A6")
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "csv.gz"])
def test_a_header_and_nothing_else_is_held(form: str) -> None:
    records = read_file(FORMATS[form](HEADER, []), Entry(files="landing/*"))
    assert (records.count, records.doubts) == (0, ("no rows: there is a header and nothing else",))


@pytest.mark.parametrize("settings", [{"delimiter": ","}, {"skip_lines": 1}])
def test_text_that_begins_like_json_may_be_declared_to_be_delimited(settings: dict[str, Any]) -> None:
    records = read_file(b"[a],b\n1,2\n3,4\n", Entry(files="landing/*", **settings))
    assert records.encoding == "utf-8"
    assert records.columns[1].to_pylist()[-1] == "4"


@pytest.mark.fault("C2")
def test_a_csv_renamed_xlsx_is_refused_until_it_has_its_own_name(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*"}]})
    place.land({"r.xlsx": "member,cohort\nk,1\n"})
    assert place.rows("select status, reason from raw.files") == [
        (
            "quarantined",
            "text, though its name is a workbook's: name it .csv, or save it as .xlsx in a spreadsheet program",
        )
    ]
    place.land({"r.csv": "member,cohort\nk,1\n"})
    assert place.rows("select status, rows from raw.files") == [("loaded", 1)]
