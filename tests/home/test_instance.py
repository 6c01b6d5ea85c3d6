"""A home's Dagster is set up before it is opened: nothing is sent, runs end, whichever way it is opened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.storage.tags import CODE_LOCATION_TAG

from fellowship_pipeline.home import Home
from fellowship_pipeline.home.instance import SETTINGS, settle

ROOT = Path(__file__).parents[2]
OPENS = "import dagster as dg; i = dg.DagsterInstance.get(); print(i.telemetry_enabled, i.run_monitoring_enabled)"


def opened(folder: Path) -> tuple[bool, bool, int, int]:
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        return (
            instance.telemetry_enabled,
            instance.run_monitoring_enabled,
            instance.run_monitoring_start_timeout_seconds,
            int(instance.run_monitoring_max_runtime_seconds),
        )


@pytest.mark.slow
def test_a_new_instance_sends_nothing_and_ends_what_does_not_end(tmp_path: Path) -> None:
    settle(Home(tmp_path))
    assert opened(tmp_path / "dagster") == (False, True, 300, 7200)
    assert (tmp_path / "dagster").stat().st_mode & 0o777 == 0o700


def test_the_settings_of_an_operator_stay(tmp_path: Path) -> None:
    file = tmp_path / "dagster" / "dagster.yaml"
    file.parent.mkdir()
    file.write_text("telemetry: {enabled: false}\n")
    settle(Home(tmp_path))
    assert file.read_text() == "telemetry: {enabled: false}\n"


@pytest.mark.slow
def test_make_ui_settles_the_home_before_dagster_opens_it(tmp_path: Path) -> None:
    """The commands of the target, up to the one that starts Dagster, on a home where nothing ever ran."""
    shown = subprocess.run(
        ["make", "--dry-run", "ui", f"HOMES={tmp_path}", f"BIN={Path(sys.executable).parent}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line for line in shown.splitlines() if "home.instance" in line or "dagster dev" in line]
    assert len(lines) == 2 and "dagster dev" in lines[1]
    assert "--host 127.0.0.1" in lines[1]
    home = tmp_path / "datacamp_fellowship"
    environment = {**os.environ, "DAGSTER_HOME": str(home / "dagster")}
    subprocess.run(lines[0], shell=True, cwd=ROOT, check=True)
    ran = subprocess.run([sys.executable, "-c", OPENS], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]


def test_a_dagster_without_a_home_finds_the_same_settings_in_the_checkout() -> None:
    """``dagster dev`` and ``dagster definitions validate`` look for them where they are started."""
    assert (ROOT / "dagster.yaml").read_bytes() == SETTINGS.read_bytes()


def test_in_production_only_the_storage_and_how_many_programs_run_at_once_differ() -> None:
    shipped, own = (yaml.safe_load(file.read_text()) for file in (ROOT / "deploy" / "dagster.yaml", SETTINGS))
    assert set(shipped.pop("storage")) == {"postgres"}
    assert shipped["concurrency"]["runs"].pop("max_concurrent_runs") == 3
    assert shipped == own


def test_one_run_of_a_program_leaves_the_queue_at_a_time_and_what_refused_is_not_run_again() -> None:
    settings = yaml.safe_load(SETTINGS.read_text())
    assert settings["concurrency"]["runs"]["tag_concurrency_limits"] == [
        {"key": CODE_LOCATION_TAG, "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
    ]
    assert settings["run_retries"] == {"enabled": True, "max_retries": 2, "retry_on_asset_or_op_failure": False}


def test_ticks_are_forgotten() -> None:
    retention = yaml.safe_load(SETTINGS.read_text())["retention"]
    assert retention["schedule"] == {"purge_after_days": 90}
    assert retention["sensor"] == {"purge_after_days": {"skipped": 1, "failure": 30, "success": 30, "started": 30}}
