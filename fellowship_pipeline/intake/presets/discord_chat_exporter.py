"""DiscordChatExporter's CSV: questions in a channel as support requests, and nothing else.

Belongs here: its headers, and the one rule by which a message is a question: it has a question mark outside of links.
What people wrote is read for that mark and stays out of every table; messages are never activity. The channel is in the
file's name, ``Server - Category - channel [id].csv``; the member is the author's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

import pyarrow as pa

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.readers.records import Records, each

HEADER = ("AuthorID", "Author", "Date", "Content")
LINK = re.compile(r"https?://\S+")
MARK = re.compile("[?？]")
NAMED = re.compile(r"(?:.* - )?(?P<channel>.+?) \[\d+\]")
TICKS = re.compile(r"(\.\d{6})\d(?=Z|[+-]|$)")
"""A tenth of a microsecond, the seventh decimal of .NET's round-trip format."""


@dataclass(frozen=True)
class _Chat:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(HEADER)
        asked = [bool(MARK.search(LINK.sub("", text))) for text in records.column("Content").to_pylist()]
        questions = records.only(pa.array(asked, pa.bool_()))
        columns = {
            "opened_at": each(questions.column("Date"), lambda text: TICKS.sub(r"\1", text)),
            "member": questions.column("Author"),
            "channel": pa.array([channel(file)] * len(questions.rows), pa.string()),
        }
        return Shaped(rows_of(questions, columns), ignored=len(records.rows) - len(questions.rows))


def channel(file: Incoming) -> str:
    """The channel in the file's name, else the name; of several names the first in order."""
    stem = PurePosixPath(min(file.names)).stem
    found = NAMED.match(stem)
    return found["channel"] if found else stem


PRESET = Preset(
    _Chat,
    known=(Known("DiscordChatExporter", ("support_requests",), (*HEADER, "Attachments", "Reactions")),),
)
