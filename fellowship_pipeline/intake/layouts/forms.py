"""Exports of form tools, made ready for ``wide``: cells in another form, records that are no responses.

Belongs here: what the presets of several form tools share. Does not belong here: their headers (``presets``), decoding
answers (``wide``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa

from fellowship_pipeline.intake.layouts import wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Shaped
from fellowship_pipeline.intake.notes import Note, NoteKind
from fellowship_pipeline.intake.readers.instants import canonical, common_pattern, form, spelled
from fellowship_pipeline.intake.readers.records import Header, Records, texts

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import Entry, EntryQuestion

MONTH_FIRST, DAY_FIRST = "%m/%d/%Y", "%d/%m/%Y"
PATTERNS = tuple(
    f"{day} {time}"
    for day in (MONTH_FIRST, DAY_FIRST, "%m/%d/%y", "%d/%m/%y")
    for time in ("%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M")
)
"""How spreadsheet programs write a time of the forms' own files when they save them as text."""


def reading(entry: Entry, times: Iterable[str]) -> Callable[[str], str | None]:
    """What makes canonical text of a form tool's timestamps, in the form that the file has.

    Raises Quarantined where whether the day or the month comes first is not certain, and the entry does not say.
    """
    if entry.datetime_format is not None:
        declared = entry.datetime_format
        return lambda text: spelled(text, declared)
    others = [text for text in times if form(text) is None and any(spelled(text, one) for one in PATTERNS)]
    if not others:
        return form
    pattern = common_pattern(others, PATTERNS)
    return lambda text: form(text) or spelled(text, pattern)


def responses_in(
    zone: str,
    group: EntryFiles,
    records: Records,
    *,
    submitted: Sequence[str],
    member: Sequence[str] = (),
    response: Sequence[str] = (),
) -> Shaped:
    """The answers of a file whose times are of that zone, whatever the entry says."""
    written = texts(records, submitted)
    read = reading(group.entry, written)

    def in_zone(text: str) -> str | None:
        moment = read(text)
        return None if moment is None else _with_offset(moment, zone)

    group = replace(group, entry=group.entry.model_copy(update={"datetime_format": None}))
    shaped = wide.responses(group, records, submitted=submitted, read=in_zone, member=member, response=response)
    return replace(shaped, notes=(*shaped.notes, *_unsure((read(text) or "" for text in written), zone)))


def _with_offset(text: str, zone: str) -> str:
    """Canonical text with the offset that clocks of the zone had then; with its own, where it has one."""
    moment = canonical(text)
    return text if moment is None or moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)).isoformat()


def _unsure(times: Iterable[str], zone: str) -> tuple[Note, ...]:
    """That clocks of the zone show some of the times, as canonical text, twice or never."""
    moments = [moment for moment in map(canonical, times) if moment is not None and moment.tzinfo is None]
    records = sum(_is_turned(moment, zone) for moment in moments)
    return (Note("hour_unsure", {"records": records, "zone": zone}),) if records else ()


def _is_turned(moment: datetime, zone: str) -> bool:
    earlier, later = (moment.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return earlier != later


def rewritten(records: Records, header: Header, cells: Sequence[str]) -> Records:
    """The records with other texts in the column under that header; without it they stay."""
    at = records.place(header)
    if at is None:
        return records
    column = pa.chunked_array([pa.array(cells, pa.string())])
    return replace(records, columns=(*records.columns[:at], column, *records.columns[at + 1 :]))


def parted(group: EntryFiles, separator: str, names: Collection[str] | None = None) -> EntryFiles:
    """The group with the tool's own separator in every question of several answers, or those of these names, that
    declares none."""
    questions = {
        name: question.model_copy(update={"separator": separator})
        if joins(question) and (names is None or name in names)
        else question
        for name, question in group.entry.questions.items()
    }
    return replace(group, entry=group.entry.model_copy(update={"questions": questions}))


def joins(question: EntryQuestion) -> bool:
    """Whether one cell has several answers, and the entry does not say what parts them."""
    return question.kind == "multi" and not question.headers and "separator" not in question.model_fields_set


def left_out(records: Records, kind: NoteKind, is_left_out: Sequence[bool]) -> tuple[Records, tuple[Note, ...]]:
    """The other records, and the note of that kind that says how many are left out."""
    count = sum(is_left_out)
    if not count:
        return records, ()
    return records.only(pa.array([not out for out in is_left_out])), (Note(kind, {"records": count}),)


def without(shaped: Shaped, notes: Iterable[Note]) -> Shaped:
    """It, with the records that these notes say are left out counted as ignored."""
    notes = tuple(notes)
    return replace(
        shaped,
        ignored=shaped.ignored + sum(int(note.values["records"]) for note in notes),
        notes=(*shaped.notes, *notes),
    )
