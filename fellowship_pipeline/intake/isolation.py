"""Foreign bytes are read in a process of their own, which may die of them: limited in memory and time.

One process reads file after file, so that thousands of small ones stay quick, and is replaced when it dies. It is
started as a program, not forked, since a run has threads; it is asked by pickles and answers with Arrow streams.
Belongs here: that process, its limits, what becomes of a file that breaks them. Does not belong here: any reader.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn, cast

import pyarrow as pa

from fellowship_pipeline.intake.landing.archive import altered, archived, missing
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.readers import transport
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import Header, LacksColumns, Quarantined, Records

if TYPE_CHECKING:
    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program.sources import Entry

MB = 1 << 20
LEAST_MEMORY, MEMORY_PER_BYTE, MOST_MEMORY = 2048 * MB, 10, 8192 * MB
LEAST_SECONDS, SECONDS_PER_MB = 120, 1
LARGE = 32 * MB
"""Files from this size on leave a process behind that holds much memory: it is closed."""

OUT_OF_MEMORY = 77
"""The exit code of a process that was told that there is no more memory; readers written in C are killed instead."""
KILLED_FOR_MEMORY = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGBUS)

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Libraries that reserve more address space than they need would break the limit by themselves."""

PROGRAM = "from fellowship_pipeline.intake.isolation import serve; serve()"


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: bytes of memory beyond what the process needs for itself, and seconds."""

    memory: int
    seconds: float


@dataclass(frozen=True)
class Request:
    """A content of the archive, to be read as an entry says."""

    path: Path
    sha256: str
    entry: Entry
    limits: Limits


class Changed(Exception):
    """The archive no longer has the content unchanged."""


class _Died(Quarantined):
    """The process died over a file, or over what files before it had left behind."""


@dataclass
class ReaderProcess:
    """The process that reads, one file at a time, for any number of threads."""

    _process: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Starts the process where none runs; it takes a moment until it can read."""
        with self._lock:
            self._running()

    def read(self, request: Request) -> Records:
        """The file's records; raises Quarantined, also where the limits do not suffice, and Changed."""
        request = replace(request, path=request.path.absolute())  # the process stays in the folder it was started in
        with self._lock:
            fresh = self._process is None
            try:
                return self._ask(request)
            except _Died:
                if fresh:
                    raise
            return self._ask(request)

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def forget(self) -> None:
        """In a forked process: leaves the process to the one that started it."""
        self._process, self._lock = None, threading.Lock()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and nothing that a file says
                [sys.executable, "-P", "-c", PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a reader that panics prints what it has read
                pipesize=MB,
                env={**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )
        return self._process

    def _ask(self, request: Request) -> Records:
        process = self._running()
        requests, answers = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        answered = False
        try:
            pickle.dump(request, requests)
            requests.flush()
            if not wait([answers.fileno()], request.limits.seconds):
                raise _overdue(request.limits)
            records, facts = transport.read(answers)
            answered = request.path.stat().st_size < LARGE
        except (pa.ArrowInvalid, OSError):
            process.communicate()
            raise _death(process.returncode, request.limits) from None
        finally:
            if not answered:
                self.close()
        if records is None:
            _refuse(**facts)
        return records


def limits(size: int) -> Limits:
    """The limits for a file of that size."""
    memory = min(MOST_MEMORY, max(LEAST_MEMORY, MEMORY_PER_BYTE * size))
    return Limits(memory, LEAST_SECONDS + SECONDS_PER_MB * size / MB)


def read_isolated(home: Home, sha256: str, entry: Entry) -> Records:
    """The records of a content of the archive.

    Raises Quarantined where it cannot be read, UserError where the archive no longer has it unchanged.
    """
    path = archived(home, sha256)
    if not path.exists():
        raise missing(home, sha256)
    try:
        return READER.read(Request(path, sha256, entry, limits(path.stat().st_size)))
    except Changed:
        raise altered(home, sha256) from None


def serve() -> None:
    """What the process does: reads what it is asked for until nobody asks any more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a reader prints is no answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)  # noqa: S301 - what this package's own process has written
        except EOFError:
            return
        _limit(request.limits)
        try:
            transport.write(answers, *_answer(request))
            answers.flush()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)


def _answer(request: Request) -> tuple[Records | None, transport.Facts]:
    """The records, or why there are none."""
    entry = request.entry
    try:
        try:
            data = request.path.read_bytes()
        except OSError:  # no right to it, a folder in its place, a bad disk: no fault of the file that came
            data = b""
        if hashlib.sha256(data).hexdigest() != request.sha256:
            return None, {"changed": True}
        reader = (preset(entry.preset).reader if entry.preset else None) or read_file
        return reader(data, entry), {}
    except LacksColumns as refusal:
        return None, {"columns": refusal.columns, "header": refusal.header}
    except Quarantined as refusal:
        return None, {"reason": str(refusal)}
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a reader written in Rust is no Exception
        return None, {"reason": f"its reader failed ({type(error).__name__}): export it anew, in another format"}


def _limit(limits: Limits) -> None:
    """Bounds this process for the next file; a limit on CPU time ends it even if nobody waits for it any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime + limits.seconds * (os.cpu_count() or 1)
    for what, most in ((resource.RLIMIT_AS, _mapped() + limits.memory), (resource.RLIMIT_CPU, int(seconds) + 1)):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _mapped() -> int:
    """Bytes of address space that this process takes; 0 where the system does not say."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0


def _refuse(
    reason: str = "",
    changed: bool = False,
    columns: Sequence[tuple[Sequence[str], Header]] = (),
    header: Sequence[str] = (),
) -> NoReturn:
    """Raises what the process has said."""
    if changed:
        raise Changed
    if columns:
        raise LacksColumns([(tuple(setting), name) for setting, name in columns], header)
    raise Quarantined(reason)


def _death(code: int, limits: Limits) -> Quarantined:
    """What becomes of the file over which the process died."""
    if code == -signal.SIGXCPU:
        return _overdue(limits)
    if code in KILLED_FOR_MEMORY:
        return _Died(f"needs more than {limits.memory // MB:,} MB to be read: deliver it in parts, or as CSV")
    return _Died(f"its reader died ({code}): export it anew, in another format")


def _overdue(limits: Limits) -> Quarantined:
    return Quarantined(f"takes longer than {limits.seconds:,g} s to be read: deliver it in parts, or as CSV")


READER = ReaderProcess()
atexit.register(READER.close)
os.register_at_fork(after_in_child=READER.forget)
