"""KPI rows of a test, written to a warehouse.

Belongs here: how rows get there, fast enough for a program's every day. Does not belong here: which rows (``people``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import KPI_TABLES


def write_kpis(con: duckdb.DuckDBPyConnection, rows: Mapping[str, Sequence[tuple[object, ...]]]) -> None:
    """Makes every KPI table; rows begin with the contract's columns in order, and the rest are NULL."""
    for table in KPI_TABLES:
        full = [(*row, *[None] * (len(table.columns) - len(row))) for row in rows.get(table.name, [])]
        listed = pd.DataFrame(full, columns=list(table.column_names), dtype=object)
        con.register("listed", listed)
        warehouse.write_select(con, table, "select * from listed")
        con.unregister("listed")
