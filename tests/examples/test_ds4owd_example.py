"""The example on a free data science course from end to end: what its authors published comes out of the KPI tables.

Belongs here: figures of one run. What stands in staging is in ``test_ds4owd``. Skips without the dataset.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from examples.ds4owd.copy import copy
from fellowship_pipeline.errors import UserError
from tests.examples.attacked import exposed
from tests.examples.runs import DATA, Ran, ran

FOLDER = DATA / "ds4owd"

pytestmark = [
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"no ds4owd at {FOLDER}; FELLOWSHIP_TEST_DATA names the folder that has ds4owd/"
    ),
    pytest.mark.xdist_group("ds4owd"),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    with ran(tmp_path_factory.mktemp("ds4owd"), "ds4owd", FOLDER) as run:
        yield run


def test_it_publishes(run: Ran) -> None:
    assert (run.summary.ok, run.summary.failed_checks, run.summary.warnings) == (True, [], [])
    assert run.summary.as_of == date(2024, 2, 1)
    assert run.sections == ["missions", "community", "survey"]


def test_no_hidden_count_is_as_good_as_known(run: Ran) -> None:
    hidden, told = exposed(run.home, run.con)
    assert hidden > 50
    assert told == {}


def test_attendance(run: Ran) -> None:
    """734 rows: 26 of hosts, 708 of participants; ten sessions."""
    assert run.one("select sum(rows) from raw.files where source = 'attendance'") == (734,)
    counted = "select count(*), count(*) filter (is_host), count(distinct session) from core.session_attendances"
    assert run.one(counted) == (734, 26, 10)
    assert run.one("select sum(sessions), sum(attendances) from kpi.community where kind = 'class'") == (10, 708)


def test_participants_of_at_least_half_of_the_course(run: Ran) -> None:
    """65 completed at least half: at least 4 of the 10 sessions, hosts left out. 272 came as participants at all."""
    assert run.one("select members, met, late, missed, remaining from kpi.missions") == (272, 65, 0, 207, 272)


def test_self_assessment_after_the_course(run: Ran) -> None:
    """Of 25: 72 % competent in R, 52 % in git, 72 % confident to apply (3 and 4 of 4)."""
    shares = (
        "select question, max(answered), sum(chosen), 100 * sum(chosen) / max(answered) from kpi.survey "
        "where survey = 'post' and slice_by = 'all' and question in ('r', 'git', 'confident') "
        "and option in ('3', '4') group by question order by question"
    )
    assert run.rows(shares) == [("confident", 25, 18, 72), ("git", 25, 13, 52), ("r", 25, 18, 72)]


def test_responses(run: Ran) -> None:
    """212 responses of 197 people before the course, 25 on 28 lines after it."""
    records = "select rows from raw.files where source = 'survey_responses' order by rows desc"
    assert run.rows(records) == [(212,), (25,)]
    responses = "select survey, population, respondents from kpi.survey_response where slice_by = 'all' order by survey"
    assert run.rows(responses) == [("post", 272, 25), ("pre", 197, 197)]


def test_a_folder_that_lacks_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"course_participation\.csv"):
        copy(tmp_path / "landing", tmp_path)
