"""One figure as the reader sees it for one selection in one language.

Belongs here: the shape handed from figures to the page. Does not belong here: any wording, drawing or HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, shown_as
from fellowship_pipeline.dashboard.words import Voice

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Field:
    """A column of a table view: its name in the data, its head, and how the page writes its values."""

    name: str
    head: str
    kind: str
    """int, rate, share (whole percent), decimal, day, month or text."""


@dataclass(frozen=True)
class TableView:
    """The data behind a figure, column by column; False stands for what is withheld and shown as ``hidden``."""

    fields: tuple[Field, ...]
    values: list[list[Cell]]
    hidden: str = ""

    @property
    def rows(self) -> list[list[Cell]]:
        """Row by row, as it is shown."""
        return [[self.hidden if value is False else value for value in row] for row in zip(*self.values, strict=True)]


@dataclass(frozen=True)
class Heat:
    """A table of rates shaded by value: one row per start month, rule changes between rows."""

    months: int
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class View:
    """A figure's words, its drawing and its data. ``scope`` says so where it does not follow the selection."""

    title: str
    subtitle: str
    table: TableView
    draw: partial[Drawing] | None = None
    """Makes the figure, called with whether the screen is narrow."""
    heat: Heat | None = None
    scope: str = ""
    caution: str = ""


Maker = Callable[[Scene, Slice, Voice], View | None]
"""Makes a figure's view; None where the selection has nothing to show."""


def table(fields: tuple[Field, ...], rows: list[Row], words: Voice) -> TableView:
    """These fields of the rows."""
    hidden = words("withheld")

    def cell(value: float | date) -> Cell:
        if isinstance(value, date):
            return value.isoformat()
        if not is_hidden(value):
            return value
        label = words.withheld(shown_as(value))
        return False if label == hidden else label

    columns = ([row.get(field.name) for row in rows] for field in fields)
    return TableView(
        fields,
        [[cell(value) if isinstance(value, float | date) else value for value in column] for column in columns],
        hidden,
    )
