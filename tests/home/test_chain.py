"""Files of linked lines: whatever is done to one shows, and what a crash leaves does not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home.chain import Chain

AT = "2026-01-01T12:00:00+00:00"


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    """Four lines: its own and three events."""
    chain = Chain(tmp_path / "ledger.jsonl")
    for name in "abc":
        chain.append([{"at": AT, "event": name}], AT)
    return chain


def changed(chain: Chain, change: Callable[[list[str]], list[str]]) -> None:
    chain.path.write_text("".join(change(chain.path.read_text().splitlines(keepends=True))))


def test_lines_come_back_as_they_were_said_after_that_of_the_chain(chain: Chain) -> None:
    first, *others = chain.read()
    assert others == [{"at": AT, "event": name} for name in "abc"]
    assert (first["event"], first["at"], len(first["chain"])) == ("begun", AT, 16)
    assert chain.last() == {**others[-1], "before": chain.heads()[2].hash}
    assert chain.fault() is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda lines: [lines[0], *lines[2:]], "1 lines are gone before line 2"),
        (lambda lines: lines[1:], "1 lines are gone before line 1"),
        (lambda lines: lines[:2], "cut after line 2 of 4"),
        (lambda lines: [], "gone"),
        (lambda lines: [*lines[:1], lines[1].replace('"a"', '"x"'), *lines[2:]], "line 3 does not follow"),
        (lambda lines: [*lines[:3], lines[3].replace('"c"', '"x"')], "line 4 is not the one that was written there"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "line 2 does not follow"),
        (lambda lines: [*lines, lines[3]], "line 5 does not follow"),
        (lambda lines: [*lines[:3], "{}\n"], "line 4 does not follow"),
    ],
    ids=["deleted", "deleted first", "cut", "emptied", "altered", "altered last", "swapped", "added", "damaged last"],
)
def test_a_line_lost_altered_or_added_is_told(
    chain: Chain, change: Callable[[list[str]], list[str]], fault: str
) -> None:
    changed(chain, change)
    assert (chain.fault() or "").startswith(fault)
    with suppress(UserError):
        chain.append([{"at": AT, "event": "d"}], AT)
    assert (chain.fault() or "").startswith(fault)


def test_a_line_deleted_is_told_still_when_state_has_forgotten(chain: Chain) -> None:
    changed(chain, lambda lines: [lines[0], *lines[2:]])
    chain.forget()
    assert (chain.fault() or "").startswith("line 2 does not follow from the one before")


def test_a_cut_is_told_by_another_witness_when_state_has_forgotten(chain: Chain) -> None:
    stood = chain.heads()[2]
    changed(chain, lambda lines: lines[:2])
    chain.forget()
    assert (chain.fault(), chain.fault(stood)) == (None, "cut after line 2 of 3")


def test_the_file_of_another_home_is_told(chain: Chain, tmp_path: Path) -> None:
    other = Chain(tmp_path / "other" / "ledger.jsonl")
    other.path.parent.mkdir()
    other.append([{"at": AT, "event": "a"}], AT)
    chain.path.write_bytes(other.path.read_bytes())
    assert chain.fault() == "that of another home"


def test_an_older_copy_that_went_its_own_way_is_told(chain: Chain) -> None:
    copy, memory = chain.path.read_bytes(), chain.memory.read_bytes()
    chain.append([{"at": AT, "event": "d"}], AT)
    ours = chain.memory.read_bytes()
    chain.path.write_bytes(copy)
    chain.memory.write_bytes(memory)
    chain.append([{"at": AT, "event": "e"}], AT)
    chain.memory.write_bytes(ours)
    assert chain.fault() == "line 5 is not the one that was written there"


def test_what_a_crash_leaves_between_the_lines_and_their_memory_is_no_fault(chain: Chain) -> None:
    memory = chain.memory.read_bytes()
    chain.append([{"at": AT, "event": "d"}, {"at": AT, "event": "e"}], AT)
    chain.memory.write_bytes(memory)
    assert chain.fault() is None
    chain.append([{"at": AT, "event": "f"}], AT)
    assert [line["event"] for line in chain.read()] == ["begun", *"abcdef"]
    assert (chain.fault(), chain.remembered()[0].lines) == (None, 7)


def torn(chain: Chain, start: int, end: int) -> None:
    """Zeros in the place of those bytes of the file."""
    data = chain.path.read_bytes()
    chain.path.write_bytes(data[:start] + bytes(end - start) + data[end:])


@pytest.mark.fault("F11")
@pytest.mark.parametrize("hole", [(0, 40), (0, 400), (150, 200)], ids=["its beginning", "all of it", "its middle"])
def test_an_append_of_which_a_loss_of_power_left_holes_never_was(chain: Chain, hole: tuple[int, int]) -> None:
    memory, before = chain.memory.read_bytes(), chain.path.stat().st_size
    chain.append([{"at": AT, "event": name} for name in "de"], AT)
    assert chain.path.stat().st_size == before + 256
    torn(chain, before + hole[0], before + min(hole[1], 256))
    chain.memory.write_bytes(memory)
    whole = "abcd" if hole[0] else "abc"
    assert (chain.fault(), [line["event"] for line in chain.read()]) == (None, ["begun", *whole])
    chain.append([{"at": AT, "event": "f"}], AT)
    assert (chain.fault(), [line["event"] for line in chain.read()]) == (None, ["begun", *whole, "f"])
    assert b"\0" not in chain.path.read_bytes()


@pytest.mark.fault("F11")
def test_a_run_that_finds_nothing_wrong_takes_off_what_a_loss_of_power_left(chain: Chain) -> None:
    before = chain.path.read_bytes()
    chain.path.write_bytes(before + bytes(10) + b'"before": ""}\n')
    chain.settle()
    assert (chain.path.read_bytes(), chain.last()) == (before, {**chain.read()[-1], "before": chain.heads()[2].hash})


def test_zeros_in_a_line_that_is_known_are_damage(chain: Chain) -> None:
    torn(chain, chain.path.stat().st_size - 150, chain.path.stat().st_size - 140)
    assert (chain.fault() or "").startswith("line 3 does not follow")
    torn(chain, chain.path.stat().st_size - 50, chain.path.stat().st_size - 40)
    with pytest.raises(UserError, match="nothing is added to it"):
        chain.append([{"at": AT, "event": "d"}], AT)
    assert chain.path.read_bytes().count(b"\0") == 20


def test_a_file_rewritten_is_linked_anew_under_its_id(chain: Chain) -> None:
    identity = chain.id()
    chain.rewrite([{**line, "event": line["event"].upper()} for line in chain.read() if line["event"] != "begun"])
    assert [line["event"] for line in chain.read()] == ["begun", *"ABC"]
    assert (chain.id(), chain.fault()) == (identity, None)


@pytest.mark.parametrize("is_put", [False, True])
def test_a_rewriting_that_is_broken_off_is_no_fault(chain: Chain, is_put: bool) -> None:
    def put(path: Path, data: bytes) -> None:
        if is_put:
            path.write_bytes(data)
        raise OSError

    with pytest.raises(OSError):
        chain.rewrite([{"at": AT, "event": "x"}], put)
    assert chain.fault() is None
    assert [line["event"] for line in chain.read()] == (["begun", "x"] if is_put else ["begun", *"abc"])


def test_a_file_of_the_older_form_is_linked_when_it_is_added_to(tmp_path: Path) -> None:
    chain = Chain(tmp_path / "ledger.jsonl")
    chain.path.write_text('{"at": "2025-01-01T00:00:00+00:00", "event": "a"}\n')
    assert chain.is_older_form()
    chain.append([{"at": AT, "event": "b"}], AT)
    assert [(line["event"], line["at"][:4]) for line in chain.read()] == [
        ("begun", "2025"),
        ("a", "2025"),
        ("b", "2026"),
    ]
    assert (chain.is_older_form(), chain.fault()) == (False, None)
