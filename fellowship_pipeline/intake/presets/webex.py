"""Webex's participant report: a row per stay in a meeting, in UTF-16 with tabs, times as formulas of a text.

Belongs here: Webex's headers and times. A session is the meeting's name and start. A member is the e-mail address, else
the name as shown; an address at ``guest.webex.localhost`` is one that Webex made up. Who comes back, is in on two
devices or in a breakout room has several rows, which are one attendance, time at once counted once. Times are of the
zone of whoever exported, which the entry declares.

Seen only in public programs that read these files: ``Name`` in files of 2020, ``Display Name`` and ``Session Name``
later, ``63 mins``, the year first in times, as in ``="2021-03-01 19:02:11"``. What a role is called has not been seen:
where it is Host, that is the meeting's host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.layouts.meetings import (
    HOST,
    KIND,
    Clock,
    attendance,
    hours_unsure,
    in_minutes,
    stays,
    table,
)
from fellowship_pipeline.intake.readers.instants import common_pattern
from fellowship_pipeline.intake.readers.records import Records, first_of, normal, texts

MEETING, START, END, EMAIL = "Meeting Name", "Meeting Start Time", "Meeting End Time", "Attendee Email"
NAME = ("Display Name", "Name")
JOINED, LEFT = "Join Time", "Leave Time"
PATTERNS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S")
MADE_UP = "@guest.webex.localhost"


@dataclass(frozen=True)
class _Webex:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand((MEETING, START, EMAIL, JOINED, LEFT, first_of(records, NAME) or NAME[0]))
        times = [text for header in (START, END, JOINED, LEFT) for text in texts(records, [header])]
        clock = Clock(self.group.entry.datetime_format or common_pattern(times, PATTERNS), self.group.zone)
        return _sessions(records, clock) if self.group.source.name == "sessions" else _attendance(records, clock)


def _sessions(records: Records, clock: Clock) -> Shaped:
    """The session of every record; staging keeps it once."""
    starts, ends, names = (texts(records, [header]) for header in (START, END, MEETING))
    sessions = _session_ids(records, clock)
    hosts = {
        session: member
        for session, member, role in zip(sessions, _members(records), _roles(records), strict=True)
        if role == HOST
    }
    columns: dict[str, Sequence[str | None]] = {
        "session": sessions,
        "kind": [KIND] * len(sessions),
        "starts_at": [clock.text(start) or start for start in starts],
        "title": names,
        "host": [hosts.get(session, "") for session in sessions],
        "minutes": [_length(clock, start, end) for start, end in zip(starts, ends, strict=True)],
    }
    return Shaped(table(records, columns))


def _attendance(records: Records, clock: Clock) -> Shaped:
    """A row per stay, of one member in one session all alike; staging keeps the last."""
    sessions, members = _session_ids(records, clock), _members(records)
    who = list(zip(sessions, members, strict=True))
    joined, left = texts(records, [JOINED]), texts(records, [LEFT])
    found, refused = stays(records, who, joined, left, clock)
    columns: dict[str, Sequence[str | None]] = {"session": sessions, "member": members, "role": _roles(records)}
    rows = table(records, columns | attendance(found))
    return Shaped(rows, rejects=tuple(refused), notes=hours_unsure(clock, joined, left))


def _session_ids(records: Records, clock: Clock) -> list[str]:
    """The meeting's name and start; empty where the start is none, so that the record is rejected."""
    starts = [clock.text(start) for start in texts(records, [START])]
    return [
        f"{name} {start}".strip() if start else ""
        for name, start in zip(texts(records, [MEETING]), starts, strict=True)
    ]


def _length(clock: Clock, start: str, end: str) -> str:
    """Minutes from the meeting's start to its end; empty where one of them is unknown."""
    begins, ends = clock.moment(start), clock.moment(end)
    return in_minutes((ends - begins).total_seconds()) if begins and ends else ""


def _members(records: Records) -> list[str]:
    return [
        name if not email or normal(email).endswith(MADE_UP) else email
        for email, name in zip(texts(records, [EMAIL]), texts(records, NAME), strict=True)
    ]


def _roles(records: Records) -> list[str]:
    return [HOST if normal(role) == HOST else "" for role in texts(records, ["Role"])]


PRESET = Preset(
    _Webex,
    known=(
        Known("Webex participants", ("attendance", "sessions"), (MEETING, START, NAME[0], EMAIL, JOINED, LEFT)),
        Known("Webex participants of 2020", ("attendance", "sessions"), (MEETING, START, NAME[1], EMAIL, JOINED, LEFT)),
    ),
)
