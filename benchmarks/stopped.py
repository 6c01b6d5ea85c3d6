"""A process that is broken off in the middle of its work: at its N-th operation on files, or its N-th SQL statement.

Each time the work is done in a child forked from this process, which has imported everything and opened nothing; so a
break costs what the work costs. Belongs here: breaking off, and how the child ended. Does not belong here: what is
broken off, what is looked for afterwards.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from fellowship_pipeline.errors import UserError, in_words

CHANGES = {"os.rename", "os.symlink", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"}
"""Audit events that change what a folder or a file is."""
STATEMENTS = ("execute", "executemany", "read_parquet", "table", "register")
"""Methods of a connection that run SQL."""
KILLED = -signal.SIGKILL
REFUSED = 2
FAILED = "a statement or an operation failed"
"""What a child says where one was made to fail."""

Work = Callable[[], object]
Break = Callable[[], None]
"""Called before each operation or statement."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (that of a run; less than 0: the signal), and what it wrote."""

    code: int
    said: list[str]

    @property
    def is_broken(self) -> bool:
        """Whether the child was broken off, or one of its statements."""
        return self.code == KILLED or FAILED in self.said

    @property
    def is_traceback(self) -> bool:
        """Whether it ended in what no user should see."""
        return any(line.startswith("Traceback") for line in self.said) or self.code not in (0, REFUSED, KILLED)


def forked(work: Work, killed_after: float | None = None) -> Ended:
    """Does the work in a child, in a process group of its own; kills that after so many seconds."""
    with tempfile.TemporaryFile() as told:
        if not (child := os.fork()):
            _be_the_child(work, told.fileno())
        with suppress(ProcessLookupError, PermissionError):
            os.setpgid(child, child)
        if killed_after is not None:
            time.sleep(killed_after)
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        told.seek(0)
        return Ended(os.waitstatus_to_exitcode(status), told.read().decode(errors="replace").splitlines())


def found_out(work: Work) -> Any:
    """What a child finds out, so that this process opens no database."""
    ended = forked(lambda: print(json.dumps(work())))
    if ended.code:
        raise RuntimeError("\n".join(ended.said))
    return json.loads(ended.said[-1])


def _be_the_child(work: Work, told: int) -> None:
    os.setpgid(0, 0)
    for stream in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(told, stream)
    code = 1
    try:
        work()
        code = 0
    except UserError as refusal:
        print(refusal)
        code = REFUSED
    except BaseException as error:  # noqa: BLE001 - the child ends here, whatever it was
        said = in_words(error) if isinstance(error, OSError) else None
        print(said) if said else traceback.print_exc()
        code = REFUSED if said else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def kill() -> None:
    """Kills this process and all that it started."""
    os.killpg(0, signal.SIGKILL)


def fail() -> None:
    """Fails as DuckDB does where the disk breaks, and says that it did: it may be caught."""
    print(FAILED, flush=True)
    raise duckdb.IOException(f'Could not write file "warehouse": {os.strerror(errno.EIO)}')


def refusing(number: int) -> Break:
    """A disk that reports an error at the ``number``-th call; where that is even, it is read-only from there on."""
    counted, lasts = count(1), number % 2 == 0

    def refused() -> None:
        now = next(counted)
        if now == number:
            print(FAILED, flush=True)
        if now == number or (lasts and now > number):
            code = errno.EROFS if lasts else errno.EIO
            raise OSError(code, os.strerror(code))

    return refused


def at(number: int, then: Break) -> Break:
    """What breaks off at the ``number``-th of its calls."""
    counted = count(1)

    def broken() -> None:
        if next(counted) == number:
            then()

    return broken


def before_operations(place: Path, broken: Break) -> None:
    """Has ``broken`` called before every operation below ``place`` by which this process changes or syncs a file.

    For the rest of this process. DuckDB's own writing goes another way, and is not seen.
    """
    within, is_busy = f"{place}/", False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal is_busy
        if is_busy or (event not in CHANGES and not (event == "open" and _is_written(arguments))):
            return
        paths = [os.fsdecode(one) for one in arguments[:2] if isinstance(one, str | bytes | os.PathLike)]
        is_in_removed_tree = event in ("os.remove", "os.rmdir") and arguments[-1] != -1
        if is_in_removed_tree or any(path.startswith(within) for path in paths):
            is_busy = True
            try:
                broken()
            except OSError as error:
                error.filename = next(iter(paths), None)
                raise
            finally:
                is_busy = False

    sys.addaudithook(hook)


def _is_written(arguments: tuple[Any, ...]) -> bool:
    """Whether a file is opened to be written, or by its number alone, as one is that will be synced."""
    _, mode, flags = arguments
    return not flags & os.O_PATH and (mode is None or bool(flags & (os.O_WRONLY | os.O_RDWR)))


def before_statements(broken: Break) -> None:
    """Has ``broken`` called before every statement of every connection, for the rest of this process."""
    for name in STATEMENTS:
        setattr(duckdb.DuckDBPyConnection, name, _after(broken, getattr(duckdb.DuckDBPyConnection, name)))


def _after(broken: Break, method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        broken()
        return method(*arguments, **named)

    return call
