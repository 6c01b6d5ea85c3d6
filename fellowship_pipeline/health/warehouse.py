"""The warehouse as the last run left it, or not at all: a cache, made anew from the archive.

While a run uses it, a note in ``state/`` says so; at the end the note is its seal: size and SHA-256. Whatever happened
to the file meanwhile (cut, flipped, replaced by text, an older copy or another version's, a write-ahead log of its own)
shows in that. Belongs here: the note, setting aside what does not match it. Does not belong here: opening it
(``warehouse``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from fellowship_pipeline.errors import UserError, writing
from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import remove, set_aside
from fellowship_pipeline.home.memory import recall, remember

IN_USE, SPOILED = "in use", "spoiled"
SAID = {
    IN_USE: "half made, by a run that was killed or found the disk full",
    SPOILED: "damaged, as the last run found",
}


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding where the file is not what the last run left; ``mend`` takes it away, and the run makes it anew."""
    name = home.warehouse.relative_to(home.path).as_posix()
    note, is_there = _note(home), home.warehouse.exists() or home.warehouse.is_symlink()
    if not is_there:
        if "sha256" in note or _log(home).exists():
            remedy = "made anew from the archive" if mend else "the next run makes it anew from the archive"
            yield Finding(Level.MENDED if mend else Level.WARNING, name, "gone", remedy)
        if mend:
            _clear(home)
        return
    problem = _problem(home, note)
    if problem is None:
        return
    is_half_made = note.get("state") == IN_USE and home.warehouse.is_file()
    if not mend:
        yield Finding(Level.WARNING, name, problem, "the next run makes it anew from the archive")
    elif is_half_made:
        remove(home.warehouse)
        _clear(home)
        yield Finding(Level.MENDED, name, problem, "removed, made anew from the archive")
    else:
        kept = set_aside(home.warehouse, _log(home))
        _clear(home)
        yield Finding(Level.MENDED, name, problem, f"set aside as {kept} (the last such copy is kept), made anew")


@contextmanager
def used(home: Home) -> Iterator[None]:
    """Notes that a run uses the warehouse, and seals it in the end; the caller holds the home's lock."""
    _write(home, {"state": IN_USE})
    try:
        yield
    finally:
        if _note(home).get("state") == IN_USE and home.warehouse.is_file() and not _log(home).exists():
            with suppress(UserError):  # where the disk is full: left unsealed, the next run makes it anew
                _write(home, _seal(home.warehouse))


def drop(home: Home) -> None:
    """Takes away a warehouse that shall not be asked again; the next run makes it anew, with nothing to say of it."""
    remove(home.warehouse)
    _clear(home)


def spoiled(home: Home) -> None:
    """Notes that a step found the warehouse damaged: it is not sealed, and the next run sets it aside."""
    _write(home, {"state": SPOILED})


def _problem(home: Home, note: dict[str, Any]) -> str | None:
    """What is wrong with the file that is there; None where it is sealed as it is."""
    if not home.warehouse.is_file():
        return "no file"
    if "sha256" not in note:
        return SAID.get(str(note.get("state")), "no record in state/ of how the last run left it")
    if note.get("duckdb") != duckdb.__version__:
        return f"written by DuckDB {note.get('duckdb')}, this is {duckdb.__version__}"
    size = home.warehouse.stat().st_size
    if size != note.get("bytes"):
        return f"not as the last run left it ({note.get('bytes')} bytes then, {size} now)"
    is_sealed = not _log(home).exists() and _seal(home.warehouse) == note
    return None if is_sealed else "not as the last run left it (damaged, replaced, or another program wrote to it)"


def _seal(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size, "duckdb": duckdb.__version__}


def _log(home: Home) -> Path:
    """DuckDB's write-ahead log: at rest there is none."""
    return home.warehouse.with_name(home.warehouse.name + ".wal")


def _clear(home: Home) -> None:
    """Removes what belongs to a warehouse that is gone: its log, what DuckDB had put on the disk, the note."""
    _place(home).unlink(missing_ok=True)
    for suffix in (".wal", ".tmp", ".wal.checkpoint", ".wal.recovery"):
        remove(home.warehouse.with_name(home.warehouse.name + suffix))


def _note(home: Home) -> dict[str, Any]:
    """What the note says; nothing where there is none that can be read."""
    return recall(_place(home)) or {}


def _write(home: Home, note: dict[str, Any]) -> None:
    with writing(_place(home)):
        remember(_place(home), note)


def _place(home: Home) -> Path:
    return home.state / "warehouse.json"
