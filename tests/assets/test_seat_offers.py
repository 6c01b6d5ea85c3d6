"""Seats to give and who waits for them: no seat twice, no more than there are, none kept back from somebody waiting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assets.sql import models, run_model
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY

AS_OF, MARCH, APRIL = date(2022, 4, 30), date(2022, 3, 1), date(2022, 4, 1)
POOLS = ("q", "p", "r")
"""As program.yaml has them, which is not the order of the alphabet."""


@dataclass
class Market:
    """What there is to give, and who asks: rows as the tables that offers are made of have them."""

    configured: tuple[str, ...] = POOLS[:2]
    idle: dict[str, int] = field(default_factory=dict)
    freed: dict[str, int] = field(default_factory=dict)
    holders: set[tuple[str, str]] = field(default_factory=set)
    invited: set[tuple[str, str]] = field(default_factory=set)
    asks: list[tuple[str, str | None, int, str]] = field(default_factory=list)
    interviews: list[tuple[str, str]] = field(default_factory=list)
    """What was decided on whom at the second stage, on the same day as all else."""
    issued: dict[str, str] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)

    def offers(self) -> list[tuple[Any, ...]]:
        """Pool, position, applicant and reason of every offer, in order."""
        with warehouse.connect(None) as con:
            con.execute("set threads = 1")
            for key in models()["ops.seat_offers"].reads:
                warehouse.create(con, TABLE_BY_KEY[key])
            freed = [(f"held-{n}", pool) for pool, number in self.freed.items() for n in range(number)]
            rows: dict[str, list[dict[str, Any]]] = {
                "core.parameters": [{"as_of": AS_OF, "timezone": "Asia/Seoul"}],
                "core.review_cases": [{"review_month": APRIL}],
                "core.seat_capacities": [
                    {"pool": pool, "position": at, "capacity": 99} for at, pool in enumerate(self.configured)
                ],
                "core.seat_changes": [{"pool": pool} for pool in POOLS],
                "kpi.seats": [{"month": APRIL, "pool": pool, "idle": number} for pool, number in self.idle.items()],
                "ops.seat_reviews": [
                    {"review_month": APRIL, "member_id": one, "pool": pool, "seat_since": MARCH, "decision": "reclaim"}
                    for one, pool in freed
                ],
                "core.issued_decisions": [
                    {"decision_id": one, "review_month": APRIL, "member_id": one, "pool": pool, "seat_since": MARCH}
                    | {"decision": self.issued[one]}
                    for one, pool in freed
                    if one in self.issued
                ],
                "core.undone_decisions": [{"undo_id": one, "decision_id": one} for one in self.undone],
                "core.seats": [
                    {"person": person, "member_id": person, "pool": pool, "held_from": MARCH}
                    for person, pool in [*freed, *self.holders]
                ],
                "core.invitations": [
                    {"person": person, "pool": pool, "status": "open"} for person, pool in self.invited
                ],
                "core.stages": [{"stage": stage, "position": at} for at, stage in enumerate(("form", "interview"))],
                "staging.applications": [
                    {"applicant": name, "member_id": name, "pool": pool, "stage": stage, "result": result}
                    | {"applied_at": datetime(2022, 1, 1) + timedelta(days), "decided_at": datetime(2022, 4, 1)}
                    for name, pool, days, result, stage in (
                        *((*ask, "form") for ask in self.asks),
                        *((name, "q", 0, result, "interview") for name, result in self.interviews),
                    )
                ],
            }
            for key, given_rows in rows.items():
                table = TABLE_BY_KEY[key]
                cells = [[row.get(column) for column in table.column_names] for row in given_rows]
                warehouse.write_rows(con, table, cells)
            run_model(con, "ops.seat_offers")
            offered = con.table("ops.seat_offers").project("pool, position, applicant, reason")
            return offered.order("pool, position").fetchall()

    def room(self, pool: str) -> int:
        """Seats of the pool that are free or will be."""
        return max(0, self.idle.get(pool, 0) + self.freed.get(pool, 0))


def test_who_named_no_pool_is_offered_the_first_with_a_seat_left_at_their_turn() -> None:
    market = Market(idle={"q": 1, "p": 1}, freed={"p": 1})
    market.asks = [(name, None, day, "pending") for day, name in enumerate("abcd")]
    assert market.offers() == [
        ("p", 1, "b", "freed_seat+no_pool"),
        ("p", 2, "c", "idle_seat+no_pool"),
        ("q", 1, "a", "idle_seat+no_pool"),
    ]


def test_a_confirmed_review_frees_what_was_issued_and_stands() -> None:
    market = Market(freed={"q": 4})
    market.asks = [(name, "q", day, "pending") for day, name in enumerate("abcd")]
    assert len(market.offers()) == 4  # as it is proposed
    market.issued = {"held-0": "reclaim", "held-1": "exempt", "held-2": "reclaim"}  # of the fourth nobody decided
    market.undone = {"held-2"}
    assert market.offers() == [("q", 1, "a", "freed_seat")]


def test_all_stand_in_one_line_whether_they_named_a_pool_or_not() -> None:
    market = Market(idle={"q": 2, "p": 1})
    market.asks = [
        ("a", "q", 1, "passed"),
        ("b", None, 2, "pending"),
        ("c", "q", 3, "pending"),
        ("d", None, 4, "pending"),
        ("e", "p", 5, "pending"),
    ]
    assert market.offers() == [
        ("p", 1, "d", "idle_seat+no_pool"),
        ("q", 1, "a", "idle_seat"),
        ("q", 2, "b", "idle_seat+no_pool"),
    ]


def test_of_stages_decided_in_one_file_the_last_in_order_counts() -> None:
    """Who failed the interview waits for nothing, though `passed` comes behind `failed` in the alphabet."""
    market = Market(idle={"q": 9}, asks=[(name, "q", day, "passed") for day, name in enumerate("abc")])
    market.interviews = [("a", "failed"), ("b", "pending")]
    assert market.offers() == [("q", 1, "b", "idle_seat"), ("q", 2, "c", "idle_seat")]


@pytest.mark.parametrize(
    ("holds", "invited", "asks"),
    [
        ({("a", "r")}, set(), [("a", None, 1, "pending")]),
        (set(), {("a", "p")}, [("a", None, 1, "pending")]),
        (set(), set(), [("a", None, 1, "failed")]),
        (set(), set(), [("a", None, 1, "pending"), ("a", "r", 2, "pending")]),
    ],
    ids=["holds a seat", "has an open invitation", "was turned down", "waits for a pool by name"],
)
def test_who_named_no_pool_is_offered_none_who(
    holds: set[tuple[str, str]], invited: set[tuple[str, str]], asks: list[tuple[str, str | None, int, str]]
) -> None:
    assert Market(idle={"q": 5, "p": 5}, holders=holds, invited=invited, asks=asks).offers() == []


def test_where_one_pool_is_configured_it_is_meant_whatever_pools_the_events_have() -> None:
    market = Market(configured=("p",), idle={"p": 1, "q": 3}, asks=[("a", None, 1, "pending")])
    assert market.offers() == [("p", 1, "a", "idle_seat")]


def test_where_none_is_configured_and_the_events_have_several_nobody_knows_which_is_meant() -> None:
    assert Market(configured=(), freed={"p": 1}, asks=[("a", None, 1, "pending")]).offers() == []


PEOPLE = st.sampled_from("abcdefghijklmn")
SOME = st.sets(st.tuples(PEOPLE, st.sampled_from(POOLS)), max_size=3)
NUMBERS = st.fixed_dictionaries({pool: st.integers(-1, 2) for pool in POOLS})
MARKETS = st.builds(
    Market,
    configured=st.permutations(POOLS).flatmap(lambda pools: st.integers(2, 3).map(lambda n: tuple(pools[:n]))),
    idle=NUMBERS,
    freed=st.dictionaries(st.sampled_from(POOLS), st.integers(0, 1)),
    holders=SOME,
    invited=SOME,
    asks=st.lists(
        st.tuples(
            PEOPLE,
            st.sampled_from((*POOLS, None, None, None)),
            st.integers(0, 40),
            st.sampled_from(("pending", "pending", "passed", "failed")),
        ),
        min_size=4,
        max_size=16,
        unique_by=(lambda ask: ask[:2], lambda ask: ask[2]),
    ),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKETS)
@example(Market(idle={"q": 1, "p": 1}, asks=[(name, None, day, "pending") for day, name in enumerate("abc")]))
@example(
    Market(("q", "r", "p"), {"q": 1, "p": 1}, asks=[(name, None, day, "pending") for day, name in enumerate("abc")])
)
@example(Market(idle={"q": -2, "p": 1}, freed={"q": 1}, asks=[("a", None, 1, "pending"), ("b", None, 2, "pending")]))
def test_no_seat_is_offered_twice_none_is_made_up_and_none_kept_back(market: Market) -> None:
    offers = market.offers()
    by_pool = Counter(pool for pool, *_ in offers)
    assert all(number <= market.room(pool) for pool, number in by_pool.items())
    assert sorted((pool, position) for pool, position, *_ in offers) == [
        (pool, position) for pool in sorted(by_pool) for position in range(1, by_pool[pool] + 1)
    ]
    offered = {(name, pool) for pool, _, name, _ in offers}
    assert len(offered) == len(offers)
    assert not offered & (market.holders | market.invited)
    without = [name for _, _, name, reason in offers if reason.endswith("+no_pool")]
    assert len(set(without)) == len(without)

    hopes = [(name, pool, day) for name, pool, day, result in market.asks if result != "failed"]
    served = market.holders | market.invited
    by_name = {(name, pool): day for name, pool, day in hopes if pool and (name, pool) not in served}
    settled = {name for name, _ in served} | {name for name, _ in by_name}
    anywhere = {name: day for name, pool, day in hopes if pool is None and name not in settled}
    assert offered <= by_name.keys() | {(name, pool) for name in anywhere for pool in market.configured}
    turns = {(name, pool): by_name.get((name, pool), anywhere.get(name, 0)) for name, pool in offered}
    for (name, pool), day in by_name.items():
        if (name, pool) not in offered:
            assert by_pool[pool] == market.room(pool)
            assert all(turns[one] < day for one in offered if one[1] == pool)
    for name, day in anywhere.items():
        got = [pool for one, pool in offered if one == name]
        for pool in market.configured[: market.configured.index(got[0]) if got else None]:
            assert by_pool[pool] == market.room(pool)
            assert all(turns[one] < day for one in offered if one[1] == pool)
