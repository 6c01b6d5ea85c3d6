"""Competitions on tiny literal programs: whose place passes which board, and when that is too late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from .test_missions import ask, due, join, results
from .tiny import Tiny


def stand(tiny: Tiny, member: str, rank: int, teams: int, day: int, *, category: str = "featured", **row: Any) -> None:
    """A member's place at noon (UTC) of a day of April."""
    row = {"competition": "C", "team": f"team of {member}", "board": "public", **row}
    tiny.add(
        "staging.competitions",
        category=category, rank=rank, teams=teams, member=member, as_of=datetime(2022, 4, day, 12), **row,
        member_id=None if member.startswith("stranger") else member,
    )  # fmt: skip


def featured(tiny: Tiny, **row: Any) -> None:
    ask(tiny, "M", due(20), "competition", "featured", **{"threshold": 0.4, "team_max": 5, **row})


STANDING = "member_id, status, timezone('UTC', met_at)"


@pytest.mark.parametrize(
    ("threshold", "rank", "teams", "status"),
    [
        (0.4, 2, 5, "met"),
        (0.4, 400_000_001, 1_000_000_000, "missed"),
        (0.4, 400_000_000, 1_000_000_000, "met"),
        (0.07, 7, 100, "met"),
        (0.07, 8, 100, "missed"),
        (0.29, 29, 100, "met"),
        (0.57, 57, 100, "met"),
        (None, 100, 100, "met"),
        (0.1508, 283, 1877, "met"),
        (0.1507, 283, 1877, "missed"),
    ],
)
def test_a_rank_share_passes_up_to_and_with_the_threshold(
    tiny: Tiny, threshold: float | None, rank: int, teams: int, status: str
) -> None:
    join(tiny, "a")
    featured(tiny, threshold=threshold)
    stand(tiny, "a", rank, teams, 10)
    assert results(tiny, "status") == [(status,)]


def test_the_real_result_passes_before_graduation_and_stays_passed(tiny: Tiny) -> None:
    join(tiny, "a")
    featured(tiny)
    stand(tiny, "a", 289, 1877, 19)
    stand(tiny, "a", 283, 1877, 25, board="private")
    assert results(tiny, STANDING) == [("a", "met", datetime(2022, 4, 19, 12))]
    stand(tiny, "a", 1800, 1877, 26, board="private")
    assert results(tiny, STANDING) == [("a", "met", datetime(2022, 4, 19, 12))]


def test_the_latest_board_by_the_due_date_decides_and_a_later_one_that_passes_is_late(tiny: Tiny) -> None:
    join(tiny, "abcd")
    featured(tiny)
    for member, first, last, private in (("a", 1, 9, 1), ("b", 9, 4, 9), ("c", 1, 9, 9), ("d", 9, 9, 4)):
        stand(tiny, member, first, 10, 10)
        stand(tiny, member, last, 10, 20)
        stand(tiny, member, private, 10, 25, board="private")
    assert results(tiny, STANDING) == [
        ("a", "late", datetime(2022, 4, 25, 12)),
        ("b", "met", datetime(2022, 4, 20, 12)),
        ("c", "missed", None),
        ("d", "late", datetime(2022, 4, 25, 12)),
    ]


def test_of_two_boards_of_one_time_the_private_one_decides(tiny: Tiny) -> None:
    join(tiny, "ab")
    featured(tiny)
    for member, public, private in (("a", 1, 9), ("b", 9, 1)):
        stand(tiny, member, private, 10, 10, board="private", team=f"{member}'s last")
        stand(tiny, member, public, 10, 10)
    assert results(tiny, "member_id, status") == [("a", "missed"), ("b", "met")]


def test_a_later_due_date_lets_a_later_board_decide(tiny: Tiny) -> None:
    join(tiny, "a")
    featured(tiny)
    tiny.add("core.mission_exceptions", position=0, member="a", mission="M", reason="ill", due_at=due(25))
    stand(tiny, "a", 9, 10, 10)
    stand(tiny, "a", 1, 10, 25, board="private")
    assert results(tiny, STANDING) == [("a", "met", datetime(2022, 4, 25, 12))]


def test_boards_after_as_of_count_for_nothing(tiny: Tiny) -> None:
    join(tiny, "a")
    featured(tiny)
    stand(tiny, "a", 1, 10, 30)
    assert results(tiny, "status") == [("late",)]
    tiny.given["core.parameters"][0]["as_of"] = datetime(2022, 4, 29).date()
    assert results(tiny, "status") == [("missed",)]


def test_a_solo_team_fails_the_playground_alternative_and_a_team_of_six_fails_both(tiny: Tiny) -> None:
    join(tiny, "abcdef")
    featured(tiny, alternative="A")
    ask(tiny, "M", due(20), "competition", "playground", alternative="B", threshold=0.2, team_min=2, team_max=5)
    ask(tiny, "M", due(20), "competition", "community", alternative="C", threshold=0.2, team_min=2, team_max=5)
    stand(tiny, "a", 1, 10, 10, category="playground")  # alone, as the board shows
    stand(tiny, "b", 2, 10, 10, category="playground", team="two")
    stand(tiny, "stranger", 2, 10, 10, category="playground", team="two")
    stand(tiny, "c", 2, 10, 10, category="community", team_size=2)
    stand(tiny, "d", 4, 10, 10, team_size=5)
    stand(tiny, "e", 4, 10, 10, team_size=6)
    stand(tiny, "f", 2, 10, 10, category="playground", team_size=1)
    assert results(tiny, "member_id, status, alternative") == [
        ("a", "missed", None),
        ("b", "met", "B"),
        ("c", "met", "C"),
        ("d", "met", "A"),
        ("e", "missed", None),
        ("f", "missed", None),
    ]


def test_one_of_several_competitions_is_enough(tiny: Tiny) -> None:
    join(tiny, "a")
    featured(tiny)
    stand(tiny, "a", 9, 10, 12)
    stand(tiny, "a", 3, 10, 11, competition="D")
    stand(tiny, "a", 3, 10, 25, competition="E")
    assert results(tiny, STANDING) == [("a", "met", datetime(2022, 4, 11, 12))]


def test_places_of_a_cohort_on_the_latest_board_of_each_kind(tiny: Tiny) -> None:
    join(tiny, "abc")
    join(tiny, "c", cohort="B")
    featured(tiny)
    stand(tiny, "a", 9, 10, 10)
    for member in "ab":
        stand(tiny, member, 1, 4, 15, team="two")
    stand(tiny, "c", 3, 4, 15)
    stand(tiny, "stranger", 1, 10, 15)
    stand(tiny, "a", 3, 10, 25, team="two", board="private")
    assert tiny.rows("kpi.competitions", "*") == [
        ("A", "C", "featured", "private", 1, 1, 1, 0.3, 0.3),
        ("A", "C", "featured", "public", 2, 3, 2, 0.25, 0.5),
        ("B", "C", "featured", "public", 1, 1, 0, 0.75, 0.75),
    ]


def test_of_two_places_of_a_team_at_one_time_the_best_is_its_own(tiny: Tiny) -> None:
    join(tiny, "ab")
    stand(tiny, "a", 4, 10, 15, team="two")
    stand(tiny, "b", 3, 10, 15, team="two")
    assert tiny.rows("kpi.competitions", "teams, best_share, median_share") == [(1, 0.3, 0.3)]
