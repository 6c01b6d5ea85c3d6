"""The example under what happens to folders: other names, another order, a week that is missing.

Belongs here: whole tables compared between runs of intake, staging and SQL, without Dagster.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assets.core.settings import write_decisions, write_settings
from assets.sql import run_models
from examples.datacamp_fellowship import review
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import KPI_TABLES, TABLE_BY_KEY
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import load_program

PROGRAM = Path(review.__file__).with_name("program.yaml")
SEOUL = timedelta(hours=9)
MISSING = [date(2023, 3, day) for day in range(6, 13)]
COMPARED = [*KPI_TABLES, TABLE_BY_KEY["ops.seat_reviews"], TABLE_BY_KEY["ops.seat_offers"]]
Tables = dict[str, list[tuple[object, ...]]]

pytestmark = pytest.mark.xdist_group("datacamp")


@pytest.fixture(scope="module")
def compute(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], None]], Tables]:
    """Every KPI table, and the days without coverage, of exports that were changed first."""

    def computed(change: Callable[[Path], None]) -> Tables:
        home = Home(tmp_path_factory.mktemp("home"))
        shutil.copy(PROGRAM, home.program_file)
        shutil.copytree(landing, home.landing)
        change(home.landing)
        program = load_program(home.path)
        take_in(home, program)
        with warehouse.connect(None) as con:
            read_into(con, home, program)
            stage(con, program)
            write_settings(con, program, None)
            write_decisions(con, home)
            run_models(con)
            keys = [table.key for table in COMPARED] + ["ops.uncovered_days"]
            return {key: con.execute("select * from " + key + " order by all").fetchall() for key in keys}

    return computed


@pytest.fixture(scope="module")
def untouched(compute: Callable[[Callable[[Path], None]], Tables]) -> Tables:
    return compute(lambda landing: None)


def rename(landing: Path) -> None:
    """Gives every file and every export's folder a name that sorts anywhere."""
    rng = random.Random(1)
    for path in sorted(landing.rglob("*.csv")):
        path.rename(path.with_name(f"{rng.randrange(10**6)} {path.name}"))
    for folder in sorted((landing / "datacamp").iterdir()):
        folder.rename(folder.with_name(f"export {rng.randrange(10**6)}"))


def cut_a_week(landing: Path) -> None:
    """Takes a week's work out of every export."""
    for path in landing.glob("datacamp/*/learning_[ep]*_fact.csv"):
        header, *records = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text(header + "".join(record for record in records if not is_missing(record)), "utf-8")


def is_missing(record: str) -> bool:
    started_at, completed_at = (*record.split(",")[3:5], "")[:2]
    moment = completed_at if len(completed_at) == 19 else started_at
    return datetime.fromisoformat(moment) + SEOUL >= datetime(2023, 3, 6) and (
        datetime.fromisoformat(moment) + SEOUL < datetime(2023, 3, 13)
    )


@pytest.mark.long
def test_names_and_order_do_not_matter(compute: Callable[[Callable[[Path], None]], Tables], untouched: Tables) -> None:
    assert compute(rename) == untouched


def test_no_reclaim_while_a_week_is_missing(
    compute: Callable[[Callable[[Path], None]], Tables], untouched: Tables
) -> None:
    april = date(2023, 4, 1)
    cut = compute(cut_a_week)
    assert untouched["ops.uncovered_days"] == []
    assert cut["ops.uncovered_days"] == [(april, day) for day in MISSING]
    assert any(row[0] == april for row in untouched["ops.seat_reviews"])
    assert not any(row[0] == april for row in cut["ops.seat_reviews"])
    assert cut["kpi.seats"] == untouched["kpi.seats"]
