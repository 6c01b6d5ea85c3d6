"""The pipeline's tables are those computed by hand, before and after two files were corrected.

Belongs here: two whole runs of one home, and every row of every table that both make. Does not belong here: what is
right (``figures`` and the modules that it names), literal figures (``test_on_paper``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy

import duckdb
import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import run_home

from . import home as made
from .facts import AS_OF, Facts, corrected, mistaken
from .figures import TABLES, differences

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("by_hand")]

TOLD = {"first": mistaken(), "corrected": corrected()}
SHOWN = 20


@pytest.fixture(scope="session")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The warehouse of a run before the correction, and of one after it."""
    home = Home(tmp_path_factory.mktemp("by_hand") / "home")
    made.land(home.path)
    found = {}
    for told in TOLD:
        if told == "corrected":
            made.correct(home.path)
        summary = run_home(home, load_program(home.path), as_of=AS_OF)
        assert (summary.ok, summary.failed_checks) == (True, [])
        found[told] = Path(copy(home.warehouse, home.path / f"{told}.duckdb"))
    return found


@contextmanager
def opened(warehouses: dict[str, Path], told: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(warehouses[told], read_only=True) as con:
        yield con


@pytest.mark.fault("S0")
@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_the_one_computed_by_hand(warehouses: dict[str, Path], table: str, told: str) -> None:
    key, compute = TABLES[table]
    facts: Facts = TOLD[told]
    with opened(warehouses, told) as con:
        cursor = con.execute(f"select * from {table}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = list(differences(key, compute(facts), rows))
    assert not found, "\n".join([f"{table}: {len(found)} differences", *found[:SHOWN]])


def test_the_guest_alone_is_nobody(warehouses: dict[str, Path]) -> None:
    """Whatever name an export has for the 56, it is resolved; the test account's rows count for nothing."""
    with opened(warehouses, "corrected") as con:
        assert con.execute("select distinct value from ops.unmatched").fetchall() == [("guest@nowhere.example",)]
        assert con.execute("select count(*) from core.activity_days where member_id = 'p56'").fetchall() == [(0,)]


def test_what_the_corrections_replaced_is_said(warehouses: dict[str, Path]) -> None:
    """Of November's export two rows were wrong and three too many, of the seat log four too many and two missing.

    What a later export restates is one row in each of three, however many names are written otherwise.
    """
    said = "select path, reason from raw.files where reason like 'replaces %' order by path"
    with opened(warehouses, "corrected") as con:
        reasons = {path: reason.split(": ")[1] for path, reason in con.execute(said).fetchall()}
        restated = con.execute("select path, restated from raw.files where restated > 0 order by path").fetchall()
    assert reasons == {
        "landing/activity/2024-11.csv": "2 rows changed, 0 came, 3 went",
        "landing/seats/log.csv": "0 rows changed, 2 came, 4 went",
    }
    assert restated == [(f"landing/activity/{month}.csv", 1) for month in ("2024-10", "2024-12", "2025-02")]
