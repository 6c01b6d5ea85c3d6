"""Files with a column per activity, told by what their headers and cells are: gradebooks and completion reports.

Belongs here: which columns are an activity each, and the ``unpivot`` that reads them. Does not belong here: reading
them (``layouts.unpivoted``), the column of the member (``columns``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.intake.proposal.columns import Match
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

COMPLETIONS = SOURCE_BY_NAME["completions"]


@dataclass(frozen=True)
class Gradebook:
    """The columns that are an activity each: as matches, the headers of all that are read, what an entry says of them.

    ``columns`` is what it says under that key of what is made of them.
    """

    matches: tuple[Match, ...]
    taken: frozenset[str]
    columns: dict[str, Any]
    unpivot: dict[str, Any]


def gradebook(texts: ColumnTexts, taken: Collection[str]) -> Gradebook | None:
    """The file as one with a column per activity, none of them ``taken``; None where it is none."""
    free = [at for at, header in enumerate(texts.header) if header not in taken or not header.strip()]
    if dated := [at for at in free if at + 1 in free and _is_dated(texts, at)]:
        return _made(texts, dated, {"header": "course", "beside": "completed_at"}, _written(texts, dated))
    graded = [at for at in free if _is_graded(texts, at)]
    works = sum(_is_work(texts.header[at]) for at in graded)
    return (
        _made(texts, graded, {"header": "course", "cell": "score"}) if works * 2 >= max(FEWEST, len(graded)) else None
    )


def register(texts: ColumnTexts, taken: Collection[str]) -> Gradebook | None:
    """The file as one with a column per session, under its day, in which a word says who was there."""
    days = [
        at
        for at, header in enumerate(texts.header)
        if header not in taken and DAY.fullmatch(header.strip()) and texts.filled(at)
        if not texts.share(at, lambda text: NUMBER.fullmatch(text) or len(text) > LONGEST_MARK)
    ]
    return _made(texts, days, {"header": "session", "cell": "status"})


def marks(texts: ColumnTexts, book: Gradebook) -> dict[str, int]:
    """What stands in the cells of the columns, and how often."""
    found: Counter[str] = Counter()
    for at, header in enumerate(texts.header):
        if header in book.taken:
            found.update(texts.columns[at])
    return dict(found)


def _made(
    texts: ColumnTexts, places: list[int], made: dict[str, str], form: DeclaredForm | None = None
) -> Gradebook | None:
    if len(places) < FEWEST:
        return None
    asked = [texts.asked(at, "header") for at in places]
    shown = ", ".join(texts.name(at) for at in places)
    found = [Match(made["header"], shown, "a column for each", ACTIVITY_WEIGHT * len(places), {})]
    found += [Match(column, shown, _WHERE[key], ACTIVITY_WEIGHT, {}) for key, column in made.items() if key in _WHERE]
    read = [*places, *(at + 1 for at in places if "beside" in made)]
    return Gradebook(
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
    text = f" {loose(header)} "
    return any(f" {word} " in text or (not word.isascii() and word in text) for word in listed("graded"))


def _is_dated(texts: ColumnTexts, at: int) -> bool:
    """Whether it says how an activity stands, and the next column, which has no name of its own, says since when."""
    header, beside = texts.header[at], texts.header[at + 1].strip()
    if not header.strip() or knowing(loose(header)) or (beside and not beside[:1].isdigit()):
        return False
    if not texts.filled(at) or not texts.filled(at + 1) or texts.filled(at + 1) > texts.filled(at):
        return False
    return texts.fit(at + 1, COMPLETIONS, "completed_at") or bool(texts.forms(at + 1, INSTANTS))
