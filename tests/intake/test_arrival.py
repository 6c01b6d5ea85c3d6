from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from fellowship_pipeline.intake import arrival
from fellowship_pipeline.intake.arrival import Arrivals, archived, fits, waiting
from tests.intake.homes import Place

ANY = {"activity": [{"files": "landing/**/*"}]}


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("landing/a*.csv", "landing/activity.csv", True),
        ("landing/a*.csv", "landing/x/activity.csv", False),
        ("landing/*/a.csv", "landing/x/a.csv", True),
        ("landing/**/a.csv", "landing/a.csv", True),
        ("landing/**/a.csv", "landing/x/y/a.csv", True),
        ("landing/**", "landing/x/y/a.csv", True),
        ("landing/*.csv", "landing/.hidden.csv", False),
        ("landing/*.csv", "landing/a[1]'; --.csv", True),
        ("landing/*.CSV", "landing/a.csv", False),
        ("landing/설문.csv", "landing/설문.csv", True),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    assert fits(pattern, path) is expected


def test_new_files_are_archived_once_by_content(place: Place) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x", "b/b.csv": "x", "c.csv": "y"})
    assert place.take_in() == Arrivals(("landing/a.csv", "landing/b/b.csv", "landing/c.csv"))
    assert place.take_in() == Arrivals()
    kept = [path for path in place.home.archive.rglob("*") if path.is_file()]
    assert sorted(path.read_text() for path in kept) == ["x", "y"]
    assert archived(place.home, hashlib.sha256(b"x").hexdigest()) in kept
    assert len(place.ledger.events()) == 3


def test_a_new_version_of_a_path_and_one_that_came_back(place: Place) -> None:
    place.configure(ANY)
    for content in ("x", "y", "x"):
        place.land({"a.csv": content})
        assert place.take_in().received == ("landing/a.csv",)
    x, y = (hashlib.sha256(text.encode()).hexdigest() for text in "xy")
    assert place.ledger.state().versions("landing/a.csv") == [y, x]


def test_temporary_names_links_and_devices_are_ignored_and_listed(place: Place, tmp_path: Path) -> None:
    place.configure(ANY)
    place.land({"~$a.xlsx": "x", "a.part": "x", "a.CRDOWNLOAD": "x", ".DS_Store": "x", "Thumbs.db": "x", "ok.csv": "x"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("x")
    (place.home.landing / "link.csv").symlink_to(outside / "secret.csv")
    (place.home.landing / "folder").symlink_to(outside)
    os.mkfifo(place.home.landing / "pipe.csv")
    (place.home.landing / "name.csv").mkdir()
    arrivals = place.take_in()
    assert arrivals.received == ("landing/ok.csv",)
    assert arrivals.ignored == tuple(
        f"landing/{name}"
        for name in (
            ".DS_Store",
            "Thumbs.db",
            "a.CRDOWNLOAD",
            "a.part",
            "folder",
            "link.csv",
            "pipe.csv",
            "~$a.xlsx",
        )
    )
    place.take_in()
    assert {event["path"] for event in place.ledger.events() if event["event"] == "ignored"} == set(arrivals.ignored)


def test_files_that_no_entry_asks_for_are_left(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/a*.csv"}]})
    place.land({"a.csv": "x", "cv.pdf": "x"})
    assert place.take_in().received == ("landing/a.csv",)


def test_files_beside_are_taken_along_where_the_preset_looks_them_up(place: Place) -> None:
    place.configure({"activity": [{"preset": "datacamp_data_connector", "files": "landing/*/*course_fact.csv"}]})
    place.land({"d/learning_course_fact.csv": "1", "d/user_dim.csv": "2", "d/team_dim.csv": "3", "e/user_dim.csv": "4"})
    assert place.take_in().received == ("landing/d/learning_course_fact.csv", "landing/d/user_dim.csv")


def test_a_file_still_growing_is_left_and_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "PATIENCE_SECONDS", 0.3)
    place.configure(ANY, arrival={"quiet_seconds": 0.05})
    place.land({"growing.csv": "x", "still.csv": "y"})
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.01):
            with (place.home.landing / "growing.csv").open("a") as file:
                file.write("x")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert place.take_in() == Arrivals(("landing/still.csv",), changing=("landing/growing.csv",))
    finally:
        stop.set()
        writer.join()
    assert place.take_in().received == ("landing/growing.csv",)


def test_a_file_that_may_not_be_read_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(arrival, "_open", refuse)
    assert place.take_in() == Arrivals(unreadable=("landing/a.csv",))


def test_the_sensor_sees_what_the_ledger_does_not_know(place: Place) -> None:
    place.configure(ANY)
    place.land({"a.csv": "x"})
    assert waiting(place.home, place.program()) == {"landing/a.csv": hashlib.sha256(b"x").hexdigest()}
    place.take_in()
    assert waiting(place.home, place.program()) == {}


def test_no_landing_folder_is_no_files(place: Place) -> None:
    place.configure(ANY)
    place.home.landing.rmdir()
    assert place.take_in() == Arrivals()
