"""The files of ``operations/``: the lists with persons as CSV and workbooks, and the pages made of them.

Belongs here: writing them for their eyes only. Does not belong here: what stands in them
(``fellowship_pipeline.operations``). Nothing of it ever lies under ``published/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from assets.publication.misnamed import misnamed, nearest
from assets.publication.sheets import write_csv, write_workbook
from fellowship_pipeline.dashboard import Said
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import finished, generation, write_manifest
from fellowship_pipeline.operations import Desk, add_list, add_messages, make_lists, render_pages
from fellowship_pipeline.program import Program

SETTINGS = "settings"
"""Names in program.yaml that no data knows, each with the nearest: nowhere else is a person's value of these said."""

SETTINGS_COLUMNS = ("place", "key", "kind", "name", "nearest", "consequence")


def hand_over(
    home: Home,
    run_id: str,
    con: duckdb.DuckDBPyConnection,
    program: Program,
    warnings: Sequence[Said] = (),
    **about: object,
) -> Path:
    """Writes ``operations/<run id>/``, to be made current by ``generations.show``; returns that path.

    ``warnings`` stand on the operators' page, ``about`` goes into the manifest.
    """
    found = misnamed(con, program)
    names = [
        (one.where, one.key, one.kind, one.name, near, one.consequence)
        for one, near in zip(found, nearest(con, program, found), strict=True)
    ]
    with generation(home.operations, run_id, private=True) as folder:
        tables = {**make_lists(con), SETTINGS: add_list(con, SETTINGS, SETTINGS_COLUMNS, names)}
        desk = Desk(con, program, str(home.path.resolve()), run_id)
        add_messages(desk)
        rows = {name: write_csv(con, table, folder / f"{name}.csv") for name, table in tables.items()}
        books = [name for name, table in tables.items() if write_workbook(con, table, folder / f"{name}.xlsx")]
        for path, html in render_pages(desk, rows, books, warnings):
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(html, encoding="utf-8")
        of_files = {f"{name}.csv": number for name, number in rows.items()}
        write_manifest(folder, {"run_id": run_id, "as_of": desk.as_of.isoformat(), **about}, of_files)
    return finished(folder)
