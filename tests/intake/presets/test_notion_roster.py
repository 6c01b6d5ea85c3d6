from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

HEADER = "이름,기수,타입,단계,빌더,러너,수료자,이탈자,이탈자 수,기간,비고\n"
STUDY = (
    'DataCamp,10기,스터디,완료,"김하나, 이둘","박셋 (서울, 오후), 최넷",박셋 최넷,정다섯,1,'
    '"September 3, 2025 → November 12, 2025",\n'
)
ROSTER = "select member, cohort, role, study_group, joined_on, left_on from raw.roster order by _row, role, member"


def configure(place: Place, **entry: Any) -> None:
    place.configure({"roster": [{"preset": "notion_roster", "files": "landing/*", **entry}]})


def test_the_people_in_the_cells_of_a_study(place: Place) -> None:
    """A comma in parentheses parts nobody; whoever dropped out stays a learner, since nothing says when."""
    configure(place)
    place.land({"a.csv": "\ufeff" + HEADER + STUDY})
    assert place.rows(ROSTER) == [
        ("김하나", "10기", "builder", "DataCamp", "2025-09-03", None),
        ("이둘", "10기", "builder", "DataCamp", "2025-09-03", None),
        ("박셋 (서울, 오후)", "10기", "learner", "DataCamp", "2025-09-03", None),
        ("정다섯", "10기", "learner", "DataCamp", "2025-09-03", None),
        ("최넷", "10기", "learner", "DataCamp", "2025-09-03", None),
    ]
    with place.staged() as con:
        assert fetch(con, "select rows, staged, rejected, superseded, ignored, reason from raw.files") == [
            (1, 1, 0, 0, 0, "1 dropouts without the day they left: they stay in the roster")
        ]


def test_a_builder_among_the_runners_is_a_builder(place: Place) -> None:
    configure(place)
    place.land({"a.csv": '이름,기수,빌더,러너,이탈자,기간\nA,10기,김,"김, 이, 이",,\n'})
    assert place.rows(ROSTER) == [("김", "10기", "builder", "A", "", None), ("이", "10기", "learner", "A", "", None)]


def test_a_study_of_two_cohorts_is_in_both(place: Place) -> None:
    configure(place)
    place.land({"a.csv": '이름,기수,빌더,러너,이탈자,기간\nA,"10기, 11기",김,,,\n'})
    assert place.rows(ROSTER) == [("김", "10기", "builder", "A", "", None), ("김", "11기", "builder", "A", "", None)]


def test_a_study_without_people_is_ignored(place: Place) -> None:
    configure(place)
    place.land({"a.csv": HEADER + STUDY + "New,11기,스터디,모집,,,,,,,\n"})
    assert place.rows("select rows, ignored, status from raw.files") == [(2, 1, "loaded")]


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2025년 9월 3일 → 2025년 11월 12일", "2025-09-03"),
        ("2025/09/03", "2025-09-03"),
        ("2025-09-03 → 2025-11-12", "2025-09-03"),
        ('"September 3, 2025 2:30 PM"', "2025-09-03"),
        ("", ""),
    ],
)
def test_periods_of_known_forms(place: Place, period: str, day: str) -> None:
    configure(place)
    place.land({"a.csv": f"이름,기수,빌더,러너,이탈자,기간\nA,10기,김,,,{period}\n"})
    assert place.rows("select joined_on from raw.roster") == [(day,)]


@pytest.mark.fault("C8")
def test_a_period_of_an_unknown_form_is_rejected_until_it_is_declared(place: Place) -> None:
    configure(place)
    place.land({"a.csv": "이름,기수,빌더,러너,이탈자,기간\nA,10기,김,,,03/09/2025 → 12/11/2025\n"})
    with place.staged() as con:
        assert fetch(con, 'select "column", value, line from raw.rejects') == [("joined_on", "03/09/2025", 2)]
    configure(place, datetime_format="%d/%m/%Y")
    assert place.rows("select joined_on from raw.roster") == [("2025-09-03",)]


@pytest.mark.fault("D6")
def test_a_name_in_two_studies_is_said(place: Place) -> None:
    """Names are all there is: one person until aliases part them, and one row of a cohort and day."""
    configure(place)
    place.land({"a.csv": "이름,기수,빌더,러너,이탈자,기간\nA,10기,김,이,,\nB,10기,박,김,,\n"})
    with place.staged() as con:
        assert fetch(con, "select member, study_group from staging.roster order by 1") == [
            ("김", "B"),
            ("박", "B"),
            ("이", "A"),
        ]
        assert fetch(con, "select reason from raw.files") == [
            (
                "1 names stand in several studies, one person each as long as no aliases part them;"
                " 1 of them from the same day on: only the last of these studies is in the roster",
            )
        ]


def test_another_file_is_refused(place: Place) -> None:
    configure(place)
    place.land({"a.csv": "이름,기수\nA,10기\n"})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column '기간', '빌더', '러너', '이탈자'")
    ]
