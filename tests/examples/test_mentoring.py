"""The mentoring classes from end to end: who came, what was asked and answered, how it was rated, what was handed in.

Belongs here: figures of program 5. Its counts are the example's own (``plan.py``), since the source has none; expected
by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.examples.runs import Ran, generated_twice, ran

pytestmark = pytest.mark.xdist_group("mentoring")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    with ran(tmp_path_factory.mktemp("mentoring"), "mentoring") as run:
        yield run


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    one, two = generated_twice("mentoring", tmp_path)
    assert one == two


def test_it_publishes_without_seats_and_activity(run: Ran) -> None:
    """The latest day of anything is that of the last portfolio."""
    assert (run.summary.ok, run.summary.failed_checks) == (True, [])
    assert run.summary.as_of == date(2024, 2, 26)
    assert run.sections == ["missions", "community"]
    tiles = "select kpi, numerator, denominator, status from kpi.scorecard where slice_by = 'all' order by kpi"
    assert run.rows(tiles) == [("attendance_rate", 28, 31, "met"), ("mission_survival_rate", 30, 30, None)]


def test_only_a_telephone_that_nobody_knows_is_warned_of(run: Ran) -> None:
    assert run.rows("select source, value, rows from ops.unmatched") == [("attendance", "iPhone", 1)]
    assert run.rows("select * from raw.rejects") == []
    assert [warning for warning in run.summary.warnings if "resolve" not in warning] == []


def test_four_sessions_by_february_25(run: Ran) -> None:
    """``mission.md`` 5: four sessions by 2024-02-25; 1 introduction; 2 questions, jobs, life map; 3 …; 4 …"""
    days = "select session, cast(starts_at + interval 9 hour as date), title from staging.sessions order by session"
    assert run.rows(days) == [
        ("1회차", date(2024, 1, 28), "소개"),
        ("2회차", date(2024, 2, 4), "질문, 데이터·AI 직무, 인생 지도"),
        ("3회차", date(2024, 2, 18), "질문, 이력서 점검표, 동료 피드백"),
        ("4회차", date(2024, 2, 25), "커리어 프레임워크, 회사 고르기, 포트폴리오 피드백"),
    ]


def test_who_came(run: Ran) -> None:
    """28, 26, 23 and 25 of 30 mentees; the mentor is a host; nobody is in longer than the two hours."""
    came = (
        "select session, count(*) filter (not is_host), count(*) filter (is_host), max(minutes) <= 120 "
        "from core.session_attendances group by session order by session"
    )
    assert run.rows(came) == [
        ("1회차", 28, 1, True),
        ("2회차", 26, 1, True),
        ("3회차", 23, 1, True),
        ("4회차", 25, 1, True),
    ]


def test_who_joins_again_came_once_from_two_files_under_two_names(run: Ran) -> None:
    again = "select count(*) > 10, bool_and(minutes > 60) from core.session_attendances where joins > 1 and not is_host"
    assert run.one(again) == (True, True)
    rated = "select sum(names), sum(files), count(*) from core.session_attendances where rating is not null"
    assert run.one(rated) == (2 * 73, 2 * 73, 73)


def test_community_by_month(run: Ran) -> None:
    """January: session 1. February: 26 + 23 + 25, 28 people; with the mentor 31 were in the program.

    Ratings: 9 × 5, 8 × 4, 3 × 3 are 86 of 20; 77 of 18, 73 of 16 and 87 of 19 are 237 of 53. Answers in February: five
    within three minutes, 29 after 22 (three), 24 (three), 26 (three), 28 (three), 30 hours …, the 17th 28, the 18th 30.
    """
    columns = "sessions, attendances, unique_members, attendance_rate, mean_rating, questions, answered"
    by_month = f"select month, {columns}, median_hours_to_answer from kpi.community where kind = 'mentoring'"
    january, february = run.rows(f"{by_month} order by month")
    assert january == pytest.approx((date(2024, 1, 1), 1, 28, 28, 28 / 31, 4.3, 4, 4, 0.05))
    assert february == pytest.approx((date(2024, 2, 1), 3, 74, 28, 28 / 31, 237 / 53, 36, 34, 29.0))


def test_questions_are_asked_ahead_and_answered(run: Ran) -> None:
    """31 on the form before the session, two of them not answered; 9 in the meeting, 3 answered by other mentees."""
    counted = (
        "select channel, sum(opened), sum(answered), sum(asked_ahead), sum(answered_by_members), sum(escalated) "
        "from kpi.support group by channel order by channel"
    )
    assert run.rows(counted) == [("Zoom 채팅", 9, 9, 0, 3, 0), ("질문 폼", 31, 29, 31, 0, 0)]
    assert run.one("select sum(open_at_end) from kpi.support where month = '2024-02-01'") == (2,)


def test_what_was_handed_in(run: Ran) -> None:
    """Of 30: résumés 24 on time, 3 late; portfolios 18 and 2. Nobody leaves for not handing in."""
    columns = "mission, members, met, late, missed, pending, eliminated, remaining"
    assert run.rows(f"select {columns} from kpi.missions order by due_at") == [
        ("이력서", 30, 24, 3, 3, 0, 0, 30),
        ("포트폴리오", 30, 18, 2, 10, 0, 0, 30),
    ]
