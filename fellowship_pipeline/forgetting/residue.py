"""Proof that nothing is left of a person: every byte of a home searched for every name, however it is written.

Looks for the names themselves and by other means than the erasure, where they are known; where an erasure is taken up
again, for their keyed hashes. Belongs here: spellings, opening what is packed, which files hold one. Does not belong
here: removing anything (``erasure``).
"""

from __future__ import annotations

import gzip
import html
import json
import re
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.parquet as pq

from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.forgetting.names import Tombstone, fold, looked_for, sieve
from fellowship_pipeline.intake.cleansed import readings
from fellowship_pipeline.warehouse import connect
from fellowship_pipeline.warehouse.names import identifier, qualified

DEPTH = 4
"""How deep packed files are opened."""

_HANGUL = re.compile("[가-힣ᄀ-ᇿ]")
_WORD_BEFORE = re.compile(r"[a-z0-9_][._%+\-@]?\Z")
_WORD_AFTER = re.compile(r"[._%+\-@]?[a-z0-9_]")
_ESCAPED = re.compile(r'\\(?:u([0-9a-fA-F]{4})|[nrtbf"/\\])')
_ESCAPE_BEFORE = re.compile(r"(\\[nrtbf]|%[0-9a-f]{2})\Z")


@dataclass(frozen=True)
class Residue:
    """Where a name still is: files relative to the place searched. ``files`` is how many were searched."""

    found: tuple[str, ...]
    files: int
    searched: int
    whole_cells_only: int


def residue(place: Path, names: Collection[str], leave_out: Iterable[Path] = ()) -> Residue:
    """Searches every file below ``place`` but those below ``leave_out`` for the names in all spellings.

    A name counts where it is no part of a longer word, so that ``lee`` is not found in ``fleece`` nor one address in
    another. Names too short for that are searched only as whole cells of the warehouse's columns that name persons.
    """
    distinctive = sorted({name for name in names if looked_for(fold(name)) != "cell"})
    short = {fold(name) for name in names} - {fold(name) for name in distinctive}
    spellings = {spelling for name in distinctive for spelling in _spellings(name)}
    found, files = _search(
        place,
        leave_out,
        lambda path: any(_is_in(text, spellings) for text in _texts(path)),
        (lambda cell: fold(cell) in short) if short else None,
        lambda name: _is_in(name.encode("utf-8", "surrogateescape"), spellings),
    )
    return Residue(found, files, len(distinctive), len(short))


def keyed_residue(place: Path, key: bytes, stones: Collection[Tombstone], leave_out: Iterable[Path] = ()) -> Residue:
    """The same where no more than the keyed hashes of the names is known: every text is asked, folded as names are.

    Of databases their rows are asked, of other files their bytes in every encoding and what is packed in them.
    """
    short = [stone for stone in stones if stone.looked_for == "cell"]
    whole = sieve(key, stones)

    def is_in(path: Path) -> bool:
        fresh = sieve(key, stones)
        texts = _texts(path, whole=False)
        return any(fresh.mentions(line) for text in texts for line in set(_lines(text)))

    def is_in_name(name: str) -> bool:
        return whole.mentions(name.encode("utf-8", "replace").decode())

    found, files = _search(place, leave_out, is_in, whole.is_name if short else None, is_in_name)
    return Residue(found, files, len(stones) - len(short), len(short))


def _search(
    place: Path,
    leave_out: Iterable[Path],
    is_in: Callable[[Path], bool],
    is_cell: Callable[[str], bool] | None,
    is_in_name: Callable[[str], bool],
) -> tuple[tuple[str, ...], int]:
    """Files below the place with a name in them, in their own or in a cell, and how many were searched."""
    skipped = {path.resolve() for path in leave_out}
    files = [
        path
        for path in sorted(place.rglob("*"))
        if path.is_file() and not path.is_symlink() and not skipped.intersection(path.resolve().parents)
    ]
    found = []
    for path in files:
        name = path.relative_to(place).as_posix()
        has_cell = is_cell is not None and path.suffix == ".duckdb" and _has_cell(path, is_cell)
        if is_in_name(name) or has_cell or is_in(path):
            found.append(name)
    return tuple(found), len(files)


@dataclass(frozen=True)
class _Spelling:
    """A name as bytes, ASCII in lower case. ``neighbors``: the encoding that tells what stands beside it."""

    data: bytes
    neighbors: str
    is_word: tuple[bool, bool]

    def stands_alone(self, text: bytes, at: int) -> bool:
        """Whether the name there is no part of a longer word."""
        width = 1 if self.neighbors == "latin-1" else 2
        before = text[max(0, at - 3 * width) : at].decode(self.neighbors, "replace")
        after = text[at + len(self.data) : at + len(self.data) + 2 * width].decode(self.neighbors, "replace")
        starts, ends = self.is_word
        is_inside = starts and _WORD_BEFORE.search(before) and not _ESCAPE_BEFORE.search(before)
        return not is_inside and not (ends and _WORD_AFTER.match(after))


def _spellings(name: str) -> Iterator[_Spelling]:
    """The name in every form, encoding and escape."""
    for form in ("NFC", "NFD", "NFKC"):
        for case in (str, str.lower, str.upper, str.casefold, str.title):
            text = unicodedata.normalize(form, case(name))
            starts, ends = (text[at].isalnum() and not _HANGUL.match(text[at]) for at in (0, -1))
            entities = "".join(letter if letter.isascii() else f"&#{ord(letter)};" for letter in text)
            for spelled in (
                text,
                json.dumps(text)[1:-1],
                quote(text),
                quote(text, safe=""),
                html.escape(text),
                entities,
            ):
                for encoding in ("utf-8", "cp949"):
                    with suppress(UnicodeEncodeError):
                        yield _Spelling(spelled.encode(encoding).lower(), "latin-1", (starts, ends))
            for encoding in ("utf-16-le", "utf-16-be"):
                yield _Spelling(text.encode(encoding).lower(), encoding, (starts, ends))


def _is_in(text: bytes, spellings: Iterable[_Spelling]) -> bool:
    text = text.lower()
    for spelling in spellings:
        at = text.find(spelling.data)
        while at >= 0:
            if spelling.stands_alone(text, at):
                return True
            at = text.find(spelling.data, at + 1)
    return False


def _lines(data: bytes) -> Iterator[str]:
    """The lines of bytes that may be text, in each encoding it could be in, as they are and without escapes."""
    if b"\0" in data:
        encodings: tuple[str, ...] = ("utf-16-le", "utf-16-be", "latin-1")
    else:
        encodings = ("ascii",) if data.isascii() else ("utf-8", "cp949")
    for encoding in encodings:
        text = data.decode(encoding, errors="replace")
        for line in text.splitlines():
            yield line
            if "\\" in line:
                yield _ESCAPED.sub(_unescaped, line)
            if "%" in line:
                yield unquote(line)
            if "&" in line:
                yield html.unescape(line)


def _unescaped(escaped: re.Match[str]) -> str:
    """The letter; white space for what ends a line or is half of a letter."""
    letter = chr(int(escaped[1] or "20", 16))
    return " " if "\ud800" <= letter <= "\udfff" else letter


def _texts(path: Path, *, whole: bool = True) -> Iterator[bytes]:
    """A file's bytes (of a database only where ``whole``), and the texts that stand packed or encoded in them."""
    data = path.read_bytes()
    is_sqlite = data[:6] == b"SQLite"
    if whole or not (is_sqlite or path.suffix == ".duckdb"):
        yield data
    if is_sqlite:
        yield from _of_sqlite(path)
    elif path.suffix == ".duckdb":
        yield from _of_duckdb(path)
    else:
        yield from _opened(data)


def _opened(data: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """What is inside a gzip, a zip, Parquet, or a cleansed content."""
    inside: list[bytes] = []
    try:
        if data.startswith(b"\x1f\x8b"):
            inside = [gzip.decompress(data)]
        elif data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(BytesIO(data)) as parts:
                inside = [parts.read(part) for part in parts.infolist() if not part.flag_bits & 1]
        elif data.startswith(b"PAR1"):
            yield from _of_table(pq.read_table(BytesIO(data)))
        elif data.startswith(b"\xff\xff\xff\xff"):
            for records in readings(data).values():
                yield from _of_table(pa.table([*records.columns], [str(at) for at, _ in enumerate(records.columns)]))
    # what these readers raise for what is damaged or of a kind that they do not know: its bytes were searched already,
    # and nothing more can be had from it
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError, pa.ArrowException):
        return
    for part in inside:
        yield part
        if depth:
            yield from _opened(part, depth - 1)


def _of_table(table: pa.Table) -> Iterator[bytes]:
    for column in table.columns:
        yield "\n".join(str(value) for value in column.unique().to_pylist()).encode("utf-8", "surrogatepass")


def _of_sqlite(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as con:
        con.text_factory = bytes
        for (table,) in con.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in con.execute("select * from " + identifier(table.decode())):
                yield b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)


def _of_duckdb(path: Path) -> Iterator[bytes]:
    with connect(path, read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns()"
            " where data_type like 'VARCHAR%' group by all"
        ).fetchall()
        for schema, table, columns in tables:
            where = identifier(schema) + "." + identifier(table)
            if con.execute("select 1 from " + where + " limit 1").fetchone() is None:
                continue
            for name in map(identifier, columns):
                values = con.execute(
                    "select distinct cast(" + name + " as varchar) from " + where + " where " + name + " is not null"
                )
                yield "\n".join(value for (value,) in values.fetchall()).encode("utf-8", "surrogatepass")


def _has_cell(path: Path, is_name: Callable[[str], bool]) -> bool:
    """Whether a column of the warehouse that names persons has one of the names as a whole cell."""
    with connect(path, read_only=True) as con:
        query = "select table_schema, table_name from information_schema.tables"
        there = {tuple(row) for row in con.execute(query).fetchall()}
        for table in TABLES:
            for column in table.columns:
                if column.pii == "direct" and column.type == "VARCHAR" and (table.schema, table.name) in there:
                    values = con.execute("select distinct " + identifier(column.name) + " from " + qualified(table))
                    if any(value is not None and is_name(value) for (value,) in values.fetchall()):
                        return True
    return False
