"""Which mapping fits a file that nobody has described: presets that know its header, sources whose columns it has.

Belongs here: what a proposal is, ranking those that fit. Does not belong here: what fits a column (``columns``),
questions of surveys (``surveys``), trying a preset on the file (``shipped``), words on the terminal (``cli``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fellowship_pipeline.contracts import SOURCE_BY_NAME, SOURCES, Source
from fellowship_pipeline.contracts.presets import PRESET_SOURCES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.headers import nameless
from fellowship_pipeline.intake.layouts.nobody import NO_QUESTIONS, is_qualtrics
from fellowship_pipeline.intake.proposal.columns import Match, matches
from fellowship_pipeline.intake.proposal.content import ColumnTexts
from fellowship_pipeline.intake.proposal.model import Proposal, Proposals
from fellowship_pipeline.intake.proposal.opened import Opened, opened
from fellowship_pipeline.intake.proposal.shipped import Shipped
from fellowship_pipeline.intake.proposal.surveys import questions
from fellowship_pipeline.intake.proposal.wording import pattern, survey_id
from fellowship_pipeline.intake.proposal.zeros import note, with_amounts
from fellowship_pipeline.intake.readers.records import normal
from fellowship_pipeline.program.mistakes import unknown
from fellowship_pipeline.program.sources import Entry
from fellowship_pipeline.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

ANY = Entry(files="landing/any")
"""An entry that names no column."""

MOST = 3
FAR = 2
"""A proposal that is so many times worse than the best is none."""
FEWEST_QUESTIONS = FEWEST_COLUMNS = 2

__all__ = ["Proposal", "Proposals", "propose"]


def propose(file: Path, source: str | None = None) -> Proposals:
    """What the file could be, the best first, at most three; of ``source`` only, where it is given.

    Raises UserError where the file has to be refused, or nothing fits it.
    """
    if source is not None and source not in SOURCE_BY_NAME:
        raise UserError(unknown("source", source, SOURCE_BY_NAME))
    if not file.is_file():
        raise UserError(f"{file} is no file")
    table = opened(file)
    records = table.records
    sources = [SOURCE_BY_NAME[source]] if source else list(SOURCES)
    with connect(None) as con:
        shipped = Shipped(table, con)
        found = [
            proposal
            for name, feeds in PRESET_SOURCES.items()
            if (wanted := [one.name for one in sources if one.name in feeds])
            and (proposal := shipped.proposal(name, wanted))
        ]
        if records is not None:
            texts = ColumnTexts(records, con)
            by_header = [*found, *_of_sources(table, texts, sources, by_content=False)]
            if any(proposal.complete for proposal in by_header):
                found = by_header
            else:
                found += _of_sources(table, texts, sources, by_content=True)
    if not found and table.refusal:
        raise UserError(f"{file.name}: {table.refusal}")
    ranked = sorted(found, key=lambda proposal: proposal.rank)
    if not ranked:
        raise UserError(
            f"{file.name}: its columns fit no source; --source NAME says what it lacks for one of "
            + ", ".join(one.name for one in SOURCES)
        )
    best = [one for one in ranked if (one.complete or one.certain) and one.score * FAR >= ranked[0].score] or ranked
    read = best[0].records or records
    return Proposals(
        file.name,
        read.count if read else 0,
        read.encoding if read else None,
        tuple(read.header) if read else (),
        tuple(read.doubts) if read else (),
        tuple(note.text for note in (*read.notes, *nameless(ANY, read))) if read else (),
        tuple(best[:MOST]),
    )


def _of_sources(file: Opened, texts: ColumnTexts, sources: list[Source], *, by_content: bool) -> Iterator[Proposal]:
    for source in sources:
        found = matches(texts, source, by_content=by_content)
        if source.name == "survey_responses" and (survey := _survey(file, texts, found, only=len(sources) == 1)):
            yield survey
        if len(sources) == 1 or (len(found) >= FEWEST_COLUMNS and 2 * _required(found, source) >= len(source.required)):
            yield _table(file, texts, source, found)


def _required(found: list[Match], source: Source) -> int:
    return sum(match.column in source.required for match in found)


def _table(file: Opened, texts: ColumnTexts, source: Source, found: list[Match]) -> Proposal:
    """A row per record."""
    entry: dict[str, Any] = {"files": pattern(file.path), **file.settings}
    aside = _left_aside(texts, source, found)
    if aside or not all(normal(match.header) == match.column and match.settings.keys() == {"from"} for match in found):
        entry["columns"] = {match.column: match.entry for match in found} | dict.fromkeys(aside)
    if values := {match.column: dict(match.values) for match in found if match.values}:
        entry["values"] = values
    missing = tuple(name for name in source.required if name not in {match.column for match in found})
    notes = [match.note for match in found if match.note] + list(map(_hint, missing))
    notes += [f"{name}: its values are not what {source.name} has there; `null` leaves it aside" for name in aside]
    if file.records is not None and (where := with_amounts(file.records, source, found)):
        entry["where"] = {**entry.get("where", {}), **where}
        notes.append(note(where))
    taken = {match.header for match in found}
    return Proposal(
        (source.name,),
        source.description,
        {source.name: entry},
        tuple(found),
        missing,
        tuple(header for header in texts.header if header.strip() and header not in taken),
        tuple(notes),
        sum(match.weight for match in found),
    )


def _left_aside(texts: ColumnTexts, source: Source, found: list[Match]) -> list[str]:
    """Canonical columns that the file has, with values that do not fit: they would be read."""
    there = {normal(header) for header in texts.header} - {normal(match.header) for match in found}
    matched = {match.column for match in found}
    return [c.name for c in source.columns if c.name in there and c.name not in matched and not c.required]


def _hint(name: str) -> str:
    return f"{name} is missing: add `values: {{{name}: …}}`, if one is right for the whole file"


def _survey(file: Opened, texts: ColumnTexts, found: list[Match], *, only: bool) -> Proposal | None:
    """A row per response and a column per question; None where hardly a header reads like a question."""
    when = [match for match in found if match.column in ("submitted_at", "response", "member")]
    is_form = file.records is not None and is_qualtrics(file.records)
    asked = questions(texts, [*(match.header for match in when), *(NO_QUESTIONS if is_form else ())])
    is_form = is_form or only or sum(question.weight > 0 for question in asked) >= FEWEST_QUESTIONS
    if not asked or not is_form:
        return None
    missing = () if any(match.column == "submitted_at" for match in when) else ("submitted_at",)
    notes = [match.note for match in when if match.note] + list(map(_hint, missing))
    taken = {*(match.header for match in when), *(header for question in asked for header in question.headers)}
    return Proposal(
        ("survey_responses",),
        "A form's answers: a row per response, a column per question.",
        {
            "survey_responses": {
                "files": pattern(file.path),
                **file.settings,
                "survey": survey_id(file.path),
                **({"columns": {match.column: match.entry for match in when}} if when else {}),
                "questions": {question.name: dict(question.settings) for question in asked},
            }
        },
        (*when, *(question.match for question in asked)),
        missing,
        tuple(header for header in texts.header if header.strip() and header not in taken),
        tuple(notes),
        sum(match.weight for match in when) + sum(question.weight for question in asked),
    )
