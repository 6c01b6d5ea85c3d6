"""Files that were replaced where they lay: what the newer version takes out of force, and what it changes.

Belongs here: versions of one path, of sources that are not replaced whole (of those: ``files``). Does not belong here:
which of two files that both stand decides over a key (``staging.facts``).

A version whose instants begin no later and end no earlier than those of the one before is a correction, and replaces
it; any other is of a window that has moved on, and both stand. Of files without instants one is a correction where it
has at least half of the keys that were there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import RAW_TABLES, SOURCE_BY_NAME, Source
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.plain.loading import typed_files
from fellowship_pipeline.intake.presets import is_cumulative
from fellowship_pipeline.intake.reading.suspicion import LEAST_ROWS, hold
from fellowship_pipeline.intake.staging import identity, keys
from fellowship_pipeline.intake.staging.facts import type_rows
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from fellowship_pipeline.program import Program

ByPlace = Mapping[tuple[str, int], Sequence[Sequence[str]]]
"""By source and place of the entry, the files that lay at each path, oldest first; also at paths with only one."""

_LOADED = "select file_id, \"rows\" from raw.files where source = ? and status = 'loaded'"

_CANDIDATES = "create or replace temp view candidates as select * from typed where _broken is null"

_CHANGES = """
with files as (
    select key, content, coalesce(sum(n) filter (where _file_id = $older), 0) as had,
        coalesce(sum(n) filter (where _file_id = $newer), 0) as has
    from version_rows where _file_id in ($older, $newer) group by key, content
),

by_key as (
    select sum(had) as had, sum(has) as has, sum(least(had, has)) as same from files group by key
)

select
    cast(coalesce(sum(least(had, has) - same), 0) as bigint),
    cast(coalesce(sum(has - least(had, has)), 0) as bigint),
    cast(coalesce(sum(had - least(had, has)), 0) as bigint),
    cast(coalesce(sum(had), 0) as bigint)
from by_key
"""

_REPLACED = "create or replace temp table replaced_files as select unnest(?::varchar[]) as file_id"

_SUPERSEDE = """
update raw.files set status = 'superseded', reason = ?, superseded = "rows", ignored = 0, needs_look = false
from replaced_files where replaced_files.file_id = files.file_id
"""

REASON = "a newer version lies in its place"


@dataclass
class Settled:
    """What comparing versions came to: files held and why, files no longer in force, what the newer ones change."""

    held: dict[str, str] = field(default_factory=dict)
    superseded: set[str] = field(default_factory=set)
    notes: dict[str, Note] = field(default_factory=dict)


@dataclass(frozen=True)
class _Version:
    """A version as it is compared. ``span``: its first and last instant; None where it has none."""

    file_id: str
    rows: int
    span: tuple[datetime, datetime] | None


@dataclass(frozen=True)
class _Changes:
    """Rows by key between two versions."""

    changed: int
    came: int
    went: int
    had: int


def later(places: ByPlace) -> dict[str, set[str]]:
    """By file, the files that came later to each place where it lay; none of one that is the last of some place."""
    found: dict[str, set[str]] = defaultdict(set)
    for paths in places.values():
        last = {versions[-1] for versions in paths if versions}
        for versions in paths:
            for at, file_id in enumerate(versions):
                if file_id not in last:
                    found[file_id].update(versions[at + 1 :])
    return found


def settle(con: duckdb.DuckDBPyConnection, program: Program, places: ByPlace, trusted: Collection[str]) -> Settled:
    """Takes loaded files that a newer version replaces out of ``raw``, and holds versions that have too few rows.

    Writes ``raw.versions`` of those that both stand. Files in ``trusted`` are never held.
    """
    settled = Settled()
    identity.learn_early(con, program)
    loaded = {name: dict(con.execute(_LOADED, [name]).fetchall()) for name, _ in places}
    for (name, place), paths in places.items():
        source, rows = SOURCE_BY_NAME[name], loaded[name]
        lists = [[file_id for file_id in versions if file_id in rows] for versions in paths]
        several = {file_id for versions in lists if len(versions) > 1 for file_id in versions}
        if source.replaced_whole or not several:
            continue
        compared = _Compared(con, program, source, {file_id: rows[file_id] for file_id in sorted(several)})
        is_state = name == "activity" and is_cumulative(program.sources[name][place])
        _settle_entry(settled, compared, lists, trusted, is_state=is_state)
    hold(con, settled.held)
    _take_out(con, settled)
    out = settled.held.keys() | settled.superseded
    _write(
        con,
        {
            (name, place): [[one for one in versions if one in loaded[name] and one not in out] for versions in paths]
            for (name, place), paths in places.items()
        },
    )
    return settled


def _write(con: duckdb.DuckDBPyConnection, standing: ByPlace) -> None:
    pairs = sorted((older, newer) for older, several in later(standing).items() for newer in several)
    if pairs:
        con.executemany("insert into raw.versions (older, newer) values (?, ?)", pairs)


class _Compared:
    """The versions of an entry, typed; what one changes of another is asked for when it is needed."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, program: Program, source: Source, rows: Mapping[str, int]
    ) -> None:
        self.con = con
        typed_ones = [file for file in typed_files(con, source) if file.file_id in rows]
        type_rows(con, source, program, typed_ones, rows.keys())
        con.execute(_CANDIDATES)
        if identity.is_resolved(source, program):
            identity.resolve(con, source, "candidates")
        con.execute(_version_rows(source, program))
        spans = {file_id: (first, last) for file_id, first, last in con.execute(_spans(source)).fetchall() if first}
        self.files = {file_id: _Version(file_id, count, spans.get(file_id)) for file_id, count in rows.items()}

    def changes(self, older: str, newer: str) -> _Changes:
        """What the newer one changes."""
        return _Changes(*self.con.execute(_CHANGES, {"older": older, "newer": newer}).fetchall()[0])

    def covers(self, older: str, newer: str) -> bool:
        """Whether the newer one is a correction of the older."""
        before, now = self.files[older].span, self.files[newer].span
        if before and now:
            return now[0] <= before[0] and now[1] >= before[1]
        if before or now:
            return before is None
        changes = self.changes(older, newer)
        return 2 * changes.went <= changes.had


def _settle_entry(
    settled: Settled,
    compared: _Compared,
    lists: Sequence[Sequence[str]],
    trusted: Collection[str],
    *,
    is_state: bool,
) -> None:
    """``is_state``: versions are states, each of its own time, and none a correction."""
    while True:
        believed = [[file_id for file_id in versions if file_id not in settled.held] for versions in lists]
        walks = [list(_walk(compared, versions, is_state=is_state)) for versions in believed]
        doubts = {
            newer: doubt
            for walk in walks
            for newer, gone in walk
            if newer not in trusted and (doubt := _doubt(compared, newer, gone))
        }
        if not doubts:
            break
        first = next(newer for walk in walks for newer, _ in walk if newer in doubts)
        settled.held[first] = doubts[first]
    gone = [{older for _, replaced in walk for older in replaced} for walk in walks]
    standing = {
        file_id for versions, out in zip(believed, gone, strict=True) for file_id in versions if file_id not in out
    }
    settled.superseded |= set().union(*gone) - standing
    for versions, walk in zip(believed, walks, strict=True):
        for before, (newer, replaced) in zip(versions, walk[1:], strict=False):
            settled.notes[newer] = _note(
                compared, replaced[-1] if replaced else before, newer, is_replaced=bool(replaced)
            )


def _walk(compared: _Compared, versions: Iterable[str], *, is_state: bool) -> Iterator[tuple[str, list[str]]]:
    """Each version of a place with those before it that it replaces."""
    standing: list[str] = []
    for newer in versions:
        replaced = [] if is_state else [older for older in standing if compared.covers(older, newer)]
        standing = [older for older in standing if older not in replaced] + [newer]
        yield newer, replaced


def _doubt(compared: _Compared, newer: str, replaced: Iterable[str]) -> str | None:
    for older in replaced:
        rows, before = compared.files[newer].rows, compared.files[older].rows
        if rows < LEAST_ROWS * before:
            return (
                f"{rows} rows, fewer than 90 % of the {before} in the version that lay here before;"
                " accept it if that is right"
            )
    return None


def _note(compared: _Compared, older: str, newer: str, *, is_replaced: bool) -> Note:
    if not is_replaced:
        return Note("stands_beside", {"file": older})
    changes = compared.changes(older, newer)
    counts: dict[str, str | int] = {"changed": changes.changed, "came": changes.came, "went": changes.went}
    return Note("replaces", {"file": older, **counts})


def _take_out(con: duckdb.DuckDBPyConnection, settled: Settled) -> None:
    """Leaves of superseded files nothing but their line in ``raw.files``."""
    con.execute(_REPLACED, [sorted(settled.superseded)])
    con.execute(_SUPERSEDE, [REASON])
    con.execute("delete from raw.rejects where file_id in (select file_id from replaced_files)")
    for table in RAW_TABLES:
        con.execute("delete from " + qualified(table) + " where _file_id in (select file_id from replaced_files)")


def _moments(source: Source) -> list[str]:
    """The columns that say when a row was: the instants of its key, else any, else the days of its key."""
    of_key = [name for name in source.natural_key if name in source.instants]
    days = [one.name for one in source.columns if one.type == "DATE" and one.name in source.natural_key]
    return of_key or list(source.instants) or days


def _spans(source: Source) -> str:
    moments = ", ".join(map(keys.column, _moments(source)))
    if not moments:
        return "select null, null, null where false"
    return f"select _file_id, min(least({moments})), max(greatest({moments})) from candidates group by _file_id"


def _version_rows(source: Source, program: Program) -> str:
    """``version_rows``: how often each content stands under each key, by file."""
    key, _ = keys.by_person(source, program, source.natural_key)
    content, join = keys.by_person(source, program, [one.name for one in source.columns])
    return (
        "create or replace temp table version_rows as select _file_id, hash(" + ", ".join(key.values())
        + ") as key, hash(" + ", ".join(content.values()) + ") as content, count(*) as n from candidates" + join
        + " group by all"
    )  # fmt: skip
