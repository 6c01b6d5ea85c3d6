"""The append-only record of what came and what became of it: ``ledger.jsonl``, outside the warehouse.

Belongs here: events, the state folded from them, decisions of operators. Does not belong here: how lines hold together
(``home.chain``), looking at the landing folder (``arrival``), reading files (``reading``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from fellowship_pipeline.errors import UserError, writing
from fellowship_pipeline.home import clock
from fellowship_pipeline.home.chain import BEGUN, Chain
from fellowship_pipeline.intake.landing.moments import EntryTimes, doubt

Event = Mapping[str, Any]
Verb = Literal["accept", "reject", "withdraw"]
DECISIONS: dict[Verb, str] = {"accept": "accepted", "reject": "rejected", "withdraw": "withdrawn"}
DESTROYED = ("erased", "expired")
"""What becomes of a content whose bytes are destroyed."""
RECOVERED = "recovered"
"""What becomes of a content that the archive has and of which decisions may be lost: held until an operator says."""
SHORTEST_ID = 4
ID_LENGTH = 16


@dataclass
class Content:
    """Bytes that came: when first, where and when (by number of event), and what an operator decided last.

    ``known_at``: the last moment at which they were there for certain, by a clock that is not in doubt. ``stored_at``:
    when what the archive keeps was put there. ``cleansed``: the SHA-256 of what the archive keeps in their place, less
    the records of erased persons. ``ages``: of bytes destroyed for retention how old each source took them for.
    ``before``: the decision before they were destroyed.
    """

    sha256: str
    size: int
    first_seen: datetime
    sightings: list[tuple[int, str]] = field(default_factory=list)
    decision: str | None = None
    cleansed: str | None = None
    known_at: datetime | None = None
    stored_at: datetime | None = None
    ages: Mapping[str, str] | None = None
    before: str | None = None

    @property
    def kept(self) -> str:
        """The SHA-256 of what the archive keeps."""
        return self.cleansed or self.sha256

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
    why. ``resumed``: since when there was no pause, and the clock not set back.
    """

    contents: dict[str, Content] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    readings: dict[str, Event] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    sifted: tuple[str, int] = ("", -1)
    resumed: datetime | None = None

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
        elif content.decision == RECOVERED:
            status = "held"
        elif content.decision == "accepted" and status in ("held", "rejected", "withdrawn"):
            status, reason = "received", "accepted: the next run reads it"
        path, rows = shown(event["path"]), event.get("rows")
        return Listed(event["file_id"], path, event["source"], status, reason, content.first_seen, rows)


class Ledger:
    """The file. Every append is on the disk before it returns."""

    def __init__(self, path: Path, now: Callable[[], datetime] = clock.now) -> None:
        self.path = path
        self.now = now
        self.chain = Chain(path)

    def append(self, events: Iterable[Event], *, is_clock_right: bool = False) -> None:
        """Adds events, each with the time; nothing where there are none.

        Raises UserError where the clock lies before the last entry and nobody vouches for it.
        """
        now = self.now().astimezone(UTC)
        at = now.isoformat(timespec="microseconds")
        lines = [{"at": at, **event} for event in events]
        if not lines:
            return
        if (reason := doubt(now, self.last_entry())) is not None and not is_clock_right:
            raise UserError(reason)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with writing(self.path):
            self.chain.append(lines, at)

    def begin(self) -> None:
        """Begins the file, with no event yet."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with writing(self.path):
            self.chain.append([], self.now().astimezone(UTC).isoformat(timespec="microseconds"))

    def last_entry(self) -> datetime | None:
        """When the last event was entered; None where there is none."""
        last = self.chain.last()
        return datetime.fromisoformat(last["at"]) if last else None

    def events(self) -> list[dict[str, Any]]:
        """All events, oldest first, without a last line that was never finished; UserError on any other damage."""
        return [event for event in self.chain.read() if event["event"] != BEGUN]

    def state(self) -> LedgerState:
        """The events folded."""
        state, events = LedgerState(), self.chain.read()
        for number, event in enumerate(events):
            _fold(state, number, event)
        moments = EntryTimes([datetime.fromisoformat(event["at"]) for event in events])
        state.resumed = moments.resumed()
        for content in state.contents.values():
            content.known_at = moments.known(number for number, _ in content.sightings)
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

    def decide_recovered(self, verb: Verb) -> list[Listed]:
        """Accepts, rejects or withdraws all that is held since it was recovered; returns it as it now stands."""
        held = [content.sha256 for content in self.state().contents.values() if content.decision == RECOVERED]
        self.append({"event": DECISIONS[verb], "sha256": sha256} for sha256 in held)
        state = self.state()
        ids = {sha[:ID_LENGTH] for sha in held}
        ids |= {file_id for file_id, event in state.readings.items() if event["sha256"] in held}
        return [file for file in state.listed() if file.id in ids]

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
    reason = None
    if status == RECOVERED:
        status, reason = "held", "recovered from the archive: accept it, and put it into landing/ if it is to be read"
    return Listed(content.sha256[:ID_LENGTH], path, None, status, reason, content.first_seen, None)


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


def _fold(state: LedgerState, number: int, event: Event) -> None:
    kind = event["event"]
    if kind in ("received", RECOVERED):
        _fold_arrival(state, number, event)
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
    elif kind == "sifted":
        state.sifted = (event["basis"], number)
    elif content := state.contents.get(event.get("sha256", "")):
        _fold_decision(content, number, event)


def _fold_arrival(state: LedgerState, number: int, event: Event) -> None:
    """A content that came, or that the archive turned out to have."""
    at, sha256, path = datetime.fromisoformat(event["at"]), event["sha256"], event["path"]
    content = state.contents.setdefault(sha256, Content(sha256, event["bytes"], at))
    is_placed = bool(content.sightings)
    content.stored_at = at
    if event["event"] == RECOVERED:
        if content.decision not in ("rejected", "withdrawn", *DESTROYED):
            content.decision = RECOVERED
        if is_placed:
            return
    content.sightings.append((number, path))
    state.latest[path] = sha256
    state.places.setdefault(path, []).append(sha256)
    state.left.pop(path, None)
    state.ignored.pop(path, None)


def _fold_decision(content: Content, number: int, event: Event) -> None:
    """What was decided on a content, and what became of its bytes."""
    kind = event["event"]
    if kind == "expired":
        content.before = content.decision
        content.decision, content.ages = kind, event.get("ages")
    elif kind == "returned":
        content.decision, content.cleansed = content.before, None
        content.stored_at = datetime.fromisoformat(event["at"])
        content.sightings.append((number, event["path"]))
    elif kind == "erased":
        content.decision = kind
    elif kind == "cleansed":
        content.cleansed, content.stored_at = event["kept"], datetime.fromisoformat(event["at"])
    elif kind in DECISIONS.values() and content.decision == "expired":
        content.before = kind
    elif kind in DECISIONS.values() and content.decision != "erased":
        content.decision = kind
