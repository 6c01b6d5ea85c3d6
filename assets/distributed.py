"""What makes tables: this process; or Spark, part by part: rows go to parts' files, come back, or stay there as a view.

Belongs here: both, and what is around the job of one stage. Does not belong here: what parts do (``parts``), or Spark
itself (``fellowship_pipeline/engine``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self
from uuid import uuid4

import duckdb

from assets import parts, versions
from assets.parts import Stage
from assets.sql import made_tables
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.contracts.divided import DIVIDED, SUMS
from fellowship_pipeline.engine import spark
from fellowship_pipeline.engine.part import ARRIVED, MADE, PART, Work
from fellowship_pipeline.errors import writing
from fellowship_pipeline.intake.lake import LakeTable, as_spark_writes
from fellowship_pipeline.warehouse import facts
from fellowship_pipeline.warehouse.names import identifier, literal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROWS = 500_000
"""Of the largest table, in one part, where nobody says how many parts there are."""

FEWEST = 8

MEMORY = 1 << 30
"""Bytes that one part may take; what is larger goes to the disk of its worker."""

LAKE_ROWS = """select coalesce(max("rows"), 0) as n from raw.files where source = 'activity' and status = 'loaded'"""
"""Where the table of a lake is, it is among the files."""


class Here:
    """Makes each table in this process, all of it or what is of a day and later."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def order(self) -> Iterable[str]:
        """The tables that are made of others, each after those it reads."""
        return made_tables()

    def make_stale(self, con: duckdb.DuckDBPyConnection, key: str, known: dict[str, facts.Notes]) -> bool:
        """Makes a table that does not stand; whether it was made. ``known``: as in ``versions.make_stale``."""
        return versions.make_stale(con, key, known)


class Cluster(Here):
    """Makes in parts what divides, at the address of Spark: of a stage all tables, where one does not stand.

    ``storage``: a folder that workers and this machine have at the same path. ``parts``: how many; None: by the rows.
    ``lake``: the table that activity is in, and stays in.
    The session begins with the first stage.
    """

    def __init__(self, address: str, storage: Path, parts: int | None = None, lake: LakeTable | None = None) -> None:
        self.address, self.storage, self.parts, self.lake = address, storage, parts, lake
        self._opened = ExitStack()
        self._session: SparkSession | None = None
        self._made: dict[str, bool] = {}

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def order(self) -> Iterable[str]:
        """As in ``Here``; what parts tell is put together before what asks for it."""
        return [key for stage in parts.stages() for key in stage.tables]

    def make_stale(self, con: duckdb.DuckDBPyConnection, key: str, known: dict[str, facts.Notes]) -> bool:
        """As in ``Here``. Raises UserError where Spark is not there or does not get through."""
        stage = next(stage for stage in parts.stages() if key in stage.keys)
        if not stage.in_parts:
            return versions.make_stale(con, key, known, parts.make_whole if key in SUMS else None)
        if key not in self._made:
            is_stale = not all(versions.stands(one, known) for one in stage.answers)
            if is_stale:
                self.make_stage(con, stage)
                versions.note_made_in_parts(con, stage.tables, parts.staying(), known)
            self._made |= dict.fromkeys(stage.tables, is_stale)
        return self._made[key]

    def make_stage(self, con: duckdb.DuckDBPyConnection, stage: Stage) -> None:
        """Makes the tables of a stage; those that nothing here needs whole stay where they are, and are views.

        Raises UserError where Spark is not there or does not get through.
        """
        folder = self.storage / uuid4().hex
        number = self.parts or self._number(con, stage)
        with writing(self.storage):
            for key, person in parts.sliced(stage).items():
                if not (self.lake and key in parts.FACTS):
                    _send(con, key, parts.part_of(person, number), folder / ARRIVED / key)
            work = parts.work(con, stage, MEMORY)
            if self.lake and parts.FACTS & work.sliced.keys():
                there, staging = self._staging(con, self.lake, number)
                self.lake.demand(con, there.make_parts(staging, as_spark_writes(), work, str(folder), number))
            else:
                spark.make_parts(self._spark, work, str(folder), number)
        for key in stage.keys:
            rows = "select * from read_parquet(" + literal(str(folder / MADE / key / "*.parquet")) + ")"
            if key in parts.staying():
                warehouse.create_view(con, TABLE_BY_KEY[key], rows)
            else:
                parts.put_together(con, key, rows)
                shutil.rmtree(folder / MADE / key)
        shutil.rmtree(folder / ARRIVED)
        tidy(con, self.storage)

    @property
    def _spark(self) -> SparkSession:
        if self._session is None:
            self._session = self._opened.enter_context(spark.session(self.address))
        return self._session

    def _staging(self, con: duckdb.DuckDBPyConnection, lake: LakeTable, number: int) -> tuple[spark.Lake, Work]:
        """The lake's table, and how each of its rows becomes a fact of one of so many parts."""
        there = spark.lake(self._spark, lake.name, lake.there)
        names = con.table("raw.names").filter("source = 'activity'").to_arrow_table()
        (fact,) = parts.FACTS
        return there, lake.staging(there.schema(), names, parts.part_of(str(DIVIDED[fact].member), number))

    def _number(self, con: duckdb.DuckDBPyConnection, stage: Stage) -> int:
        counts = [*(f"select count(*) as n from {parts.name(key)}" for key in parts.sliced(stage)), LAKE_ROWS]
        ((most,),) = con.execute("select max(n) from (" + " union all ".join(counts) + ")").fetchall()
        return max(FEWEST, -(-int(most) // ROWS))


def _send(con: duckdb.DuckDBPyConnection, key: str, part: str, folder: Path) -> None:
    """Writes a table's rows to the parts' folders; a part of no rows has none."""
    folder.mkdir(parents=True)
    rows = "select *, " + part + " as " + identifier(PART) + " from " + parts.name(key)
    con.execute(
        "copy (" + rows + ") to " + literal(str(folder)) + " (format parquet, partition_by (" + identifier(PART) + "))"
    )


def gone(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables that stayed where they were made, and are not there any more."""
    views = con.execute("select schema_name || '.' || view_name from duckdb_views() where not internal").fetchall()
    return [key for (key,) in views if key in parts.staying() and not _is_there(con, key)]


def _is_there(con: duckdb.DuckDBPyConnection, key: str) -> bool:
    try:
        con.execute("select 1 from " + parts.name(key) + " limit 1").fetchall()
    except duckdb.IOException:
        return False
    return True


def tidy(con: duckdb.DuckDBPyConnection, storage: Path) -> None:
    """Removes what parts left that no table has any more."""
    views = " ".join(sql for (sql,) in con.execute("select sql from duckdb_views() where not internal").fetchall())
    for folder in storage.iterdir() if storage.is_dir() else ():
        if folder.name not in views:
            shutil.rmtree(folder)
