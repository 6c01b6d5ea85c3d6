"""One file's bytes → records, whatever its format: told by content, not by its name.

Belongs here: which reader a content is for. Does not belong here: any format (the readers), what a column means
(``mapping``, ``presets``), the limits under which foreign bytes are read (``isolation``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.intake.readers.asides import set_aside
from fellowship_pipeline.intake.readers.decoding import MARKS
from fellowship_pipeline.intake.readers.delimited import read_delimited
from fellowship_pipeline.intake.readers.parquet import read_parquet
from fellowship_pipeline.intake.readers.records import Quarantined, Records
from fellowship_pipeline.intake.readers.spreadsheet import read_workbook
from fellowship_pipeline.intake.readers.structured import read_json
from fellowship_pipeline.intake.readers.unpacking import unpack

if TYPE_CHECKING:
    from collections.abc import Collection

    from fellowship_pipeline.program.sources import Entry

WORKBOOKS = (".xlsx", ".xlsm")


def read_file(data: bytes, entry: Entry) -> Records:
    """The records of a file's bytes, as the entry says they are to be read; raises Quarantined."""
    if not data:
        raise Quarantined("empty file")
    data, kind = unpack(data)
    if kind == "xlsx":
        records = read_workbook(data, sheet=entry.sheet, skip_lines=entry.skip_lines)
    elif kind == "parquet":
        records = read_parquet(data)
    elif _is_json(data, entry):
        records = read_json(data, encoding=entry.encoding)
    else:
        return read_delimited(
            data,
            encoding=entry.encoding,
            delimiter=entry.delimiter,
            escape=entry.escape,
            skip_lines=entry.skip_lines,
            skip_matching=entry.skip_matching,
        )
    return set_aside(records, entry.skip_matching)


def refuse_misnamed(records: Records, names: Collection[str]) -> None:
    """Raises Quarantined where a file of text has no other name than a workbook's: somebody renamed it."""
    if records.encoding is not None and names and all(name.endswith(WORKBOOKS) for name in names):
        raise Quarantined(
            "text, though its name is a workbook's: name it .csv, or save it as .xlsx in a spreadsheet program"
        )


def _is_json(data: bytes, entry: Entry) -> bool:
    """Whether text begins as JSON does, and the entry does not say that it is delimited."""
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), entry.encoding or "utf-8")
    begins = data[:1000].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    return begins.startswith(("{", "[")) and not (entry.delimiter or entry.skip_lines)
