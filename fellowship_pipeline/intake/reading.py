"""From the archive into ``raw``: every file that an entry asks for is read, held, refused or left aside, and counted.

Belongs here: which contents belong to which entry, statuses, identities. Does not belong here: formats (readers),
columns (``mapping``, ``presets``), writing tables (``raw_tables``), anything about values (staging).
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.arrival import archived, asked_for, beside
from fellowship_pipeline.intake.declared import covered, exported
from fellowship_pipeline.intake.delimited import read_delimited
from fellowship_pipeline.intake.layout import Group, Incoming, Layout, Preset
from fellowship_pipeline.intake.ledger import Content, Event, Ledger, State
from fellowship_pipeline.intake.mapping import Mapped
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.raw_tables import RawTables
from fellowship_pipeline.intake.records import LacksColumns, Quarantined, Records, Reject, Setting, normal
from fellowship_pipeline.intake.spreadsheet import read_workbook
from fellowship_pipeline.intake.unpacking import unpack

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program_sources import Entry

UNREAD = ("rejected", "withdrawn")


@dataclass(frozen=True)
class Outcome:
    """What became of one content under one entry. ``rows`` are those of the source, where it is loaded."""

    file: Incoming
    file_id: str
    status: str
    reason: str | None = None
    encoding: str | None = None
    count: int = 0
    ignored: int = 0
    superseded: int = 0
    rejects: tuple[Reject, ...] = ()
    rows: pa.Table | None = None
    exported_at: datetime | None = None
    covers: tuple[date, date] | None = None
    lacks: LacksColumns | None = None

    @property
    def lacking(self) -> dict[Setting, str]:
        """The headers that the file does not have, by the setting that names them; () where the layout does."""
        return dict(self.lacks.columns) if self.lacks else {}


def read_into(con: duckdb.DuckDBPyConnection, home: Home, program: Program) -> None:
    """Replaces all tables of ``raw`` by what the archive holds for the program's entries.

    Files are those of the ledger, whether they still lie in the landing folder or not. Raises UserError where a mapping
    names a header that none of the entry's files has, and where the archive is damaged.
    """
    ledger = Ledger(home.ledger)
    state = ledger.state()
    tables = RawTables(con)
    events: list[Event] = []
    for source, entries in program.sources.items():
        known: set[str] = set()
        for place, entry in enumerate(entries):
            group = _group(home, program, state, source, entry)
            outcomes = _outcomes(group, known)
            if group.source.replaced_whole:
                outcomes = iter(_replaced(list(outcomes), state))
            done = []
            for outcome in outcomes:
                tables.add(source, place, group.zone, outcome)
                done.append(replace(outcome, rows=None))
            _check_settings(program, group, place, done)
            known |= {outcome.file_id for outcome in done}
            events += [_event(source, outcome) for outcome in done]
    tables.finish()
    current = {event["file_id"] for event in events}
    events = [event for event in events if event != _without_time(state.readings.get(event["file_id"], {}))]
    events += [{"event": "dropped", "file_id": file_id} for file_id in state.readings if file_id not in current]
    ledger.append(events)


def entries_without_files(home: Home, program: Program) -> list[tuple[str, int, str]]:
    """Entries that no file ever came for: source, place, pattern. For a warning."""
    paths = list(Ledger(home.ledger).state().latest)
    return [
        (source, place, entry.files)
        for source, entries in program.sources.items()
        for place, entry in enumerate(entries)
        if not asked_for(entry, paths)
    ]


def read_file(data: bytes, entry: Entry) -> Records:
    """The records of a file's bytes, as the entry says they are to be read; raises Quarantined."""
    if not data:
        raise Quarantined("empty file")
    data, kind = unpack(data)
    if kind == "xlsx":
        return read_workbook(data, sheet=entry.sheet, skip_lines=entry.skip_lines)
    return read_delimited(data, encoding=entry.encoding, delimiter=entry.delimiter, skip_lines=entry.skip_lines)


def _group(home: Home, program: Program, state: State, source: str, entry: Entry) -> Group:
    """The contents that lie, or lay, where the entry asks for files."""
    paths = list(state.latest)
    asked, looked_up = asked_for(entry, paths), beside(source, entry, paths)
    files = [
        Incoming(
            content.sha256,
            tuple(dict.fromkeys(path for _, path in content.sightings if path in asked | looked_up)),
            content.size,
            content.first_seen,
            content.decision,
            any(path in asked for _, path in content.sightings),
        )
        for content in sorted(state.contents.values(), key=_last_seen)
        if any(path in asked | looked_up for _, path in content.sightings)
    ]
    zone = entry.timezone or (_preset(entry).timezone if entry.preset else None) or program.timezone
    reader = (_preset(entry).reader if entry.preset else None) or read_file
    return Group(
        SOURCE_BY_NAME[source], entry, zone, tuple(files), lambda file: reader(_archived_bytes(home, file), entry)
    )


def _outcomes(group: Group, known: set[str]) -> Iterator[Outcome]:
    """What becomes of each file, in the order of their hashes; files that an equal entry has read are left out."""
    readable = replace(group, files=tuple(file for file in group.files if file.decision not in UNREAD))
    layout = _preset(group.entry).layout(readable) if group.entry.preset else Mapped(readable)
    for file in sorted(group.files, key=lambda file: file.sha256):
        file_id = _file_id(group, file)
        if file_id in known:
            continue
        if file.decision in UNREAD:
            yield Outcome(file, file_id, str(file.decision), f"{file.decision} by an operator")
            continue
        try:
            yield _outcome(group, layout, file, file_id)
        except LacksColumns as refusal:
            yield Outcome(file, file_id, "quarantined", str(refusal), lacks=refusal)
        except Quarantined as refusal:
            yield Outcome(file, file_id, "quarantined", str(refusal))


def _outcome(group: Group, layout: Layout, file: Incoming, file_id: str) -> Outcome:
    records = group.open(file)
    notes = "; ".join(records.notes) or None
    declared = _preset(group.entry).exported if group.entry.preset else None
    outcome = Outcome(
        file,
        file_id,
        "loaded",
        notes,
        encoding=records.encoding,
        exported_at=exported(group.entry, declared, file.paths, records, group.zone),
        covers=covered(group.entry, file.paths),
    )
    shaped = layout.shape(file, records)
    if records.doubts and file.decision != "accepted":
        return replace(outcome, status="held", reason="; ".join(records.doubts))
    if not file.asked:
        shaped = replace(shaped, rows=None, unused="read only to look things up in")
    if shaped.rows is None:
        return replace(outcome, status="ignored", reason=shaped.unused, count=records.count, ignored=records.count)
    return replace(
        outcome,
        count=records.count,
        ignored=records.ignored + shaped.ignored,
        rejects=(*records.rejects, *shaped.rejects),
        rows=shaped.rows,
    )


def _replaced(outcomes: list[Outcome], state: State) -> list[Outcome]:
    """Of the loadable versions of one path only the last stays; a content counts where it is the last of any path."""
    loaded = {outcome.file.sha256: outcome for outcome in outcomes if outcome.status == "loaded"}
    paths = {path for outcome in loaded.values() for path in outcome.file.paths}
    last = {[sha for sha in state.versions(path) if sha in loaded][-1] for path in paths}
    return [
        outcome
        if outcome.status != "loaded" or outcome.file.sha256 in last
        else replace(
            outcome,
            status="superseded",
            reason="a newer version lies in its place",
            superseded=outcome.count,
            ignored=0,
            rejects=(),
            rows=None,
        )
        for outcome in outcomes
    ]


def _check_settings(program: Program, group: Group, place: int, outcomes: list[Outcome]) -> None:
    """Raises UserError where a header that program.yaml names is in none of the files that could be read."""
    read = [o for o in outcomes if o.file.asked and (any(o.lacking) or o.status not in ("quarantined", *UNREAD))]
    lacking = [outcome.lacking for outcome in read]
    for setting, header in lacking[0].items() if lacking else ():
        if setting and all(setting in lacks for lacks in lacking):
            there = {normal(name): name for outcome in read if outcome.lacks for name in outcome.lacks.header}
            near = difflib.get_close_matches(normal(header), there, n=1, cutoff=0.6)
            hint = f" Nearest: '{there[near[0]]}'." if near else ""
            path: tuple[str | int, ...] = ("sources", group.source.name, place, *setting)
            key = f"sources.{group.source.name}[{place}]." + ".".join(setting)
            raise UserError(
                f"{program.where(*path)}, {key}: no file of {group.entry.files} has a column '{header}'.{hint}"
                " Expected a header of the file"
            )


def _archived_bytes(home: Home, file: Incoming) -> bytes:
    """The content; raises UserError where the archive no longer has it unchanged."""
    path = archived(home, file.sha256)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path.relative_to(home.path)} is missing: restore it, or withdraw the file") from None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise UserError(f"{path.relative_to(home.path)} is not what was archived: restore it, or withdraw the file")
    return data


def _file_id(group: Group, file: Incoming) -> str:
    signature = group.entry.model_dump_json(exclude={"files"}, exclude_defaults=True)
    return hashlib.sha256(f"{group.source.name}|{signature}|{file.sha256}".encode()).hexdigest()[:16]


def _preset(entry: Entry) -> Preset:
    if entry.preset is None:
        raise ValueError("the entry has no preset")
    return preset(entry.preset)


def _last_seen(content: Content) -> int:
    return max(at for at, _ in content.sightings)


def _event(source: str, outcome: Outcome) -> Event:
    return {
        "event": outcome.status,
        "file_id": outcome.file_id,
        "source": source,
        "path": outcome.file.paths[0],
        "sha256": outcome.file.sha256,
        "rows": outcome.count,
        "reason": outcome.reason,
    }


def _without_time(event: Event) -> Event:
    return {key: value for key, value in event.items() if key != "at"}
