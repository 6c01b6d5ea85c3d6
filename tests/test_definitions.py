"""What Dagster is given: quick to load, wholly described, and the same keys tomorrow."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
import warnings
from functools import cache
from pathlib import Path

import dagster as dg
import pytest

from assets.resources import program_resource
from assets.sql import column_lineage, models
from checks.build import CONTRACT
from checks.freshness import COMES
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.definitions import build_defs


@cache
def definitions() -> dg.Definitions:
    return build_defs(home="")


def specs() -> dict[str, dg.AssetSpec]:
    return {".".join(spec.key.path): spec for spec in definitions().resolve_all_asset_specs()}


@pytest.mark.slow
def test_loading_imports_neither_great_expectations_nor_plotly_and_reads_no_home() -> None:
    heavy = {"great_expectations", "plotly", "apprise", "kaleido", "scipy"}
    code = f"import sys, fellowship_pipeline.definitions; print({heavy} & {{*sys.modules}})"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_every_table_is_an_asset_and_nothing_else_but_the_publications() -> None:
    assert set(specs()) == {table.key for table in TABLES} | {
        f"publication.{name}" for name in ("dashboard", "operations", "seat_review")
    }


def test_every_asset_reads_well_in_the_ui() -> None:
    for key, spec in specs().items():
        assert spec.description and "Grain: " in spec.description, key
        assert spec.owners and spec.kinds, key
        assert spec.group_name and spec.group_name.split("_")[0] == key.split(".")[0]
        if not key.startswith("publication."):
            assert spec.metadata["dagster/column_schema"].columns, key


def test_definitions_are_loadable_and_warn_of_nothing(tmp_path: Path) -> None:
    """Nothing of Dagster's that is deprecated, superseded, beta or a preview is used, but where the code says so."""
    activity = "activity: [{files: landing/*.csv, expects: daily}]"
    (tmp_path / "program.yaml").write_text(f"program: {{id: a}}\nsources: {{{activity}}}\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        defs = build_defs(home=str(tmp_path))
        dg.Definitions.validate_loadable(defs)
    keys = {(key.asset_key.to_user_string(), key.name) for key in defs.resolve_asset_graph().asset_check_keys}
    assert ("raw/activity", COMES) in keys and ("raw/roster", COMES) not in keys


def test_every_table_has_a_contract_check() -> None:
    keys = {(".".join(key.asset_key.path), key.name) for key in definitions().resolve_asset_graph().asset_check_keys}
    assert {(table.key, CONTRACT) for table in TABLES} <= keys


def test_jobs_schedules_and_the_sensor() -> None:
    repository = definitions().get_repository_def()
    assert {job.name for job in repository.get_all_jobs()} >= {"refresh", "seat_review"}
    assert {schedule.name: schedule.cron_schedule for schedule in repository.schedule_defs} == {
        "daily_refresh": "0 6 * * *",
        "monthly_seat_review": "0 7 * * *",
    }
    assert {sensor.name for sensor in repository.sensor_defs} == {"landing", "alarms"}


def test_everything_but_the_months_of_the_review_is_refreshed() -> None:
    jobs = {name: definitions().resolve_job_def(name) for name in ("refresh", "seat_review")}
    made = {name: {".".join(key.path) for key in job.asset_layer.selected_asset_keys} for name, job in jobs.items()}
    assert made["refresh"] == set(specs()) - {"publication.seat_review"}
    assert made["seat_review"] >= {"raw.activity", "ops.seat_offers", "publication.seat_review"}
    assert not made["seat_review"] & {"publication.dashboard", "publication.operations"}
    assert (jobs["refresh"].partitions_def, jobs["seat_review"].partitions_def is None) == (None, False)


@pytest.mark.slow
def test_months_are_those_of_the_programs_rules_in_its_time_zone(tmp_path: Path) -> None:
    rules = "review: {rules: [{id: b, from: 2023-01}, {id: a, from: 2022-03}]}"
    (tmp_path / "program.yaml").write_text(f"program: {{id: a}}\ntimezone: Europe/Zurich\n{rules}\nsources: {{}}\n")
    months = build_defs(home=str(tmp_path)).resolve_job_def("seat_review").partitions_def
    assert isinstance(months, dg.TimeWindowPartitionsDefinition)
    assert (months.timezone, months.get_first_partition_key()) == ("Europe/Zurich", "2022-03")


@pytest.mark.slow
def test_schedules_are_in_the_programs_time_zone(tmp_path: Path) -> None:
    assert zones(build_defs(home="")) == {"Asia/Seoul"}
    file = tmp_path / "program.yaml"
    file.write_text("program: {id: a}\ntimezone: Europe/Zurich\nsources: {}\n")
    assert zones(build_defs(home=str(tmp_path))) == {"Europe/Zurich"}
    file.write_text("no: program\n")
    assert zones(build_defs(home=str(tmp_path))) == {"Asia/Seoul"}


@pytest.mark.slow
def test_schedules_and_the_sensor_are_on_where_the_program_says_so(tmp_path: Path) -> None:
    assert started(build_defs(home="")) == set()
    (tmp_path / "program.yaml").write_text("program: {id: a}\nschedules: {start: true}\nsources: {}\n")
    assert started(build_defs(home=str(tmp_path))) == {"daily_refresh", "monthly_seat_review", "landing", "alarms"}


def started(defs: dg.Definitions) -> set[str]:
    repository = defs.get_repository_def()
    schedules = [one.name for one in repository.schedule_defs if one.default_status.value == "RUNNING"]
    return {*schedules, *(one.name for one in repository.sensor_defs if one.default_status.value == "RUNNING")}


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


def refused(defs: dg.Definitions) -> list[str]:
    """What a run that fails says of it."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("refresh").execute_in_process(raise_on_error=False, instance=instance)
        assert not result.success
        return [entry.user_message for entry in instance.all_logs(result.run_id) if entry.level == logging.ERROR]


@pytest.mark.slow
def test_without_a_home_a_run_fails_with_one_line() -> None:
    line = "no home: set FELLOWSHIP_HOME to a program's home, or use `fellowship run HOME`"
    assert line in refused(definitions())


@pytest.mark.slow
@pytest.mark.fault("G5")
def test_with_a_mistake_in_program_yaml_the_graph_loads_and_a_run_names_it_and_leaves_the_page(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text("program: {id: a}\ntimezone: Mars/Olympus\nsources: {}\n")
    page = tmp_path / "published" / "r1" / "dashboard.html"
    page.parent.mkdir(parents=True)
    page.write_text("the last release")
    listed = [{"path": page.name, "sha256": hashlib.sha256(page.read_bytes()).hexdigest()}]
    page.with_name("manifest.json").write_text(json.dumps({"run_id": "r1", "files": listed}))
    (tmp_path / "published" / "current").symlink_to("r1")
    said = refused(build_defs(home=str(tmp_path)))
    assert any("timezone" in line and "Mars/Olympus" in line for line in said), said
    assert (tmp_path / "published" / "current" / "dashboard.html").read_text() == "the last release"


@pytest.mark.slow
@pytest.mark.parametrize("key", models())
def test_every_column_of_a_model_has_its_lineage(key: str) -> None:
    lineage = column_lineage(key)
    assert set(lineage) == set(models()[key].table.column_names)
    assert any(lineage.values())
