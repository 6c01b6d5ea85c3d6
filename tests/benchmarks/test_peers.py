"""The peers' tables are the product's, cell by cell, and a cell that is not is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.core.settings import write_settings
from assets.sql import run_models
from benchmarks import homes
from benchmarks.growth.equality import COMPARED, NotEqual, compared
from benchmarks.growth.peer import PEERS, made
from benchmarks.tiny import begin_and_load
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import load_program

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("peers")]

ROWS = 20_000
DAYS = (date(2025, 12, 31), date(2025, 12, 30), date(2024, 8, 17))
"""With which a month ends, and within one, when not everybody has a seat yet."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = homes.make(tmp_path_factory.mktemp("peers") / "home", ROWS)
    homes.one_more_day(home, ROWS)
    homes.late_rows(home, ROWS)
    begin_and_load(home)
    with warehouse.connect(home.warehouse) as con:
        stage(con, load_program(home.path))
    return home


def make(home: Home, as_of: date) -> int:
    with warehouse.connect(home.warehouse) as con:
        write_settings(con, load_program(home.path), as_of)
        run_models(con, COMPARED)
        tables = [TABLE_BY_KEY[key] for key in COMPARED]
        return sum(warehouse.count(con, table) * len(table.columns) for table in tables)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("as_of", DAYS, ids=str)
@pytest.mark.parametrize("is_loaded", [False, True], ids=["files", "loaded"])
@pytest.mark.parametrize("peer", PEERS)
def test_every_cell_of_a_peer_is_the_product_s(
    home: Home, tmp_path: Path, peer: str, is_loaded: bool, as_of: date
) -> None:
    pytest.importorskip(peer, reason=f"{peer} comes with requirements/bench.txt")
    cells = make(home, as_of)
    made(peer, home.landing, tmp_path, as_of, is_loaded)
    assert compared(home.warehouse, tmp_path) == cells > 0


@pytest.mark.parametrize("change", ["another value", "no value", "no row", "one row more"])
def test_a_cell_or_a_row_that_differs_is_found(home: Home, tmp_path: Path, change: str) -> None:
    make(home, DAYS[0])
    made("pandas", home.landing, tmp_path, DAYS[0], False)
    place = tmp_path / "kpi.adoption.parquet"
    table = pd.read_parquet(place)
    match change:
        case "another value":
            table.loc[7, "adoption_rate"] += 1e-6
        case "no value":
            table.loc[7, "median_days_to_accept"] = None
        case "no row":
            table = table.drop(index=7)
        case "one row more":
            table = pd.concat([table, table.loc[[7]].assign(slice="another")])
    table.to_parquet(place)
    with pytest.raises(NotEqual, match=r"kpi\.adoption"):
        compared(home.warehouse, tmp_path)
