"""The edges of a seat review, that of April 2022 over March, each on both sides; the program is in Seoul (UTC+9)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from .tiny import Tiny

MARCH_1, MARCH_31, APRIL = date(2022, 3, 1), date(2022, 3, 31), date(2022, 4, 1)
FEBRUARY_28 = date(2022, 2, 28)


@pytest.fixture
def fellowship(tiny: Tiny) -> Tiny:
    """1,000 XP in March, all of which is covered."""
    tiny.add("core.review_rules", position=0, rule="xp", valid_from=APRIL, minimum_xp=1000, minimum_active_days=1,
             first_month="exempt")  # fmt: skip
    tiny.cover(MARCH_1, MARCH_31)
    return tiny


def decided(fellowship: Tiny, columns: str = "decision, reason") -> list[tuple[Any, ...]]:
    return fellowship.rows("ops.seat_reviews", f"member_id, {columns}", f"review_month = '{APRIL}'")


@pytest.mark.fault("I3")
@pytest.mark.parametrize(
    ("xp", "decision"), [(999, "reclaim"), (999.9999, "reclaim"), (1000, "keep"), (1000.0001, "keep"), (1001, "keep")]
)
def test_xp_of_the_month(fellowship: Tiny, xp: float, decision: str) -> None:
    fellowship.seat("a", "accepted", "2022-01-10")
    fellowship.learn("a", "2022-03-10", xp)
    assert decided(fellowship, "decision") == [("a", decision)]


@pytest.mark.fault("I1")
@pytest.mark.parametrize(
    ("at", "decision"),
    [
        ("2022-02-28T14:59:59", "reclaim"),
        ("2022-02-28T15:00:00", "keep"),  # 1 March in Seoul
        ("2022-03-31T14:59:59", "keep"),
        ("2022-03-31T15:00:00", "reclaim"),  # 1 April
    ],
)
def test_the_month_is_that_of_the_programs_zone(fellowship: Tiny, at: str, decision: str) -> None:
    fellowship.seat("a", "accepted", "2022-01-10")
    fellowship.learn("a", at, 1000)
    assert decided(fellowship, "decision") == [("a", decision)]


BEGUN = {"2022-02-28": 1000, "2022-03-01": 1000, "2022-03-02": 968, "2022-03-31": 33}
"""Day on which the seat began, and the XP that `prorated` asks for: 1000 × 30/31 = 967.7…, 1000 × 1/31 = 32.2…."""


@pytest.mark.fault("I1")
@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("missing", [0, 1])
@pytest.mark.parametrize("first_month", ["exempt", "full", "prorated"])
def test_who_joined_on_the_last_day_before_on_the_1st_the_2nd_and_the_last(
    fellowship: Tiny, begun: str, missing: int, first_month: str
) -> None:
    fellowship.given["core.review_rules"][0]["first_month"] = first_month
    fellowship.seat("a", "accepted", begun)
    needed = BEGUN[begun] if first_month == "prorated" else 1000
    fellowship.learn("a", "2022-03-31", needed - missing)
    is_new = begun >= "2022-03-01"
    expected = ("reclaim", "xp") if missing else ("keep", "met")
    if first_month == "exempt" and is_new:
        expected = ("exempt", "first_month")
    assert decided(fellowship) == [("a", *expected)]


@pytest.mark.fault("I5")
@pytest.mark.parametrize(("accepted", "reviewed"), [("2022-03-31T14:59:59", True), ("2022-03-31T15:00:00", False)])
def test_a_seat_that_began_after_the_month_is_not_in_its_review(
    fellowship: Tiny, accepted: str, reviewed: bool
) -> None:
    fellowship.seat("a", "accepted", accepted)
    assert decided(fellowship) == ([("a", "exempt", "first_month")] if reviewed else [])


@pytest.mark.fault("I5")
@pytest.mark.parametrize(("ended", "reviewed"), [("2022-03-31", False), ("2022-04-01", True)])
def test_a_seat_that_ended_in_the_month_is_not_in_its_review(fellowship: Tiny, ended: str, reviewed: bool) -> None:
    fellowship.seat("a", "accepted", "2022-01-10")
    fellowship.seat("a", "returned", ended)
    assert decided(fellowship, "decision") == ([("a", "reclaim")] if reviewed else [])


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_exempt"),
    [
        (date(2022, 1, 1), FEBRUARY_28, False),
        (date(2022, 1, 1), MARCH_1, True),
        (MARCH_31, MARCH_31, True),
        (APRIL, date(2022, 4, 30), False),
        (date(2022, 2, 1), date(2022, 4, 30), True),
        (None, MARCH_1, True),
        (None, FEBRUARY_28, False),
        (MARCH_31, None, True),
        (APRIL, None, False),
        (None, None, True),
    ],
)
def test_a_leave_exempts_where_it_touches_the_month(
    fellowship: Tiny, starts_on: date | None, ends_on: date | None, is_exempt: bool
) -> None:
    fellowship.seat("a", "accepted", "2022-01-10")
    fellowship.given["core.parameters"][0]["has_names"] = False  # what names there are is in no file
    fellowship.add("core.leaves", member="a", starts_on=starts_on, ends_on=ends_on)
    expected = ("exempt", "leave") if is_exempt else ("reclaim", "xp+active_days")
    assert decided(fellowship) == [("a", *expected)]


@pytest.mark.parametrize(
    ("since", "decision", "reason"),
    [("2022-03-31", "exempt", "role:builder"), ("2022-04-01", "reclaim", "xp+active_days")],
)
def test_a_role_exempts_who_has_it_on_the_months_last_day(
    fellowship: Tiny, since: str, decision: str, reason: str
) -> None:
    fellowship.add("core.exempt_roles", role="builder")
    fellowship.seat("a", "accepted", "2022-01-10")
    roster = {"member": "a", "member_id": "a", "cohort": "c"}
    fellowship.add("staging.roster", **roster, role="learner", joined_on=date(2022, 1, 1))
    fellowship.add("staging.roster", **roster, role="builder", joined_on=date.fromisoformat(since))
    assert decided(fellowship) == [("a", decision, reason)]


def budget(fellowship: Tiny, share: float, capacity: int | None, *taken_back: str) -> None:
    """That share of so many seats may change hands this year, some did on those days. a to d have 1 to 4 XP."""
    fellowship.given["core.parameters"][0]["rotation_share"] = share
    fellowship.add("core.rotation_terms", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31))
    if capacity is not None:
        fellowship.add("core.seat_capacities", pool="p", valid_from=date(2021, 1, 1), capacity=capacity)
    for number, day in enumerate(taken_back):
        fellowship.seat(f"gone{number}", "accepted", "2021-06-01")
        fellowship.seat(f"gone{number}", "reclaimed", day)
    for xp, member in enumerate("abcd", start=1):
        fellowship.seat(member, "accepted", "2022-01-10")
        fellowship.learn(member, "2022-03-10", xp)


@pytest.mark.parametrize(
    ("capacity", "taken_back", "reclaimed"),
    [
        (20, (), "abcd"),  # a fifth of 20 are 4
        (19, (), "abc"),  # of 19 are 3.8
        (20, ("2022-01-01", "2022-03-31"), "ab"),  # the term's first day and the day before the review count
        (20, ("2021-12-31",), "abcd"),
        (20, ("2022-04-01",), "abc"),  # not yet used on the day of the review: it is the review's worst itself
        (20, ("2022-02-01",) * 4, ""),
        (20, ("2022-02-01",) * 5, ""),  # more than there was
        (4, (), ""),
        (0, (), ""),
        (None, ("2022-02-01",) * 5, "abcd"),  # no capacity, no limit
    ],
)
def test_the_budget_of_the_term_is_used_up_by_the_worst_first(
    fellowship: Tiny, capacity: int | None, taken_back: tuple[str, ...], reclaimed: str
) -> None:
    budget(fellowship, 0.2, capacity, *taken_back)
    found = [row for row in decided(fellowship) if not row[0].startswith("gone")]
    assert found == [
        (member, "reclaim", "xp") if member in reclaimed else (member, "deferred", "rotation_budget")
        for member in "abcd"
    ]  # fmt: skip


def test_a_month_of_no_term_has_no_budget_to_keep_to(fellowship: Tiny) -> None:
    budget(fellowship, 0.2, 4)
    fellowship.given["core.rotation_terms"][0]["ends_on"] = MARCH_31
    assert {row[1] for row in decided(fellowship)} == {"reclaim"}


def test_of_equal_xp_who_was_idle_for_longer_goes_first_then_the_member_id_decides(fellowship: Tiny) -> None:
    budget(fellowship, 0.2, 10)  # two seats
    for row in fellowship.given["staging.activity"]:
        row["xp"] = 1
    fellowship.learn("b", "2022-03-11", 0)
    assert decided(fellowship, "decision") == [
        ("a", "reclaim"), ("b", "deferred"), ("c", "reclaim"), ("d", "deferred"),
    ]  # fmt: skip
