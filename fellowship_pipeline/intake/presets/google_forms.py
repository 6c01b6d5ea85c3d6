"""Google Forms, Korean and English: the downloaded CSV, the linked sheet, its XLSX.

Belongs here: Google's headers and timestamps. Answers are decoded in ``layouts.wide``. What a quiz adds to a question,
``[점수]`` and ``[의견]``, is not read unless a question of the entry names it.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.intake.layouts import wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.readers.instants import form
from fellowship_pipeline.intake.readers.records import Records

TIMESTAMPS = ("타임스탬프", "Timestamp")
MEMBERS = ("이메일 주소", "Email Address", "Username")


@dataclass(frozen=True)
class _GoogleForm:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        return wide.responses(self.group, records, submitted=TIMESTAMPS, read=form, member=MEMBERS)


PRESET = Preset(
    _GoogleForm, known=tuple(Known("Google Forms responses", ("survey_responses",), (header,)) for header in TIMESTAMPS)
)
