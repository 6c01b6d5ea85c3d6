"""Typeform: a row per response, a column per question; when it was sent in is in UTC.

Belongs here: Typeform's headers. A response is its ``#``; ``Network ID`` is that of a network, which several people
share.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.intake.layouts import wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.readers.instants import canonical
from fellowship_pipeline.intake.readers.records import Records

SUBMITTED, ID = "Submit Date (UTC)", "#"


@dataclass(frozen=True)
class _Typeform:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand((ID, SUBMITTED))
        return wide.responses(self.group, records, submitted=[SUBMITTED], read=in_utc, response=[ID])


def in_utc(text: str) -> str | None:
    """Canonical text with the zone that the header says; None where it is no instant."""
    moment = canonical(text)
    return None if moment is None else text.strip() if moment.tzinfo else f"{moment.isoformat()}Z"


PRESET = Preset(
    _Typeform,
    timezone="UTC",
    known=(Known("Typeform responses", ("survey_responses",), (ID, SUBMITTED, "Network ID")),),
)
