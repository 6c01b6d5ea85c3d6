"""Runs of a home in which nothing, or little, has changed since the last."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.home import Home, decisions

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("standing")]

PROGRAM = """\
program: {{id: tiny}}
arrival: {{quiet_seconds: 0}}
seats: [{{pool: datacamp, from: 2022-01-01, capacity: 10}}]
targets: {{adoption_rate: {target}}}
sources:
  roster: [{{files: landing/roster.csv}}]
  seat_events: [{{files: landing/seats.csv}}]
  activity: [{{files: landing/activity*.csv}}]
"""


def activity(days: range) -> str:
    return "member,occurred_at,xp\n" + "".join(f"a,2022-02-{day:02}T09:00:00,36\n" for day in days)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that has been run once."""
    place = Home(tmp_path_factory.mktemp("standing"))
    place.landing.mkdir()
    place.program_file.write_text(PROGRAM.format(target=0.5))
    (place.landing / "roster.csv").write_text("member,cohort\na,c\nb,c\n")
    (place.landing / "seats.csv").write_text("member,event,occurred_at\na,accepted,2022-01-05\nb,accepted,2022-01-05\n")
    (place.landing / "activity1.csv").write_text(activity(range(1, 16)))
    assert status(["run", str(place.path)]) == 0
    yield place


def told(home: Home, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """What a run says of itself."""
    capsys.readouterr()
    assert status(["run", str(home.path), "--json", *options]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def files(home: Home) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for root in (home.release, home.lists) for path in root.rglob("*") if path.is_file()
    }


def test_with_nothing_new_nothing_is_made_and_the_page_says_since_when(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(home)
    monkeypatch.setitem(sys.modules, "fellowship_pipeline.run", None)  # an import fails: nothing is run
    assert status(["run", str(home.path)]) == 0
    said = capsys.readouterr()
    assert said.out == f"{home.release / 'dashboard.html'}\n"
    assert f"as of 2022-02-15: {len(TABLES)} tables ({len(TABLES)} stood)" in said.err
    since = datetime.now(UTC)
    assert any(
        f"nothing new: the page stands since {since - timedelta(minutes=ago):%Y-%m-%d %H:%M} UTC" in said.err
        for ago in range(60)
    )
    assert files(home) == before


def test_the_same_is_said_by_a_run_in_dagster(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    from fellowship_pipeline.home.lock import hold  # noqa: PLC0415 - the modules above must do without Dagster
    from fellowship_pipeline.program import load_program  # noqa: PLC0415
    from fellowship_pipeline.run import run_home  # noqa: PLC0415

    before = files(home)
    with hold(home.state, 0):
        summary = run_home(home, load_program(home.path))
    assert (summary.ok, summary.stood, summary.tables) == (True, len(TABLES), len(TABLES))
    assert summary.stands_since is not None
    assert files(home) == before


def test_a_target_makes_the_scorecard_and_the_page(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(home)
    home.program_file.write_text(PROGRAM.format(target=0.9))
    document = told(home, capsys)
    assert document["tables"] - document["stood"] == 2  # core.targets and kpi.scorecard
    assert document["stands_since"] is None
    page = home.release / "dashboard.html"
    assert page.read_bytes() != before[page]
    assert told(home, capsys)["stood"] == len(TABLES)


def test_another_day_is_another_run(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(home, capsys, "--as-of", "2022-02-10")
    assert (document["as_of"], document["stands_since"]) == ("2022-02-10", None)
    assert told(home, capsys)["as_of"] == "2022-02-15"


def test_a_file_makes_anew_what_it_changes(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    (home.landing / "activity2.csv").write_text(activity(range(16, 29)))
    document = told(home, capsys)
    assert document["as_of"] == "2022-02-28"
    assert 0 < document["stood"] < len(TABLES)
    assert told(home, capsys)["stands_since"]


def test_a_confirmed_review_is_something_new(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    decision = decisions.Decision(
        decision_id="aaaa0001", review_month=date(2022, 3, 1), pool="datacamp", member_id="a", study_mode=None,
        rule="xp", minimum_xp=1000, minimum_active_days=1, seat_since=date(2022, 1, 5), xp=999, active_days=28,
        last_activity=date(2022, 2, 28), proposed="reclaim", decision="reclaim", reason="xp", exception=None,
        files=("f",), issued_by="kim", issued_at=datetime(2022, 3, 1, 9),
    )  # fmt: skip
    decisions.issue(home, [decision])
    document = told(home, capsys)
    assert document["stands_since"] is None
    assert document["tables"] - document["stood"] == 4  # decisions in core and ops, differences, offers
    assert "aaaa0001,2022-03-01,a,,,a,datacamp" in (home.lists / "review_decisions.csv").read_text()
    assert told(home, capsys)["stands_since"]


def test_all_is_made_anew_where_one_asks_for_it(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(home, capsys, "--all")
    assert (document["stood"], document["stands_since"]) == (0, None)


def test_what_was_made_bit_by_bit_is_what_all_at_once_makes(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.program_file.write_text(PROGRAM.format(target=0.7))
    (home.landing / "activity1.csv").write_text(activity(range(2, 16)))
    told(home, capsys)
    bit_by_bit = {path.name: path.read_bytes() for path in (home.release / "tables").iterdir()}
    told(home, capsys, "--all")
    assert {path.name: path.read_bytes() for path in (home.release / "tables").iterdir()} == bit_by_bit
