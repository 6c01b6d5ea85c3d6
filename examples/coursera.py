"""Coursera's admin exports as an example writes them: course activity, specialization report, membership report.

Belongs here: headers, zones, how cells are written. Does not belong here: who learned what.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from examples.names import Name
from examples.workbook import workbook

SEOUL = timedelta(hours=9)
COURSE_ACTIVITY = (
    "Name,Email,External ID,Course,Course ID,Course Slug,University,Enrollment Time,Class Start Time,Class End Time,"
    "Last Course Activity Time,Overall Progress,Total Estimated Learning Hours (since enrolled),Completed,"
    "Removed From Program,Program Slug,Program Name,Collection Name,Collection ID,Completion Time,Course Grade,"
    "Course Certificate URL,Contract,Is Enterprise Contract Active,Learning Hours,Course Type"
)
SPECIALIZATION = (
    "Name,Email,External Id,Specialization,Specialization Slug,University,Enrollment Time,"
    "Last Specialization Activity Time,# Completed Courses,# Courses in Specialization,Completed,Removed From Program,"
    "Program Slug,Program Name,Enrollment Source,Specialization Completion Time,Specialization Certificate URL"
)
MEMBERSHIP = (
    "Name,Email,External Id,Program Name,Program Slug,# Enrolled Courses,# Completed Courses,Member State,Join Date,"
    "Invitation Date,Latest Program Activity Date"
)
UNIVERSITY = "Example University"


@dataclass(frozen=True)
class Learner:
    """A person as the platform knows them."""

    name: Name
    email: str


@dataclass(frozen=True)
class Course:
    """A course of a specialization, and how many hours it takes."""

    title: str
    hours: int

    @property
    def slug(self) -> str:
        """Its title as addresses have it."""
        return self.title.casefold().replace(" ", "-")


@dataclass(frozen=True)
class Standing:
    """A learner in a course up to an export; instants are naive and of Seoul."""

    learner: Learner
    course: Course
    enrolled_at: datetime
    hours: float
    last_at: datetime | None
    completed_at: datetime | None
    is_removed: bool = False


@dataclass(frozen=True)
class Seat:
    """A learner's license in an export; instants are naive and of Seoul."""

    learner: Learner
    state: str
    invited_at: datetime
    joined_at: datetime
    last_at: datetime | None


def course_activity(program: str, standings: Iterable[Standing]) -> bytes:
    """The CSV: a byte-order mark, every field quoted, UTC."""
    return _quoted(COURSE_ACTIVITY, (_course_row(program, standing) for standing in standings))


def course_activity_sheet(program: str, standings: Iterable[Standing]) -> bytes:
    """The workbook: instants are cells of the spreadsheet's own kind, in UTC."""
    header = COURSE_ACTIVITY.split(",")
    rows = (_course_row(program, standing) for standing in standings)
    typed = ([_cell(row.get(name, "")) for name in header] for row in rows)
    return workbook("Course Activity", header, typed)


def specialization_report(
    program: str, title: str, courses: int, done: Mapping[Learner, tuple[datetime, int, datetime | None]]
) -> bytes:
    """A row per learner: enrolled, how many courses are completed, and when all were."""
    slug = title.casefold().replace(" ", "-")
    rows = (
        {
            "Name": learner.name.latin,
            "Email": learner.email,
            "Specialization": title,
            "Specialization Slug": slug,
            "University": UNIVERSITY,
            "Enrollment Time": _iso(enrolled_at),
            "# Completed Courses": str(completed),
            "# Courses in Specialization": str(courses),
            "Completed": _yes(completed_at is not None),
            "Removed From Program": "No",
            "Program Slug": program.casefold().replace(" ", "-"),
            "Program Name": program,
            "Enrollment Source": "Program",
            "Specialization Completion Time": _iso(completed_at),
            "Specialization Certificate URL": _certificate(slug, learner) if completed_at else "",
        }
        for learner, (enrolled_at, completed, completed_at) in done.items()
    )
    return _quoted(SPECIALIZATION, rows)


def membership_report(program: str, seats: Iterable[Seat], courses: int) -> bytes:
    """A row per learner: the state in the program's own word, when invited, when joined, when last seen."""
    rows = (
        {
            "Name": seat.learner.name.latin,
            "Email": seat.learner.email,
            "Program Name": program,
            "Program Slug": program.casefold().replace(" ", "-"),
            "# Enrolled Courses": str(courses),
            "Member State": seat.state,
            "Join Date": _iso(seat.joined_at),
            "Invitation Date": _iso(seat.invited_at),
            "Latest Program Activity Date": _iso(seat.last_at),
        }
        for seat in seats
    )
    return _quoted(MEMBERSHIP, rows)


def _course_row(program: str, standing: Standing) -> dict[str, object]:
    learner, course = standing.learner, standing.course
    is_done = standing.completed_at is not None
    progress = 100.0 if is_done else min(99.0, 100 * standing.hours / course.hours)
    return {
        "Name": learner.name.latin,
        "Email": learner.email,
        "Course": course.title,
        "Course ID": f"c-{course.slug}",
        "Course Slug": course.slug,
        "University": UNIVERSITY,
        "Enrollment Time": _utc(standing.enrolled_at),
        "Last Course Activity Time": _utc(standing.last_at),
        "Overall Progress": f"{progress:.2f}",
        "Total Estimated Learning Hours (since enrolled)": str(course.hours),
        "Completed": _yes(is_done),
        "Removed From Program": _yes(standing.is_removed),
        "Program Slug": program.casefold().replace(" ", "-"),
        "Program Name": program,
        "Completion Time": _utc(standing.completed_at),
        "Course Grade": f"{80 + len(learner.email) % 20}.00" if is_done else "",
        "Course Certificate URL": _certificate(course.slug, learner) if is_done else "",
        "Learning Hours": f"{standing.hours:.2f}",
        "Course Type": "Course",
    }


def _quoted(header: str, rows: Iterable[Mapping[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header.split(","), restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({name: _text(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _utc(local: datetime | None) -> datetime | str:
    return local - SEOUL if local else ""


def _iso(local: datetime | None) -> str:
    return f"{local - SEOUL:%Y-%m-%dT%H:%M:%S}.000Z" if local else ""


def _text(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


def _cell(value: object) -> object:
    """A number where the text is one."""
    text = str(value)
    return float(text) if text.replace(".", "", 1).isdecimal() else value


def _certificate(slug: str, learner: Learner) -> str:
    return f"https://learning.example.org/verify/{slug}/{learner.email.partition('@')[0]}"


def _yes(is_so: bool) -> str:
    return "Yes" if is_so else "No"
