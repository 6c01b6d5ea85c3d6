"""What files and tables tell of program.yaml, and it of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.doctor import tables
from fellowship_pipeline.program import parse_program

PROGRAM = """\
program: {id: x}
seats:
  - {pool: datacmp, from: 2022-01-01, capacity: 10}
sources:
  roster:
    - {files: "landing/roster*.csv"}
  activity:
    - {files: "landing/activity-*.csv"}
    - {files: "https://example.org/*.csv"}
"""


def lines(found: Any) -> list[str]:
    return [one.line() for one in found]


def test_an_entry_that_no_file_fits_is_named_by_its_line() -> None:
    program = parse_program(PROGRAM)
    assert lines(tables.unmatched(program, {"landing/activity-1.csv"})) == [
        "program.yaml line 6: no file in landing/ fits 'landing/roster*.csv' (roster); "
        "put the export there, or write the pattern that its name fits"
    ]
    assert lines(tables.unmatched(program, {"landing/activity-1.csv", "landing/roster.csv"})) == []


def test_a_file_that_no_entry_asks_for_is_named() -> None:
    found = lines(tables.strays(parse_program(PROGRAM), {"landing/roster.csv", "landing/activty-1.csv"}))
    assert found == [
        "landing/activty-1.csv: no entry of sources asks for it: it counts for nothing; "
        "`fellowship map FILE` says what it could be, and the lines for program.yaml"
    ]


@pytest.fixture
def con() -> Any:
    """A warehouse whose tables are there and empty."""
    with warehouse.connect(None) as opened:
        for table in TABLE_BY_KEY.values():
            warehouse.create(opened, table)
        yield opened


def test_without_a_day_nothing_is_compared() -> None:
    with warehouse.connect(None) as opened:
        assert tables.as_of(opened) is None
        opened.execute("create table core.parameters (as_of date)")
        assert tables.as_of(opened) is None
        opened.execute("insert into core.parameters values ('2022-03-31')")
        assert tables.as_of(opened) == date(2022, 3, 31)


def test_files_that_wait_are_counted_once_each(con: Any) -> None:
    con.execute("drop table raw.files; create table raw.files (status text, path text)")
    con.execute("insert into raw.files values ('held', 'a'), ('held', 'a'), ('held', 'b'), ('loaded', 'c')")
    assert [one.problem for one in tables.waiting(con)] == ["files that are held and count for nothing: 2"]


def test_a_pool_that_no_data_knows_is_named_with_the_nearest(con: Any) -> None:
    con.execute("drop table core.parameters; create table core.parameters (as_of date)")
    con.execute("insert into core.parameters values ('2022-03-31')")
    con.execute("drop table staging.seat_events; create table staging.seat_events (pool text)")
    con.execute("insert into staging.seat_events values ('datacamp')")
    assert lines(tables.unknown_names(con, parse_program(PROGRAM))) == [
        "program.yaml line 3: seats[0].pool: no data knows 'datacmp': its seats are counted as idle; 'datacamp'?",
        "program.yaml line 2: seats: no entry names the data's pool 'datacamp': it has no capacity, so that "
        "over-commitment goes unseen; give it a capacity: {pool: …, from: …, capacity: …}",
    ]


def test_days_that_no_file_vouches_for_are_a_finding_for_each_run_of_them(con: Any) -> None:
    for table, columns, rows in (
        ("core.parameters", "as_of date", "('2022-02-09')"),
        ("core.coverage", "day date", "('2022-02-01'), ('2022-02-02'), ('2022-02-05'), ('2022-02-07'), ('2022-02-09')"),
        ("core.activity_days", "day date", "('2022-02-01'), ('2022-02-09')"),
        ("staging.activity", "occurred_at timestamp", "('2022-02-01 09:00'), ('2022-02-09 09:00')"),
    ):
        con.execute(f"drop table {table}; create table {table} ({columns}); insert into {table} values {rows}")
    assert [one.problem for one in tables.holes(con, parse_program(PROGRAM))] == [
        "no file vouches for 2022-02-03 … 2022-02-04: figures lack them",
        "no file vouches for 2022-02-06: figures lack them",
        "no file vouches for 2022-02-08: figures lack them",
    ]
