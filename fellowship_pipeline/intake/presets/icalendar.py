"""Calendars of sessions: iCalendar files (.ics), as Google Calendar, Outlook and most others export and publish them.

Belongs here: which session an event is. A session is the event's UID and the start of the occurrence, its host the
organizer's address. The kind is ``meeting`` unless the entry says another: ``values: {kind: clinic}``. Times without a
zone, and whole days, are of the entry's ``timezone``. A calendar replaces what an earlier export of it said, as every
list of sessions. Of a calendar in which other things stand as well, ``where: {Categories: …}`` or ``skip_matching``
takes those that count; without, a note counts those of a whole day. Guests who accepted are no attendance.

The format is RFC 5545, read by the libraries that implement it (see ``readers.calendars``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.layouts.meetings import KIND, table
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.asides import set_aside
from fellowship_pipeline.intake.readers.calendars import (
    HEADER,
    MINUTES,
    ORGANIZER,
    START,
    SUMMARY,
    UID,
    read_calendar,
)
from fellowship_pipeline.intake.readers.records import Records, texts
from fellowship_pipeline.program.sources import Entry


def read(data: bytes, entry: Entry) -> Records:
    """The occurrences of the calendar's events."""
    return set_aside(read_calendar(data, encoding=entry.encoding), entry.skip_matching)


@dataclass(frozen=True)
class _Calendar:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(HEADER)
        uids, starts = texts(records, [UID]), texts(records, [START])
        columns: dict[str, Sequence[str | None]] = {
            "session": [f"{uid} {start}" if uid else "" for uid, start in zip(uids, starts, strict=True)],
            "kind": [KIND] * len(uids),
            "starts_at": starts,
            "title": texts(records, [SUMMARY]),
            "host": texts(records, [ORGANIZER]),
            "minutes": texts(records, [MINUTES]),
        }
        return Shaped(table(records, columns), notes=_whole_days(self.group.entry, starts))


def _whole_days(entry: Entry, starts: Sequence[str]) -> tuple[Note, ...]:
    """A note of events of a whole day, often holidays and birthdays, where nobody has said which events count."""
    events = sum("T" not in start for start in starts)
    if not events or entry.where or entry.skip_matching is not None:
        return ()
    return (Note("whole_days", {"events": events}),)


PRESET = Preset(_Calendar, known=(Known("iCalendar", ("sessions",), HEADER),), reader=read)
