"""The units behind figures: SQL of all of them, each below the steps of its model.

Belongs here: putting the selects of ``assets/kpi/units`` together. Does not belong here: choosing a cell (``cells``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import assets.kpi
from assets.sql import models
from fellowship_pipeline.explain.figures import COLUMNS, OF_HEADLINES

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(assets.kpi.__file__).parent
FINAL_SELECT = "\n)\n\nselect\n"
"""Where the last step of a model ends."""


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Makes a view ``units_of_NAME`` of the units behind each figure, for this connection only."""
    for name, sql in selects().items():
        con.execute(f"create or replace temp view units_of_{name} as {sql}")


@cache
def selects() -> dict[str, str]:
    """By name the select of the units, those after which others ask first."""
    steps = {figure.units: figure.steps for figure in (*COLUMNS, *OF_HEADLINES)}
    found = {}
    for folder in (FOLDER / "units", FOLDER / "units" / "headlines"):
        for path in sorted(folder.glob("*.sql"), key=lambda path: _asks_others(path.read_text(encoding="utf-8"))):
            found[path.stem] = below(models()[f"kpi.{steps[path.stem]}"].sql, path.read_text(encoding="utf-8"))
    for figure in OF_HEADLINES:
        if figure.units not in found and figure.headline is not None:
            found[figure.units] = f"select * from units_of_{figure.headline.table}"
    return found


def below(model: str, select: str) -> str:
    """The select with the steps of the model at hand. Raises ValueError where the model is written otherwise."""
    if model.count(FINAL_SELECT) != 1:
        raise ValueError("a model has steps and one select below them")
    return model[: model.index(FINAL_SELECT)] + "\n),\n\nunits as (\n" + select + "\n)\n\nselect * from units"


def _asks_others(select: str) -> bool:
    return "units_of_" in select
