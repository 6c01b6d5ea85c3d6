"""What the headlines of retention tell beside the start months and quarters that stand as they were published.

They add up all who started, whatever is hidden of them. What a release hides is chosen so that they tell of nobody; of
start months that were over it was chosen before, and may be other ones. So the figures are put to the attack again as
they are to be published. Belongs here: retention in the third month and its headlines, as sums of what is shown and
what is not. Does not belong here: the attack (``attack``), or how a release hides by itself (``starts``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from fellowship_pipeline.release.attack import ANYBODY, Unknowns
from fellowship_pipeline.release.reach import WHOLE
from fellowship_pipeline.release.starts import ACTIVE, HEADLINE, RETENTION, STARTED, THIRD
from fellowship_pipeline.release.tables import LabeledRows

SCORECARD, TABLE = "scorecard", "retention"
EVERYBODY = (WHOLE, WHOLE)
ALONE = (("study_mode", "individual"), ("study_group", "(none)"))
"""Mostly the same persons under two names: those who study alone are in no study group."""
NEVER = ""
"""The start of headlines, which are of all."""
StartCount = tuple[str, str, str, str, int]
"""A figure: its table, the month or quarter of start, kind and name of the slice, whether it counts only the active."""
Slices = dict[tuple[str, str], int]
"""By kind and name of a slice, the place of its count."""


@dataclass(frozen=True)
class Begun:
    """The months, YYYY-MM, in which anybody began; ``last``: the latest of which the third month since is over."""

    months: frozenset[str]
    last: str

    @classmethod
    def by(cls, day: date, months: Iterable[str]) -> Begun:
        """Those of that day."""
        last = str(pd.Period(day + timedelta(days=1), "M") - 1 - THIRD)
        return cls(frozenset(months), last)

    @property
    def over(self) -> frozenset[str]:
        """Those that the headlines are of."""
        return frozenset(month for month in self.months if month <= self.last)


def spared(retention: LabeledRows, scorecard: LabeledRows, begun: Begun) -> tuple[LabeledRows, LabeledRows]:
    """Both tables without rows of which the rest tells, those first that say nothing themselves."""
    while told := _told(retention, scorecard, begun):
        retention, scorecard = _without(retention, scorecard, told)
    return retention, scorecard


def _without(retention: LabeledRows, scorecard: LabeledRows, told: StartCount) -> tuple[LabeledRows, LabeledRows]:
    """Both without what makes a figure known: headlines of its kind, else hidden rows of its start, else headlines."""
    _, start, kind, *_ = told
    headlines = scorecard.frame["kpi"] == RETENTION
    of_kind = headlines & (scorecard.frame["slice_by"] == kind)
    if kind != WHOLE and of_kind.any():
        return retention, _only(scorecard, ~of_kind)
    frame = retention.frame
    beside = (frame["slice_by"] == kind) & (_start(frame) == start)
    if kind == WHOLE:
        beside &= frame["suppressed"].astype(bool)
    if beside.any():
        return _only(retention, ~beside), scorecard
    return retention, _only(scorecard, ~headlines)


def _only(rows: LabeledRows, kept: pd.Series[bool]) -> LabeledRows:
    some = rows.only(kept)
    return LabeledRows(some.frame.reset_index(drop=True), some.labels.reset_index(drop=True))


def _start(frame: pd.DataFrame) -> pd.Series:
    months: pd.Series = frame["start_month"].dt.strftime("%Y-%m")
    return months


def _told(retention: LabeledRows, scorecard: LabeledRows, begun: Begun) -> StartCount | None:
    """A hidden figure that fewer than three values fit, one of a slice at first; None where the figures fit nothing."""
    for same in (ALONE, ()):
        said = _Said(retention, scorecard, begun, same)
        if said.unknowns.asked and said.unknowns.fitted():
            told = [said.names[at] for at, _ in said.unknowns.exposed() if not said.is_in_rows(at)]
            return min(told, key=lambda cell: (cell[2] == WHOLE, cell), default=None)
    return None


class _Said:
    """The figures of both tables, of the third month, as whole numbers of which something is known.

    ``same``: slices of the same persons.
    """

    def __init__(
        self, retention: LabeledRows, scorecard: LabeledRows, begun: Begun, same: Sequence[tuple[str, str]]
    ) -> None:
        self.unknowns, self.names = Unknowns(), dict[int, StartCount]()
        self.parts: dict[int, list[int]] = defaultdict(list)
        self.rows: dict[tuple[str, int], Slices] = defaultdict(dict)
        starts, is_third = _start(retention.frame), retention.frame["months_since"] == THIRD
        headlines = scorecard.only(scorecard.frame["kpi"] == RETENTION)
        never = pd.Series(NEVER, index=headlines.frame.index)
        self._count((TABLE, STARTED, 0), retention, starts)
        self._count((TABLE, ACTIVE, 1), retention.only(is_third), starts[is_third])
        self._count((SCORECARD, HEADLINE[0], 0), headlines, never)
        self._count((SCORECARD, HEADLINE[1], 1), headlines, never)
        self.unknowns.asked -= {at for at in self.unknowns.asked if self.unknowns.low[at] == self.unknowns.high[at]}
        for is_active in (0, 1):
            months = {
                start: some[EVERYBODY]
                for (start, of), some in self.rows.items()
                if EVERYBODY in some and start and of == is_active
            }
            self._add_up(is_active, months, begun)
        for (start, is_active), some in self.rows.items():
            equal = [some[name] for name in same if name in some]
            if len(equal) > 1:
                self.unknowns.known({equal[0]: 1, equal[1]: -1}, 0, 0)
            started = self.rows.get((start, 0), {}) if is_active else {}
            for name in some.keys() & started.keys():
                self.unknowns.known({started[name]: 1, some[name]: -1}, 0, ANYBODY)

    def is_in_rows(self, at: int) -> bool:
        """Whether a headline is no more than rows that are shown add up to: those say it already."""
        low, high = self.unknowns.bounds(at)
        parts = [self.unknowns.bounds(part) for part in self.parts.get(at, ())]
        are_shown = self.unknowns.asked.isdisjoint(self.parts.get(at, ()))
        return bool(parts) and are_shown and low == high == sum(part for part, _ in parts)

    def _count(self, what: tuple[str, str, int], some: LabeledRows, starts: pd.Series) -> None:
        """Adds a count of each row, once where several rows have it."""
        table, column, is_active = what
        figures = zip(
            starts, some.frame["slice_by"], some.frame["slice"], some.frame[column], some.labels[column], strict=True
        )
        for start, kind, slice_, value, label in figures:
            name = (table, start, kind, slice_, is_active)
            if not pd.isna(value):
                at = self.unknowns.count(name, 0, int(value), int(value))
            elif isinstance(label, str):
                most = float(label[1:]) - 1 if label.startswith("<") else ANYBODY
                at = self.unknowns.count(name, 0, 0 if is_active else 1, most, is_hidden=True)
            else:
                continue
            self.names[at] = name
            self.rows[start, is_active][kind, slice_] = at

    def _add_up(self, is_active: int, months: Mapping[str, int], begun: Begun) -> None:
        """Start months to the headline and to quarters, slices of a kind to either, quarters to headlines."""
        headlines = self.rows[NEVER, is_active]
        everybody = headlines.get(EVERYBODY)
        over = [at for month, at in months.items() if month <= begun.last]
        self._sum(everybody, over, is_all=begun.over <= months.keys())
        for kind in {kind for kind, _ in headlines} - {WHOLE}:
            self._sum(everybody, _of_kind(headlines, kind))
        for (start, of), rows in self.rows.items():
            if start == NEVER or of != is_active:
                continue
            quarter = set(pd.period_range(start, periods=3, freq="M").strftime("%Y-%m"))
            theirs = [at for month, at in months.items() if month in quarter]
            is_all = begun.months & quarter <= months.keys()
            for kind in {kind for kind, _ in rows} - {WHOLE} if theirs else ():
                parts = dict.fromkeys(_of_kind(rows, kind), 1.0)
                self.unknowns.known(parts | dict.fromkeys(theirs, -1.0), 0, 0 if is_all else ANYBODY)
            for name in rows.keys() & headlines.keys() - {EVERYBODY} if max(quarter) <= begun.last else ():
                self.parts[headlines[name]].append(rows[name])
        for name in headlines.keys() - {EVERYBODY}:
            self._sum(headlines[name], self.parts.get(headlines[name], ()), is_all=False)

    def _sum(self, whole: int | None, parts: Iterable[int], *, is_all: bool = True) -> None:
        """What parts add up to, or are some of."""
        listed = dict.fromkeys(parts, -1.0)
        if whole is not None and listed:
            self.unknowns.known({whole: 1.0} | listed, 0, 0 if is_all else ANYBODY)


def _of_kind(slices: Slices, kind: str) -> list[int]:
    return [at for (of, _), at in slices.items() if of == kind]
