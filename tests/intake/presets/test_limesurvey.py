from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ENTRY: dict[str, Any] = {
    "preset": "limesurvey",
    "survey": "lime",
    "files": "landing/*",
    "questions": {
        "useful": {"header": "G1Q1", "kind": "rating", "scale": [1, 5]},
        "used": {"kind": "multi", "headers": {"videos": "G1Q2[SQ001]", "mentoring": "G1Q2[SQ002]"}},
        "again": {"header": "G1Q3", "kind": "single", "options": {"Y": "yes", "N": "no"}},
    },
}
HEADER = '"id";"submitdate";"lastpage";"startlanguage";"seed";"G1Q1";"G1Q2[SQ001]";"G1Q2[SQ002]";"G1Q3"\r\n'
BORA = '"1";"2025-03-01 10:05:01";"3";"en";"1441197542";"5";"Y";"";"Y"\r\n'
DURI = '"2";"2025-03-01 11:00:00";"3";"en";"88120034";"4";"Y";"Y";"N"\r\n'
UNFINISHED = '"3";"";"2";"en";"70451";"3";"";"";""\r\n'
FILE = "\ufeff" + HEADER + BORA + DURI + UNFINISHED + "\r\n"
TEXTS = (
    '"Response ID","Date submitted","Last page","Start language","How useful was it?","What did you use? [Videos]",'
    '"What did you use? [Mentoring]","Again?"\n'
)
BY_TEXT = {
    "useful": {"header": "How useful was it?", "kind": "rating", "scale": [1, 5]},
    "used": {
        "kind": "multi",
        "headers": {"videos": "What did you use? [Videos]", "mentoring": "What did you use? [Mentoring]"},
    },
    "again": {"header": "Again?", "kind": "single", "options": {"Yes": "yes", "No": "no"}},
}
ANSWERS = "select response, submitted_at, question, answer from raw.survey_responses order by all"
FATES = "select status, rows, ignored, reason, needs_look from raw.files"


def test_who_has_not_sent_it_in_is_left_out(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": FILE})
    bora, duri = ("1 1441197542", "2025-03-01 10:05:01"), ("2 88120034", "2025-03-01 11:00:00")
    assert place.rows(ANSWERS) == [
        (*bora, "again", "yes"),
        (*bora, "used", "videos"),
        (*bora, "useful", "5"),
        (*duri, "again", "no"),
        (*duri, "used", "mentoring"),
        (*duri, "used", "videos"),
        (*duri, "useful", "4"),
    ]
    said = "1 responses that nobody finished left out"
    assert place.rows(FATES) == [("loaded", 4, 2, said, False)]


def test_long_answers_and_texts_as_headers(place: Place) -> None:
    """N/A is no answer, and an option whose question nobody was asked was not chosen."""
    place.configure({"survey_responses": [ENTRY | {"questions": BY_TEXT}]})
    place.land(
        {
            "a.csv": TEXTS
            + '"1","2025-03-01 10:05:01","3","en","5","Yes","No","Yes"\n'
            + '"2","2025-03-01 10:05:02","3","en","4","N/A","N/A","N/A"\n'
        }
    )
    assert place.rows("select left(response, 1), question, answer from raw.survey_responses order by all") == [
        ("1", "again", "yes"),
        ("1", "used", "videos"),
        ("1", "useful", "5"),
        ("2", "again", ""),
        ("2", "used", ""),
        ("2", "useful", "4"),
    ]


def test_options_turned_into_numbers(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land(
        {"a.csv": HEADER + BORA.replace('"Y";"";"Y"', '"1";"2";"Y"') + DURI.replace('"Y";"Y";"N"', '"2";"2";"N"')}
    )
    used = "select left(response, 1), answer from raw.survey_responses where question = 'used' order by all"
    assert place.rows(used) == [("1", "videos"), ("2", "")]


def test_a_survey_without_dates_needs_a_day(place: Place) -> None:
    undated = FILE.replace("2025-03-01 10:05:01", "1980-01-01 00:00:00").replace(
        "2025-03-01 11:00:00", "1980-01-01 00:00"
    )
    place.land({"a.csv": undated})
    place.configure({"survey_responses": [ENTRY]})
    assert place.rows("select status, reason from raw.files") == [
        (
            "quarantined",
            "the survey keeps no dates, 1980-01-01 stands for all: declare `values: {submitted_at: …}`",
        )
    ]
    place.configure({"survey_responses": [ENTRY | {"values": {"submitted_at": "2025-03-01"}}]})
    assert place.rows("select distinct response, submitted_at from raw.survey_responses order by 1") == [
        ("1 1441197542", "2025-03-01"),
        ("2 88120034", "2025-03-01"),
    ]


def test_responses_of_two_surveys_have_the_same_ids_and_both_count(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    other = HEADER + BORA.replace("1441197542", "999").replace('"5"', '"1"')
    place.land({"a.csv": HEADER + BORA, "b.csv": other, "c.csv": HEADER + BORA + DURI})
    with place.staged() as con:
        useful = "select response, answer from staging.survey_responses where question = 'useful' order by 1"
        assert con.execute(useful).fetchall() == [("1 1441197542", "5"), ("1 999", "1"), ("2 88120034", "4")]


def test_another_file_is_refused(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": FILE.replace("submitdate", "date")})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column 'submitdate'")
    ]
