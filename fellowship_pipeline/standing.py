"""What a run comes to, and whether there is anything to run at all.

Belongs here: the summary of a run, and looking, without Dagster, whether what is published would come out again. Does
not belong here: running anything (``run``), or what makes a table or a page stand (``assets``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import duckdb

from assets.distributed import gone
from assets.publication import standing
from assets.publication.doubtful import TOLD
from assets.publication.earlier import told_operators
from assets.publication.warnings import warnings
from assets.versions import all_stand
from checks.remembered import remembered, stopping
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.forgetting import reading
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.program import Program
from fellowship_pipeline.stopwatch import Lap
from fellowship_pipeline.warehouse import facts
from fellowship_pipeline.warehouse.trouble import Damaged

if TYPE_CHECKING:
    from fellowship_pipeline.history import Automation


@dataclass(frozen=True)
class RunSummary:
    """What came of a headless run.

    ``as_of``: None where nothing is there that is of a day. ``ok``: everything was made and published.
    ``warned_checks``: tables and what their checks say of them in words, where no warning does.
    ``tables``: how many were made or stood; ``stood``: how many of them stood, nothing under them having changed.
    ``stands_since``: when what is published was, if it was not now. ``automation``: what of the schedules and the
    sensor is on in the home's own Dagster; None where it was not asked. ``profile``: where the seconds went, which are
    of the wall clock.
    """

    run_id: str
    as_of: date | None
    ok: bool
    published: Path | None
    failed_checks: list[str]
    warned_checks: list[str]
    warnings: list[str]
    automation: Automation | None
    tables: int
    stood: int
    rows: int
    seconds: float
    stands_since: datetime | None = None
    profile: Sequence[Lap] = ()


def look(home: Home, program: Program, as_of: date | None, *, destroys_now: bool, wait: float) -> RunSummary | None:
    """The summary of a run that has nothing to do; None where there is something, or where that cannot be told.

    A table of a lake has to be asked. Forgets what a run would forget. What landed is taken in; the caller holds the
    home's lock.
    """
    if not home.warehouse.exists() or program.lake:
        return None
    try:
        with warehouse.connect(home.warehouse, read_only=True, wait=wait) as con:
            reading.forget(con, home, program, destroys_now=destroys_now)
            return _summary(con, home, program, as_of)
    except Damaged:
        return None  # the run to come finds the same, and notes it for the one after it


def behind(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> str | None:
    """Why the tables are not, or not soundly, what a run would make of what has come by now; None where they are.

    Decisions do not count: they change no table that they are made by.
    """
    if (other := generation.of_another_day(con, program)) is not None:
        return other
    if not (generation.is_read(con, home, program) and generation.is_staged(con)):
        return "something came, or was decided on files, after the last run"
    if not generation.is_settled(con, program):
        return "program.yaml has changed since the last run"
    known = facts.known(con)
    if not all_stand(known):
        return "the last run did not come to its end"
    return next((f"{key}: {result.words.en}" for key, result in stopping(TABLES, known)), None)


def _summary(con: duckdb.DuckDBPyConnection, home: Home, program: Program, as_of: date | None) -> RunSummary | None:
    began = monotonic()
    if gone(con) or not (generation.is_read(con, home, program) and generation.is_staged(con)):
        return None
    since = standing.stands_since(home, standing.basis(con, program, warnings(con, home, program)))
    if since is None or not generation.is_asked(con, home, as_of) or generation.other_day(con, program):
        return None
    ((seen,),) = con.execute("select as_of from core.parameters").fetchall()
    return RunSummary(
        run_id=home.release.resolve().name,
        as_of=seen,
        ok=True,
        published=home.release / "dashboard.html",
        failed_checks=[],
        warned_checks=sorted(_warned(facts.known(con))),
        warnings=[note["en"] for note in (*warnings(con, home, program, named=True), *told_operators(home))],
        automation=None,
        tables=len(TABLES),
        stood=len(TABLES),
        rows=sum(warehouse.count(con, table) for table in TABLES),
        seconds=round(monotonic() - began, 1),
        stands_since=since,
    )


def _warned(known: Mapping[str, facts.Notes]) -> Iterator[str]:
    """Tables and what their checks say of them, in words, as they were found."""
    for table in TABLES:
        for result in remembered(table, known) or ():
            if not result.passed and result.name not in TOLD:
                yield f"{table.key}: {result.words.en}"
