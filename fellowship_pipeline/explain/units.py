"""The units behind figures: SQL of all of them, each below the steps of its model.

Belongs here: putting the selects of ``assets/kpi/units`` together. Does not belong here: choosing a cell (``cells``).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import assets.kpi
from assets.sql import models
from fellowship_pipeline.explain.figures import COLUMNS, OF_HEADLINES, Figure

FOLDER = Path(assets.kpi.__file__).parent
FINAL_SELECT = "\n)\n\nselect\n"
"""Where the last step of a model ends."""

OTHERS = re.compile(r"\bunits_of_(\w+)")
"""How a select of units reads those of another figure."""


@cache
def select(units: str) -> str:
    """SQL of the units of that name."""
    own = _texts()[units]
    others = sorted(set(OTHERS.findall(own)))
    steps = [f"units_of_{other} as (\n{select(other)}\n)" for other in others]
    return ("with " + ",\n\n".join(steps) + "\n\nselect * from (\n" + own + "\n)") if steps else own


@cache
def _texts() -> dict[str, str]:
    """Every select of units below the steps of its model; of headlines that have none, the units of their table."""
    steps = {figure.units: figure.steps for figure in (*COLUMNS, *OF_HEADLINES)}
    found = {figure.units: _as_of_its_table(figure) for figure in OF_HEADLINES}
    for path in sorted((FOLDER / "units").rglob("*.sql")):
        found[path.stem] = below(models()[f"kpi.{steps[path.stem]}"].sql, path.read_text(encoding="utf-8"))
    return found


def _as_of_its_table(figure: Figure) -> str:
    """The units of a headline that has none of its own: those of its table, in the rows that its line is drawn of."""
    table = figure.own_table
    whole = "" if "slice_by" in table.grain else "'all' as slice_by, 'all' as slice, "
    only = figure.headline.series.only if figure.headline and figure.headline.series else None
    where = f" where {only[0]} = {only[1]}" if only else ""
    return f"select {whole}* from units_of_{table.name}{where}"


def below(model: str, units: str) -> str:
    """The select with the steps of the model at hand. Raises ValueError where the model is written otherwise."""
    if model.count(FINAL_SELECT) != 1:
        raise ValueError("a model has steps and one select below them")
    return model[: model.index(FINAL_SELECT)] + "\n),\n\nunits as (\n" + units + "\n)\n\nselect * from units"
