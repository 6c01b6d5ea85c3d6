"""Reviews under rules that are only tried: as the oracle has them of a program with these rules, and as kpi.what_if."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from assets.other_rules import RULES, OtherRule, try_rule
from assets.sql import instead

from .generate import generate
from .harness import differences, fetch, modeled
from .oracle import evaluate
from .oracle_staging import Case

pytestmark = pytest.mark.slow

REVIEWED = ("ops.seat_reviews", "ops.uncovered_days", "kpi.what_if", "kpi.headlines")
EARLIEST = "2000-01"


def with_rule(case: Case, tried: OtherRule) -> Case:
    """The program, had its operators written the rule themselves: of two of one month the first counts."""
    review = case.settings.get("review", {})
    given: dict[str, Any] = {
        key: value
        for key, value in (
            ("minimum_xp", tried.minimum_xp),
            ("minimum_active_days", tried.minimum_active_days),
            ("first_month", tried.first_month),
        )
        if value is not None
    }
    rules = review.get("rules", [])
    base = {"id": "what-if", "from": EARLIEST, **given}
    if tried.study_mode is None:
        rules = [{**rule, **given} for rule in rules]
    elif tried.study_mode == "all":
        rules = [base, *({**rule, **given} for rule in rules)]
    else:
        mode = {"study_mode": tried.study_mode}
        of_mode = [rule for rule in rules if rule.get("study_mode") in (None, tried.study_mode)]
        rules = [{**base, **mode}, *({**rule, **given, **mode} for rule in of_mode), *rules]
    return replace(case, settings={**case.settings, "review": {**review, "rules": rules}})


def some_rule(seed: int) -> OtherRule:
    rng = Random(seed)
    return OtherRule(
        rng.choice((None, 0, 999, 1000, 1001)),
        rng.choice((None, 0, 1, 2, 5)),
        rng.choice((None, "exempt", "full", "prorated")),
        rng.choice((None, "group", "individual", "all")),
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize("first", range(0, 30, 10))
def test_a_rule_that_is_tried_decides_as_if_the_program_had_it(first: int) -> None:
    found = []
    for seed in range(first, first + 10):
        case, tried = generate(seed), some_rule(seed)
        expected = {"ops.seat_reviews": evaluate(with_rule(case, tried))["ops.seat_reviews"]}
        with modeled(case, ["ops.seat_reviews"]) as con, instead(con, {RULES: tried.rules()}, ["ops.seat_reviews"]):
            got = {"ops.seat_reviews": fetch(con, "ops.seat_reviews")}
        found += [f"seed {seed}, {tried}: {line}" for line in differences(expected, got)]
    assert not found, "\n".join(found)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", [1, 9])
def test_trying_another_minimum_of_xp_is_what_if_and_trying_none_changes_nothing(seed: int) -> None:
    with modeled(generate(seed), REVIEWED) as con:
        rows = con.execute(
            "select minimum_xp, list((review_month, reclaimed, reclaim_rate)) from kpi.what_if group by 1"
        )
        grid = {minimum: {month: tuple(counts) for month, *counts in found} for minimum, found in rows.fetchall()}
        assert grid
        for minimum, expected in grid.items():
            answer = try_rule(con, OtherRule(minimum_xp=minimum), sorted(expected))
            got = {one.review_month: (one.tried.would_lose, one.tried.reclaim_rate) for one in answer.months}
            assert got == expected
        same = try_rule(con, OtherRule(), sorted(expected))
        assert all(one.tried == one.in_force for one in same.months)
        assert same.forecast == same.forecast_tried
        before = con.execute("select count(*) from duckdb_databases() where not internal").fetchall()
        assert before == [(1,)]
