"""Of several records of one thing the best counts, and the others are ignored."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from fellowship_pipeline.intake.layouts.best import best_of
from fellowship_pipeline.intake.readers.records import LacksColumns, Records
from fellowship_pipeline.program.sources import Entry

ATTEMPTS = [("ant", "0.71"), ("bee", "0.60"), ("Ant ", "0.90"), ("ant", "0.90"), ("cat", "error"), ("cat", "")]


def records(rows: list[tuple[str, str]]) -> Records:
    columns = tuple(pa.chunked_array([list(column)], pa.string()) for column in zip(*rows, strict=True))
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    return Records(("Team", "Score"), columns, numbers, numbers, len(rows), "utf-8")


def kept(**best: Any) -> list[int]:
    found = best_of(records(ATTEMPTS), Entry.model_validate({"files": "landing/a.csv", "best": best}))
    assert found.ignored == len(ATTEMPTS) - len(found.rows)
    rows: list[int] = found.rows.to_pylist()
    return rows


@pytest.mark.parametrize(("order", "rows"), [("highest", [2, 3, 5]), ("lowest", [1, 2, 5])])
def test_the_best_of_each_team_and_the_first_of_equal_ones(order: str, rows: list[int]) -> None:
    assert kept(of=["Team"], by="Score", order=order) == rows


def test_a_header_that_is_not_there_is_named() -> None:
    with pytest.raises(LacksColumns) as refusal:
        kept(of=["Tim"], by="Score")
    assert refusal.value.columns == ((("best", "of"), "Tim"),)


def test_nothing_declared_leaves_all() -> None:
    entry = Entry.model_validate({"files": "landing/a.csv"})
    assert best_of(records(ATTEMPTS), entry).rows.to_pylist() == [1, 2, 3, 4, 5, 6]
