"""Two hundred persons who are in no text of ours: their exports, and a search for them in any bytes.

Every field of every source that is a person's words or names has them. They are found by the stem that all their names
have, as it is written in nine ways, in the bytes of files, in what is packed there and in tables of databases. Belongs
here: the persons, their files, the search. Does not belong here: where to search; the product, of which nothing is
imported but the names of columns.
"""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import duckdb

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.contracts.model import Column

PERSONS = 200
STEMS = ("quillona", "퀼로나")
PUBLIC = {"benchmarks", "missions", "catalog"}
"""Sources that say nothing of a person: what peers reach, what is asked for, what there is to learn."""
GIVEN = {
    **{"cohort": "c", "pool": "p", "survey": "s", "question": "q", "stage": "quiz"},
    **{"competition": "race", "category": "open", "stays": ""},
}
"""Columns whose words are the program's own, or have a form."""
OF_TYPE = {"DATE": "2022-02-01", "TIMESTAMP": "2022-02-01T03:00:00Z", "BOOLEAN": "true"}
ENCODINGS = {
    "UTF-8": lambda name: [name.encode()],
    "CP949": lambda name: [name.encode("cp949")],
    "UTF-16, low byte first": lambda name: [name.encode("utf-16-le")],
    "UTF-16, high byte first": lambda name: [name.encode("utf-16-be")],
    "decomposed": lambda name: [unicodedata.normalize("NFD", name).encode()],
    "escapes of JSON": lambda name: [json.dumps(name)[1:-1].encode()],
    "percent": lambda name: [quote(name).encode()],
    "entities of HTML": lambda name: ["".join(f"&#{ord(letter)};" for letter in name).encode()],
    "Base64": lambda name: list(in_base64(name.encode())),
}


def in_base64(data: bytes) -> Iterator[bytes]:
    """What is in Base64 wherever those bytes begin, less the signs that tell of their neighbors."""
    for before in range(3):
        coded = base64.b64encode(bytes(before) + data)
        yield coded[-(-before * 4 // 3) : (before + len(data)) // 3 * 4]


SPELLED = {
    (stem, encoding): [form.lower() if encoding != "Base64" else form for form in spell(stem)]
    for stem in STEMS
    for encoding, spell in ENCODINGS.items()
}


def exports() -> dict[str, str]:
    """A CSV file for each source."""
    files = {}
    for source in SOURCE_BY_NAME.values():
        if source.name not in PUBLIC:
            text = io.StringIO()
            lines = csv.writer(text)
            lines.writerow(column.name for column in source.columns)
            lines.writerows([cell(source.name, column, n) for column in source.columns] for n in range(PERSONS))
            files[source.name] = text.getvalue()
    return files


def cell(source: str, column: Column, person: int) -> str:
    """What the person's line says in a column."""
    latin, korean = f"{STEMS[0]}{person:03}", f"{STEMS[1]}{person:03}"
    if column.values:
        return "accepted" if "accepted" in column.values else column.values[0]
    if (source, column.name) == ("aliases", "kind"):
        return "discord"
    if column.name in GIVEN:
        return GIVEN[column.name]
    if column.type != "VARCHAR":
        number = str(person + 1) if column.name == "rank" else str(PERSONS) if column.name == "teams" else "1"
        return OF_TYPE.get(column.type, number)
    if column.name in ("member", "applicant", "response", "host", "answered_by", "escalated_to"):
        return latin
    if column.name == "email":
        return f"{latin}@example.org"
    return f"{korean} {column.name} {latin}" if person % 2 else f"{latin} {column.name} {korean}"


def found_in(data: bytes) -> set[tuple[str, str]]:
    """The stems that stand in bytes, and how they are written there."""
    lower = data.lower()
    return {
        spelled
        for spelled, forms in SPELLED.items()
        if any(form in (data if spelled[1] == "Base64" else lower) for form in forms)
    }


def searched(*places: Path) -> tuple[list[str], int]:
    """The files below the places that have a canary, in their names or anywhere, and how many bytes they all have."""
    found, size = [], 0
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.is_file() and not path.is_symlink():
                texts = [str(path.relative_to(place)).encode(), *opened(path)]
                size += sum(map(len, texts))
                found += [str(path.relative_to(place))] if any(map(found_in, texts)) else []
    return found, size


def opened(path: Path) -> Iterator[bytes]:
    """A file's bytes, and what is packed in them."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".gz":
        yield gzip.decompress(data)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            yield from (parts.read(name) for name in parts.namelist())
    elif path.suffix == ".parquet":
        with closing(duckdb.connect()) as con:
            yield repr(con.read_parquet(str(path)).fetchall()).encode()
    elif path.suffix == ".duckdb":
        with closing(duckdb.connect(str(path), read_only=True)) as con:
            for schema, table in con.execute("select schema_name, table_name from duckdb_tables()").fetchall():
                yield repr(con.execute(f'select * from "{schema}"."{table}"').fetchall()).encode()
