"""Which mapping fits a file that nobody has described: presets that know its header, sources whose columns it has.

Belongs here: what a proposal is, ranking those that fit. Does not belong here: what fits a column (``columns``),
questions of surveys (``surveys``), trying a preset on the file (``shipped``), words on the terminal (``cli``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fellowship_pipeline.contracts import SOURCE_BY_NAME, SOURCES, Source
from fellowship_pipeline.contracts.presets import PRESET_SOURCES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.headers import nameless
from fellowship_pipeline.intake.layouts.nobody import NO_QUESTIONS, is_qualtrics
from fellowship_pipeline.intake.proposal import gaps
from fellowship_pipeline.intake.proposal.applying import application
from fellowship_pipeline.intake.proposal.columns import CONTENT_WEIGHT, ByContent, Match, known_words, matches
from fellowship_pipeline.intake.proposal.content import ColumnTexts
from fellowship_pipeline.intake.proposal.gradebooks import books
from fellowship_pipeline.intake.proposal.model import Proposal, Proposals
from fellowship_pipeline.intake.proposal.naming import bare, knowing, loose, rarity
from fellowship_pipeline.intake.proposal.opened import Opened, tables_of
from fellowship_pipeline.intake.proposal.shipped import Shipped
from fellowship_pipeline.intake.proposal.surveys import is_form, questions
from fellowship_pipeline.intake.proposal.wording import pattern, survey_id
from fellowship_pipeline.intake.proposal.zeros import note, with_amounts
from fellowship_pipeline.intake.readers.records import normal
from fellowship_pipeline.program.mistakes import unknown
from fellowship_pipeline.program.sources import OF_DAYS, Entry
from fellowship_pipeline.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

ANY = Entry(files="landing/any")
"""An entry that names no column."""

MOST = 3
FAR = 2
"""A proposal that is so many times worse than the best is none."""
FEWEST_QUESTIONS = FEWEST_COLUMNS = 2
UNEXPLAINED = 0.3
"""What a header takes from the score of a source that does not know it, where no other source shares its name."""

FILE_OF_A_SESSION = (
    r"session is missing: where a file is a session, add `values: {session: {filename: '(?P<session>[^/]+)\.\w+$'}}`; "
    "list when sessions start in a file of the source sessions"
)

KIND_OF_MEETING = "meeting"
WITH_BOOKS = ("cohort", "applied_at")
"""What a list of applicants says of each beside the columns of its stages."""

__all__ = ["Proposal", "Proposals", "propose"]


def propose(file: Path, source: str | None = None) -> Proposals:
    """What the file could be, the best first, at most three; of ``source`` only, where it is given.

    Raises UserError where the file has to be refused, or nothing fits it.
    """
    if source is not None and source not in SOURCE_BY_NAME:
        raise UserError(unknown("source", source, SOURCE_BY_NAME))
    if not file.is_file():
        raise UserError(f"{file} is no file")
    sources = [SOURCE_BY_NAME[source]] if source else list(SOURCES)
    tables = tables_of(file)
    with connect(None) as con:
        found = [(proposal, table) for table in tables for proposal in _found(table, sources, con)]
    if not found and tables[0].refusal:
        raise UserError(f"{file.name}: {tables[0].refusal}")
    if not found:
        raise UserError(
            f"{file.name}: its columns fit no source; --source NAME says what it lacks for one of "
            + ", ".join(one.name for one in SOURCES)
        )
    ranked = sorted(found, key=lambda one: one[0].rank)
    first, table = ranked[0]
    best = [one for one, _ in ranked if one.worth * FAR >= first.worth and _may_follow(one, first)]
    read = first.records or table.records
    return Proposals(
        file.name,
        read.count if read else 0,
        read.encoding if read else None,
        tuple(read.header) if read else (),
        tuple(read.doubts) if read else (),
        tuple(note.text for note in (*read.notes, *nameless(ANY, read))) if read else (),
        tuple(best[:MOST] or [first]),
    )


def _found(table: Opened, sources: list[Source], con: duckdb.DuckDBPyConnection) -> list[Proposal]:
    """What a table could be, in no order: by presets and by headers, and by values alone where these say too little."""
    shipped = Shipped(table, con)
    found = [
        proposal
        for name, feeds in PRESET_SOURCES.items()
        if (wanted := [one.name for one in sources if one.name in feeds])
        and (proposal := shipped.proposal(name, wanted))
    ]
    if table.records is None:
        return found
    texts = ColumnTexts(table.records, con)
    if "applications" in (one.name for one in sources) and (applied := application(table, texts)):
        found.append(applied)
    by_header = [*found, *_of_sources(table, texts, sources, "never")]
    if any(proposal.complete for proposal in by_header):
        return by_header
    return [*found, *_of_sources(table, texts, sources, "alone" if len(sources) == 1 else "beside")]


def _may_follow(one: Proposal, first: Proposal) -> bool:
    """Whether it may be shown below the first: what is complete and explains less of the file would be pasted."""
    return one is first or (one.certain or one.complete) == first.complete


def _of_sources(file: Opened, texts: ColumnTexts, sources: list[Source], by_content: ByContent) -> Iterator[Proposal]:
    for source in sources:
        found = matches(texts, source, by_content)
        is_only = len(sources) == 1
        if source.name == "survey_responses" and (survey := _survey(file, texts, found, only=is_only)):
            yield survey
        yield from _gradebooks(file, texts, source, found)
        is_explained = len(found) == sum(map(bool, map(str.strip, texts.header)))
        is_enough = is_explained or 2 * _required(found, source) >= len(source.required)
        if is_only or (_is_told(found, source) and is_enough):
            proposal = _table(file, texts, source, found)
            yield _with_sessions(proposal, texts) if source.name == "attendance" and not is_only else proposal


def _is_told(found: list[Match], source: Source) -> bool:
    """Whether the headers tell of the source: more than who and when, unless they are its own names.

    A list of names and ids is a roster.
    """
    there = {match.column for match in found}
    when = {column.name for column in source.columns if column.type in ("TIMESTAMP", "DATE")}
    if source.name == "roster" and {"member"} < there:
        return True
    is_own = all(match.why.startswith("the same name") for match in found)
    told = any(match.is_telling for match in found) and (is_own or bool(there - when - {source.person}))
    return told and len(found) >= FEWEST_COLUMNS


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
    lost: list[str] = []
    if counting := _counting(source, found):
        entry["where"] = {**entry.get("where", {}), **counting}
        lost = [_left_out(match, texts) for match in found if counting.get(match.header) == "present"]
    missing = tuple(name for name in source.required if name not in {match.column for match in found})
    notes = [*lost, *(note for match in found for note in match.notes)]
    notes += [_of_month(name, source, file) or _hint(name, source, beside=bool(values)) for name in missing]
    notes += gaps.note(file.path, texts, source, found)
    notes += [f"{name}: its values are not what {source.name} has there; `null` leaves it aside" for name in aside]
    if file.records is not None and (where := with_amounts(file.records, source, found)):
        entry["where"] = {**entry.get("where", {}), **where}
        notes.append(note(where))
    taken = {match.header for match in found}
    unmatched = tuple(header for header in texts.header if header.strip() and header not in taken)
    return Proposal(
        (source.name,),
        source.description,
        {source.name: entry},
        tuple(found),
        missing,
        unmatched,
        tuple(notes),
        sum(match.score for match in found) - sum(_unexplained(header, source) for header in unmatched),
    )


def _counting(source: Source, found: list[Match]) -> dict[str, str | list[str]]:
    """Which records count: those that say when it happened, and no word that says that nothing did."""
    moments = {column.name for column in source.columns if column.type in ("TIMESTAMP", "DATE") and column.required}
    named = [match for match in found if "from" in match.settings]
    said: dict[str, str | list[str]] = {one.settings["from"]: list(one.counts) for one in named if one.counts}
    return {one.settings["from"]: "present" for one in named if one.has_gaps and one.column in moments} | said


def _left_out(match: Match, texts: ColumnTexts) -> str:
    empty = texts.looked_at - texts.filled(texts.header.index(match.header))
    return (
        f"{match.column}: {empty:,} of {texts.looked_at:,} records have nothing under '{match.header}' and are left "
        "out: fill it where it happened"
    )


def _unexplained(header: str, source: Source) -> float:
    """What a header counts against a source that does not know it, though few others do."""
    word = loose(header) if knowing(loose(header)) else bare(header)
    known = knowing(word)
    return UNEXPLAINED * rarity(word, next(iter(known))) if known and source.name not in known else 0.0


def _with_sessions(proposal: Proposal, texts: ColumnTexts) -> Proposal:
    """With the sessions that were attended, where the file says when they began."""
    sessions = SOURCE_BY_NAME["sessions"]
    attended = {match.header: match.column for match in proposal.matches}
    found = [
        match
        for match in matches(texts, sessions)
        if attended.get(match.header, "session") == "session" and match.column != "kind"
    ]
    there = {match.column: match for match in found}
    entry = proposal.entries["attendance"]
    if not proposal.complete or not {"session", "starts_at"} <= there.keys():
        return proposal
    if attended.get(there["session"].header) != "session":
        return proposal
    own = {key: value for key, value in entry.items() if key not in ("columns", "values", "where")}
    more = {"columns": {match.column: match.entry for match in found}, "values": {"kind": KIND_OF_MEETING}}
    return replace(
        proposal,
        sources=("attendance", "sessions"),
        entries={"attendance": entry, "sessions": {**own, **more}},
        notes=(*proposal.notes, *(note for match in found for note in match.notes)),
        unmatched=tuple(header for header in proposal.unmatched if header not in {one.header for one in found}),
    )


def _gradebooks(file: Opened, texts: ColumnTexts, source: Source, found: list[Match]) -> Iterator[Proposal]:
    """A row per record and activity, session, stage or mission, of a file with a column for each."""
    person = next((match for match in found if match.column == source.person), None)
    if person is None:
        return
    for book in books(source.name, texts, {match.header for match in found if match.weight > CONTENT_WEIGHT}):
        more = [match for match in found if match.column in WITH_BOOKS and match.header not in book.taken]
        made = {match.column for match in (person, *book.matches, *more)}
        missing = tuple(name for name in source.required if name not in made)
        columns = {match.column: match.entry for match in (person, *more)}
        taken = {person.header, *(match.header for match in more), *book.taken}
        entry = {"columns": {**columns, **book.columns}, "unpivot": book.unpivot, **book.more}
        yield Proposal(
            (source.name,),
            book.title,
            {source.name: {"files": pattern(file.path), **file.settings, **entry}},
            (person, *book.matches, *more),
            (*missing, *book.lacks),
            tuple(header for header in texts.header if header.strip() and header not in taken),
            (*(_hint(name, source, beside="values" in book.more) for name in missing), *book.notes),
            person.score + sum(match.score for match in (*book.matches, *more)),
        )


def _left_aside(texts: ColumnTexts, source: Source, found: list[Match]) -> list[str]:
    """Canonical columns that the file has, with values that do not fit: they would be read."""
    there = {normal(header) for header in texts.header} - {normal(match.header) for match in found}
    matched = {match.column for match in found}
    return [c.name for c in source.columns if c.name in there and c.name not in matched and not c.required]


def _of_month(name: str, source: Source, file: Opened) -> str | None:
    """How to say when what the file has was, where its name has a month; None for what is no day, or without one."""
    month = gaps.month_in_name(file.path) if name.endswith(OF_DAYS) and name != "exported_at" else None
    if month is None:
        return None
    also = f", and `{gaps.covers(month)}`" if source.name == "activity" else ""
    return f"{name} is missing: add `values: {{{name}: {{filename: '{month}'}}}}`, the month's last day{also}"


def _hint(name: str, source: Source, *, beside: bool = False) -> str:
    """How to say what the file does not; ``beside``: the entry has `values` already."""
    if name == "session":
        return FILE_OF_A_SESSION
    where = f"`{name}: …` to `values` below" if beside else f"`values: {{{name}: …}}`"
    if name == "exported_at":
        return f"exported_at is missing: add {where}, the day YYYY-MM-DD on which the file was downloaded"
    known = known_words(source, name)
    one_of = f" ({', '.join(known)})" if known else ""
    return f"{name} is missing: add {where}, if one{one_of} is right for the whole file"


def _survey(file: Opened, texts: ColumnTexts, found: list[Match], *, only: bool) -> Proposal | None:
    """A row per response and a column per question; None where hardly a header reads like a question."""
    when = [match for match in found if match.column in ("submitted_at", "response", "member")]
    of_qualtrics = file.records is not None and is_qualtrics(file.records)
    asked = questions(texts, [*(match.header for match in when), *(NO_QUESTIONS if of_qualtrics else ())])
    told = sum(question.weight > 0 for question in asked)
    is_survey = of_qualtrics or only or told >= (1 if is_form(texts) else FEWEST_QUESTIONS)
    if not asked or not is_survey:
        return None
    missing = () if any(match.column == "submitted_at" for match in when) else ("submitted_at",)
    notes = [note for match in when for note in match.notes] + [
        _hint(name, SOURCE_BY_NAME["survey_responses"]) for name in missing
    ]
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
        sum(match.score for match in when) + sum(question.weight for question in asked),
    )
