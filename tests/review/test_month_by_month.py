"""Four months as they were lived: the landing folder grows, each review is confirmed, the seats follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.home import decisions
from tests.intake.homes import Place
from tests.review.homes import activity, fellowship, month, ran, rows

pytestmark = pytest.mark.slow

ROSTER = (
    "member,cohort,role\n" + "".join(f"m{number},c,learner\n" for number in range(1, 8)) + "b1,c,builder\nother,c,\n"
)
DAYS = {"2022-01": 31, "2022-02": 28, "2022-03": 31, "2022-04": 30}
XP: dict[str, dict[str, float]] = {
    "2022-01": {"m1": 999, "m2": 1000, "m3": 1001, "b1": 0},
    "2022-02": {"m2": 999, "m3": 1000, "m4": 1, "m5": 1001},
    "2022-03": {"m3": 1000, "m5": 999.5, "m6": 1000},
    "2022-04": {"m3": 0.1, "m6": 1001, "m7": 1000},
}
ACCEPTED = {
    "2022-01": "m1 2021-12-31, m2 2021-12-01, m3 2021-12-02, b1 2021-12-01",
    "2022-02": "m4 2022-02-01, m5 2022-02-02",
    "2022-03": "m6 2022-03-31",
    "2022-04": "m7 2022-04-01",
}
"""Seats begun on the 1st, the 2nd and the last day of a month."""

REVIEWS = {
    "2022-02": {"b1": "exempt", "m1": "reclaim", "m2": "keep", "m3": "keep"},
    "2022-03": {"b1": "exempt", "m2": "reclaim", "m3": "keep", "m4": "exempt", "m5": "exempt"},
    "2022-04": {"b1": "exempt", "m3": "keep", "m4": "reclaim", "m5": "reclaim", "m6": "exempt"},
    "2022-05": {"b1": "exempt", "m3": "reclaim", "m6": "keep", "m7": "exempt"},
}
SETTINGS: dict[str, Any] = {
    "review": {
        "rules": [{"id": "xp-1000", "from": "2022-02", "minimum_xp": 1000}],
        "exempt": {"roles": ["builder"]},
    },
    "seats": [{"pool": "p", "from": "2021-12-01", "capacity": 8}],
}


def seats(of: str, taken_back: list[str]) -> str:
    """The seat events of a month: who accepted, and on its 2nd who lost the seat."""
    accepted = [line.strip().split() for line in ACCEPTED[of].split(",")]
    lines = [f"{member},accepted,p,{day}T09:00:00" for member, day in accepted]
    lines += [f"{member},reclaimed,p,{of}-02T10:00:00" for member in taken_back]
    return "\n".join(["member,event,pool,occurred_at", *lines, ""])


def proposed(place: Place, of: str) -> list[tuple[Any, ...]]:
    return rows(place, f"select * from ops.seat_reviews where review_month = '{of}-01' order by all")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, dict[str, list[tuple[Any, ...]]], list[bytes]]:
    """The home after the fourth month; what each review proposed then; decisions.jsonl after each."""
    place = fellowship(tmp_path_factory.mktemp("months") / "home", **SETTINGS)
    place.land({"roster.csv": ROSTER})
    proposals, written, taken_back = {}, [], []
    for of, following in zip(DAYS, REVIEWS, strict=True):
        place.land({f"seat_events-{of}.csv": seats(of, taken_back)})
        place.land({f"activity-{of}.csv": activity(*month(of, DAYS[of]), **XP[of])})
        ran(place)
        proposals[following] = proposed(place, following)
        assert status(["review", str(place.path), following, "confirm", "--by", "kim"]) == 0
        written.append(place.home.decisions.read_bytes())
        taken_back = [member for member, decision in REVIEWS[following].items() if decision == "reclaim"]
    ran(place)
    return place, proposals, written


def test_each_review_is_what_it_should_be_by_hand(lived: tuple[Place, Any, Any]) -> None:
    issued = decisions.load(lived[0].home).issued
    assert {
        of: {one.member_id: one.decision for one in issued if f"{one.review_month:%Y-%m}" == of} for of in REVIEWS
    } == REVIEWS


def test_one_run_over_all_gives_the_same_reviews(lived: tuple[Place, Any, Any], tmp_path: Path) -> None:
    place, proposals, _ = lived
    at_once = fellowship(tmp_path / "home", **SETTINGS)
    at_once.land({path.name: path.read_bytes() for path in place.home.landing.iterdir()})
    ran(at_once)
    for of, then in proposals.items():
        assert then and proposed(at_once, of) == then
        assert proposed(place, of) == then


def test_no_issued_decision_ever_changes(lived: tuple[Place, Any, list[bytes]]) -> None:
    place, _, written = lived
    final = place.home.decisions.read_bytes()
    assert all(final.startswith(then) for then in written)
    assert rows(place, "select * from ops.review_differences") == []
    assert rows(place, "select count(*) from ops.review_decisions") == [(sum(map(len, REVIEWS.values())),)]


def test_the_seats_balance_in_every_month(lived: tuple[Place, Any, Any]) -> None:
    balance = "select month from kpi.seats where held_end <> held_start + accepted - reclaimed - returned"
    assert rows(lived[0], balance) == []
    assert rows(lived[0], "select reclaimed from kpi.seats where month >= '2022-01-01' order by month") == [
        (0,), (1,), (1,), (2,),
    ]  # fmt: skip
