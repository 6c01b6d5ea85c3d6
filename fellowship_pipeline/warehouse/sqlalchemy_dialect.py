"""DuckDB as SQLAlchemy sees it, for reading only.

Belongs here: what Great Expectations needs of a dialect, and no more. It calls itself ``postgresql``, whose SQL DuckDB
speaks, because Great Expectations knows regular expressions and quoting by that name. Does not belong here: writing.
"""

from __future__ import annotations

from typing import Any

import duckdb
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import UserDefinedType

URL = "duckdb_stored://"


class StoredType(UserDefinedType[Any]):
    """A type by the name that DuckDB gives it."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """The name."""
        return self.name


class Session:
    """An open DuckDB connection that SQLAlchemy may use but not end: closing it is left to who opened it."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor with a result and a read-only transaction of its own; it ends with the cursor."""
        return self._con.cursor().execute("begin transaction read only")

    def commit(self) -> None:
        """Nothing to commit."""

    def rollback(self) -> None:
        """Nothing to undo; DuckDB would drop the result that is still to be read."""

    def close(self) -> None:
        """The connection stays open."""


class StoredDialect(PGDialect):
    """PostgreSQL's SQL with positional parameters, and reflection as DuckDB does it."""

    name = "postgresql"
    driver = "duckdb_stored"
    default_paramstyle = "qmark"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """DuckDB's own DB-API module."""
        return duckdb

    def initialize(self, connection: Any) -> None:
        """Nothing is asked of the server."""
        self.default_schema_name = "main"

    def on_connect(self) -> None:
        """No set-up of a connection."""

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[ReflectedColumn]:
        """Columns in order, with the names of DuckDB's types."""
        rows = connection.exec_driver_sql(
            "select column_name, data_type from duckdb_columns()"
            " where database_name = current_catalog() and schema_name = ? and table_name = ? order by column_index",
            (schema or "main", table_name),
        )
        return [{"name": name, "type": StoredType(type_), "nullable": True, "default": None} for name, type_ in rows]

    def get_pk_constraint(self, *_: Any, **__: Any) -> Any:
        """No keys are declared in the warehouse."""
        return {"constrained_columns": [], "name": None}


registry.register("duckdb_stored", __name__, "StoredDialect")


def engine_arguments(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What ``create_engine(URL, …)`` needs to work on the open connection; ``dispose()`` leaves it open."""
    return {"creator": lambda: Session(con), "poolclass": StaticPool}
