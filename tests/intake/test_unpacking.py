from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from fellowship_pipeline.intake.records import Quarantined
from fellowship_pipeline.intake.unpacking import unpack
from tests.intake.test_spreadsheet import workbook

CSV = b"a,b\n1,2\n"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_text_gzip_and_zip_with_one_member() -> None:
    assert unpack(CSV) == unpack(gzip.compress(CSV)) == unpack(zipped(x=CSV)) == (CSV, "text")


def test_a_workbook_is_no_zip_to_unpack() -> None:
    data = workbook(S=[["a"], [1]])
    assert unpack(data) == unpack(gzip.compress(data)) == (data, "xlsx")


def test_what_a_mac_adds_to_a_zip_does_not_count() -> None:
    assert unpack(zipped(**{"x.csv": CSV, "__MACOSX/._x.csv": b"1"})) == (CSV, "text")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(a=CSV, b=CSV), "a zip with 2 files"),
        (zipped(a=CSV)[:-20], "damaged"),
        (gzip.compress(CSV)[:-6], "damaged"),
        (zipped(**{"[Content_Types].xml": b"", "word/document.xml": b""}), "no .xlsx"),
        (b"\n <!DOCTYPE html><html></html>", "HTML"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old or password-protected"),
    ],
    ids=["two-members", "cut-zip", "cut-gzip", "document", "page", "pdf", "ole"],
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        unpack(data)
