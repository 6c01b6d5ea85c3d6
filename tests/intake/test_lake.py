"""What is asked of rows of a lake: their sums, and themselves as facts, by the rules of files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from fellowship_pipeline.engine.part import of_batch
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.lake import LakeTable, lake_table
from fellowship_pipeline.program import parse_program

PROGRAM = """
program: {id: p}
engine: {spark: {master: 'local[1]'}}
sources: {activity: [{table: lake.learned, columns: {member: who, occurred_at: at, xp: points, minutes: null}}]}
"""
UTC_TIME = pa.timestamp("us", "UTC")


@pytest.fixture
def table() -> LakeTable:
    found = lake_table(parse_program(PROGRAM), datetime(2022, 3, 1))
    assert found
    return found


def batch(*rows: tuple[str | None, datetime | None, float | None], at: pa.DataType = UTC_TIME) -> pa.RecordBatch:
    who, when, points = zip(*rows, strict=True)
    return pa.record_batch(
        {"member": pa.array(who, pa.string()), "occurred_at": pa.array(when, at), "xp": pa.array(points, pa.float64())}
    )


def sums(table: LakeTable, rows: pa.RecordBatch) -> list[tuple[object, ...]]:
    told = of_batch(table.looking(rows.schema), rows).select(["kind", "key", "more", "first", "n"]).to_pylist()
    return sorted((tuple(row.values()) for row in told), key=str)


def test_columns_are_found_by_what_the_entry_calls_them(table: LakeTable) -> None:
    names = ["who", "at", "points", "course", "minutes", "region"]
    assert table.there(names) == {"member": "who", "occurred_at": "at", "xp": "points", "course": "course"}


def test_a_column_that_is_asked_for_has_to_be_there(table: LakeTable) -> None:
    with pytest.raises(UserError, match=r"unknown column of lake.learned 'points'. Nearest: 'point'"):
        table.there(["who", "at", "point"])


def test_sums_of_days_and_names_and_what_broke_a_rule(table: LakeTable) -> None:
    """Half past three in the afternoon in UTC is the next day in Seoul."""
    rows = batch(
        ("a", datetime(2022, 1, 1, 15, 30, tzinfo=UTC), 10),
        ("a", datetime(2022, 1, 2, 1, tzinfo=UTC), 0.5),
        ("b", None, 1),
        ("b", datetime(2022, 1, 5, tzinfo=UTC), -1),
    )
    assert sums(table, rows) == [
        ("broken", "occurred_at", "required", None, 1),
        ("broken", "xp", "below 0", None, 1),
        ("day", "2022-01-02", None, None, 2),
        ("name", "a", None, "2022-01-02", 2),
        ("rejected", None, None, None, 2),
        ("row", None, None, None, 4),
    ]


def test_a_time_without_a_zone_is_of_the_programs(table: LakeTable) -> None:
    rows = batch(("a", datetime(2022, 1, 1, 23, 30), 1), at=pa.timestamp("us"))
    assert ("day", "2022-01-01", None, None, 1) in sums(table, rows)


def test_a_day_is_the_same_whatever_the_order_and_the_batch(table: LakeTable) -> None:
    first, second = ("a", datetime(2022, 1, 1, tzinfo=UTC), 10.0), ("b", datetime(2022, 1, 1, 1, tzinfo=UTC), 5.0)

    def hashes(*batches: pa.RecordBatch) -> int:
        told = [of_batch(table.looking(one.schema), one).to_pylist() for one in batches]
        return sum(row["hashes"] for rows in told for row in rows)

    assert hashes(batch(first, second)) == hashes(batch(second), batch(first))
    assert hashes(batch(first, second)) != hashes(batch(first, first))


def test_rows_become_facts_of_those_whose_names_are_known(table: LakeTable) -> None:
    """A name that is not among them is an erased person's."""
    rows = batch(("B", datetime(2022, 1, 1, 15, 30, tzinfo=UTC), 10), ("erased", datetime(2022, 1, 1, tzinfo=UTC), 10))
    names = pa.table({"source": ["activity"], "value": ["B"], "member_id": ["b"]})
    (fact,) = of_batch(table.staging(rows.schema, names, "length(member)"), rows).to_pylist()
    assert (fact["member"], fact["member_id"], fact["xp"], fact["_part"]) == ("B", "b", 10, 1)
    assert fact["occurred_at"] == datetime(2022, 1, 1, 15, 30)
    assert fact["occurred_at"].date() == date(2022, 1, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("activity: [{", "certifications: [{table: t}], activity: [{"), "table is for activity, not for certif"),
        (("engine: {spark: {master: 'local[1]'}}", ""), "a table of a lake is read by Spark"),
        (("program: {id: p}", "program: {id: p}\nexcluded: [x]"), "excluded names no one in a table of a lake"),
        (("{table: lake.learned,", "{table: lake.learned, files: landing/a.csv,"), "expected either files or table"),
        (("{table: lake.learned,", "{table: lake.learned, delimiter: ';',"), "a table needs none of this"),
    ],
)
def test_what_a_table_cannot_be(change: tuple[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse_program(PROGRAM.replace(*change))
