"""Google Meet's attendance report: a row per person, with how long they were in the call.

Belongs here: Meet's headers and times. A member is the e-mail address, else first and last name. ``Time joined`` is the
first coming and ``Time exited`` the last leaving, both without a date: the day is the one of ``exported``, by default
the last in the path; an exit before the joining is of the next day. Minutes are ``Duration``, which leaves out the time
between; who was out for a while therefore has no ``left_at``, since from coming to leaving would be more. Without a day
there are minutes alone, and a note. The file does not say its meeting, so the entry does: ``values: {session: …}``.

Seen only in public programs that read these files and in what they are tested with: the six columns in this order,
``1 hr 5 min`` and ``58 min``, times of 12 and of 24 hours. Other languages have not been seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from fellowship_pipeline.intake.layouts.declared import exported
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.layouts.mapping import plain
from fellowship_pipeline.intake.layouts.meetings import UNREADABLE, refusal, table
from fellowship_pipeline.intake.layouts.seats import DATED
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.durations import minutes
from fellowship_pipeline.intake.readers.instants import common_pattern, spelled
from fellowship_pipeline.intake.readers.records import Records, Reject, texts

FIRST, LAST, EMAIL, DURATION, JOINED, LEFT = HEADER = (
    "First name",
    "Last name",
    "Email",
    "Duration",
    "Time joined",
    "Time exited",
)
PATTERNS = ("%I:%M %p", "%H:%M", "%I:%M:%S %p", "%H:%M:%S", "%p %I:%M", "%p %I:%M:%S")
ROUNDED = timedelta(minutes=2)
"""How far apart a duration and two times may be that say the same in whole minutes."""


@dataclass(frozen=True)
class _Meet:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(HEADER)
        lengths = texts(records, [DURATION])
        day = self._day(file, records)
        joined, left, refused = (
            self._times(records, day, lengths) if day is not None else ([""] * len(lengths), [""] * len(lengths), [])
        )
        columns: dict[str, Sequence[str | None]] = {
            "member": _members(records),
            "minutes": [text if (length := minutes(text)) is None else plain(length) for text in lengths],
            "joined_at": joined,
            "left_at": left,
        }
        notes = (Note("no_day"),) if day is None and records.count else ()
        return Shaped(table(records, columns), rejects=tuple(refused), notes=notes)

    def _day(self, file: Incoming, records: Records) -> date | None:
        """The day of the meeting; None where nothing says it."""
        zone = self.group.zone
        moment = exported(self.group.entry, DATED, file.paths, records, zone)
        return moment and moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()

    def _times(
        self, records: Records, day: date, lengths: Sequence[str]
    ) -> tuple[list[str | None], list[str | None], list[Reject]]:
        """Joining and leaving of every record; None for both and a reject where one of them cannot be read."""
        came, went = texts(records, [JOINED]), texts(records, [LEFT])
        pattern = self.group.entry.datetime_format or common_pattern([*came, *went], PATTERNS)
        joined: list[str | None] = []
        left: list[str | None] = []
        refused = []
        for at, written in enumerate(zip(came, went, strict=True)):
            begins, ends = (_moment(text, pattern, day) for text in written)
            if any(text and moment is None for text, moment in zip(written, (begins, ends), strict=True)):
                refused.append(refusal(records, at, "joined_at", " – ".join(written), UNREADABLE))
                joined.append(None)
                left.append(None)
                continue
            joined.append(begins.isoformat() if begins else "")
            left.append(_leaving(begins, ends, minutes(lengths[at])))
        return joined, left, refused


def _moment(text: str, pattern: str, day: date) -> datetime | None:
    """The time on the day, or with a date of its own where the pattern has one."""
    found = spelled(text, pattern)
    if found is None:
        return None
    moment = datetime.fromisoformat(found)
    return moment if "%d" in pattern else datetime.combine(day, moment.time())


def _leaving(begins: datetime | None, ends: datetime | None, length: Decimal | None) -> str:
    """The leaving, where the time since the joining is as long as the duration; else none."""
    if begins is None or ends is None or length is None:
        return ""
    if ends < begins:
        ends += timedelta(days=1)
    apart = ends - begins - timedelta(minutes=float(length))
    return ends.isoformat() if abs(apart) < ROUNDED else ""


def _members(records: Records) -> list[str]:
    names = zip(*(texts(records, [header]) for header in (EMAIL, FIRST, LAST)), strict=True)
    return [email or f"{first} {last}".strip() for email, first, last in names]


PRESET = Preset(
    _Meet,
    exported=DATED,
    known=(Known("Google Meet attendance", ("attendance",), HEADER),),
)
