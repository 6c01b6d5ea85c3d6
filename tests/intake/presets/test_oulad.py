from __future__ import annotations

import pytest

from tests.intake.homes import Place
from tests.intake.readers.test_unpacking import zipped

pytestmark = pytest.mark.slow

REGISTRATION = (
    '"code_module","code_presentation","id_student","date_registration","date_unregistration"\r\n'
    '"AAA","2013J","11391","-159","?"\r\n'
    '"BBB","2014B","30268","","12"\r\n'
    '"BBB","2014X","30268","1","12"\r\n'
)
CLICKS = (
    "code_module\tcode_presentation\tid_student\tid_site\tdate\tsum_click\r\n"
    "AAA\t2013J\t28400\t546652\t-10\t4\r\n"
    "AAA\t2013J\t28400\t546652\t-10\t4\r\n"
)
ASSESSMENTS = (
    '"code_module","code_presentation","id_assessment","assessment_type","date","weight"\n'
    '"AAA","2013J","1752","TMA","19","10"\n'
)
SCORES = (
    '"id_assessment","id_student","date_submitted","is_banked","score"\n'
    '"1752","1","18","0","78"\n"1752","2","0","0","?"\n'
)


def test_roster(place: Place) -> None:
    place.configure({"roster": [{"preset": "oulad", "files": "landing/*.csv"}]})
    place.land({"r.csv": REGISTRATION})
    assert place.rows("select member, cohort, joined_on, left_on from raw.roster") == [
        ("11391", "AAA-2013J", "2013-04-25", ""),
        ("30268", "BBB-2014B", "", "2014-02-13"),
    ]
    assert place.rows('select "row", "column", value, line from raw.rejects order by "column"') == [
        (3, "joined_on", "1", 4),
        (3, "left_on", "12", 4),
    ]


def test_activity_keeps_repeated_rows(place: Place) -> None:
    place.configure({"activity": [{"preset": "oulad", "files": "landing/*.zip"}]})
    place.land({"a.zip": zipped(studentVle=CLICKS.encode())})
    rows = place.rows("select member, occurred_at, course, item, xp, _row from raw.activity")
    assert rows == [("28400", "2013-09-21", "AAA-2013J", "546652", "4", at) for at in (1, 2)]


def test_completions_look_up_the_presentation_beside(place: Place) -> None:
    place.configure({"completions": [{"preset": "oulad", "files": "landing/studentAssessment.csv"}]})
    place.land({"studentAssessment.csv": SCORES, "assessments.csv": ASSESSMENTS})
    rows = place.rows("select member, course, completed_at, score from raw.completions")
    assert rows == [("1", "1752", "2013-10-19", "78"), ("2", "1752", "2013-10-01", "")]
    assert place.rows("select path, status, rows, ignored from raw.files order by path") == [
        ("landing/assessments.csv", "ignored", 1, 1),
        ("landing/studentAssessment.csv", "loaded", 2, 0),
    ]


def test_completions_without_assessments_are_quarantined(place: Place) -> None:
    place.configure({"completions": [{"preset": "oulad", "files": "landing/*.csv"}]})
    place.land({"scores.csv": SCORES})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "no usable assessments.csv in its folder")
    ]


def test_catalog(place: Place) -> None:
    place.configure({"catalog": [{"preset": "oulad", "files": "landing/*.csv"}]})
    place.land({"assessments.csv": ASSESSMENTS, "other.csv": REGISTRATION})
    assert place.rows("select course, track, title from raw.catalog") == [("1752", "AAA-2013J", "TMA")]
    assert place.rows("select status from raw.files order by path") == [("loaded",), ("ignored",)]
