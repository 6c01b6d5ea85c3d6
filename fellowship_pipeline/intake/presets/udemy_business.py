"""Udemy Business' user course activity: a row per learner and course, with totals since enrollment.

Belongs here: Udemy's headers and units. Activity is totals, so the preset is cumulative; minutes are of video alone. A
course is completed when it first was, since lectures that are added later take the mark away and give it again.
Instants without a zone are UTC; where they are in no canonical form the entry says ``datetime_format``.

Seen only in public programs that read these files, which agree in the headers, and know the last as ``Date Last
Accessed`` or ``Date Last Active``; that minutes are totals and days are in UTC is what the vendor's description of the
same report in its API says. Not seen: how days are written, and headers in other languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.mapping import multiplied
from fellowship_pipeline.intake.layouts.seats import DATED
from fellowship_pipeline.intake.readers.instants import spelled
from fellowship_pipeline.intake.readers.records import Records, each, first_of, texts

EMAIL, COURSE, PROGRESS, MINUTES = "User Email", "Course Title", "% Marked Completed", "Minutes Video Consumed"
STARTED, DONE = "Date Started", ("First Date Completed", "Date Completed")
LAST = ("Date Last Accessed", "Date Last Active")
HEADER = (EMAIL, COURSE, PROGRESS, MINUTES, STARTED, DONE[1])


@dataclass(frozen=True)
class _Udemy:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(HEADER)
        if self.group.source.name == "completions":
            return self._completions(records)
        return self._activity(records)

    def _activity(self, records: Records) -> Shaped:
        """Totals by learner and course; a course never opened has none, which is known to be zero."""
        records.demand((first_of(records, LAST) or LAST[0],))
        spent = pc.utf8_trim_whitespace(records.column(MINUTES))
        opened_at = self._instants(records, LAST)
        unopened = pc.and_(pc.equal(spent, ""), pc.equal(pc.utf8_trim_whitespace(opened_at), ""))
        columns = {
            "member": records.column(EMAIL),
            "occurred_at": opened_at,
            "course": records.column(COURSE),
            "minutes": pc.if_else(unopened, "0", spent),
            "progress": each(records.column(PROGRESS), multiplied(Decimal("0.01"))),
        }
        return Shaped(rows_of(records, columns))

    def _completions(self, records: Records) -> Shaped:
        """Completed courses, by the first completion where the file has it."""
        firsts, lasts = (self._instants(records, (header,)) for header in DONE)
        completed = pc.if_else(pc.equal(firsts, ""), lasts, firsts)
        columns = {
            "member": records.column(EMAIL),
            "course": records.column(COURSE),
            "completed_at": completed,
            "started_at": self._instants(records, (STARTED,)),
        }
        rows = rows_of(records, columns).filter(pc.not_equal(completed, ""))
        return Shaped(rows, ignored=len(records.rows) - rows.num_rows)

    def _instants(self, records: Records, headers: Sequence[str]) -> pa.Array:
        """The cells in canonical text, where the entry says how they are written; what does not fit stays."""
        declared = self.group.entry.datetime_format
        column = pa.array(texts(records, headers), pa.string())
        return column if declared is None else each(column, lambda text: spelled(text, declared) or text)


PRESET = Preset(
    _Udemy,
    timezone="UTC",
    exported=DATED,
    known=(Known("Udemy Business user course activity", ("activity", "completions"), HEADER),),
    cumulative=True,
)
