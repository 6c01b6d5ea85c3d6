"""Survey files with a row per response and a column per question, turned into a row per answer.

Belongs here: response ids, decoding answers against declared options. Does not belong here: how a form tool writes its
timestamps and headers (``presets``).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa

from fellowship_pipeline.intake.headers import of_questions
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Scale, Shaped
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.instants import instant, spelled
from fellowship_pipeline.intake.readers.records import LacksColumns, Records, Reject, each, first_of
from fellowship_pipeline.intake.rules import no_rating

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import Entry, EntryQuestion

SEPARATORS = (";", ", ")
"""What forms put between several answers: the download ``;``, the linked sheet a comma and a space."""

CHOSEN = ("single", "multi")
"""The kinds of questions that have options."""

NOT_CHOSEN = frozenset({"", "0", "0.0", "false", "no", "not selected", "아니오", "아니요"})
"""What stands in the column of an option that was not chosen."""


def answers(
    entry: Entry,
    records: Records,
    submitted_at: pa.Array | pa.ChunkedArray,
    *,
    member: pa.Array | pa.ChunkedArray | None,
    response: pa.Array | pa.ChunkedArray | None = None,
    zone: str,
    scales: Mapping[str, Scale] = MappingProxyType({}),
) -> Shaped:
    """A row per record, question and answer given; an empty answer where none is.

    What is none of a question's declared options is rejected, and the record's other answers stay: an option that was
    reworded would else be counted as another. So is what is no rating on the question's scale, which counts as no
    answer. ``scales``: of the questions of kind rating.
    """
    records.demand_set(of_questions(entry))
    moments = submitted_at.to_pylist()
    members = member.to_pylist() if member is not None else None
    ids = response.to_pylist() if response is not None else response_ids(moments, members, zone)
    numbers, lines = records.rows.to_pylist(), records.lines.to_pylist()
    made: list[tuple[str, str, int]] = []
    strange: dict[int, list[tuple[str, str]]] = {}
    off: list[Reject] = []
    for name, question in entry.questions.items():
        declared = {"", *map(plain_text, question.stored)}
        is_closed = bool(question.options) and not question.other
        for at, given in enumerate(_given(records, question)):
            for answer in given:
                if is_closed and plain_text(answer) not in declared:
                    strange.setdefault(at, []).append((name, answer))
                elif name in scales and answer.strip() and not _is_on(answer, scales[name]):
                    said = f"{no_rating(scales[name])}, which {name} asks for"
                    off.append(Reject(numbers[at], "answer", answer, said, lines[at]))
                    made.append((name, "", at))
                else:
                    made.append((name, answer, at))
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
    rejects = (
        Reject(
            numbers[at],
            "answer",
            "; ".join(answer for _, answer in given),
            f"no declared option of {', '.join(dict.fromkeys(name for name, _ in given))}: "
            "add it to `options`, or say `other: true`",
            lines[at],
        )
        for at, given in strange.items()
    )
    return Shaped(pa.table(columns), rejects=(*rejects, *off), notes=_undeclared(entry))


def _is_on(answer: str, scale: Scale) -> bool:
    """Whether the answer is a number, and on the scale where there is one."""
    try:
        rating = float(answer)
    except ValueError:
        return False
    return isfinite(rating) if scale is None else scale[0] <= rating <= scale[1]


def _undeclared(entry: Entry) -> tuple[Note, ...]:
    """That questions with answers to choose from do not say which."""
    names = [name for name, asked in entry.questions.items() if asked.kind in CHOSEN and not asked.stored]
    return (Note("options_undeclared", {"questions": ", ".join(names)}),) if names else ()


def _given(records: Records, question: EntryQuestion) -> Iterator[list[str]]:
    """The answers of every record, each as stored; an empty one where there is none."""
    columns = [records.column(header).to_pylist() for _, header in question.asked]
    if not question.headers:
        return map(decoder(question), columns[0])
    marks = zip(*columns, strict=True)
    chosen = (
        [
            option
            for option, mark in zip(question.headers, row, strict=True)
            if plain_text(mark).casefold() not in NOT_CHOSEN
        ]
        for row in marks
    )
    return (options or [""] for options in chosen)


def responses(
    group: EntryFiles,
    records: Records,
    *,
    submitted: Sequence[str],
    read: Callable[[str], str | None],
    member: Sequence[str] = (),
    response: Sequence[str] = (),
) -> Shaped:
    """The answers of a form tool's file, each column under the first of the headers that the file has.

    ``read`` makes canonical text of when a response was sent in; where the entry declares a format, that counts.
    Records for which it cannot are rejected. Without a header that it has a file has no members and no ids.
    """
    entry = group.entry
    if entry.member is not None:
        records.demand_set([(("member",), entry.member)])
        member = (entry.member, *member)
    written = first_of(records, submitted)
    if written is None:
        raise LacksColumns([((), submitted[0])], records.header)
    if entry.datetime_format is not None:
        read = partial(spelled, pattern=entry.datetime_format)
    moments = each(records.column(written), read)
    records, rejects = _readable(records, records.column(written), moments)
    members, ids = first_of(records, member), first_of(records, response)
    shaped = answers(
        entry,
        records,
        moments.drop_null(),
        member=records.column(members) if members else None,
        response=records.column(ids) if ids else None,
        zone=group.zone,
        scales=group.scales,
    )
    return replace(shaped, rejects=(*rejects, *shaped.rejects))


def _readable(records: Records, written: pa.ChunkedArray, read: pa.Array) -> tuple[Records, tuple[Reject, ...]]:
    """The records whose timestamp could be read, and the others as rejects."""
    rejects = tuple(
        Reject(row, "submitted_at", text, "no known form of a timestamp", line)
        for row, line, text, moment in zip(
            records.rows.to_pylist(), records.lines.to_pylist(), written.to_pylist(), read.to_pylist(), strict=True
        )
        if moment is None
    )
    return (records.only(read.is_valid()), rejects) if rejects else (records, ())


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
