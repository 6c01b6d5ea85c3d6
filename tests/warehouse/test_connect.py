"""A connection that a signal breaks into."""

from __future__ import annotations

import signal
from pathlib import Path

import duckdb
import pytest

from fellowship_pipeline import warehouse


def raising(error: Exception) -> None:
    with warehouse.connect(None):
        raise error


def test_a_signal_during_a_statement_is_an_interruption_and_no_other_error_is() -> None:
    with pytest.raises(KeyboardInterrupt):
        raising(RuntimeError("Query interrupted"))
    with pytest.raises(RuntimeError, match="another"):
        raising(RuntimeError("another"))
    with pytest.raises(duckdb.ConversionException):
        raising(duckdb.ConversionException("Query interrupted"))


@pytest.mark.slow
def test_what_duckdb_says_of_a_signal_during_a_statement() -> None:
    """The words that :data:`warehouse.INTERRUPTED` stands for; a new DuckDB may choose others."""

    class Signalled(Exception): ...

    def handler(number: int, frame: object) -> None:
        raise Signalled

    before = signal.signal(signal.SIGALRM, handler)
    try:
        assert warehouse.INTERRUPTED in {said_of_a_signal(Signalled) for _ in range(5)}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def said_of_a_signal(raised: type[Exception]) -> str | None:
    """What DuckDB raises when a signal's handler has raised; None where that fell between two statements."""
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with duckdb.connect() as con:
            while True:
                con.execute("select count(*) from range(3000000) a join range(3000000) b using (range)").fetchall()
    except raised:
        return None
    except RuntimeError as error:
        return str(error)


def test_tables_take_the_memory_that_is_asked_for() -> None:
    with warehouse.connect(None, memory=512 << 20) as con:
        assert con.execute("select current_setting('memory_limit')").fetchall() == [("512.0 MiB",)]


@pytest.mark.slow
def test_what_is_larger_than_the_memory_goes_to_the_disk_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with warehouse.connect(file, memory=48 << 20) as con:
        con.execute("set threads = 1")
        con.execute("create table core.numbers as select i, md5(i::varchar) as mixed from range(1_500_000) as t(i)")
        con.execute("create table core.sorted as select * from core.numbers order by mixed")
        assert con.execute("select count(*), min(mixed) = first(mixed) from core.sorted").fetchall() == [
            (1_500_000, True)
        ]
        assert con.execute("select current_setting('temp_directory')").fetchall() == [(f"{file}.tmp",)]


def test_parts_of_a_table_are_not_merged_when_the_warehouse_is_closed(tmp_path: Path) -> None:
    path, parts = tmp_path / "w.duckdb", "select count(distinct row_group_id) from pragma_storage_info('raw.large')"
    with warehouse.connect(path) as con:
        con.execute("create table raw.large as select range as i from range(400000)")
        before = con.execute(parts).fetchall()
    with warehouse.connect(path) as con:
        con.execute("delete from raw.large where i % 10 > 0")
    with warehouse.connect(path) as con:
        assert con.execute(parts).fetchall() == before
