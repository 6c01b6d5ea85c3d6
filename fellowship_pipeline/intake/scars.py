"""What a spreadsheet program leaves where a value was: error values, and ids whose digits are lost.

Both look like text, and would be taken for names. Belongs here: telling them, in whatever format they come. Does not
belong here: columns of other types, whose rules reject both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layout import Shaped
from fellowship_pipeline.intake.records import Reject

if TYPE_CHECKING:
    from fellowship_pipeline.contracts import Source

ERRORS = r"^\s*#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA)\s*$"
EXPONENT = r"^\s*[+-]?[0-9]([.,][0-9]+)?[eE]\+?[0-9]+\s*$"
ERROR_RULE = "an error value of a spreadsheet, not text: repair the cell"
EXPONENT_RULE = "a number with an exponent, not an id: its digits are lost, export it as text"


def without_scars(source: Source, shaped: Shaped) -> Shaped:
    """The rows without those that have a scar in a text column; their records become rejects."""
    rows = shaped.rows
    if rows is None:
        return shaped
    ids = {*source.natural_key} - {*source.may_be_empty}
    kept = pa.repeat(True, rows.num_rows)
    rejects: dict[tuple[int, str], Reject] = {}
    for column in source.columns:
        if column.type != "VARCHAR" or column.name not in rows.column_names:
            continue
        for pattern, rule in ((ERRORS, ERROR_RULE), *([(EXPONENT, EXPONENT_RULE)] if column.name in ids else [])):
            found = pc.fill_null(pc.match_substring_regex(rows.column(column.name), pattern), False)
            if pc.any(found).as_py():
                kept = pc.and_not(kept, found)
                for row in rows.filter(found).to_pylist():
                    reject = Reject(row["_row"], column.name, row[column.name], rule, row["_line"])
                    rejects.setdefault((reject.row, reject.column), reject)
    if not rejects:
        return shaped
    return replace(shaped, rows=rows.filter(kept), rejects=(*shaped.rejects, *rejects.values()))
