"""What a file is by its first bytes, and the one file inside a gzip or zip, within limits set before any work.

Belongs here: magic bytes, compression, how much may come out of it, refusing what is no table. Does not belong here:
reading what is unpacked.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Collection
from typing import Literal

from fellowship_pipeline.intake.readers.records import Quarantined

Format = Literal["text", "xlsx", "parquet"]

MB = 1 << 20
UNPACKED = 200 * MB
RATIO = 100
SPREADSHEET = 50 * MB
PACKINGS = 3
"""How many gzips and zips may lie around a table, its own zip included if it is a workbook."""

GZIP, ZIP, PARQUET, OLE = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
SAVE = "open it in a spreadsheet program and save it as .xlsx or CSV"
PERSONAL = "it may hold personal data and does not belong here: reject it, and deliver the table as CSV or .xlsx"
REFUSED = (
    (b"%PDF", f"a PDF, not a table: {PERSONAL}"),
    (b"\xff\xd8\xff", f"a JPEG picture, not a table: {PERSONAL}"),
    (b"\x89PNG", f"a PNG picture, not a table: {PERSONAL}"),
    (b"GIF8", f"a GIF picture, not a table: {PERSONAL}"),
    (b"{\\rtf", f"a text document (RTF), not a table: {PERSONAL}"),
    (b"PK\x05\x06", "a zip with nothing in it"),
    (b"Rar!", "a RAR archive: unpack it and deliver the file in it"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it and deliver the file in it"),
    (b"BZh", "compressed with bzip2: unpack it, or compress it with gzip"),
    (b"\xfd7zXZ", "compressed with xz: unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it, or compress it with gzip"),
    (b"SQLite format 3", "an SQLite database, not a table: export its table as CSV"),
)
PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta")
OFFICE = (
    ("xl/workbook.bin", f"a binary workbook (.xlsb): {SAVE}"),
    ("[Content_Types].xml", f"an Office document that is no .xlsx workbook: {SAVE}"),
    ("META-INF/manifest.xml", f"an OpenDocument file (.ods): {SAVE}"),
    ("Index/Document.iwa", "an Apple Numbers file: export it as .xlsx or CSV"),
)
"""Members that tell which kind of document a zip is."""
ADDED = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers add to folders."""


def unpack(data: bytes) -> tuple[bytes, Format]:
    """The table's bytes and its format; raises Quarantined where it is no table, or more than the limits allow."""
    most = most_of(len(data))
    for _ in range(PACKINGS):
        if data.startswith(GZIP):
            data = _gunzip(data, most)
        elif data.startswith(ZIP):
            members = _members(data, most)
            names = {member.filename for member in members}
            if "xl/workbook.xml" in names:
                return _within_size(data), "xlsx"
            data = _only(data, members, names)
        else:
            return data, _plain(data)
    raise Quarantined("packed several times over: unpack it and deliver the file in it")


def most_of(packed: int) -> int:
    """The bytes that so many packed ones may become; the ratio counts from the first MB on."""
    return min(UNPACKED, max(MB, RATIO * packed))


def too_much(most: int) -> Quarantined:
    """What becomes of a file that would unpack to more than ``most`` bytes."""
    return Quarantined(
        f"unpacks to more than {most // MB} MB (at most {UNPACKED // MB} MB, and {RATIO} times its size):"
        " not unpacked; deliver it in parts, or unpacked"
    )


def _plain(data: bytes) -> Format:
    """The format of what is not packed; raises Quarantined where it is no table."""
    if data.startswith(PARQUET):
        return "parquet"
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Quarantined("a password-protected workbook: open it and save it without a password")
        raise Quarantined(f"an old Office file (.xls): {SAVE}")
    for magic, reason in REFUSED:
        if data.startswith(magic):
            raise Quarantined(reason)
    head = data[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(PAGES) or (head.startswith((b"<?xml", b"<!--")) and b"<html" in head):
        raise Quarantined(
            "HTML, not CSV: probably a login page or a web page saved as a file; download the export anew,"
            " or open it in a spreadsheet program and save it as .xlsx or CSV"
        )
    if head.startswith(b"<?xml"):
        raise Quarantined(f"XML, not a table: {SAVE}")
    return "text"


def _gunzip(data: bytes, most: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise Quarantined("damaged or cut-off gzip file: deliver it anew") from None
    if len(unpacked) > most:
        raise too_much(most)
    return unpacked


def _members(data: bytes, most: int) -> list[zipfile.ZipInfo]:
    """What the directory of a zip names; raises Quarantined where that is too much to unpack."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    # zipfile raises ValueError and NotImplementedError for directories that are damaged or of a later version
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Quarantined("damaged or cut-off zip or .xlsx file: deliver it anew") from None
    if sum(member.file_size for member in members) > most:
        raise too_much(most)
    if len({member.filename for member in members}) < len(members):
        raise Quarantined("a zip with two members of one name: pack it anew")
    return members


def _only(data: bytes, members: Collection[zipfile.ZipInfo], names: Collection[str]) -> bytes:
    """The bytes of the one file in a zip; never more than its directory, which is within the limits, says."""
    for name, reason in OFFICE:
        if name in names:
            raise Quarantined(reason)
    files = [m for m in members if not m.filename.endswith(("/", *ADDED)) and not m.filename.startswith("__MACOSX/")]
    if len(files) != 1:
        raise Quarantined(f"a zip with {len(files)} files: unpack it and deliver them one by one")
    if files[0].flag_bits & 1:
        raise Quarantined("a password-protected zip: unpack it and deliver the file in it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(files[0]) as stream:
            return stream.read(files[0].file_size + 1)
    # what the decompressors raise for damage, and zipfile for a compression that it does not know
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error, lzma.LZMAError):
        raise Quarantined("damaged, cut-off or oddly compressed zip: pack it anew") from None


def _within_size(workbook: bytes) -> bytes:
    if len(workbook) > SPREADSHEET:
        raise Quarantined(f"a workbook of more than {SPREADSHEET // MB} MB: save its sheet as CSV")
    return workbook
