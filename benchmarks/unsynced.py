"""What a loss of power leaves of a home: of every file and folder what was fsynced, of the rest as little as may be.

A file's bytes are on the disk once that file was fsynced, a name once its folder was; both are followed while a process
works, and at any moment there is a picture of the home as it would be found. Belongs here: that bookkeeping. Does not
belong here: what is looked for in such a home.
"""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Callable
from enum import Enum
from pathlib import Path

Picture = dict[Path, bytes | str | None]
"""What a folder has, by name: of a file its bytes, of a link where it leads, of a folder nothing."""


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
        self._bytes: dict[int, tuple[bytes, tuple[int, int] | None]] = {}
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

    def picture(self, lost: Lost) -> Picture:
        """The folder as it would be found now."""
        found: Picture = {}
        self._look(self._inode(self.root), self.root, Path(), lost, found)
        return found

    def _note(self, path: Path) -> None:
        """That file's bytes, or that folder's names, are on the disk."""
        inode = self._inode(path)
        if path.is_dir() and not path.is_symlink():
            self._names[inode] = {child.name: self._inode(child) for child in path.iterdir()}
        elif not path.is_symlink():
            stamp = _stamp(self._held[inode])
            self._bytes[inode] = path.read_bytes(), stamp

    def _inode(self, path: Path) -> int:
        """The number of what lies there, which no other gets as long as it is held open."""
        descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW)
        inode = os.fstat(descriptor).st_ino
        if self._held.setdefault(inode, descriptor) != descriptor:
            os.close(descriptor)
        return inode

    def _look(self, inode: int, now: Path | None, name: Path, lost: Lost, found: Picture) -> None:
        """Adds a folder; ``now``: where it is at present, if its names are to be those of the present."""
        found[name] = None
        if lost is not Lost.ALL and now is not None:
            children = {child.name: self._inode(child) for child in now.iterdir()}
        else:
            children = self._names.get(inode, {})
        for child, number in children.items():
            kind = os.fstat(self._held[number]).st_mode
            if stat.S_ISDIR(kind):
                self._look(number, now and now / child, name / child, lost, found)
            elif stat.S_ISLNK(kind):
                found[name / child] = os.readlink("", dir_fd=self._held[number])
            elif stat.S_ISREG(kind):
                found[name / child] = self._left(number, lost)

    def _left(self, inode: int, lost: Lost) -> bytes:
        """What is left of a file's bytes."""
        synced, at = self._bytes.get(inode, (b"", None))
        if lost in (Lost.ALL, Lost.BYTES) or at == _stamp(self._held[inode]):
            return synced
        now = Path(f"/proc/self/fd/{self._held[inode]}").read_bytes()
        if not now.startswith(synced):
            return synced
        tail = len(now) - len(synced)
        kept = tail // 2 if lost is Lost.TORN else 0
        return synced + bytes(tail - kept) + now[len(now) - kept :]


def laid_down(picture: Picture, place: Path) -> None:
    """Makes a folder of a picture of one."""
    for name, content in picture.items():
        if content is None:
            (place / name).mkdir()
        elif isinstance(content, str):
            (place / name).symlink_to(content)
        else:
            (place / name).write_bytes(content)


def _stamp(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_mtime_ns, status.st_size
