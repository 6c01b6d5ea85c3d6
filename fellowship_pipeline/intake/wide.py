"""Survey files with a row per response and a column per question, turned into a row per answer.

Belongs here: response ids, decoding answers against declared options. Does not belong here: how a form tool writes its
timestamps and headers (``presets``).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from fellowship_pipeline.intake.instants import instant
from fellowship_pipeline.intake.layout import Shaped
from fellowship_pipeline.intake.records import Records

if TYPE_CHECKING:
    from fellowship_pipeline.program_sources import Entry, EntryQuestion

SEPARATORS = (";", ", ")
"""What forms put between several answers: the download ``;``, the linked sheet a comma and a space."""


def answers(
    entry: Entry,
    records: Records,
    submitted_at: pa.Array | pa.ChunkedArray,
    *,
    member: pa.Array | pa.ChunkedArray | None,
    response: pa.Array | pa.ChunkedArray | None = None,
    zone: str,
) -> Shaped:
    """A row per record, question and answer given; an empty answer where none is."""
    records.demand_set((("questions", name, "header"), question.header) for name, question in entry.questions.items())
    moments = submitted_at.to_pylist()
    members = member.to_pylist() if member is not None else None
    ids = response.to_pylist() if response is not None else response_ids(moments, members, zone)
    numbers, lines = records.rows.to_pylist(), records.lines.to_pylist()
    made: list[tuple[str, str, int]] = []
    for name, question in entry.questions.items():
        decode = decoder(question)
        for at, text in enumerate(records.column(question.header).to_pylist()):
            made.extend((name, answer, at) for answer in decode(text))
    places = [at for _, _, at in made]
    columns: dict[str, pa.Array] = {
        "survey": pa.array([entry.survey] * len(made), pa.string()),
        "response": pa.array([ids[at] for at in places], pa.string()),
        "submitted_at": pa.array([moments[at] for at in places], pa.string()),
        "question": pa.array([name for name, _, _ in made], pa.string()),
        "answer": pa.array([answer for _, answer, _ in made], pa.string()),
        "_row": pa.array([numbers[at] for at in places], pa.int64()),
        "_line": pa.array([lines[at] for at in places], pa.int64()),
    }
    if members is not None:
        columns["member"] = pa.array([members[at] for at in places], pa.string())
    return Shaped(pa.table(columns))


def response_ids(moments: list[str], members: list[str] | None, zone: str) -> list[str]:
    """Ids that stay the same in every export: of the instant, the member's text, and the how-manieth of both it is."""
    seen: Counter[str] = Counter()
    ids = []
    for at, text in enumerate(moments):
        moment = instant(text, zone)
        who = plain_text(members[at]).casefold() if members is not None else ""
        same = f"{moment.isoformat() if moment else text}|{who}"
        seen[same] += 1
        ids.append(f"{hashlib.sha256(same.encode()).hexdigest()[:16]}-{seen[same]}")
    return ids


def decoder(question: EntryQuestion) -> Callable[[str], list[str]]:
    """From a cell to the answers in it, each as stored."""
    stored = {plain_text(shown): value for shown, value in question.options.items()}
    if question.kind != "multi":
        return lambda text: [stored.get(plain_text(text), text)]
    separators = (question.separator,) if "separator" in question.model_fields_set else SEPARATORS

    def several(text: str) -> list[str]:
        found = split(plain_text(text), stored, separators)
        return list(dict.fromkeys(stored.get(answer, answer) for answer in found)) or [""]

    return several


def split(text: str, options: Iterable[str], separators: Iterable[str]) -> list[str]:
    """The answers in a cell: declared options, longest first, wherever they stand; what is between them is one answer.

    Only where no options are declared is the text split at every separator.
    """
    options = sorted(options, key=len, reverse=True)
    separator = re.compile("|".join(_separator(mark) for mark in separators))
    option = re.compile(f"(?:{'|'.join(map(re.escape, options))})(?={separator.pattern}|$)") if options else None
    found: list[str] = []
    begin = end = at = 0
    while at < len(text):
        match = option.match(text, at) if option else None
        if match:
            found += [text[begin:end], match[0]]
        mark = separator.search(text, match.end() if match else at)
        end = mark.start() if mark else len(text)
        at = mark.end() if mark else len(text)
        if match or not option:
            if not match:
                found.append(text[begin:end])
            begin = end = at
    found.append(text[begin:end])
    return [answer for answer in map(str.strip, found) if answer]


def _separator(mark: str) -> str:
    """The mark, whatever space follows it; one that ends in a space needs space, or the end, after it."""
    bare = re.escape(mark.strip()) or re.escape(mark)
    return f"{bare}(?:\\s+|$)" if mark != mark.rstrip() and mark.strip() else f"{bare}\\s*"


def plain_text(text: str) -> str:
    """Text as answers are compared: NFC, trimmed, white space collapsed."""
    return " ".join(unicodedata.normalize("NFC", text).split())
