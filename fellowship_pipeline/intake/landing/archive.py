"""The folder of originals: every content once, under its SHA-256, never changed.

Belongs here: where a content lies, how it gets there whole, and back there. Does not belong here: which files are taken
in.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.durable import sync
from fellowship_pipeline.intake.landing import folder

UNFINISHED = "incoming.part"

LAG = 16
"""Chunks by which those who look at a content may be behind its copy."""


_REMEDY = "restore it, or withdraw the file; the next run takes it from landing/ where it lies there"


def archived(home: Home, sha256: str) -> Path:
    """Where the archive keeps that content."""
    return home.archive / sha256[:2] / sha256


def missing(home: Home, sha256: str) -> UserError:
    """What to raise where the archive lacks the content."""
    return UserError(f"{archived(home, sha256).relative_to(home.path)} is missing: {_REMEDY}")


def altered(home: Home, sha256: str) -> UserError:
    """What to raise where the archive has other bytes; they are touched, and so hashed by the next examination."""
    path = archived(home, sha256)
    os.utime(path)
    return UserError(f"{path.relative_to(home.path)} is not what was archived: {_REMEDY}")


def is_intact(home: Home, sha256: str) -> bool:
    """Whether the bytes in the content's place are its own."""
    with archived(home, sha256).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


class Copy:
    """A content on its way into the archive: on the disk, without a name of its own yet."""

    def __init__(self, home: Home, path: Path) -> None:
        self.home = home
        self.path = path
        self.size = 0
        self.sha256 = ""

    def write(self, chunks: Iterable[bytes], *beside: Callable[[bytes], object]) -> None:
        """Takes the bytes, and shows each chunk to those ``beside``; raises UserError where the disk does not."""
        digest = hashlib.sha256()
        behind: deque[Future[object]] = deque()
        try:
            with ExitStack() as open_now:
                pools = [(open_now.enter_context(ThreadPoolExecutor(1)), look) for look in (digest.update, *beside)]
                descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                file = open_now.enter_context(os.fdopen(descriptor, "wb"))
                for chunk in chunks:
                    behind.extend(pool.submit(look, chunk) for pool, look in pools)
                    file.write(chunk)
                    while len(behind) > LAG * len(pools):
                        behind.popleft().result()
                file.flush()
                os.fsync(file.fileno())
                self.size = file.tell()
                for done in behind:
                    done.result()
        except OSError as error:
            raise UserError(
                f"{self.home.archive.name}/: a file cannot be copied into it ({error.strerror}):"
                " nothing of it was taken in; make room and run again"
            ) from None
        self.sha256 = digest.hexdigest()

    def keep(self) -> None:
        """Gives the content its name; :func:`settle` makes that last."""
        target = archived(self.home, self.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.rename(target)


@contextmanager
def copying(home: Home) -> Iterator[Copy]:
    """A copy, gone at the end of the block unless it was kept. One at a time: the caller holds the home's lock."""
    home.archive.mkdir(exist_ok=True)
    copy = Copy(home, home.archive / UNFINISHED)
    try:
        yield copy
    finally:
        copy.path.unlink(missing_ok=True)


def sweep(home: Home) -> None:
    """Removes the copy that a killed run left unfinished."""
    (home.archive / UNFINISHED).unlink(missing_ok=True)


def in_landing(home: Home, sizes: Mapping[str, int]) -> dict[str, str]:
    """Contents of those sizes that lie in landing/, by SHA-256, with the path of one of each."""
    found: dict[str, str] = {}
    if not sizes:
        return found
    files, _, _ = folder.walk(home)
    for path in sorted(path for path, stamp in files.items() if stamp.size in sizes.values()):
        with suppress(folder.Left):
            digest = hashlib.sha256()
            for chunk in folder.chunks(home, path):
                digest.update(chunk)
            if digest.hexdigest() in sizes:
                found.setdefault(digest.hexdigest(), path)
    return found


def put_back(home: Home, paths: Mapping[str, str]) -> set[str]:
    """Copies contents from those paths into their places again; returns which have come through whole."""
    kept = set()
    for sha256, path in paths.items():
        with suppress(folder.Left), copying(home) as copy:
            copy.write(folder.chunks(home, path))
            if copy.sha256 == sha256:
                copy.keep()
                kept.add(sha256)
    settle(home, kept)
    return kept


def settle(home: Home, kept: Iterable[str]) -> None:
    """Names of contents onto the disk, with what leads to them."""
    if folders := {archived(home, sha256).parent for sha256 in kept}:
        for folder in (*sorted(folders), home.archive, home.path):
            sync(folder)
