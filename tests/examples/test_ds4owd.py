"""The figures that others published about a free data science course come out of the intake, by configuration alone.

Belongs here: attendance and surveys of "Data Science for openwashdata". Skips without the dataset.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.intake.homes import Place

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FELLOWSHIP_TEST_DATA", REPOSITORY.parent / "shared" / "data")) / "ds4owd"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no ds4owd at {DATA}; FELLOWSHIP_TEST_DATA names the folder that has ds4owd/"
)

ATTENDANCE = {
    "columns": {"session": "session", "member": "anonymized_name", "minutes": "duration_minutes"},
    "where": {"guest": "Yes"},
}
SESSIONS = {
    "columns": {"session": "session", "starts_at": {"from": "date", "format": "%d.%m.%Y"}},
    "values": {"kind": "class"},
}
PRE = {
    "survey": "pre",
    "columns": {"submitted_at": "google_timestamp", "member": "id"},
    "questions": {"experience": {"header": "prog_exp", "kind": "single"}},
}
POST = {
    "survey": "post",
    "values": {"submitted_at": "2024-02-01"},
    "questions": {
        name: {"header": header, "kind": "rating", "scale": [1, 4]}
        for name, header in {
            "r": "rating_self_r_comp",
            "git": "rating_self_vc_comp",
            "confident": "conf_skill_app",
        }.items()
    },
}


def settings(kind: str) -> dict[str, Any]:
    """The entries for files of that ending; the post-survey there is as CSV only."""
    return {
        "sessions": [{"files": f"landing/course_participation.{kind}", **SESSIONS}],
        "attendance": [{"files": f"landing/course_participation.{kind}", **ATTENDANCE}],
        "survey_responses": [
            {"files": f"landing/presurvey.{kind}", **PRE},
            {"files": "landing/postsurvey.csv", **POST},
        ],
    }


@pytest.fixture(scope="module", params=["csv", "xlsx"])
def con(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    place = Place(tmp_path_factory.mktemp("ds4owd"))
    place.home.landing.mkdir()
    place.configure(settings(request.param))
    place.land({path.name: path.read_bytes() for path in DATA.iterdir()})
    with place.staged() as con:
        yield con


def one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    (row,) = con.execute(sql).fetchall()
    return tuple(row)


def test_attendance_of_guests(con: duckdb.DuckDBPyConnection) -> None:
    """734 records, the hosts' 26 ignored."""
    fates = "select rows, staged, rejected, superseded, ignored from raw.files where source = 'attendance'"
    assert one(con, fates) == (734, 708, 0, 0, 26)


def test_sessions_from_dates_with_dots(con: duckdb.DuckDBPyConnection) -> None:
    """Ten, the first on 31 October, the last on 23 January, at midnight in Seoul."""
    counted = "select count(*), cast(min(starts_at) as varchar), cast(max(starts_at) as varchar) from staging.sessions"
    assert one(con, counted) == (10, "2023-10-30 15:00:00", "2024-01-22 15:00:00")


def test_participants_of_at_least_half_of_the_course(con: duckdb.DuckDBPyConnection) -> None:
    often = "select member from staging.attendance group by member having count(distinct session) >= 4"
    assert one(con, f"select count(*) from ({often})") == (65,)


def test_surveys(con: duckdb.DuckDBPyConnection) -> None:
    """212 responses of 197 people, and 25 on 28 lines."""
    counted = "select survey, count(distinct response), count(distinct member) from staging.survey_responses group by 1"
    assert con.execute(counted + " order by survey desc").fetchall() == [("pre", 212, 197), ("post", 25, 0)]
    assert one(con, "select rows from raw.files where path like '%postsurvey%'") == (25,)


def test_self_assessment_after_the_course(con: duckdb.DuckDBPyConnection) -> None:
    """Of 25: 72 % competent in R, 52 % in git, 72 % confident to apply (3 and 4 of 4)."""
    shares = (
        "select question, 100.0 * count(*) filter (cast(answer as integer) >= 3) / count(*)"
        " from staging.survey_responses where survey = 'post' group by 1 order by 1"
    )
    assert con.execute(shares).fetchall() == [("confident", 72), ("git", 52), ("r", 72)]
