"""A backup made: a folder of its own, in which a file that an earlier backup has is a link to the same bytes.

Linked between backups only, never to the home: an erasure there overwrites bytes, and must not reach what is kept here.
Belongs here: copying, linking, removing what is too old. Does not belong here: which files (``contents``).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain, count
from pathlib import Path

from fellowship_pipeline.backup import document
from fellowship_pipeline.backup.contents import kept
from fellowship_pipeline.backup.document import Backup, KeptFile, is_as_kept
from fellowship_pipeline.errors import UserError, writing
from fellowship_pipeline.forgetting.destruction import destroy_tree
from fellowship_pipeline.health import archive, look, refuse
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.home.aside import remove
from fellowship_pipeline.home.backups import remember_backup
from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.home.durable import make_folder, sync, sync_all
from fellowship_pipeline.intake.landing.archive import altered

UNFINISHED = ".tmp"

CHUNK = 1 << 20


@dataclass
class BackupMade:
    """What a backup came to. ``copied``: how many files no earlier one had; ``removed``: names of those too old.

    ``told``: what is wrong with the one before, in lines.
    """

    backup: Backup
    copied: int = 0
    removed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """The size of all its files."""
        return sum(file.bytes for file in self.backup.files)


def make(home: Home, to: Path, keep_days: int) -> BackupMade:
    """Makes a backup of the home in ``to``, and removes those older than ``keep_days``.

    The caller holds the home's lock. Every byte is read: what the archive has is compared with its name, what an
    earlier backup has with its hash, and copied anew where it is not that any more. After a pause of more than
    ``keep_days`` nothing is removed until the next one: it may be the clock that makes the others old. Raises UserError
    where the home is not sound, ``to`` is no place for it, or the disk refuses; then nothing of it stays.
    """
    _refuse(home, to)
    refuse(look(home))
    refuse(archive.examine(home, False))
    with writing(to):
        make_folder(to, 0o700)
        for leftover in to.glob(f"*Z*{UNFINISHED}"):
            remove(leftover)
        name = document.named(clock.now())
        names = chain([name], (f"{name}-{number}" for number in count(2)))
        folder = to / next(name for name in names if not (to / name).exists())
        made = BackupMade(Backup(folder, keep_days, Chain(home.ledger).id(), ()))
        known = _earlier(to, made)
        unfinished = folder.with_name(folder.name + UNFINISHED)
        unfinished.mkdir(mode=0o700)
        try:
            _fill(home, unfinished, made, known)
            document.write(made.backup, unfinished)
            sync_all(unfinished)
            unfinished.rename(folder)
            sync(to)
        except BaseException:
            remove(unfinished)
            raise
        made.removed += _prune(to, folder, timedelta(days=keep_days))
    remember_backup(home, made.backup.remembered())
    return made


def _refuse(home: Home, to: Path) -> None:
    """Raises UserError where that is no place for the home's backups."""
    inside, outside = to.resolve(), home.path.resolve()
    if inside.is_relative_to(outside) or outside.is_relative_to(inside):
        raise UserError(f"{to} and {home.path} lie in one another: name a folder elsewhere, best on another disk")
    if to.exists() and not to.is_dir():
        raise UserError(f"{to} is no folder: name one for the backups of this home alone")


def _earlier(to: Path, made: BackupMade) -> dict[str, Path]:
    """Where the latest whole backup has each content; UserError where it is one of another home."""
    for folder in reversed(document.backups_in(to)):
        try:
            last = document.read(folder)
        except UserError as error:
            made.told.append(f"{error}; nothing is taken from it")
            continue
        if None not in (last.chain, made.backup.chain) and last.chain != made.backup.chain:
            raise UserError(f"{to} has backups of another home: name a folder for those of this one alone")
        return {file.sha256: folder / file.path for file in last.files}
    return {}


def _fill(home: Home, folder: Path, made: BackupMade, known: dict[str, Path]) -> None:
    files = []
    for name in kept(home):
        source, target = home.path / name, folder / name
        try:
            found = _read(source, name)
        except FileNotFoundError:
            if home.landing in source.parents:
                continue  # somebody took it away meanwhile
            raise
        if home.archive in source.parents and found.sha256 != source.name:
            raise altered(home, source.name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = known.get(found.sha256)
        if there is not None and not is_as_kept(there, found):
            made.told.append(f"{there} is cut or altered: copied anew, but that backup cannot be restored")
            there = None
        if there is None or not _linked(there, target):
            found = _copied(source, target, found)
            made.copied += there is None
        known[found.sha256] = target
        files.append(found)
    made.backup = replace(made.backup, files=tuple(files))


def _read(source: Path, name: str) -> KeptFile:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        status = os.fstat(file.fileno())
    return KeptFile(name, status.st_size, digest, status.st_mode & 0o777, status.st_mtime_ns)


def _copied(source: Path, target: Path, found: KeptFile) -> KeptFile:
    """Copies the file; what was copied, should it have changed since it was read."""
    digest, size = hashlib.sha256(), 0
    with (
        source.open("rb") as file,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy,
    ):
        for chunk in _chunks(file.fileno()):
            digest.update(chunk)
            copy.write(chunk)
            size += len(chunk)
    return KeptFile(found.path, size, digest.hexdigest(), found.mode, found.mtime_ns)


def _chunks(descriptor: int) -> Iterator[bytes]:
    while chunk := os.read(descriptor, CHUNK):
        yield chunk


def _linked(there: Path, target: Path) -> bool:
    """Whether the target is now a further name of a file that is there; some disks have no such names."""
    try:
        target.hardlink_to(there)
    except OSError:
        return False
    return True


def _prune(to: Path, latest: Path, age: timedelta) -> Iterator[str]:
    """Removes backups of more than that age, as long as the one before the latest is not; their names."""
    now = document.moment(latest)
    *_, last = [folder for folder in document.backups_in(to) if folder != latest] or [latest]
    for folder in document.backups_in(to):
        if document.moment(folder) < now - age <= document.moment(last):
            destroy_tree(folder.rename(folder.with_name(folder.name + UNFINISHED)))
            yield folder.name
