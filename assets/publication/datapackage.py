"""What the published tables mean, for machines: ``datapackage.json`` and a JSON Schema per table, from the contracts.

``datapackage.json`` is a Data Package (datapackage.org, version 2) of the CSV files: what a column is, its unit, what
it may hold, what stands for a figure that is not shown, which period a table covers. A JSON Schema tells of a row as
DuckDB and Parquet have it, where such a figure is null. Both say of the data what its files say, and nothing else.
Belongs here: their shape. Does not belong here: what tables are (``contracts``), or may show (``release``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assets.describe import SUBJECTS
from fellowship_pipeline.contracts import Column, Table
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import PUBLISHED, Release
from fellowship_pipeline.release.policy import KEPT, WITHHELD
from fellowship_pipeline.release.steps import HIGH, LARGE_GROUP, LOW

PACKAGE = "datapackage.json"
SUPPRESSED = Column("suppressed", "BOOLEAN", "Whether the row's figures are withheld, for privacy.", required=True)
"""What every published table has beside its contract's columns."""

NAMED_OTHERWISE: Mapping[str, str | None] = {
    "adoption.median_days_to_accept": "days_to_accept",
    "application_channels.accepted": "admitted",
    "application_channels.median_days_to_decision": "days_to_decision",
    "community.answered": "questions_answered",
    "community.capacity": "places",
    "community.members": "expected",
    "engagement.active": None,  # says within how many days
    "funnel.median_days": "stage_days",
    "outcome_timeline.kind": "outcome",
    "outcomes.kind": "outcome",
    "retention.active": None,
    "retention.started": "started_seat",
    "review_summary.reclaimed": "to_reclaim",
    "support.answered": "questions_answered",
    "term_surveys.comparable": "compared",
    "terms.comparable": "compared",
    "what_if.reclaimed": "to_reclaim",
}
"""Of columns that the page heads otherwise than columns of that name: by which message of its locale; None: by none."""

_V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_IS_NAME = re.compile(r"[-a-z0-9._]+")
_TYPES = {
    "VARCHAR": ("string", "string"),
    "BIGINT": ("integer", "integer"),
    "DOUBLE": ("number", "number"),
    "DATE": ("date", "string"),
    "TIMESTAMP": ("datetime", "string"),
    "BOOLEAN": ("boolean", "boolean"),
}
"""By type of column: that of a Data Package, that of JSON."""


def describe(folder: Path, release: Release, program: Program) -> None:
    """Writes ``datapackage.json`` and ``schemas/TABLE.json`` beside the tables that are in ``folder/tables``."""
    voices = [Voice(language) for language in program.languages]
    schemas = folder / "schemas"
    schemas.mkdir()
    for table in PUBLISHED:
        _write(schemas / f"{table.name}.json", _row_schema(table, voices))
    about = {
        "$schema": _V2,
        **({"name": program.program.id} if _IS_NAME.fullmatch(program.program.id) else {}),
        "title": program.program.title(program.languages[0]),
        "titles": {language: program.program.title(language) for language in program.languages},
        "description": "KPI tables of a learning fellowship, suppressed for privacy. Descriptions are in English.",
        "languages": program.languages,
        "asOf": release.as_of.isoformat(),
        "resources": [_resource(folder, table, release, voices) for table in PUBLISHED],
    }
    _write(folder / PACKAGE, about)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _resource(folder: Path, table: Table, release: Release, voices: list[Voice]) -> dict[str, Any]:
    file = folder / "tables" / f"{table.name}.csv"
    content = file.read_bytes()
    titles = {voice.language: f"{_subject(table, voice)}: {table.name}" for voice in voices}
    return {
        "name": table.name,
        "path": f"tables/{file.name}",
        "type": "table",
        "title": titles[voices[0].language],
        "titles": titles,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "parquet": f"tables/{table.name}.parquet",
        "rowSchema": f"schemas/{table.name}.json",
        "privacyClass": table.measure,
        **_period(table, release),
        "schema": {
            "fields": [_field(table, column, voices) for column in (*table.columns, SUPPRESSED)],
            **_key(table),
            "missingValues": list(_marks(release)),
        },
    }


def _key(table: Table) -> dict[str, Any]:
    """What tells rows apart; as in SQL, a primary key has no empty column, which a unique one may."""
    if all(table.column(name).required for name in table.grain):
        return {"primaryKey": list(table.grain)}
    return {"uniqueKeys": [list(table.grain)]}


def _subject(table: Table, voice: Voice) -> str:
    """The part of the page that shows the table."""
    subject = SUBJECTS[table.key]
    return voice("page.scorecard" if subject == "program" else f"section.{subject}")


def _period(table: Table, release: Release) -> dict[str, Any]:
    """The first and the last day or month of the rows as they are published, where they have one in their grain."""
    days = [name for name in table.grain if table.column(name).type == "DATE"]
    found = [(name, release.frames[table.name][name].dropna()) for name in days]
    periods = [
        {"column": name, "first": values.min().date().isoformat(), "last": values.max().date().isoformat()}
        for name, values in found
        if len(values)
    ]
    return {"period": periods[0]} if periods else {}


def _marks(release: Release) -> Iterator[dict[str, str]]:
    """What stands in a cell of CSV for a figure that is not shown, and what that means."""
    yield {"value": "", "label": "no figure"}
    yield {"value": WITHHELD, "label": "not shown, for privacy"}
    minima: dict[str, list[str]] = {}
    for measure, mark in release.thresholds.items():
        minima.setdefault(mark, []).append(measure)
    for mark, measures in minima.items():
        yield {"value": mark, "label": f"fewer than {mark[1:]} persons, in tables that are {' or '.join(measures)}"}
    yield {"value": LOW, "label": f"a share of 5 % or less, of fewer than {LARGE_GROUP}"}
    yield {"value": HIGH, "label": f"a share of 95 % or more, of fewer than {LARGE_GROUP}"}


def _is_always_there(table: Table, column: Column) -> bool:
    """Whether every row as published has it: a suppressed one keeps what names it, and what nobody stands behind."""
    return column.required and column.name in {*table.grain, *KEPT[table.name], SUPPRESSED.name}


def _titles(table: Table, column: Column, voices: list[Voice]) -> dict[str, str]:
    """What the page heads the column with, by language; nothing where it does not show it."""
    message = NAMED_OTHERWISE.get(f"{table.name}.{column.name}", column.name)
    key = f"column.{message}"
    return {voice.language: voice(key) for voice in voices if message and voice.knows(key)}


def _words(table: Table, column: Column, voices: list[Voice]) -> dict[str, Any]:
    titles = _titles(table, column, voices)
    return {"title": titles[voices[0].language], "titles": titles} if titles else {}


def _what(column: Column) -> str:
    return column.description + (" An instant in UTC." if column.type == "TIMESTAMP" else "")


def _limits(column: Column) -> dict[str, Any]:
    bounds = {"minimum": column.minimum, "maximum": column.maximum}
    return {
        **({"enum": list(column.values)} if column.values else {}),
        **{name: bound for name, bound in bounds.items() if bound is not None},
    }


def _field(table: Table, column: Column, voices: list[Voice]) -> dict[str, Any]:
    constraints = {**({"required": True} if _is_always_there(table, column) else {}), **_limits(column)}
    is_name = column.type == "VARCHAR" and column.name in (*table.grain, *KEPT[table.name])
    return {
        "name": column.name,
        "type": _TYPES[column.type][0],
        **_words(table, column, voices),
        "description": _what(column),
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": constraints} if constraints else {}),
        **({"missingValues": [""]} if is_name else {}),  # somebody may call a group as a figure is that is not shown
    }


def _row_schema(table: Table, voices: list[Voice]) -> dict[str, Any]:
    """A row as JSON: figures that are not shown are null."""
    columns = (*table.columns, SUPPRESSED)
    return {
        "$schema": _DRAFT,
        "title": table.name,
        "description": table.description,
        "type": "object",
        "properties": {column.name: _property(table, column, voices) for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


def _property(table: Table, column: Column, voices: list[Voice]) -> dict[str, Any]:
    type_ = _TYPES[column.type][1]
    always = _is_always_there(table, column)
    limits = _limits(column)
    if column.values and not always:
        limits["enum"] = [*column.values, None]
    return {
        "type": type_ if always else [type_, "null"],
        **_words(table, column, voices),
        "description": _what(column),
        **({"format": "date"} if column.type == "DATE" else {}),
        **({"unit": column.unit} if column.unit else {}),
        **limits,
    }
