"""Files destroyed: overwritten, then unlinked. On media that copy on write the old blocks are the medium's to free.

Belongs here: that. Does not belong here: which files.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from fellowship_pipeline.home.durable import sync

CHUNK = 1 << 20


def destroy(path: Path) -> None:
    """Overwrites and removes a file; a link is only removed. Nothing where there is none. May be repeated."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
        overwrite(path)
    path.unlink()
    sync(path.parent)


def destroy_tree(path: Path) -> None:
    """Destroys every file below a folder, and the folders. Nothing where there is none."""
    if not path.exists():
        return
    for folder, _, names in os.walk(path, topdown=False):
        for name in names:
            destroy(Path(folder) / name)
        for child in Path(folder).iterdir():
            child.unlink() if child.is_symlink() else child.rmdir()
    path.rmdir()


def overwrite(path: Path) -> None:
    """Zeros over all bytes of a regular file, on the disk."""
    path.chmod(0o600)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_NOFOLLOW), "r+b") as file:
        _wipe(file)


def rewrite(path: Path, data: bytes) -> None:
    """Puts other bytes in an existing file's place in one step, and destroys those that were there."""
    new = path.with_name(path.name + ".part")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with path.open("r+b") as old:
        new.replace(path)
        sync(path.parent)
        _wipe(old)


def _wipe(file: BinaryIO) -> None:
    size = os.fstat(file.fileno()).st_size
    for at in range(0, size, CHUNK):
        file.write(bytes(min(CHUNK, size - at)))
    file.flush()
    os.fsync(file.fileno())
