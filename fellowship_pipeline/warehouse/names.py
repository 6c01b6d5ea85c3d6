"""How SQL writes names and texts.

Belongs here: quoting. Does not belong here: any statement.
"""

from __future__ import annotations

from functools import cache

from sqlglot import exp

from fellowship_pipeline.contracts import Table


@cache
def identifier(name: str) -> str:
    """The name as SQL writes it, quoted."""
    return exp.to_identifier(name, quoted=True).sql("duckdb")


def qualified(table: Table, catalog: str | None = None) -> str:
    """The table's name as SQL writes it, quoted."""
    return ".".join(identifier(name) for name in (catalog, table.schema, table.name) if name)


def literal(text: str) -> str:
    """The text as SQL writes it, quoted."""
    return exp.Literal.string(text).sql("duckdb")
