"""A memory comes back as it was written, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.home.memory import recall, remember

SAID = {"landing/김.csv": [12, "1", 1.5, None], "state": "in use"}
AT = "2026-01-01T12:00:00+00:00"


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    remember(tmp_path / "state" / "looks.json", SAID)
    return tmp_path / "state" / "looks.json"


def test_it_comes_back_as_it_was_written(memory: Path) -> None:
    assert recall(memory) == SAID
    remember(memory, {})
    assert recall(memory) == {}


def test_whichever_bit_is_flipped_nothing_else_is_remembered(memory: Path) -> None:
    written = memory.read_bytes()
    for place in range(len(written)):
        for bit in range(8):
            flipped = bytearray(written)
            flipped[place] ^= 1 << bit
            memory.write_bytes(flipped)
            assert recall(memory) in (None, SAID), bytes(flipped)


@pytest.mark.parametrize("content", ["", "[]", "1", '{"said": 1', '{"said": {}}', '{"said": {}, "sha256": "0"}'])
def test_what_was_never_written_is_nothing(memory: Path, content: str) -> None:
    memory.write_text(content)
    assert recall(memory) is None


@pytest.mark.parametrize(
    "said", [{"chain": "0", "heads": [[1, "a"]]}, {"sha256": "0", "bytes": 1}, {"landing/a.csv": [1]}, {}]
)
def test_what_an_earlier_version_wrote_without_a_hash_counts(memory: Path, said: dict[str, Any]) -> None:
    memory.write_text(json.dumps(said))
    assert recall(memory) == said


def test_a_chain_whose_memory_was_flipped_is_sound_still(tmp_path: Path) -> None:
    """The hash in it would be that of no line."""
    chain = Chain(tmp_path / "ledger.jsonl")
    chain.append([{"at": AT, "event": "a"}], AT)
    last = chain.heads()[-1].hash
    other = ("1" if last[0] == "0" else "0") + last[1:]
    chain.memory.write_text(chain.memory.read_text().replace(last, other))
    assert (chain.remembered(), chain.fault()) == ([], None)
