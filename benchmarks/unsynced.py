"""What a loss of power leaves of a home: of every file and folder what was fsynced, of the rest as little as may be.

A file's bytes are on the disk once that file was fsynced, a name once its folder was; both are followed while a process
works, and the home can be laid down at any moment as it would be found. Belongs here: that bookkeeping. Does not belong
here: what is looked for in such a home.
"""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Callable
from enum import Enum
from pathlib import Path


class Lost(Enum):
    """What becomes of that which nobody fsynced; kernels do all four, and mixtures of them."""

    ALL = "names and bytes"
    BYTES = "bytes"
    ZEROS = "bytes, their room is there"
    TORN = "bytes, but for the last half"


class Disk:
    """What is on the disk of a folder; at first all that is there. Follows one process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._held: dict[int, int] = {}
        self._bytes: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        for folder, _, files in os.walk(root):
            self._note(Path(folder))
            for name in files:
                self._note(Path(folder, name))

    def follow(self, before: Callable[[], None]) -> None:
        """Takes the place of this process's fsync; ``before`` is called before each."""

        def fsync(descriptor: int) -> None:
            before()
            self._note(Path(f"/proc/self/fd/{descriptor}").readlink())

        os.fsync = fsync

    def lay_down(self, place: Path, lost: Lost) -> None:
        """The folder as it would be found, at ``place``."""
        self._lay_folder(self._inode(self.root), self.root, place, lost)

    def _note(self, path: Path) -> None:
        """That file's bytes, or that folder's names, are on the disk."""
        inode = self._inode(path)
        if path.is_dir() and not path.is_symlink():
            self._names[inode] = {child.name: self._inode(child) for child in path.iterdir()}
        elif not path.is_symlink():
            self._bytes[inode] = path.read_bytes()

    def _inode(self, path: Path) -> int:
        """The number of what lies there, which no other gets as long as it is held open."""
        descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW)
        inode = os.fstat(descriptor).st_ino
        if self._held.setdefault(inode, descriptor) != descriptor:
            os.close(descriptor)
        return inode

    def _lay_folder(self, inode: int, now: Path | None, place: Path, lost: Lost) -> None:
        place.mkdir(mode=stat.S_IMODE(os.fstat(self._held[inode]).st_mode))
        if lost is not Lost.ALL and now is not None:
            names = {child.name: self._inode(child) for child in now.iterdir()}
        else:
            names = self._names.get(inode, {})
        for name, child in names.items():
            kind = os.fstat(self._held[child]).st_mode
            if stat.S_ISDIR(kind):
                self._lay_folder(child, now and now / name, place / name, lost)
            elif stat.S_ISLNK(kind):
                (place / name).symlink_to(os.readlink("", dir_fd=self._held[child]))
            elif stat.S_ISREG(kind):
                (place / name).write_bytes(self._left(child, lost))
                (place / name).chmod(stat.S_IMODE(kind))

    def _left(self, inode: int, lost: Lost) -> bytes:
        """What is left of a file's bytes."""
        synced = self._bytes.get(inode, b"")
        if lost in (Lost.ALL, Lost.BYTES):
            return synced
        now = Path(f"/proc/self/fd/{self._held[inode]}").read_bytes()
        if not now.startswith(synced):
            return synced
        tail = len(now) - len(synced)
        kept = tail // 2 if lost is Lost.TORN else 0
        return synced + bytes(tail - kept) + now[len(now) - kept :]
