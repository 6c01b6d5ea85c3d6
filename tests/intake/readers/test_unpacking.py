from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile

import pytest

from fellowship_pipeline.intake.readers import unpacking
from fellowship_pipeline.intake.readers.records import Quarantined
from fellowship_pipeline.intake.readers.unpacking import unpack
from tests.intake.homes import Place
from tests.intake.workbooks import literal, rows, workbook

CSV = b"a,b\n1,2\n"
MB = 1 << 20


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def claiming(data: bytes, name: bytes, size: int) -> bytes:
    """The zip, whose directory says that the member would unpack to so many bytes."""
    entry = data.index(b"PK\x01\x02")
    while data[entry + 46 : entry + 46 + len(name)] != name:
        entry = data.index(b"PK\x01\x02", entry + 1)
    return data[: entry + 24] + struct.pack("<I", size) + data[entry + 28 :]


@pytest.mark.fault("A24")
def test_text_gzip_and_zip_with_one_member() -> None:
    assert unpack(CSV) == unpack(gzip.compress(CSV)) == unpack(zipped(x=CSV)) == (CSV, "text")


@pytest.mark.fault("A24")
def test_a_zip_or_gzip_may_hold_any_format() -> None:
    book = workbook(S=[["a"], [1]])
    assert unpack(zipped(x=book)) == unpack(gzip.compress(book)) == unpack(book) == (book, "xlsx")
    assert unpack(zipped(x=gzip.compress(b"[]"))) == (b"[]", "text")
    assert unpack(gzip.compress(b"PAR1...PAR1")) == (b"PAR1...PAR1", "parquet")


@pytest.mark.fault("A24")
def test_several_members_are_refused_with_a_hint() -> None:
    with pytest.raises(Quarantined, match=r"^a zip with 2 files: unpack it and deliver them one by one$"):
        unpack(zipped(a=CSV, b=CSV))


def test_what_file_managers_add_to_a_zip_does_not_count() -> None:
    members = {"x.csv": CSV, "__MACOSX/._x.csv": b"1", ".DS_Store": b"1", "f/Thumbs.db": b"1", "f/": b""}
    assert unpack(zipped(**members)) == (CSV, "text")


@pytest.mark.fault("C14")
def test_a_workbook_that_would_unpack_to_a_gigabyte_is_refused_from_its_directory() -> None:
    """Before anything is unpacked: what its members hold is not even looked at."""
    picture = random.Random(1).randbytes(3 * MB)
    book = literal(rows(["a"], [1]), **{"xl/media/image1.png": picture})
    bomb = claiming(book, b"xl/worksheets/sheet1.xml", 1_000 * MB)
    with pytest.raises(Quarantined, match=r"^unpacks to more than 200 MB .* not unpacked"):
        unpack(bomb)


@pytest.mark.fault("C14")
@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(b" " * 5 * MB),
        zipped(x=b" " * 5 * MB),
        gzip.compress(gzip.compress(b" " * 50 * MB)),
        literal(rows(["a"], [1]) + " " * 5 * MB),
    ],
    ids=["gzip", "zip", "gzip-in-gzip", "xlsx"],
)
def test_more_than_a_hundred_times_the_size_is_refused(packed: bytes) -> None:
    assert len(packed) < MB / 20
    with pytest.raises(Quarantined, match=r"^unpacks to more than . MB"):
        unpack(packed)


def test_what_is_small_may_be_packed_as_tight_as_it_likes() -> None:
    text = b"a\n" + b"1\n" * 400_000
    assert unpack(gzip.compress(text)) == (text, "text")


@pytest.mark.fault("C14")
def test_a_gzip_is_unpacked_to_its_limit_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no directory: the limit holds while it is unpacked."""
    monkeypatch.setattr(unpacking, "UNPACKED", MB)
    assert len(unpack(gzip.compress(bytes(range(256)) * 4096))[0]) == MB
    with pytest.raises(Quarantined, match=r"^unpacks to more than 1 MB"):
        unpack(gzip.compress(bytes(range(256)) * 4096 + b"1"))


@pytest.mark.fault("C14")
def test_a_directory_that_says_less_than_there_is_gets_no_more() -> None:
    with pytest.raises(Quarantined, match=r"^damaged"):
        unpack(claiming(zipped(x=b" " * 5 * MB), b"x", 10))


def test_a_large_workbook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "SPREADSHEET", 1_000)
    with pytest.raises(Quarantined, match=r"^a workbook of more than 0 MB: save its sheet as CSV"):
        unpack(workbook(S=[["a"], [1]]))


def test_packed_over_and_over_is_refused() -> None:
    packed = CSV
    for _ in range(3):
        packed = gzip.compress(packed)
    with pytest.raises(Quarantined, match=r"^packed several times over"):
        unpack(packed)


@pytest.mark.fault("A24", "C3")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(a=CSV)[:-20], "damaged or cut-off zip or .xlsx file"),
        (workbook(S=[["a"], [1]])[:2000], "damaged or cut-off zip or .xlsx file"),
        (gzip.compress(CSV)[:-6], "damaged or cut-off gzip file"),
        (gzip.compress(CSV)[:-8] + b"\0" * 8, "damaged or cut-off gzip file"),
        (b"PK\x05\x06" + b"\0" * 18, "a zip with nothing in it"),
    ],
    ids=["cut-zip", "cut-workbook", "cut-gzip", "wrong-checksum", "empty-zip"],
)
def test_damaged(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=rf"^{reason}"):
        unpack(data)


def test_a_zip_with_a_password_is_refused() -> None:
    data = bytearray(zipped(x=CSV))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Quarantined, match=r"^a password-protected zip"):
        unpack(bytes(data))


def test_two_members_of_one_name_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("x.csv", CSV)
        archive.writestr("x.csv", CSV)
    with pytest.raises(Quarantined, match="two members of one name"):
        unpack(out.getvalue())


@pytest.mark.fault("A22")
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("cv.csv", b"%PDF-1.7\n", "a PDF, not a table: it may hold personal data"),
        ("team.xlsx", b"\xff\xd8\xff\xe0", "a JPEG picture, not a table: it may hold personal data"),
        ("team.csv", b"\x89PNG\r\n", "a PNG picture, not a table: it may hold personal data"),
        ("cv.json", b"{\\rtf1 Kim}", "a text document (RTF), not a table: it may hold personal data"),
    ],
)
def test_the_wrong_file_is_refused_by_its_first_bytes(place: Place, name: str, data: bytes, reason: str) -> None:
    place.configure({"activity": [{"files": "landing/*"}]})
    place.land({name: data})
    ((status, said),) = place.rows("select status, reason from raw.files")
    assert status == "quarantined"
    assert said.startswith(reason)
    assert said.endswith("reject it, and deliver the table as CSV or .xlsx")


@pytest.mark.fault("A23", "C2")
@pytest.mark.parametrize("name", ["export.csv", "export.xlsx"])
@pytest.mark.parametrize(
    "page",
    [
        b"\n <!DOCTYPE html><html></html>",
        b"\xef\xbb\xbf<HTML><body>Log in</body>",
        b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>",
        "<table><tr><td>1</td></tr></table>".encode("utf-16"),
    ],
)
def test_a_web_page_is_refused_whatever_it_is_called(place: Place, name: str, page: bytes) -> None:
    place.configure({"activity": [{"files": "landing/*"}]})
    place.land({name: page})
    ((status, said),) = place.rows("select status, reason from raw.files")
    assert (status, said.partition(";")[0]) == (
        "quarantined",
        "HTML, not CSV: probably a login page or a web page saved as a file",
    )
    assert said.endswith("save it as .xlsx or CSV")


SAVE = "open it in a spreadsheet program and save it as .xlsx or CSV"


@pytest.mark.fault("C1")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, f"an old Office file (.xls): {SAVE}"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a password-protected workbook: open it and save it without a password",
        ),
        (
            zipped(**{"[Content_Types].xml": b"", "xl/workbook.bin": b""}),
            f"a binary workbook (.xlsb): {SAVE}",
        ),
        (
            zipped(**{"mimetype": b"", "content.xml": b"", "META-INF/manifest.xml": b""}),
            f"an OpenDocument file (.ods): {SAVE}",
        ),
        (
            zipped(**{"Index/Document.iwa": b"", "preview.jpg": b""}),
            "an Apple Numbers file: export it as .xlsx or CSV",
        ),
        (
            zipped(**{"[Content_Types].xml": b"", "word/document.xml": b""}),
            f"an Office document that is no .xlsx workbook: {SAVE}",
        ),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>", f"XML, not a table: {SAVE}"),
    ],
    ids=["xls", "password", "xlsb", "ods", "numbers", "docx", "xml"],
)
def test_other_spreadsheets_are_refused_with_how_to_save_them(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined) as refused:
        unpack(data)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
        (b"BZh9", "compressed with bzip2"),
        (b"\xfd7zXZ\0", "compressed with xz"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
        (b"SQLite format 3\0", "an SQLite database"),
    ],
)
def test_other_archives_are_refused_with_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=rf"^{reason}.*: "):
        unpack(data)
