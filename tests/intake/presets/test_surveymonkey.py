from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ENTRY: dict[str, Any] = {
    "preset": "surveymonkey",
    "survey": "s",
    "files": "landing/*",
    "questions": {
        "useful": {"header": "How useful was it?", "kind": "rating", "scale": [1, 5]},
        "used": {
            "kind": "multi",
            "headers": {"talks": "What did you use? [Talks]", "mentors": "What did you use? [Mentors]"},
        },
        "other": {"header": "What did you use? [Other (please specify)]", "kind": "text"},
        "more": {"header": "Anything else?", "kind": "text"},
    },
}
QUESTIONS = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
    "How useful was it?,What did you use?,,,Anything else?\n"
)
OPTIONS = ",,,,,,,,,Response,Talks,Mentors,Other (please specify),Open-Ended Response\n"
BORA = "118000001,401,03/01/2025 09:00:00 AM,03/01/2025 12:05:01 PM,,bora@x.org,,,,5,Talks,Mentors,,\n"
DURI = "118000002,401,03/31/2025 09:00:00 AM,03/31/2025 12:05:01 AM,,,,,,4,,,the forum,\n"
FILE = QUESTIONS + OPTIONS + BORA + DURI
ANSWERS = "select response, member, submitted_at, question, answer from raw.survey_responses order by all"


def test_a_column_per_option_below_two_lines(place: Place) -> None:
    """12 in the afternoon is noon, 12 in the morning midnight."""
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": FILE})
    bora = ("118000001", "bora@x.org", "2025-03-01T12:05:01")
    duri = ("118000002", "", "2025-03-31T00:05:01")
    assert place.rows(ANSWERS) == [
        (*bora, "more", ""),
        (*bora, "other", ""),
        (*bora, "used", "mentors"),
        (*bora, "used", "talks"),
        (*bora, "useful", "5"),
        (*duri, "more", ""),
        (*duri, "other", "the forum"),
        (*duri, "used", ""),
        (*duri, "useful", "4"),
    ]
    assert place.rows("select rows, ignored, reason from raw.files") == [(3, 1, None)]


def test_questions_of_one_column_need_no_second_line(place: Place) -> None:
    """Nor is anybody a member where no addresses were collected."""
    place.configure({"survey_responses": [ENTRY | {"questions": {"useful": ENTRY["questions"]["useful"]}}]})
    header = "RespondentID,CollectorID,StartDate,EndDate,IP Address,Email Address,How useful was it?\n"
    answer = "118000001,401,2025-03-01 09:00:00,2025-03-01 09:05:00,,,5\n"
    place.land({"a.csv": header + ",,,,,,\n" + answer, "b.csv": header + answer.replace("01,401", "02,401")})
    assert place.rows("select response, answer from raw.survey_responses order by 1") == [
        ("118000001", "5"),
        ("118000002", "5"),
    ]
    assert place.rows("select rows, ignored from raw.files order by path") == [(2, 1), (1, 0)]


def test_two_questions_with_the_same_options_are_apart(place: Place) -> None:
    questions = {"now": {"kind": "multi", "headers": {"git": "Now? [Git]"}}} | {
        "then": {"kind": "multi", "headers": {"git": "Then? [Git]"}}
    }
    place.configure({"survey_responses": [ENTRY | {"questions": questions}]})
    place.land(
        {
            "a.csv": "Respondent ID,Collector ID,Start Date,End Date,Now?,,Then?,\n"
            ",,,,Git,Python,Git,Python\n"
            "118000001,401,2025-03-01 09:00:00,2025-03-01 09:05:00,,Python,Git,\n"
        }
    )
    assert place.rows("select question, answer from raw.survey_responses order by 1") == [("now", ""), ("then", "git")]


def test_ids_that_a_spreadsheet_program_rounded_are_refused(place: Place) -> None:
    """They would be one response."""
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": FILE.replace("118000001", "1.18E+08").replace("118000002", "1.18E+08")})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "a spreadsheet program has rounded the ids of respondents: export the file anew")
    ]


def test_a_day_that_may_be_a_month_is_asked_for(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": QUESTIONS + OPTIONS + BORA.replace("03/01/2025", "03/02/2025")})
    assert place.rows("select status, reason from raw.files") == [
        (
            "quarantined",
            "whether the day or the month comes first is not certain: declare "
            "`datetime_format: '%m/%d/%Y %I:%M:%S %p'` (month first) or "
            "`datetime_format: '%d/%m/%Y %I:%M:%S %p'` (day first)",
        )
    ]


def test_another_file_is_refused(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "Timestamp,How useful was it?\n2025-03-01 09:00:00,5\n"})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column 'Respondent ID', 'End Date'")
    ]
