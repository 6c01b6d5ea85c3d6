"""A home made of a backup. Who was erased after it was made does not come back: the next run erases them again.

Belongs here: which backup is meant, putting its files in their places, taking over later tombstones. Does not belong
here: making the tables, which is a run's.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fellowship_pipeline.backup import document
from fellowship_pipeline.backup.document import ANOTHER, Backup, KeptFile, is_as_kept
from fellowship_pipeline.errors import UserError, writing
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import remove
from fellowship_pipeline.home.backups import remember_backup
from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.home.durable import sync, sync_all

UNFINISHED = ".restoring"
CHUNK = 1 << 20


@dataclass
class Restored:
    """What a restore came to. ``erasures``: of persons erased after the backup was made, which are to be done again.

    ``told``: backups whose tombstones could not be read, in lines.
    """

    backup: Backup
    erasures: int = 0
    told: list[str] = field(default_factory=list)


def meant(source: Path) -> Path:
    """The backup that ``source`` names: itself, or the latest in it. Raises UserError where there is none."""
    if (source / document.NAME).is_file() or document.DATED.fullmatch(source.name):
        return source
    found = document.backups_in(source)
    if not found:
        raise UserError(f"{source} has no backup: name a folder that `fellowship backup HOME TO` filled, or one in it")
    return found[-1]


def restore(source: Path, path: Path, tombstones: Path | None = None) -> Restored:
    """Makes a home at ``path`` of the backup ``source``, or of the latest in it; every byte is compared with its hash.

    ``tombstones``: those of the home that was, where they are later than the backup's; those of other backups beside
    it are looked at in any case. Raises UserError where ``path`` holds anything, or the backup is not what was made;
    then nothing of it stays.
    """
    made = Restored(document.read(meant(source)))
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        broken_off = (path / UNFINISHED).exists()
        why = ", of a restore that broke off; remove it" if broken_off else "; name a new directory"
        raise UserError(f"{path} is not empty{why}")
    is_new = not path.exists()
    with writing(path):
        path.mkdir(parents=True, exist_ok=True)
        unfinished = path / UNFINISHED
        unfinished.mkdir(mode=0o700)
        try:
            _put(made.backup, unfinished)
            remember_backup(Home(unfinished), made.backup.remembered())
            made.erasures = _take_over(Home(unfinished), list(_later(made, tombstones)))
            sync_all(unfinished)
        except BaseException:
            remove(unfinished)
            if is_new:
                path.rmdir()
            raise
        for child in sorted(unfinished.iterdir(), key=lambda child: child.name == Home(path).program_file.name):
            child.rename(path / child.name)
        unfinished.rmdir()
        sync(path)
        sync(path.absolute().parent)
    return made


def _put(backup: Backup, folder: Path) -> None:
    home = Home(folder)
    home.landing.mkdir(mode=0o700)
    for file in backup.files:
        target = folder / file.path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy(backup.folder / file.path, target, file)
        target.chmod(file.mode)
        os.utime(target, ns=(file.mtime_ns, file.mtime_ns))
    for place in folder.rglob("*/"):
        place.chmod(0o755 if place == home.published or home.published in place.parents else 0o700)


def _copy(source: Path, target: Path, file: KeptFile) -> None:
    digest = hashlib.sha256()
    try:
        opened = os.fdopen(os.open(source, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except FileNotFoundError:
        raise UserError(f"{source} is gone from its backup: {ANOTHER}") from None
    except OSError as error:
        raise UserError(f"{source} cannot be read ({error.strerror}): {ANOTHER}") from None
    with opened, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != file.sha256:
        raise UserError(f"{source} is cut or altered: {ANOTHER}")


def _later(made: Restored, given: Path | None) -> Iterator[Mapping[str, Any]]:
    """The lines of tombstones that lie beside the backup, and of those that were given."""
    name = Home(made.backup.folder).tombstones.name
    for folder in document.backups_in(made.backup.folder.parent):
        try:
            other = document.read(folder)
        except UserError as error:
            made.told.append(f"{error}; who was erased by then is not looked for in it")
            continue
        for file in other.files:
            if folder != made.backup.folder and file.path == name:
                if is_as_kept(folder / name, file):
                    yield from Chain(folder / name).read()
                else:
                    made.told.append(f"{folder / name} is cut or altered; who was erased by then is not looked for")
    if given is not None:
        if not given.is_file():
            raise UserError(f"--tombstones {given}: no such file; expected the tombstones.jsonl of the home that was")
        ours, theirs = Chain(made.backup.folder / name).id(), Chain(given).id()
        if ours and theirs != ours:
            raise UserError(f"--tombstones {given}: that of another home; expected the one of the home that was")
        yield from Chain(given).read()


def _take_over(home: Home, lines: Iterable[Mapping[str, Any]]) -> int:
    """Enters erasures that the home's tombstones do not know, as begun and not ended; how many they are."""
    tombstones = Chain(home.tombstones)
    known = tombstones.read()
    erasures = {line["erasure"] for line in known if line["event"] == "erasing"}
    names = {name["hmac"] for line in known for name in line.get("names", ())}
    added: list[Mapping[str, Any]] = []
    for line in lines:
        if line["event"] == "erasing" and line["erasure"] not in erasures:
            erasures.add(line["erasure"])
        elif line["event"] != "learned" or names.issuperset(name["hmac"] for name in line["names"]):
            continue
        names |= {name["hmac"] for name in line["names"]}
        added.append(line)
    if added:
        tombstones.append(added, str(added[0]["at"]))
    return sum(line["event"] == "erasing" for line in added)
