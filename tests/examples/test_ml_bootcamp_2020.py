"""The bootcamp's first run from end to end: ``mission.md``'s figures, and those of the example's own plan, by hand.

Belongs here: what the exports are and what the KPI tables of one run say. Quotations are of ``mission.md`` (program 3).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from examples.ml_bootcamp_2020.generate import exports
from tests.examples.runs import Ran, ran
from tests.examples.standing import generated_elsewhere

pytestmark = pytest.mark.xdist_group("ml_bootcamp_2020")

DUE = "cast(timezone('Asia/Seoul', timezone('UTC', due_at)) as date)"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    with ran(tmp_path_factory.mktemp("ml_bootcamp_2020"), "ml_bootcamp_2020") as run:
        yield run


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    made = exports()
    assert made == generated_elsewhere("ml_bootcamp_2020", tmp_path)
    assert sum(map(len, made.values())) < 8_000_000


def test_it_publishes_and_warns_of_what_is_messy_on_purpose(run: Ran) -> None:
    """Nobody met any more in its last month; one name is unknown to Coursera's list, one to Zoom's; and somebody's five
    courses are gone from the exports.
    """
    assert run.summary.failed_checks == []
    assert run.summary.ok
    assert run.summary.as_of == date(2021, 6, 30)
    assert run.summary.warnings == [
        "program.yaml line 42: attendance_rate has no figure as of 2021-06-30; "
        "`fellowship explain HOME attendance_rate` says why",
        "names that resolve to nobody: 2; see operations/current/unmatched.csv",
        "members and courses gone from newer exports of totals: 5; see operations/current/vanished.csv",
    ]


def test_every_file_balances(run: Ran) -> None:
    assert run.rows("select path from raw.files where rows <> staged + rejected + superseded + ignored") == []
    assert run.rows("select path from raw.files where status <> 'loaded'") == []
    assert run.rows("select count(*) from raw.rejects") == [(0,)]


def test_the_form_came_twice_with_repeated_answers(run: Ran) -> None:
    """Downloaded at half-time; then the linked sheet: 3,000 applicants, 12 of them twice, one try of the operators."""
    (download,) = (run.home.landing / "applications" / "form").glob("*.csv")
    assert len(list(csv.reader(download.open(encoding="utf-8", newline="")))) > 2000
    fates = "select rows, ignored from raw.files where path like '%/form/%.xlsx'"
    assert run.rows(fates) == [(3013, 1)]
    counted = "select count(*), count(distinct applicant) from staging.applications where stage = 'applied'"
    assert run.rows(counted) == [(3012, 3000)]


def test_the_funnel_from_3000_applicants_to_placements(run: Ran) -> None:
    """ "About 3,000 applicants; a programming quiz, then document screening"; medians of days by the plan.

    Applied on 20 days in equal numbers, results 28 to 9 days later; documents after 7 days (140) or 14 (100); an answer
    8 or 15 days later (120 of 200); certificates on January 4 (101 of 140), 90 days after October 6; jobs on March 2.
    """
    funnel = run.rows("select position, stage, passed, median_days from kpi.funnel order by position")
    assert funnel == [
        (1, "applied", 3000, 0.0),
        (2, "quiz", 600, 18.5),
        (3, "documents", 240, 7.0),
        (4, "accepted", 200, 15.0),
        (5, "completed", 140, 90.0),
        (6, "certified", 138, 0.0),
        (7, "placed", 60, 57.0),
    ]
    shares = run.rows("select stage, share_of_previous, share_of_first from kpi.funnel where stage = 'placed'")
    assert shares == [("placed", pytest.approx(60 / 138), pytest.approx(60 / 3000))]


def test_stages_of_the_selection(run: Ran) -> None:
    counted = "select stage, entered, passed, failed, pending, withdrawn from kpi.applications order by position"
    assert run.rows(counted) == [
        ("applied", 3000, 3000, 0, 0, 0),
        ("quiz", 2400, 600, 1799, 1, 0),
        ("documents", 600, 240, 330, 0, 30),
        ("accepted", 240, 200, 0, 0, 40),
    ]


def test_one_who_applied_in_2020_never_got_an_answer(run: Ran) -> None:
    """ "An operator wants to see who waits, and since when": August 17, for 317 days up to June 30."""
    channels = "select channel, applicants, accepted, unanswered from kpi.application_channels order by channel"
    assert run.rows(channels) == [
        ("개발자 커뮤니티", 600, 40, 0),
        ("블로그", 600, 40, 1),
        ("지인 추천", 600, 40, 0),
        ("페이스북", 600, 40, 0),
        ("학교 게시판", 600, 40, 0),
    ]
    waiting = "select stage, channel, waiting_since, days_waiting, is_unanswered from ops.waiting_applicants"
    assert run.rows(waiting) == [("quiz", "블로그", date(2020, 8, 17), 317, True)]


def test_a_five_course_specialization_and_one_of_two_certifications(run: Ran) -> None:
    """200 start; 150 finish the courses by December 27, five later; 138 are certified by January 10, two excused.

    The 15 who studied two weeks left on November 2: they are in no mission due later and are nobody's elimination. Of
    the other 185 the 30 who gave up after five and eight weeks miss the courses, so that 35 go and 150 of 200 are left.
    """
    mandatory = (
        f"select mission, {DUE}, members, met, late, missed, excused, eliminated, left_before, remaining, "
        "survival_rate from kpi.missions where is_mandatory order by due_at"
    )
    assert run.rows(mandatory) == [
        ("specialization", date(2020, 12, 27), 185, 150, 5, 30, 0, 35, 15, 150, 0.75),
        ("certificate", date(2021, 1, 10), 150, 138, 2, 8, 2, 10, 15, 140, 0.7),
    ]
    courses = "select count(*), sum(hours) from kpi.courses where track = 'Deep Learning in Five Courses'"
    assert run.rows(courses) == [(5, 125.0)]


def test_either_certificate_suffices(run: Ran) -> None:
    earned = (
        "select alternative, count(*) from core.mission_results "
        "where mission = 'certificate' and status = 'met' group by alternative order by alternative"
    )
    assert run.rows(earned) == [("Cloud Machine Learning Engineer", 42), ("Deep Learning Developer", 96)]
    excused = "select member_id from core.mission_results where status = 'excused' order by member_id"
    assert run.rows(excused) == [("b050",), ("b150",)]


def test_midnight_in_seoul_is_too_late(run: Ran) -> None:
    """The last second of December 27 in Seoul is in time, the first of December 28 is not."""
    edges = (
        "select status, timezone('UTC', met_at) from core.mission_results where mission = 'specialization' "
        "and timezone('UTC', met_at) between '2020-12-27 14:59:59' and '2020-12-27 15:00:00' order by met_at"
    )
    assert run.rows(edges) == [
        ("met", datetime(2020, 12, 27, 14, 59, 59)),
        ("late", datetime(2020, 12, 27, 15, 0, 0)),
    ]


def test_two_took_a_course_elsewhere_and_the_specialization_report_says_so(run: Ran) -> None:
    reported = (
        "select count(*) from core.mission_results "
        "where mission = 'specialization' and status = 'met' and alternative = 'specialization'"
    )
    ((number,),) = run.rows(reported)
    assert number == 2
    completed = "select completed from kpi.courses where course = 'Structuring Learning Projects'"
    assert run.rows(completed) == [(168,)]


def test_a_weekly_amount_to_study(run: Ran) -> None:
    """Ten hours a week, counted from the start: 90 keep ahead, 60 catch up in week 8, 3 × 15 give up, 5 are slower."""
    met = f"select mission, {DUE}, met, late, eliminated from kpi.missions where not is_mandatory order by due_at"
    assert run.rows(met) == [
        ("week-01", date(2020, 10, 18), 140, 60, 0),
        ("week-02", date(2020, 10, 25), 140, 60, 0),
        ("week-03", date(2020, 11, 1), 125, 60, 0),
        ("week-04", date(2020, 11, 8), 125, 60, 0),
        ("week-05", date(2020, 11, 15), 125, 60, 0),
        ("week-06", date(2020, 11, 22), 110, 60, 0),
        ("week-07", date(2020, 11, 29), 110, 60, 0),
        ("week-08", date(2020, 12, 6), 170, 0, 0),
        ("week-09", date(2020, 12, 13), 155, 0, 0),
        ("week-10", date(2020, 12, 20), 155, 0, 0),
        ("week-11", date(2020, 12, 27), 155, 0, 0),
    ]


def test_a_chat_community_where_members_answer_each_other(run: Ran) -> None:
    """107 of 156 questions are answered by members after two hours, 40 by the operators after five, nine by nobody."""
    answered = (
        "select channel, sum(opened), sum(answered), sum(answered_by_members) from kpi.support "
        "group by channel order by channel"
    )
    assert run.rows(answered) == [("질문", 130, 124, 104), ("커리어", 26, 23, 3)]
    waited = "select distinct median_hours_to_answer from kpi.community where kind = '(none)' and questions > 0"
    assert run.rows(waited) == [(2.0,)]
    open_at_end = "select sum(open_at_end) from kpi.support where month = date '2021-06-01'"
    assert run.rows(open_at_end) == [(9,)]


def test_weekly_career_sessions_and_resume_clinics(run: Ran) -> None:
    """Thirteen sessions; whoever comes to the smaller ones of a month comes to all: 160 of 200 in October."""
    career = (
        "select month, sessions, attendances, unique_members, attendance_rate from kpi.community "
        "where kind = 'career' order by month"
    )
    assert run.rows(career) == [
        (date(2020, 10, 1), 3, 450, 160, 160 / 200),
        (date(2020, 11, 1), 4, 470, 130, 130 / 200),
        (date(2020, 12, 1), 5, 460, 100, 100 / 185),
        (date(2021, 1, 1), 1, 110, 110, 110 / 185),
    ]
    clinics = (
        "select month, sessions, attendances, fill_rate from kpi.community where kind = 'resume_clinic' order by month"
    )
    assert run.rows(clinics) == [(date(2020, 12, 1), 3, 27, 0.9), (date(2021, 1, 1), 2, 18, 0.9)]


def test_12_partner_companies_besides_the_organizer(run: Ran) -> None:
    """ "Hired by partner companies (12 besides the organizer; six named as hiring, one person as an intern)"."""
    talking = "select count(distinct organization) from staging.sessions where organization <> '주최사'"
    assert run.rows(talking) == [(12,)]
    hiring = "select kind, members, organizations from kpi.outcomes order by kind"
    assert run.rows(hiring) == [("internship", 1, 1), ("job", 61, 12), ("placement", 60, 12)]
    strangers = (
        "select count(*) from staging.outcomes "
        "where organization not in (select organization from staging.sessions where organization <> '주최사')"
    )
    assert run.rows(strangers) == [(0,)]
    named = (
        "select count(*) from (select organization from staging.outcomes group by organization having count(*) >= 8)"
    )
    assert run.rows(named) == [(6,)]


def test_those_who_then_looked_for_work(run: Ran) -> None:
    """Of 70 graduates who look for a job, 60 find one: 12 by 22 days after January 10, 40 by 51 days."""
    placed = (
        "select numerator, denominator, share, median_days_from_completion from kpi.outcomes where kind = 'placement'"
    )
    assert run.rows(placed) == [(60, 70, pytest.approx(60 / 70), 51.0)]
    timeline = "select months_since, cumulative_members from kpi.outcome_timeline where kind = 'placement' order by 1"
    assert run.rows(timeline) == [(0, 0), (1, 12), (2, 52), (3, 60), (4, 60), (5, 60)]


def test_headlines(run: Ran) -> None:
    """The program is over: nobody is in it in the last whole month, so that there is no attendance rate."""
    headlines = (
        "select kpi, numerator, denominator, status from kpi.scorecard where slice_by = 'all' "
        "and kpi in ('mission_survival_rate', 'placement_rate') order by kpi"
    )
    assert run.rows(headlines) == [("mission_survival_rate", 140, 200, "met"), ("placement_rate", 60, 70, "met")]
