from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.presets import is_cumulative
from tests.intake.homes import Place
from tests.intake.presets.shapes import rows, shape
from tests.intake.readers.test_spreadsheet import workbook

pytestmark = pytest.mark.slow

OLD = (
    "Name,Email,External Id,Course,Course ID,Course Slug,University,Enrollment Time,Class Start Time,"
    "Last Course Activity Time,Overall Progress,Estimated Learning Hours,Completed,Removed From Program,Program Slug,"
    "Program Name,Enrollment Source,Completion Time,Course Grade"
)
USAGE = OLD.replace("Class Start Time", "Class Start Time,Class End Time") + (
    ",Course Certificate URL,Course Type,Job Title,Business Unit"
)
ACTIVITY = (
    "Name,Email,External ID,Course,Course ID,Course Slug,University,Enrollment Time,Class Start Time,Class End Time,"
    "Last Course Activity Time,Overall Progress,Total Estimated Learning Hours (since enrolled),Completed,"
    "Removed From Program,Program Slug,Program Name,Collection Name,Collection ID,Completion Time,Course Grade,"
    "Course Certificate URL,Contract,Is Enterprise Contract Active,Learning Hours,Course Type"
)
PATH = (
    "User Name,Email,Badge Title,Badge Slug,Badge Link,Badge Last Transaction Timestamp,Number of Courses,"
    "Progress in Badge (%),Course Name,Course Enrollment Date,Is Course Completed,Course Completion Timestamp,"
    "Badge Completed,Badge Completion Timestamp,Last Activity Timestamp,Collection ID,Collection Name,"
    "Total Estimated Learning Hours (since enrolled)"
)
MEMBERSHIP = (
    "Name,Email,External Id,Program Name,Program Slug,# Enrolled Courses,# Completed Courses,Member State,Join Date,"
    "Invitation Date,Latest Program Activity Date,Job Title"
)
SPECIALIZATION = (
    "Name,Email,External Id,Specialization,Specialization Slug,University,Enrollment Time,"
    "Last Specialization Activity Time,# Completed Courses,# Courses in Specialization,Completed,Removed From Program,"
    "Program Slug,Program Name,Enrollment Source,Specialization Completion Time,Specialization Certificate URL"
)
OPENED = {
    "Email": "a@x.org",
    "Course": "Deep Learning",
    "Enrollment Time": "2024-01-02T09:00:00.000Z",
    "Last Course Activity Time": "2024-02-03T09:10:18.000Z",
    "Overall Progress": "57.73",
    "Completed": "No",
    "Removed From Program": "No",
}
FINISHED = OPENED | {"Completed": "Yes", "Completion Time": "2024-02-03T09:10:18.000Z", "Overall Progress": "100"}
TOTALS = ("member", "occurred_at", "course", "minutes", "progress")
COMPLETED = "select member, course, completed_at, started_at, score, certificate from raw.completions order by all"
FATES = "select rows, ignored, status, reason from raw.files"


def report(header: str, *rows: dict[str, str]) -> str:
    """A CSV with every field quoted, as Coursera writes it; columns that a row leaves out are empty."""
    out = io.StringIO()
    names = header.split(",")
    writer = csv.DictWriter(out, names, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
    return out.getvalue()


@pytest.fixture
def activity(place: Place) -> Place:
    place.configure({"activity": [{"preset": "coursera", "files": "landing/*"}]})
    return place


@pytest.fixture
def completions(place: Place) -> Place:
    place.configure({"completions": [{"preset": "coursera", "files": "landing/*"}]})
    return place


def test_course_activity_has_the_learners_hours() -> None:
    """`Learning Hours` is preferred, a quoted newline and a byte order mark are fine, `External ID` as well."""
    row = OPENED | {
        "Name": "Kim,\nA",
        "Learning Hours": "0.73",
        "Total Estimated Learning Hours (since enrolled)": "12",
    }
    shaped = shape("coursera", "activity", "\ufeff" + report(ACTIVITY, row))
    assert rows(shaped, *TOTALS) == [("a@x.org", "2024-02-03T09:10:18.000Z", "Deep Learning", "43.8", "0.5773")]
    assert shaped.notes == (Note("minutes", {"header": "Learning Hours"}),)


def test_without_learning_hours_the_hours_since_enrollment_count() -> None:
    header = ACTIVITY.replace(",Learning Hours", "")
    row = OPENED | {"Total Estimated Learning Hours (since enrolled)": "1.5"}
    shaped = shape("coursera", "activity", report(header, row))
    assert rows(shaped, "minutes") == [("90",)]
    assert shaped.notes == (Note("minutes_estimated", {"header": "Total Estimated Learning Hours (since enrolled)"}),)


@pytest.mark.parametrize(
    "header",
    [OLD, USAGE, USAGE.replace("External Id", "External ID") + ",For Credit"],
    ids=["old", "new", "with more columns"],
)
def test_a_usage_reports_hours_may_be_the_courses_length(header: str) -> None:
    shaped = shape("coursera", "activity", report(header, OPENED | {"Estimated Learning Hours": "20"}))
    assert rows(shaped, "member", "progress") == [("a@x.org", "0.5773")]
    assert shaped.rows is not None
    assert "minutes" not in shaped.rows.column_names
    assert shaped.notes == (Note("no_minutes"),)


def test_a_course_never_opened_has_no_hours_yet() -> None:
    """Zero is known, so that the hours of the next export are what it grew by."""
    never = OPENED | {"Last Course Activity Time": "", "Overall Progress": "0.0"}
    shaped = shape("coursera", "activity", report(ACTIVITY, never, never | {"Learning Hours": "0.0"}, OPENED))
    assert rows(shaped, "occurred_at", "minutes") == [("", "0"), ("", "0"), ("2024-02-03T09:10:18.000Z", "")]


def test_exports_are_totals_whose_growth_is_the_activity(place: Place) -> None:
    """Of the first export nobody knows when it was learned; a course of two programs counts with most hours."""
    place.configure({"activity": [{"preset": "coursera", "files": "landing/*"}]})
    (entry,) = place.program().sources["activity"]
    assert is_cumulative(entry)
    never = OPENED | {"Course": "Statistics", "Last Course Activity Time": ""}
    later = {"Last Course Activity Time": "2024-03-20T00:00:00.000Z"}
    place.land(
        {
            "CourseActivity 2024-03-01.csv": report(ACTIVITY, OPENED | {"Learning Hours": "3"}, never),
            "CourseActivity 2024-04-01.csv": report(
                ACTIVITY,
                OPENED | {"Learning Hours": "3"} | later,
                OPENED | {"Email": " A@x.org", "Learning Hours": "4.5", "Removed From Program": "Yes"} | later,
                never | {"Learning Hours": "2"} | later,
            ),
        }
    )
    query = "select course, cast(minutes as double) from raw.activity order by _file_id, course, occurred_at"
    assert sorted(place.rows(query), key=str) == [
        ("Deep Learning", 90.0),
        ("Deep Learning", None),
        ("Statistics", 120.0),
    ]


@pytest.mark.parametrize("name", ["Course Activity", "Learner Activity", "CourseActivity"])
def test_the_sheet_of_course_activity_is_found_whatever_its_name(name: str) -> None:
    header = ["Email", "Course", "Last Course Activity Time", "Completed", "Completion Time", "Learning Hours"]
    row = ["a@x.org", "Deep Learning", dt.datetime(2024, 1, 26, 10, 16, 4), "No", None, 0.5]
    sheets: dict[str, list[list[Any]]] = {"Summary": [["x"], [1]], name: [header, row], "Program Activity": [["y"]]}
    book = workbook(**sheets)
    assert rows(shape("coursera", "activity", book), "member", "occurred_at", "minutes") == [
        ("a@x.org", "2024-01-26T10:16:04", "30")
    ]


def test_a_declared_sheet_is_obeyed() -> None:
    header = ["Email", "Course", "Last Course Activity Time", "Completed", "Completion Time"]
    book = workbook(
        **{"Course Activity": [header], "March": [header, ["a@x.org", "Deep Learning", "2024-03-01", "No", ""]]}
    )
    assert rows(shape("coursera", "activity", book, sheet="March"), "occurred_at") == [("2024-03-01",)]


def test_completed_courses(completions: Place) -> None:
    finished = FINISHED | {"Course Grade": "95.5", "Course Certificate URL": "https://x.org/c"}
    completions.land({"a.csv": report(USAGE, OPENED | {"Course Grade": "46.25"}, finished)})
    assert completions.rows(COMPLETED) == [
        (
            *("a@x.org", "Deep Learning", "2024-02-03T09:10:18.000Z", "2024-01-02T09:00:00.000Z"),
            *("95.5", "https://x.org/c"),
        )
    ]
    assert completions.rows(FATES) == [(2, 1, "loaded", None)]


def test_grades_out_of_one_are_made_out_of_a_hundred(completions: Place) -> None:
    grades = [FINISHED | {"Course": grade, "Course Grade": grade} for grade in ("0.955", "1.0", "")]
    completions.land({"a.csv": report(USAGE, *grades, OPENED | {"Course Grade": "0.4625"})})
    assert [row[4] for row in completions.rows(COMPLETED)] == ["", "95.5", "100"]


@pytest.mark.fault("D9")
def test_grades_on_two_scales_in_one_file_are_rejected(completions: Place) -> None:
    grades = [FINISHED | {"Course": grade, "Course Grade": grade} for grade in ("0.955", "88.2", "0.0")]
    completions.land({"a.csv": report(USAGE, *grades)})
    assert [row[4] for row in completions.rows(COMPLETED)] == ["0.0", "88.2"]
    assert completions.rows('select "row", "column", reason, line from raw.rejects') == [
        (1, "score", "a grade of 1 or less in a file with grades above 1", 2)
    ]
    assert completions.rows(FATES)[0][:2] == (3, 0)


def test_completed_is_yes_or_no(completions: Place) -> None:
    completions.land({"a.csv": report(USAGE, FINISHED | {"Completed": "Sí"}, FINISHED | {"Completed": "yes"})})
    assert completions.rows("select _row from raw.completions") == [(2,)]
    assert completions.rows('select "row", "column", reason from raw.rejects') == [
        (1, "completed_at", "Completed is neither Yes nor No")
    ]


def test_specializations(completions: Place) -> None:
    done = {
        "Email": "a@x.org",
        "Specialization": "Deep Learning",
        "Completed": "Yes",
        "Enrollment Time": "2024-01-02",
        "Specialization Completion Time": "2024-05-06T00:00:00.000Z",
        "Specialization Certificate URL": "https://x.org/s",
    }
    completions.land({"s.csv": report(SPECIALIZATION, done, done | {"Completed": "No"})})
    assert completions.rows(COMPLETED.replace("score, ", "")) == [
        ("a@x.org", "Deep Learning", "2024-05-06T00:00:00.000Z", "2024-01-02", "https://x.org/s")
    ]


STEP = {
    "Email": "a@x.org",
    "Badge Title": "Data",
    "Course Name": "SQL",
    "Course Enrollment Date": "2024-01-02",
    "Is Course Completed": "Yes",
    "Course Completion Timestamp": "2024-03-01T00:00:00",
    "Badge Completed": "Yes",
    "Badge Completion Timestamp": "2024-04-01T00:00:00",
}


def test_learning_paths_complete_courses_and_badges(completions: Place) -> None:
    open_ = STEP | {"Is Course Completed": "No", "Course Completion Timestamp": "", "Badge Completed": "No"}
    completions.land({"p.csv": report(PATH, STEP, open_)})
    assert completions.rows("select course, completed_at, _row from raw.completions order by all") == [
        ("Data", "2024-04-01T00:00:00", 1),
        ("SQL", "2024-03-01T00:00:00", 1),
    ]
    assert completions.rows(FATES)[0][:2] == (2, 1)


def test_hours_of_learning_paths_are_no_activity(activity: Place) -> None:
    activity.land({"p.csv": report(PATH, {"Email": "a@x.org"})})
    assert activity.rows(FATES) == [(1, 1, "ignored", "a report that this source is not read from")]


def test_another_file_is_refused_by_what_it_lacks(activity: Place) -> None:
    activity.land({"a.csv": "Email,Course\na@x.org,Deep Learning\n"})
    assert activity.rows(FATES) == [
        (
            *(0, 0, "quarantined"),
            "the file has no column 'Last Course Activity Time', 'Completed', 'Completion Time'",
        )
    ]


SEAT = {"Email": "a@x.org", "Member State": "IN", "Join Date": "2024-01-03", "Invitation Date": "2024-01-02"}
STATES = {"IN": "active", "Asked": "invited", "Gone": "removed"}
SEATS = "select member, status, exported_at, invited_at, accepted_at from raw.seat_snapshots order by all"


def test_the_states_of_members_have_to_be_declared(place: Place) -> None:
    place.configure({"seat_snapshots": [{"preset": "coursera", "files": "landing/*"}]})
    place.land({"membership-report 2024-02-01.csv": report(MEMBERSHIP, SEAT)})
    ((_, _, status, reason),) = place.rows(FATES)
    assert status == "quarantined"
    assert reason.startswith("which Member State means what is not known for sure: declare `values: {status:")


def test_declared_states_are_seats(place: Place) -> None:
    place.configure({"seat_snapshots": [{"preset": "coursera", "files": "landing/*", "values": {"status": STATES}}]})
    asked = SEAT | {"Email": "b@x.org", "Member State": " asked", "Join Date": ""}
    gone = SEAT | {"Member State": "Gone", "Program Name": "Another program of the same person"}
    place.land({"membership-report 2024-02-01.csv": report(MEMBERSHIP, SEAT, asked, gone)})
    assert place.rows(SEATS) == [
        ("a@x.org", "active", "2024-02-01T00:00:00Z", "2024-01-02", "2024-01-03"),
        ("b@x.org", "invited", "2024-02-01T00:00:00Z", "2024-01-02", ""),
    ]
    assert place.rows(FATES) == [(3, 1, "loaded", None)]


def test_an_undeclared_state_goes_on_for_the_contract_to_reject(place: Place) -> None:
    place.configure({"seat_snapshots": [{"preset": "coursera", "files": "landing/*", "values": {"status": STATES}}]})
    place.land({"2024-02-01.csv": report(MEMBERSHIP, SEAT | {"Member State": "New"}, SEAT)})
    assert [row[1] for row in place.rows(SEATS)] == ["New", "active"]


def test_states_without_the_day_of_their_export_are_refused(place: Place) -> None:
    place.configure({"seat_snapshots": [{"preset": "coursera", "files": "landing/*", "values": {"status": STATES}}]})
    place.land({"members.csv": report(MEMBERSHIP, SEAT)})
    ((_, _, status, reason),) = place.rows(FATES)
    assert status == "quarantined"
    assert "put the day YYYY-MM-DD into the file's name" in reason
