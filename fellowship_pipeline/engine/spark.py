"""Parts on Spark: it holds none of the rows; it says where each part is made, and makes it again where one breaks.

Belongs here: the session, and the job of one stage. Does not belong here: what a part does (``part``).
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa

from fellowship_pipeline.engine import part, waiting
from fellowship_pipeline.engine.part import Work
from fellowship_pipeline.errors import UserError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL = "local"
LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")
ANSWER_SECONDS = 5.0
PORTS = {"sc": 15002, "spark": 7077}
CONNECTED = "SPARK_CONNECT_MODE_ENABLED"
"""What a session by Connect leaves in the environment, after which the process could have no other kind."""

LOGGER = "pyspark.sql.connect.logging"
"""It says every error with all its words, which may have a person's value in them; they are raised, too."""

FILE = "_file_id"
"""A column that every row has, but none of those that only say that there is a part."""

MADE = "part bigint, made bigint"
AT_ONCE = 500_000
"""Rows that a task looks at together."""

LACKING = re.compile(r"ModuleNotFoundError: No module named '(\w+)")
RAISED = re.compile(r"^(?:\w+\.)*(\w+(?:Error|Exception))\b", re.MULTILINE)

NO_PYSPARK = "Spark needs pyspark, which is not installed: pip install 'fellowship-pipeline[spark]'"
NO_JAVA = (
    "engine.spark.master needs Java 17 or later, and there is none: apt-get install openjdk-17-jre-headless "
    "(with engine.spark.remote, the server has it and this machine needs none)"
)


@contextmanager
def session(address: str) -> Iterator[SparkSession]:
    """A session at ``sc://HOST``, ``spark://HOST`` or ``local[N]``, in UTC, stopped afterwards.

    Raises UserError where pyspark or Java is missing or nobody answers there.
    """
    builder = _builder(address)
    try:
        found = builder.getOrCreate()
    except Exception as error:
        raise UserError(f"{address}: no session of Spark: {_first_line(error)}") from error
    try:
        yield found
    finally:
        with suppress(Exception):  # one whose server is gone cannot be stopped
            found.stop()
        os.environ.pop(CONNECTED, None)


def demand(address: str) -> None:
    """Raises UserError where pyspark or Java is missing, or nobody answers at the address."""
    try:
        import pyspark.sql  # noqa: F401, PLC0415 - an extra, and it takes a second
    except ImportError:
        raise UserError(NO_PYSPARK) from None
    if not address.startswith(LOCAL):
        _answers(address)
    if not address.startswith("sc:") and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UserError(NO_JAVA)


def _builder(address: str) -> SparkSession.Builder:
    demand(address)
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and it takes a second

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    name = SparkSession.Builder().appName("fellowship_pipeline")
    if address.startswith("sc:"):
        logging.getLogger(LOGGER).setLevel(logging.CRITICAL)
        return name.remote(address)
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={LOG_SETTINGS}",
    }
    for setting, value in settings.items():
        name = name.config(setting, value)
    return name.master(address)


def _answers(address: str) -> None:
    """Raises UserError where nobody listens; Spark itself tries for minutes."""
    first = urlsplit(address.split(";", 1)[0].split(",", 1)[0])
    host, port = first.hostname or "", first.port or PORTS.get(first.scheme, 0)
    try:
        socket.create_connection((host, port), ANSWER_SECONDS).close()
    except OSError as error:
        raise UserError(
            f"{address}: nobody answers at {host}:{port} ({error.strerror or error}); is the server of Spark running?"
        ) from None


def make_parts(spark: SparkSession, work: Work, folder: str, parts: int) -> int:
    """Makes that many parts of the files in ``folder``, which workers have at the same path; returns the rows made.

    Raises UserError where a part could not be made anywhere.
    """

    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                made = part.make_at(work, folder, number)
                yield pa.RecordBatch.from_pydict({"part": pa.array([number], pa.int64()), "made": pa.array([made])})

    with _in_words(spark), _sent():
        rows = spark.range(0, parts, 1, parts).mapInArrow(task, MADE).collect()
    return sum(row["made"] for row in rows)


def lake(spark: SparkSession, name: str, columns: Callable[[list[str]], Mapping[str, str]]) -> Lake:
    """A table of Spark's catalog; ``columns`` says which are read, of those that it has. Raises UserError."""
    from pyspark.errors import AnalysisException  # noqa: PLC0415 - an extra

    try:
        with waiting.told(spark):  # a folder's columns are read by a task
            there = spark.table(name).columns
    except AnalysisException as error:
        raise UserError(f"Spark has no table {name}: {_first_line(error)}") from None
    return Lake(spark, name, columns(there))


@dataclass(frozen=True)
class Lake:
    """A table of a lake, as Spark knows it: its name, and the columns that are read, by their names in tasks."""

    spark: SparkSession
    name: str
    columns: Mapping[str, str]

    def _rows(self) -> DataFrame:
        from pyspark.sql.functions import col  # noqa: PLC0415 - an extra

        self.spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(AT_ONCE))
        quoted = {own: "`" + name.replace("`", "``") + "`" for own, name in self.columns.items()}
        return self.spark.table(self.name).select(*(col(name).alias(own) for own, name in quoted.items()))

    def schema(self) -> pa.Schema:
        """The columns that are read, with their types."""
        with _in_words(self.spark):
            return self._rows().limit(0).toArrow().schema

    def sums(self, work: Work) -> pa.Table:
        """What tasks told of their rows by ``work``, put together: the first of ``first``, numbers summed."""
        from pyspark.sql.functions import min as least  # noqa: PLC0415 - an extra
        from pyspark.sql.functions import sum as total  # noqa: PLC0415 - as above

        def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield from part.of_batch(work, batch).to_batches()

        told = "kind string, key string, more string, first string, n bigint, hashes bigint"
        with _in_words(self.spark), _sent():
            rows = self._rows().mapInArrow(task, told).groupBy("kind", "key", "more")
            sums = [total(name).alias(name) for name in ("n", "hashes")]
            return rows.agg(least("first").alias("first"), *sums).toArrow()

    def make_parts(self, staging: Work, columns: str, work: Work, folder: str, parts: int) -> int:
        """As :func:`make_parts`, of files, and of the rows that ``staging`` makes of the table's, each with its part.

        Returns how many these were.

        ``columns``: what these have, as Spark writes it, ``_part`` and ``_file_id`` among them.
        """
        (staged,) = staging.wanted

        def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield from part.of_batch(staging, batch).to_batches()

        def make(key: tuple[pa.Scalar, ...], rows: pa.Table) -> pa.Table:
            number = key[0].as_py()
            own = rows.filter(rows.column(FILE).is_valid()).drop_columns([part.PART])
            made = part.make_at(work, folder, number, {staged: own})
            told = {"part": number, "made": made, "given": own.num_rows}
            return pa.table({name: pa.array([value], pa.int64()) for name, value in told.items()})

        with _in_words(self.spark), _sent():
            rows = self._rows().mapInArrow(task, columns)
            numbers = self.spark.range(0, parts).withColumnRenamed("id", part.PART)
            every = rows.unionByName(numbers, allowMissingColumns=True)
            made = every.groupBy(part.PART).applyInArrow(make, MADE + ", given bigint").collect()
        return sum(row["given"] for row in made)


@contextmanager
def _sent() -> Iterator[None]:
    """Sends what parts do to workers as it stands here."""
    from pyspark import cloudpickle  # noqa: PLC0415 - an extra

    cloudpickle.register_pickle_by_value(part)  # type: ignore[no-untyped-call]
    yield


@contextmanager
def _in_words(spark: SparkSession) -> Iterator[None]:
    """What is asked of Spark in the block: a line where nothing of it begins, and one for what becomes of it."""
    try:
        with waiting.told(spark):
            yield
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - of the client's own kind, which depends on the way there
        raise UserError(f"Spark could not make the tables: {_reason(str(error))}") from None


def _reason(said: str) -> str:
    """Why a part failed: the last error that its Python raised, without its words, which may have a value in them."""
    if "PYTHON_VERSION_MISMATCH" in said:
        return f"workers have another Python; they need {sys.version_info.major}.{sys.version_info.minor}, as here"
    if lacking := LACKING.search(said):
        return (
            f"workers have no {lacking[1]}; they need duckdb {duckdb.__version__} and pyarrow {pa.__version__}, as here"
        )
    raised = RAISED.findall(said)
    return f"in a part, {raised[-1]}" if raised else _first_line(said)


def _first_line(said: object) -> str:
    return str(said).strip().split("\n", 1)[0][:300]
