"""What a file is by its first bytes, and the one file inside a gzip or zip.

Belongs here: magic bytes, compression, refusing what is no table. Does not belong here: reading what is unpacked.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import Literal

from fellowship_pipeline.intake.records import Quarantined

Format = Literal["text", "xlsx"]
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
REFUSED = (
    (b"%PDF", "PDF, not a table"),
    (b"\xff\xd8\xff", "a JPEG picture, not a table"),
    (b"\x89PNG", "a PNG picture, not a table"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel file: save it as .xlsx without a password"),
    (b"PAR1", "Parquet, which is not read yet: export CSV or XLSX"),
)


def unpack(data: bytes) -> tuple[bytes, Format]:
    """The table's bytes and its format; raises Quarantined where it is no table."""
    if data.startswith(GZIP):
        data = _gunzip(data)
    if data.startswith(ZIP):
        names = _names(data)
        if "[Content_Types].xml" in names:
            if "xl/workbook.xml" not in names:
                raise Quarantined("an Office file that is no .xlsx workbook: save it as .xlsx")
            return data, "xlsx"
        data = _member(data, names)
    for magic, reason in REFUSED:
        if data.startswith(magic):
            raise Quarantined(reason)
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<table")):
        raise Quarantined("HTML, not CSV: probably a login page or a web page saved as a file")
    return data, "text"


def _gunzip(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise Quarantined("damaged or cut-off gzip file") from None


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        raise Quarantined("damaged or cut-off zip or .xlsx file") from None


def _member(data: bytes, names: list[str]) -> bytes:
    members = [name for name in names if not name.endswith(("/", ".DS_Store")) and not name.startswith("__MACOSX/")]
    if len(members) != 1:
        raise Quarantined(f"a zip with {len(members)} files: unpack it and deliver them one by one")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(members[0])
    # zipfile raises RuntimeError for a password and NotImplementedError for a compression it does not know
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error):
        raise Quarantined("damaged, cut-off or password-protected zip file") from None
