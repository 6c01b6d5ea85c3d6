"""From where files land into the archive and the ledger: files that stand still, copied once by their content.

Belongs here: which files are looked at, when one counts as complete. Does not belong here: listing and reading a place
(``landing``, ``remote``), the copy (``archive``), what is in a file (``reading``).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.intake.landing import folder, remote
from fellowship_pipeline.intake.landing.archive import Copy, copying, settle, sweep
from fellowship_pipeline.intake.landing.folder import Left, Stamp
from fellowship_pipeline.intake.landing.ledger import Event, Ledger
from fellowship_pipeline.intake.landing.looks import Looks
from fellowship_pipeline.intake.landing.periods import not_over
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.plain.dialect import Plain, PlainScan
from fellowship_pipeline.intake.presets import beside, preset
from fellowship_pipeline.program.paths import asked_for, is_url

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

PATIENCE_SECONDS = 10.0
TICK_SECONDS = 4.0
BATCH = 1000
LARGEST = 2 << 30
CHANGING = "still changing: taken in when it stands still"
TOO_LARGE = f"larger than {LARGEST >> 30} GB, the most a file may have: export it in parts"


@dataclass(frozen=True)
class Arrivals:
    """What came of looking: paths that were received, and why others have to wait or are ignored.

    ``plain``: of large contents that were copied, what they are, by SHA-256 and declared delimiter.
    """

    received: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    plain: Mapping[tuple[str, str | None], Plain | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Landed:
    """What lies where entries look: the files they want, and why others have to wait or are ignored."""

    files: dict[str, Stamp]
    left: dict[str, str]
    ignored: dict[str, str]


@dataclass(frozen=True)
class _Look:
    """A file's stamp and SHA-256; None where the stamp alone tells that the content is the same."""

    stamp: Stamp
    sha256: str | None


def take_in(home: Home, program: Program) -> Arrivals:
    """Copies what is new and stands still into the archive and enters it in the ledger.

    A file is looked at twice, ``arrival.quiet_seconds`` apart; the second look is the copy. What still changes after
    10 seconds or cannot be had is left for the next run, and the ledger says why. What was destroyed for retention and
    is not over is taken in again. The caller holds the home's lock.
    """
    sweep(home)
    landed = _landed(home, program, remote.ANSWER_SECONDS)
    visit = _Visit(home, program, dict(landed.left))
    deadline = time.monotonic() + PATIENCE_SECONDS
    unsure = [path for path, stamp in landed.files.items() if not visit.is_known(path, stamp)]
    while unsure and time.monotonic() < deadline:
        unsure = visit.look_twice(unsure)
    visit.left |= dict.fromkeys(unsure, CHANGING)
    visit.ledger.append(_changes(visit, landed.ignored))
    visit.looks.save(landed.files)
    return Arrivals(tuple(sorted(visit.received)), visit.left, landed.ignored, visit.plain)


def waiting(home: Home, program: Program) -> dict[str, str]:
    """Files that the ledger does not know and that stood still since an earlier call: path → SHA-256.

    For the sensor, whose ticks are the looks. It reads for a few seconds at most and goes on at the next call; a file
    behind a URL is not read at all, and stands with what its place says of it.
    """
    deadline = time.monotonic() + TICK_SECONDS
    visit = _Visit(home, program, {})
    looks = visit.looks
    landed = _landed(home, program, TICK_SECONDS)
    found: dict[str, str] = {}
    for path, stamp in sorted(landed.files.items()):
        seen, now = looks.at(path, stamp), clock.now().timestamp()
        if seen is None or seen.since > now:
            looks.note(path, stamp, now, None)
        elif visit.is_known(path, stamp) or now - seen.since < program.arrival.quiet_seconds:
            continue
        elif is_url(path) or seen.sha256:
            found[path] = seen.sha256 or stamp.mark
        elif time.monotonic() < deadline and (look := _first_look(home, path, {})) and look.stamp == stamp:
            looks.note(path, stamp, seen.since, look.sha256)
            if look.sha256 and not visit.has(path, look.sha256):
                found[path] = look.sha256
    looks.save(landed.files)
    return found


class _Visit:
    """What taking files in has to know, and what has come of it so far."""

    def __init__(self, home: Home, program: Program, left: dict[str, str]) -> None:
        self.home = home
        self.program = program
        self.left = left
        self.plain: dict[tuple[str, str | None], Plain | None] = {}
        self.received: list[str] = []
        self.ledger, self.looks = Ledger(home.ledger), Looks(home)
        self.state = self.ledger.state()
        self.returning = not_over(self.state, program, clock.now().date())
        self.destroyed = {sha256 for sha256, content in self.state.contents.items() if content.is_destroyed}
        self.destroyed -= self.returning

    def has(self, path: str, sha256: str) -> bool:
        """Whether that content is what the ledger has last of the path, and is not to come back."""
        return sha256 == self.state.latest.get(path) and sha256 not in self.returning

    def is_known(self, path: str, stamp: Stamp) -> bool:
        """Whether the file was read with that stamp, and the ledger has it."""
        seen = self.looks.at(path, stamp)
        return seen is not None and seen.sha256 is not None and self.has(path, seen.sha256)

    def look_twice(self, paths: list[str]) -> list[str]:
        """Takes in those of the files that stand still; returns those that do not."""
        began = time.monotonic()
        first = {path: look for path in paths if (look := self._look(path))}
        still = {path for path, look in first.items() if look.sha256 and self.has(path, look.sha256)}
        new = sorted(first.keys() - still)
        if new:
            time.sleep(max(0.0, began + self.program.arrival.quiet_seconds - time.monotonic()))
        for batch in (new[at : at + BATCH] for at in range(0, len(new), BATCH)):
            copies = {path: copy for path in batch if (copy := self._copied(path, first[path]))}
            self._enter(copies)
            still |= copies.keys()
            first |= {path: _Look(first[path].stamp, copy.sha256) for path, copy in copies.items()}
        for path in still:
            self.looks.note(path, first[path].stamp, clock.now().timestamp(), first[path].sha256)
        return [path for path in new if path not in still and path not in self.left]

    def _look(self, path: str) -> _Look | None:
        """The stamp alone of a path that the ledger does not know: there is no content to compare it with."""
        if path in self.state.latest:
            return _first_look(self.home, path, self.left)
        with _leaving(path, self.left):
            return _Look(_stamp(self.home, path), None)
        return None

    def _copied(self, path: str, look: _Look) -> Copy | None:
        """The content in the archive, unless it was destroyed before.

        None where it is no longer what was looked at, or cannot be had (and why in ``left``).
        """
        with _leaving(path, self.left), copying(self.home) as copy:
            if _stamp(self.home, path) == look.stamp:
                scans = self._scans(path, look.stamp)
                copy.write(_chunks(self.home, path), *(scan.feed for scan in scans.values()))
                if copy.sha256 == (look.sha256 or copy.sha256) and _stamp(self.home, path) == look.stamp:
                    if copy.sha256 not in self.destroyed:
                        copy.keep()
                    self.plain |= {(copy.sha256, delimiter): scan.result() for delimiter, scan in scans.items()}
                    return copy
        return None

    def _scans(self, path: str, stamp: Stamp) -> dict[str | None, PlainScan]:
        """Of a large file, tests for how it could be read; see ``plain``."""
        if (stamp.size or 0) < loading.SMALLEST:
            return {}
        return {delimiter: PlainScan(delimiter) for delimiter in loading.delimiters(self.program, path)}

    def _enter(self, copies: Mapping[str, Copy]) -> None:
        """Makes the copies last, then says so in the ledger."""
        settle(self.home, {copy.sha256 for copy in copies.values()} - self.destroyed)
        arrived = {path: copy for path, copy in copies.items() if copy.sha256 != self.state.latest.get(path)}
        back = {copy.sha256: path for path, copy in copies.items() if copy.sha256 in self.returning}
        self.ledger.append(
            [
                *({"event": "returned", "path": path, "sha256": sha256} for sha256, path in back.items()),
                *(
                    {"event": "received", "path": path, "sha256": copy.sha256, "bytes": copy.size}
                    for path, copy in arrived.items()
                ),
            ]
        )
        self.returning -= back.keys()
        self.received += arrived.keys() | back.values()


def _landed(home: Home, program: Program, seconds: float) -> _Landed:
    """Looks around. A place behind a URL has so many seconds to answer."""
    files, ignored, left = folder.walk(home)
    entries = [(source, entry) for source, several in program.sources.items() for entry in several]
    behind_urls = _behind_urls(entries, seconds, left)
    ignored |= {path: "temporary" for path in behind_urls if folder.is_temporary(path)}
    there: dict[str, Stamp | None] = {**files, **behind_urls}
    names = there.keys() - ignored.keys()
    wanted: set[str] = set()
    for source, entry in entries:
        wanted |= asked_for(entry.files, names) | beside(source, entry, names)
    stamps: dict[str, Stamp] = {}
    for path in wanted:
        with _leaving(path, left):
            stamps[path] = there[path] or _stamp(home, path)
    return _Landed(stamps, left, ignored)


def _behind_urls(entries: Iterable[tuple[str, Entry]], seconds: float, left: dict[str, str]) -> dict[str, Stamp | None]:
    """What lies where the entries' URLs look, all asked at once."""
    places: dict[str, bool] = {}
    for source, entry in entries:
        if is_url(entry.files):
            looks_beside = bool(entry.preset and preset(entry.preset).beside.get(source))
            places[entry.files] = looks_beside or places.get(entry.files, False)
    if not places:
        return {}
    found: dict[str, Stamp | None] = {}
    with ThreadPoolExecutor(len(places)) as pool:
        answers = {place: pool.submit(remote.listed, place, also, seconds) for place, also in places.items()}
        for place, answer in answers.items():
            with _leaving(place, left):
                found |= answer.result()
    return found


def _first_look(home: Home, path: str, left: dict[str, str]) -> _Look | None:
    """Stamp and hash; None where it cannot be had, and why in ``left``."""
    with _leaving(path, left):
        stamp = _stamp(home, path)
        if stamp.is_version:
            return _Look(stamp, None)
        digest = hashlib.sha256()
        for chunk in _chunks(home, path):
            digest.update(chunk)
        return _Look(stamp, digest.hexdigest())
    return None


@contextmanager
def _leaving(path: str, left: dict[str, str]) -> Iterator[None]:
    """Notes in ``left`` why the path has to wait, should it come to that."""
    try:
        yield
    except Left as reason:
        left[path] = str(reason)


def _stamp(home: Home, path: str) -> Stamp:
    stamp = remote.stamp(path) if is_url(path) else folder.stamp(home, path)
    if stamp is None:
        raise Left(folder.VANISHED)
    if stamp.size is not None and stamp.size > LARGEST:
        raise Left(TOO_LARGE)
    return stamp


def _chunks(home: Home, path: str) -> Iterator[bytes]:
    size = 0
    for chunk in remote.chunks(path) if is_url(path) else folder.chunks(home, path):
        size += len(chunk)
        if size > LARGEST:
            raise Left(TOO_LARGE)
        yield chunk


def _changes(visit: _Visit, ignored: Mapping[str, str]) -> Iterator[Event]:
    """What the ledger does not say yet of files that were not taken in."""
    before = visit.state
    for path, reason in sorted(ignored.items()):
        if path not in before.ignored:
            yield {"event": "ignored", "path": path, "reason": reason}
    for path, reason in sorted(visit.left.items()):
        if before.left.get(path) != reason:
            yield {"event": "left", "path": path, "reason": reason}
    for path in sorted(before.left.keys() - visit.left.keys() - set(visit.received)):
        yield {"event": "settled", "path": path}
