"""Moodle's log, activity completion report and grades export, with English headers and words.

Belongs here: Moodle's headers and words. Times are of the zone of whoever exported, which the entry declares. Of the
log every event of a person is learning, without minutes; what the system did is ignored. The completion report has a
column per activity and beside it, under no header or a deadline, the day of its state: what is completed counts, passed
or not; the day of what is not completed is that of a look at it. Days are read as ISO writes them, short (``3/03/25,
16:05``) and long (``Monday, 3 March 2025, 4:05 PM``); the short ones of one file say together whether the day or the
month comes first, or the entry does. Grades have no days, so the entry says when,
``values: {completed_at: …}``; who has one other than 0 has completed the activity, with a score where it is a
percentage. Totals are no activities. What completions call a course is the activity.

The layouts are those of Moodle's own program, whose text was read. Of real files, lines of a log and headers of grades
have been seen in programs that read them, of a completion report none. Not read: the log of old versions, whose times
have no year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.completed import HUNDRED, number, out_of, shaped
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.unpivoted import unpivoted
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.instants import canonical, common_pattern, spelled
from fellowship_pipeline.intake.readers.records import Quarantined, Records, Reject, each, normal, texts
from fellowship_pipeline.program.sources import Entry, Place, Unpivot

LOG = ("Time", "User full name", "Event context", "Component", "Event name")
GRADES = ("First name", "Email address", "Last downloaded from this course")
EMAIL, LAST = "Email address", ("Last name", "Surname")
PATTERNS = (
    *(f"{day}/%y, {time}" for day in ("%d/%m", "%m/%d") for time in ("%H:%M:%S", "%H:%M", "%I:%M %p")),
    "%A, %d %B %Y, %I:%M %p",
    "%A, %B %d, %Y, %I:%M %p",
)
"""How Moodle writes times for people, short and long, in its English and its American language pack."""
NONE = frozenset({"", "-"})
"""What stands where nobody did it, or nothing was graded."""
GRADED = re.compile(r"(?P<name>[^:]+: .+) \((?P<shown>Percentage|Real|Letter)\)")
SHOWN = ("Percentage", "Real", "Letter")
"""How a grade may be shown, the most telling first."""
NAME, ACTIVITY, STATE, DAY = REPORT = ("Name", "Activity", "State", "Day")
"""What a completion report is read as, beside what it says of the person: a record per person and activity."""
REPORTS = {"log": LOG, "completion": REPORT, "grades": GRADES}
DONE, OPEN = "completed", "not completed"
"""How states begin."""
GRADE = "Grade"
UNFIT = (
    "neither a log, nor a completion report in English (a column per activity, the day of its state beside it),"
    " nor grades"
)


def read(data: bytes, entry: Entry) -> Records:
    """The records; of a completion report one for each activity that it says the day of."""
    records = read_file(data, entry)
    places = _activities(records)
    if not places:
        return records
    named = replace(records, header=(NAME, *records.header[1:]))
    asked = Unpivot(columns=[Place(place=at + 1) for at in places], header=ACTIVITY, cell=STATE, beside=DAY)
    return unpivoted(named, entry.model_copy(update={"unpivot": asked}))


def _activities(records: Records) -> list[int]:
    """The places of activities, where it is a completion report: pairs of columns up to the last, in one a state."""
    header = [name.strip() for name in records.header]
    found: list[int] = []
    at = len(header) - 2
    while at > 0 and header[at] and not _is_time(header[at]) and _may_stand_beside(header[at + 1]):
        found.append(at)
        at -= 2
    states = (normal(text) for at in found for text in records.columns[at].unique().to_pylist())
    return found[::-1] if not header[0] and any(text.startswith((DONE, OPEN)) for text in states) else []


def _may_stand_beside(header: str) -> bool:
    """Whether it is what stands over the day of a state: nothing, or a deadline."""
    return not header or _is_time(header)


def _is_time(text: str) -> bool:
    return canonical(text) is not None or any(spelled(text, pattern) for pattern in PATTERNS)


@dataclass(frozen=True)
class _Moodle:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        reports = {report: _has(records, header) for report, header in REPORTS.items()}
        report = next((report for report, is_one in reports.items() if is_one), None)
        if report is None:
            raise Quarantined(UNFIT)
        if (report == "log") != (self.group.source.name == "activity"):
            return Shaped(None, unused="a report that this source is not read from")
        match report:
            case "log":
                return _events(records, self.group.entry)
            case "completion":
                return _completions(records, self.group.entry)
            case _:
                return _grades(records, self.group.entry)


def _events(records: Records, entry: Entry) -> Shaped:
    """A row per event of a person."""
    people = pa.array([name not in NONE for name in texts(records, ["User full name"])], pa.bool_())
    done = records.only(people)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "member": done.column("User full name"),
        "occurred_at": _instants(done.column("Time"), texts(records, ["Time"]), entry),
        "item": done.column("Event context"),
        "kind": done.column("Component"),
    }
    if done.place("Course") is not None:
        columns["course"] = each(done.column("Course"), lambda name: "" if name.strip() in NONE else name)
    return Shaped(rows_of(done, columns), ignored=len(records.rows) - len(done.rows))


def _instants(column: pa.ChunkedArray, written: Iterable[str], entry: Entry) -> pa.Array:
    """Canonical text of the times, by the entry or by what most of ``written`` fits; what does not fit stays."""
    others = [time for time in written if canonical(time) is None]
    pattern = entry.datetime_format or common_pattern(others, PATTERNS)
    return each(column, lambda time: time if canonical(time) is not None else spelled(time, pattern) or time)


def _completions(records: Records, entry: Entry) -> Shaped:
    """A row for each activity that a person completed."""
    said = [normal(text) for text in records.column(STATE).to_pylist()]
    rejected = {
        row: Reject(row, "completed_at", text, "neither Completed nor Not completed", line)
        for row, line, text in zip(records.rows.to_pylist(), records.lines.to_pylist(), said, strict=True)
        if not text.startswith((DONE, OPEN))
    }
    fits = pc.invert(pc.is_in(records.rows, pa.array(list(rejected), pa.int64())))
    done = records.only(pc.and_(fits, pa.array([text.startswith(DONE) for text in said], pa.bool_())))
    columns = {
        "member": _member(done, NAME),
        "course": done.column(ACTIVITY),
        "completed_at": _instants(done.column(DAY), texts(records, [DAY]), entry),
    }
    ignored = len(pc.unique(records.rows)) - len(pc.unique(done.rows)) - len(rejected)
    return Shaped(rows_of(done, columns), ignored=ignored, rejects=tuple(rejected.values()))


def _grades(records: Records, entry: Entry) -> Shaped:
    """A row for each activity that a person has a grade for."""
    places = dict(_graded(records))
    if not places:
        return Shaped(None, unused="grades of no activity")
    asked = Unpivot(columns=[Place(place=at + 1) for at in places.values()], header=ACTIVITY, cell=GRADE)
    graded = unpivoted(records, entry.model_copy(update={"unpivot": asked}))
    given = [text not in NONE and _points(text) != 0 for text in texts(graded, [GRADE])]
    graded = graded.only(pa.array(given, pa.bool_()))
    columns = {
        "member": _member(graded, GRADES[0]),
        "course": each(graded.column(ACTIVITY), lambda name: GRADED.sub(r"\g<name>", name)),
        "score": each(graded.column(GRADE), _score),
    }
    return shaped(records, rows_of(graded, columns), [])


def _graded(records: Records) -> Iterator[tuple[str, int]]:
    """The activities, each with the place of the column that tells most of its grade."""
    for shown in reversed(SHOWN):
        for at, header in enumerate(records.header):
            match = GRADED.fullmatch(header.strip())
            if match and match["shown"] == shown:
                yield match["name"], at


def _points(cell: str) -> Decimal | None:
    return number(cell.replace("%", ""))


def _score(cell: str) -> str:
    """A percentage; nothing of any other grade, whose greatest nobody says."""
    return out_of(HUNDRED, cell.replace("%", "")) if "%" in cell and _points(cell) is not None else ""


def _member(records: Records, name: str) -> pa.Array:
    """The e-mail address, else the name, which may stand in two columns."""
    people = zip(texts(records, [EMAIL]), texts(records, [name]), texts(records, LAST), strict=True)
    return pa.array([email or f"{first} {last}".strip() for email, first, last in people], pa.string())


def _has(records: Records, header: tuple[str, ...]) -> bool:
    return all(records.place(name) is not None for name in header)


PRESET = Preset(
    _Moodle,
    known=(
        Known("Moodle log", ("activity",), LOG),
        Known("Moodle activity completion", ("completions",), REPORT),
        Known("Moodle grades", ("completions",), GRADES),
    ),
    reader=read,
)
