"""One run per home: whoever writes holds state/lock.

Belongs here: taking, waiting for and giving back that lock. The kernel gives it back when its owner dies, so a lock
file that lies there means nothing by itself; its text names the owner for people.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from fellowship_pipeline.errors import LockHeld, writing

STEP_SECONDS = 0.1
PRIVATE = 0o077
"""The umask of whoever writes in a home."""


@contextmanager
def hold(state: Path, wait: float, on_wait: Callable[[str], None] = lambda what: None) -> Iterator[None]:
    """Holds ``state``/lock for the block, waiting at most ``wait`` seconds (0: not at all). Raises LockHeld.

    ``on_wait`` is told once, when waiting begins, what is waited for. What the block writes is for the owner's eyes
    only unless it says otherwise: the umask of the process is 077 meanwhile.
    """
    before = os.umask(PRIVATE)
    try:
        with writing(state):
            state.mkdir(parents=True, exist_ok=True)
            opened = (state / "lock").open("a+")
        with opened as file:
            _take(file, state, wait, on_wait)
            with writing(state):
                file.truncate(0)
                os.write(file.fileno(), f"{os.getpid()}\n".encode())
            try:
                yield
            finally:
                file.truncate(0)
    finally:
        os.umask(before)


def _take(file: TextIO, state: Path, wait: float, on_wait: Callable[[str], None]) -> None:
    deadline = time.monotonic() + wait
    is_told = False
    while not _is_free(file):
        file.seek(0)
        what = f"another run (process {file.read().strip() or 'unknown'}) holds {state.parent}"
        left = deadline - time.monotonic()
        if left <= 0:
            raise LockHeld(what)
        if not is_told:
            on_wait(what)
            is_told = True
        time.sleep(min(STEP_SECONDS, left))


def _is_free(file: TextIO) -> bool:
    """Whether the lock was free; it is this process's then."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
