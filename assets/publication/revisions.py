"""What a release changes of the months that were over when the last one was published.

Belongs here: comparing a release with the one it replaces, both as anybody sees them. Does not belong here: why a
figure changed (``raw.files.restated``, late files), or keeping releases (``home.generations``).
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb

from fellowship_pipeline.contracts import Table
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.release.build import PUBLISHED, Release
from fellowship_pipeline.warehouse.names import identifier

PERIODS = ("month", "day")


def revised(home: Home, release: Release) -> dict[str, list[str]]:
    """By table the months (YYYY-MM) of which a figure differs from ``published/current``, or is new.

    Figures that either release withholds are not compared.
    """
    before = home.release
    if not (before / MANIFEST).is_file():
        return {}
    then = date.fromisoformat(json.loads((before / MANIFEST).read_text(encoding="utf-8"))["as_of"])
    over = min((day + timedelta(1)).replace(day=1) for day in (then, release.as_of))
    found = {}
    with duckdb.connect() as con:
        for table in PUBLISHED:
            file = before / "tables" / f"{table.name}.parquet"
            if table.grain[0] in PERIODS and file.is_file() and (months := _months(con, table, file, release, over)):
                found[table.name] = months
    return found


def _months(con: duckdb.DuckDBPyConnection, table: Table, file: Path, release: Release, over: date) -> list[str]:
    period = "now." + identifier(table.grain[0])
    con.register("now", release.frames[table.name])
    before = con.read_parquet(str(file))
    con.register("before", before)
    figures = [name for name in table.column_names if name in before.columns and name not in table.grain]
    differs = " or ".join(f"now.{identifier(name)} is distinct from before.{identifier(name)}" for name in figures)
    query = (
        "select distinct strftime(" + period + ", '%Y-%m') as month from now left join before using ("
        + ", ".join(map(identifier, table.grain)) + ") where not now.suppressed and " + period + " < ? and "
        + "(before.suppressed is null or not before.suppressed and (" + differs + ")) order by month"
    )  # fmt: skip
    return [month for (month,) in con.execute(query, [over]).fetchall()]
