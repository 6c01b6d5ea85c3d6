"""Who is erased is in no decision any more; the decisions themselves stay, and the chain is whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fellowship_pipeline import health
from fellowship_pipeline.cli import status
from fellowship_pipeline.forgetting import erasure
from fellowship_pipeline.forgetting.residue import residue
from fellowship_pipeline.home import decisions
from tests.intake.homes import Place
from tests.review.homes import activity, fellowship, month, ran, rows

pytestmark = [pytest.mark.slow, pytest.mark.fault("E8")]

ROSTER = (
    "member,name,email,cohort\n"
    "m3,김민준,minjun@example.org,c\n"
    "m4,Ann Lee,ann@example.org,c\n"
    "other,Di,di@example.org,c\n"
)
SEATS = "member,event,pool,occurred_at\nm3,accepted,p,2021-12-05\nm4,accepted,p,2021-12-05\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """m3 keeps the seat as an exception, m4 loses it, which is undone since m3 spoke for m4."""
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path / "key"))
    place = fellowship(tmp_path / "home")
    place.land({"roster.csv": ROSTER, "seat_events.csv": SEATS})
    place.land({"activity-01.csv": activity(*month("2022-01"), m3=10, m4=10)})
    ran(place)
    home = str(place.path)
    assert status(["review", home, "2022-02", "confirm", "--except", "m3=김민준 was ill", "--by", "kim"]) == 0
    (m4,) = (one for one in decisions.load(place.home).issued if one.member_id == "m4")
    assert status(["review", home, "2022-02", "undo", m4.decision_id, "김민준 asked for it", "--by", "kim"]) == 0
    ran(place)
    return place


def erase(place: Place, who: str) -> None:
    planned = erasure.plan(place.home, place.program(), who)
    erased = erasure.erase(place.home, place.program(), planned, lambda: bool(ran(place)) or True, landing=True)
    assert (erased.is_done, erased.residue.found) == (True, ())


@pytest.mark.parametrize("who", ["m3", "minjun@example.org"])
def test_a_member_whose_id_is_short_is_in_no_decision(place: Place, who: str) -> None:
    assert residue(place.path, ["김민준"], [place.home.landing]).found
    erase(place, who)
    assert b'"m3"' not in place.home.decisions.read_bytes()
    known = decisions.load(place.home)
    assert sorted((one.member_id or "", one.decision, one.xp, one.exception) for one in known.issued) == [
        ("", "exempt", None, None),
        ("m4", "reclaim", 10, None),
    ]
    (undone,) = known.undone.values()
    assert undone.reason is not None and "김민준" not in undone.reason and "asked for it" in undone.reason
    assert list(health.look(place.home)) == []
    assert rows(place, "select member_id, decision, xp from ops.review_decisions order by 1 nulls first") == [
        (None, "exempt", None),
        ("m4", "reclaim", 10.0),
    ]
    assert rows(place, "select * from ops.review_differences") == []
    assert status(["review", str(place.path), "2022-02", "confirm"]) == 2


def test_who_is_in_decisions_only_since_the_files_are_no_more_can_be_erased(place: Place) -> None:
    first = decisions.load(place.home).issued[0]
    decisions.issue(place.home, [replace(first, decision_id="aaaa0001", member_id="m9", exception=None)])
    erase(place, "m9")
    assert [one.member_id for one in decisions.load(place.home).issued if one.decision_id == "aaaa0001"] == [None]
    assert b'"m9"' not in place.home.decisions.read_bytes()


def test_with_whom_an_undoing_was_about_its_reason_goes(place: Place) -> None:
    erase(place, "m4")
    known = decisions.load(place.home)
    assert sorted(one.member_id or "" for one in known.issued) == ["", "m3"]
    assert [undone.reason for undone in known.undone.values()] == [None]
