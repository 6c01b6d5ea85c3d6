"""A year later: the files are destroyed when their retention period is over, and what was decided on them stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.home import decisions
from fellowship_pipeline.intake.landing.archive import archived
from tests.clocks import SetClock
from tests.intake.homes import Place
from tests.review.homes import activity, fellowship, month, ran, rows

pytestmark = pytest.mark.slow

SEATS = "member,event,pool,occurred_at\nm1,accepted,p,2021-12-05\nm2,accepted,p,2021-12-05\n"
ISSUED = "select member_id, decision, xp, minimum_xp, last_activity, files from ops.review_decisions order by 1"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    return SetClock(monkeypatch, datetime(2022, 2, 1, 12, tzinfo=UTC))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SetClock) -> Place:
    """The review of February 2022 is confirmed; activity is kept for 12 months."""
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path / "key"))
    place = fellowship(tmp_path / "home", privacy={"retention_months": {"activity": 12}})
    place.land({"roster.csv": "member,cohort\nm1,c\nm2,c\nother,c\n", "seat_events.csv": SEATS})
    place.land({"activity-01.csv": activity(*month("2022-01"), m1=1000, m2=999)})
    ran(place)
    assert status(["review", str(place.path), "2022-02", "confirm", "--by", "kim"]) == 0
    ran(place)
    return place


def test_the_evidence_of_a_decision_is_shown_when_its_files_are_gone(
    place: Place, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    written, issued = place.home.decisions.read_bytes(), rows(place, ISSUED)
    assert [row[:4] for row in issued] == [("m1", "keep", 1000, 1000), ("m2", "reclaim", 999, 1000)]
    place.land({"activity-04.csv": activity(*month("2023-04", 30))})
    for days in (425, 2):  # nothing is destroyed right after a pause
        clock.move(days=days)
        told = ran(place)
    ((sha256,),) = rows(place, "select sha256 from raw.files where status = 'erased'")
    assert sha256 in decisions.load(place.home).issued[0].files
    assert not archived(place.home, sha256).exists()
    assert (place.home.decisions.read_bytes(), rows(place, ISSUED)) == (written, issued)
    assert rows(place, "select * from ops.review_differences") == []
    assert [warning for warning in told if "review" in warning and "2022-02:" in warning] == []
    capsys.readouterr()
    assert status(["review", str(place.path), "2022-02"]) == 0
    assert "999 of 1,000" in capsys.readouterr().out
