"""Dagster's own files in the home: its settings and its SQLite databases.

They hold no data; what is damaged is made anew. Belongs here: whether they can be read. Does not belong here: what
Dagster means by them (``run``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import yaml

from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.aside import set_aside

LOCKED = ("database is locked", "database table is locked")
WAIT_SECONDS = 10.0
TABLES = {"runs.db": "runs", "schedules.db": "jobs"}
OF_EVENTS = "event_logs"
MENDED = "Dagster makes it anew"
LOST = {
    "runs.db": "past runs are no longer listed",
    "schedules.db": "turn schedules and sensors on again where they were",
    "index.db": "the history of assets begins again",
}


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding for each file that cannot be read: set aside, to be made anew; and for a database that is held."""
    for folder in (home.dagster / name for name in ("history", "history/runs", "schedules", "storage")):
        if folder.exists() and not folder.is_dir():
            yield _finding(home, folder, "a file where a folder is expected", mend)
    settings = home.dagster / "dagster.yaml"
    if settings.exists() and not _is_mapping(settings):
        yield _finding(home, settings, "cannot be read as settings", mend)
    for path in sorted(home.dagster.glob("**/*.db")):
        problem = _problem(path)
        if problem in LOCKED:
            remedy = "stop the program that holds it, and run again"
            yield Finding(Level.STOP, path.relative_to(home.path).as_posix(), problem, remedy)
        elif problem is not None:
            yield _finding(home, path, problem, mend)


def _finding(home: Home, path: Path, problem: str, mend: bool) -> Finding:
    name = path.relative_to(home.path).as_posix()
    if not mend:
        return Finding(Level.WARNING, name, problem, "the next run sets it aside and makes it anew")
    kept = set_aside(path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal")))
    lost = "; ".join(filter(None, (MENDED, LOST.get(path.name))))
    return Finding(Level.MENDED, name, problem, f"set aside as {kept}; {lost}")


def _is_mapping(path: Path) -> bool:
    try:
        return isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError, yaml.YAMLError):
        return False


def _problem(path: Path) -> str | None:
    """What is wrong with a database; None where it is sound. Writes nothing."""
    if not path.is_file():
        return "no file"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT_SECONDS)) as con:
            (said,) = con.execute("pragma quick_check(1)").fetchone()
            if said != "ok":
                return "damaged"
            names = {name for (name,) in con.execute("select name from sqlite_master where type = 'table'")}
            versions = con.execute("select count(*) from alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error) if str(error) in LOCKED else "damaged"
    is_dagsters = TABLES.get(path.name, OF_EVENTS) in names and versions == (1,)
    return None if is_dagsters else "not Dagster's"
