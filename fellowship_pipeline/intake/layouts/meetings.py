"""Who was in a meeting for how long: several stays of one person are one attendance, overlaps counted once.

Belongs here: what the reports of every meeting tool have in common. Does not belong here: their headers (``presets``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from fellowship_pipeline.intake.layouts.instants import canonical
from fellowship_pipeline.intake.layouts.layout import rows_of
from fellowship_pipeline.intake.layouts.mapping import plain
from fellowship_pipeline.intake.readers.decoding import decode
from fellowship_pipeline.intake.readers.records import Records, Reject
from fellowship_pipeline.intake.readers.unpacking import unpack

if TYPE_CHECKING:
    from fellowship_pipeline.program_sources import Entry

KIND = "meeting"
"""The kind of session that a report of a meeting tool is of, where nobody says another."""
UNREADABLE = "no known form of a date and time"
Reader = Callable[[str], str | None]
"""From a time as the tool writes it to canonical text; None where it cannot be read."""


@dataclass(frozen=True)
class Stay:
    """From joining to leaving; ``left`` is None where the file does not say. ``who``: the member in the session."""

    who: Hashable
    joined: datetime
    left: datetime | None


class Decoded(NamedTuple):
    """A text file as UTF-8, the encoding that it is in, reasons to doubt it."""

    text: bytes
    encoding: str
    doubts: Sequence[str]


def minutes(stays: Iterable[Stay | None]) -> list[str | None]:
    """In place of every stay the minutes of all stays of the same ``who``, '' where one of them has no end."""
    stays = list(stays)
    of_one: dict[Hashable, list[Stay]] = defaultdict(list)
    for stay in stays:
        if stay is not None:
            of_one[stay.who].append(stay)
    together = {who: _union(spans) for who, spans in of_one.items()}
    return [None if stay is None else together[stay.who] for stay in stays]


def stays(
    records: Records, who: Sequence[Hashable], joined: Sequence[str], left: Sequence[str], read: Reader
) -> tuple[list[Stay | None], list[Reject]]:
    """The stay of every record; None and a reject where its times make none."""
    found: list[Stay | None] = []
    refused = []
    for at, (one, came, went) in enumerate(zip(who, joined, left, strict=True)):
        begins, ends = canonical(read(came) or ""), canonical(read(went) or "")
        if begins is None or (went and ends is None):
            refused.append(refusal(records, at, "minutes", f"{came} – {went}", UNREADABLE))
            found.append(None)
        elif ends is not None and ends < begins:
            refused.append(refusal(records, at, "minutes", f"{came} – {went}", "left before it joined"))
            found.append(None)
        else:
            found.append(Stay(one, begins, ends))
    return found, refused


def table(records: Records, columns: Mapping[str, Sequence[str | None]]) -> pa.Table:
    """Rows of the records that have a text in every column."""
    made = rows_of(records, {name: pa.array(values, pa.string()) for name, values in columns.items()})
    return made.drop_null()


def refusal(records: Records, at: int, column: str, value: str, reason: str) -> Reject:
    """The record at that place, kept out."""
    return Reject(records.rows[at].as_py(), column, value, reason, records.lines[at].as_py())


def in_minutes(seconds: float) -> str:
    """Seconds as minutes, in plain decimals."""
    return plain(Decimal(str(seconds)) / 60)


def text_of(data: bytes, entry: Entry) -> Decoded | None:
    """The file as UTF-8; None where it is no text."""
    data, kind = unpack(data)
    return Decoded(*decode(data, entry.encoding)) if kind == "text" else None


def _union(spans: Iterable[Stay]) -> str:
    seconds, until = 0.0, datetime.min
    for stay in sorted(spans, key=lambda stay: stay.joined):
        if stay.left is None:
            return ""
        seconds += max((stay.left - max(stay.joined, until)).total_seconds(), 0)
        until = max(until, stay.left)
    return in_minutes(seconds)
