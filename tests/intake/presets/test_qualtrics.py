from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ENTRY: dict[str, Any] = {
    "preset": "qualtrics",
    "survey": "end",
    "files": "landing/*",
    "questions": {
        "q1": {"header": "Q1", "kind": "rating", "scale": [1, 5]},
        "q2": {"header": "Q2", "kind": "multi", "options": {"Videos": "videos", "Mentoring, 1:1": "mentoring"}},
    },
}
IDS = "StartDate,EndDate,Status,Progress,Finished,RecordedDate,ResponseId,RecipientEmail,Q1,Q2\n"
LABELS = (
    "Start Date,End Date,Response Type,Progress,Finished,Recorded Date,Response ID,Recipient Email,"
    '"How helpful\nwas it?",What did you use?\n'
)
IMPORT_IDS = (
    '"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}","{""ImportId"":""endDate"",""timeZone"":'
    '""America/Denver""}","{""ImportId"":""status""}","{""ImportId"":""progress""}","{""ImportId"":""finished""}",'
    '"{""ImportId"":""recordedDate"",""timeZone"":""America/Denver""}","{""ImportId"":""_recordId""}",'
    '"{""ImportId"":""recipientEmail""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
)
START = "2025-03-01 10:00:00,2025-03-01 10:05:00,"
BORA = START + 'IP Address,100,True,2025-03-01 10:05:01,R_1,bora@x.org,5,"Videos,Mentoring, 1:1"\n'
DURI = START + "IP Address,100,True,2025-07-01 10:05:01,R_2,duri@x.org,4,Videos\n"
GAON = START + "IP Address,40,False,2025-03-08 10:05:01,R_3,gaon@x.org,2,\n"
PREVIEW = START + "Survey Preview,100,True,2025-03-01 09:05:01,R_0,,1,Videos\n"
FILE = IDS + LABELS + IMPORT_IDS + BORA + DURI + GAON + PREVIEW
ANSWERS = "select response, member, submitted_at, question, answer from raw.survey_responses order by all"
FATES = "select rows, ignored, reason, needs_look from raw.files"
LEFT_OUT = "1 previews and tests left out; 1 responses that nobody finished left out"


def test_responses_stand_below_three_lines_and_are_of_the_zone_that_the_file_says(place: Place) -> None:
    """Denver is 7 hours behind UTC in March, 6 in July, whatever the entry says."""
    place.configure({"survey_responses": [ENTRY | {"timezone": "Asia/Seoul"}]})
    place.land({"a.csv": FILE})
    assert place.rows(ANSWERS) == [
        ("R_1", "bora@x.org", "2025-03-01T10:05:01-07:00", "q1", "5"),
        ("R_1", "bora@x.org", "2025-03-01T10:05:01-07:00", "q2", "mentoring"),
        ("R_1", "bora@x.org", "2025-03-01T10:05:01-07:00", "q2", "videos"),
        ("R_2", "duri@x.org", "2025-07-01T10:05:01-06:00", "q1", "4"),
        ("R_2", "duri@x.org", "2025-07-01T10:05:01-06:00", "q2", "videos"),
    ]
    assert place.rows(FATES) == [(6, 4, LEFT_OUT, False)]


def test_numbers_stand_for_the_words(place: Place) -> None:
    numbers = FILE.replace("IP Address", "0").replace("Survey Preview", "1").replace("True", "1").replace("False", "0")
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": numbers})
    assert place.rows("select distinct response from raw.survey_responses order by 1") == [("R_1",), ("R_2",)]
    assert place.rows(FATES) == [(6, 4, LEFT_OUT, False)]


def test_unfinished_responses_count_where_the_entry_asks_for_them(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY | {"where": {"Finished": ["True", "False"]}}]})
    place.land({"a.csv": FILE})
    assert place.rows("select distinct response from raw.survey_responses order by 1") == [("R_1",), ("R_2",), ("R_3",)]


def test_without_the_lines_below_the_ids_times_are_of_the_entry_s_zone(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY | {"timezone": "Europe/Paris"}]})
    place.land({"a.csv": IDS + BORA})
    assert place.rows("select distinct submitted_at, _timezone from raw.survey_responses") == [
        ("2025-03-01T10:05:01+01:00", "Europe/Paris")
    ]
    assert place.rows(FATES) == [(1, 0, None, False)]


def test_times_are_not_of_another_zone_where_the_line_that_says_theirs_is_damaged(place: Place) -> None:
    """A quote that is lost makes it no record; a word that is lost leaves the line with the zone where it is."""
    place.configure({"survey_responses": [ENTRY | {"timezone": "Asia/Seoul"}]})
    place.land(
        {
            "a.csv": IDS + LABELS + IMPORT_IDS.replace('""finished""', '"finished""') + BORA,
            "b.csv": IDS + LABELS.replace("Response ID", "Respone ID") + IMPORT_IDS + DURI,
        }
    )
    reason = "a line below the ids is damaged, and may be the one with the zone of all times: export it anew"
    assert place.rows("select status, reason from raw.files order by path") == [
        ("quarantined", reason),
        ("loaded", None),
    ]
    assert place.rows("select distinct response, submitted_at from raw.survey_responses") == [
        ("R_2", "2025-07-01T10:05:01-06:00")
    ]


def test_headers_alone_are_no_responses(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": IDS + LABELS + IMPORT_IDS})
    assert place.rows("select status, rows, ignored from raw.files") == [("loaded", 2, 2)]


def test_an_hour_that_comes_twice_is_said(place: Place) -> None:
    """Clocks in Denver went back from 2:00 to 1:00 on the 2nd of November."""
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": IDS + LABELS + IMPORT_IDS + BORA.replace("2025-03-01 10:05:01", "2025-11-02 01:30:00")})
    assert place.rows("select reason, needs_look from raw.files") == [
        (
            "1 records have a time that clocks of America/Denver show twice or never: write it with its offset",
            True,
        )
    ]


def test_a_file_saved_by_a_spreadsheet_program_has_other_times(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    saved = BORA.replace("2025-03-01 10:05:01", "3/1/2025 10:05"), DURI.replace("2025-07-01 10:05:01", "7/31/2025 9:05")
    place.land({"a.csv": IDS + LABELS + IMPORT_IDS + "".join(saved)})
    assert place.rows("select distinct response, submitted_at from raw.survey_responses order by 1") == [
        ("R_1", "2025-03-01T10:05:00-07:00"),
        ("R_2", "2025-07-31T09:05:00-06:00"),
    ]


def test_a_form_of_times_that_the_entry_declares_is_of_the_file_s_zone_too(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY | {"datetime_format": "%d.%m.%Y %H:%M"}]})
    place.land({"a.csv": IDS + LABELS + IMPORT_IDS + BORA.replace("2025-03-01 10:05:01", "01.03.2025 10:05")})
    assert place.rows("select distinct submitted_at from raw.survey_responses") == [("2025-03-01T10:05:00-07:00",)]


def test_an_older_export_is_refused(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "V1,ResponseSet,StartDate,Q1,Q2\nR_1,Default Response Set,2014-03-01 10:00:00,5,Videos\n"})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column 'EndDate', 'Status', 'Finished', 'ResponseId'")
    ]
