from __future__ import annotations

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

PROGRESS = (
    "enrollment_id,enterprise_enrollment_id,is_consent_granted,paid_by,enrollment_date,course_key,course_title,"
    "has_passed,last_activity_date,progress_status,passed_date,current_grade,user_email,total_learning_time_hours\n"
)
ENGAGEMENT = (
    "email,course_title,course_subject,enroll_type,activity_date,learning_time_hours,is_engaged_video,"
    "is_engaged_forum,is_engaged_problem\n"
)
LICENSES = "activation_date,activation_link,last_remind_date,status,user_email\n"
FATES = "select rows, ignored, status, reason from raw.files"


def configure(place: Place, source: str) -> Place:
    place.configure({source: [{"preset": "edx_enterprise", "files": "landing/*"}]})
    return place


def test_engagement_is_activity_by_day(place: Place) -> None:
    configure(place, "activity").land({"e.csv": ENGAGEMENT + "a@x.org,Demo,CS,verified,2024-03-05,1.5,1,0,1\n"})
    assert place.rows("select member, occurred_at, course, minutes, _timezone from raw.activity") == [
        ("a@x.org", "2024-03-05", "Demo", "90", "UTC")
    ]


def test_totals_of_learner_progress_are_no_activity(place: Place) -> None:
    """They repeat what the engagement report has by day."""
    configure(place, "activity").land(
        {"p.csv": PROGRESS + "1,1,True,E,2024-01-01,k,Demo,True,2024-03-05,Passed,2024-03-05,0.9,a@x.org,4\n"}
    )
    assert place.rows(FATES) == [(1, 1, "ignored", "a report that this source is not read from")]


def test_passed_courses_of_learner_progress_are_completions(place: Place) -> None:
    configure(place, "completions").land(
        {
            "p.csv": PROGRESS
            + "1,1,True,E,2024-01-01,k,Demo,True,2024-03-05,Passed,2024-03-05,0.9,a@x.org,4\n"
            + "2,2,True,E,2024-01-01,k,Demo,False,2024-03-05,In Progress,,0.4,b@x.org,4\n"
        }
    )
    assert place.rows("select member, course, completed_at, started_at, score from raw.completions") == [
        ("a@x.org", "Demo", "2024-03-05", "2024-01-01", "90")
    ]
    assert place.rows(FATES) == [(2, 1, "loaded", None)]


def test_days_that_a_spreadsheet_program_saved_its_own_way_are_declared(place: Place) -> None:
    """What stands in canonical form all the same is read as it is; what is neither is rejected."""
    lines = [f"a@x.org,Demo,CS,verified,{day},1.5,1,0,1\n" for day in ("3/5/2024", "2024-03-06", "13/5/2024")]
    place.configure({"activity": [{"preset": "edx_enterprise", "files": "landing/*", "datetime_format": "%m/%d/%Y"}]})
    place.land({"e.csv": ENGAGEMENT + "".join(lines)})
    assert place.rows("select occurred_at from raw.activity order by _row") == [
        ("2024-03-05",),
        ("2024-03-06",),
        ("13/5/2024",),
    ]


def test_who_did_not_consent_has_no_name_and_is_left_out(place: Place) -> None:
    """A learner who did consent and has no address is another matter: the contract rejects the row."""
    rest = "E,2024-01-01,k,Demo,True,2024-03-05,Passed,2024-03-05,0.9,,4\n"
    configure(place, "completions").land({"p.csv": PROGRESS + "1,1,False," + rest + "2,2,True," + rest})
    assert place.rows("select member, _row from raw.completions") == [("", 2)]
    assert place.rows(FATES)[0][:3] == (2, 1, "loaded")


@pytest.mark.fault("D9")
def test_grades_on_two_scales_are_rejected(place: Place) -> None:
    configure(place, "completions").land(
        {
            "p.csv": PROGRESS
            + "1,1,True,E,2024-01-01,k,Demo,True,2024-03-05,Passed,2024-03-05,0.9,a@x.org,4\n"
            + "2,2,True,E,2024-01-01,k,Demo,True,2024-03-05,Passed,2024-03-05,88,b@x.org,4\n"
        }
    )
    assert place.rows("select member, score from raw.completions") == [("b@x.org", "88")]
    assert place.rows('select "row", "column", line from raw.rejects') == [(1, "score", 2)]


def test_individual_completions(place: Place) -> None:
    configure(place, "completions").land(
        {"c.csv": "email,course_title,course_subject,enroll_type,passed_date\na@x.org,Demo,CS,verified,2024-03-05\n"}
    )
    assert place.rows("select member, course, completed_at from raw.completions") == [("a@x.org", "Demo", "2024-03-05")]


def test_licenses_are_seats(place: Place) -> None:
    """Revoked and assigned anew is in the file twice, in any order; the license in force counts."""
    configure(place, "seat_snapshots").land(
        {
            "licenses-2024-04-01.csv": LICENSES
            + "2024-03-01 10:00:00.123456+00:00,https://x/1,2024-02-01 00:00:00+00:00,activated,a@x.org\n"
            + ",https://x/2,2024-02-01 00:00:00+00:00,assigned,b@x.org\n"
            + ",https://x/3,2023-02-01 00:00:00+00:00,revoked,a@x.org\n"
            + ",https://x/4,2023-02-01 00:00:00+00:00,revoked,c@x.org\n"
        }
    )
    made = "2024-04-01T00:00:00Z"
    assert place.rows(
        "select member, status, exported_at, accepted_at, invited_at from raw.seat_snapshots order by 1"
    ) == [
        ("a@x.org", "active", made, "2024-03-01 10:00:00.123456+00:00", None),
        ("b@x.org", "invited", made, "", None),
        ("c@x.org", "removed", made, "", None),
    ]
    assert place.rows(FATES) == [(4, 1, "loaded", None)]


def test_an_unknown_state_goes_on_for_the_contract_to_reject(place: Place) -> None:
    configure(place, "seat_snapshots").land({"2024-04-01.csv": LICENSES + ",l,,unassigned,a@x.org\n"})
    assert place.rows("select status from raw.seat_snapshots") == [("unassigned",)]


def test_licenses_without_the_day_of_their_export_are_refused(place: Place) -> None:
    configure(place, "seat_snapshots").land({"licenses.csv": LICENSES + ",l,,assigned,a@x.org\n"})
    assert place.rows(FATES)[0][2] == "quarantined"


def test_another_file_is_refused_by_what_it_lacks(place: Place) -> None:
    configure(place, "activity").land({"l.csv": "email,learning_time_hours,session_count\na@x.org,3,2\n"})
    assert place.rows(FATES)[0][2:] == ("quarantined", "the file has no column 'course_title', 'activity_date'")
