from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.layouts.counted import counted
from fellowship_pipeline.intake.readers.records import LacksColumns, Records
from fellowship_pipeline.program import parse_program
from fellowship_pipeline.program.sources import Entry
from tests.intake.homes import Place, fetch


def records(**columns: list[str]) -> Records:
    count = len(next(iter(columns.values())))
    return Records(
        tuple(columns),
        tuple(pa.chunked_array([values], pa.string()) for values in columns.values()),
        pa.array(range(1, count + 1), pa.int64()),
        pa.array(range(2, count + 2), pa.int64()),
        count,
        "utf-8",
        ignored=1,
    )


def entry(where: dict[str, Any], **more: Any) -> Entry:
    return Entry.model_validate({"files": "landing/a.csv", "where": where, **more})


def test_records_with_another_text_are_ignored() -> None:
    """Compared like headers; a header that the file lacks is named by its setting."""
    three = records(Guest=[" yes", "No", "Yes"], Room=["a", "a", "b"])
    left = counted(three, entry({"guest": "Yes", "Room": "a"}))
    assert (left.rows.to_pylist(), left.lines.to_pylist(), left.count, left.ignored) == ([1], [2], 3, 3)
    assert counted(three, entry({})) == three
    with pytest.raises(LacksColumns) as refusal:
        counted(three, entry({"Host": "Yes"}))
    assert refusal.value.columns == ((("where", "Host"), "Host"),)


CELLS = ["", " ", "0", "0.0", "-1", "4.99", "5", "30", ".5", "n/a", "present", "> 0"]


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ("present", [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        ("absent", [1, 2]),
        ("= present", [11]),
        ("= > 0", [12]),
        ("30", [8]),
        (["30", "n/a", "absent"], [8, 10]),
    ],
)
def test_what_a_cell_has_to_say(written: Any, rows: list[int]) -> None:
    assert counted(records(n=CELLS), entry({"n": written})).rows.to_pylist() == rows


@pytest.mark.parametrize(
    ("written", "rows"),
    [("> 0", [6, 7, 8, 9]), (">0", [6, 7, 8, 9]), (">= 5", [7, 8]), ("< 5", [3, 4, 5, 6, 9]), ("<= 0", [3, 4, 5])],
)
def test_numbers_compare_as_numbers_and_what_is_none_is_rejected(written: str, rows: list[int]) -> None:
    left = counted(records(n=CELLS), entry({"n": written}))
    assert left.rows.to_pylist() == rows
    assert left.ignored == 1 + len(CELLS) - len(rows) - 3
    assert [(reject.row, reject.column, reject.value, reject.reason, reject.line) for reject in left.rejects] == [
        (10, "", "n/a", "no number, with which `where` compares 'n'", 11),
        (11, "", "present", "no number, with which `where` compares 'n'", 12),
        (12, "", "> 0", "no number, with which `where` compares 'n'", 13),
    ]


def test_a_record_that_another_condition_leaves_out_is_not_rejected() -> None:
    left = counted(records(n=["x", "x"], state=["in", "out"]), entry({"n": "> 0", "state": "in"}))
    assert ([reject.row for reject in left.rejects], left.ignored) == ([1], 2)


def test_numbers_are_read_as_the_column_writes_them() -> None:
    columns = {"minutes": {"from": "Min", "decimal": ","}, "progress": {"from": "Done", "percent": True}}
    both = records(Min=["0,5", "1,5", "2"], Done=["10 %", "25 %", "30%"])
    assert counted(both, entry({"Min": "> 1"}, columns=columns)).rows.to_pylist() == [2, 3]
    assert counted(both, entry({"Done": ">= 25"}, columns=columns)).rows.to_pylist() == [2, 3]


def test_a_comparison_with_no_number_is_refused() -> None:
    with pytest.raises(UserError) as raised:
        parse_program("program: {id: x}\nsources: {activity: [{files: a, where: {minutes: '> some'}}]}")
    assert str(raised.value) == (
        "program.yaml line 2, sources.activity[0].where.minutes: expected a number after >, found 'some' "
        "(a text that begins so is written '= > some')"
    )


def test_a_where_that_matches_nothing_is_said(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "where": {"minutes": "> 0", "kind": ["a", "b"]}}]})
    place.land({"a.csv": "member,occurred_at,minutes,kind\nkim,2022-03-01,0,a\nkim,2022-03-02,5,c\n"})
    with place.staged() as con:
        query = 'select status, "rows", ignored, needs_look, reason from raw.files'
        assert fetch(con, query) == [
            ("loaded", 2, 2, True, "no record counts: `where` asks for minutes: > 0, kind: ['a', 'b']")
        ]
