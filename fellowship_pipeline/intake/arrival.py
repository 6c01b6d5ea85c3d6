"""From the landing folder into the archive and the ledger: files that stand still, copied once by their content.

Belongs here: which files are looked at, when one counts as complete, the copy. Does not belong here: what is in them.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.ledger import Ledger
from fellowship_pipeline.intake.presets import preset

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program_sources import Entry

TEMPORARY = ("~$*", "*.part", "*.crdownload", ".ds_store", "thumbs.db", ".~lock.*")
PATIENCE_SECONDS = 10.0
CHUNK = 1 << 20


@dataclass(frozen=True)
class Arrivals:
    """What a look at the landing folder came to. Paths are relative to HOME."""

    received: tuple[str, ...] = ()
    changing: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Look:
    size: int
    modified: int
    sha256: str


def take_in(home: Home, program: Program) -> Arrivals:
    """Copies what is new and stands still into the archive and enters it in the ledger.

    A file is looked at twice, ``arrival.quiet_seconds`` apart, until both looks agree; one that still changes after
    10 seconds is left for the next run.
    """
    ledger = Ledger(home.ledger)
    state = ledger.state()
    ignored = {path: reason for path, reason in _ignored(home).items() if path not in state.ignored}
    ledger.append({"event": "ignored", "path": path, "reason": reason} for path, reason in sorted(ignored.items()))
    wanted = {path: _look(home, path) for path in wanted_paths(home, program)}
    unreadable = [path for path, look in wanted.items() if look is None]
    before = {path: look for path, look in wanted.items() if look and state.latest.get(path) != look.sha256}
    still: dict[str, _Look] = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while before:
        time.sleep(program.arrival.quiet_seconds)
        after = {path: look for path in before if (look := _look(home, path))}
        still |= {path: look for path, look in after.items() if look == before[path]}
        before = {path: look for path, look in after.items() if path not in still}
        if time.monotonic() >= deadline:
            break
    received = [path for path, look in sorted(still.items()) if _archive(home, path, look)]
    ledger.append(
        {"event": "received", "path": path, "sha256": still[path].sha256, "bytes": still[path].size}
        for path in received
    )
    changing = sorted({*before, *still}.difference(received))
    return Arrivals(tuple(received), tuple(changing), tuple(sorted(unreadable)), tuple(sorted(_ignored(home))))


def waiting(home: Home, program: Program) -> dict[str, str]:
    """Files in the landing folder that the ledger does not know yet: path → SHA-256. For the sensor, one look."""
    latest = Ledger(home.ledger).state().latest
    looks = {path: _look(home, path) for path in wanted_paths(home, program)}
    return {path: look.sha256 for path, look in looks.items() if look and latest.get(path) != look.sha256}


def wanted_paths(home: Home, program: Program) -> list[str]:
    """Regular files that an entry asks for, and those beside them that its preset looks things up in."""
    paths = [path for path, regular in _walk(home) if regular and not _is_temporary(path)]
    wanted: set[str] = set()
    for source, entries in program.sources.items():
        for entry in entries:
            wanted |= asked_for(entry, paths)
            wanted |= beside(source, entry, paths)
    return sorted(wanted)


def asked_for(entry: Entry, paths: list[str]) -> set[str]:
    """The paths that the entry's pattern fits."""
    return {path for path in paths if fits(entry.files, path)}


def beside(source: str, entry: Entry, paths: list[str]) -> set[str]:
    """The paths in the folders of the entry's files that its preset looks things up in."""
    if entry.preset is None:
        return set()
    layout = preset(entry.preset)
    folders = {PurePosixPath(path).parent for path in asked_for(entry, paths)}
    return {
        path
        for path in paths
        if PurePosixPath(path).parent in folders and layout.looks_up(source, PurePosixPath(path).name)
    }


def fits(pattern: str, path: str) -> bool:
    """Whether a path is one of the pattern's: ``*`` within a folder's name, ``**`` any folders; NFC on both sides."""
    return _fits(_parts(pattern), _parts(path))


def archived(home: Home, sha256: str) -> Path:
    """Where the archive keeps that content."""
    return home.archive / sha256[:2] / sha256


def _parts(path: str) -> tuple[str, ...]:
    return PurePosixPath(unicodedata.normalize("NFC", path)).parts


def _fits(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    if not pattern or not path:
        return pattern in (path, ("**",))
    if pattern[0] == "**":
        return _fits(pattern[1:], path) or _fits(pattern, path[1:])
    hidden = path[0].startswith(".") and not pattern[0].startswith(".")
    return not hidden and fnmatchcase(path[0], pattern[0]) and _fits(pattern[1:], path[1:])


def _walk(home: Home) -> Iterator[tuple[str, bool]]:
    """Everything below landing/ that is no folder: its path relative to HOME, and whether it is a regular file."""
    for folder, folders, names in os.walk(home.landing):
        for name in (*names, *folders):
            path = Path(folder) / name
            with suppress(FileNotFoundError):
                mode = path.lstat().st_mode
                if not stat.S_ISDIR(mode):
                    yield path.relative_to(home.path).as_posix(), stat.S_ISREG(mode)


def _is_temporary(path: str) -> bool:
    return any(fnmatchcase(PurePosixPath(path).name.casefold(), pattern) for pattern in TEMPORARY)


def _ignored(home: Home) -> dict[str, str]:
    return {
        path: "temporary" if regular else "no regular file"
        for path, regular in _walk(home)
        if not regular or _is_temporary(path)
    }


def _look(home: Home, path: str) -> _Look | None:
    """Size, time and hash; None where it is gone, a link, or not readable."""
    try:
        with _open(home.path / path) as file:
            status = os.fstat(file.fileno())
            return _Look(status.st_size, status.st_mtime_ns, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:
        return None


def _open(path: Path) -> BufferedReader:
    """The file for reading; raises OSError where it is a link or no regular file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("no regular file")
    return os.fdopen(descriptor, "rb")


def _archive(home: Home, path: str, look: _Look) -> bool:
    """Copies the content into the archive; False where it is no longer what was looked at."""
    target = archived(home, look.sha256)
    if target.exists():
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    copy = target.with_suffix(f".{os.getpid()}.part")
    digest = hashlib.sha256()
    try:
        with _open(home.path / path) as source, os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != look.sha256:
            return False
        copy.rename(target)
        for folder in (target.parent, home.archive):
            _sync(folder)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UserError(f"{home.archive.name}/: a file cannot be copied into it: {error.strerror}") from None
    finally:
        copy.unlink(missing_ok=True)
    return True


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
