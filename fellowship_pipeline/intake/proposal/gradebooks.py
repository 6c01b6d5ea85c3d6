"""Files with a column per activity, told by what their headers and cells are: gradebooks, registers, verdicts.

Belongs here: which columns are an activity, a session, a stage or a mission each, and what an entry says to read them.
Does not belong here: reading them (``layouts.unpivoted``), the column of the person (``columns``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.intake.proposal.columns import Match, told_words
from fellowship_pipeline.intake.proposal.content import INSTANTS, MOST, DeclaredForm
from fellowship_pipeline.intake.proposal.naming import knowing, listed, loose

if TYPE_CHECKING:
    from fellowship_pipeline.intake.proposal.content import ColumnTexts

FEWEST = 2
ACTIVITY_WEIGHT = 0.8
NUMBER = re.compile(r"-?\d+([.,]\d+)?( ?%)?")
DAY = re.compile(
    r"(\d{4}[-./] ?)?\d{1,2}[-./] ?\d{1,2}\.?([-./]\d{4})?( ?\(\w{1,3}\))?|\d{1,2}월 ?\d{1,2}일|\d{1,2}주차|week \d+",
    re.IGNORECASE,
)
LONGEST_MARK = 12
NOTHING = frozenset({"-", "–", "n/a"})
"""What stands in the cell of an activity that was not graded."""

_WHERE = {"cell": "the cell of an activity", "beside": "the cell beside an activity"}

COMPLETIONS, ATTENDANCE, APPLICATIONS = (SOURCE_BY_NAME[name] for name in ("completions", "attendance", "applications"))
REPORT = "A gradebook or completion report: a row per member, a column per activity."
REGISTER = "A register: a row per member, a column per session."
STAGES = "A list of applicants: a row per applicant, a column per stage."
MISSIONS = "A list of who passed: a row per member, a column per mission."
OF_A_REGISTER = (
    "attendance counts where the sessions are listed: without such a file this one lists them, under "
    "`sessions` with the same files and unpivot, less `cell`, `columns: {starts_at: session}`, `values: {kind: …}`; "
    "days without a year are `starts_at: {from: session, format: '%m/%d', year: …}`"
)
OF_LATE = "that it was late is known by a day alone: docs/missions.md says how each mission's word becomes one"
OF_MISSIONS = (
    "missions: a file of them has a row for each, with `requirement: course` and the header of its column as `target`"
)


@dataclass(frozen=True)
class Gradebook:
    """The columns that are an activity each: as matches, the headers of all that are read, what an entry says of them.

    ``columns`` is what it says under that key of what is made of them, ``more`` are its other keys. ``lacks``: what
    nobody knows of them.
    """

    title: str
    matches: tuple[Match, ...]
    taken: frozenset[str]
    columns: dict[str, Any]
    unpivot: dict[str, Any]
    more: dict[str, Any] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def books(source: str, texts: ColumnTexts, taken: Collection[str]) -> Iterator[Gradebook]:
    """What the file could be that feeds the source, none of its columns ``taken``."""
    looks = {"completions": (gradebook, missions), "attendance": (register,), "applications": (stages,)}
    yield from filter(None, (look(texts, taken) for look in looks.get(source, ())))


def gradebook(texts: ColumnTexts, taken: Collection[str]) -> Gradebook | None:
    """The file as one with a column per activity, none of them ``taken``; None where it is none."""
    free = [at for at, header in enumerate(texts.header) if header not in taken or not header.strip()]
    if dated := [at for at in free if at + 1 in free and _is_dated(texts, at)]:
        return _made(REPORT, texts, dated, {"header": "course", "beside": "completed_at"}, _written(texts, dated))
    graded = [at for at in free if _is_graded(texts, at)]
    works = sum(_is_work(texts.header[at]) for at in graded)
    is_one = works * 2 >= max(FEWEST, len(graded))
    return _made(REPORT, texts, graded, {"header": "course", "cell": "score"}) if is_one else None


def register(texts: ColumnTexts, taken: Collection[str]) -> Gradebook | None:
    """The file as one with a column per session, under its day, in which a word says who was there."""
    days = [
        at
        for at, header in enumerate(texts.header)
        if header not in taken and DAY.fullmatch(header.strip()) and texts.filled(at)
        if not texts.share(at, lambda text: NUMBER.fullmatch(text) or len(text) > LONGEST_MARK)
    ]
    book = _made(REGISTER, texts, days, {"header": "session", "cell": "status"})
    if book is None:
        return None
    words = told_words(ATTENDANCE, "status", _marks(texts, days))
    more = {"where": {"status": list(words)}, "values": {"status": words}} if words else {}
    return replace(book, more=more, lacks=() if words else ("status",), notes=(OF_A_REGISTER,))


def stages(texts: ColumnTexts, taken: Collection[str]) -> Gradebook | None:
    """The file as one of applicants with a column per stage, in which a word says what came of it."""
    places = _of_words(texts, taken, told_words(APPLICATIONS, "result", _marks(texts, range(len(texts.header)))))
    if not any(_has_word(texts.header[at], "stages") for at in places):
        return None
    to_come = [at for at, header in enumerate(texts.header) if not texts.filled(at) and _has_word(header, "stages")]
    places = sorted({*places, *to_come})
    book = _made(STAGES, texts, places, {"header": "stage", "cell": "result"})
    words = told_words(APPLICATIONS, "result", _marks(texts, places))
    said = {word: meaning for word, meaning in words.items() if word.casefold() != meaning}
    return book and replace(book, more={"values": {"result": said}} if said else {})


def missions(texts: ColumnTexts, taken: Collection[str]) -> Gradebook | None:
    """The file as one with a column per mission, in which a word says who passed."""
    passed, known = listed("passed"), listed("passed") | listed("not_passed")
    cells = _marks(texts, range(len(texts.header)))
    places = _of_words(texts, taken, [text for text in cells if loose(text) in known])
    headers, words = [texts.header[at] for at in places], _marks(texts, places)
    is_told = all(map(_is_work, headers)) or any(loose(word) in known - listed("ticks") for word in words)
    book = _made(MISSIONS, texts, places, {"header": "course", "cell": "certificate"}) if is_told else None
    counted = [word for word in words if loose(word) in passed]
    if book is None or not counted or any(_has_word(header, "stages") for header in headers):
        return None
    is_late = any(loose(word) in listed("passed_late") for word in counted)
    return replace(book, more={"where": {"certificate": counted}}, notes=(OF_MISSIONS, *([OF_LATE] if is_late else [])))


def _of_words(texts: ColumnTexts, taken: Collection[str], words: Collection[str]) -> list[int]:
    """The columns, not of days, whose cells are hardly anything but those words."""
    return [
        at
        for at, header in enumerate(texts.header)
        if header.strip() and header not in taken and not DAY.fullmatch(header.strip())
        if texts.share(at, lambda text: text in words) >= MOST
    ]


def _marks(texts: ColumnTexts, places: Iterable[int]) -> dict[str, int]:
    """What stands in the cells of the columns, and how often."""
    found: Counter[str] = Counter()
    for at in places:
        found.update(texts.columns[at])
    return dict(found)


def _made(
    title: str, texts: ColumnTexts, places: list[int], made: dict[str, str], form: DeclaredForm | None = None
) -> Gradebook | None:
    if len(places) < FEWEST:
        return None
    asked = [texts.asked(at, "header") for at in places]
    shown = ", ".join(texts.name(at) for at in places)
    found = [Match(made["header"], shown, "a column for each", ACTIVITY_WEIGHT * len(places), {})]
    found += [Match(column, shown, _WHERE[key], ACTIVITY_WEIGHT, {}) for key, column in made.items() if key in _WHERE]
    read = [*places, *(at + 1 for at in places if "beside" in made)]
    return Gradebook(
        title,
        tuple(found),
        frozenset(texts.header[at] for at in read),
        {"completed_at": {"from": "completed_at", **form}} if form else {},
        {"columns": [said.get("header", said) for said in asked], **made},
    )


def _written(texts: ColumnTexts, places: list[int]) -> DeclaredForm:
    """How the cells beside the activities are written, where they are not canonical: a form that all of them fit."""
    if all(texts.fit(at + 1, COMPLETIONS, "completed_at") for at in places):
        return {}
    forms = [texts.forms(at + 1, INSTANTS) for at in places]
    return next((form for form in forms[0] if all(form in others for others in forms)), {})


def _is_graded(texts: ColumnTexts, at: int) -> bool:
    """Whether it holds nothing but grades, and is no sum and nobody's number."""
    header = texts.header[at]
    names = set(loose(header).replace("total pts", "").split())
    if not names or names & listed("no_activities") or knowing(loose(header)):
        return False
    return texts.share(at, lambda text: NUMBER.fullmatch(text) or text.casefold() in NOTHING) >= MOST


def _is_work(header: str) -> bool:
    """Whether the header names a piece of work."""
    return _has_word(header, "graded")


def _has_word(header: str, name: str) -> bool:
    """Whether a word of that list stands in the header."""
    text = f" {loose(header)} "
    return any(f" {word} " in text or (not word.isascii() and word in text) for word in listed(name))


def _is_dated(texts: ColumnTexts, at: int) -> bool:
    """Whether it says how an activity stands, and the next column, which has no name of its own, says since when."""
    header, beside = texts.header[at], texts.header[at + 1].strip()
    if not header.strip() or knowing(loose(header)) or (beside and not beside[:1].isdigit()):
        return False
    if not texts.filled(at) or not texts.filled(at + 1) or texts.filled(at + 1) > texts.filled(at):
        return False
    return texts.fit(at + 1, COMPLETIONS, "completed_at") or bool(texts.forms(at + 1, INSTANTS))
