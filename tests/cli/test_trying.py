"""fellowship what-if: months as they may be written, what it shows and what it refuses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.cli import status
from fellowship_pipeline.cli.trying import asked_months
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from tests.assets.tiny import Tiny

PROGRAM = """\
program: {id: test}
review: {exempt: {leave: [{member: zzz}]}}
sources: {activity: [{files: landing/a.csv}]}
"""
DOUBT = (
    "program.yaml line 2, review.exempt.leave[0].member: no data knows it: the leave exempts nobody: a review may "
    "propose the seat for reclaim; see operations/current/settings.csv"
)
NEEDED = ("ops.seat_reviews", "ops.uncovered_days", "kpi.headlines", "kpi.seats")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hold a seat and are reviewed in March and in April of 2022; `b` has 999 XP in the month before."""
    path = tmp_path_factory.mktemp("home")
    (path / "program.yaml").write_text(PROGRAM)
    with warehouse.connect(Home(path).warehouse) as con:
        for table in TABLES:
            warehouse.create(con, table)
        tiny = Tiny(con)
        tiny.given["core.parameters"][0]["has_names"] = True
        tiny.add("core.review_rules", position=0, rule="any", valid_from=date(2022, 3, 1), minimum_active_days=1,
                 first_month="exempt")  # fmt: skip
        tiny.cover(date(2022, 2, 1), date(2022, 3, 31))
        for member, xp in (("a", 1000), ("b", 999)):
            tiny.add("staging.roster", member=member, member_id=member, cohort="c", name=f"Name {member}")
            tiny.seat(member, "accepted", "2022-01-10")
            tiny.learn(member, "2022-02-10", xp=xp)
            tiny.learn(member, "2022-03-10", xp=xp)
        for key in NEEDED:
            tiny.rows(key, "*")
    return path


def test_months_are_named_one_by_one_or_from_to() -> None:
    assert asked_months(["2022-11..2023-01", "2022-03", "2022-12"]) == [
        date(2022, 3, 1),
        date(2022, 11, 1),
        date(2022, 12, 1),
        date(2023, 1, 1),
    ]


@pytest.mark.parametrize("text", ["2022", "2022-13", "2022-03-01", "2022-03..", "2022-05..2022-03", "1000-01..2022-01"])
def test_other_months_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        asked_months([text])


def test_who_would_lose_the_seat_is_shown_beside_the_rule_in_force(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["what-if", str(home), "2022-03..2022-05", "--minimum-xp", "1000"]) == 0
    said = capsys.readouterr()
    lines = [line.split() for line in said.out.splitlines()]
    assert ["2022-03", "tried", "2", "0", "1", "1"] in [line[:6] for line in lines]
    assert ["2022-04", "in", "force", "2", "0", "0", "0"] in [line[:7] for line in lines]
    assert sum(line[:3] == ["b", "Name", "b"] and "(xp)" in line for line in lines) == 2
    assert not any(line[:1] == ["a"] for line in lines)
    assert said.err.splitlines() == [
        "warning: no seat review of 2022-05: activity is missing on 30 days from 2022-04-01 to 2022-04-30",
        f"warning: {DOUBT}",
    ]


def test_a_machine_has_the_same(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["what-if", str(home), "2022-03", "--minimum-xp", "1000", "--study-mode", "all", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rule"] == {"minimum_xp": 1000, "minimum_active_days": None, "first_month": None, "study_mode": "all"}
    (month,) = told["months"]
    assert (month["tried"]["would_lose"], month["in_force"]["would_lose"]) == (1, 0)
    assert [(row["member_id"], row["xp"], row["tried_reason"]) for row in month["losing"]] == [("b", 999.0, "xp")]
    assert [(row["pool"], row["held"], row["free"]) for row in told["forecast"]] == [("p", 2, None)]
    assert told["doubts"] == [DOUBT]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2022-03"], "expected a rule to try"),
        (["2030-01", "--minimum-xp", "5"], "there is no seat review of 2030-01 as of 2022-04-30"),
        (["2022", "--minimum-xp", "5"], "expected a month as 2022-09 or months as 2022-03..2022-09, found '2022'"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(
    home: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["what-if", str(home), *arguments]) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_before_the_first_run_there_is_nothing_to_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "program.yaml").write_text(PROGRAM)
    assert status(["what-if", str(tmp_path), "2022-03", "--minimum-xp", "5"]) == 2
    assert "`fellowship run" in capsys.readouterr().err
    assert not Home(tmp_path).warehouse.exists()
