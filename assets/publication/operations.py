"""The files of ``operations/``: the lists with persons as CSV and workbooks, and the pages made of them.

Belongs here: writing them for their eyes only. Does not belong here: what stands in them
(``fellowship_pipeline.operations``). Nothing of it ever lies under ``published/``.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from assets.publication.sheets import write_csv, write_workbook
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import finished, generation, write_manifest
from fellowship_pipeline.operations.tables import make_lists


def hand_over(home: Home, run_id: str, con: duckdb.DuckDBPyConnection, **about: str) -> Path:
    """Writes ``operations/<run id>/``, to be made current by ``generations.show``; returns that path.

    ``about`` goes into its manifest.
    """
    (as_of,) = con.execute("select as_of from core.parameters").fetchall()[0]
    rows: dict[str, int] = {}
    with generation(home.operations, run_id, private=True) as folder:
        for name, table in make_lists(con).items():
            rows[f"{name}.csv"] = write_csv(con, table, folder / f"{name}.csv")
            write_workbook(con, table, folder / f"{name}.xlsx")
        write_manifest(folder, {"run_id": run_id, "as_of": as_of.isoformat(), **about}, rows)
    return finished(folder)
