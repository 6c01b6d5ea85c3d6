"""The data dictionary as Markdown, from the contracts: ``python -m fellowship_pipeline.contracts.dictionary``.

Belongs here: rendering. Does not belong here: any description; those stand with their tables.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from fellowship_pipeline.contracts import RAW_TABLES, TABLES, Column, Table

INTRODUCTION = """\
# Data dictionary

Written by `python -m fellowship_pipeline.contracts.dictionary` from `fellowship_pipeline/contracts/`; a test holds it
to them. TIMESTAMP is an instant in UTC, DATE a day in the program's time zone. `raw.<source>` has the columns of
`staging.<source>` as text and is left out here. As published, a label that fewer than three persons have and that
`program.yaml` does not declare is `other`, or `기타` where Korean is the program's first language.
"""


def dictionary() -> str:
    """The whole dictionary, one section per table."""
    tables = [table for table in TABLES if table not in RAW_TABLES]
    return INTRODUCTION + "".join("\n" + "\n".join(_section(table)) + "\n" for table in tables)


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.key}"
    yield ""
    yield table.description + (f" Published as {table.measure}." if table.measure else "")
    yield ""
    yield "| column | type | what | personal data |"
    yield "| --- | --- | --- | --- |"
    for column in table.columns:
        yield f"| `{column.name}` | {column.type} | {_what(column)} | {column.pii} |"


def _what(column: Column) -> str:
    words = column.description
    if column.unit:
        words += f" Unit: {column.unit}."
    if column.values:
        words += f" One of: {', '.join(column.values)}."
    return words + (" Never NULL." if column.required else "")


if __name__ == "__main__":
    sys.stdout.write(dictionary())
