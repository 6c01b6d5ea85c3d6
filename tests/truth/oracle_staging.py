"""From the text of canonical files to facts: typed rows, natural keys, restatement, names, coverage, the day `as_of`.

Belongs here: what sources.md and interface.md say of rows. Does not belong here: any KPI.

Readings chosen where the specification leaves room:
- of several files with one natural key the file with the latest instant decides, then the greater SHA-256; but a file
  comes directly before a newer version of it, where it would come after;
- versions are compared by the instants of the natural key, else by any, else by its days;
- a record that is rejected still vouches for nothing: coverage counts staged rows and those that were superseded;
- an unmatched name is a person of its own, spelled exactly as written, wherever seats are counted.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from .oracle_calendar import DAY, day_end, day_of, days, instant

Row = dict[str, Any]
Order = tuple[datetime, str, int]
NEVER = datetime.min.replace(tzinfo=UTC)
TextRow = dict[str, str]

EVENTS = ("invited", "accepted", "declined", "withdrawn", "reclaimed", "returned", "expired")
REQUIRED: dict[str, tuple[str, ...]] = {
    "roster": ("member", "cohort"),
    "aliases": ("member", "kind", "value"),
    "applications": ("applicant", "cohort", "stage", "result", "decided_at"),
    "seat_events": ("member", "event", "occurred_at"),
    "seat_snapshots": ("member", "status", "exported_at"),
    "activity": ("member", "occurred_at"),
    "completions": ("member", "course", "completed_at"),
    "catalog": ("course",),
    "missions": ("cohort", "mission", "due_at", "alternative", "requirement"),
    "competitions": ("competition", "category", "team", "rank", "teams", "as_of"),
    "certifications": ("member", "certification", "issued_on"),
    "sessions": ("session", "kind", "starts_at"),
    "attendance": ("session", "member"),
    "support_requests": ("opened_at",),
    "survey_responses": ("survey", "response", "submitted_at", "question"),
    "outcomes": ("member", "kind", "occurred_on"),
    "benchmarks": ("kpi", "peer", "period", "value"),
}
NATURAL_KEYS: dict[str, tuple[str, ...]] = {
    "roster": ("member", "cohort", "joined_on"),
    "aliases": ("member", "kind", "value"),
    "applications": ("applicant", "cohort", "stage", "decided_at"),
    "seat_events": ("member", "event", "occurred_at", "pool"),
    "seat_snapshots": ("member", "exported_at", "pool"),
    "activity": ("member", "occurred_at", "course", "item", "kind"),
    "completions": ("member", "course", "completed_at"),
    "catalog": ("course", "track"),
    "missions": ("cohort", "mission", "alternative", "requirement", "target"),
    "competitions": ("competition", "team", "member", "as_of", "board"),
    "certifications": ("member", "certification", "issued_on"),
    "sessions": ("session",),
    "attendance": ("session", "member", "joined_at"),
    "support_requests": ("opened_at", "member", "session", "channel", "topic"),
    "survey_responses": ("survey", "response", "question", "answer"),
    "outcomes": ("member", "kind", "occurred_on", "organization", "title"),
    "benchmarks": ("kpi", "peer", "period"),
}
WORDS = {
    ("seat_events", "event"): set(EVENTS),
    ("seat_snapshots", "status"): {"invited", "active", "removed"},
    ("applications", "result"): {"passed", "failed", "pending", "withdrawn"},
    ("competitions", "board"): {"public", "private"},
    ("attendance", "status"): {"registered", "waitlisted", "attended"},
    ("attendance", "role"): {"participant", "host"},
}
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
COUNTS = {"rank": 1, "teams": 1, "team_size": 1, "submissions": 0, "capacity": 0, "team_min": None, "team_max": None}
NUMBERS = {"xp", "minutes", "hours", "score", "progress", "value", "position", "threshold", "rating"} | set(COUNTS)
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class File:
    """One export: its rows as text by canonical column, and the days that its name declares.

    ``place``: where it lay, if another file came there before or after it; in the order of a case's files.
    ``mark``: what it begins with, to say its encoding.
    """

    rows: tuple[TextRow, ...]
    period: tuple[date, date] | None = None
    place: str | None = None
    mark: bytes = b""

    def content(self) -> bytes:
        """The file as CSV, as a volunteer would drop it."""
        columns = self.columns
        lines = [columns, *([row.get(column, "") for column in columns] for row in self.rows)]
        return self.mark + "".join(",".join(map(_cell, line)) + "\n" for line in lines).encode()

    @property
    def columns(self) -> list[str]:
        """Every column that a row has, in order of appearance."""
        return list(dict.fromkeys(column for row in self.rows for column in row))

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, hex."""
        return hashlib.sha256(self.content()).hexdigest()


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n\r') else text


@dataclass(frozen=True)
class Case:
    """A program to evaluate: ``program.yaml`` without its sources, the entry options of activity, files, the day.

    ``since``: the first day of a term, of which alone the headlines are.
    """

    name: str
    settings: dict[str, Any]
    files: dict[str, tuple[File, ...]]
    as_of: date | None = None
    activity: dict[str, Any] = field(default_factory=dict)
    since: date | None = None


@dataclass
class World:
    """The facts of a program: what its files say, with members resolved."""

    case: Case
    _counted: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The program's time zone."""
        return ZoneInfo(self.case.settings.get("timezone", "Asia/Seoul"))

    @cached_property
    def pools(self) -> list[str]:
        """Pools that ``seats`` names."""
        return sorted({seat["pool"] for seat in self.case.settings.get("seats", [])})

    @cached_property
    def facts(self) -> dict[str, list[Row]]:
        """Typed rows of every source, one per natural key of a person (activity: all rows of the deciding file)."""
        return {source: self._decided(source) for source in REQUIRED}

    @cached_property
    def as_of(self) -> date:
        """The day at whose end the program is seen."""
        return self.case.as_of or self._default_as_of()

    @cached_property
    def names(self) -> Names:
        """Who is meant by a name."""
        if not any(self.case.files.get(source) for source in ("roster", "aliases")):
            return Names.open_door()
        roster, aliases = (
            [row for file in self.case.files.get(source, ()) for text in file.rows if (row := self.typed(source, text))]
            for source in ("roster", "aliases")
        )
        return Names(roster, aliases, is_rostered=bool(self.case.files.get("roster")))

    def day(self, at: datetime) -> date:
        """The program's calendar day of an instant."""
        return at.astimezone(self.zone).date()

    def counted(self, source: str, column: str) -> list[Row]:
        """Rows dated by `as_of`, with ``on`` (the day) and ``member_id`` (None: nobody known)."""
        if (source, column) not in self._counted:
            self._counted[source, column] = self._dated(source, column)
        return self._counted[source, column]

    def _dated(self, source: str, column: str) -> list[Row]:
        rows = []
        for row in self.named(source):
            on = self.day(row[column]) if isinstance(row[column], datetime) else row[column]
            if on <= self.as_of:
                rows.append({**row, "on": on})
        return rows

    def named(self, source: str) -> list[Row]:
        """All rows, with ``member_id`` (None: nobody known)."""
        name = person_of(source)
        return [{**row, "member_id": self.names.resolve(row.get(name))} for row in self.facts[source]]

    def _decided(self, source: str) -> list[Row]:
        deciding: dict[tuple[Any, ...], tuple[Order, list[Row]]] = {}
        for order, rows in self._in_force(source):
            by_key: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
            for row in rows:
                by_key[self._key(source, row)].append(row)
            for key, found in by_key.items():
                kept = (
                    found
                    if source == "activity"
                    else [max(found[::-1], key=_lasts) if source == "roster" else found[-1]]
                )
                if key not in deciding or order > deciding[key][0]:
                    deciding[key] = (order, kept)
        return [row for _, rows in deciding.values() for row in rows]

    def _in_force(self, source: str) -> Iterator[tuple[Order, list[Row]]]:
        """The files that no newer version replaces, in an order, with their rows that can be read."""
        places: dict[object, list[tuple[tuple[datetime, str], list[Row]]]] = defaultdict(list)
        for number, file in enumerate(self.case.files.get(source, ())):
            rows = [row for row in (self.typed(source, text) for text in file.rows) if row is not None]
            exported = max((v for row in rows for c, v in row.items() if is_instant(c) and v), default=NEVER)
            lay = places[file.place or number]
            lay[:] = [one for one in lay if not self._covers(source, one[1], rows)]
            lay.append(((exported, file.sha256), rows))
        for lay in places.values():
            for at, (_, rows) in enumerate(lay):
                yield (*min(order for order, _ in lay[at:]), at - len(lay)), rows

    def _covers(self, source: str, older: list[Row], newer: list[Row]) -> bool:
        """Whether the newer of two versions is a correction of the older."""
        columns = {column for row in (*older, *newer) for column in row if is_instant(column)}
        of_key = [column for column in NATURAL_KEYS[source] if is_instant(column)]
        days = [column for column in NATURAL_KEYS[source] if column.endswith("_on")]
        before, now = (
            [row[column] for row in rows for column in of_key or columns or days if row.get(column) is not None]
            for rows in (older, newer)
        )
        if before and now:
            return bool(min(now) <= min(before) and max(now) >= max(before))
        if before or now:
            return not before
        still = {self._key(source, row) for row in newer}
        return 2 * sum(self._key(source, row) not in still for row in older) <= len(older)

    def _key(self, source: str, row: Row) -> tuple[Any, ...]:
        """The natural key, of a person in place of a name; ids of a roster, or of aliases without one, are exact."""
        name = row.get(person_of(source))
        who: Any = name
        if source == "aliases" and self.case.files.get("roster"):
            who = self.names.named_by_aliases.get(row["member"]) or (folded(row["member"]),)
        elif name is not None and source not in ("roster", "aliases"):
            who = (self.names.members is not None and self.names.resolve(name)) or (folded(name),)
        return tuple(who if column == person_of(source) else row.get(column) for column in NATURAL_KEYS[source])

    def typed(self, source: str, text: TextRow) -> Row | None:
        """The row with its values; None where it is rejected."""
        row: Row = {}
        for column, cell in text.items():
            value = cell.strip()
            try:
                row[column] = self._value(source, column, value) if value else None
            except (KeyError, ValueError):
                return None
        if any(row.get(column) is None for column in REQUIRED[source]):
            return None
        if source == "attendance":
            row |= {"status": row.get("status") or "attended", "role": row.get("role") or "participant"}
        if source in ("seat_events", "seat_snapshots") and row.get("pool") is None and len(self.pools) == 1:
            row["pool"] = self.pools[0]
        if source == "roster" and row.get("email") is None and "@" in row["member"]:
            row["email"] = row["member"]
        return row

    def _value(self, source: str, column: str, text: str) -> Any:
        if is_instant(column):
            entry_zone = self.case.activity.get("timezone") if source == "activity" else None
            zone = ZoneInfo(entry_zone) if entry_zone else self.zone
            return day_end(date.fromisoformat(text), zone) if is_due_day(column, text) else instant(text, zone)
        if column.endswith("_on"):
            return date.fromisoformat(text)
        if column in ("mandatory", "seeking"):
            return TRUTHS[text.lower()]
        if column in NUMBERS and source != "aliases":
            if not PLAIN.fullmatch(text):
                raise ValueError(f"not a plain decimal: {text}")
            if COUNTS.get(column) is not None and Decimal(text) < (COUNTS[column] or 0):
                raise ValueError(f"too small: {text}")
            return Decimal(text)
        if (source, column) in WORDS:
            if text.casefold() not in WORDS[source, column]:
                raise ValueError(f"not a word of {column}: {text}")
            return text.casefold()
        return text

    @cached_property
    def activity_days(self) -> set[date]:
        """Days with a row of activity, whosoever and whenever."""
        return {self.day(row["occurred_at"]) for row in self.facts["activity"]}

    @cached_property
    def uncovered(self) -> set[date]:
        """Days between the first and the last row for which the activity entry does not vouch."""
        rows = sorted(self.activity_days)
        limit = self.case.activity.get("max_gap_days", 3)
        missing: set[date] = set()
        for before, after in pairwise(rows):
            gap = list(days(before + DAY, after - DAY))
            if limit is not None and len(gap) > limit:
                missing.update(gap)
        return missing

    @cached_property
    def periods(self) -> list[tuple[date, date]]:
        """Periods that names of activity files declare."""
        return [file.period for file in self.case.files.get("activity", ()) if file.period]

    def is_covered(self, day: date) -> bool:
        """Whether the activity entry vouches for the day."""
        if self.case.activity.get("covers") == "all":
            return bool(self.case.files.get("activity"))
        if self.periods:
            return any(first <= day <= last for first, last in self.periods)
        rows = self.activity_days
        return bool(rows) and min(rows) <= day <= max(rows) and day not in self.uncovered

    def _default_as_of(self) -> date:
        if self.periods:
            return max(last for _, last in self.periods)
        if self.activity_days:
            return max(self.activity_days)
        latest = [
            self.day(value) if is_instant(column) else value
            for source, rows in self.facts.items()
            if source not in ("roster", "missions", "catalog")
            for row in rows
            for column, value in row.items()
            if value is not None and (is_instant(column) or column.endswith("_on"))
        ]
        return max(latest)


def _lasts(row: Row) -> date:
    """How long a roster row lasts: of rows of one key the one that is open, else the one left later, counts."""
    left: date | None = row.get("left_on")
    return left or date.max


def is_instant(column: str) -> bool:
    """Whether the column holds instants."""
    return column.endswith("_at") or column == "as_of"


def is_due_day(column: str, text: str) -> bool:
    """Whether a mission is due at the end of a day, since no clock is given."""
    return column == "due_at" and len(text) == 10


def normalized(email: str) -> str:
    """An e-mail address as it is compared: NFC, trimmed, case-folded."""
    return unicodedata.normalize("NFC", email).strip().casefold()


def folded(name: str) -> str:
    """A name of nobody as it is compared."""
    return normalized(name) if "@" in name else unicodedata.normalize("NFC", name)


def person_of(source: str) -> str:
    """The column that names the person."""
    return "applicant" if source == "applications" else "member"


def _only(found: Iterable[str]) -> str | None:
    """The one that there is."""
    several = set(found)
    return several.pop() if len(several) == 1 else None


class Names:
    """Resolves a name: exact member, exact alias, normalized e-mail; the first step that knows it decides."""

    def __init__(self, roster: Iterable[Row], aliases: Iterable[Row], *, is_rostered: bool = True) -> None:
        self.members: set[str] | None = set()
        self.exact: dict[str, set[str]] = defaultdict(set)
        self.emails: dict[str, set[str]] = defaultdict(set)
        self.persons: dict[str, set[str]] = defaultdict(set)
        for row in roster:
            self.members.add(row["member"])
            if row.get("email"):
                self.emails[normalized(row["email"])].add(row["member"])
            if row.get("name"):
                self.persons[unicodedata.normalize("NFC", row["name"])].add(row["member"])
        lines = list(aliases)
        self.named_by_aliases = self._whom(lines) if is_rostered else {row["member"]: row["member"] for row in lines}
        for row in lines:
            if (member := self.named_by_aliases.get(row["member"])) is None:
                continue
            if not is_rostered:
                self.members.add(member)
            self.exact[row["value"]].add(member)
            if row["kind"] == "email":
                self.emails[normalized(row["value"])].add(member)

    def _whom(self, lines: list[Row]) -> dict[str, str]:
        """The member of the roster whom the first column of each line names; not those that name nobody, or several."""
        found: dict[str, str] = {}
        contradicted: set[str] = set()
        for name in {row["member"] for row in lines}:
            by_email = self.emails.get(normalized(name), set())
            by_name = _only(self.persons.get(unicodedata.normalize("NFC", name), ()))
            if name in (self.members or ()):
                found[name] = name
            elif len(by_email) > 1:
                contradicted.add(name)
            elif member := _only(by_email) or by_name:
                found[name] = member
        while left := {row["member"] for row in lines} - found.keys() - contradicted:
            told = [(row["value"], row["kind"], found[row["member"]]) for row in lines if row["member"] in found]
            step: dict[str, set[str]] = {}
            for name in left:
                exact = {member for value, _, member in told if value == name}
                same = {m for value, kind, m in told if kind == "email" and normalized(value) == normalized(name)}
                if exact or same:
                    step[name] = exact or same
            if not step:
                break
            found |= {name: min(members) for name, members in step.items() if len(members) == 1}
            contradicted |= {name for name, members in step.items() if len(members) > 1}
        return found

    @classmethod
    def open_door(cls) -> Names:
        """For a program without roster and aliases: every name is its own member."""
        names = cls((), ())
        names.members = None
        return names

    def resolve(self, name: str | None) -> str | None:
        """The member, or None for nobody or more than one."""
        if name is None or self.members is None or name in self.members:
            return name
        found = self.exact.get(name) or self.emails.get(normalized(name)) or set()
        return next(iter(found)) if len(found) == 1 else None

    def resolve_setting(self, name: str) -> str | None:
        """The same for a name in ``program.yaml``, which may be what the roster calls one member only."""
        if self.exact.get(name) or self.emails.get(normalized(name)):
            return self.resolve(name)
        return self.resolve(name) or _only(self.persons.get(unicodedata.normalize("NFC", name), ()))


__all__ = ["Case", "File", "Names", "Row", "TextRow", "World", "day_of"]
