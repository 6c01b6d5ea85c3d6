"""What must hold between the parts of program.yaml, and between it and the canonical sources.

Belongs here: one function per rule, each yielding what is wrong and where. Does not belong here: what a single setting
may be (``program``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.program.mistakes import unknown

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

Mistake = tuple[str, tuple[str | int, ...]]
"""What is wrong, and the keys it stands under."""

NOT_NUMBERS = ("VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN")
DATES = ("DATE", "TIMESTAMP")
DAY_LENGTH = len("YYYY-MM-DD")


def contradictions(program: Program) -> Iterator[Mistake]:
    """Everything that does not fit together."""
    yield from _repeated((row.id for row in program.cohorts), "cohort", "cohorts")
    yield from _repeated(((row.pool, row.from_.isoformat()) for row in program.seats), "pool and date", "seats")
    yield from _repeated((row.id for row in program.review.rules), "rule", "review", "rules")
    excepted = ((row.member, row.mission, row.cohort or "in every cohort") for row in program.missions.exceptions)
    yield from _repeated(excepted, "exception for", "missions", "exceptions")
    yield from _repeated((row.id for row in program.surveys), "survey", "surveys")
    yield from _repeated((row.id for row in program.terms), "term", "terms")
    yield from _repeated(program.applications.stages, "stage", "applications", "stages")
    yield from _repeated(program.languages, "language", "languages")
    for source, entries in program.sources.items():
        for at, entry in enumerate(entries):
            for what, key in _entry(source, entry):
                yield what, ("sources", source, at, *key)
            if entry.table:
                yield from ((what, ("sources", source, at, "table")) for what in _lake(program, source))


def _lake(program: Program, source: str) -> Iterator[str]:
    if source != "activity":
        yield f"table is for activity, not for {source}"
    elif len(program.sources[source]) > 1:
        yield "a table is all of a program's activity: name it alone"
    if program.engine == "duckdb":
        yield "a table of a lake is read by Spark: say where that is under engine"
    if program.excluded:
        yield "excluded names no one in a table of a lake: leave their rows out in a view of it, and name that here"


def _repeated(names: Iterable[Hashable], what: str, *path: str) -> Iterator[Mistake]:
    seen: set[Hashable] = set()
    for at, name in enumerate(names):
        if name in seen:
            shown = " ".join(name) if isinstance(name, tuple) else name
            yield f"the {what} '{shown}' stands here twice", (*path, at)
        seen.add(name)


def _entry(source: str, entry: Entry) -> Iterator[Mistake]:
    if source == "survey_responses":
        yield from _survey(entry)
    else:
        for key in ("survey", "member", "questions"):
            if getattr(entry, key):
                yield f"{key} is for survey_responses, not for {source}", (key,)
    if source != "activity" and entry.cumulative:
        yield f"cumulative is for activity, not for {source}", ("cumulative",)
    if source != "activity" and entry.counts is not None:
        yield f"counts is for activity, not for {source}", ("counts",)
    for name in entry.unpivot.made if entry.unpivot is not None else ():
        if name not in (known := [column.name for column in SOURCE_BY_NAME[source].columns]):
            yield unknown(f"column of {source}", name, known), ("unpivot",)
    if entry.datetime_format and entry.preset is None:
        yield "datetime_format is for a preset; without one it stands under columns", ("datetime_format",)
    yield from _preset(source, entry)
    yield from _columns(source, entry)
    yield from _values(source, entry)


def _survey(entry: Entry) -> Iterator[Mistake]:
    if entry.survey is None and (entry.preset or entry.questions):
        yield "survey is missing: the id of the survey that the files answer", ()
    if entry.member and not entry.preset:
        yield "without a preset the member's header stands under columns, columns: {member: …}", ("member",)
    if entry.questions and not entry.preset and entry.columns is None and "submitted_at" not in entry.values:
        yield "questions need a preset, or columns with at least submitted_at", ("questions",)


def _preset(source: str, entry: Entry) -> Iterator[Mistake]:
    if entry.preset is None:
        return
    from fellowship_pipeline.contracts.presets import PRESET_SOURCES  # noqa: PLC0415 - presets are read by programs

    if entry.preset not in PRESET_SOURCES:
        yield unknown("preset", entry.preset, PRESET_SOURCES), ("preset",)
    elif source not in PRESET_SOURCES[entry.preset]:
        feeds = ", ".join(sorted(PRESET_SOURCES[entry.preset]))
        yield f"the preset '{entry.preset}' does not feed {source}; it feeds {feeds}", ("preset",)


def _columns(source: str, entry: Entry) -> Iterator[Mistake]:
    if entry.columns is None:
        return
    columns = {column.name: column for column in SOURCE_BY_NAME[source].columns}
    for name, header in entry.columns.items():
        if name not in columns:
            yield unknown(f"column of {source}", name, columns), ("columns", name)
        elif header is None:
            continue
        elif header.times is not None and columns[name].type in NOT_NUMBERS:
            yield f"{name} is no number and cannot be multiplied", ("columns", name, "times")
        elif header.format and columns[name].type not in DATES:
            yield f"{name} is no date and has no format", ("columns", name, "format")
        elif header.duration and name not in SOURCE_BY_NAME[source].lengths:
            yield f"{name} is no length of time and has no duration", ("columns", name, "duration")
        elif columns[name].type in NOT_NUMBERS:
            for key in ("decimal", "thousands", "percent"):
                if getattr(header, key):
                    yield f"{name} is no number and has no {key}", ("columns", name, key)
    needed = ("submitted_at",) if entry.questions else SOURCE_BY_NAME[source].required
    for name in needed:
        if name in entry.columns and entry.columns[name] is None and name not in entry.values:
            yield f"{source} must have {name}, which is left out here", ("columns", name)


def _values(source: str, entry: Entry) -> Iterator[Mistake]:
    columns = {column.name: column for column in SOURCE_BY_NAME[source].columns}
    for name, value in entry.values.items():
        if name not in columns:
            yield unknown(f"column of {source}", name, columns), ("values", name)
        elif columns[name].type in DATES and isinstance(value, str) and not _is_written(entry, name):
            if not _is_day(value[:DAY_LENGTH]):
                yield f"{name} is a day, YYYY-MM-DD, or an instant that begins with one", ("values", name)
        elif known := columns[name].values:
            words = [value] if isinstance(value, str) else value.values() if isinstance(value, dict) else ()
            for word in words:
                if word not in known:
                    yield unknown(name, word, known), ("values", name)


def _is_written(entry: Entry, name: str) -> bool:
    """Whether the entry says how instants of that column are written."""
    header = (entry.columns or {}).get(name)
    return header is not None and header.format is not None


def _is_day(text: str) -> bool:
    """Whether it is a day as YYYY-MM-DD."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
