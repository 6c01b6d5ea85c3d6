"""The example from end to end: ``mission.md``'s figures in the KPI tables of one run.

Belongs here: figures of programs 1 and 2, expected by hand. What the exports hold is in ``test_datacamp_exports``.
"""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import duckdb
import pytest

from fellowship_pipeline.home import Home
from fellowship_pipeline.run import RunSummary
from tests.examples.attacked import exposed

pytestmark = pytest.mark.xdist_group("datacamp")


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = con.execute(sql).fetchall()
    return found


def test_it_publishes(summary: RunSummary) -> None:
    assert summary.failed_checks == []
    assert summary.ok
    assert summary.as_of == date(2023, 8, 31)


def test_no_hidden_count_is_as_good_as_known(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    hidden, told = exposed(home, con)
    assert hidden > 1000
    assert told == {}


def test_capacity(con: duckdb.DuckDBPyConnection) -> None:
    capacities = rows(
        con, "select capacity, min(month), max(month) from kpi.seats group by capacity order by min(month)"
    )
    assert capacities == [
        (60, date(2021, 8, 1), date(2022, 1, 1)),
        (180, date(2022, 2, 1), date(2022, 12, 1)),
        (150, date(2023, 1, 1), date(2023, 8, 1)),
    ]


def test_seats_are_near_full_and_never_over_committed(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "select month from kpi.seats where idle < 0 or peak_held > capacity") == []
    assert rows(con, "select month from kpi.seats where held_end <> held_start + accepted - reclaimed - returned") == []
    full = rows(con, "select month from kpi.seats where utilization >= 0.95 order by month")
    assert {(date(2021, 9, 1),), (date(2022, 3, 1),), (date(2023, 2, 1),)} <= set(full)


def test_builders_groups_and_tracks(con: duckdb.DuckDBPyConnection) -> None:
    counted = "select count(distinct member_id) filter (where role = 'builder'), count(distinct study_group), "
    assert rows(con, counted + "count(distinct track) from staging.roster") == [(11, 10, 12)]
    hours = rows(con, "select track, sum(hours) from kpi.courses where track is not null group by track")
    catalog = rows(con, "select track, sum(hours) from staging.catalog where track is not null group by track")
    assert len(catalog) == 12
    assert all(90 <= float(str(total)) <= 100 for _, total in catalog)
    assert {track for track, _ in hours} <= {track for track, _ in catalog}
    assert rows(con, "select count(distinct course) > 400 from staging.catalog") == [(True,)]
    assert rows(con, "select count(*) from kpi.tracks where slice_by = 'all' and track is not null") == [(12,)]


def test_both_renewal_kpis_reach_their_target(con: duckdb.DuckDBPyConnection) -> None:
    met = "select kpi, status from kpi.scorecard where slice_by = 'all' and target is not null order by kpi"
    assert rows(con, met) == [("adoption_rate", "met"), ("engagement_rate", "met")]


@pytest.mark.parametrize(
    ("question", "chosen", "share", "low", "high"),
    [
        ("helped_job", 8, 0.2424, 0.1283, 0.4102),
        ("helped_goal", 28, 0.8485, 0.6908, 0.9335),
        ("helped_project", 24, 0.7273, 0.5578, 0.8494),
    ],
)
def test_year_1_survey(
    con: duckdb.DuckDBPyConnection, question: str, chosen: int, share: float, low: float, high: float
) -> None:
    """8, 28 and 24 of 33, with Wilson's 95 % interval (z = 1.96)."""
    (row,) = con.execute(
        "select respondents, answered, chosen, share, ci_low, ci_high from kpi.survey "
        "where survey = 'year-1' and question = ? and option = 'yes' and slice_by = 'all'",
        [question],
    ).fetchall()
    assert row[:3] == (33, 33, chosen)
    assert row[3:] == pytest.approx((share, low, high), abs=0.0001)


def test_year_1_survey_went_to_more_than_180(con: duckdb.DuckDBPyConnection) -> None:
    counted = (
        "select population > 180, respondents from kpi.survey_response where survey = 'year-1' and slice_by = 'all'"
    )
    assert rows(con, counted) == [(True, 33)]


def test_year_2_survey(con: duckdb.DuckDBPyConnection) -> None:
    asked = "select option, respondents, answered, chosen from kpi.survey where survey = 'year-2' and slice_by = 'all' "
    assert rows(con, asked + "and question = 'job_step' order by option") == [
        ("full-time", 24, 24, 6),
        ("internship", 24, 24, 3),
        ("none", 24, 24, 12),
        ("promotion", 24, 24, 3),
    ]
    assert rows(con, asked + "and question = 'academic_step' and option = 'master''s'") == [("master's", 24, 24, 6)]


def test_the_years_asked_different_things(con: duckdb.DuckDBPyConnection) -> None:
    """Year 1 asked "did it help", year 2 "what happened": only what both asked alike may be compared."""
    helped = "select term, numerator, denominator, comparable from kpi.terms where kpi = 'goal_helped_rate'"
    assert rows(con, helped) == [("year-1", 28, 33, False)]
    alike = "select distinct question from kpi.term_surveys where comparable order by question"
    assert rows(con, alike) == [("recommend",), ("satisfaction",)]
    apart = "select distinct question from kpi.term_surveys where not comparable and question like 'helped%'"
    assert rows(con, apart + " order by question") == [("helped_goal",), ("helped_job",), ("helped_project",)]


def test_options_with_commas_stay_whole(con: duckdb.DuckDBPyConnection) -> None:
    options = rows(con, "select distinct option from kpi.survey where question in ('made', 'goals') order by option")
    assert [option for (option,) in options] == [
        "automation",
        "dashboard",
        "data skills",
        "internal tool",
        "job search",
        "machine learning",
        "paper",
        "platform",
        "research",
    ]


def test_reviews_are_made_for_every_month(con: duckdb.DuckDBPyConnection) -> None:
    reviewed = rows(
        con, "select min(review_month), max(review_month), count(distinct review_month) from ops.seat_reviews"
    )
    assert reviewed == [(date(2022, 3, 1), date(2023, 9, 1), 19)]
    rules = rows(
        con, "select rule, min(review_month), max(review_month) from ops.seat_reviews group by rule order by rule"
    )
    assert rules == [
        ("any-activity", date(2022, 3, 1), date(2022, 8, 1)),
        ("xp-1000", date(2022, 9, 1), date(2023, 9, 1)),
    ]


def test_the_boundary_of_1000_xp(con: duckdb.DuckDBPyConnection) -> None:
    """Under the second rule nobody with 1,000 XP is reclaimed, nobody with 999 is kept."""
    decided = "select count(*) from ops.seat_reviews where rule = 'xp-1000' and "
    assert rows(con, decided + "decision = 'reclaim' and xp >= 1000") == [(0,)]
    assert rows(con, decided + "decision = 'keep' and xp <= 999") == [(0,)]
    exact = "select xp, decision, count(*) >= 13 from ops.seat_reviews where rule = 'xp-1000' and decision <> 'exempt' "
    assert rows(con, exact + "and xp between 999 and 1001 group by xp, decision order by xp") == [
        (999, "reclaim", True),
        (1000, "keep", True),
        (1001, "keep", True),
    ]


def test_one_day_of_study_keeps_a_seat_in_year_1(con: duckdb.DuckDBPyConnection) -> None:
    decided = "select distinct decision, active_days > 0 from ops.seat_reviews where rule = 'any-activity' "
    assert rows(con, decided + "and decision <> 'exempt' order by decision") == [("keep", True), ("reclaim", False)]


def test_what_was_done_is_what_was_decided(con: duckdb.DuckDBPyConnection) -> None:
    """The ledger's reclaims, dated the 3rd to 5th of a month, are the decisions of that month's review."""
    done = (
        "select member_id, cast(date_trunc('month', held_before) as date) from core.seats where ended_by = 'reclaimed' "
        "order by all"
    )
    decided = (
        "select member_id, review_month from ops.seat_reviews "
        "where decision = 'reclaim' and review_month <= date '2023-08-01' order by all"
    )
    assert rows(con, done) == rows(con, decided)
    assert len(rows(con, done)) > 50


def test_leave_and_builders_are_exempt(con: duckdb.DuckDBPyConnection) -> None:
    spared = "select review_month, decision from ops.seat_reviews where member_id = 'm099' and active_days = 0 "
    assert rows(con, spared + "and review_month in ('2022-04-01', '2022-05-01') order by 1") == [
        (date(2022, 4, 1), "exempt"),
        (date(2022, 5, 1), "exempt"),
    ]
    alone = "select distinct decision from ops.seat_reviews where member_id = 'm011'"
    assert rows(con, alone) == [("exempt",)]


def test_applicants_wait_for_the_seats_that_came_free(con: duckdb.DuckDBPyConnection) -> None:
    waiting = rows(con, "select count(*) from ops.seat_offers where review_month = '2023-09-01'")
    assert waiting[0][0] != 0
    (again,) = rows(con, "select count(*) from ops.seat_offers join core.seats using (member_id)")
    assert again == (0,)


def test_every_file_balances_and_only_the_cut_one_is_held(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "select path from raw.files where rows <> staged + rejected + superseded + ignored") == []
    assert rows(con, "select path, status from raw.files where status not in ('loaded', 'ignored')") == [
        ("landing/datacamp/2022-05-21/learning_exercise_fact.csv", "held")
    ]
    assert rows(con, "select count(*) from raw.rejects") == [(0,)]


def test_names_that_nobody_knows_are_reported(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "select source, value, rows from ops.unmatched order by source") == [
        ("activity", "qa-test@example.com", 12),
        ("seat_events", "kim.mijun@exmaple.org", 2),
    ]
    assert rows(con, "select count(*) from ops.stray_seat_events") == [(0,)]


def test_the_sponsor_s_report_quotes_what_was_chosen_and_names_nobody(
    home: Home, con: duckdb.DuckDBPyConnection, summary: RunSummary
) -> None:
    assert not [warning for warning in summary.warnings if "report.quotes" in warning]
    assert {page.name for page in home.release.glob("report*")} == {
        "report.ko.html", "report.en.html", "report-year-1.ko.html", "report-year-1.en.html",
    }  # fmt: skip
    names = [
        str(name)
        for (name,) in rows(con, "select name from staging.roster union select email from staging.roster")
        if name
    ]
    responses = [str(response) for (response,) in rows(con, "select distinct response from staging.survey_responses")]
    for page in home.release.glob("report*.html"):
        html = page.read_text("utf-8")
        text = unescape(re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL))
        assert [name for name in (*names, *responses) if name in text] == []
    report = (home.release / "report.en.html").read_text("utf-8")
    assert "<b>91.8%</b>" in report
    assert "150 seats for one more year" in report
    assert report.count("<blockquote>") == 3
