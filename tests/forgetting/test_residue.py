"""The proof: a planted name is found in whatever way it is written, another's name is not."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import unicodedata
import zipfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.forgetting.names import tombstone
from fellowship_pipeline.forgetting.residue import Residue, keyed_residue, residue
from fellowship_pipeline.warehouse import connect, write_rows

NAME = "김민준"


def zipped(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", text)
    return file.getvalue()


def parquet(text: str) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"member": [text, "other"]}), file)
    return file.getvalue()


@pytest.mark.fault("H10")
@pytest.mark.parametrize(
    "content",
    [
        f"a,{NAME}님\n".encode(),
        unicodedata.normalize("NFD", NAME).encode(),
        NAME.encode("cp949"),
        NAME.encode("utf-16-le"),
        NAME.encode("utf-16-be"),
        json.dumps({"path": f"landing/{NAME}.csv"}).encode(),
        b"landing/%EA%B9%80%EB%AF%BC%EC%A4%80.csv",
        b"<t>&#44608;&#48124;&#51456;</t>",
        gzip.compress(NAME.encode()),
        zipped(f"x,{NAME}"),
        gzip.compress(zipped(NAME)),
        parquet(NAME),
    ],
    ids=[
        *("utf-8", "nfd", "cp949", "utf-16-le", "utf-16-be", "json", "percent", "html", "gzip", "zip", "zip in gzip"),
        "parquet",
    ],
)
def test_a_name_is_found_however_it_is_written(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "planted").write_bytes(content)
    (tmp_path / "clean").write_bytes(b"nothing")
    proof = residue(tmp_path, {NAME})
    assert (proof.found, proof.files, proof.searched) == (("planted",), 2, 1)
    assert keyed(tmp_path, NAME) == proof


def keyed(place: Path, *names: str) -> Residue:
    """The proof of one who has only the keyed hashes of the names."""
    return keyed_residue(place, bytes(32), [tombstone(bytes(32), name) for name in names])


def test_a_name_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.txt").write_bytes(b"")
    assert residue(tmp_path, {NAME}).found == (f"{NAME}.txt",)
    assert keyed(tmp_path, NAME).found == (f"{NAME}.txt",)


def test_another_address_that_contains_the_name_is_none(tmp_path: Path) -> None:
    (tmp_path / "others.csv").write_text("kim.minjun@example.org,minjun@example.org.kr,minjun_2\nfleece\n")
    assert residue(tmp_path, {"minjun@example.org", "minjun", "leec"}).found == ()
    assert keyed(tmp_path, "minjun@example.org", "minjun", "leec").found == ()


@pytest.mark.parametrize("written", ["ＭＩＮＪＵＮ@example.org", r"x\nMinjun@example.org\n", "minjun%40example.org"])
def test_by_its_hash_a_name_is_found_folded_and_without_escapes(tmp_path: Path, written: str) -> None:
    (tmp_path / "planted").write_text(f'{{"value": "{written}"}}')
    assert keyed(tmp_path, "minjun@example.org").found == ("planted",)


@pytest.mark.fault("H10")
def test_rows_of_sqlite_and_duckdb_are_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "runs.db")) as con, con:
        con.execute("create table runs (a, b)")
        con.execute("insert into runs values ('xyz', 'minjun@example.org')")
    with connect(tmp_path / "fellowship.duckdb") as con:
        write_rows(con, TABLE_BY_KEY["staging.aliases"], [("m1", "email", "minjun@example.org", "m1", "f", 1)])
    assert residue(tmp_path, {"minjun@example.org"}).found == ("fellowship.duckdb", "runs.db")
    assert keyed(tmp_path, "minjun@example.org").found == ("fellowship.duckdb", "runs.db")


def test_a_name_too_short_to_be_searched_for_is_found_as_a_whole_cell(tmp_path: Path) -> None:
    with connect(tmp_path / "fellowship.duckdb") as con:
        write_rows(con, TABLE_BY_KEY["staging.aliases"], [("m1", "discord", "Kim", "m1", "f", 1)])
    proof = residue(tmp_path, {"kim"})
    assert (proof.found, proof.searched, proof.whole_cells_only) == (("fellowship.duckdb",), 0, 1)
    assert residue(tmp_path, {"ki"}).found == ()
    assert (keyed(tmp_path, "kim"), keyed(tmp_path, "ki").found) == (proof, ())
