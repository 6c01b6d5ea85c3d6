"""The memory of releases as a file: whole or lost, and nobody who was erased in it."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from fellowship_pipeline.home import Home
from fellowship_pipeline.release.memory import MADE, NEVER, Memory, forgotten, place, recall, remember, without_words

FACTS = pd.DataFrame(
    {
        "subject": ["learning", "learning", "seats"],
        "key": ["2022-01", "2022-02", "2022-01"],
        "person": pd.Series([1 << 63, 7, 1 << 63], dtype="uint64"),
        "mark": pd.Series([11, 12, 13], dtype="uint64"),
        **{kind: pd.Series([1, 1, 1], dtype="uint64") for kind in ("cohort", "study_mode", "study_group", "track")},
        "since": [1, 1, 2],
        "until": [2, NEVER, NEVER],
    }
)
FRAME = pd.DataFrame({"topic": ["Kim's circle", "exams"], "opened": pd.array([6, None], dtype="Int64"), MADE: [1, 2]})
LABELS = pd.DataFrame({"topic": [None, None], "opened": [None, "<5"]}, dtype="object")


@pytest.fixture
def memory() -> Memory:
    return Memory(
        5,
        {1: date(2022, 1, 31), 2: date(2022, 2, 28)},
        {1: "a", 2: "b"},
        {("support", "2022-01", "all"): (1, 2)},
        {"support": FRAME},
        {"support": LABELS},
        FACTS,
        pd.DataFrame({"kpi": ["adoption_rate"], "value": [0.5]}),
        frozenset({"e1"}),
    )


def test_what_is_remembered_is_recalled(tmp_path: Path, memory: Memory) -> None:
    home = Home(tmp_path)
    remember(home, memory)
    remember(home, memory)
    found = recall(home)
    assert found is not None
    assert (found.salt, found.days, found.bases, found.shown) == (5, memory.days, memory.bases, memory.shown)
    assert (found.last, found.erasures) == (2, frozenset({"e1"}))
    pd.testing.assert_frame_equal(found.facts, FACTS, check_dtype=False)
    assert found.labels["support"]["opened"].to_list() == [None, "<5"]
    assert found.frames["support"]["topic"].to_list() == ["Kim's circle", "exams"]
    assert stat.S_IMODE(place(home).stat().st_mode) == 0o600
    assert [path.name for path in home.state.iterdir()] == ["releases.duckdb"]


def test_what_was_known_at_a_release_is_found(memory: Memory) -> None:
    assert memory.known(1)["mark"].to_list() == [11, 12]
    assert memory.known(2)["mark"].to_list() == [12, 13]


@pytest.mark.parametrize("damage", [b"", b"not a database", None])
def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path, memory: Memory, damage: bytes | None) -> None:
    home = Home(tmp_path)
    if damage is None:
        assert recall(home) is None
        return
    remember(home, memory)
    place(home).write_bytes(damage)
    assert recall(home) is None


def test_who_is_forgotten_was_somebody_in_each_subject() -> None:
    found = forgotten(FACTS, {1 << 63})
    assert found["person"].to_list()[1] == 7 and found["mark"].to_list()[1] == 12
    assert not {1 << 63, 11, 13} & {*found["person"], *found["mark"]}
    assert found["person"].nunique() == 3
    assert found["key"].to_list() == FACTS["key"].to_list()


def test_rows_named_by_an_erased_person_go(memory: Memory) -> None:
    found = without_words(memory, lambda text: "Kim" in text)
    assert found.frames["support"]["topic"].to_list() == ["exams"]
    assert found.labels["support"]["opened"].to_list() == ["<5"]
