"""Files that lack a column which the export before them had, where program.yaml does not name the headers.

Belongs here: comparing the columns of an entry's files. Does not belong here: headers that program.yaml names or a
source requires (``mapping``), totals and persons (``suspicion``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.intake.headers import read_from
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.plain.loading import Typed, typed_files
from fellowship_pipeline.intake.readers.records import normal
from fellowship_pipeline.intake.rules import cell, latest_instant, read, rules, typed
from fellowship_pipeline.warehouse.names import identifier, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    import duckdb

    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

FEWEST_RECORDS = 20
"""Records from which on a column of ``AMOUNTS`` that is empty throughout is not believed."""

AMOUNTS = ("xp", "minutes")
MOST_NAMED = 5

_LOADED = """
select source, entry, file_id, "rows", sha256, first_seen from raw.files
where status = 'loaded' and list_contains(?, file_id)
"""

_FILLED = """
select _file_id, count(nullif(trim(xp), '')) > 0, count(nullif(trim(minutes), '')) > 0 from raw.activity
where list_contains(?, _file_id) group by _file_id
"""

_NOTE = """
update raw.files set reason = concat_ws('; ', reason, said), needs_look = needs_look or is_odd
from (select unnest(?::varchar[]) as noted, unnest(?::varchar[]) as said, unnest(?::boolean[]) as is_odd) as notes
where noted = file_id and status = 'loaded'
"""


@dataclass(frozen=True)
class ColumnSet:
    """Canonical columns that a file (or its entry) says, and its other headers by how they are compared.

    ``filled`` and ``empty``: amounts that have values, and those that have none on many records.
    """

    columns: frozenset[str]
    others: Mapping[str, str]
    filled: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()

    def doubt(self, before: ColumnSet) -> str | None:
        """What the export lacks that the one before had; None where it lacks nothing."""
        doubts = []
        if missing := before.columns - self.columns:
            doubts.append(f"{_named(sorted(missing))} of the export before missing")
            if new := [name for key, name in self.others.items() if key not in before.others]:
                doubts.append(f"new: {_named(new)}")
        if empty := before.filled & self.empty:
            doubts.append(f"{_named(sorted(empty))} empty in every record, but not in the export before")
        return "; ".join((*doubts, "accept it if that is right")) if doubts else None


@dataclass(frozen=True)
class _File:
    """What orders a loaded file among the others of its entry."""

    file_id: str
    rows: int
    sha256: str
    first_seen: datetime

    def order(self, times: Mapping[str, datetime], column_set: ColumnSet) -> tuple[datetime, int, str]:
        """By time of export; without any by arrival. At one time the fuller one is first."""
        return times.get(self.file_id) or self.first_seen, -len(column_set.columns), self.sha256


def columns_of(source: Source, entry: Entry, header: Iterable[str]) -> ColumnSet | None:
    """The columns of a file with that header; None where a preset or program.yaml names those it must have.

    Where ``columns`` names some, those must be there, and what is not canonical is of no account: nobody asks for it.
    """
    if entry.preset is not None or entry.questions:
        return None
    canonical = {column.name for column in source.columns}
    if entry.columns is not None:
        read = read_from(source, entry, tuple(header)).keys() - entry.columns.keys()
        return ColumnSet(frozenset(read | (canonical & {*entry.values})), {})
    exported = entry.exported.column if entry.exported is not None else None
    used = canonical | {normal(name) for name in (*entry.where, exported or "")}
    headers = {normal(name): name for name in header}
    others = {key: name for key, name in headers.items() if key not in used}
    return ColumnSet(frozenset(canonical & {*headers, *entry.values}), others)


def drifted(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    column_sets: Mapping[str, ColumnSet],
    trusted: Collection[str],
) -> dict[str, str]:
    """Loaded files of sources that add up that lack what the export before had, and why; ``trusted`` ones never do."""
    found: dict[str, str] = {}
    entries: dict[tuple[str, int], dict[str, _File]] = defaultdict(dict)
    for name, place, file_id, rows, sha256, first_seen in con.execute(_LOADED, [list(column_sets)]).fetchall():
        entries[name, place][file_id] = _File(file_id, rows, sha256, first_seen)
    for (name, _), files in entries.items():
        source = SOURCE_BY_NAME[name]
        if source.replaced_whole or len(files) < 2:
            continue
        own = [file for file in typed_files(con, source) if file.file_id in files]
        parts = {file_id: column_sets[file_id] for file_id in files}
        if name == "activity":
            filled = _filled(con, list(files), own)
            parts = {key: _with_amounts(part, filled[key], files[key].rows) for key, part in parts.items()}
        if len({(part.columns, part.empty) for part in parts.values()}) > 1:
            times = _times(con, program, source, list(files), own)
            found |= doubtful(sorted(parts.items(), key=lambda one: files[one[0]].order(times, one[1])), trusted)
    return found


def doubtful(exports: Iterable[tuple[str, ColumnSet]], trusted: Collection[str]) -> dict[str, str]:
    """Of exports in order those that lack something of the one before, which is one that is believed."""
    held: dict[str, str] = {}
    before: ColumnSet | None = None
    for key, column_set in exports:
        doubt = column_set.doubt(before) if before is not None and key not in trusted else None
        if doubt is None:
            before = column_set
        else:
            held[key] = doubt
    return held


def left_aside(column_sets: Mapping[str, ColumnSet]) -> dict[str, Note]:
    """Of an entry's files those with columns that no other has and that no source knows, as notes."""
    if len(column_sets) < 2:
        return {}
    files = Counter(key for column_set in column_sets.values() for key in column_set.others if key)
    own = {file_id: [name for key, name in s.others.items() if files[key] == 1] for file_id, s in column_sets.items()}
    return {file_id: Note("columns_alone", {"columns": _named(names)}) for file_id, names in own.items() if names}


def note(con: duckdb.DuckDBPyConnection, notes: Mapping[str, Note]) -> None:
    """Adds the notes to the reasons of those of the files that stay loaded."""
    con.execute(_NOTE, [list(notes), [one.text for one in notes.values()], [one.needs_look for one in notes.values()]])


def _with_amounts(column_set: ColumnSet, filled: frozenset[str], records: int) -> ColumnSet:
    empty = column_set.columns & {*AMOUNTS} - filled if records >= FEWEST_RECORDS else frozenset()
    return replace(column_set, filled=filled, empty=frozenset(empty))


def _filled(
    con: duckdb.DuckDBPyConnection, files: Sequence[str], typed_ones: Iterable[Typed]
) -> dict[str, frozenset[str]]:
    """The amounts that some record of the file has."""
    filled: dict[str, frozenset[str]] = dict.fromkeys(files, frozenset())
    filled |= {
        file_id: frozenset(name for name, some in zip(AMOUNTS, have, strict=True) if some)
        for file_id, *have in con.execute(_FILLED, [files]).fetchall()
    }
    for file in typed_ones:
        there = [name for name in AMOUNTS if name in file.columns]
        have = [con.execute("select count(" + name + ") from " + qualified(file.table)).fetchall() for name in there]
        filled[file.file_id] = frozenset(name for name, ((some,),) in zip(there, have, strict=True) if some)
    return filled


def _times(
    con: duckdb.DuckDBPyConnection, program: Program, source: Source, files: Sequence[str], typed_ones: Sequence[Typed]
) -> dict[str, datetime]:
    """When each export was made: as declared, else its latest instant; of sources without instants its latest day."""
    days = [column.name for column in source.columns if column.type == "DATE" and column.required]
    names = source.instants or days
    declared = "select file_id, exported_at from raw.files where exported_at is not null and list_contains(?, file_id)"
    if not names:
        return dict(con.execute(declared, [files]).fetchall())
    latest = latest_instant(source) if source.instants else "greatest(" + ", ".join(map(typed, names)) + ")::timestamp"
    checks = [rule for rule in rules(source, program) if rule.name in names]
    cells = ", ".join(cell(name) + " as " + identifier(name) for name in names)
    raw = qualified(TABLE_BY_KEY["raw." + source.name])
    rows = ["select _file_id, _timezone, " + cells + " from " + raw]
    query = "with " + read(source, checks, rows) + " select _file_id, max(" + latest + ") from read group by all"
    found = dict(con.execute(query).fetchall())
    for file in typed_ones:
        query = "select max(" + file.latest(source) + ") from " + qualified(file.table)
        found[file.file_id] = con.execute(query).fetchall()[0][0]
    return found | dict(con.execute(declared, [files]).fetchall())


def _named(names: Sequence[str]) -> str:
    """Column names for people, the first few."""
    shown = ", ".join(f"'{name}'" for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ("column " if len(names) == 1 else "columns ") + shown + more
