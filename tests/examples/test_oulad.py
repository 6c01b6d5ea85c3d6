"""The figures that others published about the Open University's data come out of the example.

Belongs here: what stands in raw and staging before and after the truncated file is accepted. Skips without the dataset.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from examples.oulad.copy import copy
from fellowship_pipeline import warehouse
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.init import new_home
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import load_program

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FELLOWSHIP_TEST_DATA", REPOSITORY.parent / "shared" / "data")) / "oulad"

pytestmark = [
    pytest.mark.skipif(
        not DATA.is_dir(), reason=f"no OULAD at {DATA}; FELLOWSHIP_TEST_DATA names the folder that has oulad/"
    ),
    pytest.mark.xdist_group("oulad"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("oulad") / "home")
    new_home(home.path, "oulad", DATA)
    return home


def staged(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    program = load_program(home.path)
    take_in(home, program)
    with warehouse.connect(None) as con:
        read_into(con, home, program)
        stage(con, program)
        yield con


@pytest.fixture(scope="module")
def first(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """As the files come."""
    yield from staged(home)


@pytest.fixture(scope="module")
def accepted(home: Home, first: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """After an operator accepted the file that is held."""
    held = one(first, "select file_id from raw.files where status = 'held'")
    Ledger(home.ledger).decide("accept", str(held[0]))
    yield from staged(home)


def one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    (row,) = con.execute(sql).fetchall()
    return tuple(row)


def test_registrations_are_not_people(first: duckdb.DuckDBPyConnection) -> None:
    counted = "select count(*), count(distinct member_id), count(distinct cohort), count(left_on) from staging.roster"
    assert one(first, counted) == (32_593, 28_785, 22, 10_072)


def test_every_cohort_has_bounds(home: Home, first: duckdb.DuckDBPyConnection) -> None:
    listed = {cohort.id for cohort in load_program(home.path).cohorts}
    in_roster = {row[0] for row in first.execute("select distinct cohort from staging.roster").fetchall()}
    assert listed == in_roster
    assert all(cohort.starts_on and cohort.ends_on for cohort in load_program(home.path).cohorts)


def test_days_count_from_the_presentation_s_start(first: duckdb.DuckDBPyConnection) -> None:
    """AAA-2013J begins on 2013-10-01; student 11391 registered 159 days before and handed 1752 in on day 18."""
    registered = "select cast(joined_on as varchar) from staging.roster where member = '11391' and cohort = 'AAA-2013J'"
    assert one(first, registered) == ("2013-04-25",)
    handed_in = (
        "select cast(completed_at as varchar), score from staging.completions "
        "where member = '11391' and course = '1752'"
    )
    assert one(first, handed_in) == ("2013-10-18 23:00:00", 78.0)


def test_scores_balance(first: duckdb.DuckDBPyConnection) -> None:
    balance = (
        "select sum(rows), sum(staged) + sum(rejected) + sum(superseded) + sum(ignored) "
        "from raw.files where source = 'completions' and status = 'loaded'"
    )
    assert one(first, balance) == (173_912, 173_912)
    assert one(first, "select count(*) from staging.catalog") == (206,)


def test_the_truncated_file_is_held(first: duckdb.DuckDBPyConnection) -> None:
    status, reason = one(first, "select status, reason from raw.files where path like '%studentVle%'")
    assert status == "held"
    assert "1,048,576" in str(reason)
    assert one(first, "select count(*) from staging.activity") == (0,)


def test_once_accepted_exact_repeats_are_summed(accepted: duckdb.DuckDBPyConnection) -> None:
    """89,529 rows are exact repeats of another: separate clicks, all of which stay."""
    assert one(accepted, "select count(*) from staging.activity") == (1_048_575,)
    distinct = "select count(*) from (select distinct member, occurred_at, course, item, xp from staging.activity)"
    assert one(accepted, distinct) == (1_048_575 - 89_529,)


def test_whole_presentations_have_all_their_clicks(accepted: duckdb.DuckDBPyConnection) -> None:
    """Counted in the file with ``grep`` and ``awk``."""
    clicks = accepted.execute(
        "select course, count(*), cast(sum(xp) as bigint) from staging.activity group by all order by course"
    ).fetchall()
    assert clicks == [
        ("AAA-2013J", 180_982, 648_494),
        ("AAA-2014J", 169_316, 598_158),
        ("BBB-2013B", 403_266, 1_347_911),
        ("BBB-2013J", 295_011, 921_776),
    ]


def test_a_folder_that_lacks_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"studentRegistration\.csv"):
        copy(tmp_path / "landing", tmp_path)
