"""Spark on loopback: a master with workers, and a server of Spark Connect before it.

Belongs here: starting them, adding a worker and killing one. Does not belong here: what is made on them.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyspark
import pytest

from tests.processes import until

SPARK = Path(pyspark.__file__).parent
PACKAGE = "openjdk-17-jre-headless"


@dataclass(frozen=True)
class Cluster:
    """Where the master and the server answer, and the workers."""

    master: str
    remote: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self) -> None:
        """With room for the server's executor and a session's."""
        given = ("--cores", "2", "--memory", "3g", "--host", "127.0.0.1", self.master)
        self.workers.append(_java(self.folder, "deploy.worker.Worker", *given))

    def kill_a_worker(self) -> None:
        """With all it has started, as if its machine were gone."""
        os.killpg(self.workers[0].pid, signal.SIGKILL)


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster whose files are in ``folder``; skips where there is no Java."""
    if shutil.which("java") is None:
        pytest.skip(PACKAGE)  # the package that is missing; .ci/run installs it and fails on this skip
    folder.mkdir(exist_ok=True)
    port, connect = _free(), _free()
    started = Cluster(f"spark://127.0.0.1:{port}", f"sc://127.0.0.1:{connect}", folder)
    others: list[subprocess.Popen[bytes]] = []
    try:
        others.append(_java(folder, "deploy.master.Master", "--host", "127.0.0.1", "--port", str(port)))
        until(lambda: _answers(port))
        for _ in range(workers):
            started.add_worker()
        own = ["--conf", f"spark.connect.grpc.binding.port={connect}", "--master", started.master, "spark-internal"]
        name = "org.apache.spark.sql.connect.service.SparkConnectServer"
        few = ["--conf", "spark.cores.max=1", "--conf", "spark.connect.grpc.binding.address=127.0.0.1"]
        others.append(_spawn(folder, "spark-submit", "--class", name, *few, *own))
        until(lambda: _answers(connect))
        yield started
    finally:
        for process in (*others, *started.workers):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _java(folder: Path, name: str, *given: str) -> subprocess.Popen[bytes]:
    return _spawn(folder, "spark-class", f"org.apache.spark.{name}", "--webui-port", "0", *given)


def _spawn(folder: Path, command: str, *given: str) -> subprocess.Popen[bytes]:
    own = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(folder), "SPARK_LOCAL_DIRS": str(folder)}
    with (folder / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [SPARK / "bin" / command, *given],
            stdout=said,
            stderr=said,
            start_new_session=True,
            env={**os.environ, **own, "PYSPARK_PYTHON": sys.executable},
        )


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
