"""Files whose retention period is over: destroyed and logged, their published figures kept."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from benchmarks.unsynced import Disk, Lost
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting.retention import expire
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect
from tests.clocks import SetClock
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

SOURCES = {"roster": [{"files": "landing/roster*.csv"}], "activity": [{"files": "landing/activity*.csv"}]}
FILES = {
    "roster.csv": "member,cohort\nm1,c\n",
    "activity-old.csv": "member,occurred_at\nm1,2019-03-30\n",
    "activity-new.csv": "member,occurred_at\nm1,2019-03-31\nm1,2019-04-02\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.land(FILES)
    return place


def run(place: Place, today: date) -> list[tuple[str, str, int]]:
    """One run of that day up to staging, which waits for no other; what became of each file."""
    now = datetime.combine(today, time(), UTC)
    with pytest.MonkeyPatch.context() as patch, connect(place.home.warehouse) as con:
        SetClock(patch, now)
        place.take_in()
        expire(con, place.home, place.program(), now, at_once=True)
        read_into(con, place.home, place.program())
        stage(con, place.program())
        return con.execute("select path, status, staged from raw.files order by path").fetchall()


NEW = ("landing/activity-new.csv", "loaded", 2)
OLD = ("landing/activity-old.csv", "loaded", 1)
ROSTER = ("landing/roster.csv", "loaded", 1)


@pytest.mark.fault("E12")
def test_a_file_is_destroyed_and_logged_when_its_latest_instant_is_over(place: Place) -> None:
    place.configure(SOURCES, privacy={"retention_months": {"activity": 36}})
    today = date(2022, 4, 1)
    run(place, date(2022, 3, 29))
    assert run(place, date(2022, 3, 29)) == [NEW, OLD, ROSTER]
    assert run(place, today) == [NEW, ("landing/activity-old.csv", "erased", 0), ROSTER]
    (expired,) = [event for event in place.ledger.events() if event["event"] == "expired"]
    assert not archived(place.home, expired["sha256"]).exists()
    listed = {file.path: (file.status, file.reason) for file in place.ledger.state().listed()}
    assert listed["landing/activity-old.csv"] == ("erased", "destroyed: its retention period is over")


@pytest.mark.fault("E12")
def test_dropped_again_it_is_not_kept(place: Place) -> None:
    place.configure(SOURCES, privacy={"retention_months": 36})
    run(place, date(2022, 4, 1))
    run(place, date(2022, 4, 1))
    place.land({"activity-again.csv": FILES["activity-old.csv"]})
    assert ("landing/activity-old.csv", "erased", 0) in run(place, date(2022, 4, 1))
    run(place, date(2022, 4, 1))
    (expired,) = [event for event in place.ledger.events() if event["event"] == "expired"]
    assert not archived(place.home, expired["sha256"]).exists()


@pytest.mark.fault("E12")
def test_the_published_tables_are_kept_as_they_were(place: Place) -> None:
    place.configure(SOURCES, privacy={"retention_months": {"activity": 36}})
    run(place, date(2022, 4, 1))
    current = place.home.published / "current"
    (current / "tables").mkdir(parents=True)
    (current / "tables" / "seats.csv").write_text("month,held\n2019-03,1\n")
    (current / "manifest.json").write_text(json.dumps({"as_of": "2022-03-31"}))
    run(place, date(2022, 4, 1))
    kept = place.home.published / "history" / "2022-03-31" / "seats.csv"
    assert kept.read_text() == "month,held\n2019-03,1\n"


@pytest.mark.fault("F11")
def test_the_published_tables_are_on_the_disk_before_a_file_is_entered_as_destroyed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.configure(SOURCES, privacy={"retention_months": {"activity": 36}})
    run(place, date(2022, 4, 1))
    current = place.home.published / "current"
    (current / "tables").mkdir(parents=True)
    (current / "tables" / "seats.csv").write_text("month,held\n2019-03,1\n")
    (current / "manifest.json").write_text(json.dumps({"as_of": "2022-03-31"}))
    disk, left = Disk(place.path), []
    monkeypatch.setattr(os, "fsync", os.fsync)
    disk.follow(lambda: left.append(disk.picture(Lost.ALL)))
    run(place, date(2022, 4, 1))
    after = [found for found in left if b"expired" in found[Path("ledger.jsonl")]]
    kept = Path("published/history/2022-03-31/seats.csv")
    assert after and [found[kept] for found in after] == [b"month,held\n2019-03,1\n"] * len(after)


def test_files_of_reviews_go_with_what_they_come_from_and_not_before(place: Place) -> None:
    place.configure(SOURCES, privacy={"retention_months": {"activity": 36}})
    place.home.reviews.mkdir(parents=True)
    (place.home.reviews / "2019-04.csv").write_text("review_month,member_id\n2019-04-01,m1\n")
    run(place, date(2022, 3, 29))
    run(place, date(2022, 3, 29))
    assert (place.home.reviews / "2019-04.csv").exists()
    run(place, date(2022, 4, 1))
    assert not place.home.reviews.exists()
    assert place.home.operations.exists()


def test_nothing_is_destroyed_where_no_period_is_set(place: Place) -> None:
    place.configure(SOURCES)
    run(place, date(2199, 1, 1))
    assert run(place, date(2199, 1, 1)) == [NEW, OLD, ROSTER]


def test_the_roster_in_force_is_kept_and_an_older_one_not(place: Place) -> None:
    place.configure(SOURCES, privacy={"retention_months": {"roster": 1}})
    run(place, date(2022, 4, 1))
    place.land({"roster.csv": "member,cohort\nm1,c\nm2,c\n"})
    run(place, date(2022, 4, 1))
    found = run(place, date(2199, 1, 1))
    assert sorted(status for path, status, _ in found if path == "landing/roster.csv") == ["erased", "loaded"]


def test_a_file_is_kept_while_one_beside_it_looks_things_up_in_it(place: Place) -> None:
    activity = [{"files": "landing/dc/*.csv", "preset": "datacamp_data_connector"}]
    place.configure({"activity": activity}, privacy={"retention_months": {"activity": 36}})
    facts = "user_id,course_id,started_at,completed_at,time_spent,xp\n1,1,{},,60,10\n"
    place.land(
        {
            "dc/user_dim.csv": "user_id,email\n1,m1@example.org\n",
            "dc/course_dim.csv": "course_id,title\n1,Intro\n",
            "dc/old_learning_course_fact.csv": facts.format("2019-01-01"),
            "dc/new_learning_course_fact.csv": facts.format("2022-01-01"),
        }
    )
    run(place, date(2022, 4, 1))
    statuses = {path.removeprefix("landing/dc/"): status for path, status, _ in run(place, date(2024, 12, 31))}
    assert statuses == {
        "user_dim.csv": "ignored",
        "course_dim.csv": "ignored",
        "old_learning_course_fact.csv": "erased",
        "new_learning_course_fact.csv": "loaded",
    }


def test_a_warehouse_of_an_earlier_version_is_asked_for_no_more_than_it_has(place: Place) -> None:
    place.configure(SOURCES, privacy={"retention_months": {"activity": 36}})
    run(place, date(2022, 3, 29))
    with connect(place.home.warehouse) as con:
        con.execute("alter table raw.files drop known_at")
    assert ("landing/activity-old.csv", "erased", 0) in run(place, date(2022, 4, 1))


@pytest.mark.parametrize("months", [0, {"activities": 3}, {"activity": -1}])
def test_a_period_that_is_none_is_an_error_of_program_yaml(place: Place, months: object) -> None:
    place.configure(SOURCES, privacy={"retention_months": months})
    with pytest.raises(UserError, match=r"program.yaml line \d+.*retention_months"):
        place.program()
