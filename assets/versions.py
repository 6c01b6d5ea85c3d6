"""The data version of every table: of rows, or of the select and what it reads; a table whose version is right stands.

Tables of files and settings have the version of their rows. A table that is made of tables has one made of its text,
its contract, the code and the versions of what it reads, so that it is known without making it. Belongs here: versions,
and what stands. Does not belong here: making tables (``sql``), or when files are read anew
(``intake.reading.generation``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import duckdb

from assets.sql import Model, again, made_tables, make, models
from fellowship_pipeline import own_code
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.warehouse import facts


@contextmanager
def stamping(con: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> Iterator[None]:
    """Notes the version of rows of tables that are written within the block; one of equal rows is what it was."""
    before = facts.known(con)
    yield
    told = {}
    for table in tables:
        version = facts.of_rows(con, table)
        known = before.get(table.key, {})
        told[table.key] = known if known.get(facts.VERSION) == version else {facts.VERSION: version}
    facts.note_all(con, told)


@cache
def code_version(key: str) -> str:
    """Of a table that is made of tables: its select and its contract, as Dagster is told."""
    made = made_tables()[key]
    texts = [made.sql] if isinstance(made, Model) else [models()[one].sql for one in again()]
    return hashlib.sha256("\0".join([repr(made.table), *texts]).encode()).hexdigest()[: own_code.LENGTH]


def version_of(key: str, versions: Mapping[str, str]) -> str | None:
    """The version that a table has if it is made now, of what has ``versions``; None where one of those has none."""
    reads = sorted(made_tables()[key].reads)
    if not versions.keys() >= set(reads):
        return None
    return own_code.basis(code_version(key), *(f"{read} {versions[read]}" for read in reads))


def make_stale(con: duckdb.DuckDBPyConnection, key: str, versions: dict[str, str]) -> bool:
    """Makes one table, unless it stands; whether it was made. ``versions`` of the stored tables are kept up."""
    version = version_of(key, versions)
    if version is not None and versions.get(key) == version:
        return False
    versions.pop(key, None)
    make(con, key)
    if version is not None:
        facts.note_first(con, TABLE_BY_KEY[key], version=version)
        versions[key] = version
    return True


def all_stand(versions: Mapping[str, str]) -> bool:
    """Whether every table that is made of tables is as making it now would have it."""
    return all(key in versions and versions[key] == version_of(key, versions) for key in made_tables())
