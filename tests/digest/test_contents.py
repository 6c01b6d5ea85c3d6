"""What a digest says: published figures, one exception, the review to confirm, held files; and who is not in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from checks.remembered import remember
from checks.runner import clean
from fellowship_pipeline import standing
from fellowship_pipeline.cli import status
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.digest import contents
from fellowship_pipeline.digest.contents import MOST_LINES, Digest, digest
from fellowship_pipeline.home import decisions
from fellowship_pipeline.warehouse import connect, facts
from tests.intake.homes import Place
from tests.review.homes import RULE, SOURCES, activity, fellowship, month, ran

pytestmark = pytest.mark.slow

ROSTER = "member,name,cohort,study_mode\nm1,Canary Ann,c,individual\nm2,Canary Bo,c,individual\n"
SEATS = "member,event,pool,occurred_at\nm1,accepted,p,2021-12-05\nm2,accepted,p,2021-12-05\n"
SETTINGS: dict[str, Any] = {
    "notify": {"link": "https://pages.example.org/fellowship"},
    "seats": [{"pool": "p", "from": "2021-12-01", "capacity": 2}],
    "review": {"rules": [RULE]},
    "timezone": "UTC",
}
ADOPTION = ("adoption_rate", date(2022, 1, 31), 0.9333, 0.9, "met", -0.0051)
ENGAGEMENT = ("engagement_rate", date(2022, 1, 31), 0.4733, 0.5, "missed", None)


def publish(place: Place, *headlines: tuple[object, ...], reclaimed: int | None = 7, as_of: str = "2022-01-31") -> None:
    """What a release has of these tables."""
    place.home.release.mkdir(parents=True, exist_ok=True)
    (place.home.release / "manifest.json").write_text(json.dumps({"as_of": as_of}))
    (place.home.release / "kpi.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(place.home.release / "kpi.duckdb")) as con:
        con.execute(
            "create table scorecard (kpi varchar, as_of date, value double, target double, status varchar, "
            "delta double, slice_by varchar default 'all')"
        )
        con.executemany(
            "insert into scorecard (kpi, as_of, value, target, status, delta) values (?, ?, ?, ?, ?, ?)",
            [list(row) for row in headlines],
        )
        con.execute("insert into scorecard (kpi, value, slice_by) values ('adoption_rate', 0.01, 'cohort')")
        con.execute("create table review_summary (review_month date, rule varchar, reclaimed bigint)")
        con.execute("insert into review_summary values ('2022-01-01', 'r', 99), ('2022-02-01', 'r', ?)", [reclaimed])


def again(place: Place, **settings: Any) -> None:
    """Another run, with other settings, and a release of it."""
    place.configure(SOURCES, **SETTINGS | settings)
    ran(place)
    publish(place, ADOPTION, ENGAGEMENT)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """January, run once and published, where the run is taken for one that stands."""
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path / "key"))
    place = fellowship(tmp_path / "home", **SETTINGS)
    place.land({"roster.csv": ROSTER, "seat_events.csv": SEATS})
    place.land({"activity-01.csv": activity(*month("2022-01"), m1=1000, m2=5)})
    again(place)
    monkeypatch.setattr(standing, "behind", lambda *_: None)
    return place


def told(place: Place) -> Digest:
    return digest(place.home, place.program(), 0)


def test_a_digest_has_two_headlines_an_exception_the_review_and_the_link(place: Place) -> None:
    message = told(place)
    assert message.title == "p, 2022년\u00a01월\u00a031일 기준"
    assert message.lines == (
        "초대 수락률 93.3% (▼ 0.5%p, 12월 31일 대비) · 목표 달성",
        "참여율 47.3% · 목표 미달",
        "확인할 것: 참여율이(가) 목표 50%에 못 미칩니다",
        "확정할 것: 2022년 2월 좌석 심사, 회수 제안 7석: fellowship review HOME 2022-02",
        "https://pages.example.org/fellowship",
    )


def test_it_is_in_the_first_language_and_says_what_the_program_asks_for(place: Place) -> None:
    place.configure(SOURCES, **SETTINGS | {"languages": ["en"], "notify": {"kpis": ["engagement_rate"]}})
    publish(place, ADOPTION, (*ENGAGEMENT[:2], 0.5, 0.5, "met", 0.012), reclaimed=1)
    assert told(place).lines == (
        "Engagement rate 50.0% (▲ 1.2 points since 31 December) · Target met",
        "nothing out of the ordinary",
        "Review of February 2022 waits to be confirmed, 1 seat to take back: fellowship review HOME 2022-02",
    )


def test_what_is_withheld_on_the_page_is_withheld_here(place: Place) -> None:
    publish(place, (*ADOPTION[:2], None, 0.9, None, None), ENGAGEMENT, reclaimed=None)
    lines = told(place).lines
    assert lines[0] == "초대 수락률: 비공개"
    assert lines[3] == "확정할 것: 2022년 2월 좌석 심사: fellowship review HOME 2022-02"


def test_a_confirmed_review_is_no_longer_to_be_confirmed(place: Place) -> None:
    assert status(["review", str(place.path), "2022-02", "confirm", "--by", "op"]) == 0
    assert decisions.load(place.home).of(date(2022, 2, 1))
    assert not [line for line in told(place).lines if "2022-02" in line]


def test_a_review_of_which_no_decision_stands_is_to_be_confirmed(place: Place) -> None:
    assert status(["review", str(place.path), "2022-02", "confirm", "--by", "op"]) == 0
    first, *others = decisions.load(place.home).of(date(2022, 2, 1))
    for one in others:
        assert status(["review", str(place.path), "2022-02", "undo", one.decision_id, "wrong"]) == 0
    assert not [line for line in told(place).lines if "2022-02" in line]
    assert status(["review", str(place.path), "2022-02", "undo", first.decision_id, "wrong"]) == 0
    assert [line for line in told(place).lines if "2022-02" in line]


def overcommitted(place: Place) -> None:
    again(place, seats=[{"pool": "p", "from": "2021-12-01", "capacity": 1}])


def gap(place: Place) -> None:
    place.land({"activity-03.csv": activity(*month("2022-03"), m1=1000, m2=5)})
    again(place)
    publish(place, ADOPTION, ENGAGEMENT, as_of="2022-03-31")


def misspelt(place: Place) -> None:
    again(place, review={"rules": [RULE], "exempt": {"leave": [{"member": "Canary Anne"}]}})


def unpublished(place: Place) -> None:
    publish(place, ADOPTION, ENGAGEMENT, as_of="2021-12-31")


def failed(place: Place) -> None:
    with connect(place.home.warehouse) as con:
        results = [
            replace(result, passed=result.severity != "critical") for result in clean(TABLE_BY_KEY["core.seats"])
        ]
        remember(con, {"core.seats": results}, facts.known(con))


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (failed, "개가 실패해 새로 발표하지 않았습니다: core.seats: "),
        (overcommitted, "확인할 것: p 풀의 좌석이 1개 초과 약정되었습니다"),
        (gap, "확인할 것: 2022-03 좌석 심사를 하지 않았습니다. 학습 활동 자료가 없는 날: 2022-02-01 … 2022-02-28"),
        (misspelt, "review.exempt.leave[0].member: 그곳의 이름은 누구의 이름도 아닙니다"),
        (unpublished, "확인할 것: 2022년 1월 31일 기준으로 계산했지만 발표하지 않았습니다"),
    ],
)
def test_the_gravest_exception_goes_before_a_target_that_is_missed(
    happens: Callable[[Place], None], said: str, place: Place
) -> None:
    happens(place)
    (line,) = (line for line in told(place).lines if line.startswith("확인할 것"))
    assert said in line


def test_what_came_after_the_last_run_and_files_held_are_said_without_their_names(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.land({"activity-Canary Ann.csv": "member,occurred_at\nm1,2022-01-03\nm2"})
    again(place)
    monkeypatch.setattr(standing, "behind", lambda *_: "something came")
    message = told(place)
    assert "보류된 파일 1개: fellowship files HOME" in message.lines
    assert message.lines[2].endswith("수치에 아직 반영되지 않았습니다")
    assert "Canary" not in repr(message)


def test_no_digest_is_longer_than_fifteen_lines_of_text(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are cut; the link is not, which would lead nowhere."""
    link = "https://example.org/" + "x" * 400
    place.configure(SOURCES, **SETTINGS | {"notify": {"link": link}})
    monkeypatch.setattr(contents, "foremost", lambda *_: {"ko": "가 \n" * 999})
    message = told(place)
    assert 1 + len(message.lines) <= MOST_LINES == 15
    assert message.lines[-1] == link
    assert max(map(len, message.lines[:-1])) == 300
    assert not any("\n" in line for line in message.lines)


def test_before_anything_is_published_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = fellowship(tmp_path / "home", notify={})
    assert status(["notify", str(place.path)]) == 2
    assert "nothing is published" in capsys.readouterr().err
