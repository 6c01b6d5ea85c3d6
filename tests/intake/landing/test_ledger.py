from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.landing.ledger import Ledger

A, B = "aaaa" * 16, "bbbb" * 16
NOON = datetime(2022, 1, 1, 12, tzinfo=UTC)


def received(path: str, sha256: str) -> dict[str, object]:
    return {"event": "received", "path": path, "sha256": sha256, "bytes": 3}


def read(file_id: str, sha256: str, status: str) -> dict[str, object]:
    return {"event": status, "file_id": file_id, "source": "activity", "path": "p", "sha256": sha256, "rows": 0}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl", lambda: NOON)


def test_events_come_back_with_their_time(ledger: Ledger) -> None:
    ledger.append([received("p", A)])
    ledger.append([])
    assert ledger.events() == [{"at": "2022-01-01T12:00:00.000000+00:00", **received("p", A)}]


def test_no_file_is_no_events(ledger: Ledger) -> None:
    assert ledger.events() == []
    assert not ledger.path.exists()


def test_a_line_cut_off_by_a_crash_is_no_event_and_goes_at_the_next_append(ledger: Ledger) -> None:
    ledger.append([received("p", A)])
    with ledger.path.open("a") as file:
        file.write('{"at": "2022')
    assert len(ledger.events()) == 1
    ledger.append([received("p", B)])
    assert [event["sha256"] for event in ledger.events()] == [A, B]


def test_a_damaged_line_is_said(ledger: Ledger) -> None:
    ledger.append([received("p", A)])
    ledger.path.write_text("{\n" + ledger.path.read_text())
    with pytest.raises(UserError, match=r"ledger.jsonl line 1: damaged"):
        ledger.events()


def test_versions_of_a_path_in_the_order_of_their_last_coming(ledger: Ledger) -> None:
    ledger.append([received("p", A), received("q", B), received("p", B), received("p", A)])
    state = ledger.state()
    assert (state.versions("p"), state.versions("q"), state.latest) == ([B, A], [B], {"p": A, "q": B})
    assert state.contents[A].first_seen == NOON


def test_a_file_that_nothing_read_is_received(ledger: Ledger) -> None:
    ledger.append([received("p", A), {"event": "ignored", "path": "~$x", "reason": "temporary"}])
    assert [(file.id, file.path, file.status) for file in ledger.state().listed()] == [
        ("a" * 16, "p", "received"),
        ("", "~$x", "ignored"),
    ]


def test_decisions(ledger: Ledger) -> None:
    ledger.append([received("p", A), read("1234abcd", A, "held")])
    assert ledger.decide("accept", "1234").status == "received"
    assert ledger.state().contents[A].decision == "accepted"
    ledger.append([read("1234abcd", A, "loaded")])
    assert ledger.decide("withdraw", "1234abcd").status == "withdrawn"
    assert ledger.decide("accept", "1234abcd").status == "loaded"
    assert ledger.decide("reject", "1234abcd").status == "rejected"


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [("123", "too short"), ("ffff", "no file has the id 'ffff'"), ("1234", "2 files"), ("1234a", "is loaded: only")],
)
def test_mistaken_ids(ledger: Ledger, wanted: str, reason: str) -> None:
    ledger.append([received("p", A), read("1234a", A, "loaded"), read("1234b", A, "held")])
    with pytest.raises(UserError, match=reason):
        ledger.decide("accept", wanted)


def test_a_reading_that_no_entry_makes_any_more_is_dropped(ledger: Ledger) -> None:
    ledger.append([received("p", A), read("1234", A, "loaded"), {"event": "dropped", "file_id": "1234"}])
    assert [file.status for file in ledger.state().listed()] == ["received"]


def test_a_decision_said_again_changes_nothing(ledger: Ledger) -> None:
    ledger.append([received("p", A), read("1234", A, "held")])
    for verb, becomes in (("accept", "received"), ("withdraw", "withdrawn"), ("reject", "rejected")):
        for _ in range(2):
            assert ledger.decide(verb, "1234").status == becomes
    assert [event["event"] for event in ledger.events()][2:] == ["accepted", "withdrawn", "rejected"]


def test_a_file_left_where_it_lies_is_held_until_it_comes_or_is_gone(ledger: Ledger) -> None:
    ledger.append([{"event": "left", "path": path, "reason": "locked"} for path in ("p", "q")])
    assert [(file.id, file.path, file.status, file.reason) for file in ledger.state().listed()] == [
        ("", "p", "held", "locked"),
        ("", "q", "held", "locked"),
    ]
    ledger.append([received("p", A), {"event": "settled", "path": "q"}])
    assert [(file.path, file.status) for file in ledger.state().listed()] == [("p", "received")]


@pytest.mark.fault("A8", "A9")
def test_second_names_say_what_became_of_the_first(ledger: Ledger) -> None:
    ledger.append([received("a", A), received("b", A), received("a", A)])
    ledger.append([{**read("1234", A, "loaded"), "path": "a"}])
    listed = [(file.id, file.path, file.status, file.reason) for file in ledger.state().listed()]
    assert listed == [
        ("1234", "a", "loaded", None),
        ("", "b", "ignored", "already loaded on 2022-01-01 12:00 as a"),
    ]


@pytest.mark.fault("A16")
def test_paths_are_listed_with_escapes(ledger: Ledger) -> None:
    ledger.append([received("a\n\u202e\udcff설문 📈.csv", A)])
    assert [file.path for file in ledger.state().listed()] == [r"a\n\u202e\udcff설문 📈.csv"]


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_an_append_cut_anywhere_leaves_whole_events(ledger: Ledger, cut: int) -> None:
    ledger.append([received("p", A)])
    whole, memory = ledger.path.stat().st_size, ledger.chain.memory.read_bytes()
    ledger.append([received("q", B), received("r", B)])
    ledger.chain.memory.write_bytes(memory)  # what is written after the lines is not there yet
    with ledger.path.open("r+b") as file:
        file.truncate(whole + cut)
    ledger.append([received("s", B)])
    assert [event["path"] for event in ledger.events()] == ["p", "s"]
