"""Kolibri's session and summary logs, with English headers; in another language they are mapped by hand.

Belongs here: Kolibri's headers and units. Instants without a zone are UTC. A course is a piece of content: nothing else
in Kolibri's logs is completed. A session log has a row per visit, a summary log one per learner and content with the
time of all visits, so that it is activity only where the entry has no session log.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.mapping import multiplied
from fellowship_pipeline.intake.readers.records import Quarantined, Records, each, joined

FIRST, LAST, DONE = "Time of first interaction", "Time of last interaction", "Time of completion"
TIME, PROGRESS, KIND = "Time Spent (sec)", "Progress (0-1)", "Content kind"
SESSIONS = ("Username", "Channel id", "Content id", "Content title", FIRST, LAST, TIME, PROGRESS, KIND)
SUMMARY = (*SESSIONS, DONE)
MINUTES = Decimal(1) / 60


@dataclass(frozen=True)
class _Kolibri:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        if any(records.place(header) is None for header in SESSIONS):
            raise Quarantined("not Kolibri's headers in English: map them by hand, `columns` instead of `preset`")
        summary = records.place(DONE) is not None
        if self.group.source.name == "completions":
            return _completions(records) if summary else Shaped(None, unused="a session log completes nothing")
        if summary and self._has_sessions:
            return Shaped(None, unused="the same time as in the session logs")
        columns = {
            "member": records.column("Username"),
            "occurred_at": records.column(LAST),
            "course": _content(records),
            "item": records.column("Content id"),
            "kind": records.column(KIND),
            "minutes": each(records.column(TIME), multiplied(MINUTES)),
            "progress": records.column(PROGRESS),
            "_fact": _fact(records, summary),
        }
        return Shaped(rows_of(records, columns))

    @cached_property
    def _has_sessions(self) -> bool:
        """Whether one of the entry's files is a session log."""
        return any(
            file.asked and (records := self.group.usable(file)) is not None and records.place(DONE) is None
            for file in self.group.files
        )


def _completions(records: Records) -> Shaped:
    done = records.only(pc.not_equal(pc.utf8_trim_whitespace(records.column(DONE)), ""))
    columns = {
        "member": done.column("Username"),
        "course": _content(done),
        "completed_at": done.column(DONE),
        "started_at": done.column(FIRST),
        "_fact": _fact(done, summary=True),
    }
    return Shaped(rows_of(done, columns), ignored=len(records.rows) - len(done.rows))


def _content(records: Records) -> pa.ChunkedArray:
    """The content by title, by id where it has none."""
    title = pc.utf8_trim_whitespace(records.column("Content title"))
    return pc.if_else(pc.equal(title, ""), records.column("Content id"), title)


def _fact(records: Records, summary: bool) -> pa.Array:
    """A learner's content or, in a session log, one visit to it, whose time may still grow."""
    keys = [records.column(name) for name in ("Username", "Channel id", "Content id", *(() if summary else (FIRST,)))]
    return joined("|", "summary" if summary else "session", *keys)


PRESET = Preset(
    _Kolibri,
    timezone="UTC",
    known=(
        Known("Kolibri summary log", ("activity", "completions"), SUMMARY),
        Known("Kolibri session log", ("activity",), SESSIONS),
    ),
)
