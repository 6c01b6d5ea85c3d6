"""A typed file that was loaded before: nothing of it is read again, and the tables are as if it were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.reading import entries, read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect, facts
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

HEADER = "member,occurred_at,course,kind,xp,minutes\n"
LINES = [f"m{at % 7},2022-10-{1 + at % 28:02} 02:30,R,exercise,{at},0\n" for at in range(40)]
TABLES = ("raw.files", "raw.rejects", "raw.days", "staging.activity", "ops.unmatched")


class Seen(Exception):
    """The file was read."""


@pytest.fixture
def con(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which a file of 40 rows is typed."""
    monkeypatch.setattr(loading, "SMALLEST", 0)
    place.configure({"activity": [{"files": "landing/*.csv", "timezone": "Europe/Berlin"}]})
    place.land({"a.csv": HEADER + "".join(LINES)})
    with connect(None) as con:
        tables(con, place)
        yield con


def tables(con: duckdb.DuckDBPyConnection, place: Place) -> dict[str, list[tuple[Any, ...]]]:
    program = place.program()
    read_into(con, place.home, program, place.take_in())
    stage(con, program)
    assert con.execute("select count(*) from raw.plain").fetchall() == [(1,)]
    return {key: con.execute(f"select * from {key} order by all").fetchall() for key in TABLES}


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch, con: duckdb.DuckDBPyConnection) -> None:
    """Whoever reads a large file from now on is told so."""

    def seen(*_: object) -> None:
        raise Seen

    for module, name in ((entries, "scanned"), (entries, "is_intact"), (loading, "_are_typed")):
        monkeypatch.setattr(module, name, seen)


def test_what_was_loaded_is_not_read_again(
    con: duckdb.DuckDBPyConnection, place: Place, forbidden: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = [tables(con, place) for _ in range(2)]
    monkeypatch.undo()
    monkeypatch.setattr(loading, "SMALLEST", 0)
    with connect(None) as other:
        assert again == [tables(other, place)] * 2


def test_a_file_whose_table_went_with_a_broken_step_is_read_again(
    con: duckdb.DuckDBPyConnection, place: Place, forbidden: None
) -> None:
    ((name,),) = con.execute("select rows_in from raw.plain").fetchall()
    con.execute(f"create or replace table raw.{name} as from raw.{name} limit 1")
    with pytest.raises(Seen):
        tables(con, place)


def test_a_run_of_everything_reads_everything(con: duckdb.DuckDBPyConnection, place: Place, forbidden: None) -> None:
    facts.forget(con)
    with pytest.raises(Seen):
        tables(con, place)


@pytest.mark.parametrize("settings", [{"timezone": "UTC"}, {"columns": {"xp": "minutes", "minutes": "xp"}}])
def test_an_entry_that_says_otherwise_loads_the_file_again(
    con: duckdb.DuckDBPyConnection, place: Place, settings: dict[str, Any]
) -> None:
    before = tables(con, place)
    entry = {"files": "landing/*.csv", "timezone": "Europe/Berlin", "counts": "all"} | settings
    place.configure({"activity": [entry]})
    after = tables(con, place)
    assert after["staging.activity"] != before["staging.activity"]
    with connect(None) as other:
        assert after == tables(other, place)


def test_an_archive_that_lost_the_file_stops_the_run(con: duckdb.DuckDBPyConnection, place: Place) -> None:
    (kept,) = [path for path in place.home.archive.rglob("*") if path.is_file()]
    kept.write_text(HEADER)
    with pytest.raises(UserError, match="is not what was archived"):
        tables(con, place)
    kept.unlink()
    with pytest.raises(UserError, match="is missing"):
        tables(con, place)
