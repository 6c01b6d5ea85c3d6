"""What a rule would have done, by hand: who, what is left of engagement and seats, and what a pool has next month.

Four hold a seat of five since January. In March `a` had 1,001 XP, `b` 999, `c` 1,000, `d` none; on 3 April `b` and `d`
lost it, as 1,000 XP ask.
"""

from __future__ import annotations

from datetime import date

import pytest

from assets.other_rules import Forecast, OtherRule, WhatIfAnswer, try_rule
from tests.assets.tiny import Tiny

APRIL, MAY = date(2022, 4, 1), date(2022, 5, 1)
TABLES = ("ops.seat_reviews", "ops.uncovered_days", "kpi.headlines", "kpi.what_if")


@pytest.fixture
def program(tiny: Tiny) -> Tiny:
    tiny.add("core.review_rules", position=0, rule="xp-1000", valid_from=APRIL, minimum_xp=1000, minimum_active_days=1,
             first_month="exempt")  # fmt: skip
    tiny.add("core.seat_capacities", pool="p", valid_from=date(2022, 1, 1), valid_to=MAY, capacity=5, position=0)
    tiny.add("core.seat_capacities", pool="p", valid_from=MAY, capacity=4, position=0)
    tiny.cover(date(2022, 3, 1), date(2022, 4, 20))
    for member, xp in (("a", 1001), ("b", 999), ("c", 1000), ("d", None)):
        tiny.seat(member, "accepted", "2022-01-10")
        if xp:
            tiny.learn(member, "2022-03-10", xp=xp)
    for member in "bd":
        tiny.seat(member, "reclaimed", "2022-04-03")
    tiny.learn("a", "2022-04-10", xp=1000)
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 4, 20)
    return tiny


def ask(tiny: Tiny, rule: OtherRule, *months: date) -> WhatIfAnswer:
    for table in TABLES:
        tiny.rows(table, "*")
    return try_rule(tiny.con, rule, months)


def test_who_would_keep_the_seat_is_counted_as_holding_it(program: Tiny) -> None:
    answer = ask(program, OtherRule(minimum_xp=500), APRIL)
    (month,) = answer.months
    assert month.seen_on == date(2022, 4, 20)
    assert (month.tried.would_lose, month.tried.reclaim_rate) == (1, 0.25)
    assert (month.in_force.would_lose, month.in_force.reclaim_rate) == (2, 0.5)
    assert [(row["member_id"], row["tried_decision"], row["in_force_decision"]) for row in month.losing] == [
        ("b", "keep", "reclaim"),
        ("d", "reclaim", "reclaim"),
    ]
    shares = {
        kpi: [(one.figures[kpi]["numerator"], one.figures[kpi]["denominator"]) for one in (month.tried, month.in_force)]
        for kpi in month.tried.figures
    }
    assert shares == {
        "engagement_rate": [(1, 3), (1, 2)],
        "platform_adoption_score": [(3, 5), (2, 5)],
        "adoption_rate": [(4, 4), (4, 4)],
        "seat_utilization": [(3, 5), (2, 5)],
    }


def test_who_held_a_seat_again_holds_it_from_then_under_a_rule_that_takes_it(program: Tiny) -> None:
    program.seat("d", "accepted", "2022-04-15")
    (month,) = ask(program, OtherRule(minimum_xp=500), APRIL).months
    assert month.tried.figures["seat_utilization"]["numerator"] == 4
    assert month.in_force.figures["seat_utilization"]["numerator"] == 3


def test_a_month_that_has_no_day_yet_is_seen_as_if_seats_were_taken_back_on_the_last_day(program: Tiny) -> None:
    program.given["core.parameters"][0]["as_of"] = date(2022, 3, 31)
    (month,) = ask(program, OtherRule(minimum_xp=0, minimum_active_days=2), APRIL).months
    assert month.seen_on == date(2022, 3, 31)
    assert month.tried.figures["seat_utilization"]["numerator"] == 0
    assert month.in_force.figures["engagement_rate"] == {"numerator": 2, "denominator": 2, "value": 1.0}


def test_next_month_has_what_is_neither_held_nor_offered_and_what_the_coming_review_takes(program: Tiny) -> None:
    """`c` has learned nothing in April so far; of what holds in May there is one seat less."""
    program.seat("e", "invited", "2022-04-05")
    answer = ask(program, OtherRule(minimum_active_days=0, minimum_xp=0), APRIL)
    assert answer.forecast == [Forecast("p", MAY, 4, held=2, invited_open=1, to_reclaim=1, deferred=0, free=2)]
    assert answer.forecast_tried == [Forecast("p", MAY, 4, held=2, invited_open=1, to_reclaim=0, deferred=0, free=1)]


def test_months_without_a_review_are_told_apart_from_those_with_a_gap(program: Tiny) -> None:
    program.given["core.coverage"] = [row for row in program.given["core.coverage"] if row["day"] != date(2022, 3, 9)]
    answer = ask(program, OtherRule(minimum_xp=500), APRIL, MAY)
    assert (answer.months, answer.not_due, answer.uncovered) == ([], [MAY], {APRIL: [date(2022, 3, 9)]})


def test_before_any_rule_a_rule_for_all_can_be_tried(program: Tiny) -> None:
    program.cover(date(2022, 2, 1), date(2022, 2, 28))
    march = date(2022, 3, 1)
    assert ask(program, OtherRule(minimum_xp=1), march).not_due == [march]
    (month,) = try_rule(program.con, OtherRule(minimum_xp=1, study_mode="all"), [march]).months
    assert (month.tried.would_lose, month.in_force.reviewed, month.in_force.reclaim_rate) == (4, 0, None)
