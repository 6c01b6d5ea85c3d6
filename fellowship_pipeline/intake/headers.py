"""Which column of a file each canonical column is read from, and which columns nobody reads.

Belongs here: what an entry spells out, canonical headers beside it, columns that are left. Does not belong here:
reading them (``layouts``, ``plain``), headers that a preset knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.records import Header, Records, Setting, normal

if TYPE_CHECKING:
    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.program.sources import Entry

OF_A_RESPONSE = ("response", "submitted_at", "member")
"""The canonical columns that a file with a column per question can have."""


def read_from(source: Source, entry: Entry, header: Sequence[str]) -> dict[str, Header]:
    """What each canonical column is read from, in a file with that header.

    That is what ``columns`` says, else the column of its own name, where nothing else is read from that; what
    ``unpivot`` makes is read whatever else is.
    """
    spelled = dict(_spelled(entry))
    unpivot = entry.unpivot
    made = {name for name in (unpivot.header, unpivot.cell, unpivot.beside) if name} if unpivot else set()
    free = {normal(name) for name in header} - (_taken(entry, header) - made)
    own = [name for name in _possible(source, entry) if name in free and name not in (entry.columns or {})]
    return {**spelled, **{name: name for name in own}}


def demanded(source: Source, entry: Entry) -> Iterator[tuple[Setting, Header]]:
    """The columns that a file must have, with the keys of the entry that name them, if any does."""
    columns = entry.columns or {}
    yield from ((("columns", name), header) for name, header in _spelled(entry))
    required = ("submitted_at",) if entry.questions else source.required
    setting: Setting = () if entry.columns is None else ("columns",)
    for name in required:
        if name not in columns and name not in entry.values:
            yield (*setting, name) if setting else (), name


def of_questions(entry: Entry) -> Iterator[tuple[Setting, Header]]:
    """The columns that answer the entry's questions, with the keys that name them."""
    for name, question in entry.questions.items():
        for keys, header in question.asked:
            yield ("questions", name, *keys), header


def header_of(entry: Entry, column: str) -> str:
    """The header under which the entry's files have the column, as far as program.yaml says."""
    if entry.preset is not None:
        return "HEADER"
    mapped = (entry.columns or {}).get(column)
    return mapped.from_ if mapped is not None and mapped.from_ is not None else column


def is_header(source: Source, entry: Entry, line: Sequence[str]) -> bool:
    """Whether a file's first line has a header that the entry asks for: without one it may be a record."""
    asked = [header for _, header in (*_spelled(entry), *of_questions(entry))]
    known = {normal(name) for name in (*asked, *_possible(source, entry)) if isinstance(name, str)}
    return any(normal(name) in known for name in line)


def unread(source: Source, entry: Entry, header: Sequence[str]) -> list[Note]:
    """That columns have a canonical name, and what bears it is read from elsewhere."""
    if entry.preset is not None:
        return []
    constant = {name for name, value in entry.values.items() if not isinstance(value, dict)}
    elsewhere = constant | {name for name, _ in _spelled(entry)}
    free = {normal(name) for name in header} - _taken(entry, header)
    names = [name for name in _possible(source, entry) if name in free & elsewhere]
    return [Note("columns_unread", {"columns": ", ".join(names)})] if names else []


def of_other_words(source: Source, entry: Entry, records: Records, read: Mapping[str, Header]) -> dict[str, Header]:
    """The columns read for their name alone, beside declared ones, that have no word of the canonical column.

    Such as a ``Role`` of Attendee and Presenter: it is another platform's.
    """
    if entry.columns is None:
        return {}
    words = {
        column.name: frozenset(map(normal, column.values))
        for column in source.columns
        if column.values and column.name not in {*entry.columns, *entry.values} and column.name in read
    }
    texts = {name: set(map(normal, pc.unique(records.column(read[name])).to_pylist())) - {""} for name in words}
    return {name: read[name] for name, said in texts.items() if said and not said & words[name]}


def nameless(entry: Entry, records: Records) -> list[Note]:
    """That columns have values and no header, and the entry reads them not by their place."""
    asked = {header for _, header in (*_spelled(entry), *of_questions(entry))}
    places = [
        at
        for at, (name, column) in enumerate(zip(records.header, records.columns, strict=True), start=1)
        if not name.strip() and at not in asked and pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py()
    ]
    if not places:
        return []
    *others, last = map(str, places)
    said = f"columns {', '.join(others)} and {last} have" if others else f"column {last} has"
    return [Note("columns_nameless", {"columns": said, "place": places[0]})]


def _spelled(entry: Entry) -> Iterator[tuple[str, Header]]:
    return ((name, mapped.header) for name, mapped in (entry.columns or {}).items() if mapped is not None)


def _possible(source: Source, entry: Entry) -> Sequence[str]:
    return OF_A_RESPONSE if entry.questions else [column.name for column in source.columns]


def _taken(entry: Entry, header: Sequence[str]) -> set[str]:
    """The headers, as they are compared, of the columns that the entry names."""
    asked = [asked for _, asked in (*_spelled(entry), *of_questions(entry))]
    places = [place for place in asked if isinstance(place, int) and 0 < place <= len(header)]
    return {normal(name) for name in asked if isinstance(name, str)} | {normal(header[at - 1]) for at in places}
