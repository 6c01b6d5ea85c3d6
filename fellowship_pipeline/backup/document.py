"""``backup.json``: which files a backup has, with their hashes. The last file of a backup that is written.

Belongs here: its form, writing and reading it, finding backups in a folder. Does not belong here: the files it lists.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from fellowship_pipeline import __version__
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home.backups import LastBackup
from fellowship_pipeline.home.durable import write_durably
from fellowship_pipeline.home.memory import digest

NAME = "backup.json"
FORM = 1
"""The form of the document; a later version that changes it reads this one still."""

DATED = re.compile(r"(\d{8}T\d{6}Z)(-\d+)?")
"""The name of a backup: the second, in UTC, in which it was begun."""

ANOTHER = "restore another one"


@dataclass(frozen=True)
class KeptFile:
    """A file as it lay in the home: ``mtime_ns`` is its time, ``mode`` its rights."""

    path: str
    bytes: int
    sha256: str
    mode: int
    mtime_ns: int


@dataclass(frozen=True)
class Backup:
    """A whole backup. ``chain``: the id of the home's ledger, None where nothing had come yet.

    ``keep_days``: after how many days it is to be removed.
    """

    folder: Path
    keep_days: int
    chain: str | None
    files: tuple[KeptFile, ...]

    @property
    def made(self) -> datetime:
        """When it was begun."""
        return moment(self.folder)

    def remembered(self) -> LastBackup:
        """What the home remembers of it."""
        return LastBackup(self.folder.parent.resolve(), self.made, self.keep_days)


def named(at: datetime) -> str:
    """The name of a backup that is begun at that moment."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def moment(folder: Path) -> datetime:
    """The moment that the name of a backup says."""
    return datetime.strptime(folder.name.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def backups_in(place: Path) -> list[Path]:
    """The folders of backups there, the earliest first, whether whole or not; unfinished ones have other names."""
    return sorted(
        (path for path in place.glob("*Z*") if path.is_dir() and DATED.fullmatch(path.name)),
        key=lambda path: (moment(path), len(path.name), path.name),
    )


def write(backup: Backup, folder: Path) -> None:
    """Writes the document of ``backup`` into ``folder``, where its files are."""
    said: dict[str, Any] = {
        "form": FORM,
        "keep_days": backup.keep_days,
        "chain": backup.chain,
        "pipeline_version": __version__,
        "files": [dataclasses.asdict(file) for file in backup.files],
    }
    write_durably(folder / NAME, json.dumps({**said, "sha256": digest(said)}, indent=1) + "\n")


def read(folder: Path) -> Backup:
    """The backup of that folder; UserError where its document is not there, or not what was written."""
    path = folder / NAME
    try:
        said = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UserError(
            f"{folder} is no whole backup, it has no {NAME}: name a folder that `fellowship backup` made"
        ) from None
    except ValueError:
        raise UserError(f"{path} is cut or altered: {ANOTHER}") from None
    if isinstance(said, dict) and isinstance(said.get("form"), int) and said["form"] > FORM:
        raise UserError(f"{path} was written by version {said.get('pipeline_version')}: restore it with that, or later")
    try:
        sealed = said.pop("sha256")
        files = tuple(KeptFile(**file) for file in said["files"])
        is_sound = sealed == digest(said) and all(map(_stays_inside, files))
    except (AttributeError, KeyError, TypeError):
        is_sound = False
    if not is_sound:
        raise UserError(f"{path} is cut or altered: {ANOTHER}")
    return Backup(folder, said["keep_days"], said["chain"], files)


def is_as_kept(path: Path, file: KeptFile) -> bool:
    """Whether the bytes there are those of the file."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.bytes:
        return False
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == file.sha256


def _stays_inside(file: KeptFile) -> bool:
    path = PurePosixPath(file.path)
    return not path.is_absolute() and bool(path.parts) and ".." not in path.parts and "\0" not in file.path
