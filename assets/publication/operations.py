"""The files of ``operations/``: lists with persons that operators work through, a SELECT each in ``lists/``.

Belongs here: writing the lists for their eyes only. Nothing of it ever lies under ``published/``.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from assets.publication.cells import write_csv
from assets.publication.misnamed import misnamed, nearest
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import finished, generation, write_manifest
from fellowship_pipeline.program import Program

LISTS = tuple(sorted((Path(__file__).parent / "lists").glob("*.sql")))

SETTINGS = "settings.csv"
"""Names in program.yaml that no data knows, each with the nearest: nowhere else is a person's value of these said."""


def hand_over(home: Home, run_id: str, con: duckdb.DuckDBPyConnection, program: Program, **about: str) -> Path:
    """Writes ``operations/<run id>/``, to be made current by ``generations.show``; returns that path.

    ``about`` goes into its manifest.
    """
    (as_of,) = con.execute("select as_of from core.parameters").fetchall()[0]
    rows: dict[str, int] = {}
    with generation(home.operations, run_id, private=True) as folder:
        for query in LISTS:
            result = con.execute(query.read_text(encoding="utf-8"))
            header = [column[0] for column in result.description]
            file = folder / f"{query.stem}.csv"
            rows[file.name] = write_csv(file, header, result.fetchall())
        found = misnamed(con, program)
        rows[SETTINGS] = write_csv(
            folder / SETTINGS,
            ("place", "key", "kind", "name", "nearest", "consequence"),
            (
                (one.where, one.key, one.kind, one.name, near, one.consequence)
                for one, near in zip(found, nearest(con, program, found), strict=True)
            ),
        )
        write_manifest(folder, {"run_id": run_id, "as_of": as_of.isoformat(), **about}, rows)
    return finished(folder)
