from __future__ import annotations

import errno
import hashlib
import io
import os
import socket
import threading
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing import arrival, folder
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.landing.arrival import Arrivals, waiting
from tests.clocks import SetClock
from tests.intake.homes import Place

ANY = {"activity": [{"files": "landing/**/*"}]}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(place: Place) -> list[str]:
    return sorted(path.read_text() for path in place.home.archive.rglob("*") if path.is_file())


def listed(place: Place) -> dict[str, tuple[str, str | None]]:
    return {file.path: (file.status, file.reason) for file in place.ledger.state().listed()}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files read, look by look."""
    paths: list[str] = []
    chunks = folder.chunks

    def noted(home: Home, path: str) -> Iterator[bytes]:
        paths.append(path)
        yield from chunks(home, path)

    monkeypatch.setattr(folder, "chunks", noted)
    return paths


@pytest.fixture
def at_look(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], object]], None]:
    """Does something once the file has begun to be read so often: the copy of a new path reads, and so does the look at
    a path that the ledger knows."""

    def at(number: int, act: Callable[[], object]) -> None:
        chunks, looks = folder.chunks, iter(range(1, 1000))

        def interrupted(home: Home, path: str) -> Iterator[bytes]:
            is_now = next(looks) == number
            for chunk in chunks(home, path):
                yield chunk
                if is_now:
                    act()

        monkeypatch.setattr(folder, "chunks", interrupted)

    return at


def test_new_files_are_archived_once_by_content(place: Place) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x", "b/b.csv": "x", "c.csv": "y"})
    assert place.take_in() == Arrivals(("landing/a.csv", "landing/b/b.csv", "landing/c.csv"))
    assert place.take_in() == Arrivals()
    assert kept(place) == ["x", "y"]
    assert archived(place.home, sha("x")).read_text() == "x"
    assert len(place.ledger.events()) == 3


@pytest.mark.fault("A10")
def test_other_content_under_the_same_name_is_another_version_and_both_are_kept(place: Place) -> None:
    place.configure(ANY)
    for content in ("x", "y", "x"):
        place.land({"a.csv": content})
        assert place.take_in().received == ("landing/a.csv",)
    assert place.ledger.state().versions("landing/a.csv") == [sha("y"), sha("x")]
    assert kept(place) == ["x", "y"]


@pytest.mark.fault("A8", "A9")
def test_the_same_bytes_under_another_name_are_already_there(place: Place) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})
    place.take_in()
    first_seen = place.ledger.state().contents[sha("x")].first_seen
    place.land({"a (1).csv": "x"})
    place.take_in()
    again = f"already received on {first_seen:%Y-%m-%d %H:%M} as landing/a.csv"
    assert listed(place) == {"landing/a.csv": ("received", None), "landing/a (1).csv": ("ignored", again)}
    assert kept(place) == ["x"]


@pytest.mark.fault("A7", "A15")
def test_temporary_names_links_and_devices_are_ignored_and_listed(place: Place, tmp_path: Path) -> None:
    place.configure(ANY)
    temporary = ["~$a.xlsx", "a.part", "a.CRDOWNLOAD", ".DS_Store", "Thumbs.db"]
    place.land({**dict.fromkeys(temporary, "x"), "ok.csv": "x"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("secret")
    (place.home.landing / "link.csv").symlink_to(outside / "secret.csv")
    (place.home.landing / "folder").symlink_to(outside)
    os.mkfifo(place.home.landing / "pipe.csv")
    (place.home.landing / "name.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place.home.landing / "s.csv"))
        arrivals = place.take_in()
    no_files = ["link.csv", "folder", "pipe.csv", "s.csv"]
    assert arrivals.received == ("landing/ok.csv",)
    assert arrivals.ignored == {
        **{f"landing/{name}": "temporary" for name in temporary},
        **{f"landing/{name}": "no regular file" for name in no_files},
    }
    place.take_in()
    ignored = [event["path"] for event in place.ledger.events() if event["event"] == "ignored"]
    assert sorted(ignored) == sorted(arrivals.ignored)
    assert {path for path, (status, _) in listed(place).items() if status == "ignored"} == set(arrivals.ignored)
    assert kept(place) == ["x"]


@pytest.mark.fault("A15")
def test_a_file_that_becomes_a_link_after_it_was_listed_is_not_followed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    (place.home.landing / "a.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(folder.Left, match="cannot be read"):
        list(folder.chunks(place.home, "landing/a.csv"))


def test_files_that_no_entry_asks_for_are_left(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/a*.csv"}]})
    place.land({"a.csv": "x", "cv.pdf": "x"})
    assert place.take_in() == Arrivals(("landing/a.csv",))


def test_files_beside_are_taken_along_where_the_preset_looks_them_up(place: Place) -> None:
    place.configure({"activity": [{"preset": "datacamp_data_connector", "files": "landing/*/*course_fact.csv"}]})
    place.land({"d/learning_course_fact.csv": "1", "d/user_dim.csv": "2", "d/team_dim.csv": "3", "e/user_dim.csv": "4"})
    assert place.take_in().received == ("landing/d/learning_course_fact.csv", "landing/d/user_dim.csv")


@pytest.mark.fault("A1")
def test_a_file_still_growing_is_left_and_named_until_it_stands_still(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "PATIENCE_SECONDS", 0.3)
    place.configure(ANY, arrival={"quiet_seconds": 0.05})
    place.land({"growing.csv": "x", "still.csv": "y"})
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.01):
            with (place.home.landing / "growing.csv").open("a") as file:
                file.write("x")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert place.take_in() == Arrivals(("landing/still.csv",), left={"landing/growing.csv": arrival.CHANGING})
    finally:
        stop.set()
        writer.join()
    assert listed(place)["landing/growing.csv"] == ("held", arrival.CHANGING)
    assert place.take_in() == Arrivals(("landing/growing.csv",))
    assert listed(place)["landing/growing.csv"] == ("received", None)
    assert kept(place) == sorted([(place.home.landing / "growing.csv").read_text(), "y"])


@pytest.mark.fault("A1")
def test_a_file_that_grows_between_the_looks_is_taken_whole(place: Place, at_look: Callable[..., None]) -> None:
    place.configure(ANY)
    place.land({"a.csv": "half"})
    at_look(1, lambda: place.land({"a.csv": "half and half"}))
    assert place.take_in() == Arrivals(("landing/a.csv",))
    assert kept(place) == ["half and half"]


@pytest.mark.fault("A12")
@pytest.mark.parametrize(("known", "read"), [({}, 1), ({"a.csv": "older"}, 1), ({"a.csv": "older"}, 2)])
def test_a_file_replaced_while_it_is_read_is_looked_at_anew(
    place: Place, at_look: Callable[..., None], known: dict[str, str], read: int
) -> None:
    place.configure(ANY)
    place.land(known)
    place.take_in()
    place.land({"a.csv": "old"})
    (place.path / "new.csv").write_text("new")
    at_look(read, lambda: (place.path / "new.csv").rename(place.home.landing / "a.csv"))
    assert place.take_in() == Arrivals(("landing/a.csv",))
    assert kept(place) == sorted(["new", *known.values()])


@pytest.mark.fault("A12")
def test_a_file_written_over_in_place_with_its_time_put_back_is_looked_at_anew(
    place: Place, at_look: Callable[..., None]
) -> None:
    place.configure(ANY)
    place.land({"a.csv": "old"})
    path = place.home.landing / "a.csv"
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)

    def rewrite() -> None:
        path.write_text("new")
        os.utime(path, ns=times)

    at_look(1, rewrite)
    place.take_in()
    assert kept(place) == ["new"]


@pytest.mark.fault("A13")
def test_a_file_deleted_while_it_is_read_vanished_and_is_taken_when_it_is_back(
    place: Place, at_look: Callable[..., None]
) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})
    at_look(1, (place.home.landing / "a.csv").unlink)
    assert place.take_in() == Arrivals(left={"landing/a.csv": folder.VANISHED})
    assert listed(place) == {"landing/a.csv": ("held", folder.VANISHED)}
    assert kept(place) == []
    assert place.take_in() == Arrivals()
    assert listed(place) == {}
    place.land({"a.csv": "x"})
    assert place.take_in() == Arrivals(("landing/a.csv",))


@pytest.mark.fault("A14")
@pytest.mark.parametrize("error", [errno.EACCES, errno.EBUSY, errno.EIO])
def test_a_file_that_may_not_be_read_is_held_and_tried_again(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x", "b.csv": "y"})

    def refusing(home: Home, path: str) -> Iterator[bytes]:
        if path.endswith("a.csv"):
            raise OSError(error, os.strerror(error))
        return real(home, path)

    real = folder._open
    with monkeypatch.context() as patch:
        patch.setattr(folder, "_open", refusing)
        arrivals = place.take_in()
        place.take_in()
    why = f"cannot be read ({os.strerror(error)}): close it where it is open, and let the pipeline's user read it"
    assert arrivals == Arrivals(("landing/b.csv",), left={"landing/a.csv": why})
    assert listed(place) == {"landing/a.csv": ("held", why), "landing/b.csv": ("received", None)}
    assert [event["event"] for event in place.ledger.events()] == ["received", "left"]
    assert place.take_in() == Arrivals(("landing/a.csv",))


@pytest.mark.fault("A14")
def test_a_folder_that_may_not_be_listed_is_held(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.configure(ANY)
    place.land({"shut/a.csv": "x"})
    scandir = os.scandir

    def refusing(folder: Path) -> object:
        if Path(folder).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(folder.os, "scandir", refusing)
    why = "cannot be listed (Permission denied): let the pipeline's user read it"
    assert place.take_in() == Arrivals(left={"landing/shut": why})


NAMES = {
    "two lines": ("a\nb.csv", r"a\nb.csv"),
    "255 bytes": ("가" * 83 + "ab.csv", "가" * 83 + "ab.csv"),
    "right-to-left override": ("a\u202evsc.csv", r"a\u202evsc.csv"),
    "a device of Windows": ("CON.csv", "CON.csv"),
    "emoji": ("📈.csv", "📈.csv"),
    "decomposed Korean": (unicodedata.normalize("NFD", "설문.csv"), unicodedata.normalize("NFD", "설문.csv")),
    "bytes of no encoding": (os.fsdecode(b"\xbc\xb3.csv"), r"\udcbc\udcb3.csv"),
    "an escape of the terminal": ("a\x1b[2Jb.csv", r"a\x1b[2Jb.csv"),
    "a way out": ("a\\..\\..\\x.csv", "a\\..\\..\\x.csv"),
}


@pytest.mark.fault("A16")
@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES.keys())
def test_any_name_is_archived_under_its_hash_and_listed_escaped(place: Place, name: str, shown: str) -> None:
    place.configure(ANY)
    place.land({name: "x"})
    assert place.take_in() == Arrivals((f"landing/{name}",))
    assert archived(place.home, sha("x")).read_text() == "x"
    assert listed(place) == {f"landing/{shown}": ("received", None)}
    assert place.take_in() == Arrivals()


@pytest.mark.slow
@pytest.mark.fault("A18")
def test_many_files_are_read_once_and_a_tick_stops_in_time(
    place: Place, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "BATCH", 300)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    place.configure(ANY)
    place.land({f"{n:04}.csv": str(n) for n in range(2000)})
    program = place.program()
    assert (waiting(place.home, program), len(reads)) == ({}, 0)
    monkeypatch.setattr(arrival, "TICK_SECONDS", 0)
    assert (waiting(place.home, program), len(reads)) == ({}, 0)
    monkeypatch.setattr(arrival, "TICK_SECONDS", 60)
    assert len(waiting(place.home, program)) == len(reads) == 2000
    assert len(waiting(place.home, program)) == len(reads) == 2000
    assert len(place.take_in().received) == 2000
    assert len(reads) == 4000
    assert (place.take_in(), waiting(place.home, program), len(reads)) == (Arrivals(), {}, 4000)
    place.land({"0500.csv": "new"})
    assert place.take_in() == Arrivals(("landing/0500.csv",))
    assert reads[4000:] == ["landing/0500.csv"] * 2


@pytest.mark.fault("A19")
def test_a_sparse_file_of_5_gb_is_refused_unread_and_stays(place: Place, reads: list[str]) -> None:
    place.configure(ANY)
    with (place.home.landing / "huge.csv").open("wb") as file:
        file.truncate(5 << 30)
    why = "larger than 2 GB, the most a file may have: export it in parts"
    assert place.take_in() == Arrivals(left={"landing/huge.csv": why})
    assert waiting(place.home, place.program()) == {}
    assert listed(place) == {"landing/huge.csv": ("held", why)}
    assert (reads, kept(place)) == ([], [])
    assert (place.home.landing / "huge.csv").exists()


@pytest.mark.fault("A21")
@pytest.mark.parametrize("moment", [0, 4_000_000_000])
def test_the_time_of_a_file_orders_nothing(place: Place, moment: int) -> None:
    place.configure(ANY)
    for content in ("x", "y"):
        place.land({"a.csv": content})
        os.utime(place.home.landing / "a.csv", (moment, moment))
        assert place.take_in().received == ("landing/a.csv",)
        moment = 1_600_000_000
    assert place.ledger.state().versions("landing/a.csv") == [sha("x"), sha("y")]


def test_the_memory_of_looks_is_a_cache(place: Place, reads: list[str]) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})
    place.take_in()
    for damage in ("{", "[]", '{"landing/a.csv": 1}'):
        (place.home.state / "looks.json").write_text(damage)
        reads.clear()
        assert (place.take_in(), reads) == (Arrivals(), ["landing/a.csv"])
    assert (place.take_in(), len(reads)) == (Arrivals(), 1)


def test_a_touched_file_is_read_and_found_the_same(place: Place, reads: list[str]) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})
    place.take_in()
    os.utime(place.home.landing / "a.csv", (1, 1))
    reads.clear()
    assert (place.take_in(), reads) == (Arrivals(), ["landing/a.csv"])
    assert (place.take_in(), len(reads)) == (Arrivals(), 1)


def test_the_sensor_names_what_stood_still_from_tick_to_tick(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.configure(ANY, arrival={"quiet_seconds": 60})
    clock = SetClock(monkeypatch, datetime(2026, 3, 2, 12, tzinfo=UTC))
    place.land({"a.csv": "x"})
    program = place.program()
    assert waiting(place.home, program) == {}
    assert waiting(place.home, program) == {}
    clock.move(seconds=60)
    assert waiting(place.home, program) == {"landing/a.csv": sha("x")}
    place.land({"a.csv": "xy"})
    assert waiting(place.home, program) == {}
    place.take_in()
    assert waiting(place.home, program) == {}


def test_a_destroyed_content_that_comes_again_is_not_archived(place: Place) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})
    place.take_in()
    place.ledger.append([{"event": "erased", "sha256": sha("x")}])
    archived(place.home, sha("x")).unlink()
    place.land({"b.csv": "x"})
    assert place.take_in() == Arrivals(("landing/b.csv",))
    assert kept(place) == []


def test_what_a_killed_copy_left_is_removed(place: Place) -> None:
    place.configure(ANY)
    place.home.archive.mkdir()
    (place.home.archive / "incoming.part").write_text("half")
    place.take_in()
    assert kept(place) == []


@pytest.mark.fault("A20")
@pytest.mark.parametrize("at", ["write", "fsync"])
def test_a_full_disk_leaves_no_half_copy_and_no_entry(place: Place, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    fdopen = os.fdopen
    with monkeypatch.context() as patch:
        if at == "write":
            patch.setattr(os, "fdopen", lambda *a: io.FileIO("/dev/full", "w") if a[1] == "wb" else fdopen(*a))
        else:
            patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match=r"^archive/: .* \(No space left on device\): nothing of it was taken in"):
            place.take_in()
    assert (kept(place), place.ledger.events()) == ([], [])
    assert (place.home.landing / "a.csv").read_text() == "x"
    assert place.take_in() == Arrivals(("landing/a.csv",))


def test_no_landing_folder_is_no_files(place: Place) -> None:
    place.configure(ANY)
    place.home.landing.rmdir()
    assert place.take_in() == Arrivals()
