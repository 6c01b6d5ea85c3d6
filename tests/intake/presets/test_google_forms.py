from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from tests.intake.homes import Place
from tests.intake.readers.test_spreadsheet import workbook

pytestmark = pytest.mark.slow

ENTRY: dict[str, Any] = {
    "preset": "google_forms",
    "survey": "year-1",
    "files": "landing/*",
    "questions": {
        "helped": {"header": "도움이 되었나요?", "kind": "single", "options": {"예": "yes", "아니오": "no"}},
        "liked": {"header": "좋았던 점", "kind": "multi", "options": {"강의, 실습": "course", "사람": "people"}},
    },
}
HEADER = '"타임스탬프","이메일 주소","도움이\n되었나요?","좋았던 점","점수"\n'
ANSWERS = "select member, submitted_at, question, answer, _row, _line from raw.survey_responses order by all"


def test_the_downloaded_csv_in_korean(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "\ufeff" + HEADER + '"2022/07/01 12:05:09 오전 GMT+9","k@x","예","사람;강의, 실습","1 / 1"\n'})
    assert place.rows(ANSWERS) == [
        ("k@x", "2022-07-01T00:05:09+09:00", "helped", "yes", 1, 3),
        ("k@x", "2022-07-01T00:05:09+09:00", "liked", "course", 1, 3),
        ("k@x", "2022-07-01T00:05:09+09:00", "liked", "people", 1, 3),
    ]
    assert place.rows("select rows, ignored, status from raw.files") == [(1, 0, "loaded")]


def test_every_export_of_one_response_has_one_id(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    cells = [dt.datetime(2022, 7, 1, 14, 5, 9), "k@x", "예", "강의, 실습, 사람", ""]
    place.land(
        {
            "download.csv": (HEADER + "2022/07/01 2:05:09 오후 GMT+9,k@x,예,사람,\n").encode("cp949"),
            "english.csv": "Timestamp,Email Address,도움이 되었나요?,좋았던 점\n"
            "2022/07/01 2:05:09 PM GMT+9,K@x,예,사람\n",
            "sheet.tsv": "타임스탬프\t이메일 주소\t도움이 되었나요?\t좋았던 점\n2022. 7. 1 오후 2:05:09\tk@x\t예\t\n",
            "sheet.xlsx": workbook(S=[["타임스탬프", "이메일 주소", "도움이 되었나요?", "좋았던 점", "비고"], cells]),
        }
    )
    assert place.rows("select count(distinct response), count(distinct _file_id) from raw.survey_responses") == [(1, 4)]
    moments = place.rows("select distinct submitted_at from raw.survey_responses order by 1")
    assert moments == [("2022-07-01T14:05:09",), ("2022-07-01T14:05:09+09:00",)]
    assert place.rows("select distinct _timezone from raw.survey_responses") == [("Asia/Seoul",)]


def test_an_unknown_timestamp_rejects_its_record_with_its_line(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": HEADER + "7/1/2022 14:05:09,k@x,예,사람,\n2022. 7. 1 오후 2:05,l@x,예,,\n"})
    assert {row[0] for row in place.rows(ANSWERS)} == {"l@x"}
    assert place.rows('select "row", "column", value, line from raw.rejects') == [
        (1, "submitted_at", "7/1/2022 14:05:09", 3)
    ]
    assert place.rows("select rows from raw.files") == [(2,)]


def test_the_member_is_the_declared_header(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY | {"member": "이름"}]})
    place.land({"a.csv": "Timestamp,Username,이름,도움이 되었나요?,좋았던 점\n2022-07-01,u,김,예,\n"})
    assert place.rows(ANSWERS)[0][0] == "김"


def test_anonymous_responses(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "Timestamp,도움이 되었나요?,좋았던 점\n2022-07-01,예,\n2022-07-01,예,\n"})
    assert place.rows("select count(distinct response), count(member) from raw.survey_responses") == [(2, 0)]


def test_what_a_quiz_adds_is_read_only_where_a_question_names_it(place: Place) -> None:
    """Points beside every answer, and in all; the question itself keeps its answers."""
    points = {"points": {"header": "도움이 되었나요? [점수]", "kind": "text"}}
    place.configure({"survey_responses": [ENTRY | {"questions": {**ENTRY["questions"], **points}}]})
    place.land(
        {
            "a.csv": "타임스탬프,총점,도움이 되었나요?,도움이 되었나요? [점수],도움이 되었나요? [의견],좋았던 점\n"
            "2022/07/01 2:05:09 오후 GMT+9,1 / 1,예,1.00 / 1,잘했어요,사람\n"
        }
    )
    assert place.rows("select question, answer from raw.survey_responses order by 1") == [
        ("helped", "yes"),
        ("liked", "people"),
        ("points", "1.00 / 1"),
    ]


def test_another_locale_s_timestamps_are_declared(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY | {"datetime_format": "%m/%d/%Y %H:%M:%S"}]})
    place.land({"a.csv": "Timestamp,도움이 되었나요?,좋았던 점\n7/1/2022 14:05:09,예,\n"})
    assert place.rows("select distinct submitted_at from raw.survey_responses") == [("2022-07-01T14:05:09",)]


def test_a_question_that_no_file_has_is_a_mistake_in_program_yaml(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "타임스탬프,도움이 되었나요?,좋았던점\n2022-07-01,예,\n"})
    with pytest.raises(UserError, match=r"questions\.liked\.header: no file .* '좋았던 점'\. Nearest: '좋았던점'"):
        place.rows(ANSWERS)


def test_a_file_without_a_timestamp_is_quarantined(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "도움이 되었나요?,좋았던 점\n예,\n"})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column '타임스탬프'")
    ]
