"""The folder of originals: every content once, under its SHA-256, never changed.

Belongs here: where a content lies, how it gets there whole. Does not belong here: which files are taken in.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.durable import sync

UNFINISHED = "incoming.part"

LAG = 16
"""Chunks by which those who look at a content may be behind its copy."""


def archived(home: Home, sha256: str) -> Path:
    """Where the archive keeps that content."""
    return home.archive / sha256[:2] / sha256


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


def settle(home: Home, kept: Iterable[str]) -> None:
    """Names of contents onto the disk, with what leads to them."""
    if folders := {archived(home, sha256).parent for sha256 in kept}:
        for folder in (*sorted(folders), home.archive, home.path):
            sync(folder)
