"""The replay of the two-year example: what lay there when, three of its months, and that a law that breaks is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from benchmarks import replay
from benchmarks.replay import Lived, lying
from fellowship_pipeline.home import Home
from tests.intake.homes import Place
from tests.review.homes import ran

ROSTER = (
    "\ufeffmember,cohort,joined_on,left_on\r\n"
    "m1,2022-H1,,2022-03-02\r\n"
    "m2,2022-H1,2022-03-01,\r\n"
    "m3,2022-H1,2022-02-28,2022-02-28\r\n"
)
EXPORTS = {
    "roster/roster_2022-H1.csv": ROSTER.encode(),
    "seats-2021/좌석.csv": "이메일,상태,일시\na,accepted,2022-02-28 23:59\nb,accepted,2022-03-01 00:00\n".encode(
        "cp949"
    ),
    "seats/seat_ledger_2023.csv": b"member,event,occurred_at\na,accepted,2022-11-06T23:44:00+09:00\n",
    "datacamp/2022-02-01/learning_exercise_fact.csv": b"february",
    "datacamp/2022-03-01/learning_exercise_fact.csv": b"march",
    "datacamp/2022-04-01/learning_exercise_fact.csv": b"april",
    "datacamp/latest/learning_exercise_fact.csv": b"april",
    "zoom/builders/participants_2022-03-01.csv": b"meeting",
    "surveys/year-1/answers.csv": b"answers",
    "catalog/catalog.csv": b"catalog",
}


def test_what_lay_there_on_a_morning() -> None:
    there = lying(EXPORTS, date(2022, 3, 1))
    assert there.pop("roster/roster_2022-H1.csv").decode() == (
        "\ufeffmember,cohort,joined_on,left_on\r\nm1,2022-H1,,\r\nm3,2022-H1,2022-02-28,2022-02-28\r\n"
    )
    assert there.pop("seats-2021/좌석.csv").decode("cp949") == "이메일,상태,일시\na,accepted,2022-02-28 23:59\n"
    assert there == {
        "datacamp/2022-02-01/learning_exercise_fact.csv": b"february",
        "datacamp/2022-03-01/learning_exercise_fact.csv": b"march",
        "datacamp/latest/learning_exercise_fact.csv": b"march",
        "catalog/catalog.csv": b"catalog",
    }
    assert "roster/roster_2022-H1.csv" not in lying(EXPORTS, date(2022, 1, 1))
    assert lying(EXPORTS, date(2023, 9, 1)) == EXPORTS


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lived, Home]]:
    """March to May 2022, every other review with an exception."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "EXCEPTION_EVERY", 2)
        folder = tmp_path_factory.mktemp("replay")
        yield replay.replay(folder, date(2022, 3, 1), date(2022, 5, 1), lambda home: [*ran(Place(home.path))])


@pytest.mark.slow
def test_three_months_as_they_were_lived(replayed: tuple[Lived, Home]) -> None:
    lived, _ = replayed
    assert lived.broken == []
    assert (lived.runs, [f"{month:%Y-%m}" for month in lived.proposed]) == (3, ["2022-03", "2022-04", "2022-05"])
    assert [month for month, _ in lived.excepted] == [date(2022, 4, 1)]
    *figures, last = replay.told(lived)
    assert last == "every law holds; the reviews are those of one run over everything"
    assert "differs since: 2022-04 done reclaimed: 1" in figures


@pytest.mark.slow
def test_a_law_that_breaks_is_told(replayed: tuple[Lived, Home]) -> None:
    lived, once = replayed
    assert list(replay.compared(lived, once)) == []
    (not_done,) = replay.compared(replace(lived, excepted=set()), once)
    assert not_done.startswith("what was not done as issued is not the exceptions: ")
    month, rows = next(iter(lived.proposed.items()))
    altered = {**lived.proposed, month: [(*rows[0][:-2], "deferred", "unknown"), *rows[1:]]}
    assert list(replay.compared(replace(lived, proposed=altered), once)) == [
        "ops.review_differences does not tell exactly where the reviews say something else today"
    ]
    assert list(replay.compared(lived, lived.home)) == []
    forgetful = replace(lived, written=b"", broken=[])
    forgetful.look(month)
    assert forgetful.broken == [f"{month}: decisions.jsonl is other than it was"]
