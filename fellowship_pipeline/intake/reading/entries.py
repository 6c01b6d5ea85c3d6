"""The contents that lie, or lay, where an entry asks for files, and the way to read each.

Belongs here: from an entry to its files, their layout and their records. Does not belong here: what becomes of a file
(``files``).
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.cleansed import read_cleansed
from fellowship_pipeline.intake.isolation import read_isolated
from fellowship_pipeline.intake.landing.archive import altered, archived, is_intact, missing
from fellowship_pipeline.intake.landing.ledger import Content, LedgerState
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Layout, Preset
from fellowship_pipeline.intake.layouts.mapping import MappedLayout
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.plain.loading import demand_columns, has_plain_lengths, is_simple, scanned
from fellowship_pipeline.intake.presets import beside, preset
from fellowship_pipeline.intake.readers.formats import refuse_misnamed
from fellowship_pipeline.intake.readers.records import Records
from fellowship_pipeline.intake.reading.outcomes import UNREAD
from fellowship_pipeline.program.paths import asked_for
from fellowship_pipeline.program.rows import survey_questions

if TYPE_CHECKING:
    from fellowship_pipeline.intake.plain.dialect import Plain
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

Told: TypeAlias = Mapping[tuple[str, str | None], "Plain | None"]
"""What contents are that were copied just now, or are typed in the warehouse; see ``Arrivals.plain``, ``keeping``."""


def group_of(
    home: Home,
    program: Program,
    state: LedgerState,
    source: str,
    entry: Entry,
    *,
    told: Told = MappingProxyType({}),
) -> EntryFiles:
    """The contents that lie, or lay, where the entry asks for files. ``told``: see :data:`Told`."""
    paths = list(state.latest)
    asked, looked_up = asked_for(entry.files, paths), beside(source, entry, paths)
    files = [
        Incoming(
            content.sha256,
            tuple(dict.fromkeys(path for _, path in content.sightings if path in asked | looked_up)),
            content.size,
            content.first_seen,
            content.decision,
            any(path in asked for _, path in content.sightings),
            content.cleansed,
            content.known_at,
        )
        for content in sorted(state.contents.values(), key=_last_seen)
        if any(path in asked | looked_up for _, path in content.sightings)
    ]
    zone = entry.timezone or (preset_of(entry).timezone if entry.preset else None) or program.timezone
    return EntryFiles(
        SOURCE_BY_NAME[source],
        entry,
        zone,
        tuple(files),
        lambda file: _records(home, entry, file),
        lambda file: None if program.excluded else _plain(home, source, entry, file, told),
        {
            name: question.scale
            for (survey, name), question in survey_questions(program).items()
            if survey == entry.survey and question.kind == "rating"
        },
    )


def layout_of(group: EntryFiles) -> Layout:
    """The layout of the entry, for those of its files that are read."""
    readable = replace(group, files=tuple(file for file in group.files if file.decision not in UNREAD))
    return preset_of(group.entry).layout(readable) if group.entry.preset else MappedLayout(readable)


def preset_of(entry: Entry) -> Preset:
    """The entry's preset; ValueError where it has none."""
    if entry.preset is None:
        raise ValueError("the entry has no preset")
    return preset(entry.preset)


def _records(home: Home, entry: Entry, file: Incoming) -> Records:
    if file.cleansed is not None:
        return read_cleansed(archived_bytes(home, file.cleansed), entry)
    records = read_isolated(home, file.sha256, entry)
    refuse_misnamed(records, file.names)
    return records


def _plain(
    home: Home,
    source: str,
    entry: Entry,
    file: Incoming,
    told: Told,
) -> Plain | None:
    """What a large file is, where DuckDB can read it; unless that is told, it is looked at and hashed.

    Raises LacksColumns where it has not the columns that the entry needs.
    """
    if file.cleansed is not None or file.size < loading.SMALLEST or not is_simple(SOURCE_BY_NAME[source], entry):
        return None
    if (file.sha256, entry.delimiter) in told and _is_kept(home, file):
        plain = told[file.sha256, entry.delimiter]
    else:
        path = archived(home, file.sha256)
        with ThreadPoolExecutor(1) as pool:
            looked = pool.submit(scanned, path, entry.delimiter)
            _check(home, file.sha256)
            plain = looked.result()
    if plain is not None:
        demand_columns(SOURCE_BY_NAME[source], entry, plain)
        if not has_plain_lengths(SOURCE_BY_NAME[source], entry, plain):
            return None
    return plain


def _is_kept(home: Home, file: Incoming) -> bool:
    """Whether the archive has a file of that size there."""
    path = archived(home, file.sha256)
    return path.exists() and path.stat().st_size == file.size


def _check(home: Home, kept: str) -> None:
    """Raises UserError where the archive no longer has the content unchanged."""
    try:
        intact = is_intact(home, kept)
    except FileNotFoundError:
        raise missing(home, kept) from None
    if not intact:
        raise altered(home, kept)


def archived_bytes(home: Home, kept: str) -> bytes:
    """What the archive keeps under that hash; raises UserError where it no longer has it unchanged."""
    _check(home, kept)
    return archived(home, kept).read_bytes()


def _last_seen(content: Content) -> int:
    return max(at for at, _ in content.sightings)
