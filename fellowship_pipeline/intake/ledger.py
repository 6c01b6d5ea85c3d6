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

from fellowship_pipeline.errors import UserError

Event = Mapping[str, Any]
Verb = Literal["accept", "reject", "withdraw"]
DECISIONS: dict[Verb, str] = {"accept": "accepted", "reject": "rejected", "withdraw": "withdrawn"}
SHORTEST_ID = 4
ID_LENGTH = 16


@dataclass
class Content:
    """Bytes that came: when first, where and when (by number of event), and what an operator decided last."""

    sha256: str
    size: int
    first_seen: datetime
    sightings: list[tuple[int, str]] = field(default_factory=list)
    decision: str | None = None


@dataclass(frozen=True)
class Listed:
    """A line of ``fellowship files``. ``id`` is what accept, reject and withdraw take."""

    id: str
    path: str
    source: str | None
    status: str
    reason: str | None
    first_seen: datetime | None
    rows: int | None


@dataclass
class State:
    """What the events amount to."""

    contents: dict[str, Content] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)
    readings: dict[str, Event] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)

    def versions(self, path: str) -> list[str]:
        """The contents that lay there, oldest first; one that came back counts where it came last."""
        seen = sorted((at, c.sha256) for c in self.contents.values() for at, where in c.sightings if where == path)
        return list(dict.fromkeys(sha for _, sha in reversed(seen)))[::-1]

    def listed(self) -> list[Listed]:
        """Every file: those read, those received and not read yet, those ignored; by path."""
        read = {event["sha256"] for event in self.readings.values()}
        files = [self._reading(event) for event in self.readings.values()]
        files += [
            Listed(
                sha[:ID_LENGTH],
                content.sightings[0][1],
                None,
                content.decision or "received",
                None,
                content.first_seen,
                None,
            )
            for sha, content in self.contents.items()
            if sha not in read
        ]
        files += [Listed("", path, None, "ignored", reason, None, None) for path, reason in self.ignored.items()]
        return sorted(files, key=lambda file: (file.path, file.source or "", file.id))

    def _reading(self, event: Event) -> Listed:
        content = self.contents[event["sha256"]]
        status, reason = event["event"], event.get("reason")
        if content.decision in ("rejected", "withdrawn"):
            status, reason = content.decision, None
        elif content.decision == "accepted" and status in ("held", "rejected", "withdrawn"):
            status, reason = "received", "accepted: the next run reads it"
        return Listed(
            event["file_id"], event["path"], event["source"], status, reason, content.first_seen, event.get("rows")
        )


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
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.seek(_whole(file.read()))
            file.truncate()
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())

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

    def state(self) -> State:
        """The events folded."""
        state = State()
        for number, event in enumerate(self.events()):
            _fold(state, number, event)
        return state

    def decide(self, verb: Verb, wanted: str) -> Listed:
        """Accepts, rejects or withdraws the file of that id (or the beginning of one); returns it as it now stands."""
        file = self._find(wanted)
        if verb == "accept" and file.status not in ("held", "rejected", "withdrawn"):
            raise UserError(f"file {file.id} is {file.status}: only a held, rejected or withdrawn one can be accepted")
        self.append([{"event": DECISIONS[verb], "sha256": self._sha256(file.id)}])
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


def _whole(data: bytes) -> int:
    """Bytes up to the end of the last finished line."""
    return data.rfind(b"\n") + 1


def _fold(state: State, number: int, event: Event) -> None:
    kind = event["event"]
    if kind == "received":
        content = state.contents.setdefault(
            event["sha256"], Content(event["sha256"], event["bytes"], datetime.fromisoformat(event["at"]))
        )
        content.sightings.append((number, event["path"]))
        state.latest[event["path"]] = event["sha256"]
    elif kind == "dropped":
        state.readings.pop(event["file_id"], None)
    elif "file_id" in event:
        state.readings[event["file_id"]] = event
    elif kind == "ignored":
        state.ignored[event["path"]] = event["reason"]
    elif kind in DECISIONS.values():
        state.contents[event["sha256"]].decision = kind
