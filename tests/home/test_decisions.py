"""The file of decisions: what is entered comes back, and who is erased is taken out with the chain whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.home.decisions import Decision, Undoing

MARCH, MAY = date(2022, 3, 1), date(2022, 5, 1)
NOON = datetime(2022, 3, 1, 12)
DECISION = Decision(
    decision_id="aaaa0001", review_month=MARCH, pool="p", member_id="m1", study_mode="individual", rule="xp-1000",
    minimum_xp=1000.0, minimum_active_days=1, seat_since=date(2022, 1, 5), xp=999.5, active_days=3,
    last_activity=date(2022, 2, 20), proposed="reclaim", decision="exempt", reason="xp", exception="Minjun was ill",
    files=("f1", "f2"), issued_by="kim", issued_at=NOON,
)  # fmt: skip
OTHER = replace(DECISION, decision_id="aaaa0002", member_id="m2", decision="reclaim", exception=None, xp=0.0)
LATER = replace(OTHER, decision_id="aaaa0003", review_month=MAY, study_mode=None, minimum_xp=None, last_activity=None)
UNDOING = Undoing("bbbb0001", "aaaa0002", "Minjun asked for it", "kim", NOON)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three decisions of two reviews, one of them undone."""
    home = Home(tmp_path)
    decisions.issue(home, [DECISION, OTHER])
    decisions.issue(home, [LATER])
    decisions.undo(home, UNDOING)
    return home


def test_what_was_entered_comes_back(home: Home) -> None:
    known = decisions.load(home)
    assert known.issued == (DECISION, OTHER, LATER)
    assert known.undone == {"aaaa0002": UNDOING}
    assert (known.of(MARCH), known.of(date(2022, 4, 1))) == ((DECISION, OTHER), ())


def test_without_a_file_nothing_was_decided(tmp_path: Path) -> None:
    assert decisions.load(Home(tmp_path)) == decisions.Decisions()


def test_a_line_can_be_read_without_the_program(home: Home) -> None:
    line = json.loads(home.decisions.read_text().splitlines()[1])
    said = ("event", "member_id", "review_month", "xp", "rule", "files", "issued_by")
    assert [line[name] for name in said] == ["issued", "m1", "2022-03-01", 999.5, "xp-1000", ["f1", "f2"], "kim"]


def test_a_review_of_which_not_all_was_written_was_not_issued(home: Home) -> None:
    torn = [replace(LATER, decision_id=f"dddd000{number}", review_month=date(2022, 6, 1)) for number in range(3)]
    decisions.issue(home, torn)
    whole = home.decisions.read_bytes()
    lines = whole.splitlines(keepends=True)
    home.decisions.write_bytes(b"".join(lines[:-2]))
    (home.state / "decisions.head.json").unlink()
    assert decisions.load(home).of(date(2022, 6, 1)) == ()
    again = [replace(one, decision_id=one.decision_id.replace("d", "e")) for one in torn]
    decisions.issue(home, again)
    assert decisions.load(home).of(date(2022, 6, 1)) == tuple(again)
    assert decisions.load(home).issued[:3] == (DECISION, OTHER, LATER)
    assert Chain(home.decisions).fault() is None


def test_new_ids_are_nobodys_and_differ(home: Home) -> None:
    known = decisions.load(home)
    assert len({*decisions.new_ids(known, 50), "aaaa0001", "aaaa0002", "aaaa0003", "bbbb0001"}) == 54


def test_an_id_that_is_taken_is_not_given_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["aaaa0001", "bbbb0001", "cccc0001", "cccc0001", "cccc0002"])
    monkeypatch.setattr("secrets.token_hex", lambda _: next(drawn))
    assert decisions.new_ids(decisions.load(home), 2) == ["cccc0001", "cccc0002"]


def forget(home: Home, *names: str) -> None:
    def without(text: str) -> str:
        for name in names:
            text = text.replace(name, "-")
        return text

    def put(path: Path, data: bytes) -> None:
        path.write_bytes(data)

    decisions.forget(home, lambda text: text in names, without, put)


def test_of_who_is_erased_neither_name_nor_figure_nor_word_stays(home: Home) -> None:
    forget(home, "m2", "Minjun")
    gone: dict[str, Any] = dict.fromkeys(
        ("member_id", "study_mode", "seat_since", "xp", "active_days", "last_activity", "exception")
    )
    known = decisions.load(home)
    assert known.issued == (
        replace(DECISION, exception="- was ill"), replace(OTHER, **gone), replace(LATER, **gone),
    )  # fmt: skip
    assert known.undone == {"aaaa0002": replace(UNDOING, reason=None)}
    assert Chain(home.decisions).fault() is None
    before = home.decisions.read_bytes()
    forget(home, "m2", "Minjun")
    assert home.decisions.read_bytes() == before


def test_an_operator_who_is_erased_is_named_no_more(home: Home) -> None:
    forget(home, "kim")
    assert {one.issued_by for one in decisions.load(home).issued} == {None}
    assert decisions.load(home).undone["aaaa0002"].undone_by is None


def test_where_nobody_is_erased_the_file_stays_as_it_is(home: Home) -> None:
    before = home.decisions.read_bytes()
    forget(home, "m9")
    assert home.decisions.read_bytes() == before


def test_a_name_like_a_word_of_the_form_changes_no_form(home: Home) -> None:
    forget(home, "issued", "reclaim", "exempt", "p")
    assert decisions.load(home).issued == (DECISION, OTHER, LATER)
