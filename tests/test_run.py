"""A whole run of a tiny home: published, repeated, refused, mended. Canonical headers, nothing but program.yaml."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from assets import versions
from assets.sql import models
from fellowship_pipeline.cli import status
from fellowship_pipeline.contracts import KPI_TABLES, TABLES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import run_home
from tests.health.homes import READER, other_process, today
from tests.processes import dagster_job, fellowship, interrupted, run_statuses, until

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("run")]

PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
seats: [{pool: datacamp, from: 2022-01-01, capacity: 10}]
review: {rules: [{id: xp, from: 2022-03, minimum_xp: 1000}]}
sources:
  roster: [{files: landing/roster*.csv}]
  seat_events: [{files: landing/seats*.csv}]
  activity: [{files: landing/activity*.csv}]
"""
SEATS = "member,event,occurred_at\na,accepted,2022-01-05\nb,accepted,2022-01-05\nstranger,accepted,2022-01-09\n"


def activity(days: range) -> str:
    rows = [f"{member},2022-02-{day:02}T09:00:00+09:00,{xp}" for day in days for member, xp in (("a", 36), ("b", 35))]
    return "member,occurred_at,xp\n" + "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    place = Home(tmp_path_factory.mktemp("home"))
    place.landing.mkdir()
    place.program_file.write_text(PROGRAM)
    (place.landing / "roster.csv").write_text("member,cohort,study_mode\na,c,individual\nb,c,individual\n")
    (place.landing / "seats.csv").write_text(SEATS)
    (place.landing / "activity1.csv").write_text(activity(range(1, 16)))
    (place.landing / "activity2.csv").write_text(activity(range(10, 29)))
    yield place


def kpis(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return {t.key: con.execute(f"select * from {t.key} order by all").fetchall() for t in KPI_TABLES}


def tables(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home.release / "tables").iterdir()}


def decisions(home: Home) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return con.execute("select member_id, xp, decision from ops.seat_reviews order by all").fetchall()


def is_refused(home: Home, select: str) -> bool:
    """Whether those assets are not made: a table that they need is not there, or not as checked."""
    try:
        return not run_home(home, load_program(home.path), select=select).ok
    except UserError as error:
        return "the warehouse lacks " in str(error)


def activity_files(home: Home) -> list[str]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return [
            file_id for (file_id,) in con.execute("select file_id from raw.files where source = 'activity'").fetchall()
        ]


def test_a_home_with_canonical_headers_runs_with_nothing_but_program_yaml(home: Home) -> None:
    steps: list[str] = []
    with hold(home.state, 0):
        summary = run_home(home, load_program(home.path), on_step=lambda name, done, total: steps.append(name))
    assert summary.ok and summary.failed_checks == []
    assert summary.as_of.isoformat() == "2022-02-28"
    assert summary.warnings == ["names that resolve to nobody: 1; see operations/current/unmatched.csv"]
    assert decisions(home) == [("a", 28 * 36.0, "keep"), ("b", 28 * 35.0, "reclaim")]
    assert summary.published == home.published / "current/dashboard.html"
    assert "publication" in steps
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        found = {f"{s}.{t}" for s, t in con.execute("select schema_name, table_name from duckdb_tables()").fetchall()}
    assert {table.key for table in TABLES} <= found


def test_all_but_what_is_published_is_for_its_owner_alone(home: Home) -> None:
    inputs = (home.landing, home.program_file)
    paths = [path for path in home.path.rglob("*") if not path.is_symlink()]
    shown = [path for path in paths if path.is_relative_to(home.published)]
    private = [path for path in paths if path not in shown and not any(path.is_relative_to(place) for place in inputs)]
    assert {path.relative_to(home.path).parts[0] for path in private} >= {"archive", "warehouse", "operations", "state"}
    assert [path for path in private if path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)] == []
    assert [path for path in shown if path.stat().st_mode & 0o777 != (0o755 if path.is_dir() else 0o644)] == []


@pytest.mark.fault("F15")
def test_who_reads_the_warehouse_is_named_and_loses_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before, release = kpis(home), home.release.resolve()
    with other_process(READER, str(home.warehouse), "600") as reader:
        assert status(["run", str(home.path), "--all", "--wait", "0"]) == 3
        program = Path(sys.executable).resolve().name
        line = f"error: process {reader.pid} ({program}) holds {home.warehouse}; close it there"
        assert capsys.readouterr().err.splitlines() == [line]
        reader.kill()
    assert (kpis(home), home.release.resolve()) == (before, release)


@pytest.mark.fault("F9", "F17", "G13")
def test_a_home_damaged_all_over_is_mended_by_the_next_run(
    home: Home, capsys: pytest.CaptureFixture[str], record_figure: Callable[[str, int], None]
) -> None:
    before, files = kpis(home), tables(home)
    run_id = home.release.readlink().name
    for path in (home.warehouse, home.dagster / "history/runs/index.db"):
        os.truncate(path, path.stat().st_size // 2)
    (home.release / "dashboard.html").write_text("x")
    (home.state / "looks.json").write_text("x")
    size = home.warehouse.stat().st_size
    assert status(["run", str(home.path)]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("mended: ")]
    assert [line.split(": ", 2)[1:] for line in said] == [
        ["state/looks.json", f"cannot be read; set aside as looks.json.damaged-{today()}, made anew"],
        ["published/current", "dashboard.html is not as it was published; no longer shown; this run publishes anew"],
        [
            "warehouse/fellowship.duckdb",
            f"not as the last run left it ({2 * size} bytes then, {size} now); set aside as"
            f" fellowship.duckdb.damaged-{today()} (the last such copy is kept), made anew",
        ],
        [
            "dagster/history/runs/index.db",
            f"damaged; set aside as index.db.damaged-{today()};"
            " Dagster makes it anew; the history of assets begins again",
        ],
    ]
    assert home.warehouse.with_name(f"fellowship.duckdb.damaged-{today()}").stat().st_size == size
    assert (kpis(home), tables(home)) == (before, files)
    assert home.release.readlink().name == home.lists.readlink().name != run_id
    record_figure("whole runs of a home damaged all over", 1)
    record_figure("damages: unseen, not mended, or with a traceback", 0)


def test_files_renamed_and_in_another_order_change_no_kpi(home: Home) -> None:
    before = kpis(home)
    (home.landing / "activity1.csv").rename(home.landing / "activity-z.csv")
    (home.landing / "activity2.csv").rename(home.landing / "activity-a.csv")
    os.utime(home.landing / "activity-z.csv", (0, 0))
    assert run_home(home, load_program(home.path)).ok
    assert kpis(home) == before


def test_a_program_saved_during_a_run_is_the_next_runs(home: Home) -> None:
    before = kpis(home)
    changed = PROGRAM.replace("capacity: 10", "capacity: 20").replace("minimum_xp: 1000", "minimum_xp: 1")
    assert run_home(
        home, load_program(home.path), on_step=lambda name, done, total: home.program_file.write_text(changed) and None
    ).ok
    home.program_file.write_text(PROGRAM)
    assert kpis(home) == before


@pytest.mark.fault("F19")
def test_a_run_that_is_interrupted_stops_clean_and_the_next_is_as_if_nothing_had_been(home: Home) -> None:
    before, release = kpis(home), (home.published / "current").resolve()
    for number in (signal.SIGTERM, signal.SIGINT):
        code, said = interrupted(home, number)
        assert (code, said.splitlines()[-1]) == (130, "error: interrupted")
        assert "Traceback" not in said
        assert list(run_statuses(home).values())[-1] == "FAILURE"
    assert (home.published / "current").resolve() == release
    assert is_refused(home, "publication/dashboard")
    with dagster_job(home) as job:
        _, said = job.communicate()
    assert job.returncode == 0, said
    assert (kpis(home), (home.published / "current").resolve()) == (before, release)


@pytest.mark.fault("F16", "G6")
def test_a_run_of_dagster_that_waits_stops_no_publication_and_is_ended_only_when_it_is_dead(home: Home) -> None:
    program, runs = load_program(home.path), set(run_statuses(home))
    with hold(home.state, 0):
        with dagster_job(home) as waiting:
            until(lambda: "STARTED" in run_statuses(home).values())
            (run_id,) = set(run_statuses(home)) - runs
            assert run_home(home, program, select="publication/dashboard").published
            assert run_statuses(home)[run_id] == "STARTED"
            waiting.kill()
        run_home(home, program, select="core/parameters")
    assert run_statuses(home)[run_id] == "FAILURE"


def test_a_blocking_check_that_fails_leaves_the_last_release_in_place(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    release = (home.published / "current").resolve()
    seats = models()["kpi.seats"]
    with monkeypatch.context() as patch:
        patch.setattr(seats, "sql", seats.sql.replace("    held_end,", "    held_end + 1 as held_end,", 1))
        versions.code_version.cache_clear()
        assert status(["run", str(home.path)]) == 1
    versions.code_version.cache_clear()
    assert "nothing new published" in capsys.readouterr().err
    assert (home.published / "current").resolve() == release
    assert set(kpis(home)) == {table.key for table in KPI_TABLES}


def test_with_a_week_cut_out_nobody_is_reclaimed_and_the_days_are_named(home: Home) -> None:
    for file_id in activity_files(home):
        assert status(["files", str(home.path), "withdraw", file_id]) == 0
    (home.landing / "activity-a.csv").unlink()
    (home.landing / "activity-z.csv").unlink()
    (home.landing / "activity-cut.csv").write_text(activity(range(1, 11)) + activity(range(18, 29)).partition("\n")[2])
    summary = run_home(home, load_program(home.path))
    assert summary.ok
    assert decisions(home) == []
    assert "no seat review for 2022-03: activity is missing on 2022-02-11 … 2022-02-17" in summary.warnings


def test_a_home_that_is_not_there_is_said_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert status(["run", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.fault("F16", "G10")
def test_of_twenty_runs_at_once_each_waits_or_says_so_and_no_file_is_lost(
    home: Home, record_figure: Callable[[str, int], None], pytestconfig: pytest.Config
) -> None:
    """Twenty with ``--whole``, else six: each is a process that loads all of it."""
    patient, hasty = (12, 8) if pytestconfig.getoption("--whole") else (4, 2)
    runs, started = set(run_statuses(home)), []
    for number, wait in enumerate(["600"] * patient + ["0"] * hasty):
        (home.landing / f"activity-at-once-{number}.csv").write_text(f"member,occurred_at,xp\na,2022-02-05,{number}\n")
        started.append(fellowship("run", str(home.path), "--select", "raw/activity", "--wait", wait))
    said = [process.communicate()[1] for process in started]
    codes = [process.returncode for process in started]
    assert codes[:patient] == [0] * patient, said
    assert set(codes[patient:]) <= {0, 3}, said
    came = [file.path for file in Ledger(home.ledger).state().listed() if "at-once" in file.path]
    assert sorted(came) == sorted(f"landing/activity-at-once-{number}.csv" for number in range(patient + hasty))
    new = {run_id: how for run_id, how in run_statuses(home).items() if run_id not in runs}
    assert list(new.values()) == ["SUCCESS"] * codes.count(0)
    record_figure(f"{len(codes)} runs at once: failed, lost, doubled, or with other tables", 0)
