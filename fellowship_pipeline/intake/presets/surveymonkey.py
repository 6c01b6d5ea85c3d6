"""SurveyMonkey: a row per respondent below two lines of headers: questions, then their options, one column each.

Seen in headers of real files that others read: both lines, ``Response`` and ``Open-Ended Response`` where a question
has one column, spellings with and without spaces. Seen in a file that a reader is tested with: a blank second line. Not
seen, only read about: ``Date Modified`` instead of ``End Date``, times with AM and PM, numbers in place of options. In
which zone times are is not known: the entry's, else the program's.

Belongs here: SurveyMonkey's lines and headers. The column of an option goes by ``Question [Option]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from fellowship_pipeline.intake.layouts import forms, wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import LacksColumns, Quarantined, Records, first_of, normal, texts

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import Entry

ID, COLLECTOR = ("Respondent ID", "RespondentID"), ("Collector ID", "CollectorID")
STARTED = ("Start Date", "StartDate", "Date Created")
ENDED = ("End Date", "EndDate", "Date Modified")
EMAIL = ("Email Address",)
OTHERS = ("IP Address", *EMAIL, "First Name", "Last Name", "LastName", "Custom Data 1", "Custom Data")
WHOLE = frozenset({"", "response", "open-ended response"})
"""What stands below a question that has one column."""

ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")


def read(data: bytes, entry: Entry) -> Records:
    """The respondents, under one header made of both lines."""
    records = read_file(data, entry)
    ids = texts(records, ID)
    if first_of(records, ID) is None or not ids or ids[0]:
        return records
    below = [column[0].as_py().strip() for column in records.columns]
    respondents = records.only(pa.array([at > 0 for at in range(len(ids))], pa.bool_()))
    return replace(respondents, header=tuple(_joined(records.header, below)), ignored=records.ignored + 1)


def _joined(header: Sequence[str], below: Sequence[str]) -> Iterator[str]:
    question = ""
    for name, option in zip(header, below, strict=True):
        question = name.strip() or (question if option else "")
        yield question if normal(option) in WHOLE else f"{question} [{option}]"


@dataclass(frozen=True)
class _SurveyMonkey:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        if lacking := [((), names[0]) for names in (ID, ENDED) if first_of(records, names) is None]:
            raise LacksColumns(lacking, records.header)
        if any(map(ROUNDED.fullmatch, texts(records, ID))):
            raise Quarantined("a spreadsheet program has rounded the ids of respondents: export the file anew")
        return wide.responses(
            self.group,
            records,
            submitted=ENDED,
            read=forms.reading(self.group.entry, [*texts(records, STARTED), *texts(records, ENDED)]),
            member=EMAIL if any(texts(records, EMAIL)) else (),
            response=ID,
        )


PRESET = Preset(
    _SurveyMonkey,
    known=tuple(
        Known("SurveyMonkey responses", ("survey_responses",), header)
        for header in zip((*ID, ID[0]), (*COLLECTOR, COLLECTOR[0]), STARTED, ENDED, strict=True)
    ),
    reader=read,
    no_questions=OTHERS,
)
