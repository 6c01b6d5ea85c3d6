"""The sensitive tables of a release that stands the attack: what would tell too much is withheld, least useful first.

Belongs here: from hidden counts that are as good as known to figures that go. Does not belong here: the attack
(``attack``), what is known (``knowledge``), or the rules of a figure by itself (``sensitive``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

import pandas as pd

from fellowship_pipeline.program import Program
from fellowship_pipeline.program.rows import survey_questions
from fellowship_pipeline.release.attack import Unknowns
from fellowship_pipeline.release.differences import as_in_survey, told_by_others
from fellowship_pipeline.release.knowledge import Published, ShownFigure
from fellowship_pipeline.release.policy import SENSITIVE
from fellowship_pipeline.release.sensitive import Rounded, open_rows, released
from fellowship_pipeline.release.steps import Minima

LEAST_USEFUL = ("nps", "mean")
"""Figures that go before any share."""


def stood(truth: Mapping[str, pd.DataFrame], program: Program, closed: Set[str], minima: Minima) -> dict[str, Rounded]:
    """The sensitive tables as they may be shown together."""
    told = told_by_others(truth, program, closed, minima)
    single = {asked for asked, question in survey_questions(program).items() if question.kind in ("single", "rating")}
    while True:
        told["term_surveys"] = as_in_survey(truth, told.get("survey", {}))
        shown = {
            name: released(rules, truth[name][open_rows(truth[name], closed)], minima, told.get(name, {}))
            for name, rules in SENSITIVE.items()
        }
        unknowns = Published(truth, shown, minima, single).unknowns()
        going = {_least_useful(unknowns, at, figures, truth) for at, figures in unknowns.exposed()} - {None}
        if not going:
            return shown
        for table, column, row in filter(None, going):
            frame = truth[table][open_rows(truth[table], closed)]
            columns = told.setdefault(table, {})
            columns[column] = columns.get(column, pd.Series(False, index=frame.index)) | (frame.index == row)


def _least_useful(
    unknowns: Unknowns, at: int, figures: Iterable[Any], truth: Mapping[str, pd.DataFrame]
) -> ShownFigure | None:
    """Of the figures that a count hangs together with, the one to go: a score, a mean, the share of fewest, a count."""
    shown: list[ShownFigure] = [figure for figure in figures if isinstance(figure, tuple)]
    if shown:
        return min(shown, key=lambda figure: _use(figure, truth))
    linked = {other for one in unknowns.sums if at in one.terms for other in one.terms}
    linked |= {other for one in unknowns.sums if linked & set(one.terms) for other in one.terms}
    names: dict[int, Any] = {place: name for name, place in unknowns.places.items()}
    counts = [
        (unknowns.truth[other], names[other])
        for other in linked - unknowns.asked
        if isinstance(names[other], tuple) and names[other][0] in SENSITIVE
    ]
    for _, name in sorted(counts, key=repr):
        table, column, row = name
        if row in truth[table].index and not isinstance(row, tuple):
            return table, column, row
    return None


def _use(figure: ShownFigure, truth: Mapping[str, pd.DataFrame]) -> tuple[int, int, str]:
    """Orders figures by how much a reader loses without them."""
    table, column, row = figure
    if column in LEAST_USEFUL:
        return LEAST_USEFUL.index(column), 0, repr(figure)
    count = next(count for share, count, _ in SENSITIVE[table].percentages if share == column)
    exact: Any = truth[table].loc[row, count]
    return len(LEAST_USEFUL), int(exact), repr(figure)
