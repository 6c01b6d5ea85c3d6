"""Who was in a meeting when: several stays of one person are one attendance that keeps them all, overlaps counted once.

Belongs here: what the reports of every meeting tool have in common. Does not belong here: their headers (``presets``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from fellowship_pipeline.intake.layouts.layout import rows_of
from fellowship_pipeline.intake.layouts.mapping import plain
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.decoding import decode
from fellowship_pipeline.intake.readers.instants import instant, is_unsure, spelled
from fellowship_pipeline.intake.readers.records import Records, Reject
from fellowship_pipeline.intake.readers.unpacking import unpack

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import Entry

KIND = "meeting"
"""The kind of session that a report of a meeting tool is of, where nobody says another."""
HOST = "host"
"""The role of who holds a meeting."""
UNREADABLE = "no known form of a date and time"


@dataclass(frozen=True)
class Clock:
    """How a report writes times, as strptime has it, and the zone they are of."""

    pattern: str
    zone: str

    def text(self, written: str) -> str | None:
        """Canonical text of the time; None where it cannot be read."""
        return spelled(written, self.pattern)

    def moment(self, written: str) -> datetime | None:
        """The instant, in UTC; None where it cannot be read."""
        return instant(self.text(written) or "", self.zone)

    def is_unsure(self, *written: str) -> bool:
        """Whether one of the times comes twice, or never, since clocks are turned."""
        return any(is_unsure(self.text(text) or "", self.zone) for text in written)


@dataclass(frozen=True)
class Stay:
    """From joining to leaving, in UTC; ``left`` is None where nothing says. ``who``: one member in one session."""

    who: Hashable
    joined: datetime
    left: datetime | None


class Decoded(NamedTuple):
    """A text file as UTF-8, the encoding that it is in, reasons to doubt it."""

    text: bytes
    encoding: str
    doubts: Sequence[str]


def attendance(stays: Iterable[Stay | None]) -> dict[str, list[str | None]]:
    """Columns of attendance: in place of every stay what all stays of the same ``who`` come to; None where is none."""
    stays = list(stays)
    of_one: dict[Hashable, list[Stay]] = defaultdict(list)
    for stay in stays:
        if stay is not None:
            of_one[stay.who].append(stay)
    together = {who: _together(spans) for who, spans in of_one.items()}
    return {
        name: [None if stay is None else together[stay.who][name] for stay in stays]
        for name in ("minutes", "joined_at", "left_at", "stays")
    }


def stays(
    records: Records, who: Sequence[Hashable], joined: Sequence[str], left: Sequence[str], clock: Clock
) -> tuple[list[Stay | None], list[Reject]]:
    """The stay of every record; None and a reject where its times make none.

    One whose times may be an hour earlier or later has no end, and so no minutes.
    """
    found: list[Stay | None] = []
    refused = []
    for at, (one, came, went) in enumerate(zip(who, joined, left, strict=True)):
        begins, ends = clock.moment(came), clock.moment(went)
        is_open = clock.is_unsure(came, went)
        if begins is None or (went and ends is None):
            refused.append(refusal(records, at, "minutes", f"{came} – {went}", UNREADABLE))
            found.append(None)
        elif ends is not None and ends < begins and not is_open:
            refused.append(refusal(records, at, "minutes", f"{came} – {went}", "left before it joined"))
            found.append(None)
        else:
            found.append(Stay(one, begins, None if is_open else ends))
    return found, refused


def hours_unsure(clock: Clock, *times: Sequence[str]) -> tuple[Note, ...]:
    """A note of the records with a time that may be another."""
    records = sum(clock.is_unsure(*written) for written in zip(*times, strict=True))
    return (Note("hour_unsure", {"records": records, "zone": clock.zone}),) if records else ()


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


def _together(stays: Iterable[Stay]) -> dict[str, str]:
    """What stays of one member come to: minutes in which any of them lasted, the first coming, the last leaving."""
    stays = sorted(stays, key=lambda stay: (stay.joined, stay.left or datetime.max))
    ends = [stay.left for stay in stays if stay.left is not None]
    all_end = len(ends) == len(stays)
    spans = [f"{_written(stay.joined)}/{_written(stay.left) if stay.left else ''}" for stay in stays]
    return {
        "minutes": _union(stays) if all_end else "",
        "joined_at": _written(stays[0].joined),
        "left_at": _written(max(ends)) if all_end else "",
        "stays": "|".join(spans) if len(spans) > 1 else "",
    }


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"


def _union(stays: Iterable[Stay]) -> str:
    seconds, until = 0.0, datetime.min
    for stay in stays:
        ends = stay.left or stay.joined
        seconds += max((ends - max(stay.joined, until)).total_seconds(), 0)
        until = max(until, ends)
    return in_minutes(seconds)
