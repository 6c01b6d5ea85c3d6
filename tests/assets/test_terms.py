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


def test_each_term_has_the_headlines_of_its_last_day(tiny: Tiny) -> None:
    years(tiny)
    for member, at in (("a", "2021-03-01"), ("b", "2021-03-01"), ("c", "2022-03-01")):
        tiny.seat(member, "invited", at)
    tiny.seat("a", "accepted", "2021-12-31T14:59:59")  # the last second of year-1 in Seoul
    tiny.seat("b", "accepted", "2021-12-31T15:00:00")  # the first of year-2
    assert tiny.rows("kpi.terms", COLUMNS, "kpi = 'adoption_rate'") == [
        ("year-1", "adoption_rate", 1, 2, 0.5, True, None),
        ("year-2", "adoption_rate", 2, 3, 2 / 3, True, None),
    ]


def test_a_term_that_is_not_over_is_left_out(tiny: Tiny) -> None:
    years(tiny, as_of=date(2022, 12, 30))
    tiny.seat("a", "invited", "2021-03-01")
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
