"""The warehouse is a cache: one that is not as the last run left it is removed and made anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fellowship_pipeline.health import generation
from fellowship_pipeline.warehouse import connect
from tests.health.homes import ACTIVITY, ran, statuses
from tests.intake.homes import Place

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY.format(1)})
    ran(place)
    return place


def older_copy(place: Place) -> None:
    copy = place.home.warehouse.read_bytes()
    place.land({"b.csv": ACTIVITY.format(2)})
    ran(place)
    place.home.warehouse.write_bytes(copy)
    (place.home.landing / "b.csv").unlink()
    place.ledger.decide("withdraw", next(f.id for f in place.ledger.state().listed() if f.path == "landing/b.csv"))


def cut_log(place: Place) -> None:
    log = place.home.warehouse.with_name("fellowship.duckdb.wal")
    log.write_bytes(b"WAL")
    log.chmod(0o600)


def broken_off(place: Place) -> None:
    with connect(place.home.warehouse) as con:
        con.execute("create or replace table raw.files (file_id varchar)")


def cut(place: Place) -> None:
    place.home.warehouse.write_bytes(place.home.warehouse.read_bytes()[:100])


def emptied(place: Place) -> None:
    place.home.warehouse.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        pytest.param(
            older_copy, "not the one that the last run left, but a copy of another", marks=pytest.mark.fault("F8")
        ),
        pytest.param(cut_log, "a write to it was broken off", marks=pytest.mark.fault("F6", "F7")),
        pytest.param(broken_off, "a reading of the archive into it was broken off", marks=pytest.mark.fault("F6")),
        pytest.param(cut, "it cannot be opened", marks=pytest.mark.fault("F9")),
        pytest.param(emptied, "it cannot be opened", marks=pytest.mark.fault("F9")),
    ],
)
def test_another_than_the_last_run_left_is_made_anew(
    place: Place, damage: Callable[[Place], None], problem: str
) -> None:
    damage(place)
    (looked,) = generation.examine(place.home, mend=False)
    assert looked.line() == f"warehouse/fellowship.duckdb: {problem}; the next run makes it anew from the archive"
    assert ran(place) == [f"warehouse/fellowship.duckdb: {problem}; removed, this run makes it anew from the archive"]
    assert statuses(place)["a.csv"] == ("loaded", 1)
    assert ran(place) == []


@pytest.mark.fault("F8")
def test_one_that_is_gone_is_made_anew_without_a_word(place: Place) -> None:
    place.home.warehouse.unlink()
    assert (ran(place), statuses(place)) == ([], {"a.csv": ("loaded", 1)})
