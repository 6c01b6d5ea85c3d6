"""Parts on a real cluster, and what is said where there is none."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fellowship_pipeline.engine import spark, waiting
from fellowship_pipeline.engine.part import Work
from fellowship_pipeline.errors import UserError
from tests.processes import until

from .clusters import Cluster, cluster

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
one_worker = pytest.mark.xdist_group("spark")


def work(statement: str) -> Work:
    return Work({}, {}, (statement,), {"core.made": "select * from core.made"}, ("core",))


def made(folder: Path) -> list[int]:
    return sorted(pq.read_table(folder / "out/core.made", partitioning=None)["x"].to_pylist())


@pytest.mark.sampled(2)
@one_worker
@pytest.mark.parametrize("way", ["master", "remote"])
def test_every_part_is_made_once(spark_cluster: Cluster, way: str, tmp_path: Path) -> None:
    with spark.session(getattr(spark_cluster, way)) as session:
        rows = spark.make_parts(session, work("create table core.made as select 7 as x"), str(tmp_path), 5)
    assert (rows, made(tmp_path)) == (5, [7] * 5)


@one_worker
def test_what_a_part_cannot_do_is_said_without_its_values(spark_cluster: Cluster, tmp_path: Path) -> None:
    with (
        spark.session(spark_cluster.remote) as session,
        pytest.raises(UserError, match=r"^Spark could not make the tables: in a part, ConversionException$"),
    ):
        spark.make_parts(session, work("create table core.made as select 'x'::int as x"), str(tmp_path), 2)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Traceback\nModuleNotFoundError: No module named 'duckdb'\n", "workers have no duckdb; they need duckdb "),
        ("[PYTHON_VERSION_MISMATCH] 3.9", f"workers have another Python; they need {HERE}, as here"),
        ("Traceback\n_duckdb.OutOfMemoryException: Out of Memory\n", "in a part, OutOfMemoryException"),
        ("[JOB_CANCELLED] Job 3 cancelled\nmore", "[JOB_CANCELLED] Job 3 cancelled"),
    ],
)
def test_reasons(said: str, told: str) -> None:
    assert spark._reason(said).startswith(told)


SLOW = "create table core.made as select count(distinct hash(range)) as x from range(6000000)"


@one_worker
def test_a_worker_that_is_killed_leaves_the_rest_to_the_others(spark_cluster: Cluster, tmp_path: Path) -> None:
    def kill() -> None:
        until(lambda: any((tmp_path / "out").rglob("*.parquet")) if (tmp_path / "out").exists() else False)
        spark_cluster.kill_a_worker()

    killing = threading.Thread(target=kill)
    with spark.session(spark_cluster.master) as session:
        killing.start()
        rows = spark.make_parts(session, work(SLOW), str(tmp_path), 8)
    killing.join()
    assert (rows, made(tmp_path)) == (8, [6_000_000] * 8)


def test_nobody_answers() -> None:
    with pytest.raises(UserError, match=r"^sc://127.0.0.1:1: nobody answers at 127.0.0.1:1 \(Connection refused\)"):
        spark.session("sc://127.0.0.1:1").__enter__()


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UserError, match=r"pip install 'fellowship-pipeline\[spark\]'"):
        spark.session("local[1]").__enter__()


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UserError, match="apt-get install openjdk-17-jre-headless"):
        spark.session("local[1]").__enter__()


@one_worker
@pytest.mark.parametrize("way", ["master", "remote"])
def test_it_is_known_whether_a_task_has_begun(spark_cluster: Cluster, way: str, tmp_path: Path) -> None:
    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        while not (tmp_path / "go").exists():
            time.sleep(0.1)
        yield from batches

    with spark.session(getattr(spark_cluster, way)) as session, ThreadPoolExecutor(1) as thread:
        for _ in range(2):  # what was asked before is nothing of this
            with waiting.told(session) as has_begun:
                assert not has_begun()
                asked = thread.submit(session.range(1).mapInArrow(task, "id bigint").collect)
                until(has_begun)
                (tmp_path / "go").touch()
                assert len(asked.result()) == 1
            (tmp_path / "go").unlink()


@pytest.mark.sampled(2)
@one_worker
@pytest.mark.parametrize("way", ["master", "remote"])
def test_a_cluster_without_a_free_core_is_told_of_and_waited_for(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.1)

    def free() -> None:
        until(lambda: bool(caplog.messages))
        empty.add_worker()

    freeing = threading.Thread(target=free)
    with cluster(tmp_path / "spark", workers=0) as empty, spark.session(getattr(empty, way)) as session:
        freeing.start()
        rows = spark.make_parts(session, work("create table core.made as select 7 as x"), str(tmp_path), 2)
        freeing.join()
    assert (rows, made(tmp_path)) == (2, [7] * 2)
    (told,) = caplog.messages
    assert told.startswith("waiting: ") and told.endswith("this run goes on by itself")
