"""The append-only record of what came and what became of it: ``ledger.jsonl``, outside the warehouse.

Belongs here: events, the state folded from them, decisions of operators. Does not belong here: looking at the landing
folder (``arrival``), reading files (``reading``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from fellowship_pipeline.errors import UserError, writing
from fellowship_pipeline.home.durable import sync

Event = Mapping[str, Any]
Verb = Literal["accept", "reject", "withdraw"]
DECISIONS: dict[Verb, str] = {"accept": "accepted", "reject": "rejected", "withdraw": "withdrawn"}
DESTROYED = ("erased", "expired")
"""What becomes of a content whose bytes are destroyed."""
SHORTEST_ID = 4
ID_LENGTH = 16


@dataclass
class Content:
    """Bytes that came: when first, where and when (by number of event), and what an operator decided last.

    ``cleansed``: the SHA-256 of what the archive keeps in their place, less the records of erased persons.
    """

    sha256: str
    size: int
    first_seen: datetime
    sightings: list[tuple[int, str]] = field(default_factory=list)
    decision: str | None = None
    cleansed: str | None = None

    @property
    def is_destroyed(self) -> bool:
        """Whether its bytes must not lie in the archive again."""
        return self.cleansed is not None or self.decision in DESTROYED


@dataclass(frozen=True)
class Listed:
    """A line of ``fellowship files``, its path printable. ``id`` is what accept, reject and withdraw take.

    A file without an id is nothing to decide on: ignored, left where it lies, or the same bytes as another.
    """

    id: str
    path: str
    source: str | None
    status: str
    reason: str | None
    first_seen: datetime | None
    rows: int | None


@dataclass
class LedgerState:
    """What the events amount to.

    ``latest`` and ``places``: the last content, and all of them, by path. ``left``: files that wait where they lie, and
    why.
    """

    contents: dict[str, Content] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    readings: dict[str, Event] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    sifted: tuple[str, int] = ("", -1)

    def versions(self, path: str) -> list[str]:
        """The contents that lay there, oldest first; one that came back counts where it came last."""
        return list(dict.fromkeys(reversed(self.places.get(path, ()))))[::-1]

    def listed(self) -> list[Listed]:
        """Every file: those read, those received and not read yet, those left or ignored, and second names; by path."""
        readings: dict[str, list[Event]] = {}
        for event in self.readings.values():
            readings.setdefault(event["sha256"], []).append(event)
        files = [_aside(path, "ignored", reason) for path, reason in self.ignored.items()]
        files += [_aside(path, "held", reason) for path, reason in self.left.items()]
        for sha256, content in self.contents.items():
            events = readings.get(sha256, [])
            files += [self._reading(event) for event in events] or [_unread(content)]
            files += _other_names(content, events, files[-1])
        return sorted(files, key=lambda file: (file.path, file.source or "", file.id))

    def _reading(self, event: Event) -> Listed:
        content = self.contents[event["sha256"]]
        status, reason = event["event"], event.get("reason")
        if content.decision in ("rejected", "withdrawn"):
            status, reason = content.decision, None
        elif content.decision == "accepted" and status in ("held", "rejected", "withdrawn"):
            status, reason = "received", "accepted: the next run reads it"
        path, rows = shown(event["path"]), event.get("rows")
        return Listed(event["file_id"], path, event["source"], status, reason, content.first_seen, rows)


class Ledger:
    """The file. Every append is on the disk before it returns."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = path
        self.clock = clock

    def append(self, events: Iterable[Event]) -> None:
        """Adds events, each with the time; nothing where there are none."""
        at = self.clock().astimezone(UTC).isoformat(timespec="microseconds")
        text = "".join(json.dumps({"at": at, **event}) + "\n" for event in events)
        if not text:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with writing(self.path), os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            if file.read(1) not in (b"", b"\n"):
                file.seek(0)
                file.truncate(_whole(file.read()))
            file.seek(0, os.SEEK_END)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if end == 0:
            sync(self.path.parent)

    def events(self) -> list[dict[str, Any]]:
        """All events, oldest first, without a last line that was never finished; UserError on any other damage."""
        if not self.path.exists():
            return []
        data = self.path.read_bytes()
        events = []
        for number, line in enumerate(data[: _whole(data)].splitlines(), start=1):
            try:
                events.append(json.loads(line))
            except ValueError:
                raise UserError(f"{self.path.name} line {number}: damaged; restore it from a copy") from None
        return events

    def state(self) -> LedgerState:
        """The events folded."""
        state = LedgerState()
        for number, event in enumerate(self.events()):
            _fold(state, number, event)
        return state

    def decide(self, verb: Verb, wanted: str) -> Listed:
        """Accepts, rejects or withdraws the file of that id (or the beginning of one); returns it as it now stands.

        Saying again what was said last changes nothing.
        """
        file = self._find(wanted)
        sha256 = self._sha256(file.id)
        if self.state().contents[sha256].decision == DECISIONS[verb]:
            return file
        if verb == "accept" and file.status not in ("held", "rejected", "withdrawn"):
            raise UserError(f"file {file.id} is {file.status}: only a held, rejected or withdrawn one can be accepted")
        self.append([{"event": DECISIONS[verb], "sha256": sha256}])
        return self._find(file.id)

    def _find(self, wanted: str) -> Listed:
        if len(wanted) < SHORTEST_ID:
            raise UserError(f"'{wanted}' is too short for the id of a file: at least {SHORTEST_ID} characters")
        found = [file for file in self.state().listed() if file.id.startswith(wanted.lower())]
        if not found:
            raise UserError(f"no file has the id '{wanted}': `fellowship files HOME` lists them")
        if len(found) > 1:
            raise UserError(f"{len(found)} files have ids that begin with '{wanted}': give more of it")
        return found[0]

    def _sha256(self, identity: str) -> str:
        state = self.state()
        if identity in state.readings:
            return str(state.readings[identity]["sha256"])
        return next(sha for sha in state.contents if sha.startswith(identity))


def _unread(content: Content) -> Listed:
    status, path = content.decision or "received", shown(content.sightings[0][1])
    return Listed(content.sha256[:ID_LENGTH], path, None, status, None, content.first_seen, None)


def _other_names(content: Content, events: Iterable[Event], file: Listed) -> list[Listed]:
    """The further places of a content that is listed as ``file`` already."""
    named = {event["path"] for event in events} or {content.sightings[0][1]}
    at = max((datetime.fromisoformat(event["at"]) for event in events), default=content.first_seen)
    reason = f"already {file.status} on {at:%Y-%m-%d %H:%M} as {file.path}"
    others = dict.fromkeys(path for _, path in content.sightings if path not in named)
    return [_aside(path, "ignored", reason) for path in others]


def _aside(path: str, status: str, reason: str) -> Listed:
    return Listed("", shown(path), None, status, reason, None, None)


def shown(path: str) -> str:
    """A path for people: controls, marks of direction and bytes of no encoding as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in path)


def _whole(data: bytes) -> int:
    """Bytes up to the end of the last finished line."""
    return data.rfind(b"\n") + 1


def _fold(state: LedgerState, number: int, event: Event) -> None:
    kind = event["event"]
    if kind == "received":
        content = state.contents.setdefault(
            event["sha256"], Content(event["sha256"], event["bytes"], datetime.fromisoformat(event["at"]))
        )
        content.sightings.append((number, event["path"]))
        state.latest[event["path"]] = event["sha256"]
        state.places.setdefault(event["path"], []).append(event["sha256"])
        state.left.pop(event["path"], None)
        state.ignored.pop(event["path"], None)
    elif kind == "dropped":
        state.readings.pop(event["file_id"], None)
    elif "file_id" in event:
        state.readings[event["file_id"]] = event
    elif kind == "ignored":
        state.ignored[event["path"]] = event["reason"]
    elif kind == "left":
        state.left[event["path"]] = event["reason"]
    elif kind == "settled":
        state.left.pop(event["path"], None)
    elif kind in (*DECISIONS.values(), *DESTROYED):
        state.contents[event["sha256"]].decision = kind
    elif kind == "cleansed":
        state.contents[event["sha256"]].cleansed = event["kept"]
    elif kind == "sifted":
        state.sifted = (event["basis"], number)
