"""What is known of a stored table beside its rows, in its comment: it goes when the table is made anew.

So a table whose making broke off tells nothing of itself. Belongs here: writing and reading facts, and a version of
rows. Does not belong here: what the facts mean.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fellowship_pipeline.contracts import Table
from fellowship_pipeline.warehouse.names import literal, qualified

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

Notes = dict[str, Any]

VERSION = "version"
"""The fact by which tables with other rows differ."""

MADE_OF = "made_of"
"""The fact by which views with other rows differ, where whoever made it can tell without reading them."""

BEFORE, SINCE = "before", "since"
"""Facts of a version that agrees with another on what is of earlier days: which one, and since when they differ."""

CHECKED = "checked"
"""The fact of what its checks found; where only rows since a day are others, what they found of the version before."""

_STORED = """
select schema_name || '.' || table_name, comment, false from duckdb_tables() where database_name = current_database()
union all
select schema_name || '.' || view_name, comment, true from duckdb_views()
where database_name = current_database() and not internal
"""


def known(con: duckdb.DuckDBPyConnection) -> dict[str, Notes]:
    """By table key what is known of each stored table; nothing where nothing was noted."""
    return {key: json.loads(comment or "{}") for key, comment, _ in con.execute(_STORED).fetchall()}


def versions(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The version of each stored table that has one."""
    return {key: facts[VERSION] for key, facts in known(con).items() if VERSION in facts}


def note(con: duckdb.DuckDBPyConnection, table: Table, **facts: object) -> None:
    """Notes facts of a stored table beside those known."""
    note_all(con, {table.key: facts})


def note_all(con: duckdb.DuckDBPyConnection, told: Mapping[str, Notes]) -> None:
    """As :func:`note` of each stored table, by table key; asking for what is known takes longer than noting it."""
    for key, comment, is_view in con.execute(_STORED).fetchall() if told else ():
        if key in told:
            facts = json.loads(comment or "{}") | told[key]
            _comment(con, _stored(key), literal(json.dumps(facts)), is_view=is_view)


def write(con: duckdb.DuckDBPyConnection, table: Table, facts: Notes) -> None:
    """Notes facts of a stored table, no view, in the place of those known."""
    _comment(con, table, literal(json.dumps(facts)), is_view=False)


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Forgets all that is known of any table, so that everything is made anew."""
    for key, comment, is_view in con.execute(_STORED).fetchall():
        if comment is not None:
            _comment(con, _stored(key), "null", is_view=is_view)


def _stored(key: str) -> Table:
    """A table that need have no contract, such as that of a typed file."""
    schema, name = key.split(".", 1)
    return Table(schema, name, "", ())


def _comment(con: duckdb.DuckDBPyConnection, table: Table, text: str, *, is_view: bool) -> None:
    con.execute("comment on " + ("view " if is_view else "table ") + qualified(table) + " is " + text)


def of_rows(con: duckdb.DuckDBPyConnection, table: Table, noted: Notes | None = None) -> str:
    """A version that two tables of equal rows share, whatever their order; what a view is known to be made of.

    ``noted``: what is known of the table, by whoever has asked already; asking takes longer than a small table's rows.
    """
    noted = known(con).get(table.key, {}) if noted is None else noted
    if (made_of := noted.get(MADE_OF)) is not None:
        return str(made_of)
    query = "select count(*), sum(hash(stored)), version() from " + qualified(table) + " as stored"
    return "-".join(str(part) for part in con.execute(query).fetchall()[0])
