"""A home so small that it can be run a hundred times: its program, its files, a run of it, what came of it.

Belongs here: what the scripts need that damage such homes or break off their runs. Does not belong here: any damage.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import duckdb

from assets.core.settings import write_decisions, write_settings
from assets.publication import earlier
from assets.publication.account import page_context
from assets.publication.files import publish
from assets.publication.frames import checked
from assets.publication.operations import hand_over
from assets.publication.revisions import revised
from assets.sql import made_tables
from assets.versions import make_stale, stamping
from fellowship_pipeline import health, warehouse
from fellowship_pipeline.contracts import (
    DECISION_TABLES,
    META_TABLES,
    RAW_TABLES,
    SETTINGS_TABLES,
    STAGING_TABLES,
    TABLE_BY_KEY,
)
from fellowship_pipeline.dashboard import render
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.forgetting.key import read_or_make_key
from fellowship_pipeline.forgetting.names import tombstone
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.health.warehouse import used
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import MANIFEST, noted, show
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import Program, load_program
from fellowship_pipeline.release.build import Release, build_release
from fellowship_pipeline.release.memory import Memory, remember
from fellowship_pipeline.review import issuing
from fellowship_pipeline.review.proposal import propose
from fellowship_pipeline.warehouse import facts

PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
seats: [{pool: datacamp, from: 2022-01-01, capacity: 10}]
review: {rules: [{id: xp, from: 2022-03, minimum_xp: 1000}]}
sources:
  roster: [{files: landing/roster.csv}]
  seat_events: [{files: landing/seats.csv}]
  activity: [{files: landing/activity.csv}]
"""
MONTH = date(2022, 3, 1)
"""The month of its review."""
FILES = {
    "roster.csv": "member,cohort,study_mode\na,c,individual\nb,c,individual\n",
    "seats.csv": "member,event,occurred_at\na,accepted,2022-01-05\nb,accepted,2022-01-05\n",
    "activity.csv": "member,occurred_at,xp\n" + "".join(f"a,2022-02-{day:02}T09:00:00,36\n" for day in range(1, 29)),
}
COMMAND = "from fellowship_pipeline.cli import main; main()"


def made(place: Path, again: Callable[[Home], object]) -> Home:
    """The home of a program that ran twice: files came, somebody was forgotten, a review confirmed, all published."""
    home = laid(Home(place), FILES)
    again(home)
    with hold(home.state, 0):
        issuing.confirm(home, propose(home, load_program(home.path), MONTH, 0), {}, "kim")
        forgotten = tombstone(read_or_make_key(), "zed@example.org")
        tombstones.end(home, tombstones.begin(home, [forgotten], MONTH))
    again(home)
    return home


def laid(home: Home, files: Mapping[str, str]) -> Home:
    """The home, with files that came."""
    home.landing.mkdir(parents=True, exist_ok=True)
    home.program_file.write_text(PROGRAM)
    for name, content in files.items():
        (home.landing / name).write_text(content)
    return home


def run(home: Home) -> tuple[int, list[str]]:
    """A whole run in a process of its own: its exit code, and what it said."""
    command = [sys.executable, "-c", COMMAND, "run", str(home.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.splitlines()


def run_well(home: Home) -> None:
    """A whole run that must come through."""
    code, lines = run(home)
    if code:
        raise RuntimeError("\n".join(lines))


def begin_and_load(home: Home, say: Callable[[str], object] = print, *, makes_tables: bool = False) -> None:
    """What a run begins with, up to the tables of raw or to all of them; ``say``: told what examinations found."""
    with hold(home.state, 0):
        for finding in health.begin(home):
            say(finding.line())
        load(home, makes_tables=makes_tables)


def load(home: Home, *, makes_tables: bool) -> None:
    """From what landed to the tables of raw, or to all of them; the caller holds the home's lock."""
    program = load_program(home.path)
    with used(home):
        arrivals = take_in(home, program)
        with warehouse.connect(home.warehouse) as con:
            with stamping(con, (*RAW_TABLES, *META_TABLES)):
                forget_and_read(con, home, program, arrivals)
            if makes_tables:
                _make_tables(con, home, program)


def _make_tables(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> None:
    """All but those of raw, as far as they are not what they would be again."""
    with stamping(con, (*META_TABLES, *STAGING_TABLES, TABLE_BY_KEY["ops.unmatched"])):
        stage(con, program)
    generation.mark_staged(con)
    with stamping(con, (*SETTINGS_TABLES, *DECISION_TABLES)):
        write_settings(con, program, None)
        write_decisions(con, home)
    generation.mark_settled(con, home, program, None)
    known = facts.known(con)
    for key in made_tables():
        make_stale(con, key, known)


def released(home: Home, run_id: str) -> tuple[Release, str, Memory]:
    """What a run publishes of the tables that it made: the release, the page, and what is remembered of both."""
    program = load_program(home.path)
    with warehouse.connect(home.warehouse, read_only=True) as con:
        held = earlier.beside_earlier(con, home, program, build_release(con, program), anew=False)
        release = checked(held.release)
        return release, render(release, program, page_context(con, home, program, run_id, [])), held.memory


def publish_and_show(home: Home, run_id: str, release: Release, page: str, memory: Memory) -> None:
    """What a run ends with."""
    program = load_program(home.path)
    with warehouse.connect(home.warehouse, read_only=True) as con:
        folders = [
            publish(home, run_id, release, {"dashboard.html": page}, revised(home, release), program=program),
            hand_over(home, run_id, con, program, **{earlier.RELEASE: memory.last}),
        ]
        remember(home, memory)
        show(noted(home), folders)


def run_without_dagster(home: Home, run_id: str = "r") -> None:
    """The steps of a run in their order, less the checks and Dagster: a tenth of the time. It prints what was found."""
    begin_and_load(home, makes_tables=True)
    with hold(home.state, 0), used(home):
        publish_and_show(home, run_id, *released(home, run_id))


def raw_rows(home: Home) -> dict[str, int]:
    """Rows of every table of raw."""
    with warehouse.connect(home.warehouse, read_only=True) as con:
        return {table.key: warehouse.count(con, table) for table in RAW_TABLES}


def tables(home: Home) -> dict[str, bytes]:
    """Every published table."""
    return {path.name: path.read_bytes() for path in (home.release / "tables").iterdir()}


def figures(home: Home) -> dict[str, str]:
    """A digest of the rows of every table of core and kpi."""
    found = {}
    with warehouse.connect(home.warehouse, read_only=True) as con:
        query = "select schema_name, table_name from duckdb_tables() where schema_name in ('core', 'kpi') order by all"
        for schema, name in con.execute(query).fetchall():
            rows = con.execute(f'select * from "{schema}"."{name}" order by all').fetchall()
            found[f"{schema}.{name}"] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def is_whole(folder: Path) -> bool:
    """Whether everything is there that was published in the folder, as it was."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    digests = {file["path"]: file["sha256"] for file in manifest["files"]}
    return there == digests.keys() and all(
        hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in digests.items()
    )
