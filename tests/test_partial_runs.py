"""Runs of some assets, as Dagster's page launches them, in a home that was damaged: refused in a line, or right.

Nothing wrong or empty is published, and a run of everything afterwards is as if nothing had been.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

import dagster as dg
import pytest

from assets import versions
from assets.sql import models
from fellowship_pipeline.definitions import build_defs
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import run_home
from fellowship_pipeline.warehouse import connect
from tests.health.runs_of_homes import changed

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("run"), pytest.mark.fault("F9", "G7")]

PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
seats: [{pool: datacamp, from: 2022-01-01, capacity: 10}]
sources:
  roster: [{files: landing/roster.csv}]
  seat_events: [{files: landing/seats.csv}]
"""
ROSTER = "member,cohort,study_mode\n" + "".join(f"m{number},c,individual\n" for number in range(6))
SEATS = "member,event,occurred_at\n" + "".join(f"m{number},accepted,2022-01-05\n" for number in range(6))
PUBLICATION = ("publication/dashboard", "publication/operations")
EVERYTHING = ": a run of everything makes it anew from the archive: `fellowship run HOME`, or the job `refresh`"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a run, and a copy of it."""
    folder = tmp_path_factory.mktemp("partial")
    home = Home(folder / "home")
    home.landing.mkdir(parents=True)
    home.program_file.write_text(PROGRAM)
    (home.landing / "roster.csv").write_text(ROSTER)
    (home.landing / "seats.csv").write_text(SEATS)
    with hold(home.state, 0):
        assert run_home(home, load_program(home.path)).ok
    shutil.copytree(home.path, folder / "sound", symlinks=True)
    return folder / "sound"


@pytest.fixture
def home(sound: Path) -> Home:
    """The home as that run left it."""
    home = Home(sound.with_name("home"))
    shutil.rmtree(home.path)
    shutil.copytree(sound, home.path, symlinks=True)
    return home


def launched(home: Home, *keys: str) -> tuple[bool, list[str], list[str]]:
    """A run of those assets (of all, where none is named): whether it did well, its errors in words, its failures."""
    job = build_defs(home=str(home.path), wait=0).resolve_job_def("refresh")
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        chosen = [dg.AssetKey(key.split("/")) for key in keys] or None
        result = job.execute_in_process(
            instance=instance, raise_on_error=False, asset_selection=chosen, run_config=QUIET
        )
        entries = instance.all_logs(result.run_id)
    said = [entry.user_message for entry in entries if entry.level == logging.ERROR and not entry.dagster_event]
    said = [line for line in said if not line.startswith("Dependencies for step check_")]
    failed = [
        entry.get_dagster_event() for entry in entries if entry.dagster_event_type is dg.DagsterEventType.STEP_FAILURE
    ]
    descriptions = [event.step_failure_data.user_failure_data for event in failed]
    return result.success, said, [str(one.description) for one in descriptions if one]


def published(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home.release / "tables").iterdir()}


REFUSED = {
    "kpi/seats": "the warehouse lacks core.parameters (and 4 more)",
    "core/seat_changes": "the warehouse lacks ",
    "core/parameters": "the warehouse lacks raw.files (and 17 more)",
    "core/previous_headlines": "the warehouse lacks ",
    "staging/roster": "the warehouse lacks raw.activity (and ",
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_without_a_warehouse_a_run_of_some_tables_is_refused_in_a_line_and_one_of_all_is_equal(
    home: Home, damage: str
) -> None:
    before, shown = published(home), home.release.readlink()
    if damage == "cut":
        os.truncate(home.warehouse, home.warehouse.stat().st_size // 2)
    else:
        home.warehouse.unlink()
    is_done, (line,), (told,) = launched(home, *PUBLICATION)
    assert (is_done, line, told) == (False, f"{home.warehouse} is not there{EVERYTHING}", line)
    for key, begins in REFUSED.items():
        is_done, (line,), (told,) = launched(home, key)
        assert (is_done, line) == (False, told)
        assert line.startswith(begins) and line.endswith(EVERYTHING)
    assert launched(home, "raw/roster", "raw/seat_events")[0]
    is_done, (line,), _ = launched(home, *PUBLICATION)
    assert (is_done, line.startswith("the warehouse lacks core.")) == (False, True)
    assert (published(home), home.release.readlink()) == (before, shown)
    if damage == "gone":
        assert launched(home)[:2] == (True, [])
        assert (published(home), home.release.readlink()) == (before, shown)


def test_with_a_line_of_the_ledger_lost_every_run_is_refused_and_goes_on_once_it_is_back(home: Home) -> None:
    before, ledger, shown = published(home), home.ledger.read_bytes(), home.release.readlink()
    changed(home.ledger, lambda lines: [*lines[:2], *lines[3:]])
    for keys in (("kpi/seats",), ("raw/roster",), PUBLICATION):
        is_done, (line,), _ = launched(home, *keys)
        assert (is_done, line.partition(";")[0]) == (False, "ledger.jsonl: 1 lines are gone before line 3")
    assert (published(home), home.release.readlink()) == (before, shown)
    home.ledger.write_bytes(ledger)
    assert launched(home, "kpi/seats")[:2] == (True, [])
    assert launched(home, *PUBLICATION)[:2] == (True, [])
    assert (published(home), home.release.readlink()) == (before, shown)


def test_a_table_whose_step_broke_is_not_published_empty(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its checks had passed on the rows that were there before."""
    before, shown = published(home), home.release.readlink()
    seats = models()["kpi.seats"]
    with monkeypatch.context() as patch:
        patch.setattr(
            seats, "sql", f"select * replace (cast(error('a value') as bigint) as held_end) from ({seats.sql})"
        )
        versions.code_version.cache_clear()
        is_done, (line,), _ = launched(home, "kpi/seats")
    versions.code_version.cache_clear()
    assert (is_done, line.startswith("InvalidInputException in ")) == (False, True)
    is_done, said, _ = launched(home, *PUBLICATION)
    assert (is_done, said) == (False, [f"the warehouse lacks kpi.seats{EVERYTHING}"])
    assert (published(home), home.release.readlink()) == (before, shown)
    assert launched(home, "kpi/seats")[0]
    assert launched(home, *PUBLICATION)[0]
    assert published(home) == before


def test_a_publication_of_what_a_broken_run_left_is_refused_in_words(home: Home) -> None:
    """As where a run was interrupted while it wrote the settings."""
    with connect(home.warehouse) as con:
        con.execute("drop table core.parameters")
    with hold(home.state, 0), pytest.raises(UserError, match=r"the warehouse lacks core\.parameters"):
        run_home(home, load_program(home.path), select="publication/dashboard")
