"""Laws of the tables on programs of any seed, and that nothing depends on the order of rows and files.

``python -m tests.truth.review_laws FIRST LAST`` tries the laws of reviews and offers on as many programs as asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from . import review_laws
from .generate import generate
from .harness import by_models, differences
from .laws import broken
from .oracle import Tables, evaluate
from .oracle_staging import NATURAL_KEYS, Case, File, TextRow, World

pytestmark = pytest.mark.slow

WITH_OFFERS = 5030
"""A seed with 13 decisions of reviews, a freed seat and an idle one that are offered."""


@pytest.fixture(scope="module")
def lawful() -> tuple[Case, Tables]:
    return review_laws.tried(WITH_OFFERS)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1000))
def test_no_program_breaks_a_law(seed: int) -> None:
    assert not broken(evaluate(generate(seed)))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("seed", [2006, 2018, 2022])
def test_the_order_of_rows_and_files_changes_nothing(seed: int) -> None:
    rng, world = Random(seed), World(generate(seed))
    case = replace(world.case, as_of=world.as_of)
    rows = {source: once(world, source) for source in case.files}
    mixed = {source: rng.sample(texts, len(texts)) for source, texts in rows.items()}
    in_order: dict[str, tuple[File, ...]] = {source: (File(tuple(texts)),) for source, texts in rows.items()}
    in_two: dict[str, tuple[File, ...]] = {
        source: (File(tuple(texts[::2])), File(tuple(texts[1::2]))) for source, texts in mixed.items()
    }
    expected = evaluate(replace(case, files=in_order))
    assert not differences(expected, by_models(replace(case, files=in_two), expected))


def once(world: World, source: str) -> list[TextRow]:
    """The rows of all files of a source, each natural key once."""
    found: dict[tuple[Any, ...], TextRow] = {}
    for file in world.case.files[source]:
        for text in file.rows:
            if row := world.typed(source, text):
                found[tuple(row.get(column) for column in NATURAL_KEYS[source])] = text
    return [*found.values()]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("first", range(3000, 3040, 10))
def test_no_review_and_no_list_of_offers_breaks_a_law(first: int) -> None:
    found = []
    for seed in range(first, first + 10):
        case, tables = review_laws.tried(seed)
        found += [f"seed {seed}: {line}" for line in review_laws.broken(case, tables)]
    assert not found, "\n".join(found)


def late(tables: Tables) -> None:
    tables["ops.seat_reviews"][0]["review_month"] = date(2099, 1, 1)


def other_rule(tables: Tables) -> None:
    tables["ops.seat_reviews"][0]["rule"] = "of nobody"


def stranger(tables: Tables) -> None:
    tables["ops.seat_reviews"][0]["member_id"] = "who, me"


def reviewed_twice(tables: Tables) -> None:
    tables["ops.seat_reviews"] *= 2


def offered_twice(tables: Tables) -> None:
    tables["ops.seat_offers"] += [{**tables["ops.seat_offers"][0], "applicant": "another", "member_id": None}]


def two_for_one(tables: Tables) -> None:
    first = tables["ops.seat_offers"][0]
    count = sum(row["pool"] == first["pool"] for row in tables["ops.seat_offers"])
    tables["ops.seat_offers"] += [{**first, "position": count + 1}]


def too_many(tables: Tables) -> None:
    first = tables["ops.seat_offers"][0]
    names = {"member_id": None, "reason": "idle_seat"}
    more = [{**first, **names, "position": place, "applicant": f"a{place}"} for place in range(1, 200)]
    tables["ops.seat_offers"] = more


def one_more_seat(tables: Tables) -> None:
    tables["kpi.seats"][0]["held_end"] += 1


@pytest.mark.parametrize(
    ("tamper", "law"),
    [
        (late, "a_month_not_wholly_covered_is_not_reviewed"),
        (other_rule, "nobody_is_under_another_rule"),
        (stranger, "only_who_holds_a_seat_is_reviewed_and_once"),
        (reviewed_twice, "only_who_holds_a_seat_is_reviewed_and_once"),
        (offered_twice, "no_seat_is_offered_twice"),
        (two_for_one, "no_seat_is_offered_twice"),
        (too_many, "no_more_is_offered_than_is_idle_or_freed"),
        (one_more_seat, "seats_add_up"),
    ],
)
def test_a_row_that_breaks_a_law_is_told(
    lawful: tuple[Case, Tables], tamper: Callable[[Tables], None], law: str
) -> None:
    case, tables = deepcopy(lawful)
    assert review_laws.broken(case, tables) == []
    tamper(tables)
    assert law in {line.partition(":")[0] for line in review_laws.broken(case, tables)}
