"""The home of the last release, unpacked, and what its tables and pages say."""

from __future__ import annotations

import tarfile
from pathlib import Path

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.forgetting.key import VARIABLE
from fellowship_pipeline.home import Home
from tests.upgrade.make import FOLDER, KEY

SCHEMAS = ("staging", "core", "kpi", "ops")


def unpacked(folder: Path) -> Home:
    """The latest one in ``folder``; beside it ``key``, the key of its pseudonyms."""
    packed = max(FOLDER.glob("home-*.tar.xz"), key=lambda path: [int(part) for part in _version(path).split(".")])
    with tarfile.open(packed) as file:
        file.extractall(folder, filter="tar")
    (folder / "key").write_bytes(KEY)
    (folder / "key").chmod(0o600)
    return Home(folder / "home")


def environment(folder: Path) -> dict[str, str]:
    """What a run of that home needs to know."""
    return {VARIABLE: str(folder / "key")}


def tables(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """The rows of all tables that are made of what came, in order."""
    with warehouse.connect(home.warehouse, read_only=True) as con:
        there = {
            f"{schema}.{name}"
            for schema, name in con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        }
        return {
            table.key: con.execute(f"select * from {table.key} order by all").fetchall()
            for table in TABLES
            if table.key in there and table.key.split(".")[0] in SCHEMAS
        }


def published(home: Home) -> dict[str, bytes]:
    """The bytes of what is published, the name of the run aside, and the same tables in a DuckDB file."""
    folder = home.release.resolve()
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().replace(folder.name.encode(), b"RUN")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("kpi.duckdb", "manifest.json")
    }


def _version(path: Path) -> str:
    return path.name.removeprefix("home-").removesuffix(".tar.xz")
