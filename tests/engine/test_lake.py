"""A table of a lake used in place: the same figures as from a file with its rows, and nothing of it in the home."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.engine import spark
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.explaining import taken_apart
from fellowship_pipeline.explain.figures import figure_of
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import run_home
from tests.truth.divisions import rows

from .clusters import Cluster

pytestmark = pytest.mark.xdist_group("spark")

PROGRAM = """
program: {{id: lake}}
arrival: {{quiet_seconds: 0}}
seats: [{{pool: p, from: 2022-01-01, capacity: 3}}]
sources:
  roster: [{{files: landing/roster.csv}}]
  seat_events: [{{files: landing/seats.csv}}]
  activity: [{activity}]
"""
ROSTER = "member,cohort,study_group,email\na,c,g,\nb,c,g,b@example.org\nc,c,,\n"
SEATS = "member,event,occurred_at\n" + "".join(
    f"{member},{event},2022-01-0{day}T09:00:00\n"
    for member in "abc"
    for event, day in (("invited", 3), ("accepted", 4))
)
LEARNED = [
    ("a", datetime(2022, 1, 10, 16, tzinfo=UTC), "sql", 100),
    ("a", datetime(2022, 2, 1, 1, 30, tzinfo=UTC), "sql", 50),
    ("B@Example.org", datetime(2022, 1, 31, 15, 30, tzinfo=UTC), "python", 20),
    ("stranger", datetime(2022, 2, 2, tzinfo=UTC), "python", 5),
    ("c", None, "sql", 1),
    ("c", datetime(2022, 2, 3, tzinfo=UTC), "sql", -5),
]
"""One without a time and one below zero are rejected; three in the afternoon is the next day in Seoul."""


def home(place: Path, activity: str, more: str = "") -> Home:
    made = Home(place)
    made.landing.mkdir(parents=True)
    made.program_file.write_text(PROGRAM.format(activity=activity) + more)
    (made.landing / "roster.csv").write_text(ROSTER)
    (made.landing / "seats.csv").write_text(SEATS)
    return made


@pytest.fixture
def table(spark_cluster: Cluster, tmp_path: Path) -> str:
    learned = pa.table(
        {
            "who": [one[0] for one in LEARNED],
            "at": pa.array([one[1] for one in LEARNED], pa.timestamp("us", "UTC")),
            "course": [one[2] for one in LEARNED],
            "points": [one[3] for one in LEARNED],
        }
    )
    (tmp_path / "lake").mkdir()
    pq.write_table(learned, tmp_path / "lake" / "learned.parquet")
    with spark.session(spark_cluster.remote) as session:
        session.sql("drop table if exists learned")
        session.sql(f"create table learned using parquet location '{tmp_path / 'lake'}'")
    return "{table: learned, columns: {member: who, occurred_at: at, xp: points}}"


def made(home: Home) -> None:
    summary = run_home(home, load_program(home.path))
    assert summary.failed_checks == []


@pytest.mark.whole_run
def test_a_table_is_used_where_it_lies(spark_cluster: Cluster, table: str, tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    where = {"spark": {"remote": spark_cluster.remote, "storage": str(storage), "parts": 3}}
    of_lake = home(tmp_path / "of_lake", table, f"engine: {json.dumps(where)}\n")
    of_file = home(
        tmp_path / "of_file", "{files: landing/learned.csv, columns: {member: who, occurred_at: at, xp: points}}"
    )
    text = "".join(f"{who},{at.isoformat() if at else ''},{course},{xp}\n" for who, at, course, xp in LEARNED)
    (of_file.landing / "learned.csv").write_text("who,at,course,points\n" + text)
    made(of_lake)
    made(of_file)
    with (
        warehouse.connect(of_lake.warehouse, read_only=True) as there,
        warehouse.connect(of_file.warehouse, read_only=True) as here,
    ):
        for key in ("core.activity_days", "core.member_months", "core.course_starts", "kpi.engagement", "kpi.activity"):
            assert rows(there, key) == rows(here, key)
        assert rows(there, "ops.unmatched").total() == 1
        counted = "select \"rows\", staged, rejected, path, reason from raw.files where source = 'activity'"
        ((*counts, path, reason),) = there.execute(counted).fetchall()
        assert (counts, path) == ([6, 4, 2], "learned")
        assert reason == "1 records: occurred_at: required; 1 records: xp: below 0"
        assert taken_apart(there, of_lake, figure_of("engagement_rate"), (), None).elsewhere == "learned"
        assert there.execute("select count(*) from staging.activity").fetchall() == [(0,)]
        assert there.execute("from core.activity_days order by all").fetchall()[0][:2] == (
            "a",
            datetime(2022, 1, 11).date(),
        )


@pytest.mark.whole_run
def test_what_is_not_there_is_said(spark_cluster: Cluster, table: str, tmp_path: Path) -> None:
    engine = f"engine: {json.dumps({'spark': {'remote': spark_cluster.remote}})}\n"
    for entry, said in (
        ("{table: nowhere}", "Spark has no table nowhere"),
        (table.replace("at: at", "at: al"), r"program.yaml line \d+: unknown column of learned 'al'. Nearest: 'at'"),
    ):
        place = home(tmp_path / said[:12].strip(), entry, engine)
        with pytest.raises(UserError, match=said):
            run_home(place, load_program(place.path))
