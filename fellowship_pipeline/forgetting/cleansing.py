"""The archive without erased persons: every content in which they are is replaced by its records less theirs.

May be repeated at any time and interrupted anywhere: what is left to do follows from the tombstones, the ledger and
the archive alone. Belongs here: replacing and destroying contents, names in the ledger's paths and in decisions. Does
not belong here: finding (``search``), the rest of an erasure (``erasure``).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.forgetting.destruction import destroy, rewrite
from fellowship_pipeline.forgetting.names import Sieve, digest, tombstone
from fellowship_pipeline.forgetting.search import Trace, open_all, search, telling, ways
from fellowship_pipeline.home import decisions
from fellowship_pipeline.home.chain import Chain
from fellowship_pipeline.intake.cleansed import pack
from fellowship_pipeline.intake.landing.archive import UNFINISHED, copying, settle
from fellowship_pipeline.intake.landing.ledger import DESTROYED, Content, Event, Ledger, LedgerState
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.records import Records, each

if TYPE_CHECKING:
    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program


@dataclass(frozen=True)
class Cleansed:
    """What a cleansing did: contents replaced, contents destroyed, records left out."""

    replaced: int = 0
    destroyed: int = 0
    records: int = 0


def cleanse(home: Home, program: Program, *, strictly: bool = False) -> Cleansed:
    """Takes erased persons out of all contents that are new since the last time, or all if anything else is.

    ``strictly``: everything is looked at, and what cannot be searched (a picture, a PDF) destroyed.
    """
    known = tombstones.load(home)
    if not known.stones:
        return Cleansed()
    ledger = Ledger(home.ledger)
    state = ledger.state()
    while True:
        sieve, basis = known.sieve(), _basis(program, known)
        since = state.sifted[1] if state.sifted[0] == basis and not strictly else -1
        new = {content.sha256 for content in state.contents.values() if content.sightings[-1][0] > since}
        found = search(home, program, state, sieve, new, wholly=strictly)
        learned = {tombstone(sieve.key, name, scope) for name, scope in found.names} - set(known.stones)
        if not learned:
            break
        tombstones.learn(home, learned)
        known = tombstones.load(home)
    done = Cleansed()
    by_content = ways(home, program, state)
    for sha256, trace in found.traces.items():
        if trace.records or trace.is_mentioned or (strictly and not trace.is_searchable):
            left, records = _without(open_all(home, trace.content, by_content.get(sha256, [])), trace, sieve)
            ledger.append([_replaced(home, trace.content, left, records)])
            done = Cleansed(done.replaced + bool(left), done.destroyed + (not left), done.records + records)
    _redact(home.ledger, sieve)
    decisions.forget(home, sieve.is_name, sieve.without, rewrite)
    _tidy(home, ledger.state())
    if new:
        ledger.append([{"event": "sifted", "basis": basis}])
    return done


def _basis(program: Program, known: tombstones.Tombstones) -> str:
    """What a cleansing goes by, besides the contents."""
    settings = json.dumps(program.model_dump(mode="json", include={"sources"}), sort_keys=True)
    return hashlib.sha256("\n".join([settings, *(stone.hmac for stone in known.stones)]).encode()).hexdigest()[:16]


def _without(opened: dict[str, Records], trace: Trace, sieve: Sieve) -> tuple[dict[str, Records], int]:
    """The readings less the records that are theirs and the names mentioned in others; how many records."""
    left = {key: without(records, trace.rows.get(key, set()), sieve) for key, records in opened.items()}
    return left, max((records.ignored - opened[key].ignored for key, records in left.items()), default=0)


def without(records: Records, rows: set[int], sieve: Sieve) -> Records:
    """The records less those of ``rows`` and those refused that mention somebody, counted as ignored; no mentions."""
    kept = records.only(pc.invert(pc.is_in(records.rows, value_set=pa.array(sorted(rows), pa.int64()))))
    rejects = tuple(r for r in records.rejects if r.row not in rows and not sieve.mentions(r.value))
    gone = {*rows, *(reject.row for reject in records.rejects)} - {reject.row for reject in rejects}
    before = [int(note.values["records"]) for note in records.notes if note.kind == "erased"]
    notes = [note.requoted(sieve.without) for note in records.notes if note.kind != "erased"]
    count = len(gone) + sum(before)
    return dataclasses.replace(
        kept,
        header=tuple(map(sieve.without, records.header)),
        columns=tuple(_redacted(column, sieve) for column in kept.columns),
        rejects=rejects,
        doubts=tuple(map(sieve.without, records.doubts)),
        notes=(*notes, *([Note("erased", {"records": count})] if count else [])),
        ignored=records.ignored + len(gone),
        about={key: sieve.without(text) for key, text in records.about.items()},
    )


def _redacted(column: pa.ChunkedArray, sieve: Sieve) -> pa.ChunkedArray:
    changed = {text: sieve.without(text) for text in telling(column, sieve) if sieve.mentions(text)}
    return pa.chunked_array([each(column, lambda text: changed.get(text, text))]) if changed else column


def _replaced(home: Home, content: Content, left: dict[str, Records], records: int) -> Event:
    """Stores what is left of a content, if anything can be read of it, and says so."""
    if not left:
        return {"event": "erased", "sha256": content.sha256}
    with copying(home) as copy:
        copy.write([pack(left)])
        copy.keep()
    settle(home, [copy.sha256])
    return {"event": "cleansed", "sha256": content.sha256, "kept": copy.sha256, "records": records}


def _redact(path: Path, sieve: Sieve) -> None:
    """Takes names out of the texts of a file of JSON lines, such as paths, with a hash in their place."""
    chain = Chain(path)
    before = chain.read()
    after = [_nameless(event, sieve) for event in before]
    if before == after:
        return
    if chain.is_older_form():
        rewrite(path, "".join(json.dumps(event) + "\n" for event in after).encode())
    else:
        chain.rewrite(after, rewrite)


def _nameless(value: Any, sieve: Sieve) -> Any:
    match value:
        case str():
            return sieve.without(value, f"erased-{digest(sieve.key, value, 'path')[:8]}")
        case dict():
            return {key: _nameless(part, sieve) for key, part in value.items()}
        case list():
            return [_nameless(part, sieve) for part in value]
        case _:
            return value


def _tidy(home: Home, state: LedgerState) -> None:
    """Destroys what lies in the archive and is no content's: replaced ones that came again, copies never finished."""
    kept = {c.cleansed or c.sha256 for c in state.contents.values() if c.decision not in DESTROYED}
    for path in [home.archive / UNFINISHED, *home.archive.glob("*/*")]:
        if path.name not in kept:
            destroy(path)
