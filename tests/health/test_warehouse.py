"""The warehouse is a cache: whatever happened to the file is found before it is read, set aside, and made anew."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from fellowship_pipeline import warehouse as tables
from fellowship_pipeline.errors import LockHeld, UserError
from fellowship_pipeline.health import Level, begin
from fellowship_pipeline.health import warehouse as health
from fellowship_pipeline.health.warehouse import spoiled, used
from fellowship_pipeline.home import Home
from fellowship_pipeline.warehouse.trouble import Damaged
from tests.health.homes import READER, built, other_process, said, today

NAME = "warehouse/fellowship.duckdb"
ASIDE = "fellowship.duckdb.damaged-{day}"
KILLED = """
import os, signal, sys
from pathlib import Path
import duckdb
from fellowship_pipeline.health.warehouse import used
from fellowship_pipeline.home import Home
home = Home(Path(sys.argv[1]))
with used(home):
    con = duckdb.connect(str(home.warehouse))
    con.execute("create table half as select 1 as a")
    print("ready", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose last run left a warehouse of a table with 20,000 rows."""
    home = built(tmp_path)
    with used(home), duckdb.connect(str(home.warehouse)) as con:
        con.execute("create table a as select range as n, md5(cast(range as varchar)) as t from range(20000)")
    return home


def cut(path: Path, at: int) -> None:
    os.truncate(path, at)


def flipped(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "a.txt").write_text("x")


def link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: cut(path, 0),
    "cut in its header": lambda path: cut(path, 100),
    "cut after its header": lambda path: cut(path, 4096),
    "half": lambda path: cut(path, path.stat().st_size // 2),
    "a byte short": lambda path: cut(path, path.stat().st_size - 1),
    "a byte longer": lambda path: cut(path, path.stat().st_size + 1),
    "header gone": lambda path: path.write_bytes(bytes(12288) + path.read_bytes()[12288:]),
    "a bit of its first header": lambda path: flipped(path, 20),
    "a bit of a block": lambda path: flipped(path, path.stat().st_size - 5000),
    "text": lambda path: path.write_text("member,cohort\n"),
    "a folder": folder,
    "a link to nowhere": link,
    "a log of its own": lambda path: path.with_name(path.name + ".wal").write_bytes(b"\0" * 64),
}


@pytest.mark.fault("F9")
@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_happened_to_it_is_one_line_and_it_is_set_aside(home: Home, damage: str) -> None:
    DAMAGES[damage](home.warehouse)
    ((level, line),) = said(health.examine(home, mend=True))
    assert level is Level.MENDED
    if damage != "a link to nowhere":
        assert line.startswith(f"{NAME}: no")
    assert line.endswith(f"; set aside as {ASIDE.format(day=today())} (the last such copy is kept), made anew")
    names = {path.name for path in home.warehouse.parent.iterdir()}
    assert names - {f"fellowship.duckdb.wal.damaged-{today()}"} == {ASIDE.format(day=today())}
    assert list(health.examine(home, mend=True)) == []


@pytest.mark.fault("F9")
def test_a_sound_one_is_left_and_looking_alone_changes_nothing(home: Home) -> None:
    assert list(health.examine(home, mend=True)) == []
    cut(home.warehouse, 5000)
    ((level, line),) = said(health.examine(home, mend=False))
    assert level is Level.WARNING
    assert line.endswith("5000 now); the next run makes it anew from the archive")
    assert home.warehouse.stat().st_size == 5000


@pytest.mark.fault("F8")
def test_an_older_copy_put_in_its_place_is_not_taken_for_the_last(home: Home, tmp_path: Path) -> None:
    older = shutil.copy(home.warehouse, tmp_path / "older")
    with used(home), duckdb.connect(str(home.warehouse)) as con:
        con.execute("update a set t = 'x'")
        con.execute("checkpoint")
    shutil.copy(older, home.warehouse)
    ((level, line),) = said(health.examine(home, mend=True))
    assert (level, "not as the last run left it" in line) == (Level.MENDED, True)


@pytest.mark.fault("F18")
def test_one_of_another_version_of_duckdb_is_set_aside(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    version = duckdb.__version__
    monkeypatch.setattr(duckdb, "__version__", "99.0.0")
    ((level, line),) = said(health.examine(home, mend=True))
    assert (level, line.partition("; ")[0]) == (Level.MENDED, f"{NAME}: written by DuckDB {version}, this is 99.0.0")


@pytest.mark.slow
@pytest.mark.fault("F1", "F6", "F7", "F8")
@pytest.mark.parametrize("log", ["as it is", "cut", "flipped", "deleted"])
def test_what_a_killed_run_left_is_removed_with_its_log(home: Home, log: str) -> None:
    other_process(KILLED, str(home.path)).wait()
    wal = home.warehouse.with_name("fellowship.duckdb.wal")
    assert wal.stat().st_size > 0
    if log == "cut":
        cut(wal, wal.stat().st_size // 2)
    elif log == "flipped":
        flipped(wal, wal.stat().st_size // 2)
    elif log == "deleted":
        wal.unlink()
    problem = "half made, by a run that was killed or found the disk full"
    assert said(health.examine(home, mend=True)) == [
        (Level.MENDED, f"{NAME}: {problem}; removed, made anew from the archive")
    ]
    assert list(home.warehouse.parent.iterdir()) == []


@pytest.mark.fault("F8")
def test_one_that_is_gone_is_said(home: Home) -> None:
    home.warehouse.unlink()
    assert said(health.examine(home, mend=True)) == [(Level.MENDED, f"{NAME}: gone; made anew from the archive")]


def test_a_home_that_never_ran_has_nothing_to_mend(tmp_path: Path) -> None:
    assert begin(built(tmp_path)) == []


@pytest.mark.fault("F6")
def test_no_log_is_at_rest_after_a_run(home: Home) -> None:
    with used(home):
        for number in range(3):
            with tables.connect(home.warehouse) as con:
                con.execute(f"create table raw.t{number} as select 1 as a")
    assert [path.name for path in home.warehouse.parent.iterdir()] == ["fellowship.duckdb"]
    assert list(health.examine(home, mend=True)) == []


@pytest.mark.fault("F9")
def test_a_block_that_is_found_damaged_ends_the_run_in_a_line_and_the_next_makes_it_anew(home: Home) -> None:
    with pytest.raises(UserError, match=f"^{home.warehouse}: damaged .*; run again: it is set aside"), used(home):
        damaged = home.warehouse.read_bytes()
        home.warehouse.write_bytes(damaged[:12288] + bytes(b ^ 1 for b in damaged[12288:]))
        try:
            with tables.connect(home.warehouse) as con:
                con.execute("select sum(length(t)) from a").fetchall()
        except Damaged:
            spoiled(home)
            raise
    ((level, line),) = said(health.examine(home, mend=True))
    assert (level, line.partition("; ")[0]) == (Level.MENDED, f"{NAME}: damaged, as the last run found")


def test_only_the_last_copy_is_kept_and_it_is_private(home: Home) -> None:
    (home.warehouse.parent / ASIDE.format(day="2022-01-31")).write_text("older")
    home.warehouse.chmod(0o644)
    cut(home.warehouse, 1)
    assert len(list(health.examine(home, mend=True))) == 1
    (copy,) = home.warehouse.parent.iterdir()
    assert (copy.stat().st_size, copy.stat().st_mode & 0o777) == (1, 0o600)


@pytest.mark.slow
@pytest.mark.fault("F15")
def test_a_reader_is_waited_for(home: Home) -> None:
    with other_process(READER, str(home.warehouse), "1") as reader:
        with tables.connect(home.warehouse, wait=60) as con:
            assert con.execute("select count(*) from a").fetchall() == [(20000,)]
        assert reader.poll() == 0


@pytest.mark.slow
@pytest.mark.fault("F15")
@pytest.mark.parametrize("wait", [0, 0.5])
def test_a_reader_that_stays_is_named(home: Home, wait: float) -> None:
    with other_process(READER, str(home.warehouse), "60") as reader:
        said = rf"^process {reader.pid} \(python[\d.]*\) holds {home.warehouse}; close it there$"
        with pytest.raises(LockHeld, match=said), tables.connect(home.warehouse, wait=wait):
            pass
        reader.kill()
    assert list(health.examine(home, mend=True)) == []


def test_a_mistake_in_sql_is_no_damage(home: Home) -> None:
    with pytest.raises(duckdb.CatalogException), tables.connect(home.warehouse) as con:
        con.execute("select * from nothing")
