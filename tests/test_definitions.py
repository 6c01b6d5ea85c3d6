"""What Dagster is given: quick to load, wholly described, and the same keys tomorrow."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import dagster as dg
import pytest

from assets.resources import program_resource
from assets.sql import column_lineage, models
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.definitions import build_defs


@cache
def definitions() -> dg.Definitions:
    return build_defs(home="")


def specs() -> dict[str, dg.AssetSpec]:
    return {".".join(spec.key.path): spec for spec in definitions().resolve_all_asset_specs()}


@pytest.mark.slow
def test_loading_imports_neither_great_expectations_nor_plotly_and_reads_no_home() -> None:
    code = "import sys, fellowship_pipeline.definitions; print({'great_expectations', 'plotly'} & {*sys.modules})"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_every_table_is_an_asset_and_nothing_else_but_the_publications() -> None:
    assert set(specs()) == {table.key for table in TABLES} | {"publication.dashboard", "publication.operations"}


def test_every_asset_reads_well_in_the_ui() -> None:
    for key, spec in specs().items():
        assert spec.description and "Grain: " in spec.description, key
        assert spec.owners and spec.kinds, key
        assert spec.group_name == key.split(".")[0]
        if not key.startswith("publication."):
            assert spec.metadata["dagster/column_schema"].columns, key


def test_every_table_has_a_contract_check() -> None:
    keys = {(".".join(key.asset_key.path), key.name) for key in definitions().resolve_asset_graph().asset_check_keys}
    assert {(table.key, "contract") for table in TABLES} <= keys


def test_jobs_schedules_and_the_sensor() -> None:
    repository = definitions().get_repository_def()
    assert {job.name for job in repository.get_all_jobs()} >= {"refresh", "seat_review"}
    assert {schedule.name: schedule.cron_schedule for schedule in repository.schedule_defs} == {
        "daily_refresh": "0 6 * * *",
        "monthly_seat_review": "0 7 1 * *",
    }
    assert [sensor.name for sensor in repository.sensor_defs] == ["landing"]


@pytest.mark.slow
def test_schedules_are_in_the_programs_time_zone(tmp_path: Path) -> None:
    assert zones(build_defs(home="")) == {"Asia/Seoul"}
    file = tmp_path / "program.yaml"
    file.write_text("program: {id: a}\ntimezone: Europe/Zurich\nsources: {}\n")
    assert zones(build_defs(home=str(tmp_path))) == {"Europe/Zurich"}
    file.write_text("no: program\n")
    assert zones(build_defs(home=str(tmp_path))) == {"Asia/Seoul"}


def zones(defs: dg.Definitions) -> set[str | None]:
    return {schedule.execution_timezone for schedule in defs.get_repository_def().schedule_defs}


def test_a_run_reads_its_program_once(tmp_path: Path) -> None:
    file = tmp_path / "program.yaml"
    file.write_text("program: {id: before}\nsources: {}\n")
    resource = program_resource(str(tmp_path))
    with dg.build_resources({"program": resource}) as run:
        assert run.program.load().program.id == "before"
        file.write_text("program: {id: after}\nsources: {}\n")
        assert run.program.load().program.id == "before"
    with dg.build_resources({"program": resource}) as run:
        assert run.program.load().program.id == "after"


@pytest.mark.slow
def test_without_a_home_a_run_fails_with_one_line() -> None:
    result = (
        definitions()
        .resolve_job_def("refresh")
        .execute_in_process(raise_on_error=False, instance=dg.DagsterInstance.ephemeral())
    )
    assert not result.success
    failures = result.filter_events(lambda event: event.is_step_failure)
    assert "no home: set FELLOWSHIP_HOME" in str(failures[0].step_failure_data.error)


@pytest.mark.slow
@pytest.mark.parametrize("key", models())
def test_every_column_of_a_model_has_its_lineage(key: str) -> None:
    lineage = column_lineage(key)
    assert set(lineage) == set(models()[key].table.column_names)
    assert any(lineage.values())
