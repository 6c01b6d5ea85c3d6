"""A file read as any table, with what the entry has to say for that, or the reason why it is none.

Belongs here: settings that reading itself asks for, or that leave out records which are nobody's. Does not belong here:
any reader.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.isolation import READER, Changed, Request, limits
from fellowship_pipeline.intake.layouts.counted import counted
from fellowship_pipeline.intake.layouts.nobody import to_declare
from fellowship_pipeline.intake.readers.records import SEVERAL_SHEETS, Quarantined, Records
from fellowship_pipeline.intake.readers.workbook_parts import sheet_names
from fellowship_pipeline.program.sources import Entry

DECLARE = re.compile(r"declare `(\w+: [^`…]+)`")

MOST_SHEETS = 12


@dataclass(frozen=True)
class Opened:
    """The file. ``records`` are None where it is no table, for the reason ``refusal``."""

    path: Path
    records: Records | None
    settings: Mapping[str, Any]
    refusal: str = ""


def tables_of(path: Path) -> list[Opened]:
    """The tables of a file: of a workbook with several sheets each, which the entry has to name."""
    table = opened(path)
    if table.records is None or not any(doubt.endswith(SEVERAL_SHEETS) for doubt in table.records.doubts):
        return [table]
    sheets = [opened(path, {"sheet": name}) for name in sheet_names(path)[:MOST_SHEETS]]
    return [sheet for sheet in sheets if sheet.records is not None] or [table]


def opened(path: Path, declared: Mapping[str, Any] | None = None) -> Opened:
    """The file, read as often as a refusal says what to declare."""
    settings: dict[str, Any] = dict(declared or {})
    while True:
        try:
            records = records_of(path, **settings)
            beside = {} if "skip_matching" in settings else to_declare(records)
            if "skip_matching" in beside:
                records = records_of(path, **settings, skip_matching=beside["skip_matching"])
            chosen = Entry(files="landing/file", where=beside.get("where", {}))
            return Opened(path, counted(records, chosen), settings | beside)
        except Quarantined as refusal:
            hint = DECLARE.search(str(refusal))
            asked = yaml.safe_load(hint[1]) if hint else {}
            if not asked or asked.keys() <= settings.keys():
                return Opened(path, None, {}, str(refusal))
            settings |= asked


def records_of(path: Path, **settings: Any) -> Records:
    """The records of a file, as an entry with these settings reads it, in a process of its own; raises Quarantined."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    entry = Entry(files="landing/file", **settings)
    try:
        return READER.read(Request(path, sha256, entry, limits(path.stat().st_size)))
    except Changed:
        raise UserError(f"{path.name} changes while it is read: try again when it is whole") from None
