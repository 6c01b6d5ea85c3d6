from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ENTRY: dict[str, Any] = {
    "preset": "kobotoolbox",
    "survey": "s",
    "files": "landing/*",
    "timezone": "Asia/Seoul",
    "questions": {
        "used": {
            "header": "end/What did you use?",
            "kind": "multi",
            "options": {"Talks": "talks", "Talks in person": "in_person", "Mentors": "mentors"},
        },
        "score": {"header": "end/Score", "kind": "rating", "scale": [1, 5]},
    },
}
HEADER = (
    '"start";"end";"end/What did you use?";"end/What did you use?/Talks";"end/What did you use?/Talks in person";'
    '"end/What did you use?/Mentors";"end/Score";"_id";"_uuid";"_submission_time";"_validation_status";"_notes";'
    '"_status";"_submitted_by";"_tags";"_index"\n'
)
TAGS = '"";"";"#used";"";"";"";"#score";"";"";"";"";"";"";"";"";""\n'
AFTER = '"";"";"submitted_via_web";"";"";'
BORA = (
    '"2025-03-01T10:00:00.000+09:00";"2025-03-01T10:05:00.000+09:00";"Talks in person Mentors";"0";"1";"1";'
    f'"5";"61";"u-61";"2025-03-01T01:05:02";{AFTER}"1"\n'
)
NOTHING = (
    '"2025-03-01T10:00:00.000+09:00";"2025-03-01T10:06:00.000+09:00";"";"";"";"";"4";"62";"u-62";'
    f'"2025-03-01T01:06:02";{AFTER}"2"\n'
)
FILE = HEADER + TAGS + BORA + NOTHING
ANSWERS = "select response, submitted_at, question, answer from raw.survey_responses order by all"


def test_several_answers_are_told_by_the_columns_of_their_options(place: Place) -> None:
    """`Talks in person` is one option, though `Talks` is another; times are in UTC, whatever the entry says."""
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": FILE})
    assert place.rows(ANSWERS) == [
        ("61", "2025-03-01T01:05:02+00:00", "score", "5"),
        ("61", "2025-03-01T01:05:02+00:00", "used", "in_person"),
        ("61", "2025-03-01T01:05:02+00:00", "used", "mentors"),
        ("62", "2025-03-01T01:06:02+00:00", "score", "4"),
        ("62", "2025-03-01T01:06:02+00:00", "used", ""),
    ]
    assert place.rows("select rows, ignored, reason from raw.files") == [(3, 1, None)]


def test_an_option_that_is_not_declared_is_rejected(place: Place) -> None:
    used = ENTRY["questions"]["used"] | {"options": {"Talks": "talks", "Mentors": "mentors"}}
    place.configure({"survey_responses": [ENTRY | {"questions": {"used": used}}]})
    place.land({"a.csv": FILE})
    assert place.rows("select response, answer from raw.survey_responses order by all") == [
        ("61", "mentors"),
        ("62", ""),
    ]
    assert place.rows('select "column", value from raw.rejects') == [("answer", "Talks in person")]


NAMES = "used,score,_id,_uuid,_submission_time,_index\n"


def test_names_alone_are_parted_by_spaces(place: Place) -> None:
    questions = {"used": {"header": "used", "kind": "multi"}}
    place.configure({"survey_responses": [ENTRY | {"questions": questions}]})
    place.land({"a.csv": NAMES + "talks mentors,5,61,u-61,2025-03-01T01:05:02,1\n"})
    assert place.rows("select answer from raw.survey_responses order by 1") == [("mentors",), ("talks",)]


def test_columns_of_options_alone_are_declared_as_headers(place: Place) -> None:
    questions = {"used": {"kind": "multi", "headers": {"talks": "used/talks", "mentors": "used/mentors"}}}
    place.configure({"survey_responses": [ENTRY | {"questions": questions}]})
    place.land({"a.csv": "used/talks,used/mentors,_id,_uuid,_submission_time,_index\n1,0,61,u,2025-03-01T01:05:02,1\n"})
    assert place.rows("select answer from raw.survey_responses order by 1") == [("talks",)]


def test_an_edited_submission_keeps_its_id(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": HEADER + BORA, "b.csv": HEADER + BORA.replace("u-61", "u-99") + NOTHING})
    with place.staged() as con:
        assert con.execute("select count(distinct response) from staging.survey_responses").fetchall() == [(2,)]


def test_another_file_is_refused(place: Place) -> None:
    """The table of a repeated group has no time of its own."""
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": "end/Score,_index,_parent_index,_submission__id\n5,1,1,61\n"})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column '_id', '_submission_time'")
    ]
