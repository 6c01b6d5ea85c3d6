"""What readers see: one run's pages and lists, whole, behind a link called ``current``.

Belongs here: finishing what a killed run began to publish, a ``current`` that is no link, or leads to what is not as it
was published. Does not belong here: publishing (``home.generations``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import MARK, set_aside
from fellowship_pipeline.home.generations import MANIFEST, noted, point, published_in
from fellowship_pipeline.home.memory import digest, recall
from fellowship_pipeline.home.places import CURRENT

ANEW = "this run publishes anew"
ANEW_NEXT = "the next run publishes anew"
GONE = "gone"


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """Findings about ``published/`` and ``operations/``."""
    yield from _finished(home, mend)
    yield from _gone(home, mend)
    for root in (home.published, home.operations):
        yield from _current(home, root, mend)
    of_published, of_operations = (_run_of(root / CURRENT) for root in (home.published, home.operations))
    if of_published and of_operations and of_published != of_operations:
        problem = f"of another run ({of_operations}) than {home.published.name} ({of_published})"
        yield Finding(Level.WARNING, f"{home.operations.name}/{CURRENT}", problem, ANEW if mend else ANEW_NEXT)


def _finished(home: Home, mend: bool) -> Iterator[Finding]:
    """Both links as the note says, which a killed run left between them."""
    note = noted(home)
    if not note.is_file():
        return
    name = note.relative_to(home.path).as_posix()
    problem = "a run was killed while it published"
    if not mend:
        yield Finding(Level.WARNING, name, problem, "the next run finishes it")
        return
    targets = [home.path / root / folder for root, folder in (recall(note) or {}).items() if isinstance(folder, str)]
    is_all_there = {path.parent for path in targets} == {home.published, home.operations} and all(map(_run_of, targets))
    for target in targets if is_all_there else ():
        point(target)
    note.unlink()
    remedy = "what it published is current now, in both places" if is_all_there else ANEW
    yield Finding(Level.MENDED, name, problem, remedy)


def _gone(home: Home, mend: bool) -> Iterator[Finding]:
    """A place with nothing published, while the other has what belongs to it; but for one that was set aside."""
    for root, other in ((home.published, home.operations), (home.operations, home.published)):
        is_aside = any(home.path.glob(f"{root.name}{MARK}*"))
        if not is_aside and not any(root.glob("*")) and _run_of(other / CURRENT):
            yield Finding(Level.WARNING, root.name, f"gone, while {other.name} is there", ANEW if mend else ANEW_NEXT)


def _current(home: Home, root: Path, mend: bool) -> Iterator[Finding]:
    """A ``current`` that is no link to what was published there. None in either place: nothing was shown yet."""
    current = root / CURRENT
    name = current.relative_to(home.path).as_posix()
    if not current.exists() and not current.is_symlink():
        if published_in(root) and any((other / CURRENT).is_symlink() for other in (home.published, home.operations)):
            yield _turned(root, name, GONE, mend)
    elif not current.is_symlink():
        remedy = f"set aside as {set_aside(current)}; {ANEW}" if mend else "the next run sets it aside"
        yield Finding(Level.MENDED if mend else Level.WARNING, name, "no link", remedy)
        if mend and (whole := _last_sound(root)):
            point(whole)
    elif not current.is_dir():
        yield _turned(root, name, "a link that leads nowhere", mend)
    elif wrong := _wrong(current):
        yield _turned(root, name, f"{wrong} is not as it was published", mend)


def _turned(root: Path, name: str, problem: str, mend: bool) -> Finding:
    """Turns ``current`` to the latest that is whole; where there is none, away from what is not."""
    if not mend:
        return Finding(Level.WARNING, name, problem, ANEW_NEXT)
    whole = _last_sound(root)
    if whole is not None:
        point(whole)
        return Finding(Level.MENDED, name, problem, f"run {whole.name} is shown until this one publishes anew")
    (root / CURRENT).unlink(missing_ok=True)
    return Finding(Level.MENDED, name, problem, f"no longer shown; {ANEW}")


def _last_sound(root: Path) -> Path | None:
    """The latest folder beside ``current`` that is as it was published."""
    return next((folder for folder in published_in(root) if not _wrong(folder)), None)


def _wrong(folder: Path) -> str | None:
    """The first file that is not what the manifest says; None where all are."""
    manifest = _read(folder / MANIFEST)
    listed, said = manifest.get("files"), manifest.pop("sha256", None)
    if not _run_of(folder) or not isinstance(listed, list) or said not in (None, digest(manifest)):
        return MANIFEST
    for file in listed:
        if not isinstance(file, dict) or not isinstance(file.get("path"), str):
            return MANIFEST
        name: str = file["path"]
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except (OSError, ValueError):
            return name
        if found != file.get("sha256"):
            return name
    return None


def _run_of(folder: Path) -> str | None:
    """The run that published the folder, by its manifest."""
    run = _read(folder / MANIFEST).get("run_id")
    return run if isinstance(run, str) else None


def _read(path: Path) -> dict[str, Any]:
    """A JSON object; an empty one where there is none that can be read."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
