"""The words that tables of schema core are described in.

Belongs here: columns that many tables share, short forms. Does not belong here: a table.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.model import Column, Dated, Pii, Table, Type


def column(name: str, type_: Type, description: str, required: bool = True, pii: Pii = "none") -> Column:
    """A column; never NULL unless said so."""
    return Column(name, type_, description, pii, required=required)


def table(
    name: str,
    description: str,
    columns: tuple[Column, ...],
    grain: tuple[str, ...] = (),
    *,
    dated: Dated | None = None,
) -> Table:
    """A table of schema ``core``."""
    return Table("core", name, description, columns, grain, dated=dated)


MEMBER = column("member_id", "VARCHAR", "The member.", True, "direct")
PERSON = column("person", "VARCHAR", "The member, or 'name:' and the name that resolves to nobody.", True, "direct")
