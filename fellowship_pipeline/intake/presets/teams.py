"""Microsoft Teams' attendance: the report in three sections, and the older list of who joined and left.

Belongs here: Teams' sections, headers and times. Of a report the activities count, a row per stay; its participants are
the same people once more and only compared. A session is the meeting's title and start. A member is the e-mail address,
else the name; the organizer is a host. Day and month stand in the order of whoever exported: where no day after the
12th tells which it is, the entry declares ``datetime_format``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.layouts.meetings import (
    HOST,
    KIND,
    UNREADABLE,
    Clock,
    Stay,
    attendance,
    hours_unsure,
    in_minutes,
    refusal,
    stays,
    table,
    text_of,
)
from fellowship_pipeline.intake.notes import Note, NoteKind
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.instants import common_pattern
from fellowship_pipeline.intake.readers.records import Quarantined, Records, Reject, normal, texts
from fellowship_pipeline.program.sources import Entry

SUMMARY, PARTICIPANTS, ACTIVITIES = "summary", "participants", "in-meeting activities"
SECTION = re.compile(r"\d+\. (?P<title>[^\t]+)")
STAY = ("Name", "Join Time", "Leave Time", "Email", "Role")
EVENTS = (
    ("Full Name", "User Action", "Timestamp"),
    ("Nome Completo", "Atividade", "Carimbo de data/hora"),
    ("Nom complet", "Action de l’utilisateur", "Date et heure"),
)
"""The header of the list, in each language in which one has been seen."""

JOINED = ("joined", "ingressou", "entrou", "rejoint", "a rejoint")
LEFT = ("left", "saiu", "a quitté")
BEFORE = ("joined before", "entrou antes")
"""How actions begin, in the same languages; who joined before was there when the list begins."""

WORDS_SHOWN = 5
IN_ENGLISH = "with Teams in English, Portuguese or French"
ORGANIZER = "organizer"
PATTERNS = (
    *(
        f"{day}/{year}, {time}"
        for day in ("%d/%m", "%m/%d")
        for year in ("%y", "%Y")
        for time in ("%H:%M:%S", "%I:%M:%S %p")
    ),
    "%d/%m/%Y à %H:%M:%S",
)
DURATION = re.compile(r"(?:(?P<hours>\d+)h)? ?(?:(?P<minutes>\d+)m)? ?(?:(?P<seconds>\d+)s)?")


def read(data: bytes, entry: Entry) -> Records:
    """The activities of a report, with its summary as ``about``; of a list its records.

    Participants are records too, those before the activities, and ignored.
    """
    found = text_of(data, entry)
    lines = found.text.splitlines(keepends=True) if found else []
    sections = _sections(lines)
    if found is None or SUMMARY not in sections:
        return read_file(data, entry)
    if missing := [title for title in (PARTICIPANTS, ACTIVITIES) if title not in sections]:
        raise Quarantined(f"a report without the section '{missing[0]}'")
    people, activities = (_records(lines, sections[title], entry) for title in (PARTICIPANTS, ACTIVITIES))
    about = dict(_pairs(lines, sections[SUMMARY]))
    return replace(
        activities,
        rows=pc.add(activities.rows, people.count),
        rejects=tuple(replace(reject, row=reject.row + people.count) for reject in activities.rejects),
        count=people.count + activities.count,
        ignored=people.count + activities.ignored,
        encoding=found.encoding,
        doubts=tuple(dict.fromkeys((*found.doubts, *activities.doubts))),
        about=about,
        notes=(*activities.notes, *_miscounted(about, people, activities)),
    )


def _sections(lines: Sequence[bytes]) -> dict[str, range]:
    """The lines of every section after its title."""
    titles = [
        (at, match["title"]) for at, line in enumerate(lines) if (match := SECTION.fullmatch(line.decode().strip()))
    ]
    ends = [*(at for at, _ in titles), len(lines)][1:]
    return {normal(title): _filled(lines, at + 1, end) for (at, title), end in zip(titles, ends, strict=True)}


def _filled(lines: Sequence[bytes], start: int, end: int) -> range:
    """The lines up to the last that is not blank."""
    return range(start, max((at + 1 for at in range(start, end) if lines[at].strip()), default=start))


def _records(lines: Sequence[bytes], section: range, entry: Entry) -> Records:
    as_read = {"encoding": "utf-8", "delimiter": "\t", "skip_lines": section.start}
    return read_file(b"".join(lines[: section.stop]), entry.model_copy(update=as_read))


def _pairs(lines: Sequence[bytes], section: range) -> Iterator[tuple[str, str]]:
    for at in section:
        name, _, value = lines[at].decode().partition("\t")
        yield normal(name), value.strip()


def _miscounted(about: Mapping[str, str], people: Records, activities: Records) -> Iterator[Note]:
    """What does not add up between the summary, the participants and their activities."""
    announced, listed = about.get("attended participants", ""), people.count - people.ignored
    if announced != str(listed):
        yield Note("summary_miscounted", {"said": announced or "not how many", "listed": listed})
    apart = len(set(_members(people)) ^ set(_members(activities)))
    if apart:
        yield Note("people_apart", {"people": apart})


@dataclass(frozen=True)
class _Teams:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        event = _event_header(records)
        records.demand(STAY if records.about else event)
        headers = STAY[1:3] if records.about else event[2:]
        times = [text for header in headers for text in texts(records, [header])]
        times += [records.about[name] for name in ("start time", "end time") if name in records.about]
        clock = Clock(self.group.entry.datetime_format or common_pattern(times, PATTERNS), self.group.zone)
        if self.group.source.name == "sessions":
            return _sessions_of(records, clock)
        return _of_stays(records, clock) if records.about else _of_events(records, clock, event)


def _session(records: Records, clock: Clock) -> tuple[str, str]:
    """The meeting and its start; raises Quarantined where the summary does not say."""
    start = clock.text(records.about.get("start time", ""))
    if start is None:
        raise Quarantined("the summary has no start time in a known form: declare `datetime_format`")
    return f"{records.about.get('meeting title', '')} {start}".strip(), start


def _sessions_of(records: Records, clock: Clock) -> Shaped:
    """The session of every record; staging keeps it once."""
    if not records.about:
        return Shaped(None, unused="it lists people, and says of no meeting")
    session, start = _session(records, clock)
    roles = zip(_members(records), texts(records, ["Role"]), strict=True)
    facts: dict[str, str] = {
        "session": session,
        "kind": KIND,
        "starts_at": start,
        "title": records.about.get("meeting title", ""),
        "host": next((member for member, role in roles if normal(role) == ORGANIZER), ""),
        "minutes": _duration(records.about.get("meeting duration", "")),
    }
    columns: dict[str, list[str]] = {name: [value] * len(records.rows) for name, value in facts.items()}
    return Shaped(table(records, columns))


def _of_stays(records: Records, clock: Clock) -> Shaped:
    """A row per stay, of one member all alike; staging keeps the last."""
    session, members = _session(records, clock)[0], _members(records)
    joined, left = (texts(records, [header]) for header in STAY[1:3])
    found, refused = stays(records, members, joined, left, clock)
    columns: dict[str, Sequence[str | None]] = {
        "session": [session] * len(members),
        "member": members,
        "role": [HOST if normal(role) == ORGANIZER else "" for role in texts(records, ["Role"])],
    }
    notes = hours_unsure(clock, joined, left)
    return Shaped(table(records, columns | attendance(found)), rejects=tuple(refused), notes=notes)


def _of_events(records: Records, clock: Clock, event: Sequence[str]) -> Shaped:
    """A row per joining, of one member all alike; what closes one is ignored."""
    names, actions, written = (texts(records, [header]) for header in event)
    _refuse_unknown_words(actions)
    moments = [clock.moment(text) for text in written]
    refused: list[Reject] = []
    came: list[Stay | None] = [None] * len(names)
    inside: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for moment, at in sorted((moment or datetime.min, at) for at, moment in enumerate(moments)):
        action, name = normal(actions[at]), names[at]
        if moments[at] is None:
            refused.append(refusal(records, at, "minutes", written[at], UNREADABLE))
        elif action.startswith(JOINED):
            came[at] = Stay(name, moment, None)
            inside[name].append((at, moment))
        elif action.startswith(LEFT) and inside[name]:
            first, joined = inside[name].pop(0)
            came[first] = Stay(name, joined, None if clock.is_unsure(written[first], written[at]) else moment)
        else:
            problem = "left without having joined" if action.startswith(LEFT) else "neither Joined nor Left"
            refused.append(refusal(records, at, "minutes", actions[at], problem))
    staying = sum(map(len, inside.values()))
    before = sum(normal(action).startswith(BEFORE) for action in actions)
    counted: tuple[tuple[NoteKind, int], ...] = (("came_before", before), ("never_left", staying))
    notes = tuple(Note(kind, {"people": people}) for kind, people in counted if people) + hours_unsure(clock, written)
    rows = table(records, {"member": names, **attendance(came)})
    return Shaped(rows, ignored=len(names) - rows.num_rows - len(refused), rejects=tuple(refused), notes=notes)


def _event_header(records: Records) -> Sequence[str]:
    """The header of a list in the language that fits best.

    Raises Quarantined where it could be one in another language.
    """
    there = {event: sum(records.place(name) is not None for name in event) for event in EVENTS}
    best = max(EVENTS, key=lambda event: there[event])
    if not there[best] and not records.about and len(records.header) == len(best):
        words = ", ".join(f"'{name}'" for name in records.header)
        raise Quarantined(f"a list whose headers are not known ({words}): export it {IN_ENGLISH}")
    return best


def _refuse_unknown_words(actions: Sequence[str]) -> None:
    """Raises Quarantined where none of the actions is known, and with which words they are written."""
    known = (*JOINED, *LEFT)
    if actions and not any(normal(action).startswith(known) for action in actions):
        words = ", ".join(f"'{word}'" for word in sorted(set(actions))[:WORDS_SHOWN])
        raise Quarantined(f"a list whose words for joining and leaving are not known ({words}): export it {IN_ENGLISH}")


def _members(records: Records) -> list[str]:
    return [email or name for email, name in zip(texts(records, ["Email"]), texts(records, ["Name"]), strict=True)]


def _duration(text: str) -> str:
    """``1h 2m 3s`` in minutes; other text stays, for the rules to reject."""
    found = DURATION.fullmatch(text)
    if found is None or not text:
        return text
    hours, more, seconds = (int(found[part] or 0) for part in ("hours", "minutes", "seconds"))
    return in_minutes((hours * 60 + more) * 60 + seconds)


PRESET = Preset(
    _Teams,
    known=(
        Known("Teams attendance report", ("attendance", "sessions"), STAY),
        *(Known("Teams joined and left", ("attendance",), event) for event in EVENTS),
    ),
    reader=read,
)
