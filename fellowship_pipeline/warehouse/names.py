"""How SQL writes names and texts, which DuckDB itself says.

Belongs here: quoting. Does not belong here: any statement.
"""

from __future__ import annotations

from functools import cache

import duckdb

from fellowship_pipeline.contracts import Table


@cache
def identifier(name: str) -> str:
    """The name as SQL writes it, quoted; alone, ``*`` would be every column. Raises duckdb.Error where it is empty."""
    return str(duckdb.ColumnExpression("_", name)).removeprefix('"_".')


def qualified(table: Table, catalog: str | None = None) -> str:
    """The table's name as SQL writes it, quoted."""
    return ".".join(identifier(name) for name in (catalog, table.schema, table.name) if name)


def literal(text: str) -> str:
    """The text as SQL writes it, quoted."""
    return str(duckdb.ConstantExpression(text))
