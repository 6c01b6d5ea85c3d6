"""Coursera admin exports: usage report, course activity, learning path activity, membership, specialization report.

Belongs here: Coursera's headers and what they mean. Activity is totals since enrollment, so the preset is cumulative.
Instants without a zone are UTC.

A learner's hours are ``Learning Hours``, else ``Total Estimated Learning Hours (since enrolled)``; ``Estimated Learning
Hours`` may be the length of the course and is not read. A learner's progress is a share, a grade is out of 100. Hours
of learning paths repeat those of their courses and are no activity. What a ``Member State`` means is not known for
sure, so the entry says it: ``values: {status: {…}}``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineWorkbook

from fellowship_pipeline.intake.layouts.completed import completed, graded, shaped
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.mapping import multiplied
from fellowship_pipeline.intake.layouts.seats import DATED, snapshot
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import Quarantined, Records, each, normal
from fellowship_pipeline.intake.readers.unpacking import unpack
from fellowship_pipeline.program.sources import Entry

SHEETS = ("course activity", "courseactivity", "learner activity", "learneractivity")
"""Names that the sheet of course activity had, from one month to the next."""
LAST, DONE, COMPLETED, GRADE = "Last Course Activity Time", "Completed", "Completion Time", "Course Grade"
HOURS = ("Learning Hours", "Total Estimated Learning Hours (since enrolled)")
"""Hours of a learner since enrollment, the surest first."""
PROGRESS = "Overall Progress"

COURSE = ("Email", "Course", LAST, DONE, COMPLETED)
PATH = ("Email", "Course Name", "Is Course Completed", "Course Completion Timestamp")
BADGE = ("Email", "Badge Title", "Badge Completed", "Badge Completion Timestamp")
MEMBERSHIP = ("Email", "Member State", "Join Date", "Invitation Date")
SPECIALIZATION = ("Email", "Specialization", DONE, "Specialization Completion Time")
REPORTS: dict[str, dict[str, tuple[str, ...]]] = {
    "activity": {"course": COURSE},
    "completions": {"course": COURSE, "path": (*PATH, *BADGE), "specialization": SPECIALIZATION},
    "seat_snapshots": {"membership": MEMBERSHIP},
}
"""The reports that a source is read from, each by the columns it must have."""


def read(data: bytes, entry: Entry) -> Records:
    """The records; of a workbook those of the sheet of course activity, unless the entry names another."""
    return read_file(data, entry if entry.sheet else entry.model_copy(update={"sheet": _sheet(data)}))


def _sheet(data: bytes) -> str | None:
    data, kind = unpack(data)
    if kind != "xlsx":
        return None
    try:
        names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    except CalamineError:
        return None
    found = [name for name in names if normal(name) in SHEETS]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class _Coursera:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        source = self.group.source.name
        reports = REPORTS[source]
        report = next((name for name, columns in reports.items() if _has(records, columns)), None)
        if report is None:
            if any(_has(records, columns) for others in REPORTS.values() for columns in others.values()):
                return Shaped(None, unused="a report that this source is not read from")
            records.demand(next(iter(reports.values())))
        match report:
            case "membership":
                return self._membership(file, records)
            case "path":
                return _of_paths(records)
            case "specialization":
                return _of_specializations(records)
            case _:
                return _activity(records) if source == "activity" else _of_courses(records)

    def _membership(self, file: Incoming, records: Records) -> Shaped:
        if "status" not in self.group.entry.values:
            raise Quarantined(
                "which Member State means what is not known for sure: declare `values: {status: {…: invited, …: active,"
                " …: removed}}` in the entry, with the file's own words"
            )
        columns = {
            "member": records.column("Email"),
            "status": records.column("Member State"),
            "invited_at": records.column("Invitation Date"),
            "accepted_at": records.column("Join Date"),
        }
        return snapshot(self.group, file, records, columns)


def _activity(records: Records) -> Shaped:
    """Totals by learner and course; a course never opened has none, which is known to be zero."""
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "member": records.column("Email"),
        "occurred_at": records.column(LAST),
        "course": records.column("Course"),
    }
    if records.place(PROGRESS) is not None:
        columns["progress"] = each(records.column(PROGRESS), multiplied(Decimal("0.01")))
    hours = next((name for name in HOURS if records.place(name) is not None), None)
    if hours is None:
        return Shaped(rows_of(records, columns), notes=(Note("no_minutes"),))
    spent = pc.utf8_trim_whitespace(records.column(hours))
    unopened = pc.and_(pc.equal(spent, ""), pc.equal(pc.utf8_trim_whitespace(records.column(LAST)), ""))
    columns["minutes"] = each(pc.if_else(unopened, "0", spent), multiplied(Decimal(60)))
    return Shaped(
        rows_of(records, columns),
        notes=(Note("minutes" if hours == HOURS[0] else "minutes_estimated", {"header": hours}),),
    )


def _of_courses(records: Records) -> Shaped:
    headers = {
        "member": "Email",
        "course": "Course",
        "completed_at": COMPLETED,
        "started_at": "Enrollment Time",
        "score": GRADE,
        "certificate": "Course Certificate URL",
    }
    rows, rejects = completed(records, DONE, headers)
    rows, more = graded(rows, records.column(GRADE).to_pylist() if records.place(GRADE) is not None else ())
    return shaped(records, rows, [*rejects, *more])


def _of_paths(records: Records) -> Shaped:
    """Completed courses of a learning path and, once it is, the path's badge."""
    courses = {
        "member": "Email",
        "course": "Course Name",
        "completed_at": "Course Completion Timestamp",
        "started_at": "Course Enrollment Date",
    }
    badges = {"member": "Email", "course": "Badge Title", "completed_at": "Badge Completion Timestamp"}
    rows, rejects = completed(records, "Is Course Completed", courses)
    earned, more = completed(records, "Badge Completed", badges)
    return shaped(records, pa.concat_tables([rows, earned], promote_options="default"), [*rejects, *more])


def _of_specializations(records: Records) -> Shaped:
    headers = {
        "member": "Email",
        "course": "Specialization",
        "completed_at": "Specialization Completion Time",
        "started_at": "Enrollment Time",
        "certificate": "Specialization Certificate URL",
    }
    return shaped(records, *completed(records, DONE, headers))


def _has(records: Records, columns: Iterable[str]) -> bool:
    return all(records.place(column) is not None for column in columns)


PRESET = Preset(
    _Coursera,
    timezone="UTC",
    exported=DATED,
    known=(
        Known("Coursera usage report", ("activity", "completions"), (*COURSE, PROGRESS, "Enrollment Source", GRADE)),
        Known("Coursera course activity", ("activity", "completions"), (*COURSE, PROGRESS, HOURS[1])),
        Known("Coursera learning path activity", ("completions",), (*PATH, *BADGE)),
        Known("Coursera membership report", ("seat_snapshots",), MEMBERSHIP),
        Known("Coursera specialization report", ("completions",), SPECIALIZATION),
    ),
    reader=read,
    cumulative=True,
)
