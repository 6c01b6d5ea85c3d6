"""The files of published/."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from assets.publication.files import publish
from fellowship_pipeline.contracts import KPI_TABLES
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import noted, show
from fellowship_pipeline.release.build import Release
from tests.assets.publication.conftest import PROGRAM

pytestmark = pytest.mark.slow

TABLES = sorted(table.name for table in KPI_TABLES if table.name != "headlines")


@pytest.fixture
def current(tmp_path: Path, release: Release) -> Path:
    home = Home(tmp_path)
    show(noted(home), [publish(home, "r1", release, {"dashboard.html": "<!doctype html>"}, {}, program=PROGRAM)])
    return home.release


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_there_and_nothing_else(current: Path, tmp_path: Path) -> None:
    assert current == tmp_path / "published" / "current"
    files = {path.relative_to(current).as_posix() for path in current.rglob("*") if path.is_file()}
    tables = {f"tables/{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")}
    schemas = {f"schemas/{name}.json" for name in TABLES}
    assert files == {"kpi.duckdb", "dashboard.html", "manifest.json", "datapackage.json", *tables, *schemas}


def test_withheld_figures_are_labeled_in_csv(current: Path) -> None:
    rows = {row["slice"]: row for row in read(current / "tables" / "activity.csv")}
    assert rows["all"]["learners"] == "40"
    assert rows["c"] == {
        "month": "2022-03-01",
        "slice_by": "study_group",
        "slice": "c",
        "learners": "<5",
        "active_days": "withheld",
        "xp": "withheld",
        "minutes": "",
        "median_xp": "withheld",
        "p90_xp": "withheld",
        "completions": "",  # not broken down: the rest of 'all' would tell them
        "suppressed": "true",
    }
    assert rows["가나"]["learners"] == "withheld"  # else 'c' is what is left of 'all'
    assert rows["'=1+1"]["learners"] == "30"
    (answer,) = read(current / "tables" / "survey.csv")
    assert [answer[c] for c in ("answered", "chosen", "share", "suppressed")] == ["35", "<10", "<10", "false"]


def test_instants_keep_their_time_and_days_have_none(current: Path) -> None:
    (mission,) = read(current / "tables" / "missions.csv")
    assert [mission[c] for c in ("due_at", "is_mandatory", "survival_rate")] == ["2022-01-31T14:59:59", "true", "0.75"]
    (term,) = read(current / "tables" / "terms.csv")
    assert [term[c] for c in ("ends_on", "comparable", "numerator", "value")] == [
        "2022-03-01",
        "false",
        "withheld",
        "0.65",
    ]


def test_numbers_below_zero_stay_numbers(current: Path) -> None:
    (row,) = read(current / "tables" / "seats.csv")
    assert (row["idle"], row["capacity"], row["rotations_used"]) == ("-5", "60", "")


@pytest.mark.parametrize("place", ["tables/activity.parquet", "kpi.duckdb"])
def test_withheld_figures_are_null_elsewhere(current: Path, place: str) -> None:
    with duckdb.connect(":memory:") as con:
        if place.endswith(".parquet"):
            relation = con.read_parquet(str(current / place))
        else:
            con.execute("attach '" + str(current / place) + "' as published (read_only)")
            relation = con.table("published.main.activity")
        columns = "month, slice, learners, xp, suppressed"
        rows = relation.select(columns).order("slice").fetchall()
    assert [(f"{month:%Y-%m-%d}", *rest) for month, *rest in rows] == [
        ("2022-03-01", "=1+1", 30, 700.0, False),
        ("2022-03-01", "all", 40, 1000.0, False),
        ("2022-03-01", "c", None, None, True),
        ("2022-03-01", "가나", None, None, True),
    ]


def test_every_duckdb_since_1_0_opens_the_database_and_it_holds_only_kpi_tables(current: Path) -> None:
    with duckdb.connect(str(current / "kpi.duckdb"), read_only=True) as con:
        (version,) = con.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'kpi'"
        ).fetchall()[0]
        tables = con.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        rows = con.execute("select slice from kpi.activity where not suppressed order by all").fetchall()
    assert version.startswith("v1.0.0")
    assert tables == [("main", name) for name in TABLES]
    assert rows == [("=1+1",), ("all",)]
    assert not list(current.glob("*.wal"))


def test_the_manifest_lists_every_file_with_its_hash(current: Path) -> None:
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["run_id"], manifest["as_of"]) == ("r1", "2022-03-31")
    assert manifest["withheld"] == {"operational": "<5", "sensitive": "<10"}
    listed = {"run_id", "as_of", "withheld", "revised", "is_remembered", "pipeline_version", "files", "sha256"}
    assert set(manifest) == listed
    listed = {file["path"]: file for file in manifest["files"]}
    found = {path.relative_to(current).as_posix() for path in current.rglob("*") if path.is_file()}
    assert set(listed) == found - {"manifest.json"}
    for path, file in listed.items():
        assert file["sha256"] == hashlib.sha256((current / path).read_bytes()).hexdigest()
    assert listed["tables/activity.csv"]["rows"] == listed["tables/activity.parquet"]["rows"] == 4
    assert listed["dashboard.html"]["rows"] is None


def test_tables_are_the_same_in_every_run(tmp_path: Path, release: Release) -> None:
    hashes = []
    for run_id in ("r1", "r2"):
        current = publish(Home(tmp_path), run_id, release, {}, {}, program=PROGRAM)
        files = json.loads((current / "manifest.json").read_text(encoding="utf-8"))["files"]
        hashes.append({file["path"]: file["sha256"] for file in files if file["path"] != "kpi.duckdb"})
    assert hashes[0] == hashes[1]
