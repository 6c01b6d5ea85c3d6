"""iCalendar: every event that takes place as a record, one for each occurrence of what recurs.

Belongs here: recurrence, exceptions, moved and canceled occurrences, times as canonical text. Does not belong here:
what a program makes of an event (``presets.icalendar``).

A rule without an end is followed for a year after the latest stamp in the file. An event that says no end, and one of a
whole day, says no minutes. Canceled events, and those of which no occurrence is left, are ignored.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pyarrow as pa
import recurring_ical_events

from fellowship_pipeline.intake.readers.decoding import decode
from fellowship_pipeline.intake.readers.records import Quarantined, Records, Reject, size_doubts
from fellowship_pipeline.intake.readers.unpacking import unpack

SUMMARY, START, MINUTES, UID, ORGANIZER, CATEGORIES, LOCATION = HEADER = (
    "Summary",
    "Start",
    "Minutes",
    "UID",
    "Organizer",
    "Categories",
    "Location",
)
BEGINS = "BEGIN:VCALENDAR"
EVENT = "BEGIN:VEVENT"
LINE, ENDLESS, DAMAGED = "X-FELLOWSHIP-LINE", "X-FELLOWSHIP-ENDLESS", "X-FELLOWSHIP-DAMAGED"
"""Marks that an event carries: the line on which it begins, whether it says no end, a line that cannot be read."""
ONCE = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS", "SUMMARY", "ORGANIZER", "LOCATION")
"""What an event says once at most."""
WHEN = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "DTEND", "DURATION")
"""What, beside its start, says when an event takes place."""
UNFIT = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What the libraries raise for lines that they take for something else, and for days beyond the year 9999."""
FOLD = re.compile(r"\r?\n[ \t]")
READ = re.compile(rf"^({'|'.join(sorted({'DTSTART', *WHEN}))})(?![\w-])(.*)$", re.IGNORECASE | re.MULTILINE)
"""A line that says when, and what stands on it."""
SAID = re.compile(
    r"""((?:;(?:TZID|VALUE|RANGE|X-[\w-]+)=(?:[^":;\s]+(?: [^":;\s]+)*|"[^"]*"))*):(\S+)""", re.IGNORECASE
)
"""Parameters and value of such a line."""
LENGTH = r"[+-]?P[\dWDTHMS]+"
MOMENT = rf"\d{{8}}(?:T\d{{6}}Z?)?(?:/[\dTZ]+|/{LENGTH})?"
MOMENTS = re.compile(rf"{MOMENT}(?:,{MOMENT})*|{LENGTH}", re.ASCII | re.IGNORECASE)
PARTS = re.compile(r"[\w-]+=[\w,+-]+(?:;[\w-]+=[\w,+-]+)*;?", re.ASCII)
"""The value of a line of times, and that of a rule."""
PARAMETER = re.compile(r";([\w-]+)=")
BEGUN = re.compile(r"^BEGIN:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)
SPLIT = re.compile(r"^[^:\r\n]+\r+[^\r\n]", re.MULTILINE)
"""A line that something has broken in its name."""
BOUND = re.compile(r"^(BEGIN|END):(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
REPEATED = "another event has its UID, and its place in the series"
NO_LINE = "no calendar: one of its lines is none of iCalendar's"
FIRST = datetime(1900, 1, 1)
YEAR = timedelta(days=366)


@dataclass
class _NoSession(Exception):
    """The event is none; why, and what stands there."""

    reason: str
    value: str = ""


def read_calendar(data: bytes, *, encoding: str | None = None) -> Records:
    """The occurrences of a calendar's events; raises Quarantined where it is none, or cut off."""
    data, kind = unpack(data)
    if kind != "text":
        raise Quarantined("no calendar: it is no text")
    octets, name, doubts = decode(data, encoding)
    text = octets.decode()
    if not text.lstrip("\ufeff \r\n").upper().startswith(BEGINS):
        raise Quarantined(f"no calendar: it does not begin with {BEGINS}")
    calendars = _parsed(text)
    _mark_lines(text, calendars)
    table = _Occurrences()
    for calendar in calendars:
        for series in _series(calendar):
            table.add(calendar, series, _latest_stamp(calendars) + YEAR)
    return table.records(name, [*doubts, *size_doubts(table.count, text.count("\n"))])


def _parsed(text: str) -> list[icalendar.Component]:
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except UNFIT:
        raise Quarantined(NO_LINE) from None
    if len(calendars) != text.upper().count(BEGINS):
        raise Quarantined("a calendar without its end: cut off")
    lines = FOLD.sub("", text)
    if SPLIT.search(lines) or not _are_paired(lines):
        raise Quarantined(NO_LINE)
    return list(calendars)


def _are_paired(lines: str) -> bool:
    """Whether every component ends under the name that it begins with: the library takes any end for one."""
    opened: list[str] = []
    for bound, name in BOUND.findall(lines):
        if bound.upper() == "BEGIN":
            opened.append(name.upper())
        elif not opened or opened.pop() != name.upper():
            return False
    return not opened


def _is_whole(name: str, rest: str) -> bool:
    """Whether a line that says when can be read whole.

    The library leaves out parameters, parts of a rule and lines that it cannot read: a zone, ``COUNT``, an exception.
    """
    said = SAID.fullmatch(rest.rstrip())
    if said is None:
        return False
    parameters = [parameter.upper() for parameter in PARAMETER.findall(said[1])]
    form = PARTS if name.upper() == "RRULE" else MOMENTS
    return len(set(parameters)) == len(parameters) and form.fullmatch(said[2]) is not None


def _mark_lines(text: str, calendars: list[icalendar.Component]) -> None:
    """Every event is told its line, and one of those on it that says when and cannot be read."""
    lines = [at for at, line in enumerate(text.splitlines(), 1) if line.strip().upper() == EVENT]
    bodies = [part.partition("\nEND:VEVENT")[0] for part in BEGUN.split(FOLD.sub("", text))[1:]]
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    for line, body, event in zip(lines, bodies, events, strict=False):
        event[LINE] = str(line)
        event[DAMAGED] = next((name for name, rest in READ.findall(body) if not _is_whole(name, rest)), "")


def _series(calendar: icalendar.Component) -> Iterator[list[icalendar.Component]]:
    """The events of one UID; those that have none are each a series of their own."""
    by_uid: dict[str, list[icalendar.Component]] = defaultdict(list)
    for at, event in enumerate(calendar.walk("VEVENT")):
        said = event.get("UID", f"\0{at}")
        by_uid[str(said[0] if isinstance(said, list) else said)].append(event)
    yield from by_uid.values()


def _told_once(series: list[icalendar.Component]) -> tuple[list[icalendar.Component], list[icalendar.Component]]:
    """The events that stand for a series and for each changed occurrence, and those that say the same once more.

    Of two the one with the later SEQUENCE stands, else the first; the library drops one of them without a word.
    """
    stands: dict[str, icalendar.Component] = {}
    for event in series:
        which = str(_moment(event, "RECURRENCE-ID") or id(event)) if "RECURRENCE-ID" in event else ""
        if which not in stands or _sequence(event) > _sequence(stands[which]):
            stands[which] = event
    kept = [event for event in series if any(event is one for one in stands.values())]
    return kept, [event for event in series if not any(event is one for one in kept)]


def _sequence(event: icalendar.Component) -> int:
    said = event.get("SEQUENCE", 0)
    return int(said) if isinstance(said, int) else 0


def _latest_stamp(calendars: list[icalendar.Component]) -> datetime:
    """When the file was last touched, as its events say; else the latest start."""
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]

    def latest(*names: str) -> datetime | None:
        moments = (_moment(event, name) for event in events for name in names)
        return max((_naive(moment) for moment in moments if moment is not None), default=None)

    found = latest("DTSTAMP", "LAST-MODIFIED", "CREATED") or latest("DTSTART") or FIRST
    return min(found, datetime.max - YEAR)


class _Occurrences:
    """Collects records: occurrences, and what comes of none."""

    def __init__(self) -> None:
        self.count = 0
        self.ignored = 0
        self.rows: list[tuple[int, int | None, Mapping[str, str]]] = []
        self.rejects: list[Reject] = []

    def add(self, calendar: icalendar.Component, series: list[icalendar.Component], horizon: datetime) -> None:
        """The occurrences of one series until the horizon, or its latest start that is written out."""
        series, repeated = _told_once(series)
        for event in repeated:
            self.count += 1
            self.rejects.append(Reject(self.count, "", "", REPEATED, int(event.get(LINE, 0)) or None))
        line = int(series[0].get(LINE, 0)) or None
        try:
            for event in series:
                _check(event)
            held = list(_occurrences(calendar, series, horizon))
        except _NoSession as unfit:
            self.count += 1
            self.rejects.append(Reject(self.count, "starts_at", unfit.value, unfit.reason, line))
            return
        except UNFIT:
            self.count += 1
            self.rejects.append(Reject(self.count, "", "", "a recurrence that cannot be followed", line))
            return
        if not held:
            self._ignore()
        for event in held:
            if _is_canceled(event):
                self._ignore()
            else:
                self.count += 1
                self.rows.append((self.count, int(event.get(LINE, 0)) or None, _facts(event)))

    def _ignore(self) -> None:
        self.count += 1
        self.ignored += 1

    def records(self, encoding: str, doubts: list[str]) -> Records:
        """All of it."""
        rows = [facts for _, _, facts in self.rows]
        return Records(
            HEADER,
            tuple(pa.chunked_array([[facts[name] for facts in rows]], pa.string()) for name in HEADER),
            pa.array([row for row, _, _ in self.rows], pa.int64()),
            pa.array([line for _, line, _ in self.rows], pa.int64()),
            self.count,
            encoding,
            rejects=tuple(self.rejects),
            doubts=tuple(doubts),
            ignored=self.ignored,
        )


def _check(event: icalendar.Component) -> None:
    """Marks an event that says no end; raises _NoSession where it is none."""
    if damaged := event.get(DAMAGED):
        raise _NoSession(f"an event with {str(damaged).upper()} that cannot be read")
    for name in ONCE:
        if isinstance(event.get(name), list):
            raise _NoSession(f"an event that says {name} more than once")
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        raise _NoSession("an event without a start that can be read")
    for name in ("DTSTART", *WHEN):
        for zone in _unknown_zones(event, name):
            raise _NoSession("a time zone that nobody knows", zone)
    for wrong, _ in event.errors:
        if wrong in WHEN:
            raise _NoSession(f"an event with {wrong} that cannot be read")
    if end is not None and _naive(end) < _naive(start):
        raise _NoSession("an event that ends before it begins", str(end))
    if end == start or (end is None and "DURATION" not in event):
        event[ENDLESS] = "1"


def _unknown_zones(event: icalendar.Component, name: str) -> Iterator[str]:
    """The zones of times under that name that are none."""
    held = event.get(name, [])
    for one in held if isinstance(held, list) else [held]:
        zone = getattr(one, "params", {}).get("TZID")
        moments = [each.dt for each in one.dts] if isinstance(one, icalendar.vDDDLists) else [getattr(one, "dt", None)]
        if zone and any(isinstance(moment, datetime) and moment.tzinfo is None for moment in moments):
            yield str(zone)


def _occurrences(
    calendar: icalendar.Component, series: list[icalendar.Component], horizon: datetime
) -> Iterator[icalendar.Component]:
    """What takes place of a series, in its order; nothing of one that is canceled as a whole."""
    kept = [event for event in series if "RECURRENCE-ID" in event or not _is_canceled(event)]
    if not kept or str(calendar.get("METHOD", "")).upper() == "CANCEL":
        return
    alone = icalendar.Calendar()
    if "X-WR-TIMEZONE" in calendar:
        alone["X-WR-TIMEZONE"] = calendar["X-WR-TIMEZONE"]
    for event in kept:
        alone.add_component(event)
    until = max([horizon, *(_start(event) + timedelta(days=2) for event in kept)])
    yield from sorted(recurring_ical_events.of(alone).between(FIRST, until), key=_start)


def _facts(event: icalendar.Component) -> dict[str, str]:
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    lasts = isinstance(start, datetime) and end is not None and ENDLESS not in event
    return {
        SUMMARY: str(event.get("SUMMARY", "")),
        START: _written(start) if start is not None else "",
        MINUTES: f"{(_naive(end) - _start(event)).total_seconds() / 60:.10g}" if lasts and end is not None else "",
        UID: str(event.get("UID", "")),
        ORGANIZER: str(event.get("ORGANIZER", "")).removeprefix("mailto:").removeprefix("MAILTO:"),
        CATEGORIES: ", ".join(_categories(event)),
        LOCATION: str(event.get("LOCATION", "")),
    }


def _categories(event: icalendar.Component) -> Iterator[str]:
    held = event.get("CATEGORIES", [])
    for group in held if isinstance(held, list) else [held]:
        if isinstance(group, icalendar.vCategory):
            yield from map(str, group.cats)


def _is_canceled(event: icalendar.Component) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _moment(event: icalendar.Component, name: str) -> date | None:
    """The day or instant that the event says under that name; None where it says none that can be read."""
    held = event.get(name)
    moment = held.dt if isinstance(held, icalendar.vDDDTypes) else None
    return moment if isinstance(moment, date) else None


def _start(event: icalendar.Component) -> datetime:
    return _naive(_moment(event, "DTSTART") or FIRST)


def _naive(moment: date) -> datetime:
    """In UTC without tzinfo, to compare; a day is its midnight, and the ends of time are where they are written."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    try:
        return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def _written(moment: date) -> str:
    """Canonical text: of an instant in UTC, of a floating time without a zone, of a day alone."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return _naive(moment).isoformat() + "Z"
    return moment.isoformat()
