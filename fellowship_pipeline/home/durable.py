"""What is on the disk when the power goes.

Belongs here: fsync of files and folders, folders made, small files replaced whole. Does not belong here: what is in
them.
"""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """A file's content, or the names in a folder, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """A folder with its name on the disk; nothing where it is there."""
    if not folder.exists():
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        sync(folder.parent)


def sync_all(folder: Path) -> None:
    """Everything in a folder onto the disk, files first. Links are names, and go with the folder that they are in."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            sync(path)
    sync(folder)


def write_durably(path: Path, text: str) -> None:
    """Puts a small private file in place in one step, on the disk."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(path.parent)
