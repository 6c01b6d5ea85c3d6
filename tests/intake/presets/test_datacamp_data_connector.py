from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

USERS = "user_id,first_name,last_name,email,slug\n1,K,K,k@x,k\n2,L,L,l@x,l\n3,M,M,,m\n"
COURSES = "course_id,title,technology\n10,Intro to R,R\n11,SQL,SQL\n"
FACTS = (
    "user_id,course_id,date_id,started_at,completed_at,time_spent,xp\n"
    "1,10,20220103,2022-01-03 10:00:00,2022-01-04 11:30:00,100,90\n"
    "2,11,20220103,2022-01-03 10:00:00,,3600,50\n"
    "3,-1,20220103,2022-01-05T00:00:00Z,,,\n"
)
EXERCISES = (
    "user_id,exercise_id,date_id,started_at,completed_at,time_spent,xp\n"
    "1,501,20220103,2022-01-03 10:00:00,2022-01-03 10:01:00,90,100\n"
)
FOLDER = {"learning_course_fact.csv": FACTS, "user_dim.csv": USERS, "course_dim.csv": COURSES}
STATUS = "select path, source, status, rows, ignored from raw.files order by path, source"


def entry(files: str = "landing/datacamp/*/*course_fact.csv", **more: Any) -> dict[str, Any]:
    return {"preset": "datacamp_data_connector", "files": files, **more}


def land(place: Place, folder: str, files: dict[str, str] | None = None) -> None:
    place.land({f"datacamp/{folder}/{name}": text for name, text in (files or FOLDER).items()})


def test_activity_by_course(place: Place) -> None:
    place.configure({"activity": [entry()]})
    land(place, "2022-01-31")
    rows = place.rows("select member, occurred_at, course, item, kind, xp, minutes, _fact from raw.activity")
    fact = "course_fact|{}|2022-01-{}".format
    assert rows == [
        ("k@x", "2022-01-04 11:30:00", "Intro to R", None, "course", "90", "1.6666666667", fact("1|10", "03 10:00:00")),
        ("l@x", "2022-01-03 10:00:00", "SQL", None, "course", "50", "60", fact("2|11", "03 10:00:00")),
        ("3", "2022-01-05T00:00:00Z", "-1", None, "course", "", "", fact("3|-1", "05T00:00:00Z")),
    ]
    assert place.rows("select distinct _timezone from raw.activity") == [("UTC",)]
    assert place.rows("select path, status, rows, ignored, cast(exported_at as varchar) from raw.files order by 1") == [
        ("landing/datacamp/2022-01-31/course_dim.csv", "ignored", 2, 2, "2022-01-31 00:00:00"),
        ("landing/datacamp/2022-01-31/learning_course_fact.csv", "loaded", 3, 0, "2022-01-31 00:00:00"),
        ("landing/datacamp/2022-01-31/user_dim.csv", "ignored", 3, 3, "2022-01-31 00:00:00"),
    ]


def test_completions_are_the_facts_that_are_complete(place: Place) -> None:
    place.configure({"completions": [entry()]})
    land(place, "latest")
    rows = place.rows("select member, course, completed_at, started_at, _row, _line from raw.completions")
    assert rows == [("k@x", "Intro to R", "2022-01-04 11:30:00", "2022-01-03 10:00:00", 1, 2)]
    assert place.rows("select rows, ignored, exported_at from raw.files where status = 'loaded'") == [(3, 2, None)]


def test_an_exercise_is_of_the_course_that_its_folder_says(place: Place) -> None:
    place.configure({"activity": [entry("landing/datacamp/*/learning_exercise_fact.csv")]})
    named = "exercise_id,title,course_title\n501,Exercise 1,Joining Data\n"
    land(place, "2022-01-31", {**FOLDER, "learning_exercise_fact.csv": EXERCISES, "exercise_dim.csv": named})
    assert place.rows("select course, item from raw.activity") == [("Joining Data", "501")]


def test_exercises_count_instead_of_courses_never_both(place: Place) -> None:
    place.configure(
        {"activity": [entry("landing/datacamp/*/*.csv")], "completions": [entry("landing/datacamp/*/*.csv")]}
    )
    land(place, "2022-01-30")
    land(place, "2022-01-31", {**FOLDER, "learning_exercise_fact.csv": EXERCISES, "chapter_dim.csv": "chapter_id\n1\n"})
    rows = place.rows("select member, occurred_at, course, item, kind, xp, minutes from raw.activity")
    assert rows == [("k@x", "2022-01-03 10:01:00", None, "501", "exercise", "100", "1.5")]
    assert place.rows("select count(*) from raw.completions") == [(1,)]
    assert place.rows("select count(*) from raw.files where status = 'loaded'") == [(2,)]
    assert place.rows("select count(*) from raw.files where rows <> ignored and status = 'ignored'") == [(0,)]


def test_tables_are_known_by_header_where_the_name_says_nothing(place: Place) -> None:
    place.configure({"activity": [entry("landing/datacamp/*/*.csv")]})
    land(place, "2022-01-31", {"1.csv": FACTS, "2.csv": USERS, "3.csv": COURSES, "4.csv": "id,name\n1,x\n"})
    assert place.rows("select distinct member from raw.activity order by 1") == [("3",), ("k@x",), ("l@x",)]
    assert [row[2] for row in place.rows(STATUS)] == ["loaded", "ignored", "ignored", "ignored"]


def test_names_come_from_the_same_folder(place: Place) -> None:
    place.configure({"activity": [entry()]})
    land(place, "2022-01-30")
    changed = USERS.replace("k@x", "new@x")
    land(
        place,
        "2022-01-31",
        {**FOLDER, "learning_course_fact.csv": FACTS + "1,10,2,2022-02-01,,,5\n", "user_dim.csv": changed},
    )
    rows = place.rows("select member, count(*) from raw.activity where _fact like '%|1|%' group by member order by 1")
    assert rows == [("k@x", 1), ("new@x", 2)]


def test_facts_without_users_are_quarantined(place: Place) -> None:
    place.configure({"activity": [entry()]})
    land(place, "2022-01-31", {"course_fact.csv": FACTS, "course_dim.csv": COURSES})
    assert place.rows("select status, reason from raw.files where path like '%fact%'") == [
        ("quarantined", "no usable user_dim.csv in its folder")
    ]


def test_a_fact_file_without_a_column_is_quarantined(place: Place) -> None:
    place.configure({"activity": [entry()]})
    land(
        place,
        "2022-01-31",
        {**FOLDER, "learning_course_fact.csv": "user_id,course_id,started_at,completed_at,xp\n1,2,,,\n"},
    )
    assert place.rows("select status, reason from raw.files where path like '%fact%'") == [
        ("quarantined", "the file has no column 'time_spent'")
    ]


def test_the_entry_may_declare_zone_and_export_time(place: Place) -> None:
    more = {"timezone": "Asia/Seoul", "exported": {"filename": r"to-(?P<date>\d{4}-\d\d-\d\d)"}}
    place.configure({"activity": [entry(**more)]})
    land(place, "2022-01-01-to-2022-02-01")
    assert place.rows("select distinct _timezone from raw.activity") == [("Asia/Seoul",)]
    assert place.rows("select distinct cast(exported_at as varchar) from raw.files") == [("2022-01-31 15:00:00",)]


def test_an_empty_export_is_nothing_new(place: Place) -> None:
    place.configure({"activity": [entry()], "completions": [entry()]})
    land(place, "2022-01-31", {**FOLDER, "learning_course_fact.csv": FACTS.splitlines()[0] + "\n"})
    assert {row[2] for row in place.rows(STATUS) if "fact" in row[0]} == {"loaded"}
