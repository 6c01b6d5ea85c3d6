"""Backups of a home: what is in them, what they cost, what a restore makes of them, and what it refuses."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fellowship_pipeline.backup import document
from fellowship_pipeline.backup.contents import OF_THIS_DISK, kept
from fellowship_pipeline.backup.making import BackupMade, make
from fellowship_pipeline.backup.restoring import UNFINISHED, restore
from fellowship_pipeline.cli import status
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting import erasure, tombstones
from fellowship_pipeline.forgetting.key import VARIABLE
from fellowship_pipeline.forgetting.names import tombstone
from fellowship_pipeline.forgetting.residue import residue
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.home.backups import last_backup
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.home.memory import digest
from tests.health.homes import MAY_MOUNT, NO_MOUNT, fill, small_disk
from tests.intake.homes import Place

SOURCES = {"roster": [{"files": "landing/roster.csv"}], "activity": [{"files": "landing/activity*.csv"}]}
ROSTER = "member,cohort,name,email\nm1,c,Ahn Bora,bora@example.org\nm2,c,Baek Duri,duri@example.org\n"
ACTIVITY = "member,occurred_at,xp\nm1,2026-02-01,10\nm2,2026-02-01,20\n"
DAY = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PLANTED = bytes(range(32))


@dataclass
class Nights:
    """A home with two files taken in, the folder of its backups, and the clock."""

    place: Place
    to: Path
    now: datetime = DAY

    @property
    def home(self) -> Home:
        return self.place.home

    def backup(self, nights: int = 1, keep_days: int = 30) -> BackupMade:
        """The backup of so many nights later."""
        self.now += timedelta(days=nights)
        with hold(self.home.state, 0):
            return make(self.home, self.to, keep_days)

    def restored(self, source: Path | None = None, **options: Path) -> Home:
        path = self.place.path.with_name("restored")
        shutil.rmtree(path, ignore_errors=True)
        restore(source or self.to, path, **options)
        return Home(path)


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nights:
    key = tmp_path / "key"
    key.write_bytes(PLANTED)
    key.chmod(0o600)
    monkeypatch.setenv(VARIABLE, str(key))
    place = Place(tmp_path / "home")
    place.home.landing.mkdir(parents=True)
    place.configure(SOURCES)
    place.land({"roster.csv": ROSTER, "activity.csv": ACTIVITY})
    made = Nights(place, tmp_path / "backups")
    monkeypatch.setattr(clock, "source", lambda: made.now)
    with hold(place.home.state, 0):
        place.take_in()
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (document.NAME, "backups.json")
    }


def erased(home: Home, *names: str) -> None:
    """What an erasure leaves in the tombstones, begun and ended."""
    id_ = tombstones.begin(home, [tombstone(PLANTED, name, "") for name in names], date(2026, 11, 25))
    tombstones.built(home, id_)
    tombstones.end(home, id_)


def test_a_backup_has_what_cannot_be_made_anew(nights: Nights) -> None:
    home = nights.home
    there = {
        "program.schema.json": "kept", "tombstones.jsonl": "kept", "decisions.jsonl": "kept",
        "published/history/2026-01-31/activity.csv": "kept", "dagster/dagster.yaml": "kept", "state/told.json": "kept",
        "landing/deeper/later.csv": "kept", "landing/~$later.xlsx": "kept",
        "published/current/dashboard.html": "", "operations/current/index.html": "",
        "operations/reviews/2026-01.csv": "",
        "warehouse/fellowship.duckdb": "", "dagster/history/runs.db": "", "archive/incoming.part": "",
        "state/told.json.7.tmp": "", "state/told.json.damaged-2026-11-01": "", "archive.damaged-2026-11-01/x": "",
        **{f"state/{name}": "" for name in OF_THIS_DISK},
    }  # fmt: skip
    for name in there:
        (home.path / name).parent.mkdir(parents=True, exist_ok=True)
        (home.path / name).write_text("x")
    (home.landing / "link.csv").symlink_to(home.ledger)
    os.mkfifo(home.landing / "pipe.csv")
    came = {"program.yaml", "landing/roster.csv", "landing/activity.csv", "ledger.jsonl", "state/ledger.head.json"}
    archived = {path.relative_to(home.path).as_posix() for path in home.archive.glob("??/*")}
    assert len(archived) == 2
    assert set(kept(home)) == came | archived | {name for name, said in there.items() if said}


def test_the_key_is_in_no_backup_wherever_it_lies(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    (nights.home.landing / "key").write_bytes(PLANTED)
    monkeypatch.setenv(VARIABLE, str(nights.home.landing / "key"))
    assert PLANTED not in files(nights.backup().backup.folder).values()


def test_what_is_restored_is_what_was_kept_with_its_times_for_its_owner_alone(nights: Nights) -> None:
    odd = os.fsdecode(b"\xb0\xa1.csv")
    nights.place.land({odd: ROSTER, "deeper/empty.csv": ""})
    made = nights.backup()
    home = nights.restored()
    assert last_backup(home) == last_backup(nights.home) == made.backup.remembered()
    assert files(home.path) == {name: (nights.home.path / name).read_bytes() for name in kept(nights.home)}
    assert {f"landing/{odd}", "landing/deeper/empty.csv"} <= files(home.path).keys()
    for name in kept(home):
        before, after = (nights.home.path / name).stat(), (home.path / name).stat()
        assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)
    for folder in (made.backup.folder, *made.backup.folder.rglob("*"), *home.path.rglob("*/")):
        assert folder.stat().st_mode & 0o077 == 0, folder


def test_a_file_is_kept_once_and_never_linked_to_the_home(nights: Nights) -> None:
    first = nights.backup()
    nights.place.land({"activity-2.csv": ACTIVITY.replace("02-01", "02-02")})
    second = nights.backup()
    assert (first.copied, second.copied) == (5, 1)  # the landed files are those of the archive
    places = [made.backup.folder / "landing" / "roster.csv" for made in (first, second)]
    assert len({place.stat().st_ino for place in places}) == 1
    assert all((nights.home.path / name).stat().st_nlink == 1 for name in kept(nights.home))
    assert files(first.backup.folder).keys() < files(second.backup.folder).keys()


def test_a_disk_without_links_gets_copies(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    nights.backup()
    assert files(nights.backup().backup.folder) == files(nights.restored().path)


def test_what_an_earlier_backup_has_no_longer_is_copied_anew_and_said(nights: Nights) -> None:
    place = nights.backup().backup.folder / "landing" / "roster.csv"
    place.write_text(ROSTER.replace("m2", "m3"))
    second = nights.backup()
    assert second.told and all(
        line.endswith("is cut or altered: copied anew, but that backup cannot be restored") for line in second.told
    )
    assert (nights.restored().landing / "roster.csv").read_text() == ROSTER


def test_what_the_archive_has_no_longer_is_said_and_nothing_is_kept(nights: Nights) -> None:
    (content,) = [path for path in nights.home.archive.glob("??/*") if path.read_text() == ROSTER]
    content.write_text(ROSTER.replace("m2", "m3"))
    os.utime(content, (0, 0))
    with pytest.raises(UserError, match=rf"^archive/../{content.name} is not what was archived: restore it"):
        nights.backup()
    assert list(nights.to.iterdir()) == []


def cut_ledger(home: Home) -> None:
    home.ledger.write_text(home.ledger.read_text().splitlines(keepends=True)[0])


def without_archive(home: Home) -> None:
    shutil.rmtree(home.archive)
    shutil.rmtree(home.landing)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut_ledger, r"^ledger.jsonl: cut after line 1 of 3; restore it from a copy"),
        (without_archive, r"^landing/activity.csv \(its copy archive/.*\): missing \(and of 1 more\); restore it"),
    ],
)
def test_a_home_that_is_not_sound_is_not_kept(nights: Nights, damage: Callable[[Home], None], said: str) -> None:
    damage(nights.home)
    with pytest.raises(UserError, match=said):
        nights.backup()
    assert not nights.to.exists()


def test_places_that_are_none_are_refused(nights: Nights, tmp_path: Path) -> None:
    home = nights.home
    for to in (home.path, home.path / "backups", tmp_path):
        with pytest.raises(UserError, match="lie in one another: name a folder elsewhere"):
            make(home, to, 30)
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="is no folder: name one for the backups"):
        make(home, tmp_path / "file", 30)
    nights.backup()
    other = Place(tmp_path / "other")
    other.home.landing.mkdir(parents=True)
    other.configure(SOURCES)
    other.land({"roster.csv": ROSTER})
    other.take_in()
    with pytest.raises(UserError, match="has backups of another home"):
        make(other.home, nights.to, 30)


def test_a_backup_that_broke_off_is_none_and_goes_with_the_next(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fellowship_pipeline.backup.making.remove", lambda path: None)  # as after a kill
    monkeypatch.setattr("fellowship_pipeline.backup.making.sync_all", lambda folder: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        nights.backup()
    monkeypatch.undo()
    (left,) = nights.to.iterdir()
    with pytest.raises(UserError, match="has no backup: name a folder that"):
        nights.restored()
    with hold(nights.home.state, 0):
        made = make(nights.home, nights.to, 30)
    assert left.name.endswith(".tmp")
    assert list(nights.to.iterdir()) == [made.backup.folder]


def test_backups_that_are_too_old_go_but_not_after_a_pause(nights: Nights) -> None:
    for _ in range(5):
        nights.backup(keep_days=4)
    assert nights.backup(keep_days=4).removed == ["20261121T023000Z"]
    assert nights.backup(nights=3, keep_days=4).removed == ["20261122T023000Z", "20261123T023000Z", "20261124T023000Z"]
    assert nights.backup(nights=5000, keep_days=4).removed == []
    assert nights.backup(keep_days=4).removed == ["20261125T023000Z", "20261126T023000Z", "20261129T023000Z"]
    assert len(list(nights.to.iterdir())) == 2
    assert files(nights.restored().path)["landing/roster.csv"] == ROSTER.encode()


def test_who_is_erased_after_a_backup_is_told_of_it(nights: Nights) -> None:
    def ended() -> erasure.Erased:
        tombstones.begin(nights.home, [tombstone(PLANTED, "Eun Jiho", "")], date(2026, 11, 25))
        (found,) = erasure.finish(nights.home, erasure.Cleansed()).values()
        return found

    before = ended()
    nights.backup(keep_days=14)
    after = ended()
    assert [line for line in (*before.lines(), *after.lines()) if "backups" in line] == [
        f"warning: backups in {nights.to} still hold the person; each is removed by the backup after 14 days, and a"
        " restore of one has the person erased again"
    ]
    assert "backup" not in before.notice("en").lower() and "nothing is left" in before.notice("en")
    assert "older than so many days: 14. We checked that nothing else is left." in after.notice("en")
    assert "백업은 14일 동안 보관한 뒤 삭제합니다." in after.notice("ko")


@pytest.mark.skipif(not MAY_MOUNT, reason=NO_MOUNT)
def test_a_disk_that_is_full_is_said_and_keeps_what_was_there(nights: Nights, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        nights.to = disk / "backups"
        before = files(nights.backup().backup.folder)
        filler = fill(disk, 8192)
        nights.place.land({"activity-2.csv": ACTIVITY * 1000})
        with pytest.raises(UserError, match="the disk is full"):
            nights.backup()
        filler.unlink()
        assert [files(folder) for folder in nights.to.iterdir()] == [before]


def cut(folder: Path) -> None:
    path = folder / "landing" / "roster.csv"
    content = path.read_bytes()
    path.unlink()  # its bytes are those of the archive's copy, too
    path.write_bytes(content[:-1])


def linked_elsewhere(folder: Path) -> None:
    path = folder / "landing" / "roster.csv"
    path.rename(folder / "aside")
    path.symlink_to(folder / "aside")


def taken(folder: Path) -> None:
    (folder / "landing" / "roster.csv").unlink()


def unlisted(folder: Path) -> None:
    (folder / document.NAME).unlink()


def listed_otherwise(folder: Path) -> None:
    path = folder / document.NAME
    path.write_text(path.read_text().replace("landing/roster.csv", "landing/other.csv"))


def cut_short(folder: Path) -> None:
    path = folder / document.NAME
    path.write_bytes(path.read_bytes()[:-40])


def resealed(folder: Path, change: Callable[[str], str]) -> None:
    """The document changed by somebody who knows how it is sealed."""
    path = folder / document.NAME
    said = json.loads(change(path.read_text()))
    del said["sha256"]
    path.write_text(json.dumps({**said, "sha256": digest(said)}))


def leading_out(folder: Path) -> None:
    resealed(folder, lambda text: text.replace('"landing/roster.csv"', '"../roster.csv"'))


def of_a_later_form(folder: Path) -> None:
    resealed(folder, lambda text: text.replace('"form": 1', '"form": 2').replace('_version": "', '_version": "9.'))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "landing/roster.csv is cut or altered: restore another one"),
        (
            linked_elsewhere,
            "landing/roster.csv cannot be read (Too many levels of symbolic links): restore another one",
        ),
        (taken, "landing/roster.csv is gone from its backup: restore another one"),
        (unlisted, "is no whole backup, it has no backup.json: name a folder that `fellowship backup` made"),
        (listed_otherwise, "backup.json is cut or altered: restore another one"),
        (cut_short, "backup.json is cut or altered: restore another one"),
        (leading_out, "backup.json is cut or altered: restore another one"),
        (of_a_later_form, "backup.json was written by version 9.0.1.0: restore it with that, or later"),
    ],
)
def test_a_backup_that_is_not_what_was_made_is_refused_in_a_line(
    nights: Nights, damage: Callable[[Path], None], said: str
) -> None:
    folder = nights.backup().backup.folder
    damage(folder)
    with pytest.raises(UserError, match=rf"{re.escape(said)}$"):
        nights.restored()
    assert not nights.place.path.with_name("restored").exists()


def test_an_earlier_backup_is_restored_where_it_is_named(nights: Nights) -> None:
    first = nights.backup().backup.folder
    nights.place.land({"activity-2.csv": ACTIVITY})
    nights.backup()
    assert not (nights.restored(first).landing / "activity-2.csv").exists()
    assert (nights.restored().landing / "activity-2.csv").exists()


def test_a_home_that_is_there_is_never_overwritten(nights: Nights, tmp_path: Path) -> None:
    nights.backup()
    with pytest.raises(UserError, match=r"home is not empty; name a new directory$"):
        restore(nights.to, nights.home.path)
    (tmp_path / "half" / UNFINISHED).mkdir(parents=True)
    with pytest.raises(UserError, match=r"half is not empty, of a restore that broke off; remove it$"):
        restore(nights.to, tmp_path / "half")
    (tmp_path / "mounted").mkdir()
    restore(nights.to, tmp_path / "mounted")
    assert files(tmp_path / "mounted") == files(nights.to / "20261121T023000Z")


def test_who_was_erased_since_does_not_come_back_with_an_older_backup(nights: Nights) -> None:
    erased(nights.home, "m9")
    older = nights.backup().backup.folder
    erased(nights.home, "m1", "Ahn Bora", "bora@example.org")
    nights.backup()
    home = nights.restored(older)
    (asked,) = tombstones.load(home).pending
    assert (asked.requested, len(asked.stones), len(tombstones.load(home).ended)) == (date(2026, 11, 25), 3, 1)
    names = ["m1", "Ahn Bora", "bora@example.org"]
    assert residue(home.path, names, [home.landing]).found
    assert erasure.resume(home, Place(home.path).program())
    assert residue(home.path, names, [home.landing]).found == ()


def test_the_tombstones_of_the_home_that_was_are_taken_over_too(nights: Nights, tmp_path: Path) -> None:
    erased(nights.home, "m9")
    nights.backup()
    erased(nights.home, "m1")
    home = nights.restored(tombstones=nights.home.tombstones)
    assert len(tombstones.load(home).pending) == 1
    shutil.move(home.path, tmp_path / "lost")
    again = nights.restored(tombstones=tmp_path / "lost" / "tombstones.jsonl")
    assert len(tombstones.load(again).pending) == 1
    other = Place(tmp_path / "other").home
    other.path.mkdir()
    erased(other, "m1")
    with pytest.raises(UserError, match=r"that of another home; expected the one of the home that was"):
        nights.restored(tombstones=other.tombstones)
    with pytest.raises(UserError, match=r"no such file; expected the tombstones\.jsonl"):
        nights.restored(tombstones=tmp_path / "nowhere.jsonl")


def test_tombstones_that_cannot_be_told_are_said(nights: Nights) -> None:
    older = nights.backup().backup.folder
    for damaged in ("tombstones.jsonl", document.NAME):
        erased(nights.home, "m1")
        folder = nights.backup().backup.folder
        (folder / damaged).unlink()
    path = nights.place.path.with_name("restored")
    told = restore(older, path).told
    assert [line.partition(" who ")[0].rpartition("/")[2] for line in told] == [
        "tombstones.jsonl is cut or altered;",
        "20261123T023000Z is no whole backup, it has no backup.json: name a folder that `fellowship backup` made;",
    ]


def test_the_commands_say_what_they_did(
    nights: Nights, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, to = str(nights.home.path), str(nights.to)
    assert status(["backup", home, to]) == 0
    said = capsys.readouterr()
    assert said.out == f"{nights.to / '20261120T023000Z'}\n"
    apart = "the pseudonym key is in no backup: keep a copy of it somewhere else\n"
    assert re.fullmatch(rf"7 files, [\d,]+ bytes; 5 new; {apart}", said.err)
    erased(nights.home, "m1")
    assert status(["backup", home, to]) == 0
    older, path = str(nights.to / "20261120T023000Z"), f"{home}-again"
    capsys.readouterr()
    monkeypatch.setenv(VARIABLE, f"{home}/none")
    assert status(["restore", older, path]) == 0
    said = capsys.readouterr()
    assert said.out == f"{path}\n"
    assert said.err.splitlines() == [
        "7 files as of 2026-11-20 02:30 UTC, all as they were kept",
        "1 erasure since then: the next run carries them out again",
        f"warning: {home}/none is not there: put the pseudonym key back before anything is run",
        f"next: `fellowship run {path}`",
    ]
    assert status(["backup", to, home]) == 2
    assert capsys.readouterr().err.startswith(f"error: {to} is no home: it has no program.yaml; ")
    with hold(nights.home.state, 0):
        assert status(["backup", home, to, "--wait", "0"]) == 3
