"""What stands in the XML of a workbook: rows and cells counted without its reader, errors, merges, missing values.

Belongs here: the parts of an .xlsx, streamed, any DTD refused. Does not belong here: the text of cells
(``spreadsheet``), which a library reads; what it gives is held to the counts made here.
"""

from __future__ import annotations

import html
import io
import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from fellowship_pipeline.intake.readers.records import Quarantined

PIECE = 1 << 16
AREA = 20_000_000
"""Cells of the rectangle that a sheet fills, empty ones included, which is what reading it takes memory for."""

RELATIONS, INDEX = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
BESIDE = {
    "xl/vbaproject.bin": "macros",
    "xl/externallinks/": "links to other workbooks",
    "xl/media/": "pictures",
    "xl/embeddings/": "embedded files",
    "xl/comments": "comments",
}
"""What may stand beside the cells and is not read, by the beginning of the part's path."""

DAMAGED = "damaged, cut-off or unreadable workbook: open it in a spreadsheet program and save it anew"
FIRST_BYTES = 1_000_000
"""As much of a workbook's index as is read for the names of its sheets alone."""

_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*?name=\"([^\"]*)\"")
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")

Position = tuple[int, int]
"""Row and column, from 1."""


@dataclass
class Sheet:
    """A sheet, of whose cells only those count that hold more than white space; so do rows.

    ``errors`` are the texts of cells such as #N/A, ``unvalued`` the cells with a formula and no value, ``merged`` the
    addresses of merged cells.
    """

    name: str
    hidden: bool
    rows: int = 0
    cells: int = 0
    hidden_rows: int = 0
    corner: Position = (0, 0)
    errors: dict[Position, str] = field(default_factory=dict)
    unvalued: list[Position] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook in their order, and in words what stands beside their cells."""

    sheets: tuple[Sheet, ...]
    beside: tuple[str, ...]


def look_into(data: bytes) -> Workbook:
    """The workbook as its XML says; raises Quarantined where it is damaged or has a DTD."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _look_into(archive)
    # zipfile raises RuntimeError for a password and NotImplementedError for a compression it does not know
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, zlib.error, lzma.LZMAError):
        raise Quarantined(DAMAGED) from None
    except (expat.ExpatError, LookupError, ValueError):
        raise Quarantined(DAMAGED) from None


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets, also of one that cannot be read; none where it is no workbook."""
    try:
        with zipfile.ZipFile(path) as parts, parts.open(INDEX) as part:
            written = part.read(FIRST_BYTES).decode("utf-8", "replace")
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, KeyError, zlib.error, lzma.LZMAError):
        return []
    return [html.unescape(name) for name in _SHEET.findall(written)]


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def rows_of(address: str) -> range:
    """The rows of an address such as A2:B5."""
    first, _, last = address.replace("$", "").partition(":")
    return range(_position(first)[0], _position(last or first)[0] + 1)


def _look_into(archive: zipfile.ZipFile) -> Workbook:
    members = {member.filename.casefold(): member for member in archive.infolist()}
    related, index, strings = _Related(), _Index(), _Strings()
    _parse(archive, members[RELATIONS], related)
    _parse(archive, members[INDEX], index)
    parts = {RELATIONS: related, INDEX: index}
    for kind, path in related.parts.values():
        if kind == "sharedStrings" and path in members:
            _parse(archive, members[path], strings)
            parts[path] = strings
    sheets = []
    for name, hidden, relation in index.sheets:
        kind, path = related.parts[relation]
        if kind == "worksheet":
            cells = _Cells(Sheet(name, hidden), strings.blank)
            _parse(archive, members[path], cells)
            parts[path] = cells
            sheets.append(cells.sheet)
    for path, member in members.items():
        if path.endswith((".xml", ".rels")) and path not in parts:
            _parse(archive, member, _Part())
    beside = [word for beginning, word in BESIDE.items() if any(path.startswith(beginning) for path in members)]
    return Workbook(tuple(sheets), tuple(beside))


class _Part:
    """What is to be done with the elements of a part below its root: here nothing."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Related(_Part):
    """Kind and path of the parts that a workbook relates to, by their ids."""

    def __init__(self) -> None:
        self.parts: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            path = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/").casefold()
            self.parts[attributes["Id"]] = (posixpath.basename(attributes["Type"]), path)


class _Index(_Part):
    """Name of the sheets that a workbook lists, whether they are hidden, and their relations' ids."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes["name"], attributes.get("state", "visible") != "visible", relation))


class _Texts(_Part):
    """Collects the text of values and strings, without phonetic hints."""

    def __init__(self) -> None:
        self.collected = ""
        self.collecting = self.phonetic = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("v", "t"):
            self.collecting = not self.phonetic
        elif name == "rPh":
            self.phonetic = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.collecting = False
        elif name == "rPh":
            self.phonetic = False

    def text(self, text: str) -> None:
        if self.collecting:
            self.collected += text

    def is_blank(self) -> bool:
        text = self.collected
        return not (_ESCAPED.sub("", text) if text.startswith("_x") else text).strip()


class _Strings(_Texts):
    """The numbers of shared strings that are blank."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.blank: set[int] = set()

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            if self.is_blank():
                self.blank.add(self.count)
            self.count += 1
            self.collected = ""


class _Cells(_Texts):
    """Fills a sheet."""

    def __init__(self, sheet: Sheet, blank: set[int]) -> None:
        super().__init__()
        self.sheet = sheet
        self.blank = blank
        self.row = self.column = 0
        self.kind = ""
        self.hidden = self.formula = self.filled = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            address = attributes.get("r")
            self.row, self.column = _position(address) if address else (self.row, self.column + 1)
            self.kind = attributes.get("t", "n")
            self.collected = ""
            self.formula = False
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            self.hidden = attributes.get("hidden") in ("1", "true")
            self.filled = False
        elif name == "mergeCell":
            self.sheet.merged.append(attributes["ref"])
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "c":
            self._cell()
        elif name == "row":
            self.sheet.rows += self.filled
            self.sheet.hidden_rows += self.filled and self.hidden
        else:
            super().end(name)

    def _cell(self) -> None:
        sheet, position = self.sheet, (self.row, self.column)
        if self.collected or self.formula:
            sheet.corner = (max(sheet.corner[0], self.row), max(sheet.corner[1], self.column))
        if self.is_blank():
            if self.formula and self.kind != "str":
                sheet.unvalued.append(position)
        elif self.kind != "s" or int(self.collected) not in self.blank:
            sheet.cells += 1
            self.filled = True
            if self.kind == "e":
                sheet.errors[position] = self.collected


def _parse(archive: zipfile.ZipFile, member: zipfile.ZipInfo, part: _Part) -> None:
    """Streams a part; its length is bounded by the archive's directory, which unpacking has held to its limits."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    if type(part) is not _Part:
        parser.StartElementHandler = lambda name, _: _hand_over(parser, part, name)
    with archive.open(member) as stream:
        while piece := stream.read(PIECE):
            parser.Parse(piece)
        parser.Parse(b"", True)


def _hand_over(parser: expat.XMLParserType, part: _Part, root: str) -> None:
    """From the root on the part gets the elements, those of the root's prefix without it."""
    prefix = root[: root.find(":") + 1]
    parser.StartElementHandler, parser.EndElementHandler = part.start, part.end
    if prefix:
        parser.StartElementHandler = lambda name, attributes: part.start(name.removeprefix(prefix), attributes)
        parser.EndElementHandler = lambda name: part.end(name.removeprefix(prefix))
    parser.CharacterDataHandler = part.text


def _refuse_dtd(*_: object) -> NoReturn:
    raise Quarantined("a DTD in its XML, which no spreadsheet program writes: save it anew as .xlsx")


def _position(address: str) -> Position:
    column = address.rstrip("0123456789")
    return int(address[len(column) :]), _number(column)


@cache
def _number(column: str) -> int:
    """The number of a column's letters."""
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
