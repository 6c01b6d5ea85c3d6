"""What stays where it was made: it is missed where it is gone, and removed where no table has it any more."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from assets.distributed import gone, tidy
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY

DAYS = TABLE_BY_KEY["core.activity_days"]


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    for name in ("of_now", "of_before"):
        (tmp_path / name).mkdir()
        duckdb.sql(
            "copy (select 'a' as member_id, date '2022-01-01' as day, 1::decimal(38,10) as xp, null as minutes)"
            f" to '{tmp_path / name / 'days.parquet'}' (format parquet)"
        )
    return tmp_path


def test_a_view_whose_files_are_gone_is_told(storage: Path) -> None:
    with warehouse.connect(None) as con:
        warehouse.create_view(con, DAYS, f"from read_parquet('{storage}/of_now/*.parquet')")
        assert gone(con) == []
        shutil.rmtree(storage / "of_now")
        assert gone(con) == ["core.activity_days"]


def test_what_no_table_has_is_removed(storage: Path) -> None:
    with warehouse.connect(None) as con:
        warehouse.create_view(con, DAYS, f"from read_parquet('{storage}/of_now/*.parquet')")
        tidy(con, storage)
    assert [folder.name for folder in storage.iterdir()] == ["of_now"]
