"""Cells for an e-mail address that hold something else, such as a name: they cost the address, not the record.

Belongs here: counting such records. Does not belong here: what an address is, and that the cell is left without a value
(``rules``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCES, TABLE_BY_KEY
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.rules import cell
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    import duckdb


def not_addresses(con: duckdb.DuckDBPyConnection) -> dict[str, Note]:
    """By ``_file_id`` a note of the records in ``raw`` whose e-mail address is none."""
    found: dict[str, Note] = {}
    for source in SOURCES:
        if "email" in (column.name for column in source.columns):
            raw = qualified(TABLE_BY_KEY["raw." + source.name])
            rows = "(select _file_id, _row, " + cell("email") + " as address from " + raw + ")"
            query = "select _file_id, count(distinct _row) from " + rows + " where not is_email(address) group by all"
            counted = con.execute(query).fetchall()
            found |= {file_id: Note("not_addresses", {"records": records}) for file_id, records in counted}
    return found
