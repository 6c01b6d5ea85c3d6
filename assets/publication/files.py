"""The files of ``published/``: the page, the suppressed tables in three formats and what they mean, and a manifest.

Belongs here: writing a release. Does not belong here: what may be shown (``fellowship_pipeline.release``), the page's
content (``fellowship_pipeline.dashboard``), or anything that reads the private warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from assets.publication.cells import write_frame
from assets.publication.datapackage import SUPPRESSED, describe
from assets.publication.earlier import REMEMBERED
from fellowship_pipeline.contracts import Table
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.durable import make_folder
from fellowship_pipeline.home.generations import finished, generation, write_manifest
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import PUBLISHED, Release
from fellowship_pipeline.warehouse import write_select
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

STORAGE_VERSION = "v1.0.0"
"""Every DuckDB since 1.0 opens it. BI tools have various ones, Evidence 1.4, and none opens what a later one writes."""


def publish(
    home: Home,
    run_id: str,
    release: Release,
    pages: Mapping[str, str],
    revised: Mapping[str, Sequence[str]],
    *,
    program: Program,
) -> Path:
    """Writes ``published/<run id>/``, to be made current by ``generations.show``; returns that path.

    ``pages``: HTML by the file's name. ``revised``: by table the months whose figures it changes; see ``revisions``.
    """
    with generation(home.published, run_id) as folder:
        _fill(folder, run_id, release, pages, revised, program=program)
    return finished(folder)


def publish_beside(home: Home, run_id: str, release: Release, pages: Mapping[str, str], *, program: Program) -> Path:
    """Writes ``published/as-of/<day of the release>/`` in the place of one that is there; returns that path."""
    make_folder(home.published)
    home.published.chmod(0o755)
    with generation(home.other_days, release.as_of.isoformat(), is_replaced=True) as folder:
        _fill(folder, run_id, release, pages, {}, program=program)
    return finished(folder)


def _fill(
    folder: Path,
    run_id: str,
    release: Release,
    pages: Mapping[str, str],
    revised: Mapping[str, Sequence[str]],
    *,
    program: Program,
) -> None:
    rows = _write_database(folder / "kpi.duckdb", release)
    rows |= _write_csv_tables(folder / "tables", release)
    describe(folder, release, program)
    for name, html in pages.items():
        (folder / name).write_text(html, encoding="utf-8")
    about = {
        "run_id": run_id,
        "as_of": release.as_of.isoformat(),
        "withheld": release.thresholds,
        "revised": revised,
        REMEMBERED: True,
    }
    write_manifest(folder, about, rows)


def _write_database(path: Path, release: Release) -> dict[str, int]:
    """``kpi.duckdb``, for tools that read DuckDB, and ``tables/*.parquet`` from it; returns rows by file.

    The tables are in schema ``main``: opened, the file is the catalog ``kpi``, and ``kpi.adoption`` is ambiguous where
    there is a schema of that name too.
    """
    unfinished = path.with_name(path.name + ".tmp")
    tables = path.parent / "tables"
    tables.mkdir()
    rows = {}
    con = duckdb.connect(str(unfinished), config={"storage_compatibility_version": STORAGE_VERSION})
    try:
        con.execute("begin")
        for table in PUBLISHED:
            released = replace(table, schema="main", columns=(*table.columns, SUPPRESSED))
            con.register("frame", release.frames[table.name])
            file = tables / f"{table.name}.parquet"
            rows[f"tables/{file.name}"] = write_select(con, released, "select * from frame")
            con.unregister("frame")
            _describe(con, released)
            con.table(released.key).write_parquet(str(file))
        con.execute("commit")
        con.execute("checkpoint")
    finally:
        con.close()
    unfinished.replace(path)
    return {path.name: sum(rows.values()), **rows}


def _describe(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The contract's words, where a tool that opens the file shows them."""
    name = qualified(table)
    con.execute("comment on table " + name + " is " + literal(table.description))
    for column in table.columns:
        con.execute("comment on column " + name + "." + identifier(column.name) + " is " + literal(column.description))


def _write_csv_tables(folder: Path, release: Release) -> dict[str, int]:
    """``tables/*.csv``, where what is withheld says so; returns rows by file."""
    rows = {}
    for table in PUBLISHED:
        days = [column.name for column in table.columns if column.type == "DATE"]
        file = folder / f"{table.name}.csv"
        rows[f"tables/{file.name}"] = write_frame(file, release.frames[table.name], release.labels[table.name], days)
    return rows
