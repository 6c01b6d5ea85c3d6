"""What the warehouse was made of: the files beside the archive as they stood, settings and code. Marks in it.

Where those files end is a second memory beside the one in state/. Belongs here: writing and reading the marks, and that
what was made is of another day than the data reaches. Does not
belong here: comparing ledgers (``health.ledger``).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from fellowship_pipeline import own_code
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.home.chain import Chain, Head
from fellowship_pipeline.intake.staging.coverage import last_day
from fellowship_pipeline.warehouse import facts

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import duckdb

    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program

NOT_READ = {
    "program", "languages", "engagement", "review", "what_if", "targets", "recognition", "privacy", "terms", "quality",
    "schedules", "dagster", "tables", "notify",
}  # fmt: skip
"""Settings that neither reading nor staging asks for."""

_FILES = TABLE_BY_KEY["raw.files"]
_PARAMETERS = TABLE_BY_KEY["core.parameters"]
_READ, _STAGED, _ASKED, _SETTLED = "read_of", "staged_of", "asked", "settings"


def mark(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> None:
    """Marks what was read just now."""
    ends = {path.name: Chain(path).end() for path in (home.ledger, home.tombstones)}
    told = {name: dataclasses.asdict(end) for name, end in ends.items() if end is not None}
    facts.note(con, _FILES, **told, **{_READ: _basis(home, program)})


def mark_staged(con: duckdb.DuckDBPyConnection) -> None:
    """Marks that what was read is staged."""
    facts.note(con, _FILES, **{_STAGED: facts.known(con)[_FILES.key].get(_READ)})


def is_read(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> bool:
    """Whether reading once more would find the same."""
    return facts.known(con).get(_FILES.key, {}).get(_READ) == _basis(home, program)


def is_staged(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether what was read last is staged."""
    known = facts.known(con).get(_FILES.key, {})
    return known.get(_READ) is not None and known.get(_STAGED) == known.get(_READ)


def mark_settled(con: duckdb.DuckDBPyConnection, home: Home, program: Program, as_of: date | None) -> None:
    """Marks that settings and decisions are written, for the day asked for; None: that which the data reaches."""
    asked = as_of.isoformat() if as_of else None
    told = {_ASKED: asked, home.decisions.name: _end(home.decisions), _SETTLED: _settings(program)}
    facts.note(con, _PARAMETERS, **told)


def is_asked(con: duckdb.DuckDBPyConnection, home: Home, as_of: date | None) -> bool:
    """Whether what is written is for that day, and of the decisions as they stand."""
    known = facts.known(con).get(_PARAMETERS.key, {})
    is_that_day = _ASKED in known and known[_ASKED] == (as_of.isoformat() if as_of else None)
    return is_that_day and known.get(home.decisions.name) == _end(home.decisions)


def other_day(con: duckdb.DuckDBPyConnection, program: Program) -> date | None:
    """The day that the tables are of, where somebody asked for it and the data reaches another; None everywhere else.

    What is made of such tables is for whoever asked: nothing of it becomes current, and no review of it is confirmed.
    Where no data says a day, the one that was asked for is theirs.
    """
    if facts.known(con).get(_PARAMETERS.key, {}).get(_ASKED) is None:
        return None
    ((seen,),) = con.execute("select as_of from core.parameters").fetchall()
    day: date = seen
    return None if last_day(con, program) in (day, None) else day


def of_another_day(con: duckdb.DuckDBPyConnection, program: Program) -> str | None:
    """What is to be known of the tables of :func:`other_day`; None of all others."""
    day = other_day(con, program)
    return f"the tables are as of {day}, as `--as-of` asked, until the next run" if day else None


def is_settled(con: duckdb.DuckDBPyConnection, program: Program) -> bool:
    """Whether the settings are written as they are, for whatever day."""
    return facts.known(con).get(_PARAMETERS.key, {}).get(_SETTLED) == _settings(program)


def marked(con: duckdb.DuckDBPyConnection, path: Path) -> Head | None:
    """Where that file ended; None where the mark does not say, as after a reading that was broken off."""
    known = facts.known(con)
    told = next((one for table in (_FILES, _PARAMETERS) if (one := known.get(table.key, {}).get(path.name))), None)
    return Head(**told) if told else None


def _end(path: Path) -> dict[str, object] | None:
    end = Chain(path).end()
    return None if end is None else dataclasses.asdict(end)


def _settings(program: Program) -> str:
    return own_code.basis(program.model_dump_json())


def _basis(home: Home, program: Program) -> str:
    ends = [str(Chain(path).end()) for path in (home.ledger, home.tombstones)]
    return own_code.basis(*ends, program.model_dump_json(exclude=NOT_READ))
