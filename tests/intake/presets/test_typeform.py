from __future__ import annotations

from tests.intake.homes import Place

ENTRY = {
    "preset": "typeform",
    "survey": "s",
    "files": "landing/*",
    "timezone": "Asia/Seoul",
    "questions": {"helped": {"header": "Did it help?", "kind": "single", "options": {"Yes": "yes", "No": "No"}}},
}
NEW = (
    "#,Did it help?,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags,Ending\n"
    "a1,Yes,completed,2023-01-23 06:20:00,,2023-01-23 06:24:12,n1,,\n"
    "a2,No,completed,2023-01-23 06:20:00,,2023-01-23 06:24:12,n1,,\n"
)
OLD = (
    "#,Did it help?,Start Date (UTC),Submit Date (UTC),Network ID\na1,Yes,2023-01-23 06:20:00,2023-01-23 06:24:12,n1\n"
)
ANSWERS = "select response, submitted_at, answer from raw.survey_responses order by all"


def test_the_submit_date_is_in_utc_whatever_the_entry_s_zone(place: Place) -> None:
    """Two people on one network are two responses."""
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": NEW})
    assert place.rows(ANSWERS) == [("a1", "2023-01-23T06:24:12Z", "yes"), ("a2", "2023-01-23T06:24:12Z", "No")]


def test_older_files_lack_columns_that_nothing_needs(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": OLD})
    assert place.rows(ANSWERS) == [("a1", "2023-01-23T06:24:12Z", "yes")]


def test_a_response_that_was_never_sent_in_is_rejected(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": OLD + "a2,No,2023-01-23 06:20:00,,n2\n"})
    assert place.rows('select "row", "column", reason from raw.rejects') == [
        (2, "submitted_at", "no known form of a timestamp")
    ]


def test_another_file_is_refused(place: Place) -> None:
    place.configure({"survey_responses": [ENTRY]})
    place.land({"a.csv": OLD.replace("Submit Date (UTC)", "Submitted")})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column 'Submit Date (UTC)'")
    ]
