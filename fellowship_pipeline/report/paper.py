"""What stands on paper as it is: figures in the one look of print, tables with every value written out.

Belongs here: colors of a drawing for paper, cells of a table in words. Does not belong here: which figures and tables
there are (``contents``).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from fellowship_pipeline.dashboard.look import TEMPLATE
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.shell import static
from fellowship_pipeline.dashboard.view import Cell, Field, TableView
from fellowship_pipeline.dashboard.words import DASH, Voice

WIDTH = 695
"""Pixels between the margins of A4, 184 mm: the width of every figure."""

BY_ITSELF = ('"fix"', '"Liberation Sans","DejaVu Sans"')
"""A drawing without the page's style sheet has other fonts for < and – than the Korean ones, which draw them amiss."""

_VARIABLE = re.compile(r"var\((--[\w-]+)\)")


@cache
def light() -> dict[str, str]:
    """The page's CSS variables in light."""
    found = re.search(r":root\{(.*?)\}", static("page.css"), flags=re.DOTALL)
    pairs = (line.split(":", 1) for line in (found.group(1) if found else "").replace("\n", "").split(";") if line)
    return {name.strip(): value.strip() for name, value in pairs}


def colored(node: Any) -> Any:
    """A drawing with colors in place of CSS variables."""
    if isinstance(node, str):
        return _VARIABLE.sub(lambda variable: light()[variable.group(1)], node)
    if isinstance(node, list | tuple):
        return [colored(item) for item in node]
    if isinstance(node, dict):
        return {name: colored(item) for name, item in node.items()}
    return node


@cache
def template() -> dict[str, Any]:
    """What every figure begins with, in colors."""
    made: dict[str, Any] = colored(TEMPLATE)
    return made


def for_paper(drawing: Drawing) -> Drawing:
    """A drawing in colors, as wide as the paper."""
    made: Drawing = colored({"data": drawing["data"], "layout": drawing["layout"] | {"width": WIDTH}})
    return made


def whole(drawing: Drawing) -> Drawing:
    """A drawing for paper that stands alone: with the template, on white, in fonts that are there without a page."""
    own = template()
    font = own["layout"]["font"] | {"family": own["layout"]["font"]["family"].replace(*BY_ITSELF)}
    look = own | {"layout": own["layout"] | {"font": font, "paper_bgcolor": "#fff"}}
    layout = drawing["layout"] | {"template": look, "autosize": False}
    return {"data": drawing["data"], "layout": layout}


@dataclass(frozen=True)
class PaperTable:
    """A table written out: ``numbers`` says which columns are set right."""

    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def printed(table: TableView, names: Collection[str], words: Voice) -> PaperTable:
    """These columns of a figure's table, every value in words; a column that says the same everywhere is left out."""
    columns = [
        (field, tuple(written(value, field, table.hidden, words) for value in values))
        for field, values in zip(table.fields, table.values, strict=True)
        if field.name in names
    ]
    telling = [(field, cells) for field, cells in columns if field.kind != "text" or len(set(cells)) > 1]
    return PaperTable(
        tuple(field.head for field, _ in telling),
        tuple(field.kind != "text" for field, _ in telling),
        tuple(zip(*(cells for _, cells in telling), strict=True)),
    )


def written(value: Cell, field: Field, hidden: str, words: Voice) -> str:
    """A cell as it is read; what stands for a withheld one in the release stands here."""
    if value is False:
        return words.withheld(hidden)
    if value is None or value == "":
        return DASH
    if isinstance(value, str):
        forms = {"day": words.day_short, "month": words.month_short}
        return forms[field.kind](date.fromisoformat(value)) if field.kind in forms else value
    number = float(value)
    if field.kind == "rate":
        return words.percent(number)
    if field.kind == "share":
        return words.whole(number)
    return words.decimal(number) if field.kind == "decimal" else words.integer(number)
