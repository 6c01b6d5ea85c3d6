from __future__ import annotations

from typing import Any

from fellowship_pipeline.intake.presets import is_cumulative
from tests.intake.homes import Place, fetch
from tests.intake.presets.shapes import rows, shape

HEADER = (
    "User First Name,User Last Name,User Email,External ID,User Groups,Course ID,Course Title,Course Duration,"
    "% Marked Completed,Minutes Video Consumed,Date Enrolled,Date Started,First Date Completed,Date Completed,"
    "Date Last Accessed,Course Category,Assigned,Assigned By,User Is Deactivated\n"
)
WHO = "Bora,Ahn,bora@example.org,,Spring,101,SQL,300.0"
BEGUN = f"{WHO},25.00,60.5,2024-01-02 09:00:00,2024-01-03 09:00:00,,,2024-02-03 09:10:18,Data,False,,False\n"
NEVER = "Duri,Baek,duri@example.org,,Spring,101,SQL,300.0,0.00,,2024-01-02 09:00:00,,,,,Data,True,Kim,False\n"
AGAIN = (
    f"{WHO},100.00,310,2024-01-02 09:00:00,2024-01-03 09:00:00,2024-03-01 10:00:00,2024-05-01 10:00:00,"
    "2024-05-01 10:00:00,Data,False,,False\n"
)
TOTALS = ("member", "occurred_at", "course", "minutes", "progress")
FATES = "select rows, staged, rejected, superseded, ignored from raw.files order by path"


def configure(place: Place, source: str, **entry: Any) -> None:
    place.configure({source: [{"preset": "udemy_business", "files": "landing/*", **entry}]})


def test_totals_by_learner_and_course() -> None:
    """Of a course that was never opened the total is known: none."""
    shaped = shape("udemy_business", "activity", HEADER + BEGUN + NEVER)
    assert rows(shaped, *TOTALS) == [
        ("bora@example.org", "2024-02-03 09:10:18", "SQL", "60.5", "0.25"),
        ("duri@example.org", "", "SQL", "0", "0"),
    ]


def test_activity_is_what_two_exports_differ_by(place: Place) -> None:
    """From 60.5 minutes to 310; how the first grew nobody knows."""
    configure(place, "activity")
    assert is_cumulative(place.program().sources["activity"][0])
    place.land({"2024-02-05.csv": HEADER + BEGUN + NEVER, "2024-05-02.csv": HEADER + AGAIN + NEVER})
    with place.staged() as con:
        query = "select cast(occurred_at as varchar), cast(minutes as double) from staging.activity order by 1"
        assert fetch(con, query) == [("2024-02-03 09:10:18", None), ("2024-05-01 10:00:00", 249.5)]
        assert fetch(con, FATES) == [(2, 1, 0, 0, 1), (2, 1, 0, 0, 1)]


def test_a_course_is_completed_when_it_first_was(place: Place) -> None:
    configure(place, "completions")
    place.land({"2024-05-02.csv": HEADER + AGAIN + NEVER})
    with place.staged() as con:
        query = (
            "select member, course, cast(completed_at as varchar), cast(started_at as varchar) from staging.completions"
        )
        assert fetch(con, query) == [("bora@example.org", "SQL", "2024-03-01 10:00:00", "2024-01-03 09:00:00")]
        assert fetch(con, FATES) == [(2, 1, 0, 0, 1)]


def test_the_last_visit_has_two_names_and_the_first_completion_may_be_missing() -> None:
    header = HEADER.replace("Date Last Accessed", "Date Last Active").replace("First Date Completed", "Notes")
    assert rows(shape("udemy_business", "activity", header + BEGUN), "occurred_at") == [("2024-02-03 09:10:18",)]
    assert rows(shape("udemy_business", "completions", header + AGAIN), "completed_at") == [("2024-05-01 10:00:00",)]


def test_an_entry_says_how_days_are_written() -> None:
    text = HEADER + AGAIN.replace("2024-03-01 10:00:00", "3/1/24 10:00")
    shaped = shape("udemy_business", "completions", text, datetime_format="%m/%d/%y %H:%M")
    assert rows(shaped, "completed_at", "started_at") == [("2024-03-01T10:00:00", "2024-01-03 09:00:00")]
