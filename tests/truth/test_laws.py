"""Laws of the tables on programs of any seed, and that nothing depends on the order of rows and files."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .generate import generate
from .harness import by_models, differences
from .laws import broken
from .oracle import evaluate
from .oracle_staging import NATURAL_KEYS, File, TextRow, World

pytestmark = pytest.mark.slow


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1000))
def test_no_program_breaks_a_law(seed: int) -> None:
    assert not broken(evaluate(generate(seed)))


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
