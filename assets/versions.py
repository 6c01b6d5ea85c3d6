"""The data version of every table, what of it stands, and from which day on the rest is made anew.

A table's version is that of its rows, so that what reads one that was made anew and has the same rows stands. A dated
table (see ``contracts.Dated``) is not read again for that: it has the version of what it is made of. Beside it stands
what it was made of and, where only rows of a day and later differ from the version before, that day: what is made of
it, and dated too, is made from there. Belongs here: versions, what stands, and since when. Does not belong here: making
tables (``sql``), or when files are read anew (``intake.reading.generation``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

import duckdb

from assets.sql import Model, again, made_tables, make, make_since, models
from fellowship_pipeline import own_code
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.warehouse import facts

BASIS, CODE, READ = "basis", "code", "read"
"""Facts of what a table was made of: all of it in one; of a dated one also the code, and the versions by table."""


@contextmanager
def stamping(
    con: duckdb.DuckDBPyConnection,
    tables: Collection[Table],
    differing: Mapping[str, Callable[[], date | None]] | None = None,
) -> Iterator[None]:
    """Notes the version of rows of tables that are written within the block; one of equal rows is what it was.

    ``differing``: by table, what says after the block from which day on rows differ from those before; None: from any.
    """
    before = facts.known(con)
    yield
    after, told = facts.known(con), dict[str, facts.Notes]()
    for table in tables:
        version, known = facts.of_rows(con, table, after.get(table.key, {})), before.get(table.key, {})
        if known.get(facts.VERSION) != version:
            day = (differing or {}).get(table.key, lambda: None)()
            known = {facts.VERSION: version, **_came(known, day)}
        told[table.key] = known
    facts.note_all(con, told)


def _came(known: facts.Notes, since: date | None) -> facts.Notes:
    """How a version differs from the one before it, as facts, with what was found of that one."""
    if since is None or facts.VERSION not in known:
        return {facts.BEFORE: None}
    found = {facts.CHECKED: known[facts.CHECKED]} if facts.CHECKED in known else {}
    return {facts.BEFORE: known[facts.VERSION], facts.SINCE: since.isoformat()} | found


@cache
def code_version(key: str) -> str:
    """Of a table that is made of tables: its select and its contract, as Dagster is told."""
    made = made_tables()[key]
    texts = [made.sql] if isinstance(made, Model) else [models()[one].sql for one in again()]
    return hashlib.sha256("\0".join([repr(made.table), *texts]).encode()).hexdigest()[: own_code.LENGTH]


def basis_of(key: str, known: Mapping[str, facts.Notes]) -> str | None:
    """What a table is made of if it is made now; None where something that it reads has no version."""
    read = _read(key, known)
    if None in read.values():
        return None
    return own_code.basis(code_version(key), *(f"{name} {version}" for name, version in read.items()))


def _read(key: str, known: Mapping[str, facts.Notes]) -> dict[str, Any]:
    """The versions of what a table reads."""
    return {read: known.get(read, {}).get(facts.VERSION) for read in sorted(made_tables()[key].reads)}


def make_stale(
    con: duckdb.DuckDBPyConnection,
    key: str,
    known: dict[str, facts.Notes],
    how: Callable[[duckdb.DuckDBPyConnection, str], object] | None = None,
) -> bool:
    """Makes one table, or what of it does not stand; whether anything was made.

    ``known``: the facts of the stored tables, which are kept up. ``how``: what makes all of it, where it is not made
    of its own select.
    """
    basis, noted = basis_of(key, known), known.get(key, {})
    if stands(key, known):
        return False
    table, since = TABLE_BY_KEY[key], None if how else first_stale(key, known)
    made_of: facts.Notes = {BASIS: basis}
    if table.dated:
        made_of |= {facts.VERSION: basis, CODE: _code(key), READ: _read(key, known)}
    if table.dated and since is not None:
        known[key] = made_of | _came(noted, table.dated.period(since))
        with _transaction(con):
            make_since(con, key, since)
            facts.write(con, table, known[key])
        return True
    known.pop(key, None)
    (how or make)(con, key)
    if basis is not None:
        known[key] = made_of if table.dated else _of_rows(con, table, noted) | made_of
        facts.write(con, table, known[key])
    return True


def stands(key: str, known: Mapping[str, facts.Notes]) -> bool:
    """Whether a table is as making it now would have it."""
    basis = basis_of(key, known)
    return basis is not None and known.get(key, {}).get(BASIS) == basis


def note_made_in_parts(
    con: duckdb.DuckDBPyConnection, keys: Collection[str], views: Collection[str], known: dict[str, facts.Notes]
) -> None:
    """Notes the versions of tables just made in parts, each after those it reads; ``views``: those that stay there."""
    for key in keys:
        noted, basis = known.pop(key, {}), basis_of(key, known)
        if basis is not None:
            own = {facts.VERSION: basis} if key in views else _of_rows(con, TABLE_BY_KEY[key], noted)
            known[key] = own | {BASIS: basis}
    facts.note_all(con, {key: known[key] for key in keys if key in known})


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or, where it breaks, nothing."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def _of_rows(con: duckdb.DuckDBPyConnection, table: Table, noted: facts.Notes) -> facts.Notes:
    """The version of the rows, just made; where they are those that the table had, also what was known of them."""
    version = facts.of_rows(con, table, {})
    return noted if noted.get(facts.VERSION) == version else {facts.VERSION: version}


def first_stale(key: str, known: Mapping[str, facts.Notes]) -> date | None:
    """The day from which on a dated table does not stand; None: all of it does not."""
    noted = known.get(key, {})
    if noted.get(CODE) != _code(key):
        return None
    days = []
    for read, version in _read(key, known).items():
        there, was = known.get(read, {}), noted[READ].get(read)
        if version != was:
            if version is None or was is None or there.get(facts.BEFORE) != was:
                return None
            days.append(date.fromisoformat(there[facts.SINCE]))
    return min(days, default=None)


def _code(key: str) -> str:
    return own_code.basis(code_version(key))


def all_stand(known: Mapping[str, facts.Notes], keys: Collection[str] | None = None) -> bool:
    """Whether every table of ``keys`` (all that are made of tables) is as making it now would have it."""
    wanted = made_tables() if keys is None else keys
    return all(stands(key, known) for key in wanted)
