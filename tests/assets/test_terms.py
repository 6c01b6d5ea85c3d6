"""kpi.terms and kpi.term_surveys: the headlines at each term's end, and what the terms' surveys asked."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from .tiny import Tiny

pytestmark = pytest.mark.slow

COLUMNS = "term, kpi, numerator, denominator, value, comparable, subject"


def years(tiny: Tiny, as_of: date = date(2023, 3, 31)) -> None:
    tiny.given["core.parameters"][0]["as_of"] = as_of
    tiny.add("core.terms", term="year-1", starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31))
    tiny.add("core.terms", term="year-2", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31))


def survey(tiny: Tiny, name: str, question: str, answers: str, day: str, goal: str | None = None) -> None:
    """A survey of one single-choice question, an answer per letter."""
    tiny.add("core.surveys", survey=name, goal_question=question if goal else None, goal_option=goal, all_cohorts=True)
    tiny.add("core.survey_questions", survey=name, question=question, kind="single")
    for number, answer in enumerate(answers):
        tiny.add("staging.survey_responses", survey=name, response=f"{name}-{number}", question=question,
                 answer=answer, submitted_at=datetime.fromisoformat(day))  # fmt: skip


def goals(tiny: Tiny) -> list[tuple[object, ...]]:
    return tiny.rows("kpi.terms", "term, numerator, denominator, comparable, subject", "kpi = 'goal_helped_rate'")


def of_terms(tiny: Tiny, kpi: str) -> list[tuple[object, ...]]:
    return tiny.rows("kpi.terms", "term, numerator, denominator", f"kpi = '{kpi}'")


def test_a_term_has_the_invitations_first_sent_in_it_as_answered_by_its_end(tiny: Tiny) -> None:
    years(tiny)
    for member, at in (("a", "2021-03-01"), ("b", "2021-03-01"), ("c", "2022-03-01")):
        tiny.seat(member, "invited", at)
    tiny.seat("a", "accepted", "2021-12-31T14:59:59")  # the last second of year-1 in Seoul
    tiny.seat("b", "accepted", "2021-12-31T15:00:00")  # the first of year-2
    tiny.seat("c", "accepted", "2022-03-02")
    tiny.learn("c", "2022-03-05", 10)
    assert tiny.rows("kpi.terms", COLUMNS, "kpi = 'adoption_rate'") == [
        ("year-1", "adoption_rate", 1, 2, 0.5, True, None),
        ("year-2", "adoption_rate", 1, 1, 1.0, True, None),
    ]
    assert of_terms(tiny, "activation_rate") == [("year-1", 0, 1), ("year-2", 1, 1)]


def test_a_term_retains_those_who_started_in_it(tiny: Tiny) -> None:
    years(tiny)
    for member, at in (("a", "2021-03-01"), ("b", "2021-03-01"), ("c", "2022-03-01")):
        tiny.seat(member, "accepted", at)
    tiny.learn("a", "2021-06-10", 10)
    assert of_terms(tiny, "retention_3m") == [("year-1", 1, 2), ("year-2", 0, 1)]


def test_a_term_completes_the_courses_begun_in_it(tiny: Tiny) -> None:
    years(tiny)
    tiny.add("core.configured_sources", source="completions")
    for member, begun, completed in (
        ("a", "2021-03-01", "2021-04-01"),  # of year-1
        ("b", "2021-12-01", "2022-01-10"),  # begun in year-1, not completed by its end: of neither term's completions
        ("c", "2022-03-01", None),  # of year-2
        ("d", None, "2022-05-01"),  # nobody knows when it was begun
        ("e", "2022-03-02", "2022-03-09"),
    ):
        if begun:
            tiny.learn(member, begun, 10, course="R")
        if completed:
            tiny.add(
                "staging.completions", member_id=member, course="R", completed_at=datetime.fromisoformat(completed)
            )
    assert of_terms(tiny, "course_completion_rate") == [("year-1", 1, 2), ("year-2", 2, 3)]


def test_a_term_has_all_its_reviews_and_sessions(tiny: Tiny) -> None:
    years(tiny, as_of=date(2022, 3, 31))
    tiny.given["core.terms"][1]["ends_on"] = date(2022, 3, 31)
    tiny.add("core.review_rules", position=0, rule="xp", valid_from=date(2021, 12, 1), minimum_xp=100,
             minimum_active_days=0, first_month="full")  # fmt: skip
    tiny.cover(date(2021, 10, 1), date(2022, 3, 31))
    for member in "ab":
        tiny.add("staging.roster", member=member, member_id=member, cohort="A", joined_on=date(2021, 9, 1))
        tiny.seat(member, "accepted", "2021-09-01")
    for month in ("2021-11", "2021-12", "2022-01", "2022-02"):
        tiny.learn("a", f"{month}-10", 100)  # b never learns: of two seats one is to be taken back, each month
    for name, day, guests in (("s1", "2021-11-10", "a"), ("s2", "2021-12-10", "ab"), ("s3", "2022-03-10", "b")):
        tiny.add("staging.sessions", session=name, kind="talk", starts_at=datetime.fromisoformat(f"{day}T01:00"))
        for guest in guests:
            tiny.add("staging.attendance", session=name, member=guest, member_id=guest, status="attended")
    columns = "term, numerator, denominator, subject"
    assert tiny.rows("kpi.terms", columns, "kpi = 'reclaim_rate'") == [
        ("year-1", 1, 2, "2021-12"),
        ("year-2", 3, 6, None),
    ]
    assert tiny.rows("kpi.terms", columns, "kpi = 'attendance_rate'") == [
        ("year-1", 3, 4, None),
        ("year-2", 1, 2, "2022-03"),
    ]


def test_a_survey_of_an_earlier_term_is_none_of_the_later(tiny: Tiny) -> None:
    years(tiny)
    tiny.seat("a", "invited", "2022-03-01")
    survey(tiny, "s1", "helped", "yyn", "2021-12-01", goal="y")
    assert goals(tiny) == [("year-1", 2, 3, False, "s1")]


def test_a_term_that_is_not_over_is_left_out(tiny: Tiny) -> None:
    years(tiny, as_of=date(2022, 12, 30))
    tiny.seat("a", "invited", "2021-03-01")
    tiny.seat("b", "invited", "2022-03-01")
    assert tiny.rows("kpi.terms", "term", "kpi = 'adoption_rate'") == [("year-1",)]
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 12, 31)
    assert tiny.rows("kpi.terms", "term", "kpi = 'adoption_rate'") == [("year-1",), ("year-2",)]


def test_a_question_asked_alike_is_comparable(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "helped", "yyn", "2021-12-01", goal="y")
    survey(tiny, "s2", "helped", "ynnn", "2022-12-01", goal="y")
    assert goals(tiny) == [("year-1", 2, 3, True, "s1"), ("year-2", 1, 4, True, "s2")]


def test_a_question_of_another_name_is_not(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "helped", "yyn", "2021-12-01", goal="y")
    survey(tiny, "s2", "happened", "ynnn", "2022-12-01", goal="y")
    assert [row[3] for row in goals(tiny)] == [False, False]


def test_nor_is_one_with_other_options(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "helped", "yyn", "2021-12-01", goal="y")
    survey(tiny, "s2", "helped", "yymn", "2022-12-01", goal="y")
    assert [row[3] for row in goals(tiny)] == [False, False]


def test_nor_one_of_which_another_answer_counts(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "helped", "yyn", "2021-12-01", goal="y")
    survey(tiny, "s2", "helped", "yyn", "2022-12-01", goal="n")
    assert [row[3] for row in goals(tiny)] == [False, False]


def test_nor_one_that_the_other_term_did_not_ask(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "helped", "yyn", "2021-12-01", goal="y")
    survey(tiny, "s2", "happened", "job", "2022-12-01")
    assert goals(tiny) == [("year-1", 2, 3, False, "s1")]


def test_declared_options_decide_even_where_nobody_chose_one(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "helped", "yyn", "2021-12-01", goal="y")
    survey(tiny, "s2", "helped", "yyy", "2022-12-01", goal="y")
    assert [row[3] for row in goals(tiny)] == [False, False]
    for name, option in (("s1", "y"), ("s1", "n"), ("s2", "n"), ("s2", "y")):
        tiny.add("core.survey_options", survey=name, question="helped", option=option)
    assert [row[3] for row in goals(tiny)] == [True, True]


def test_a_term_is_compared_with_the_one_before(tiny: Tiny) -> None:
    years(tiny, as_of=date(2023, 12, 31))
    tiny.add("core.terms", term="year-3", starts_on=date(2023, 1, 1), ends_on=date(2023, 12, 31))
    survey(tiny, "s1", "helped", "yn", "2021-12-01", goal="y")
    survey(tiny, "s2", "helped", "yn", "2022-12-01", goal="y")
    survey(tiny, "s3", "happened", "yn", "2023-12-01", goal="y")
    assert [(row[0], row[3]) for row in goals(tiny)] == [("year-1", True), ("year-2", True), ("year-3", False)]


def test_a_survey_returned_after_its_term_is_over_is_of_the_term_of_its_cohorts(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "helped", "yyn", "2022-01-10")
    survey(tiny, "s2", "helped", "ynnn", "2023-01-10")
    for cohort, starts_on, name in (("A", date(2021, 8, 1), "s1"), ("B", date(2022, 8, 1), "s2")):
        tiny.add("core.cohorts", cohort=cohort, starts_on=starts_on)
        tiny.add("core.survey_cohorts", survey=name, cohort=cohort)
    columns = "term, survey, question, option, answered, chosen, comparable"
    assert tiny.rows("kpi.term_surveys", columns) == [
        ("year-1", "s1", "helped", "n", 3, 1, True),
        ("year-1", "s1", "helped", "y", 3, 2, True),
        ("year-2", "s2", "helped", "n", 4, 3, True),
        ("year-2", "s2", "helped", "y", 4, 1, True),
    ]


def test_a_survey_without_cohorts_is_of_the_term_of_its_first_response(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "s1", "mood", "g", "2021-12-31T15:00")  # 1 January in Seoul
    assert tiny.rows("kpi.term_surveys", "term, comparable") == [("year-2", False)]


def test_of_two_surveys_of_a_term_the_later_one_tells(tiny: Tiny) -> None:
    years(tiny)
    survey(tiny, "spring", "mood", "gb", "2021-04-01")
    survey(tiny, "autumn", "mood", "ggg", "2021-10-01")
    survey(tiny, "autumn", "food", "b", "2021-10-01")
    assert tiny.rows("kpi.term_surveys", "survey, question, option, chosen") == [
        ("autumn", "food", "b", 1),
        ("autumn", "mood", "g", 3),
    ]


def test_scales_are_the_options_of_ratings(tiny: Tiny) -> None:
    years(tiny)
    for name, top, day in (("s1", 5, "2021-12-01"), ("s2", 10, "2022-12-01")):
        survey(tiny, name, "mood", "45", day)
        tiny.given["core.survey_questions"][-1] |= {"kind": "rating", "scale_low": 1, "scale_high": top}
    assert set(tiny.rows("kpi.term_surveys", "comparable")) == {(False,)}
    tiny.given["core.survey_questions"][-1]["scale_high"] = 5
    assert set(tiny.rows("kpi.term_surveys", "comparable")) == {(True,)}
