"""Qualtrics: a row per response below three lines of headers: ids, the questions' texts, ImportIds as JSON.

Seen in real files: the three lines, ``Status`` and ``Finished`` as words (``IP Address``, ``True``), the zone of the
times in the line of ImportIds, the numbers that stand for the words of ``Status``. Only read about: several answers
joined by a comma without a space.

Belongs here: Qualtrics' lines, headers and words. Columns go by their ids (``Q1``). Times are of the file's own zone,
whatever the entry says. Previews and tests are no responses. Neither are those that nobody finished, unless ``where``
of the entry asks for ``Finished``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pyarrow as pa

from fellowship_pipeline.intake.layouts import forms
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.layouts.nobody import NO_QUESTIONS, QUALTRICS
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import Quarantined, Records, normal, texts

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import Entry

ID, STATUS, FINISHED, MEMBER = "ResponseId", "Status", "Finished", "RecipientEmail"
RECORDED = ("RecordedDate", "EndDate")
LABEL, IMPORT_ID = "response id", '{"importid"'
LABELS, LOOKED_AT = 2, 5
"""How many lines stand below the ids, and how many records are looked at, since a damaged file may have more."""
PREVIEWS = frozenset(
    {"1", "2", "9", "17", "survey preview", "survey test", "survey preview spam", "offline survey preview"}
)
UNFINISHED = frozenset({"false", "0"})
SEPARATOR = ","
ZONE, ZONES = "zone", {zone.casefold(): zone for zone in available_timezones()}


def read(data: bytes, entry: Entry) -> Records:
    """The responses, and the zone of their times as ``about`` where the file says it.

    Raises Quarantined where a line that may say it is damaged.
    """
    records = read_file(data, entry)
    if any(reject.row <= LABELS for reject in records.rejects):
        raise Quarantined(
            "a line below the ids is damaged, and may be the one with the zone of all times: export it anew"
        )
    first = [_cells(records, at) for at in range(min(LOOKED_AT, len(records.rows)))]
    labels = first[: max((at + 1 for at, cells in enumerate(first) if _are_labels(cells)), default=0)]
    zone = next((zone for cell in chain(*labels) if (zone := _zone(cell))), None)
    responses = records.only(pa.array([at >= len(labels) for at in range(len(records.rows))], pa.bool_()))
    return replace(responses, ignored=records.ignored + len(labels), about={} if zone is None else {ZONE: zone})


def _cells(records: Records, at: int) -> list[str]:
    return [normal(column[at].as_py()) for column in records.columns]


def _are_labels(cells: Sequence[str]) -> bool:
    return LABEL in cells or any(cell.startswith(IMPORT_ID) for cell in cells)


def _zone(cell: str) -> str | None:
    """The zone that an ImportId gives for its times."""
    try:
        said: Any = json.loads(cell)
    except ValueError:
        return None
    zone = said.get("timezone") if isinstance(said, dict) else None
    return ZONES.get(zone) if isinstance(zone, str) else None


@dataclass(frozen=True)
class _Qualtrics:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(QUALTRICS)
        records, left_out = _responses(records, self.group.entry)
        zone = records.about.get(ZONE, self.group.zone)
        group = forms.parted(self.group, SEPARATOR)
        shaped = forms.responses_in(zone, group, records, submitted=RECORDED, member=[MEMBER], response=[ID])
        return forms.without(shaped, left_out)


def _responses(records: Records, entry: Entry) -> tuple[Records, tuple[Note, ...]]:
    """The records that are responses, and how many others there are."""
    records, previews = forms.left_out(records, "previews", _among(records, STATUS, PREVIEWS))
    if any(normal(header) == normal(FINISHED) for header in entry.where):
        return records, previews
    records, unfinished = forms.left_out(records, "unfinished", _among(records, FINISHED, UNFINISHED))
    return records, (*previews, *unfinished)


def _among(records: Records, header: str, words: frozenset[str]) -> Sequence[bool]:
    return [normal(text) in words for text in texts(records, [header])]


PRESET = Preset(
    _Qualtrics,
    known=(Known("Qualtrics responses", ("survey_responses",), QUALTRICS),),
    reader=read,
    no_questions=NO_QUESTIONS,
    separators=(SEPARATOR,),
)
