"""``decisions.jsonl``: the seat reviews that operators confirmed, a line per decision with its evidence, and undoings.

Append-only and linked (``chain``): what was issued is never rewritten, but for persons who are erased. The decisions of
a review count once a line after them says that they are all there. Belongs here: the form of the lines, reading and
adding them, taking persons out. Does not belong here: what is decided (``review``),
whether the file is whole (``health``).
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fellowship_pipeline.errors import writing
from fellowship_pipeline.home import clock
from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.home.places import Home

ISSUED, CONFIRMED, UNDONE, REBUILT = "issued", "confirmed", "undone", "rebuilt"
"""The events of the file's lines; after a rebuilding all decisions that are left count."""

_MOMENTS = {ISSUED: "issued_at", UNDONE: "undone_at"}
"""The fields that a line has as its time."""

OF_A_PERSON = ("member_id", "study_mode", "seat_since", "xp", "active_days", "last_activity", "exception")
"""What a decision keeps no longer of who was erased."""


@dataclass(frozen=True)
class Decision:
    """One decision of a review, as it was issued, with the figures that it rests on.

    ``proposed``: what the review proposed; ``exception``: why an operator decided otherwise. ``files``: SHA-256 of the
    contents that the evidence comes from. Without ``member_id``: of somebody who was erased since.
    """

    decision_id: str
    review_month: date
    pool: str
    member_id: str | None
    study_mode: str | None
    rule: str
    minimum_xp: float | None
    minimum_active_days: int
    seat_since: date | None
    xp: float | None
    active_days: int | None
    last_activity: date | None
    proposed: str
    decision: str
    reason: str
    exception: str | None
    files: tuple[str, ...]
    issued_by: str | None
    issued_at: datetime


@dataclass(frozen=True)
class Undoing:
    """A decision taken back, and why; ``reason`` goes with whom it is about."""

    undo_id: str
    decision_id: str
    reason: str | None
    undone_by: str | None
    undone_at: datetime


@dataclass(frozen=True)
class Decisions:
    """All that was issued, in its order, and what of it was undone, by the decision's id."""

    issued: tuple[Decision, ...] = ()
    undone: Mapping[str, Undoing] = dataclasses.field(default_factory=dict)

    def of(self, month: date) -> tuple[Decision, ...]:
        """What was issued of one review."""
        return tuple(decision for decision in self.issued if decision.review_month == month)

    def standing(self, month: date) -> tuple[Decision, ...]:
        """What was issued of one review and not undone since."""
        return tuple(decision for decision in self.of(month) if decision.decision_id not in self.undone)


def load(home: Home) -> Decisions:
    """What the home's file says; nothing where there is none."""
    issued: list[Decision] = []
    undone: dict[str, Undoing] = {}
    open_: list[Decision] = []
    for line in Chain(home.decisions).read():
        match line["event"]:
            case "issued":
                open_.append(_decision(line))
            case "confirmed" | "rebuilt":
                issued += open_[-line.get("decisions", len(open_)) :]
                open_ = []
            case "undone":
                undone[line["decision_id"]] = _undoing(line)
    return Decisions(tuple(issued), undone)


def issue(home: Home, decisions: Sequence[Decision]) -> None:
    """Adds the decisions of a review, all or none; on the disk before it returns. The caller holds the home's lock."""
    lines = [line_of(ISSUED, vars(decision)) for decision in decisions]
    _append(home, [*lines, {"at": lines[-1]["at"], "event": CONFIRMED, "decisions": len(lines)}])


def undo(home: Home, undoing: Undoing) -> None:
    """Adds that a decision is undone; as :func:`issue`."""
    _append(home, [line_of(UNDONE, vars(undoing))])


def new_ids(known: Decisions, number: int) -> list[str]:
    """That many ids that nothing in the file has; they say nothing of what they name."""
    taken = {decision.decision_id for decision in known.issued} | {undone.undo_id for undone in known.undone.values()}
    found: dict[str, None] = {}
    while len(found) < number:
        if (id_ := secrets.token_hex(4)) not in taken:
            found[id_] = None
    return list(found)


def now() -> datetime:
    """The moment that is entered: UTC without saying so, as tables have it."""
    return clock.now().astimezone(UTC).replace(tzinfo=None)


def forget(
    home: Home, is_name: Callable[[str], bool], without: Callable[[str], str], put: Callable[[Path, bytes], None]
) -> None:
    """Takes persons out: of their decisions all that is of them, of everybody's words their names.

    ``is_name``: whether a whole text is a name of theirs; ``without``: a text without such names; ``put``: replaces a
    file's bytes and destroys those that were there.
    """
    chain = Chain(home.decisions)
    before = chain.read()
    nobody = {line["decision_id"] for line in before if line["event"] == ISSUED and _is_nobodys(line, is_name)}
    after = [_nameless(line, nobody, is_name, without) for line in before]
    if before != after:
        chain.rewrite(after, put)


def _is_nobodys(line: Mapping[str, Any], is_name: Callable[[str], bool]) -> bool:
    return line["member_id"] is None or is_name(line["member_id"])


def _nameless(
    line: dict[str, Any], nobody: Collection[str], is_name: Callable[[str], bool], without: Callable[[str], str]
) -> dict[str, Any]:
    def nameless(words: str | None) -> str | None:
        return None if words is None or is_name(words) else without(words)

    is_theirs = line.get("decision_id") in nobody
    match line["event"]:
        case "issued":
            words = {name: nameless(line[name]) for name in ("exception", "issued_by")}
            return {**line, **words, **(dict.fromkeys(OF_A_PERSON) if is_theirs else {})}
        case "undone":
            reason = None if is_theirs else nameless(line["reason"])
            return {**line, "reason": reason, "undone_by": nameless(line["undone_by"])}
        case _:
            return line


def line_of(event: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The line of an entry, without its link; ``values``: its fields, by name."""
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    at = f"{values[_MOMENTS[event]].isoformat(timespec='microseconds')}+00:00"
    del said[_MOMENTS[event]]
    return {"at": at, "event": event, **said}


def _append(home: Home, lines: Sequence[Mapping[str, Any]]) -> None:
    with writing(home.decisions):
        Chain(home.decisions).append(lines, lines[0]["at"])


def _decision(line: Mapping[str, Any]) -> Decision:
    days = {name: _day(line[name]) for name in ("review_month", "seat_since", "last_activity")}
    return Decision(**{**_fields(Decision, line), **days, "files": tuple(line["files"])})


def _undoing(line: Mapping[str, Any]) -> Undoing:
    return Undoing(**_fields(Undoing, line))


def _fields(form: type[Decision | Undoing], line: Mapping[str, Any]) -> dict[str, Any]:
    moment = _MOMENTS[line["event"]]
    at = datetime.fromisoformat(line["at"]).replace(tzinfo=None)
    return {field.name: at if field.name == moment else line[field.name] for field in dataclasses.fields(form)}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
