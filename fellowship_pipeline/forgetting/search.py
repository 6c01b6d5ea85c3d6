"""What of the archive is about the persons sought: their records, mentions of them, further names of theirs.

A record is theirs where the source's person is one of their names, or where a file without known layout has a name of
theirs as a whole cell. A name elsewhere (a host, a list of people, free text) is a mention: the record is another's.
Belongs here: looking, which changes nothing. Does not belong here: what is done about it (``cleansing``).
"""

from __future__ import annotations

import codecs
import html
import re
import zipfile
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.forgetting.names import Sieve, fold
from fellowship_pipeline.intake.cleansed import readings, signature
from fellowship_pipeline.intake.isolation import read_isolated
from fellowship_pipeline.intake.landing.ledger import DESTROYED, Content, LedgerState
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Layout
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.readers.records import Header, Quarantined, Records, normal
from fellowship_pipeline.intake.readers.unpacking import REFUSED, unpack
from fellowship_pipeline.intake.reading.entries import archived_bytes, group_of, layout_of
from fellowship_pipeline.intake.reading.outcomes import UNREAD
from fellowship_pipeline.intake.staging.identity import NAMING
from fellowship_pipeline.program.sources import Entry

if TYPE_CHECKING:
    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program

HEAD, TAIL = 1 << 20, 1 << 16
"""Of a text, the beginning and the end that may hold something outside its records."""

_PLAIN = r"^(\d{4}-\d{2}-\d{2}[T ])?[\d\s:+.,/\-]*Z?$"
_NODE = re.compile(rb">([^<>]+)<")

ROSTER = ("member", "name", "email")
"""What the roster calls a person; any other name is an alias of some kind."""

Name = tuple[str, str]
"""A name as written, and the platform's column that it is an id in ('' for a name anywhere)."""


@dataclass
class Trace:
    """What of one content is theirs: record numbers by the signature of the entry that reads it."""

    content: Content
    rows: dict[str, set[int]] = field(default_factory=dict)
    is_mentioned: bool = False
    is_readable: bool = True
    is_searchable: bool = True

    @property
    def records(self) -> int:
        """How many records are theirs, at least."""
        return max(map(len, self.rows.values()), default=0)


@dataclass
class Found:
    """What a search came to. ``is_anybody``: whether some record is of theirs by the source's person."""

    is_anybody: bool = False
    traces: dict[str, Trace] = field(default_factory=dict)
    theirs: set[Name] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    @property
    def names(self) -> set[Name]:
        """Names in records that are theirs and in nobody else's."""
        return {(name, scope) for name, scope in self.theirs if scope or fold(name) not in self.others}


@dataclass(frozen=True)
class Way:
    """An entry's way to one content; without a layout where it is not read."""

    group: EntryFiles
    layout: Layout | None
    file: Incoming

    @property
    def signature(self) -> str:
        """Of the entry."""
        return signature(self.group.entry)


def ways(home: Home, program: Program, state: LedgerState, sources: tuple[str, ...] = ()) -> dict[str, list[Way]]:
    """Every entry's way (or those of ``sources``) to every content that is left, by SHA-256."""
    found: dict[str, list[Way]] = {}
    for source, entries in program.sources.items():
        for entry in entries if not sources or source in sources else ():
            group = group_of(home, program, state, source, entry)
            layout = layout_of(group)
            for file in group.files:
                if file.decision not in DESTROYED:
                    found.setdefault(file.sha256, []).append(
                        Way(group, None if file.decision in UNREAD else layout, file)
                    )
    return found


def open_all(home: Home, content: Content, those: list[Way]) -> dict[str, Records]:
    """The content's records by signature; empty where nothing can read it."""
    if content.cleansed is not None:
        return readings(archived_bytes(home, content.cleansed))
    found = {}
    for way in those:
        try:
            found[way.signature] = way.group.open(way.file)
        except Quarantined:
            continue
    if not found:
        entry = Entry(files="*")
        try:
            found[signature(entry)] = read_isolated(home, content.sha256, entry)
        except Quarantined:
            return {}
    return found


def search(
    home: Home,
    program: Program,
    state: LedgerState,
    sieve: Sieve,
    among: Container[str] | None = None,
    *,
    wholly: bool = False,
) -> Found:
    """Looks through all contents (or those of ``among``), and for names through all that say who is who.

    ``wholly``: also between the records of large texts, not only before and after them.
    """
    found = Found()
    by_content = ways(home, program, state)
    for content in state.contents.values():
        here = by_content.get(content.sha256, [])
        names_people = any(way.group.source.name in NAMING for way in here)
        if content.decision in DESTROYED or not (names_people or among is None or content.sha256 in among):
            continue
        trace = found.traces[content.sha256] = Trace(content)
        opened = open_all(home, content, here)
        for way in here:
            records = opened.get(way.signature)
            if records is not None:
                trace.rows.setdefault(way.signature, set()).update(_theirs(way, records, sieve, found))
        for key in opened.keys() - trace.rows.keys():
            trace.rows[key] = set(_with_a_name(opened[key], sieve))
        trace.is_readable = bool(opened)
        trace.is_mentioned = any(any(_texts(records, sieve)) for records in opened.values())
        if content.cleansed is None and not trace.is_mentioned:
            data = archived_bytes(home, content.sha256)
            trace.is_mentioned = any(map(sieve.mentions, set(_outside(data, wholly or not opened))))
            trace.is_searchable = bool(opened) or _is_text(data)
    return found


def who_is_who(home: Home, program: Program, state: LedgerState) -> dict[str, set[tuple[str, str]]]:
    """By member, all names of theirs in any roster or list of aliases that ever came: (column or kind, name)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for those in ways(home, program, state, NAMING).values():
        for way in those:
            rows = _rows(way)
            for row in rows.to_pylist() if rows is not None else ():
                texts = {name: text.strip() for name, text in row.items() if isinstance(text, str) and text.strip()}
                if member := texts.get("member"):
                    names = found.setdefault(member, set())
                    names |= {(name, texts[name]) for name in ROSTER if name in texts}
                    names |= {(texts.get("kind", ""), texts["value"])} if "value" in texts else set()
    return found


def _rows(way: Way, records: Records | None = None) -> pa.Table | None:
    """The rows that the entry makes of the content; None where it makes none."""
    if way.layout is None:
        return None
    try:
        return way.layout.shape(way.file, way.group.open(way.file) if records is None else records).rows
    except Quarantined:
        return None


def _theirs(way: Way, records: Records, sieve: Sieve, found: Found) -> set[int]:
    """Numbers of the records that are theirs; notes the names in them, and the names that others have."""
    source, person = way.group.source, way.group.source.person
    rows = _rows(way, records)
    if rows is None:
        theirs = set(_with_a_name(records, sieve))
    elif person is None or person not in rows.column_names:
        theirs = set()
    else:
        names = rows.column(person)
        is_theirs = _is_in(names, sieve.is_name)
        theirs = set(rows.column("_row").filter(is_theirs).to_pylist())
        others = pc.and_(pc.invert(is_theirs), pc.not_equal(pc.utf8_trim_whitespace(pc.fill_null(names, "")), ""))
        found.is_anybody |= bool(theirs)
        shared = set(rows.column("_row").filter(others).to_pylist())
        theirs -= shared
        if source.name in NAMING:
            found.theirs |= {(name, "") for name in _names(rows.filter(is_theirs))}
            found.others |= {fold(name) for name in _names(rows.filter(others))}
    for header in _person_headers(way):
        if (place := records.place(header)) is not None:
            is_id = partial(sieve.is_name, scope=_scope(way, header))
            theirs |= set(records.rows.filter(_is_in(records.columns[place], is_id)).to_pylist())
    if way.group.entry.preset:
        for header in preset(way.group.entry.preset).person_ids:
            if (place := records.place(header)) is not None:
                ids = records.columns[place].filter(pc.is_in(records.rows, pa.array(sorted(theirs), pa.int64())))
                found.theirs |= {
                    (text.strip(), _scope(way, header)) for text in ids.unique().to_pylist() if text.strip()
                }
    return theirs


def _person_headers(way: Way) -> Iterator[Header]:
    """Headers that name the person of a record, whether the layout fits or not."""
    entry, person = way.group.entry, way.group.source.person
    if person is None:
        return
    if entry.preset:
        yield from preset(entry.preset).person_ids
    elif mapped := (entry.columns or {}).get(person):
        yield mapped.header
    else:
        yield person
    if entry.member:
        yield entry.member


def _scope(way: Way, header: Header) -> str:
    name = way.group.entry.preset
    return f"{name}.{normal(str(header))}" if name and header in preset(name).person_ids else ""


def _names(rows: pa.Table) -> Iterator[str]:
    """The names in rows of a roster or of aliases."""
    for column in (*ROSTER, "value"):
        if column in rows.column_names:
            yield from (text.strip() for text in rows.column(column).unique().to_pylist() if text and text.strip())


def _with_a_name(records: Records, sieve: Sieve) -> Iterator[int]:
    """Numbers of the records that have a distinctive name as a whole cell."""
    for column in records.columns:
        yield from records.rows.filter(_is_in(column, sieve.is_distinctive)).to_pylist()


def _texts(records: Records, sieve: Sieve) -> Iterator[bool]:
    """Whether each distinct text of the records, and what stands beside them, mentions somebody."""
    quoted = (text for note in records.notes for text in note.quoted)
    beside = (*records.header, *quoted, *records.doubts, *records.about.values())
    yield from map(sieve.mentions, (*beside, *(reject.value for reject in records.rejects)))
    for column in records.columns:
        yield from map(sieve.mentions, telling(column, sieve))


def telling(column: pa.ChunkedArray, sieve: Sieve) -> list[str]:
    """The distinct texts of a column that can mention somebody: no numbers and instants, unless names are numbers."""
    texts = pc.unique(column)
    if not sieve.has_numbers:
        texts = texts.filter(pc.invert(pc.match_substring_regex(texts, _PLAIN)))
    return [text for text in texts.to_pylist() if text]


def _is_in(column: pa.ChunkedArray, is_wanted: Callable[[str], bool]) -> pa.Array:
    wanted = [text for text in pc.unique(column).to_pylist() if text and is_wanted(text)]
    return pc.is_in(column, value_set=pa.array(wanted, pa.string()))


def _is_text(data: bytes) -> bool:
    return b"\0" not in data and not data.startswith(tuple(magic for magic, _ in REFUSED))


def _outside(data: bytes, wholly: bool) -> Iterator[str]:
    """What may stand outside the records: a text's first and last lines or all, everything in a workbook's parts."""
    try:
        data, kind = unpack(data)
    except Quarantined:
        kind = "text"
    if kind == "xlsx":
        with zipfile.ZipFile(BytesIO(data)) as parts:
            for part in parts.infolist():
                for node in set(_NODE.findall(parts.read(part))):
                    yield html.unescape(node.decode(errors="replace"))
    elif kind == "text":
        ends = data if wholly or len(data) <= HEAD + TAIL else data[:HEAD] + b"\n" + data[-TAIL:]
        encodings = ("utf-16",) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8", "cp949")
        for encoding in encodings if not data.isascii() else ("ascii",):
            yield from set(ends.decode(encoding, errors="replace").splitlines())
