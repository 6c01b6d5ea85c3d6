"""What files and tables tell of ``program.yaml``, and it of them: what fits nothing, unknown names, days that lack.

Belongs here: one function per thing, each a finding for all that is wrong with it. Does not belong here: which names
and days these are (``assets.publication``), a run's warnings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import duckdb

from assets.publication.coverage import gaps, spans
from assets.publication.misnamed import PERSON, UNLISTED, misnamed, nearest
from fellowship_pipeline.health import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing import folder
from fellowship_pipeline.intake.landing.ledger import shown
from fellowship_pipeline.intake.presets import beside
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.paths import asked_for, is_url

_WAITING = """
select status, count(distinct path) from raw.files where status in ('held', 'quarantined') group by status order by 1
"""


def of_files(home: Home, program: Program) -> Iterator[Finding]:
    """Entries without files and files without entries, as they lie in landing/ now."""
    files, ignored, left = folder.walk(home)
    for path, reason in sorted(left.items()):
        yield Finding(Level.WARNING, shown(path), "cannot be listed", reason)
    paths = files.keys() - ignored.keys()
    yield from unmatched(program, paths)
    yield from strays(program, paths)


def of_data(con: duckdb.DuckDBPyConnection, program: Program) -> Iterator[Finding]:
    """What the warehouse tells, of which :func:`as_of` is not None."""
    yield from waiting(con)
    yield from unknown_names(con, program)
    yield from holes(con, program)


def as_of(con: duckdb.DuckDBPyConnection) -> date | None:
    """The day that the tables are of; None where a run that broke off left none."""
    try:
        found = con.execute("select as_of from core.parameters").fetchall()
    except duckdb.CatalogException:
        return None
    day: date | None = found[0][0] if found else None
    return day


def unmatched(program: Program, paths: Collection[str]) -> Iterator[Finding]:
    """A finding for each entry of ``sources`` that none of the paths in landing/ fits."""
    for source, entries in program.sources.items():
        for place, entry in enumerate(entries):
            if entry.files and not is_url(entry.files) and not asked_for(entry.files, paths):
                where = program.where("sources", source, place)
                remedy = "put the export there, or write the pattern that its name fits"
                yield Finding(Level.WARNING, where, f"no file in landing/ fits '{entry.files}' ({source})", remedy)


def strays(program: Program, paths: Collection[str]) -> Iterator[Finding]:
    """A finding for each of the paths in landing/ that no entry of ``sources`` asks for."""
    names = set(paths)
    for source, entries in program.sources.items():
        for entry in entries:
            if entry.files:
                names -= asked_for(entry.files, paths) | beside(source, entry, names)
    for path in sorted(names):
        remedy = "`fellowship map FILE` says what it could be, and the lines for program.yaml"
        yield Finding(Level.WARNING, shown(path), "no entry of sources asks for it: it counts for nothing", remedy)


def waiting(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """A finding for the files that are held, and one for those in quarantine."""
    for status, number in con.execute(_WAITING).fetchall():
        remedy = "`fellowship files HOME` says why; `fellowship files HOME accept ID`, or reject, or a mended export"
        yield Finding(Level.WARNING, "landing", f"files that are {status} and count for nothing: {number}", remedy)


def unknown_names(con: duckdb.DuckDBPyConnection, program: Program) -> Iterator[Finding]:
    """A finding for each name of program.yaml that no data knows, and each pool that it does not know.

    A person's name is never said: the place in program.yaml is.
    """
    found = misnamed(con, program)
    for one, near in zip(found, nearest(con, program, found), strict=True):
        name = "the name there" if one.kind == PERSON else f"'{one.name}'"
        hint = f"'{near}'?" if near and one.kind != PERSON else "write it as the data does, or take it out"
        problem = f"no data knows {name}" if one.kind != UNLISTED else f"no entry names the data's pool {name}"
        remedy = hint if one.kind != UNLISTED else "give it a capacity: {pool: …, from: …, capacity: …}"
        yield Finding(Level.WARNING, one.where, f"{one.key}: {problem}: {one.consequence}", remedy)


def holes(con: duckdb.DuckDBPyConnection, program: Program) -> Iterator[Finding]:
    """A finding for each run of days up to the last that no activity file vouches for."""
    day = as_of(con)
    for first, last in spans(gaps(con, program, day)) if day else ():
        days = f"{first}" if first == last else f"{first} … {last}"
        remedy = "export these days again into landing/; if nobody learned then, `covers` says what a file vouches for"
        yield Finding(Level.WARNING, "activity", f"no file vouches for {days}: figures lack them", remedy)
