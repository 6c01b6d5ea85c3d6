"""Tally: a row per submission, a column per question.

Belongs here: Tally's headers. In which zone it writes ``Submitted at`` is not known: the entry's, else the program's. A
respondent is no member; a question that asks for one is the entry's ``member``.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.intake.layouts import wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.readers.instants import form
from fellowship_pipeline.intake.readers.records import Records

SUBMITTED, ID = "Submitted at", "Submission ID"


@dataclass(frozen=True)
class _Tally:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand((ID, SUBMITTED))
        return wide.responses(self.group, records, submitted=[SUBMITTED], read=form, response=[ID])


PRESET = Preset(_Tally, known=(Known("Tally submissions", ("survey_responses",), (ID, "Respondent ID", SUBMITTED)),))
