"""A ledger that lost a line, or is gone, costs no file and brings none back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fellowship_pipeline import health
from fellowship_pipeline.cli import status
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.ledger import Ledger
from tests.clocks import SetClock
from tests.health.runs_of_homes import ACTIVITY, changed, ran, statuses
from tests.intake.homes import Place

pytestmark = [pytest.mark.slow, pytest.mark.fault("F8")]

LOADED = {"a.csv": ("loaded", 1), "b.csv": ("loaded", 1)}
WAY_BACK = (
    "; restore it from a copy; without one `fellowship run HOME --rebuild-ledger` goes on with what is left, every file"
    " held until it is accepted"
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Two files loaded, one of them gone from landing/: line 1 is the chain's, 2 and 3 are their arrivals."""
    SetClock(monkeypatch, datetime(2026, 3, 1, 12, tzinfo=UTC))
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY.format(1), "b.csv": ACTIVITY.format(2)})
    ran(place)
    (place.home.landing / "a.csv").unlink()
    return place


def id_of(place: Place, name: str) -> str:
    return next(file.id for file in place.ledger.state().listed() if file.path == f"landing/{name}")


def rebuilt(place: Place) -> list[str]:
    return [finding.line() for finding in health.rebuild(place.home)]


DAMAGES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "deleted": (lambda lines: [lines[0], *lines[2:]], "1 lines are gone before line 2"),
    "cut": (lambda lines: lines[:-2], "cut after line 3 of 5"),
    "altered": (
        lambda lines: [lines[0], lines[1].replace("landing/a", "landing/x"), *lines[2:]],
        "line 3 does not follow from the one before: a line was altered, added or taken out",
    ),
    "emptied": (lambda lines: [], "gone, while archive/ and warehouse/ are there"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_lines_that_are_lost_or_altered_stop_the_run_until_a_copy_is_restored(place: Place, damage: str) -> None:
    change, problem = DAMAGES[damage]
    whole = place.home.ledger.read_bytes()
    changed(place.home.ledger, change)
    with pytest.raises(UserError) as refusal:
        ran(place)
    assert str(refusal.value) == f"ledger.jsonl: {problem}{WAY_BACK}"
    place.home.ledger.write_bytes(whole)
    assert (ran(place), statuses(place)) == ([], LOADED)


@pytest.mark.parametrize("damage", DAMAGES)
def test_rebuilt_every_file_is_held_until_it_is_accepted_and_then_as_before(place: Place, damage: str) -> None:
    change, problem = DAMAGES[damage]
    changed(place.home.ledger, change)
    assert rebuilt(place) == [
        f"ledger.jsonl: {problem}; rebuilt of what is left, 2 files held:"
        " `fellowship files HOME accept ID`, or `accept recovered`"
    ]
    assert ran(place) == []
    found = statuses(place)
    assert sorted(found.values()) == [("held", 0), ("held", 0)]
    assert {file.path for file in place.ledger.decide_recovered("accept")} == {f"landing/{name}" for name in found}
    ran(place)
    assert sorted(statuses(place).values()) == [("loaded", 1), ("loaded", 1)]
    assert rebuilt_is_refused(place)


def rebuilt_is_refused(place: Place) -> bool:
    with pytest.raises(UserError, match=r"--rebuild-ledger: ledger.jsonl, .* and decisions.jsonl are whole"):
        rebuilt(place)
    return True


@pytest.mark.parametrize("verb", ["withdraw", "reject"])
@pytest.mark.parametrize("has_run", [True, False])
def test_a_file_withdrawn_does_not_come_back_with_a_new_ledger(place: Place, verb: str, has_run: bool) -> None:
    """Where a run has followed, the warehouse knows; else it is held with all the others."""
    place.ledger.decide(verb, id_of(place, "b.csv"))  # type: ignore[arg-type]
    if has_run:
        ran(place)
    place.home.ledger.unlink()
    with pytest.raises(UserError, match=r"^ledger.jsonl: gone, while archive/ and warehouse/ are there; restore it"):
        ran(place)
    rebuilt(place)
    ran(place)
    kept = {"withdraw": "withdrawn", "reject": "rejected"}[verb] if has_run else "held"
    assert statuses(place) == {"a.csv": ("held", 0), "b.csv": (kept, 0)}
    assert len(place.ledger.decide_recovered("accept")) == (1 if has_run else 2)


@pytest.mark.parametrize(
    ("stands", "problem"),
    [
        ("", "gone, and with it archive/ and warehouse/, of 6 lines that state/ remembers"),
        ("decisions.jsonl", "gone, while decisions.jsonl is there"),
    ],
)
def test_all_that_came_deleted_is_said_and_what_was_withdrawn_does_not_come_back_in_silence(
    place: Place, stands: str, problem: str
) -> None:
    place.ledger.decide("withdraw", id_of(place, "b.csv"))
    place.home.ledger.unlink()
    shutil.rmtree(place.home.archive)
    shutil.rmtree(place.home.warehouse.parent)
    if stands:
        (place.path / stands).write_text("")
    with pytest.raises(UserError) as refusal:
        ran(place)
    assert str(refusal.value) == f"ledger.jsonl: {problem}{WAY_BACK}"


def test_without_the_warehouse_the_place_of_a_file_is_known_from_landing_or_not_at_all(place: Place) -> None:
    place.home.ledger.unlink()
    place.home.warehouse.unlink()
    rebuilt(place)
    ran(place)
    assert statuses(place) == {"b.csv": ("held", 0)}
    place.ledger.decide_recovered("accept")
    place.land({"again.csv": ACTIVITY.format(1)})
    ran(place)
    assert statuses(place) == {"again.csv": ("loaded", 1), "b.csv": ("loaded", 1)}


def test_a_ledger_of_another_home_stops_the_run_and_is_not_kept(place: Place, tmp_path: Path) -> None:
    other = Ledger(Home(tmp_path / "other").ledger)
    other.append([{"event": "left", "path": "landing/x.csv", "reason": "busy"}])
    place.home.ledger.write_bytes(other.path.read_bytes())
    with pytest.raises(UserError, match=r"^ledger.jsonl: that of another home; put it back where it belongs"):
        ran(place)
    with pytest.raises(UserError, match=r"^ledger.jsonl: that of another home; move it away first"):
        rebuilt(place)
    assert place.home.ledger.read_bytes() == other.path.read_bytes()


def test_a_cut_is_told_by_the_warehouse_where_state_is_lost(place: Place) -> None:
    for path in place.home.state.glob("*.json"):
        path.unlink()
    ran(place)
    for path in place.home.state.glob("*.json"):
        path.unlink()
    changed(place.home.ledger, lambda lines: lines[:-1])
    with pytest.raises(UserError, match=r"^ledger.jsonl: cut after line 4 of 5; restore"):
        ran(place)


def test_an_older_copy_of_ledger_and_state_is_told_by_the_warehouse(place: Place) -> None:
    """A file withdrawn since would come back."""
    older = {path: path.read_bytes() for path in (place.home.ledger, *place.home.state.glob("*.json"))}
    place.ledger.decide("withdraw", id_of(place, "b.csv"))
    ran(place)
    for path, data in older.items():
        path.write_bytes(data)
    with pytest.raises(UserError, match=r"^ledger.jsonl: cut after line 5 of 7; restore"):
        ran(place)
    rebuilt(place)
    assert ran(place) == []
    assert statuses(place) == {"a.csv": ("held", 0), "b.csv": ("withdrawn", 0)}


def test_nothing_is_entered_in_a_ledger_that_is_gone_because_the_clock_is_right(place: Place) -> None:
    place.ledger.decide("withdraw", id_of(place, "b.csv"))
    for path in (place.home.ledger, *place.home.state.glob("*.json")):
        path.unlink()
    with pytest.raises(UserError, match=r"^ledger.jsonl: gone, while archive/ and warehouse/ are there"):
        health.believe(place.home)
    assert not place.home.ledger.exists()


def test_a_ledger_of_the_older_form_is_taken_over_and_said(place: Place) -> None:
    place.home.ledger.write_text("".join(json.dumps(line) + "\n" for line in place.ledger.events()))
    place.ledger.chain.forget()
    assert ran(place) == [
        "ledger.jsonl: its lines do not hold together, as an earlier version wrote them; 4 lines taken over, each with"
        " a hash"
    ]
    assert (ran(place), statuses(place)) == ([], LOADED)


def test_a_new_home_has_a_ledger_from_its_first_run_on(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    home.landing.mkdir(parents=True)
    assert health.begin(home) == []
    assert [line["event"] for line in Ledger(home.ledger).chain.read()] == ["begun"]


def test_commands_say_so_too_and_decide_on_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    file_id = id_of(place, "b.csv")
    changed(place.home.ledger, lambda lines: [lines[0], *lines[2:]])
    assert status(["files", str(place.path)]) == 0
    assert capsys.readouterr().err == f"stop: ledger.jsonl: 1 lines are gone before line 2{WAY_BACK}\n"
    assert status(["files", str(place.path), "withdraw", file_id]) == 2
    assert capsys.readouterr().err == f"error: ledger.jsonl: 1 lines are gone before line 2{WAY_BACK}\n"
    assert status(["erase", str(place.path), "m1", "--yes"]) == 2
    assert len(list(place.home.archive.glob("*/*"))) == 2
    assert status(["run", str(place.path), "--rebuild-ledger"]) == 0
    assert "rebuilt of what is left, 2 files held" in capsys.readouterr().err
    assert status(["files", str(place.path), "accept", "recovered"]) == 0
