"""Figures that follow cohorts only: what their views have in common.

Belongs here: whose a figure is where the reader chose something else, and how that is said. Does not belong here: which
figure shows what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fellowship_pipeline.dashboard.figures.wording import slice_name, titled
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, Slice
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice


class OneCohort:
    """A table's rows of the selected cohort, else of the latest with something to show: ``cut`` is whose they are."""

    def __init__(
        self,
        scene: Scene,
        name: str,
        chosen: Slice,
        words: Voice,
        *,
        shows: Sequence[str],
        order: Callable[[Row], Any] | None = None,
    ) -> None:
        self.scene, self.name, self.chosen, self.words = scene, name, chosen, words
        rows, self.cut = scene.of_cohort(name, chosen, shows)
        self.rows = sorted(rows, key=order) if order else rows

    @property
    def listed(self) -> list[Row]:
        """What the table lists: the selected cohort's rows, those of all where none was selected."""
        return self.rows if self.cut == self.chosen else self.scene.rows(self.name)

    def view(
        self, title: str, subtitle: str, fields: tuple[Field, ...], rows: list[Row], draw: partial[Drawing] | None
    ) -> View:
        """The figure's view, which says whose it is."""
        behind = table(fields, rows, self.words)
        return View(titled(title, self.cut, self.words), subtitle, behind, draw, scope=self._scope())

    def _scope(self) -> str:
        only = len({row["cohort"] for row in self.scene.rows(self.name)}) == 1
        if self.cut == self.chosen or (self.chosen == WHOLE and only):
            return ""
        key = "scope.latest" if self.chosen == WHOLE else "scope.cohort"
        return self.words(key, cohort=slice_name(self.cut, self.words))


def closed_scope(cut: Slice, chosen: Slice, words: Voice) -> str:
    """Says of a figure of closed cohorts that it is of the whole program, where the reader chose otherwise."""
    return "" if cut == chosen else words("scope.closed")
