"""ops.at_risk: who would lose a seat or miss a mission at which pace. as_of is 20 April 2022: ten days are left."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from .tiny import Tiny

APRIL_20 = date(2022, 4, 20)
DUE_30 = datetime(2022, 4, 30, 14, 59, 59, 999999)  # the end of 30 April in Seoul


@pytest.fixture
def fellowship(tiny: Tiny) -> Tiny:
    """1,000 XP and one active day a month for whoever studies alone."""
    tiny.given["core.parameters"][0]["as_of"] = APRIL_20
    tiny.add("core.review_rules", position=0, rule="xp", valid_from=date(2022, 5, 1), study_mode="individual",
             minimum_xp=1000, minimum_active_days=1, first_month="exempt")  # fmt: skip
    return tiny


def seated(tiny: Tiny, *members: str, since: str = "2022-01-10", **roster: Any) -> None:
    for member in members:
        row = {"study_mode": "individual", "cohort": "A", "joined_on": date(2022, 1, 1), **roster}
        tiny.add("staging.roster", member=member, member_id=member, **row)
        tiny.seat(member, "accepted", since)


def risks(tiny: Tiny, *columns: str) -> list[tuple[Any, ...]]:
    return tiny.rows("ops.at_risk", ", ".join(["member_id", *columns, "risk"]))


def test_the_pace_of_28_days_decides_between_watch_and_high(fellowship: Tiny) -> None:
    seated(fellowship, "behind", "met", "on pace", "one short")
    fellowship.learn("behind", "2022-04-19", 10)
    fellowship.learn("met", "2022-04-19", 1000)
    # ten days at (xp of 28 days) / 28: of 2,100 that is 750
    for member, earlier in (("on pace", 1850), ("one short", 1849)):
        fellowship.learn(member, "2022-03-24", earlier)  # the first of the 28 days
        fellowship.learn(member, "2022-03-23", 5000)  # before them
        fellowship.learn(member, "2022-04-19", 250)
    assert risks(fellowship, "xp_month_to_date", "xp_needed", "days_left", "missing") == [
        ("behind", 10, 1000, 10, "xp: 10 of 1000", "high"),
        ("met", 1000, 1000, 10, None, "none"),
        ("on pace", 250, 1000, 10, "xp: 250 of 1000", "watch"),
        ("one short", 250, 1000, 10, "xp: 250 of 1000", "high"),
    ]


def test_on_the_last_day_of_the_month_any_lack_is_high(fellowship: Tiny) -> None:
    fellowship.given["core.parameters"][0]["as_of"] = date(2022, 4, 30)
    seated(fellowship, "a", "b")
    fellowship.learn("a", "2022-04-30", 999)
    fellowship.learn("b", "2022-04-30", 1000)
    assert risks(fellowship, "days_left") == [("a", 0, "high"), ("b", 0, "none")]


def test_active_days_are_asked_for_too(fellowship: Tiny) -> None:
    fellowship.given["core.review_rules"][0] |= {"minimum_xp": None, "minimum_active_days": 2}
    seated(fellowship, "a", "b")
    fellowship.learn("a", "2022-04-01")
    for day in ("2022-03-30", "2022-03-31", "2022-04-01"):  # three of 28 days: 1.07 in ten
        fellowship.learn("b", day)
    assert risks(fellowship, "xp_needed", "active_days_needed", "missing") == [
        ("a", None, 2, "active days: 1 of 2", "high"),
        ("b", None, 2, "active days: 1 of 2", "watch"),
    ]


def test_nothing_is_asked_of_the_exempt_but_two_weeks_without_learning_are_watched(fellowship: Tiny) -> None:
    fellowship.add("core.exempt_roles", role="builder")
    fellowship.add("core.leaves", member="leave", starts_on=date(2022, 4, 30))
    fellowship.given["core.parameters"][0]["has_names"] = True
    seated(fellowship, "builder", role="builder")
    seated(fellowship, "leave", "silent")
    seated(fellowship, "new", since="2022-04-01")
    seated(fellowship, "group", study_mode="group")
    seated(fellowship, "none")
    for member in ("builder", "leave", "new"):
        fellowship.learn(member, "2022-04-07")  # 13 days ago
    fellowship.learn("group", "2022-04-06")
    fellowship.learn("none", "2022-04-19", 1000)
    assert risks(fellowship, "xp_needed", "days_since_activity") == [
        ("builder", None, 13, "none"),
        ("group", None, 14, "watch"),
        ("leave", None, 13, "none"),
        ("new", None, 13, "none"),
        ("none", 1000, 1, "none"),
        ("silent", 1000, None, "high"),
    ]


def test_a_prorated_first_month_asks_for_its_share(fellowship: Tiny) -> None:
    fellowship.given["core.review_rules"][0]["first_month"] = "prorated"
    seated(fellowship, "a", since="2022-04-16")  # 15 of 30 days
    fellowship.learn("a", "2022-04-17", 500)
    assert risks(fellowship, "xp_needed") == [("a", 500, "none")]


def test_the_rule_is_that_of_the_coming_review(fellowship: Tiny) -> None:
    fellowship.add("core.review_rules", position=1, rule="harder", valid_from=date(2022, 6, 1), minimum_xp=2000,
                   minimum_active_days=1, first_month="full")  # fmt: skip
    seated(fellowship, "a")
    assert risks(fellowship, "xp_needed") == [("a", 1000, "high")]


def test_only_whoever_holds_a_seat_is_listed_each_once(fellowship: Tiny) -> None:
    seated(fellowship, "a", "gone")
    fellowship.seat("a", "accepted", "2022-04-02", pool="q")
    fellowship.seat("gone", "returned", "2022-04-20")
    fellowship.seat("stranger", "accepted", "2022-04-02", known=False)
    assert risks(fellowship) == [("a", "high")]


def mission(tiny: Tiny, requirement: str, target: str | None, **row: Any) -> None:
    row = {"cohort": "A", "mission": "M", "due_at": DUE_30, "alternative": "1", **row}
    tiny.add("staging.missions", requirement=requirement, target=target, **row)


def test_the_next_mandatory_mission_at_the_members_pace(fellowship: Tiny) -> None:
    fellowship.given.pop("core.review_rules")
    mission(fellowship, "xp", None, threshold=1000)
    mission(fellowship, "xp", None, threshold=1, mission="L", mandatory=False)
    mission(fellowship, "xp", None, threshold=9000, mission="N", due_at=datetime(2022, 5, 30))
    seated(fellowship, "done", "far", "near")
    fellowship.learn("done", "2022-04-10", 1000)
    fellowship.learn("near", "2022-04-10", 740)  # ten days reach 264 more
    fellowship.learn("far", "2022-04-10", 730)  # 260 of 270
    columns = ("next_mission", "next_due", "missing")
    found = risks(fellowship, *columns)
    assert [(row[0], row[1], row[4]) for row in found] == [
        ("done", "N", "high"),  # 8,000 more in 40 days
        ("far", "M", "high"),
        ("near", "M", "watch"),
    ]
    assert found[2][2:4] == (DUE_30, "M: xp: 740.0 of 1000.0")


def test_one_alternative_within_reach_suffices(fellowship: Tiny) -> None:
    fellowship.given.pop("core.review_rules")
    mission(fellowship, "xp", None, threshold=100000)
    mission(fellowship, "certification", "C", alternative="2")
    seated(fellowship, "learning", "idle")
    fellowship.learn("learning", "2022-04-10", 10)
    fellowship.learn("idle", "2022-03-23", 10)  # a day too early for the pace
    assert risks(fellowship) == [("idle", "high"), ("learning", "watch")]


def test_courses_are_measured_by_their_hours_where_minutes_are_known(fellowship: Tiny) -> None:
    fellowship.given.pop("core.review_rules")
    mission(fellowship, "course", "c|d")
    for course, hours in (("c", 10), ("d", 5)):
        fellowship.add("staging.catalog", course=course, track="T", hours=hours)
    seated(fellowship, "near", "far")
    for member, minutes in (("near", 612), ("far", 611)):
        fellowship.add("staging.completions", member=member, member_id=member, course="c",
                       completed_at=datetime(2022, 4, 10))  # fmt: skip
        for course, spent in (("c", minutes), ("d", 60)):
            fellowship.learn(member, "2022-04-09", course=course)
            fellowship.given["staging.activity"][-1]["minutes"] = spent
    # 240 minutes of d are missing; 672 in 28 days are 24 a day and 240 in ten
    assert risks(fellowship) == [("far", "high"), ("near", "watch")]


@pytest.mark.parametrize(("since", "needed"), [("2022-03-31", 0.5), ("2022-04-01", 0.5), ("2022-04-02", 1)])
def test_a_seat_of_the_whole_month_is_asked_for_what_the_review_asks(
    fellowship: Tiny, since: str, needed: float
) -> None:
    fellowship.given["core.review_rules"][0] |= {"minimum_xp": 0.5, "first_month": "prorated"}
    seated(fellowship, "a", since=since)
    assert risks(fellowship, "xp_needed") == [("a", needed, "high")]
