"""From the archive into ``raw``: every file that an entry asks for is read, held, refused or left aside, and counted.

Belongs here: statuses and identities of files. Does not belong here: which contents are an entry's (``entries``),
writing tables (``raw_tables``), anything about values (``staging``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import duckdb

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.headers import is_header, nameless, unread
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.landing.ledger import RECOVERED, Event, Ledger, LedgerState
from fellowship_pipeline.intake.layouts.best import best_of
from fellowship_pipeline.intake.layouts.counted import counted
from fellowship_pipeline.intake.layouts.declared import covered, exported
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Layout, with_values
from fellowship_pipeline.intake.layouts.unpivoted import unpivoted
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.plain.keeping import plains
from fellowship_pipeline.intake.plain.loading import load
from fellowship_pipeline.intake.plain.plain_file import PlainFile
from fellowship_pipeline.intake.readers.records import (
    NO_ROWS,
    SEVERAL_SHEETS,
    LacksColumns,
    Quarantined,
    Records,
    nearest,
    shown,
)
from fellowship_pipeline.intake.reading.addresses import not_addresses
from fellowship_pipeline.intake.reading.clocks import unsure
from fellowship_pipeline.intake.reading.drift import ColumnSet, columns_of, doubtful, left_aside, note
from fellowship_pipeline.intake.reading.entries import group_of, layout_of, preset_of
from fellowship_pipeline.intake.reading.exclusion import leave_out
from fellowship_pipeline.intake.reading.fitness import doubt_of_plain, judged
from fellowship_pipeline.intake.reading.outcomes import UNREAD, Outcome
from fellowship_pipeline.intake.reading.raw_tables import RawTables
from fellowship_pipeline.intake.reading.suspicion import hold_suspicious
from fellowship_pipeline.intake.reading.versions import REASON, later, settle
from fellowship_pipeline.intake.rules import install
from fellowship_pipeline.intake.staging.cumulative import to_activity
from fellowship_pipeline.program.paths import asked_for

if TYPE_CHECKING:
    from fellowship_pipeline.intake.landing.arrival import Arrivals
    from fellowship_pipeline.program import Program


def read_into(con: duckdb.DuckDBPyConnection, home: Home, program: Program, arrivals: Arrivals | None = None) -> None:
    """Replaces all tables of ``raw`` by what the archive holds for the program's entries.

    Files are those of the ledger, whether they still lie in the landing folder or not; what ``arrivals`` tell of the
    contents that they brought is not asked again, nor what is typed in the warehouse. Raises UserError where a mapping
    names a header that none of the entry's files has, and where the archive is damaged.
    """
    ledger = Ledger(home.ledger)
    state = ledger.state()
    install(con)
    tables = RawTables(con)
    told = plains(con) | dict(arrivals.plain if arrivals is not None else {})
    events: list[Event] = []
    column_sets: dict[str, ColumnSet] = {}
    notes: dict[str, Note] = {}
    places: dict[tuple[str, int], list[list[str]]] = {}
    doubts: dict[str, str] = {}
    typed: list[PlainFile] = []
    for source, entries in program.sources.items():
        known: set[str] = set()
        for place, entry in enumerate(entries):
            group = group_of(home, program, state, source, entry, told=told)
            outcomes = judged(con, program, group, _outcomes(group, known))
            if group.source.replaced_whole:
                outcomes = iter(_replaced(list(outcomes), state))
            done = []
            for outcome in outcomes:
                tables.add(source, place, group.zone, outcome)
                if outcome.plain is not None:
                    file = _plain_file(home, group, outcome)
                    if is_typed := load(con, program, file):
                        tables.note_typed(file.file_id, file.table.name)
                        typed.append(file)
                    if doubt := doubt_of_plain(con, program, file, is_typed):
                        doubts[outcome.file_id] = doubt
                done.append(replace(outcome, rows=None))
            _check_settings(program, group, place, done)
            known |= {outcome.file_id for outcome in done}
            events += [_event(source, outcome) for outcome in done]
            own = {outcome.file_id: outcome.column_set for outcome in done if outcome.column_set is not None}
            column_sets |= own
            notes |= left_aside(own)
            if not group.source.replaced_whole:
                places[source, place] = _places(done, state)
    tables.finish()
    leave_out(con, program)
    accepted = {content.sha256 for content in state.contents.values() if content.decision == "accepted"}
    held = hold_suspicious(con, program, accepted, column_sets, doubts=doubts, newer=later(places))
    trusted = {event["file_id"] for event in events if event["sha256"] in accepted}
    versions = settle(con, program, places, trusted)
    gone = held.keys() | versions.held | versions.superseded
    hours = unsure(con, program.sources, [file for file in typed if file.file_id not in gone])
    to_activity(con, program)
    for found in (notes, versions.notes, hours, not_addresses(con)):
        note(con, found)
        events = [_settled(event, held | versions.held, versions.superseded, found) for event in events]
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
        if entry.files and not asked_for(entry.files, paths)
    ]


def _outcomes(group: EntryFiles, known: set[str]) -> Iterator[Outcome]:
    """What becomes of each file, in the order of their hashes; files that an equal entry has read are left out."""
    layout = layout_of(group)
    for file in sorted(group.files, key=lambda file: file.sha256):
        file_id = _file_id(group, file)
        if file_id in known:
            continue
        if file.decision in UNREAD:
            status = {"expired": "erased", RECOVERED: "held"}.get(file.decision, file.decision)
            yield Outcome(file, file_id, status, UNREAD[file.decision])
            continue
        try:
            yield outcome_of(group, layout, file, file_id)
        except LacksColumns as refusal:
            yield Outcome(file, file_id, "quarantined", str(refusal), lacks=refusal)
        except Quarantined as refusal:
            yield Outcome(file, file_id, "quarantined", str(refusal))


def outcome_of(group: EntryFiles, layout: Layout, file: Incoming, file_id: str) -> Outcome:
    """What becomes of one content by itself; raises Quarantined, LacksColumns where it is refused."""
    if file.asked and (plain := group.plain(file)) is not None:
        exported_at = exported(group.entry, None, file.paths, None, group.zone)
        return Outcome(
            file,
            file_id,
            "loaded",
            notes=(
                *(() if plain.is_ended else (Note("no_newline"),)),
                *unread(group.source, group.entry, plain.header),
            ),
            encoding="utf-8",
            count=plain.count,
            plain=plain,
            exported_at=exported_at,
            column_set=columns_of(group.source, group.entry, plain.header),
        )
    opened = group.open(file)
    try:
        return _shaped(group, layout, Outcome(file, file_id, "loaded"), opened)
    except LacksColumns:
        if several := next((doubt for doubt in opened.doubts if doubt.endswith(SEVERAL_SHEETS)), None):
            raise Quarantined(several) from None
        raise


def _shaped(group: EntryFiles, layout: Layout, outcome: Outcome, opened: Records) -> Outcome:
    """The outcome with the rows that the layout makes of the records; raises as ``outcome_of``."""
    file = outcome.file
    records = best_of(counted(unpivoted(opened, group.entry), group.entry), group.entry)
    declared = preset_of(group.entry).exported if group.entry.preset else None
    outcome = replace(
        outcome,
        encoding=records.encoding,
        exported_at=exported(group.entry, declared, file.paths, records, group.zone),
        covers=covered(group.entry, file.paths, file.there_at, group.zone),
    )
    shaped = with_values(group, file, layout.shape(file, records))
    doubts = [doubt for doubt in records.doubts if doubt != NO_ROWS or group.source.replaced_whole]
    if doubts and file.decision != "accepted":
        return replace(outcome, status="held", reason="; ".join(doubts))
    if not file.asked:
        shaped = replace(shaped, rows=None, unused="read only to look things up in")
    if shaped.rows is None:
        return replace(outcome, status="ignored", reason=shaped.unused, count=records.count, ignored=records.count)
    nothing = (Note("no_rows"),) if NO_ROWS in records.doubts else ()
    unasked = (*nothing, *nameless(group.entry, records), *unread(group.source, group.entry, records.header))
    return replace(
        outcome,
        notes=(*records.notes, *shaped.notes, *unasked),
        count=records.count,
        ignored=records.ignored + shaped.ignored,
        rejects=(*records.rejects, *shaped.rejects),
        rows=shaped.rows,
        column_set=columns_of(group.source, group.entry, records.header),
    )


def _replaced(outcomes: list[Outcome], state: LedgerState) -> list[Outcome]:
    """Of the loadable versions of one path only the last stays; a content counts where it is the last of any path.

    Versions that lack a column which the one before had are held, until one comes that can be believed.
    """
    loaded = {outcome.file.sha256: outcome for outcome in outcomes if outcome.status == "loaded"}
    trusted = {sha for sha, outcome in loaded.items() if outcome.file.decision == "accepted"}
    last: set[str] = set()
    held: dict[str, str] = {}
    for path in {path for outcome in loaded.values() for path in outcome.file.paths}:
        versions = [sha for sha in state.versions(path) if sha in loaded]
        doubts = doubtful([(sha, column_set) for sha in versions if (column_set := loaded[sha].column_set)], trusted)
        newest = max(at for at, sha in enumerate(versions) if sha not in doubts)
        last.add(versions[newest])
        held |= {sha: doubts[sha] for sha in versions[newest + 1 :]}
    return [
        _out_of_force(o, held.get(o.file.sha256)) if o.status == "loaded" and o.file.sha256 not in last else o
        for o in outcomes
    ]


def _places(outcomes: Iterable[Outcome], state: LedgerState) -> list[list[str]]:
    """The loaded files that lay at each path, oldest first."""
    loaded = {outcome.file.sha256: outcome for outcome in outcomes if outcome.status == "loaded"}
    paths = sorted({path for outcome in loaded.values() for path in outcome.file.paths})
    return [[loaded[sha256].file_id for sha256 in state.versions(path) if sha256 in loaded] for path in paths]


def _out_of_force(outcome: Outcome, doubt: str | None) -> Outcome:
    """The version as held for its doubt, else as superseded."""
    gone = replace(outcome, notes=(), ignored=0, rejects=(), rows=None)
    if doubt is not None:
        return replace(gone, status="held", reason=doubt, count=0)
    return replace(gone, status="superseded", reason=REASON, superseded=outcome.count)


def _check_settings(program: Program, group: EntryFiles, place: int, outcomes: list[Outcome]) -> None:
    """Raises UserError where a header that program.yaml names is in none of the files that could be read.

    Dagster keeps its words: of a first line that may be a record, and so a person's, they quote nothing.
    """
    asked = [o for o in outcomes if o.file.asked and o.file.decision not in UNREAD]
    read = [o for o in asked if any(o.lacking) or o.status != "quarantined"]
    lacking = [outcome.lacking for outcome in read]
    for setting, header in lacking[0].items() if lacking else ():
        if setting and all(setting in lacks for lacks in lacking):
            headers = [o.lacks.header for o in read if o.lacks and is_header(group.source, group.entry, o.lacks.header)]
            near = nearest(header, chain.from_iterable(headers))
            hint = f" Nearest: '{near}'." if near else ""
            path: tuple[str | int, ...] = ("sources", group.source.name, place, *setting)
            key = f"sources.{group.source.name}[{place}]." + ".".join(setting)
            raise UserError(
                f"{program.where(*path)}, {key}: no file of {group.entry.files} has a column {shown(header)}.{hint}"
                " Expected a header of the file"
            )


def _plain_file(home: Home, group: EntryFiles, outcome: Outcome) -> PlainFile:
    """What loading has to know of a plain file."""
    if outcome.plain is None:
        raise ValueError("the file is not plain")
    kept = archived(home, outcome.file.sha256)
    there_at = outcome.file.there_at
    return PlainFile(group.source, group.entry, kept, outcome.file_id, there_at, group.zone, outcome.plain)


def _file_id(group: EntryFiles, file: Incoming) -> str:
    signature = group.entry.model_dump_json(exclude={"files"}, exclude_defaults=True)
    return hashlib.sha256(f"{group.source.name}|{signature}|{file.sha256}".encode()).hexdigest()[:16]


def _event(source: str, outcome: Outcome) -> Event:
    return {
        "event": outcome.status,
        "file_id": outcome.file_id,
        "source": source,
        "path": outcome.file.paths[0],
        "sha256": outcome.file.sha256,
        "rows": outcome.count,
        "reason": outcome.said,
    }


def _settled(event: Event, held: Mapping[str, str], superseded: Collection[str], notes: Mapping[str, Note]) -> Event:
    """The event as the comparison with other files leaves it."""
    if event["file_id"] in superseded:
        return {**event, "event": "superseded", "reason": REASON}
    if (doubt := held.get(event["file_id"])) is not None:
        return {**event, "event": "held", "reason": doubt, "rows": 0}
    if event["event"] == "loaded" and (noted := notes.get(event["file_id"])) is not None:
        return {**event, "reason": "; ".join(filter(None, (event["reason"], noted.text)))}
    return event


def _without_time(event: Event) -> Event:
    return {key: value for key, value in event.items() if key != "at"}
