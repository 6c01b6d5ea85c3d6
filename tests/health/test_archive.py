"""What the archive lost comes back from landing/, or is named; what nobody names is named."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fellowship_pipeline import health
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.health import archive
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.landing.nameless import without_names
from tests.clocks import SetClock
from tests.health.runs_of_homes import ACTIVITY, ran, statuses
from tests.intake.homes import Place

pytestmark = [pytest.mark.slow, pytest.mark.fault("F10")]

CONTENT = ACTIVITY.format(1)
SHA = hashlib.sha256(CONTENT.encode()).hexdigest()
NAME = f"archive/{SHA[:2]}/{SHA}"
LANDED = f"landing/a.csv (its copy {NAME})"
REMEDY = "restore it, or put the file into landing/, or `fellowship files HOME withdraw ID`"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": CONTENT})
    ran(place)
    return place


def delete(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_text(CONTENT[:-1])


def alter(path: Path) -> None:
    path.write_text(CONTENT.replace("m1", "m2"))
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 60))


DAMAGES = {"missing": delete, "not what was archived": cut, "not what was archived ": alter}


@pytest.mark.parametrize("problem", DAMAGES)
def test_what_is_gone_or_altered_comes_back_from_landing(place: Place, problem: str) -> None:
    DAMAGES[problem](archived(place.home, SHA))
    assert ran(place) == [f"{LANDED}: {problem.strip()}; taken in again from landing/"]
    assert archived(place.home, SHA).read_text() == CONTENT
    assert (ran(place), statuses(place)) == ([], {"a.csv": ("loaded", 1)})


@pytest.mark.parametrize("problem", DAMAGES)
def test_what_does_not_lie_there_stops_the_run_until_it_is_withdrawn(place: Place, problem: str) -> None:
    DAMAGES[problem](archived(place.home, SHA))
    (place.home.landing / "a.csv").unlink()
    with pytest.raises(UserError) as refusal:
        ran(place)
    assert str(refusal.value) == f"{LANDED}: {problem.strip()}; {REMEDY}"
    place.ledger.decide("withdraw", place.ledger.state().listed()[0].id)
    assert ran(place) == [f"{LANDED}: {problem.strip()}; {REMEDY}"]
    assert statuses(place) == {"a.csv": ("withdrawn", 0)}


def test_bytes_altered_that_keep_their_size_and_time_are_found_by_the_reader_and_mended_next(place: Place) -> None:
    path = archived(place.home, SHA)
    before = path.stat()
    path.write_text(CONTENT.replace("m1", "m2"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(
        UserError, match=f"^{NAME} is not what was archived: restore it, or withdraw the file; the next"
    ):
        ran(place)
    os.utime(path, (before.st_atime, before.st_mtime + 60))  # in fewer seconds than files' times are told apart by
    assert ran(place) == [f"{LANDED}: not what was archived; taken in again from landing/"]
    assert (ran(place), statuses(place)) == ([], {"a.csv": ("loaded", 1)})


def test_looking_alone_changes_nothing(place: Place) -> None:
    delete(archived(place.home, SHA))
    (finding,) = archive.examine(place.home, mend=False)
    assert finding.line() == f"{LANDED}: missing; the next run takes it in again from landing/"
    assert not archived(place.home, SHA).exists()


def test_where_it_is_kept_a_finding_does_not_name_the_file(place: Place) -> None:
    delete(archived(place.home, SHA))
    (finding,) = archive.examine(place.home, mend=False)
    file_id = place.ledger.state().listed()[0].id
    assert without_names(place.home, finding.line()).startswith(f"file {file_id} (its copy {NAME}): missing; ")


def test_a_copy_restored_with_a_later_time_is_hashed_once(place: Place) -> None:
    path = archived(place.home, SHA)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 60))
    assert ran(place) == []
    entered = datetime.fromisoformat(place.ledger.events()[0]["at"]).timestamp()
    assert path.stat().st_mtime == pytest.approx(entered, abs=0.001)


def entered_no_more(place: Place) -> None:
    """A home as a run leaves it that is killed after it copied the file and before it entered it."""
    for path in (place.home.ledger, place.home.warehouse, *place.home.state.glob("*.json")):
        path.unlink()
    place.ledger.begin()


def test_what_a_killed_run_copied_and_did_not_enter_is_taken_in_from_landing(place: Place) -> None:
    entered_no_more(place)
    assert (ran(place), statuses(place)) == ([], {"a.csv": ("loaded", 1)})


def test_what_nobody_names_and_no_longer_lies_in_landing_is_named_and_kept(place: Place) -> None:
    entered_no_more(place)
    (place.home.landing / "a.csv").unlink()
    assert ran(place) == [
        f"{NAME}: no line of the ledger names it; held as recovered: put it into landing/ and accept it, or withdraw it"
        " (`fellowship files HOME`)"
    ]
    assert (ran(place), statuses(place)) == ([], {})
    ((path, status),) = [(file.path, file.status) for file in place.ledger.state().listed()]
    assert (path, status) == (NAME, "held")
    place.land({"b.csv": CONTENT})
    ran(place)
    assert statuses(place) == {"b.csv": ("held", 0)}
    place.ledger.decide_recovered("accept")
    ran(place)
    assert statuses(place) == {"b.csv": ("loaded", 1)}


def test_times_are_those_of_one_clock_however_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose entries are older than the files' times has them hashed, not doubted."""
    SetClock(monkeypatch, datetime(2006, 3, 1, tzinfo=UTC))
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": CONTENT})
    ran(place)
    assert health.begin(place.home) == []


def test_a_folder_in_the_place_of_a_content_is_none(place: Place) -> None:
    (place.home.landing / "a.csv").unlink()
    delete(archived(place.home, SHA))
    archived(place.home, SHA).mkdir()
    with pytest.raises(UserError, match=re.escape(f"{LANDED}: missing; restore it")):
        health.begin(place.home)
