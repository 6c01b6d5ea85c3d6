from __future__ import annotations

from tests.intake.homes import Place

ENTRY = {
    "preset": "tally",
    "survey": "s",
    "files": "landing/*",
    "timezone": "Asia/Seoul",
    "questions": {
        "liked": {"header": "무엇이 좋았나요?", "kind": "multi", "options": {"강의, 실습": "course", "사람": "people"}},
        "score": {"header": "점수", "kind": "rating"},
    },
}
FILE = (
    "Submission ID,Respondent ID,Submitted at,무엇이 좋았나요?,점수\n"
    '4b1,r1,2024-08-11 23:25:40,"사람, 강의, 실습",9\n'
    "4b2,r1,2024-08-12 00:00:00,,10\n"
    "4b3,r2,12 August 2024,사람,1\n"
)


def test_a_submission_is_a_response_in_the_entry_s_zone(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": FILE})
    columns = "response, submitted_at, question, answer, member, _timezone"
    assert place.rows(f"select {columns} from raw.survey_responses order by _row, 3, 4") == [
        ("4b1", "2024-08-11 23:25:40", "liked", "course", None, "Asia/Seoul"),
        ("4b1", "2024-08-11 23:25:40", "liked", "people", None, "Asia/Seoul"),
        ("4b1", "2024-08-11 23:25:40", "score", "9", None, "Asia/Seoul"),
        ("4b2", "2024-08-12 00:00:00", "liked", "", None, "Asia/Seoul"),
        ("4b2", "2024-08-12 00:00:00", "score", "10", None, "Asia/Seoul"),
    ]
    assert place.rows('select "row", "column", line from raw.rejects') == [(3, "submitted_at", 4)]


def test_a_question_may_ask_who_answers(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY | {"member": "이메일"}]})
    place.land({"a.csv": FILE.replace("Respondent ID", "이메일")})
    assert place.rows("select distinct member from raw.survey_responses order by 1") == [("r1",)]


def test_another_file_is_refused(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": FILE.replace("Submission ID", "id")})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column 'Submission ID'")
    ]
