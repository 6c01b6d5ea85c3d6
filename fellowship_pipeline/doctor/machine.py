"""What surrounds a home: packages, disks, the key of pseudonyms, backups, Dagster's records, Spark.

Belongs here: one function per thing, pure but for the first, which asks the machine. Does not belong here: what stops a
run by itself (``health``).
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.health import Finding, Level
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.home.backups import LastBackup, last_backup
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.engine import OnSpark, Spark

PACKAGE = "fellowship-pipeline"
LEAST_DAYS_ROOM = 1 << 30
"""Bytes that a disk should have free beside a second warehouse: runs of some months."""

LATE = timedelta(days=7)
"""After how long without a backup something must have stopped."""

MOST_RECORDS = 1 << 30
"""Bytes of Dagster's records that are worth a word; 90 runs of the examples take a few hundred megabytes."""


def examine(home: Home, program: Program) -> Iterator[Finding]:
    """All that is found around the home."""
    if _installed(PACKAGE) is None:
        remedy = "`make run`, or pip install it; until then versions are not compared"
        yield Finding(Level.WARNING, PACKAGE, "is not installed", remedy)
    else:
        extras = {"spark"} if isinstance(program.engine, OnSpark) else set[str]()
        yield from python(metadata.metadata(PACKAGE)["Requires-Python"] or "", platform.python_version())
        yield from versions(metadata.requires(PACKAGE) or (), _installed, extras)
    tables = home.warehouse.stat().st_size if home.warehouse.is_file() else 0
    yield from room(shutil.disk_usage(home.path).free, tables)
    yield from records(_bytes_in(home.dagster), program.dagster.keep_runs)
    yield from key(home)
    yield from backups(last_backup(home), clock.now())
    if isinstance(program.engine, OnSpark):
        from fellowship_pipeline.engine.spark import demand  # noqa: PLC0415 - loads pyarrow; few need it

        yield from spark(program.engine.spark, demand)


def python(required: str, version: str) -> Iterator[Finding]:
    """A finding where this is no Python that the package is tried with."""
    if version not in SpecifierSet(required, prereleases=True):
        remedy = "make the environment anew with such a Python (`make run` does)"
        yield Finding(Level.WARNING, "Python", f"is {version}, where {required} is tried", remedy)


def versions(
    required: Iterable[str], installed: Callable[[str], str | None], extras: Iterable[str] = ()
) -> Iterator[Finding]:
    """A finding for each package that is missing or not of the version that is asked for, as ``dagster==1.13.27``."""
    asked = ("", *extras)
    for one in map(Requirement, required):
        if one.marker is not None and not any(one.marker.evaluate({"extra": extra}) for extra in asked):
            continue
        version = installed(one.name)
        if version is None:
            problem = "is not installed"
        elif not one.specifier.contains(version, prereleases=True):
            problem = f"is {version}, where {one.specifier} is asked for"
        else:
            continue
        yield Finding(Level.WARNING, one.name, problem, f"install it anew: pip install '{one.name}{one.specifier}'")


def room(free: int, tables: int) -> Iterator[Finding]:
    """A finding where a run has room today and may have none before long. All in bytes; ``tables``: the warehouse's."""
    comfortable = LEAST_DAYS_ROOM + 2 * tables
    if free < comfortable:
        problem = f"{free:,} bytes are free on its disk, where {comfortable:,} let it run for months"
        yield Finding(Level.WARNING, "HOME", problem, "make room, or move the home to a larger disk")


def records(size: int, kept: int) -> Iterator[Finding]:
    """A finding where Dagster's records grow large. ``size``: bytes; ``kept``: finished runs that are remembered."""
    if size > MOST_RECORDS:
        remedy = (
            f"`dagster: {{keep_runs: N}}` in program.yaml, fewer than the {kept} now; the next run forgets the rest"
        )
        yield Finding(Level.WARNING, "dagster", f"Dagster's records take {size:,} bytes", remedy)


def key(home: Home) -> Iterator[Finding]:
    """A finding where somebody was erased and the key is missing, open to others, or another one.

    Without it nobody can tell whether an erased person comes back, so that no run reads a file.
    """
    try:
        erased = tombstones.load(home)
        if erased.stones:
            erased.sieve()
    except UserError as error:
        problem, _, remedy = str(error).rpartition("; " if "; " in str(error) else ": ")
        yield Finding(Level.STOP, "tombstones.jsonl", problem, f"{remedy}; until then no run reads a file")


def backups(last: LastBackup | None, now: datetime) -> Iterator[Finding]:
    """A finding where backups were made, and none for more than a week."""
    if last is not None and now - last.made > LATE:
        problem = f"the last was made on {last.made:%Y-%m-%d}, {(now - last.made).days} days ago"
        yield Finding(Level.WARNING, "backup", problem, f"`fellowship backup HOME {last.place}`, and see why none was")


def spark(where: Spark, demand: Callable[[str], None]) -> Iterator[Finding]:
    """A finding where Spark is not to be had as ``demand`` says, and one where its shared folder is not there."""
    try:
        demand(where.address)
    except UserError as error:
        problem, _, hint = str(error).partition("; ")
        here = "meanwhile `fellowship run HOME --engine duckdb` makes tables on this machine"
        yield Finding(Level.STOP, "engine", problem, f"{hint} {here}".lstrip())
    if where.storage and not os.access(where.storage, os.W_OK | os.X_OK):
        problem = f"the folder {where.storage} is not there, or cannot be written"
        yield Finding(Level.STOP, "engine", problem, "mount or make it, at the same path on all workers")


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _bytes_in(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
