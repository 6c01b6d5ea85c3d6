"""What the sensitive tables of a release say of the counts behind them, as anybody may put it together.

Belongs here: rounding, steps, options of a single choice, stages and cohorts that add up, as sums of whole numbers.
Does not belong here: solving them (``attack``), or what is withheld where they tell too much (``defense``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from fellowship_pipeline.release.attack import ANYBODY, Unknowns
from fellowship_pipeline.release.policy import SENSITIVE
from fellowship_pipeline.release.sensitive import Rounded
from fellowship_pipeline.release.steps import END, HIGH, LARGE_GROUP, LOW, PRECISE_MEAN, Minima

PROMOTERS, DETRACTORS = 9, 6
RATED = ("survey", "question", "slice_by", "slice")
SUMS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "applications": (("entered", ("passed", "failed", "pending", "withdrawn")),),
    "missions": (("members", ("met", "late", "missed", "pending")),),
}
"""By table, a count and those that add up to it in the same row."""
WITHIN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "survey": (("answered", "respondents"), ("chosen", "answered")),
    "application_channels": (("accepted", "applicants"), ("unanswered", "applicants")),
    "outcomes": (("numerator", "denominator"),),
    "outcome_timeline": (("cumulative_members", "denominator"),),
    "missions": (("remaining", "cohort_members"),),
    "funnel": (("passed", "passed_previous"), ("passed", "passed_first")),
    "competitions": (("passing", "members"),),
}
"""By table, counts of whom are some of another's of the same row."""
SHARED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "survey": {"respondents": ("survey", "slice_by", "slice"), "answered": ("survey", "question", "slice_by", "slice")},
    "missions": {"cohort_members": ("cohort",)},
    "funnel": {"applicants": ("cohort",), "passed_first": ("cohort",)},
    "outcome_timeline": {"denominator": ("cohort", "kind")},
    "outcomes": {"members": ("cohort", "kind"), "numerator": ("cohort", "kind")},
}
"""By table and count, what names it where several rows repeat it."""
FOLLOWING: Mapping[str, tuple[str, str, tuple[str, ...], bool]] = {
    "funnel": ("passed", "position", ("cohort",), False),
    "missions": ("remaining", "due_at", ("cohort",), False),
    "outcome_timeline": ("cumulative_members", "months_since", ("cohort", "kind"), True),
}
"""By table, a count that only falls, or rises, from row to row: its order, within which rows."""

ShownFigure = tuple[str, str, Any]
"""A table, a column and a row's place in it."""


@dataclass(frozen=True)
class Published:
    """The sensitive tables as they are and as they are shown, with the minima that everybody knows."""

    truth: Mapping[str, pd.DataFrame]
    shown: Mapping[str, Rounded]
    minima: Minima
    single: Set[tuple[str, str]]

    def unknowns(self) -> Unknowns:
        """The counts behind them, with all that they say."""
        found = Unknowns()
        for table, rows in self.shown.items():
            if table != "term_surveys" and len(rows.frame):  # which repeats what the surveys say
                self._add_table(found, table, rows)
        self._add_choices(found)
        self._add_cohorts(found)
        return found

    def _add_table(self, found: Unknowns, table: str, rows: Rounded) -> None:
        rules = SENSITIVE[table]
        counts = {column: self._counts(found, table, rows, column) for column in rules.counts}
        for whole, parts in SUMS.get(table, ()):
            for row in rows.frame.index:
                found.known({counts[whole][row]: 1} | {counts[part][row]: -1 for part in parts}, 0, 0)
        for part, whole in WITHIN.get(table, ()):
            for row in rows.frame.index.intersection(list(counts[whole])):
                if row in counts[part] and counts[part][row] != counts[whole][row]:
                    self._within(found, (table, part, whole, row), counts[part][row], counts[whole][row])
        for share, count, base in rules.percentages:
            for row in rows.frame.index if base in counts else ():
                if row in counts[count] and row in counts[base]:
                    self._share(found, (table, share, row), rows, counts[count][row], counts[base][row])
        if table in FOLLOWING:
            self._add_following(found, table, counts)

    def _counts(self, found: Unknowns, table: str, rows: Rounded, column: str) -> dict[Any, int]:
        """By row, the place of a count of which the rounded value is known, or that it is smaller than the minimum."""
        shared = SHARED.get(table, {}).get(column)
        truth, places = self.truth[table], {}
        for row in rows.frame.index[truth[column].loc[rows.frame.index].notna()]:
            named = row if shared is None else tuple(truth.loc[row, list(shared)])
            is_whole = shared is not None and column in ("members", "numerator")
            name = (table, "members" if is_whole else column, named)
            exact, value = int(truth.loc[row, column]), rows.frame.loc[row, column]
            places[row] = self._count(found, name, exact, value)
        return places

    def _count(self, found: Unknowns, name: Any, exact: int, value: Any) -> int:
        if pd.isna(value):
            top = self.minima.count - 1 if exact < self.minima.count else ANYBODY
            return found.count(name, exact, 0, top, is_hidden=True)
        step, shown = self.minima.round_to, int(value)
        least, most = shown - step // 2, shown + (step - 1) // 2
        return found.count(name, exact, max(least, self.minima.count), most)

    def _within(self, found: Unknowns, name: Any, part: int, whole: int) -> None:
        """Those of a base who are not counted are a hidden group, too, where they are few."""
        left = found.truth[whole] - found.truth[part]
        if left < 0:
            return
        others = found.count(("others", name), left, 0, is_hidden=0 < left < self.minima.count)
        found.known({whole: 1, part: -1, others: -1}, 0, 0)

    def _share(self, found: Unknowns, figure: ShownFigure, rows: Rounded, count: int, base: int) -> None:
        _, column, row = figure
        value: Any = rows.frame.loc[row, column]
        at_end = rows.ends[column].loc[row]
        if not pd.isna(value):
            # Which step it was is known from the base, but not around 100: there the wider one is.
            half = (0.01 if found.low[base] >= LARGE_GROUP else END) / 2
            found.known({count: 1, base: -(value - half)}, 0, ANYBODY, figure)
            found.known({count: 1, base: -(value + half)}, -ANYBODY, 0, figure)
        elif at_end == LOW:
            found.known({count: 1, base: -END}, -ANYBODY, 0, figure)
        elif at_end == HIGH:
            found.known({count: 1, base: -(1 - END)}, 0, ANYBODY, figure)

    def _add_following(self, found: Unknowns, table: str, counts: Mapping[str, Mapping[Any, int]]) -> None:
        column, order, within, rises = FOLLOWING[table]
        frame = self.truth[table].loc[list(counts[column])].sort_values(order, kind="stable")
        for _, rows in frame.groupby(list(within)):
            places = [counts[column][row] for row in rows.index]
            for before, after in pairwise(places):
                more, less = (after, before) if rises else (before, after)
                if found.truth[more] >= found.truth[less] and more != less:
                    found.known({more: 1, less: -1}, 0, ANYBODY)

    def _add_choices(self, found: Unknowns) -> None:
        """Options of a single choice add up to those who answered; ratings have a mean and a score, too."""
        if "survey" not in self.shown:
            return
        shown = self.shown["survey"].frame
        ratings = self.shown["survey_ratings"].frame
        for key, rows in shown.groupby(list(RATED)):
            survey, question, *_ = key
            if (survey, question) not in self.single:
                continue
            options = {row: found.places["survey", "chosen", row] for row in rows.index}
            answered = found.places["survey", "answered", key]
            total = sum(found.truth[at] for at in options.values())
            if total == found.truth[answered]:
                found.known({answered: 1} | dict.fromkeys(options.values(), -1), 0, 0)
            values = {at: _number(str(shown.loc[place, "option"])) for place, at in options.items()}
            numbers = {at: value for at, value in values.items() if value is not None}
            if len(numbers) == len(values):
                for row in ratings.index[(ratings[list(RATED)] == list(key)).all(axis=1)]:
                    self._rating(found, row, answered, numbers)

    def _rating(self, found: Unknowns, row: Any, answered: int, values: Mapping[int, float]) -> None:
        frame = self.shown["survey_ratings"].frame
        base = found.low[answered]
        weights = {at: 100.0 * ((value >= PROMOTERS) - (value <= DETRACTORS)) for at, value in values.items()}
        for column, times, half in (
            ("mean", values, (0.1 if base >= PRECISE_MEAN else 0.5) / 2),
            ("nps", weights, (1 if base >= LARGE_GROUP else 10) / 2),
        ):
            shown: Any = frame.loc[row, column]
            if pd.isna(shown):
                continue
            terms = {at: value for at, value in times.items() if value}
            figure = ("survey_ratings", column, row)
            found.known(terms | {answered: -(shown - half)}, 0, ANYBODY, figure)
            found.known(terms | {answered: -(shown + half)}, -ANYBODY, 0, figure)

    def _add_cohorts(self, found: Unknowns) -> None:
        """Closed cohorts leave of everybody those of the running one."""
        for table, columns in (
            ("survey", ("chosen", "answered", "respondents")),
            ("survey_response", ("population", "respondents")),
        ):
            if table not in self.shown:
                continue
            truth = self.truth[table].loc[self.shown[table].frame.index]
            keys = [name for name in ("survey", "question", "option") if name in truth]
            for key, rows in truth.groupby(keys):
                whole = rows.index[rows["slice_by"] == "all"]
                parts = rows.index[rows["slice_by"] != "all"]
                for column in columns if len(whole) and len(parts) else ():
                    self._rest(found, (table, column, key), [whole[0], *parts])

    def _rest(self, found: Unknowns, name: tuple[str, str, Any], rows: Iterable[Any]) -> None:
        table, column, _ = name
        shared = SHARED.get(table, {}).get(column)
        truth = self.truth[table]
        named = [row if shared is None else tuple(truth.loc[row, list(shared)]) for row in rows]
        whole, *parts = [found.places[table, column, one] for one in named]
        left = found.truth[whole] - sum(found.truth[at] for at in parts)
        if left < 0:
            return
        rest = found.count(("rest", *name), left, 0, is_hidden=0 < left < self.minima.count)
        found.known({whole: 1, rest: -1} | dict.fromkeys(parts, -1), 0, 0)


def _number(option: str) -> float | None:
    try:
        return float(option)
    except ValueError:
        return None
