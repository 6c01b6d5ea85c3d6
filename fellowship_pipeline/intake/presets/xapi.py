"""xAPI statements, one per record: who did what to which thing, when.

Belongs here: xAPI's words and ids. A course, or a thing that nobody says the sort of, that is completed, passed or
satisfied is a completion; everything else is activity, its kind the verb. What is no course is an item of the course
that the statement's context names. A statement that another one voids counts nowhere, whichever file that one is in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.mapping import multiplied, plain
from fellowship_pipeline.intake.readers.records import Records, Reject, normal

NEEDED = ("verb.id", "object.id")
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
COMPLETING = ("completed", "passed", "satisfied")
COURSE = "course"
NAME = "object.definition.name."
LANGUAGES = ("en-us", "en", "en-gb", "und")
"""The languages in which a thing's name is preferred to any other."""
PEOPLE = ("actor.mbox", "actor.account.name", "actor.mbox_sha1sum", "actor.openid")
CONTEXTS = ("context.contextactivities.parent", "context.contextactivities.grouping")
TOO_FINE = re.compile(r"(?<=\.\d{6})\d+")
DURATION = TypeAdapter(timedelta)
CALENDAR = re.compile("P[^T]*[YM]")
"""A duration in years or months, which are no number of minutes."""

XapiStatement = dict[str, str]
"""Text by lower-case path, such as ``verb.id``."""


@dataclass(frozen=True)
class _Statements:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(NEEDED)
        completions = self.group.source.name == "completions"
        kept: dict[str, tuple[int, XapiStatement]] = {}
        rejects = []
        for at, statement in enumerate(_statements(records)):
            fact = statement.get("id") or str(at)
            if fact in kept or fact in self._void or not _is_learning(statement):
                continue
            if _completes(statement) == completions:
                if statement.get("actor.objecttype") == "Group":
                    row, line = records.rows[at].as_py(), records.lines[at].as_py()
                    rejects.append(Reject(row, "member", "Group", "the actor is a group, no person", line))
                else:
                    kept[fact] = at, statement
        places = {at for at, _ in kept.values()}
        chosen = records.only(pa.array([at in places for at in range(len(records.rows))], pa.bool_()))
        columns = {
            name: pa.array([read(statement) for _, statement in kept.values()], pa.string())
            for name, read in (COMPLETION if completions else ACTIVITY).items()
        }
        ignored = len(records.rows) - len(kept) - len(rejects)
        return Shaped(rows_of(chosen, columns), ignored=ignored, rejects=tuple(rejects))

    @cached_property
    def _void(self) -> frozenset[str]:
        """The ids of statements that a statement in any of the files voids."""
        readable = [records for file in self.group.files if (records := self.group.usable(file)) is not None]
        return frozenset(
            statement["object.id"]
            for records in readable
            if all(records.place(header) is not None for header in NEEDED)
            for statement in _statements(records)
            if statement["verb.id"] == VOIDED
        )


def _statements(records: Records) -> list[XapiStatement]:
    names = [normal(header) for header in records.header]
    columns = [column.to_pylist() for column in records.columns]
    return [dict(zip(names, map(str.strip, cells), strict=True)) for cells in zip(*columns, strict=True)]


def _is_learning(statement: XapiStatement) -> bool:
    """Whether it is about a thing to learn, and no statement about a statement or a person."""
    return statement.get("object.objecttype", "") in ("", "Activity")


def _last(iri: str) -> str:
    """The word that an id ends in."""
    return re.split("[/#]", iri.rstrip("/#"))[-1]


def _is_course(statement: XapiStatement) -> bool:
    """Whether the thing is a course, or nobody says what it is and where it belongs."""
    kind = statement.get("object.definition.type", "")
    return _last(kind) == COURSE if kind else not _context(statement)


def _completes(statement: XapiStatement) -> bool:
    return _last(statement["verb.id"]) in COMPLETING and _is_course(statement)


def _member(statement: XapiStatement) -> str:
    person = next((statement[path] for path in PEOPLE if statement.get(path)), "")
    return person.removeprefix("mailto:")


def _course(statement: XapiStatement) -> str:
    return _thing(statement) if _is_course(statement) else _context(statement)


def _item(statement: XapiStatement) -> str:
    return "" if _is_course(statement) else _thing(statement)


def _thing(statement: XapiStatement) -> str:
    """The thing's name, its id where it has none."""
    names = {path.removeprefix(NAME): text for path, text in statement.items() if path.startswith(NAME) and text}
    return _preferred(names) or statement["object.id"]


def _context(statement: XapiStatement) -> str:
    """The name, else the id, of the first course that the context names; empty where there is none."""
    for path in CONTEXTS:
        try:
            things = json.loads(statement.get(path) or "[]")
        except json.JSONDecodeError:
            continue
        for thing in things if isinstance(things, list) else [things]:
            definition = thing.get("definition", {}) if isinstance(thing, dict) else {}
            if _last(str(definition.get("type", ""))) == COURSE:
                names = {language.lower(): str(name) for language, name in definition.get("name", {}).items()}
                return _preferred(names) or str(thing.get("id", ""))
    return ""


def _preferred(names: dict[str, str]) -> str:
    """The name in the first of LANGUAGES that has one, else in the first of the alphabet."""
    languages = [language for language in LANGUAGES if language in names] or sorted(names)
    return names[languages[0]] if languages else ""


def _moment(statement: XapiStatement) -> str:
    """When it happened, else when it was stored; nothing finer than a microsecond."""
    return TOO_FINE.sub("", statement.get("timestamp") or statement.get("stored", ""))


def _minutes(statement: XapiStatement) -> str:
    """The duration in minutes; text that is none, or one of months, stays for the contract to reject."""
    text = statement.get("result.duration", "")
    if not text.startswith("P") or CALENDAR.match(text):
        return text
    try:
        return plain(Decimal(str(DURATION.validate_python(text).total_seconds())) / 60)
    except ValidationError:
        return text


def _score(statement: XapiStatement) -> str:
    return multiplied(Decimal(100))(statement.get("result.score.scaled", ""))


ACTIVITY: dict[str, Callable[[XapiStatement], str | None]] = {
    "member": _member,
    "occurred_at": _moment,
    "course": _course,
    "item": _item,
    "kind": lambda statement: _last(statement["verb.id"]),
    "minutes": _minutes,
    "_fact": lambda statement: statement.get("id") or None,
}
COMPLETION: dict[str, Callable[[XapiStatement], str | None]] = {
    "member": _member,
    "course": _course,
    "completed_at": _moment,
    "score": _score,
    "_fact": lambda statement: statement.get("id") or None,
}

PRESET = Preset(
    _Statements,
    timezone="UTC",
    known=(Known("xAPI statements", ("activity", "completions"), (*NEEDED, "timestamp")),),
)
