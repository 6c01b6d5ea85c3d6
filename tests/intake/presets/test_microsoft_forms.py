from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.intake.homes import Place
from tests.intake.readers.test_spreadsheet import workbook

pytestmark = pytest.mark.slow

ENTRY: dict[str, Any] = {
    "preset": "microsoft_forms",
    "survey": "s",
    "files": "landing/*",
    "questions": {
        "liked": {"header": "What did you like?", "kind": "multi"},
        "score": {"header": "How useful was it?", "kind": "rating", "scale": [1, 5]},
    },
}
HEADER = ["ID", "Start time", "Completion time", "Email", "Name", "What did you like?", "How useful was it?"]
MORNING = dt.datetime(2025, 3, 1, 9, 0, 0)
BORA = [1, MORNING, dt.datetime(2025, 3, 1, 9, 5, 1), "bora@x.org", "Ahn Bora", "Talks, in person;People;", 5]
ANONYMOUS = [2, MORNING, dt.datetime(2025, 3, 1, 9, 6, 0), "anonymous", None, None, 4]
FILE = workbook(Form1=[HEADER, BORA, ANONYMOUS])
QUIZ = workbook(
    Form1=[
        [*HEADER, "Total points", "Points - How useful was it?", "Feedback - How useful was it?"],
        [*BORA, 1, 1, "Thanks"],
        [*ANONYMOUS, 1, 1, None],
    ]
)
CSV = "Id,Start time,Completion time,Email,Name,What did you like?,How useful was it?\n"
ANSWERS = "select response, member, submitted_at, question, answer from raw.survey_responses order by all"


def test_the_workbook(place: Place) -> None:
    """Answers are parted by the semicolon alone, the last of which parts nothing; anonymous is nobody."""
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.xlsx": FILE})
    bora = ("1 2025-03-01T09:00:00", "bora@x.org", "2025-03-01T09:05:01")
    nobody = ("2 2025-03-01T09:00:00", "", "2025-03-01T09:06:00")
    assert place.rows(ANSWERS) == [
        (*bora, "liked", "People"),
        (*bora, "liked", "Talks, in person"),
        (*bora, "score", "5"),
        (*nobody, "liked", ""),
        (*nobody, "score", "4"),
    ]
    with place.staged() as con:
        query = "select distinct left(response, 1), member from staging.survey_responses order by 1"
        assert con.execute(query).fetchall() == [("1", "bora@x.org"), ("2", None)]


def test_a_form_that_keeps_no_names_has_no_members(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": CSV + "1,2025-03-01 09:00:00,2025-03-01 09:05:00,anonymous,,People;,5\n"})
    assert place.rows("select count(*), count(member) from raw.survey_responses") == [(2, 0)]


def test_a_question_that_asks_for_the_address_may_be_called_email_too(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY | {"member": "Email"}]})
    header = CSV.replace("Name,", "Name,Email,")
    place.land({"a.csv": header + "1,2025-03-01 09:00:00,2025-03-01 09:05:00,anonymous,,duri@x.org,People;,5\n"})
    assert place.rows("select distinct member from raw.survey_responses") == [("duri@x.org",)]


def test_saved_as_text_the_day_stands_where_the_spreadsheet_program_puts_it(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": CSV + "1,8/20/25 12:51:45,8/20/25 12:54:25,b@x.org,B,People;,5\n"})
    assert place.rows("select distinct submitted_at from raw.survey_responses") == [("2025-08-20T12:54:25",)]


def test_a_day_that_may_be_a_month_is_asked_for(place: Place) -> None:
    place.land({"a.csv": CSV + "1,7/2/20 11:00:22,7/2/20 11:01:24,b@x.org,B,People;,5\n"})
    place.configure({"survey_responses": [ENTRY]})
    assert place.rows("select status, reason from raw.files") == [
        (
            "quarantined",
            "whether the day or the month comes first is not certain: declare "
            "`datetime_format: '%m/%d/%y %H:%M:%S'` (month first) or "
            "`datetime_format: '%d/%m/%y %H:%M:%S'` (day first)",
        )
    ]
    place.configure({"survey_responses": [ENTRY | {"datetime_format": "%m/%d/%y %H:%M:%S"}]})
    assert place.rows("select distinct submitted_at from raw.survey_responses") == [("2020-07-02T11:01:24",)]


def test_two_forms_of_one_survey_have_the_same_ids_and_both_count(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    later = [1, MORNING + dt.timedelta(days=9), MORNING + dt.timedelta(days=9), "duri@x.org", "Baek Duri", "People;", 3]
    place.land({"a.xlsx": FILE, "b.xlsx": workbook(Form1=[HEADER, later])})
    with place.staged() as con:
        query = "select response, answer from staging.survey_responses where question = 'score' order by 1"
        assert con.execute(query).fetchall() == [
            ("1 2025-03-01T09:00:00", "5"),
            ("1 2025-03-10T09:00:00", "3"),
            ("2 2025-03-01T09:00:00", "4"),
        ]


def test_another_file_is_refused(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "Timestamp,What did you like?,How useful was it?\n2025-03-01 09:00:00,People;,5\n"})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column 'ID', 'Start time', 'Completion time'")
    ]
