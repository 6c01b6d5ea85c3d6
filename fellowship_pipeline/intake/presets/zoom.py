"""Zoom's reports: participants with and without the meeting above them, unique users, meeting list details.

Belongs here: Zoom's headers and times, English and Korean. A session is a meeting id and its start, since a recurring
meeting keeps its id. A member is the e-mail address, else the name as shown; the meeting's host, by either, is a host.
Times are of the host's zone, which the entry declares. ``Guest`` says who is outside of the host's account; where these
are the participants, the entry leaves the others out by ``where: {Guest: "Yes"}``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.layouts.meetings import (
    HOST,
    KIND,
    Clock,
    attendance,
    hours_unsure,
    stays,
    table,
    text_of,
)
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.instants import common_pattern
from fellowship_pipeline.intake.readers.records import Records, first_of, normal, texts
from fellowship_pipeline.program.sources import Entry

NAME = ("Name (Original Name)", "이름(원래 이름)")
EMAIL = ("User Email", "Email", "사용자 이메일")
JOINED = ("Join Time", "참가 시간")
LEFT = ("Leave Time", "나간 시간")
TOTAL = ("Total Duration (Minutes)", "참가 시간(분)")
ID = ("Meeting ID", "ID")
START = "Start Time"
PATTERNS = ("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
TOP = 20
"""Lines among which the participants' header is looked for."""


def read(data: bytes, entry: Entry) -> Records:
    """The participants, what stands above them as ``about``, and a note where the numbers announced are others."""
    above = _above(data, entry)
    records = read_file(data, entry.model_copy(update={"skip_lines": len(above)}) if above else entry)
    records = replace(records, about=_meeting(above, entry))
    return replace(records, notes=(*records.notes, *_miscounted(records)))


def _above(data: bytes, entry: Entry) -> list[str]:
    """The lines above the participants' header."""
    found = text_of(data, entry) if not entry.skip_lines else None
    lines = [line.decode() for line in found.text.splitlines()[:TOP]] if found else []
    names = [normal(name) for name in NAME]
    header = next((at for at, line in enumerate(lines) if any(name in normal(line) for name in names)), 0)
    return lines[:header]


def _meeting(above: Sequence[str], entry: Entry) -> dict[str, str]:
    """The facts above the participants by their headers; empty where they are of no meeting."""
    delimiter = entry.delimiter or ("\t" if any("\t" in line for line in above) else ",")
    try:
        rows = [row for row in csv.reader(above, delimiter=delimiter) if any(row)]
    except csv.Error:
        return {}
    for header, values in pairwise(rows):
        facts = {normal(name): value.strip() for name, value in zip(header, values, strict=False)}
        if any(normal(name) in facts for name in ID):
            return facts
    return {}


def _miscounted(records: Records) -> Iterator[Note]:
    """Meetings whose participants do not add up; Zoom announces joins in one report, people in another."""
    members, announced = _members(records), _facts(records, "Participants")
    meetings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, meeting in enumerate(zip(_facts(records, *ID), _facts(records, START), strict=True)):
        if announced[at]:
            meetings[meeting].append(at)
    for places in meetings.values():
        says, joins, people = announced[places[0]], len(places), len({members[at] for at in places})
        if says not in (str(joins), str(people)):
            line = records.lines[places[0]].as_py()
            yield Note("meeting_miscounted", {"line": line, "said": says, "joins": joins, "people": people})


@dataclass(frozen=True)
class _Zoom:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand(headers[0] for headers in (NAME, EMAIL) if first_of(records, headers) is None)
        times = [*texts(records, JOINED), *texts(records, LEFT), *_facts(records, START)]
        clock = Clock(self.group.entry.datetime_format or common_pattern(times, PATTERNS), self.group.zone)
        if self.group.source.name == "attendance":
            return _attendance(records, clock)
        if not _has_meeting(records):
            return Shaped(None, unused="no meeting stands above its participants")
        return _sessions(records, clock)


def _sessions(records: Records, clock: Clock) -> Shaped:
    """The session of every record; staging keeps it once."""
    records.demand(() if records.about else ("Topic", "Host email", "Duration (Minutes)"))
    columns = {
        "session": _session_ids(records, clock),
        "kind": [kind.casefold() or KIND for kind in _facts(records, "Type")],
        "starts_at": [clock.text(start) or start for start in _facts(records, START)],
        "title": _facts(records, "Topic"),
        "host": [email or name for email, name in _hosts(records)],
        "minutes": _facts(records, "Duration (Minutes)"),
    }
    return Shaped(table(records, columns))


def _attendance(records: Records, clock: Clock) -> Shaped:
    """A row per record, of one member in one session all alike; staging keeps the last."""
    sessions, members = _session_ids(records, clock), _members(records)
    columns: dict[str, Sequence[str | None]] = {"member": members}
    if _has_meeting(records):
        columns |= {"session": sessions, "role": _roles(records, members)}
    if first_of(records, TOTAL) is not None:
        return Shaped(table(records, columns | {"minutes": texts(records, TOTAL)}))
    records.demand_set(((), first_of(records, headers) or headers[0]) for headers in (JOINED, LEFT))
    who = list(zip(sessions, members, strict=True))
    came, went = texts(records, JOINED), texts(records, LEFT)
    found, refused = stays(records, who, came, went, clock)
    notes = hours_unsure(clock, came, went)
    return Shaped(table(records, columns | attendance(found)), rejects=tuple(refused), notes=notes)


def _roles(records: Records, members: Sequence[str]) -> list[str]:
    """``host`` beside who goes by a name of the meeting's host."""
    hosts = [{normal(name) for name in names if name} for names in _hosts(records)]
    return [HOST if normal(member) in names else "" for member, names in zip(members, hosts, strict=True)]


def _hosts(records: Records) -> list[tuple[str, str]]:
    """The address and the name of every record's host."""
    address = "User Email" if records.about else "Host email"
    return list(zip(_facts(records, address), _facts(records, "Host name"), strict=True))


def _has_meeting(records: Records) -> bool:
    return bool(records.about) or first_of(records, ID) is not None


def _session_ids(records: Records, clock: Clock) -> list[str]:
    """The meeting's id and start; empty where one of them is none, so that the record is rejected."""
    starts = [clock.text(start) for start in _facts(records, START)]
    ids = ["".join(written.split()) for written in _facts(records, *ID)]
    return [f"{meeting} {start}" if meeting and start else "" for meeting, start in zip(ids, starts, strict=True)]


def _members(records: Records) -> list[str]:
    return [email or name for email, name in zip(texts(records, EMAIL), texts(records, NAME), strict=True)]


def _facts(records: Records, *headers: str) -> list[str]:
    """What every record's meeting has under the first of the headers there is: above the records, else beside them."""
    if not records.about:
        return texts(records, headers)
    value = next((records.about[name] for header in headers if (name := normal(header)) in records.about), "")
    return [value] * len(records.rows)


PRESET = Preset(
    _Zoom,
    known=(
        Known("Zoom meeting list details", ("attendance", "sessions"), ("Name (original name)", "ID", "Start time")),
        Known("Zoom participants", ("attendance",), ("Name (Original Name)", "Join Time", "Leave Time")),
        Known("Zoom unique users", ("attendance",), ("Name (Original Name)", "Total Duration (Minutes)")),
        Known("Zoom 참가자", ("attendance",), ("이름(원래 이름)", "참가 시간", "나간 시간")),
        Known("Zoom 참가자, 한 사람에 한 줄", ("attendance",), ("이름(원래 이름)", "참가 시간(분)")),
    ),
    reader=read,
)
