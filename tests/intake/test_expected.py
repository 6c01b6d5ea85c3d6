"""Files that are overdue: which entries, since when, in whose time zone; the check, the warning, what asks for none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from assets.publication.warnings import warnings
from assets.resources import RunProgram, WarehouseResource
from checks.freshness import COMES, build_freshness_checks
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.intake.expected import Overdue, overdue
from fellowship_pipeline.program import parse_program
from fellowship_pipeline.warehouse import connect, create

TEXT = """\
program: {id: test}
languages: [en]
timezone: Asia/Seoul
sources:
  activity:
    - {files: landing/a*.csv, expects: daily}
    - {files: landing/b*.csv, expects: monthly}
  roster:
    - {files: landing/r*.csv}
"""
PROGRAM = parse_program(TEXT)
LATE = "2026-11-20 16:00:00"
"""In Seoul the 21st."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(None) as con:
        filled(con)
        yield con


def filled(con: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES:
        create(con, table)
    con.execute("insert into core.parameters (as_of, timezone) values ('2022-01-01', 'Asia/Seoul')")


def came(con: duckdb.DuckDBPyConnection, source: str, entry: int, at: str, status: str = "loaded") -> None:
    con.execute(
        "insert into raw.files (file_id, source, entry, path, first_seen, status, needs_look) "
        "values (uuid(), ?, ?, 'landing/x.csv', ?, ?, false)",
        [source, entry, at, status],
    )


def test_the_last_file_that_counted_decides_by_days_of_the_programs_zone(con: duckdb.DuckDBPyConnection) -> None:
    came(con, "activity", 0, "2026-10-01 00:00:00")
    came(con, "activity", 0, LATE, "superseded")
    came(con, "activity", 0, "2026-11-28 00:00:00", "held")
    assert list(overdue(con, PROGRAM, date(2026, 11, 22))) == []
    late = Overdue("activity", 0, "daily", date(2026, 11, 21))
    assert list(overdue(con, PROGRAM, date(2026, 11, 23))) == [late]


def test_each_entry_has_its_own_time_and_one_that_expects_nothing_none(con: duckdb.DuckDBPyConnection) -> None:
    for entry, source in ((0, "activity"), (1, "activity"), (0, "roster")):
        came(con, source, entry, LATE)
    assert [one.place for one in overdue(con, PROGRAM, date(2026, 12, 22))] == [0]
    assert [one.place for one in overdue(con, PROGRAM, date(2026, 12, 23))] == [0, 1]


def test_an_entry_of_which_nothing_was_taken_in_is_not_overdue(con: duckdb.DuckDBPyConnection) -> None:
    came(con, "activity", 0, LATE, "held")
    assert list(overdue(con, PROGRAM, date(2026, 12, 22))) == []


def test_a_run_and_the_page_warn_with_the_day(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    came(con, "activity", 0, LATE)
    line = "program.yaml line 6: a file of activity is expected daily, and the last came on 2026-11-21"
    for named in (True, False):
        said = [warning["en"] for warning in warnings(con, Home(tmp_path), PROGRAM, named=named)]
        assert [one for one in said if "expected" in one] == [line]


def checked(home: Path, *rows: tuple[str, int, str]) -> dg.AssetCheckEvaluation:
    """The check's result of a home into which files came."""
    (home / "program.yaml").write_text(TEXT)
    place = Home(home)
    place.warehouse.parent.mkdir()
    with connect(place.warehouse) as con:
        filled(con)
        for source, entry, at in rows:
            came(con, source, entry, at)
    resources = {"program": RunProgram(str(home)), "warehouse": WarehouseResource(home=str(home), is_locked=True)}
    defs = dg.Definitions(
        assets=[dg.AssetSpec(dg.AssetKey(["raw", "activity"]))],
        asset_checks=build_freshness_checks(PROGRAM),
        resources=resources,
        jobs=[dg.define_asset_job("checks", dg.AssetSelection.all_asset_checks())],
        executor=dg.in_process_executor,
    )
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("checks").execute_in_process(instance=instance)
        (evaluation,) = result.get_asset_check_evaluations()
    assert (evaluation.asset_check_key.name, evaluation.severity) == (COMES, dg.AssetCheckSeverity.WARN)
    return evaluation


def test_the_check_warns_with_the_day_and_blocks_nothing(tmp_path: Path) -> None:
    found = checked(tmp_path, ("activity", 0, LATE))
    assert (found.passed, found.description) == (False, "Expected daily, and the last file came on 2026-11-21.")
    assert (found.metadata["last_on"].value, found.blocking) == ("2026-11-21", False)


def test_the_check_passes_while_files_come(tmp_path: Path) -> None:
    yesterday: datetime = clock.now() - timedelta(days=1)
    assert checked(tmp_path, ("activity", 0, f"{yesterday:%Y-%m-%d %H:%M:%S}")).passed


def test_without_expectations_there_is_no_check() -> None:
    assert build_freshness_checks(parse_program("program: {id: a}\nsources: {activity: [{files: a.csv}]}\n")) == []


def test_what_is_no_interval_is_a_mistake_and_a_table_of_a_lake_expects_nothing() -> None:
    for entry in ("{files: a.csv, expects: hourly}", "{table: lake.activity, expects: daily}"):
        with pytest.raises(UserError, match="expects"):
            parse_program(f"program: {{id: a}}\nsources: {{activity: [{entry}]}}\n")
