from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

LOG = 'Time,"User full name","Affected user","Event context",Component,"Event name",Description,Origin,"IP address"\n'
EVENTS = (
    '"7/03/25, 21:40:58","Ahn Bora",-,"Quiz: Quiz 1",Quiz,"Quiz attempt started","…",web,203.0.113.7\n'
    '"13/03/25, 08:00:01",-,"Ahn Bora","Course: Statistics",System,"User graded","…",cli,\n'
)
REPORT = (
    ',"Email address","Quiz 1","","Quiz 2","2025-03-10 23:59:00"\n'
    '"Ahn Bora","bora@example.org","Completed","2025-03-03 16:05:00",'
    '"Completed (achieved pass grade)","2025-03-07 09:15:00"\n'
    '"Baek Duri","duri@example.org","Not completed","2025-03-02 10:00:00",'
    '"Completed (did not achieve pass grade)","2025-03-08 10:00:00"\n'
    '"Cha Gaon","","Completed (set by Kim)","2025-03-04 23:00:00","Not completed",""\n'
    '"Do Nari","nari@example.org","Not completed","","Not completed",""\n'
)
GRADES = (
    '"First name","Last name","ID number","Email address","Quiz: Quiz 1 (Real)","Quiz: Quiz 1 (Percentage)",'
    '"Quiz: Quiz 1 (Letter)","Assignment: Essay (Real)","Course total (Percentage)",'
    '"Last downloaded from this course"\n'
    'Bora,Ahn,1,bora@example.org,8.50,"85.00 %",B,40.00,"87.50 %",1741600000\n'
    'Duri,Baek,2,,0.00,"0.00 %",F,-,"0.00 %",1741600000\n'
)
COMPLETED = "select member, course, cast(completed_at as varchar) from staging.completions order by all"
FATES = "select rows, staged, rejected, superseded, ignored from raw.files"


def configure(place: Place, source: str, **entry: Any) -> None:
    place.configure({source: [{"preset": "moodle", "files": "landing/*", **entry}]})


def test_events_of_people_are_learning(place: Place) -> None:
    """The day stands first, as the 13th shows: the 7th of March, in Seoul nine hours ahead."""
    configure(place, "activity")
    place.land({"logs.csv": LOG + EVENTS})
    with place.staged() as con:
        query = "select member, cast(occurred_at as varchar), course, item, kind, minutes from staging.activity"
        assert fetch(con, query) == [("Ahn Bora", "2025-03-07 12:40:58", None, "Quiz: Quiz 1", "Quiz", None)]
        assert fetch(con, FATES) == [(2, 1, 0, 0, 1)]


def test_the_log_of_a_site_says_the_course(place: Place) -> None:
    configure(place, "activity", datetime_format="%d/%m/%y, %H:%M:%S")
    lines = EVENTS.splitlines(keepends=True)
    place.land({"logs.csv": "Course," + LOG + "STAT," + lines[0] + "-," + lines[0]})
    assert place.rows("select course from raw.activity order by _row") == [("STAT",), ("",)]


def test_whether_day_or_month_stands_first_is_asked_for_where_nothing_shows_it(place: Place) -> None:
    configure(place, "activity")
    place.land({"logs.csv": LOG + EVENTS.splitlines(keepends=True)[0]})
    assert place.rows("select status, reason from raw.files") == [
        (
            "quarantined",
            "whether the day or the month comes first is not certain: declare "
            "`datetime_format: '%d/%m/%y, %H:%M:%S'` (day first) or "
            "`datetime_format: '%m/%d/%y, %H:%M:%S'` (month first)",
        )
    ]


@pytest.mark.parametrize("content", [REPORT.encode(), REPORT.replace(",", "\t").encode("utf-16")])
def test_completed_activities_have_the_day_beside_them(place: Place, content: bytes) -> None:
    """Times of Seoul. Duri has only looked at the first quiz, and did not pass the second; Nari has done nothing."""
    configure(place, "completions")
    place.land({"progress.stats.csv": content})
    with place.staged() as con:
        assert fetch(con, COMPLETED) == [
            ("Cha Gaon", "Quiz 1", "2025-03-04 14:00:00"),
            ("bora@example.org", "Quiz 1", "2025-03-03 07:05:00"),
            ("bora@example.org", "Quiz 2", "2025-03-07 00:15:00"),
            ("duri@example.org", "Quiz 2", "2025-03-08 01:00:00"),
        ]
        assert fetch(con, "select rows, ignored from raw.files") == [(4, 1)]


SHORT = {
    "2025-03-10 23:59:00": "10/03/25, 23:59",
    "2025-03-03 16:05:00": "3/03/25, 16:05",
    "2025-03-07 09:15:00": "7/03/25, 09:15",
    "2025-03-02 10:00:00": "2/03/25, 10:00",
    "2025-03-08 10:00:00": "8/03/25, 10:00",
    "2025-03-04 23:00:00": "4/03/25, 23:00",
}
LONG = {
    "2025-03-10 23:59:00": "Monday, 10 March 2025, 11:59 PM",
    "2025-03-03 16:05:00": "Monday, 3 March 2025, 4:05 PM",
    "2025-03-07 09:15:00": "Friday, 7 March 2025, 9:15 AM",
    "2025-03-02 10:00:00": "Sunday, 2 March 2025, 10:00 AM",
    "2025-03-08 10:00:00": "Saturday, March 8, 2025, 10:00 AM",
    "2025-03-04 23:00:00": "Tuesday, 4 March 2025, 11:00 PM",
}


def written(days: dict[str, str]) -> str:
    """The completion report with its days as people read them."""
    report = REPORT
    for iso, shown in days.items():
        report = report.replace(iso, shown)
    return report


def test_days_of_a_completion_report_may_be_long(place: Place) -> None:
    """Duri's day is written as nothing else in the file is: it is no day."""
    configure(place, "completions")
    place.land({"progress.csv": written(LONG)})
    with place.staged() as con:
        assert fetch(con, COMPLETED) == [
            ("Cha Gaon", "Quiz 1", "2025-03-04 14:00:00"),
            ("bora@example.org", "Quiz 1", "2025-03-03 07:05:00"),
            ("bora@example.org", "Quiz 2", "2025-03-07 00:15:00"),
        ]
        assert fetch(con, FATES) == [(4, 2, 1, 0, 1)]


def test_short_days_of_a_completion_report_are_told_by_a_13th_or_declared(place: Place) -> None:
    """The looks at activities tell it too. Else a person says which of the two it is."""
    told = [
        ("bora@example.org", "Quiz 1", "2025-03-03 07:05:00"),
        ("bora@example.org", "Quiz 2", "2025-03-07 00:15:00"),
    ]
    configure(place, "completions")
    place.land({"progress.csv": written({**SHORT, "2025-03-02 10:00:00": "13/03/25, 10:00"})})
    with place.staged() as con:
        assert fetch(con, COMPLETED)[1:3] == told
    place.land({"progress.csv": written(SHORT)})
    assert place.rows("select status, reason from raw.files where status = 'quarantined'") == [
        (
            "quarantined",
            "whether the day or the month comes first is not certain: declare "
            "`datetime_format: '%d/%m/%y, %H:%M'` (day first) or `datetime_format: '%m/%d/%y, %H:%M'` (month first)",
        )
    ]
    configure(place, "completions", datetime_format="%d/%m/%y, %H:%M")
    with place.staged() as con:
        assert fetch(con, COMPLETED)[1:3] == told


def test_a_state_that_nobody_knows_rejects_its_person(place: Place) -> None:
    configure(place, "completions")
    place.land({"progress.csv": REPORT.replace("Completed (set by Kim)", "Perhaps")})
    with place.staged() as con:
        assert fetch(con, FATES) == [(4, 2, 1, 0, 1)]
        assert fetch(con, "select reason from raw.files") == [(None,)]


def test_a_look_at_an_activity_completes_nothing(place: Place) -> None:
    """Its state has a day nevertheless."""
    configure(place, "completions")
    header, _, duri, *_ = REPORT.splitlines(keepends=True)
    place.land({"progress.csv": header + duri.replace("Completed (did not", "Not completed (did not")})
    with place.staged() as con:
        assert fetch(con, FATES) == [(1, 0, 0, 0, 1)]


def test_a_grade_completes_an_activity_on_the_day_that_is_declared(place: Place) -> None:
    """Bora's essay has 40 of nobody knows how many; 0 is no grade that completes, a total no activity."""
    configure(place, "completions", values={"completed_at": "2025-03-10"})
    place.land({"STAT Grades.csv": GRADES})
    with place.staged() as con:
        query = "select member, course, cast(completed_at as varchar), score from staging.completions order by 2"
        assert fetch(con, query) == [
            ("bora@example.org", "Assignment: Essay", "2025-03-09 15:00:00", None),
            ("bora@example.org", "Quiz: Quiz 1", "2025-03-09 15:00:00", 85.0),
        ]
        assert fetch(con, FATES) == [(2, 1, 0, 0, 1)]


def test_each_source_is_read_from_its_own_reports(place: Place) -> None:
    files = {"grades.csv": GRADES, "logs.csv": LOG + EVENTS, "progress.csv": REPORT}
    configure(place, "activity")
    place.land(files)
    assert place.rows("select path, status from raw.files order by path") == [
        ("landing/grades.csv", "ignored"),
        ("landing/logs.csv", "loaded"),
        ("landing/progress.csv", "ignored"),
    ]


def test_a_report_in_another_language_is_refused(place: Place) -> None:
    configure(place, "completions")
    other = REPORT.replace("Not completed", "Nicht abgeschlossen").replace("Completed", "Abgeschlossen")
    place.land({"a.csv": other})
    assert place.rows("select status, reason from raw.files") == [
        (
            "quarantined",
            "neither a log, nor a completion report in English (a column per activity, the day of its state beside it),"
            " nor grades",
        )
    ]
