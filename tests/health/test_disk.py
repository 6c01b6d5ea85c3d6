"""A disk that is full, read-only or not this user's: one line with the path and what to do, the old release intact."""

from __future__ import annotations

import errno
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir

import duckdb
import pytest

from fellowship_pipeline import warehouse as tables
from fellowship_pipeline.cli import status
from fellowship_pipeline.errors import UserError, in_words, refused
from fellowship_pipeline.health import begin, places
from fellowship_pipeline.health.warehouse import used
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import finished, generation, noted, show, write_manifest
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.landing.looks import Looks
from fellowship_pipeline.program import load_program
from tests.health.homes import MAY_MOUNT, NO_MOUNT, fill, read_only, small_disk

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not MAY_MOUNT, reason=NO_MOUNT)]

NOBODY = 65534
PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
sources:
  roster: [{files: landing/roster*.csv}]
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home on a disk of 8 MB of its own, with a release, a file taken in, and a warehouse."""
    monkeypatch.setattr(places, "LEAST_ROOM", 0)
    with small_disk(tmp_path / "disk", "8m") as disk:
        home = Home(disk / "home")
        home.landing.mkdir(parents=True)
        home.program_file.write_text(PROGRAM)
        (home.landing / "roster.csv").write_text("member,cohort\na,c\n")
        with hold(home.state, 0):
            publish(home, "r1", 100)
            with used(home):
                warehouse(home)
        yield home


def publish(home: Home, run_id: str, size: int) -> None:
    folders = []
    for root in (home.published, home.operations):
        with generation(root, run_id) as folder:
            (folder / "page.html").write_bytes(os.urandom(size))
            write_manifest(folder, {"run_id": run_id}, {})
        folders.append(finished(folder))
    show(noted(home), folders)


def warehouse(home: Home) -> None:
    with tables.connect(home.warehouse) as con:
        con.execute("create or replace table raw.a as select range as n, uuid() as t from range(40000)")


def arrive(home: Home) -> None:
    take_in(home, load_program(home.path))


def look(home: Home) -> None:
    looks = Looks(home)
    looks.seen = {f"landing/{number}.csv": (1, "m", 1.0, None) for number in range(2000)}  # type: ignore[misc]
    looks.save(looks.seen)


WRITERS: dict[str, Callable[[Home], None]] = {
    "archive": arrive,
    "ledger.jsonl": lambda home: Ledger(home.ledger).append([{"event": "ignored", "path": "x" * 9000, "reason": "y"}]),
    "warehouse": warehouse,
    "state": look,
    "published": lambda home: publish(home, "r2", 1_000_000),
}


@pytest.mark.fault("F5")
@pytest.mark.parametrize("place", WRITERS)
def test_a_full_disk_is_one_line_and_leaves_the_release(home: Home, place: str) -> None:
    before = (home.release / "page.html").read_bytes()
    with hold(home.state, 0):
        filler = fill(home.path.parent, 0)
        with pytest.raises(UserError) as raised:
            WRITERS[place](home)
        line = str(raised.value)
        assert place in line and "\n" not in line
        assert "the disk is full (0 bytes are free)" in line or "No space left on device" in line
        assert "make room and run again" in line
        assert (home.release / "page.html").read_bytes() == before
        filler.unlink()
        WRITERS[place](home)
    assert not list(home.path.rglob("*.tmp"))


@pytest.mark.fault("F5")
def test_a_full_disk_does_not_even_let_a_run_begin(home: Home) -> None:
    fill(home.path.parent, 0)
    with pytest.raises(UserError, match=rf"^{home.state}: the disk is full"), hold(home.state, 0):
        pass


@pytest.mark.fault("F5")
def test_a_disk_with_too_little_room_is_named_before_anything_runs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LEAST_ROOM", 1 << 20)
    needed = (1 << 20) + home.warehouse.stat().st_size
    line = f"{home.path}: too little room on its disk (1,048,576 bytes are free, {needed:,} are needed); make room and"
    with hold(home.state, 0):
        begin(home)
        fill(home.path.parent, 1 << 20)
        with pytest.raises(UserError, match="^" + re.escape(line)):
            begin(home)


@pytest.mark.fault("F5")
@pytest.mark.parametrize("place", ["archive", "warehouse", "published", "operations", "dagster"])
def test_the_place_on_the_disk_that_has_too_little_room_is_named(
    home: Home, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "LEAST_ROOM", 2 << 20)
    line = rf"^{place}: too little room on its disk \(1,048,576 bytes are free, 2,097,"
    with small_disk(home.path / place, "1m"), hold(home.state, 0), pytest.raises(UserError, match=line):
        begin(home)


@pytest.mark.fault("F5")
def test_a_warehouse_that_found_the_disk_full_is_made_anew(home: Home) -> None:
    with hold(home.state, 0):
        filler = fill(home.path.parent, 50_000)
        with pytest.raises(UserError, match="the disk is full"), used(home):
            warehouse(home)
        filler.unlink()
        begin(home)
        with used(home):
            warehouse(home)
        assert begin(home) == []
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        assert con.execute("select count(*) from raw.a").fetchall() == [(40000,)]


@pytest.mark.fault("F13")
def test_a_home_that_is_mounted_read_only_is_one_line(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    Ledger(home.ledger).append([{"event": "received", "sha256": "ab" * 32, "bytes": 10, "path": "landing/a.csv"}])
    read_only(home.path.parent)
    assert status(["files", str(home.path), "withdraw", "abab"]) == 2
    assert capsys.readouterr().err == (
        f"error: {home.state / 'lock'}: it is on a file system that is mounted read-only: mount it for writing, or move"
        " the home; what was published stays as it was\n"
    )


@pytest.mark.fault("F13")
@pytest.mark.parametrize("place", ["archive", "warehouse", "published", "operations", "dagster"])
def test_one_place_that_is_mounted_read_only_is_named_before_anything_runs(home: Home, place: str) -> None:
    said = rf"^{place}: cannot be written; it is on a file system that is mounted read-only: mount it"
    with small_disk(home.path / place, "1m") as disk:
        read_only(disk)
        with hold(home.state, 0), pytest.raises(UserError, match=said):
            begin(home)


@pytest.mark.fault("F13")
@pytest.mark.parametrize("place", ["archive", "warehouse", "state", "published", "operations", "ledger.jsonl"])
def test_another_users_place_is_named(home: Home, place: str) -> None:
    """As user nobody, to whom all of the home belongs but that place."""
    home.ledger.touch()
    home.archive.mkdir(exist_ok=True)
    subprocess.run(["chown", "-R", "nobody", str(home.path)], check=True)
    os.chown(home.path / place, 0, 0)
    (home.path / place).chmod(0o700)
    for parent in takewhile(lambda parent: parent != Path(gettempdir()), home.path.parents):
        parent.chmod(0o755)
    line = as_nobody(home)
    assert place in line
    assert "user 'nobody' has no right to write or read it: make it theirs (chown)" in line


def as_nobody(home: Home) -> str:
    """What a run of user nobody begins with, in a process of its own: why it goes no further."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        said = "it went on"
        try:
            os.setuid(NOBODY)
            with hold(home.state, 0):
                begin(home)
        except UserError as error:
            said = str(error)
        finally:
            os.write(there, said.encode())
            os._exit(0)
    os.close(there)
    os.waitpid(child, 0)
    with os.fdopen(here) as told:
        return told.read()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "the disk is full ("),
        (errno.EDQUOT, "the quota is used up ("),
        (errno.EFBIG, "the limit on the size of a file is reached ("),
        (errno.EIO, "the disk reports an error"),
    ],
)
@pytest.mark.fault("F13")
def test_each_refusal_has_its_words(tmp_path: Path, code: int, said: str) -> None:
    line = str(refused(code, tmp_path / "a", needed=1234567))
    assert line.startswith(f"{tmp_path / 'a'}: {said}")
    assert ("1,234,567 are needed" in line) == (code != errno.EIO)


def test_what_is_no_refusal_is_left_to_others() -> None:
    assert in_words(ValueError("no")) is None
    assert in_words(FileNotFoundError(errno.ENOENT, "No such file", "/a")) == "[Errno 2] No such file: '/a'"
