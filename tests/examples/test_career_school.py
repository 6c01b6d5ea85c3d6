"""The career-change school from end to end: the month's best, completion, time to each outcome.

Belongs here: figures of program 6. Its counts are the example's own (``plan.py``), since the source has one person's;
expected by hand. Days are from 2018-05-14, the last of the school.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.examples.runs import Ran, generated_twice, ran

pytestmark = pytest.mark.xdist_group("career_school")

INTERNSHIP_DAYS = (79, 79, 84, 91, 98, 105, 112, 119, 126, 140, 154, 168)
JOB_DAYS = (154, 168, 175, 182, 196, 203, 217, 233, 245, 273, 294, 308, 336, 364, 385)
PLACED_DAYS = (79, 79, 84, 91, 98, 105, 112, 119, 126, 140, 154, 154, 168, 175, 294)
"""In order. The middle of twelve lies between 105 and 112, of fifteen at the eighth: 233, and 119 for the earliest."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    with ran(tmp_path_factory.mktemp("career"), "career_school") as run:
        yield run


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    one, two = generated_twice("career_school", tmp_path)
    assert one == two


def test_it_publishes(run: Ran) -> None:
    """The export of 2019-07-01 vouches for every day before it."""
    assert (run.summary.ok, run.summary.failed_checks, run.summary.warnings) == (True, [], [])
    assert run.summary.as_of == date(2019, 6, 30)
    assert run.sections == ["learning", "outcomes"]
    assert run.rows("select * from raw.rejects") == run.rows("select * from ops.unmatched") == []


def test_the_earlier_export_is_superseded_row_by_row(run: Ran) -> None:
    fates = "select rows = superseded, rows = staged from raw.files where source = 'activity' order by path"
    assert run.rows(fates) == [(True, False), (False, True)]


def test_the_best_of_each_month(run: Ran) -> None:
    """``mission.md`` 6: a monthly best-student award. In February completions part two of 1,120."""
    best = "select month, rank, member_id, cast(xp as integer) from ops.recognition order by month, rank, member_id"
    assert run.rows(best) == [
        (date(2018, 1, 1), 1, "2018-012", 760),
        (date(2018, 1, 1), 2, "2018-003", 745),
        (date(2018, 1, 1), 3, "2018-027", 730),
        (date(2018, 2, 1), 1, "2018-003", 1180),
        (date(2018, 2, 1), 2, "2018-012", 1120),
        (date(2018, 2, 1), 3, "2018-008", 1120),
        (date(2018, 3, 1), 1, "2018-020", 1260),
        (date(2018, 3, 1), 2, "2018-003", 1205),
        (date(2018, 3, 1), 3, "2018-033", 1190),
        (date(2018, 4, 1), 1, "2018-020", 1310),
        (date(2018, 4, 1), 2, "2018-014", 1275),
        (date(2018, 4, 1), 3, "2018-012", 1240),
        (date(2018, 5, 1), 1, "2018-014", 560),
        (date(2018, 5, 1), 1, "2018-020", 560),
        (date(2018, 5, 1), 3, "2018-001", 520),
    ]


def test_who_finished(run: Ran) -> None:
    """36 began, five left, one did not finish the last project."""
    assert run.one("select count(*) from core.cohort_members") == (36,)
    assert run.one("select count(*) from core.graduates") == (30,)
    finished = "select members, completed from kpi.tracks where track = '데이터 과학' and slice_by = 'all'"
    assert run.one(finished) == (36, 30)


def test_time_from_completion_to_each_outcome(run: Ran) -> None:
    """``mission.md`` 6: internship 2018-08 … 10, permanent 2018-10 … 2019-06.

    12 interns of 36 at four companies; 15 with a permanent job (one twice) at seven; 15 placed of the 28 who finished
    and looked for a job.
    """
    columns = "kind, members, share, median_days_from_completion, organizations"
    found = {kind: rest for kind, *rest in run.rows(f"select {columns} from kpi.outcomes where cohort = '2018'")}
    assert found["internship"] == pytest.approx([12, 12 / 36, 108.5, 4])
    assert found["job"] == pytest.approx([15, 15 / 36, 233, 7])
    assert found["placement"][:3] == pytest.approx([15, 15 / 28, 119])
    first_and_last = (
        "select kind, min(occurred_on), max(occurred_on) filter (organization <> '아람핀테크') "
        "from staging.outcomes group by kind order by kind"
    )
    assert run.rows(first_and_last) == [
        ("internship", date(2018, 8, 1), date(2018, 10, 29)),
        ("job", date(2018, 10, 15), date(2019, 6, 3)),
    ]


def test_outcomes_add_up_month_by_month(run: Ran) -> None:
    """August (3 months after May): 6 interns; September 9; October 12, and 2 jobs; November 5 … June of 2019 15."""
    sums = "select list(cumulative_members order by months_since) from kpi.outcome_timeline where kind = "
    assert run.one(sums + "'internship'") == ([0, 0, 0, 6, 9, 12, 12, 12, 12, 12, 12, 12, 12, 12],)
    assert run.one(sums + "'job'") == ([0, 0, 0, 0, 0, 2, 5, 7, 9, 10, 12, 13, 14, 15],)
    assert run.one(sums + "'placement'") == ([0, 0, 0, 6, 9, 13, 14, 14, 14, 14, 15, 15, 15, 15],)


def test_placement_rate(run: Ran) -> None:
    tile = "select numerator, denominator, status from kpi.scorecard where kpi = 'placement_rate' and slice_by = 'all'"
    assert run.one(tile) == (15, 28, "met")
