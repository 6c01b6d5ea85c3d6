"""KoboToolbox: a row per submission; of a question of several answers the joined ones and a column per option.

Seen in the rows with which the code that writes the files is tested: semicolons, labels as headers, options after a
slash with 1 or 0, ``_submission_time`` in UTC without saying so, a line of HXL tags below the header. Seen in code that
reads the files: names as headers, groups before a slash. Not seen: a workbook. Not read: the tables of repeated groups.

Belongs here: KoboToolbox's headers. A submission is its ``_id``, which stays when it is edited; ``_submitted_by`` is an
account, which several people share. Several answers are told by the columns of their options, where the file has them,
since labels have spaces too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

import pyarrow as pa

from fellowship_pipeline.intake.layouts import forms, wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.readers.records import Records

ID, UUID, SUBMITTED, INDEX = HEADER = ("_id", "_uuid", "_submission_time", "_index")
OTHERS = (
    *("start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "device id"),
    *("__version__", "_validation_status", "_notes", "_status", "_submitted_by", "_tags"),
)
TAG = "#"
BETWEEN_NAMES, BETWEEN_OPTIONS = " ", "␟"
"""What stands between several answers: what KoboToolbox writes, and what no option has in it."""


@dataclass(frozen=True)
class _KoboToolbox:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand((ID, SUBMITTED))
        tags = _tags(records)
        records = records.only(pa.array([at >= tags for at in range(len(records.rows))], pa.bool_()))
        told = []
        for name, question in self.group.entry.questions.items():
            at = records.place(question.header) if question.header and forms.joins(question) else None
            if at is not None and (options := list(_options(records, at))):
                told.append(name)
                records = forms.rewritten(records, at + 1, _chosen(records, options))
        group = forms.parted(forms.parted(self.group, BETWEEN_OPTIONS, told), BETWEEN_NAMES)
        shaped = forms.responses_in("UTC", group, records, submitted=[SUBMITTED], response=[ID])
        return replace(shaped, ignored=shaped.ignored + tags)


def _tags(records: Records) -> int:
    """1 where HXL tags stand below the header."""
    cells = [column[0].as_py().strip() for column in records.columns] if len(records.rows) else []
    return int(any(cells) and all(cell.startswith(TAG) for cell in cells if cell))


def _options(records: Records, at: int) -> Iterator[tuple[int, str]]:
    """The columns of a question's options, which follow its own, and the options."""
    question = wide.plain_text(records.header[at]) + "/"
    header = list(enumerate(map(wide.plain_text, records.header)))[at + 1 :]
    for place, name in takewhile(lambda one: one[1].startswith(question), header):
        yield place, name.removeprefix(question)


def _chosen(records: Records, options: list[tuple[int, str]]) -> list[str]:
    """The options chosen in every record."""
    marks = zip(*(records.columns[place].to_pylist() for place, _ in options), strict=True)
    names = [name for _, name in options]
    return [
        BETWEEN_OPTIONS.join(
            name
            for name, mark in zip(names, row, strict=True)
            if wide.plain_text(mark).casefold() not in wide.NOT_CHOSEN
        )
        for row in marks
    ]


PRESET = Preset(
    _KoboToolbox,
    timezone="UTC",
    known=(Known("KoboToolbox submissions", ("survey_responses",), HEADER),),
    no_questions=OTHERS,
)
