"""What a select reads, and where each of its columns comes from, as its own text says.

That follows from the code alone, and parsing takes seconds: ``selects.json`` beside has it for every select that is
shipped, by a hash of the text, and ``python -m fellowship_pipeline.derived`` writes it. What is not in it is parsed.
Belongs here: parsing. Does not belong here: which selects there are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from fellowship_pipeline.contracts import TABLE_BY_KEY

if TYPE_CHECKING:
    from sqlglot import exp

SHIPPED = Path(__file__).with_suffix(".json")

Origins = dict[str, list[tuple[str, str]]]
"""By column: the (table key, column) pairs that it comes from."""


class SelectFacts(TypedDict):
    """What is known of selects, by hash: the tables they read, and the origins of their columns."""

    reads: dict[str, list[str]]
    origins: dict[str, dict[str, list[list[str]]]]


def reads(sql: str) -> frozenset[str]:
    """Keys (``schema.table``) of the tables that a select reads."""
    known = _shipped()["reads"].get(_hash(sql))
    return frozenset(parsed_reads(sql) if known is None else known)


def origins(sql: str, columns: Sequence[str]) -> Origins:
    """Where each of a select's columns comes from."""
    known = _shipped()["origins"].get(_hash(sql, *columns))
    if known is None:
        return parsed_origins(sql, columns)
    return {column: [(key, name) for key, name in pairs] for column, pairs in known.items()}


def parsed_reads(sql: str) -> list[str]:
    """As :func:`reads`, by parsing."""
    from sqlglot import exp  # noqa: PLC0415 - takes a while; not needed for what is shipped

    return sorted({f"{table.db}.{table.name}" for table in parse(sql).find_all(exp.Table) if table.db})


def parsed_origins(sql: str, columns: Sequence[str]) -> Origins:
    """As :func:`origins`, by parsing."""
    from sqlglot import exp  # noqa: PLC0415 - as above
    from sqlglot.lineage import lineage  # noqa: PLC0415
    from sqlglot.optimizer.qualify import qualify  # noqa: PLC0415
    from sqlglot.optimizer.scope import build_scope  # noqa: PLC0415

    schema: dict[str, Any] = {}
    for key in parsed_reads(sql):
        table = TABLE_BY_KEY[key]
        schema.setdefault(table.schema, {})[table.name] = {column.name: column.type for column in table.columns}
    qualified = qualify(parse(sql), schema=schema, dialect="duckdb", validate_qualify_columns=False)
    scope = build_scope(qualified)
    found: Origins = {}
    for column in columns:
        sources = set()
        for node in lineage(column, qualified, schema, dialect="duckdb", scope=scope, copy=False).walk():
            source = node.expression
            if isinstance(source, exp.Table) and source.db:
                sources.add((f"{source.db}.{source.name}", node.name.rpartition(".")[2].strip('"')))
        found[column] = sorted(sources)
    return found


def parse(sql: str) -> exp.Query:
    """A select, parsed. Raises TypeError where the text is not one select."""
    import sqlglot  # noqa: PLC0415 - as above
    from sqlglot import exp  # noqa: PLC0415

    tree = sqlglot.parse_one(sql, dialect="duckdb")
    if not isinstance(tree, exp.Query):
        raise TypeError("not one select")
    return tree


def facts(queries: Sequence[str], models: Sequence[tuple[str, Sequence[str]]]) -> SelectFacts:
    """What is to be shipped: of ``queries`` what they read; of ``models``, selects with columns, their origins, too."""
    texts = {*queries, *(sql for sql, _ in models)}
    return {
        "reads": {_hash(sql): parsed_reads(sql) for sql in sorted(texts)},
        "origins": {
            _hash(sql, *columns): {
                column: [list(pair) for pair in pairs] for column, pairs in parsed_origins(sql, columns).items()
            }
            for sql, columns in sorted(models)
        },
    }


@cache
def _shipped() -> SelectFacts:
    content: SelectFacts = json.loads(SHIPPED.read_bytes())
    return content


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:20]
