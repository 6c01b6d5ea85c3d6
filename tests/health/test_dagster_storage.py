"""Dagster's records are no data: what is damaged is made anew, and who holds them is named. Memories likewise."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.health import Level, dagster_storage, memory
from fellowship_pipeline.home import Home
from fellowship_pipeline.run import _instance
from tests.health.homes import built, other_process, said, today

RUNS, INDEX, SCHEDULES = "dagster/history/runs.db", "dagster/history/runs/index.db", "dagster/schedules/schedules.db"
TABLES = {RUNS: "runs", INDEX: "event_logs", SCHEDULES: "jobs"}
HOLDER = """
import sqlite3, sys, time
con = sqlite3.connect(sys.argv[1], isolation_level=None)
con.execute("pragma locking_mode = exclusive")
con.execute("begin exclusive")
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the databases that Dagster makes, a thousand rows in each, and its settings."""
    home = built(tmp_path)
    (home.dagster / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    for name, table in TABLES.items():
        (home.path / name).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(home.path / name)) as con:
            con.execute(f"create table {table} (id integer primary key, body text)")
            con.execute("create table alembic_version (version_num text)")
            con.execute("insert into alembic_version values ('29b539ebc72a')")
            con.executemany(f"insert into {table} (body) values (?)", [("x" * 200,)] * 1000)
            con.commit()
    return home


def shuffled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:8292] = b"\xaa" * 100
    path.write_bytes(content)


def another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as con:
        con.execute("create table mine (a)")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "emptied": (lambda path: os.truncate(path, 0), "damaged"),
    "cut": (lambda path: os.truncate(path, path.stat().st_size // 2), "damaged"),
    "header gone": (lambda path: path.write_bytes(bytes(100) + path.read_bytes()[100:]), "damaged"),
    "a page overwritten": (shuffled, "damaged"),
    "text": (lambda path: path.write_text("hello\n"), "damaged"),
    "another program's": (another, "damaged"),
    "a folder": (folder, "no file"),
}


@pytest.mark.fault("G13")
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    ("name", "lost"),
    [
        (RUNS, "past runs are no longer listed"),
        (INDEX, "the history of assets begins again"),
        (SCHEDULES, "turn schedules and sensors on again where they were"),
    ],
)
def test_a_damaged_database_is_one_line_and_set_aside(home: Home, name: str, lost: str, damage: str) -> None:
    do, problem = DAMAGES[damage]
    do(home.path / name)
    file = name.rpartition("/")[2]
    line = f"{name}: {problem}; set aside as {file}.damaged-{today()}; Dagster makes it anew; {lost}"
    assert said(dagster_storage.examine(home, mend=True)) == [(Level.MENDED, line)]
    assert list(dagster_storage.examine(home, mend=True)) == []


@pytest.mark.fault("G13")
def test_sound_databases_stay_and_looking_alone_changes_nothing(home: Home) -> None:
    assert list(dagster_storage.examine(home, mend=True)) == []
    os.truncate(home.path / INDEX, 0)
    assert [level for level, _ in said(dagster_storage.examine(home, mend=False))] == [Level.WARNING]
    assert (home.path / INDEX).exists()


@pytest.mark.slow
@pytest.mark.fault("G13")
def test_a_database_that_somebody_holds_stops_the_run(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dagster_storage, "WAIT_SECONDS", 0.2)
    with other_process(HOLDER, str(home.path / INDEX)) as holder:
        assert said(dagster_storage.examine(home, mend=True)) == [
            (Level.STOP, f"{INDEX}: database is locked; stop the program that holds it, and run again")
        ]
        holder.kill()
    assert list(dagster_storage.examine(home, mend=True)) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"telemetry: [", b"- a\n", b"hello"])
def test_settings_that_are_none_are_set_aside(home: Home, content: bytes) -> None:
    settings = home.dagster / "dagster.yaml"
    settings.write_bytes(content)
    kept = f"dagster.yaml.damaged-{today()}"
    line = f"dagster/dagster.yaml: cannot be read as settings; set aside as {kept}; Dagster makes it anew"
    assert said(dagster_storage.examine(home, mend=True)) == [(Level.MENDED, line)]
    assert (settings.exists(), settings.with_name(kept).read_bytes()) == (False, content)


@pytest.mark.parametrize("name", ["looks", "warehouse", "publishing"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"5"])
def test_a_memory_that_cannot_be_read_is_one_line(home: Home, name: str, content: bytes) -> None:
    (home.state / f"{name}.json").write_bytes(content)
    (home.state / f"{name}.json.77.tmp").write_text("half")
    kept = f"{name}.json.damaged-{today()}"
    assert said(memory.examine(home, mend=True)) == [
        (Level.MENDED, f"state/{name}.json: cannot be read; set aside as {kept}, made anew")
    ]
    assert [path.name for path in home.state.iterdir()] == [kept]


@pytest.mark.slow
@pytest.mark.fault("F5")
def test_a_record_that_could_not_be_kept_is_said_once(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    full = OperationalError("insert", {}, sqlite3.OperationalError("database or disk is full"))
    line = f"^{home.dagster}: Dagster's records cannot be written or read \\(database or disk is full; "
    (home.dagster / "dagster.yaml").unlink()
    for name in TABLES:
        (home.path / name).unlink()
    with pytest.raises(UserError, match=line), _instance(home, print):
        sys.stderr.write(f"Exception while writing logger call to event log: {full}\n")
        sys.stderr.write("something else\n")
        raise full
    assert capsys.readouterr().err == "something else\n"
