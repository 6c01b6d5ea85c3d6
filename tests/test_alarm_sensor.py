"""The sensor of alarms, against a local web server: once per failure, once per review, and otherwise in words."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from assets.core.settings import write_settings
from checks import remembered
from checks.runner import clean
from fellowship_pipeline import standing
from fellowship_pipeline.alarm_sensor import build_alarm_sensor
from fellowship_pipeline.cli import status
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.home import memory
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.warehouse import connect, facts
from tests.clocks import SetClock
from tests.digest.test_contents import ADOPTION, ENGAGEMENT, publish
from tests.digest.test_sending import DISCORD, SLACK, Web, web
from tests.health.homes import READER, other_process
from tests.intake.homes import Place
from tests.review.homes import SOURCES, activity, fellowship, month, ran

__all__ = ["web"]

pytestmark = pytest.mark.slow

ROSTER = "member,name,cohort\nm1,Canary Ann,c\nother,Canary Bo,c\n"
SEATS = "member,event,pool,occurred_at\nm1,accepted,p,2021-12-05T09:00:00\n"
SETTINGS = {"notify": {}, "languages": ["en", "ko"], "timezone": "Asia/Seoul"}
QUIET = "no blocking check fails, no review waits"
FAILS = "blocking check fails: kpi.seats: "


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = fellowship(tmp_path_factory.mktemp("alarms") / "home", **SETTINGS)
    place.land({"roster.csv": ROSTER, "seat_events.csv": SEATS})
    place.land({"activity.csv": activity(*month("2022-01"), m1=5)})
    ran(place)
    return place.path


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    shutil.copytree(made, tmp_path / "home")
    monkeypatch.setenv("FELLOWSHIP_NOTIFY_URLS", DISCORD)
    return Place(tmp_path / "home")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """A day on which no review waits for a week."""
    return SetClock(monkeypatch, datetime(2022, 2, 5, tzinfo=UTC))


def tick(place: Place) -> str:
    """What a tick says; there is no memory in Dagster between two."""
    answer = build_alarm_sensor(str(place.path))(dg.build_sensor_context())
    assert isinstance(answer, dg.SkipReason)
    return str(answer.skip_message)


def judged(place: Place, *unmet: str, key: str = "kpi.seats") -> None:
    """Has the checks of a table found, all met but those named."""
    with connect(place.home.warehouse) as con:
        results = [replace(result, passed=result.name not in unmet) for result in clean(TABLE_BY_KEY[key])]
        assert {result.name for result in results} >= set(unmet)
        remembered.remember(con, {key: results}, facts.known(con))


def critical(key: str = "kpi.seats") -> list[str]:
    return [result.name for result in clean(TABLE_BY_KEY[key]) if result.severity == "critical"]


def contents(web: Web) -> list[list[str]]:
    """The lines of each message that arrived."""
    return [body["content"].splitlines() for _, body in web.bodies]


def test_a_failed_check_is_told_once_until_it_is_met_again(place: Place, web: Web, clock: SetClock) -> None:
    first, second = critical()[:2]
    assert tick(place) == QUIET
    judged(place, first)
    assert tick(place) == f"{FAILS}{first}: Discord: sent"
    ((title, *lines),) = contents(web)
    words = next(result.words.en for result in clean(TABLE_BY_KEY["kpi.seats"]) if result.name == first)
    assert title == "p"
    assert lines == [f"1 check failed, nothing new is published: kpi.seats: {words}"]
    for _ in range(3):
        assert tick(place) == f"{FAILS}{first}; told already"
    judged(place, first, second)
    assert tick(place) == f"{FAILS}{second}: Discord: sent"
    judged(place)
    assert tick(place) == QUIET
    judged(place, first)
    assert tick(place) == f"{FAILS}{first}: Discord: sent"
    assert len(web.bodies) == 3


def test_while_its_table_is_made_anew_a_failure_is_the_same(place: Place, web: Web, clock: SetClock) -> None:
    (first, *_) = critical()
    judged(place, first)
    tick(place)
    with connect(place.home.warehouse) as con:
        facts.note(con, TABLE_BY_KEY["kpi.seats"], version="of other rows")
    assert tick(place) == QUIET
    judged(place, first)
    assert tick(place) == f"{FAILS}{first}; told already"
    assert len(web.bodies) == 1


def test_a_review_is_told_once_when_it_is_unconfirmed_on_the_8th_in_the_programs_time_zone(
    place: Place, web: Web, clock: SetClock
) -> None:
    clock.at = datetime(2022, 2, 7, 14, 59, tzinfo=UTC)
    assert tick(place) == QUIET
    clock.move(minutes=1)
    assert tick(place) == "review unconfirmed for a week: 2022-02: Discord: sent"
    assert contents(web)[0][1:] == [
        "Review of February 2022 has not been confirmed for a week: fellowship review HOME 2022-02"
    ]
    clock.move(days=20)
    assert tick(place) == "review unconfirmed for a week: 2022-02; told already"
    assert status(["review", str(place.path), "2022-02", "confirm", "--by", "kim"]) == 0
    assert tick(place) == QUIET
    assert len(web.bodies) == 1


def test_reviews_of_years_are_one_message_and_then_each_new_one(place: Place, web: Web) -> None:
    def ticked(*day: int) -> str:
        with pytest.MonkeyPatch.context() as patch:  # a run would take the clock for one that was set back
            SetClock(patch, datetime(*day, tzinfo=UTC))  # type: ignore[misc,arg-type]
            return tick(place)

    place.land({"activity-2.csv": activity(*month("2022-02", 28), *month("2022-03"), m1=5)})
    ran(place)
    assert ticked(2022, 4, 30) == "review unconfirmed for a week: 2022-04 (and 2 before it): Discord: sent"
    assert contents(web)[0][2] == "2 reviews before it are not confirmed either"
    place.land({"activity-4.csv": activity(*month("2022-04", 30), m1=5)})
    ran(place)
    assert ticked(2022, 5, 7) == "review unconfirmed for a week: 2022-04 (and 2 before it); told already"
    assert ticked(2022, 5, 8) == "review unconfirmed for a week: 2022-05: Discord: sent"
    assert len(web.bodies) == 2


def test_the_message_is_the_digest_with_the_alarm_before_it_and_no_name(
    place: Place, web: Web, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.at = datetime(2022, 2, 28, tzinfo=UTC)
    publish(place, ADOPTION, ENGAGEMENT)
    monkeypatch.setattr(standing, "behind", lambda *_: None)
    judged(place, *critical()[:2])
    tick(place)
    ((title, *lines),) = contents(web)
    assert title == "p, as of 31 January 2022"
    assert lines[0].startswith("2 checks failed, nothing new is published. The first: kpi.seats: ")
    assert lines[1].startswith("Review of February 2022 has not been confirmed")
    assert lines[2] == "Adoption rate 93.3% (▼ 0.5 points since 31 December) · Target met"
    assert not any("checks failed" in line for line in lines[1:])
    assert "Canary" not in repr(web.bodies) and "m1" not in repr(lines)


def test_without_notify_nothing_is_sent_and_the_tick_says_so(place: Place, web: Web, clock: SetClock) -> None:
    clock.at = datetime(2022, 2, 28, tzinfo=UTC)
    settings = {name: value for name, value in SETTINGS.items() if name != "notify"}
    place.configure(SOURCES, **settings)
    line = "review unconfirmed for a week: 2022-02: nothing is sent, program.yaml has no `notify:`"
    assert [tick(place), tick(place)] == [line, line]
    place.configure(SOURCES, **SETTINGS)
    assert tick(place) == "review unconfirmed for a week: 2022-02: Discord: sent"
    assert len(web.bodies) == 1


def test_what_nobody_took_is_sent_again_and_what_one_took_is_not(
    place: Place, web: Web, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.at = datetime(2022, 2, 28, tzinfo=UTC)
    what = "review unconfirmed for a week: 2022-02"
    monkeypatch.delenv("FELLOWSHIP_NOTIFY_URLS")
    assert "$FELLOWSHIP_NOTIFY_URLS is empty" in tick(place)
    monkeypatch.setenv("FELLOWSHIP_NOTIFY_URLS", DISCORD)
    web.answer = 404
    assert tick(place) == f"{what}: taken by none of Discord; tried again at the next tick"
    web.answer = 200
    monkeypatch.setenv("FELLOWSHIP_NOTIFY_URLS", f"{DISCORD} json://127.0.0.1:9/x")
    assert tick(place) == f"{what}: Discord: sent, JSON: not taken"
    monkeypatch.setenv("FELLOWSHIP_NOTIFY_URLS", f"{DISCORD} {SLACK}")
    assert tick(place) == f"{what}; told already"
    assert len(web.bodies) == 2


def test_a_memory_that_is_lost_tells_once_what_is_still_so(place: Place, web: Web, clock: SetClock) -> None:
    clock.at = datetime(2022, 2, 28, tzinfo=UTC)
    judged(place, *critical()[:1])
    tick(place)
    told = place.home.state / "told.json"
    assert told.stat().st_size < 300 and told.stat().st_mode & 0o777 == 0o600
    for content in ("", "{", None):
        told.write_text(content) if content is not None else told.unlink()
        assert tick(place).endswith("Discord: sent")
        assert tick(place).endswith("told already")
    assert len(web.bodies) == 4


def test_what_cannot_be_remembered_is_not_sent(
    place: Place, web: Web, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(place.home.state / "told.json"))

    clock.at = datetime(2022, 2, 28, tzinfo=UTC)
    with monkeypatch.context() as patch:
        patch.setattr(memory, "remember", full)
        for _ in range(2):
            assert "the disk is full" in tick(place)
    assert web.bodies == []


def test_while_it_cannot_be_told_the_tick_says_why(place: Place, web: Web, clock: SetClock, tmp_path: Path) -> None:
    clock.at = datetime(2022, 2, 28, tzinfo=UTC)
    with other_process(READER.replace("=True", "=False"), str(place.home.warehouse), "600") as process:
        said = tick(place)
        assert f"process {process.pid}" in said and said.endswith("tried again at the next tick")
        process.kill()
    day = datetime(2022, 1, 20).date()
    with connect(place.home.warehouse) as con:
        write_settings(con, place.program(), day)
        generation.mark_settled(con, place.home, place.program(), day)
    assert tick(place) == "the tables are as of 2022-01-20, as `--as-of` asked, until the next run"
    assert tick(fellowship(tmp_path / "new")) == "there are no tables yet: the job `refresh` makes them"
    place.home.program_file.write_text("timezone: Mars\n")
    assert "program.yaml" in tick(place)
    assert build_alarm_sensor("")(dg.build_sensor_context()) == dg.SkipReason("FELLOWSHIP_HOME is not set")
    assert web.bodies == []
