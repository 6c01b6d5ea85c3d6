"""Whether the archive has what the ledger names, as it was, and the ledger names what the archive has.

Belongs here: comparing names, sizes and times; a content is hashed only where its file is younger than its entry. Does
not belong here: hashing all of it, which every reading does for what it reads; what is typed in the warehouse it does
not read again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.cleansed import is_packed
from fellowship_pipeline.intake.landing.archive import archived, in_landing, is_intact, put_back
from fellowship_pipeline.intake.landing.ledger import DESTROYED, RECOVERED, Content, Ledger, LedgerState, shown

UNREAD = ("rejected", "withdrawn", RECOVERED)
"""Decisions by which a content is not read: a run does without it."""

NEWER = 1.0
"""Seconds by which a file's time may be after its entry's, which is made when the file is written."""

SHA256 = re.compile("[0-9a-f]{64}")


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """Findings for contents that are gone or altered, which come back from landing/, and for those nobody names."""
    ledger = Ledger(home.ledger)
    state = ledger.state()
    there = stored(home)
    yield from _named(home, state, there, mend)
    yield from _unnamed(home, ledger, state, there, mend)


def stored(home: Home) -> dict[str, os.stat_result]:
    """What the archive has, by SHA-256."""
    found: dict[str, os.stat_result] = {}
    for folder in home.archive.glob("??"):
        with os.scandir(folder) as entries:
            files = (entry for entry in entries if entry.is_file(follow_symlinks=False))
            found |= {entry.name: entry.stat() for entry in files if SHA256.fullmatch(entry.name)}
    return found


def _named(home: Home, state: LedgerState, there: dict[str, os.stat_result], mend: bool) -> Iterator[Finding]:
    for problem, lost in _lost(home, state, there, mend).items():
        sizes = {content.sha256: content.size for content in lost if content.cleansed is None}
        back = in_landing(home, sizes)
        if back and mend:
            back = {sha256: back[sha256] for sha256 in put_back(home, back)}
        if back:
            done = "taken in again from landing/" if mend else "the next run takes it in again from landing/"
            again = _places(home, [content for content in lost if content.sha256 in back])
            yield _finding(Level.MENDED if mend else Level.WARNING, again, problem, done)
        left = [content for content in lost if content.sha256 not in back]
        for level, several in (
            (Level.WARNING, [content for content in left if content.decision in UNREAD]),
            (Level.STOP, [content for content in left if content.decision not in UNREAD]),
        ):
            remedy = "restore it, or put the file into landing/, or `fellowship files HOME withdraw ID`"
            if several:
                yield _finding(level, _places(home, several), problem, remedy)


def _lost(home: Home, state: LedgerState, there: dict[str, os.stat_result], mend: bool) -> dict[str, list[Content]]:
    """Contents that are not as they were, by what is wrong."""
    found: dict[str, list[Content]] = {}
    for content in state.contents.values():
        if content.decision in DESTROYED:
            continue
        status = there.get(content.kept)
        if status is None:
            found.setdefault("missing", []).append(content)
        elif (content.cleansed is None and status.st_size != content.size) or _is_altered(home, content, status, mend):
            found.setdefault("not what was archived", []).append(content)
    return found


def _is_altered(home: Home, content: Content, status: os.stat_result, mend: bool) -> bool:
    """Whether the bytes are others; where they are not, the file's time says so from now on."""
    entered = (content.stored_at or content.first_seen).timestamp()
    if status.st_mtime <= entered + NEWER:
        return False
    if not is_intact(home, content.kept):
        return True
    if mend:
        os.utime(archived(home, content.kept), (entered, entered))
    return False


def _unnamed(
    home: Home, ledger: Ledger, state: LedgerState, there: dict[str, os.stat_result], mend: bool
) -> Iterator[Finding]:
    """Enters contents that no line names, which a run leaves that is killed before it enters them.

    Not those that still lie in landing/, which are taken in as any other, nor what a cleansing did not finish.
    """
    named = {sha256 for content in state.contents.values() for sha256 in (content.sha256, content.kept)}
    sizes = {sha256: status.st_size for sha256, status in there.items() if sha256 not in named}
    landed = in_landing(home, sizes)
    lost = sorted(sha for sha in sizes if sha not in landed and not is_packed(archived(home, sha)))
    if lost and mend:
        ledger.append(recovered(home, sha256, sizes[sha256]) for sha256 in lost)
    if lost:
        remedy = "held as recovered: put it into landing/ and accept it, or withdraw it (`fellowship files HOME`)"
        places = [_place(home, sha256) for sha256 in lost]
        yield _finding(Level.WARNING, places, "no line of the ledger names it", remedy)


def recovered(home: Home, sha256: str, size: int, path: str | None = None) -> dict[str, object]:
    """The event of a content that the archive turned out to have. ``path``: where it once lay; else it lies there."""
    return {"event": RECOVERED, "sha256": sha256, "bytes": size, "path": path or _place(home, sha256)}


def _place(home: Home, sha256: str) -> str:
    return archived(home, sha256).relative_to(home.path).as_posix()


def _places(home: Home, several: Iterable[Content]) -> list[str]:
    """Each as whoever brought it knows it, by where it lay last, and its place in the archive."""
    found = ((shown(one.sightings[-1][1]), _place(home, one.kept)) for one in several)
    return sorted(copy if path == copy else f"{path} (its copy {copy})" for path, copy in found)


def _finding(level: Level, several: Sequence[str], problem: str, remedy: str) -> Finding:
    first = several[0]
    more = f" (and of {len(several) - 1} more)" if len(several) > 1 else ""
    return Finding(level, first, problem + more, remedy)
