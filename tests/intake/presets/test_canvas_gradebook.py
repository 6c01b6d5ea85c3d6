from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

BOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Quiz 1 (101),Essay (102),Quiz 1 (103),Poll (104),"
    "Quizzes Current Score,Current Score,Final Score\n"
    ",,,,,,,Manual Posting,,,,,\n"
    "    Points Possible,,,,,(read only),10.00,50.00,4.00,0.00,(read only),(read only),(read only)\n"
    '"Ahn, Bora",1001,S001,bora@example.org,Spring A,early,9.00,60.00,EX,1.00,90.00,90.00,90.00\n'
    '"Baek, Duri",1002,S002,,Spring A,,0.00,B+,N/A,,80.00,80.00,80.00\n'
    '"Cha, Gaon",1003,S003,gaon@example.org,Spring A and Spring B,,,,,,,,0.00\n'
    '"Student, Test",1099,,0a1b2c3d4e5f,Spring A,,10.00,,,,,,\n'
)
FATES = "select rows, staged, rejected, superseded, ignored from raw.files"


def configure(place: Place, source: str, **entry: Any) -> None:
    place.configure({source: [{"preset": "canvas_gradebook", "files": "landing/*", **entry}]})


def test_students_are_the_roster_and_nobody_else_is(place: Place) -> None:
    """Six lines: the posting, the points possible and the test student are nobody's."""
    configure(place, "roster", values={"cohort": "spring"})
    place.land({"2025-03-10T1100_Grades-STAT.csv": BOOK})
    with place.staged() as con:
        assert fetch(con, "select member, cohort, name from staging.roster order by 1") == [
            ("Baek, Duri", "spring", "Baek, Duri"),
            ("bora@example.org", "spring", "Ahn, Bora"),
            ("gaon@example.org", "spring", "Cha, Gaon"),
        ]
        assert fetch(con, FATES) == [(6, 3, 0, 0, 3)]


def test_points_for_an_assignment_complete_it(place: Place) -> None:
    """9 of 10 and, with extra credit, 60 of 50; a letter has no score, nothing is possible in the poll."""
    configure(place, "completions", values={"completed_at": {"filename": r"/?(?P<completed_at>\d{4}-\d\d-\d\d)"}})
    place.land({"2025-03-10T1100_Grades-STAT.csv": BOOK})
    with place.staged() as con:
        query = "select member, course, cast(completed_at as varchar), score from staging.completions order by 1, 2"
        day = "2025-03-09 15:00:00"
        assert fetch(con, query) == [
            ("Baek, Duri", "Essay", day, None),
            ("bora@example.org", "Essay", day, 120.0),
            ("bora@example.org", "Poll", day, None),
            ("bora@example.org", "Quiz 1 (101)", day, 90.0),
        ]
        assert fetch(con, FATES) == [(6, 2, 0, 0, 4)]


def test_names_may_stand_apart(place: Place) -> None:
    text = BOOK.replace("Student,ID", "LastName,FirstName,ID").replace('"Ahn, Bora"', "Ahn,Bora")
    text = text.replace('"Baek, Duri"', "Baek,Duri").replace('"Cha, Gaon"', "Cha,Gaon")
    text = text.replace('"Student, Test"', "Student,Test").replace(",,,,,,,Manual", ",,,,,,,,Manual")
    text = text.replace("Points Possible,", "Points Possible,,")
    configure(place, "roster", values={"cohort": "spring"})
    place.land({"a.csv": text})
    assert place.rows("select name from raw.roster order by 1") == [("Ahn, Bora",), ("Baek, Duri",), ("Cha, Gaon",)]


@pytest.mark.parametrize(
    ("change", "values", "reason"),
    [
        ("", {}, "it does not say completed_at: declare `values: {completed_at: …}` in the entry"),
        (
            "    Points Possible",
            {"completed_at": "2025-06-30"},
            "a gradebook without its line 'Points Possible': export it anew, and leave the line in it",
        ),
    ],
)
def test_days_and_points_possible_are_asked_for(place: Place, change: str, values: dict[str, str], reason: str) -> None:
    configure(place, "completions", values=values)
    place.land({"a.csv": BOOK.replace(change, "") if change else BOOK})
    assert place.rows("select status, reason from raw.files") == [("quarantined", reason)]


def test_a_gradebook_without_assignments_completes_nothing(place: Place) -> None:
    configure(place, "completions", values={"completed_at": "2025-06-30"})
    place.land({"a.csv": 'Student,ID,SIS Login ID,Section\n    Points Possible,,,\n"Ahn, Bora",1,b@example.org,A\n'})
    assert place.rows("select status, reason from raw.files") == [("ignored", "a gradebook without assignments")]


def test_points_that_are_no_points_do_not_break_the_gradebook(place: Place) -> None:
    """Bora's essay is rejected, and nothing else of hers."""
    configure(place, "completions", values={"completed_at": "2025-06-30"})
    place.land({"a.csv": BOOK.replace("60.00,EX", "6E+30,EX")})
    with place.staged() as con:
        assert fetch(
            con, "select course, score from staging.completions where member = 'bora@example.org' order by 1"
        ) == [
            ("Poll", None),
            ("Quiz 1 (101)", 90.0),
        ]
        assert fetch(con, 'select "column", value from raw.rejects') == [("score", "6E+30 of 50.00")]
