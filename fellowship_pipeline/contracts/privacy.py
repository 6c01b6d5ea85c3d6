"""How a KPI table may be shown: the rules that every one of them states.

Belongs here: the shapes of these rules. Does not belong here: the rules of any table (``contracts/kpi``), how they are
carried out (``release``), or the minima, which are the program's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Measure = Literal["operational", "sensitive"]
"""The privacy class of a published table: decides the smallest group that may be shown."""


@dataclass(frozen=True)
class Part:
    """Columns of a row that describe others than the rest of it does, and are hidden by themselves too.

    ``name``: what their groups are called beside those of tables; ``size``: how many persons that is, in SQL.
    """

    name: str
    size: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Operational:
    """A table whose rows are hidden where the group that a row describes is small.

    The group is whom the row is about, not those of them who are counted: 1 active of 60 holders is shown.
    ``size``: how many persons that is, in SQL over the table. ``group``: the columns that name the group, the moment
    first; rows that agree in them are about the same persons and are hidden together. ``kept``: columns beside the
    grain that no person stands behind. ``sliced``: whether the slices of one kind add up to 'all'. ``adds``: the counts
    that do, first the group's. ``rates``: fractions, each with its count and its base. ``averages``: opinions, each
    with the count that is its base, shown as those of sensitive tables are. ``part``: columns about others.
    ``written``: the rows are named in people's own words, so that hidden ones are left out altogether.
    """

    measure: ClassVar[Measure] = "operational"
    size: str
    group: tuple[str, ...]
    kept: tuple[str, ...] = ()
    sliced: bool = False
    adds: tuple[str, ...] = ()
    rates: tuple[tuple[str, str, str], ...] = ()
    averages: tuple[tuple[str, str], ...] = ()
    part: Part | None = None
    written: bool = False

    @property
    def free(self) -> frozenset[str]:
        """Counts that add up and of which one person can have any number: days, completions."""
        return frozenset(self.adds[1:]).difference(count for _, count, _ in self.rates)

    @property
    def named(self) -> frozenset[str]:
        """Columns that the rules name."""
        figures = [name for names in (*self.averages, *self.rates) for name in names]
        return frozenset([*self.group, *self.kept, *self.adds, *figures, *(self.part.columns if self.part else ())])


@dataclass(frozen=True)
class Steps:
    """Rows that follow each other, so that the difference of two is a group too.

    ``shares`` are shown only where ``count`` is that of the last row with shares shown, or differs from it by the
    minimum of persons; ``of_previous``, whose base is the row before, only where those of both rows are. ``order``: the
    rows' order, those alike in ``within`` apart. ``start``: the column with the count before the first row; None:
    nobody.
    """

    count: str
    order: str
    within: tuple[str, ...]
    shares: tuple[str, ...]
    of_previous: tuple[str, ...] = ()
    start: str | None = None


@dataclass(frozen=True)
class Sensitive:
    """A table of which only the whole program and closed cohorts are shown, rounded.

    ``main``: a row without any of these says nothing and is suppressed. ``counts``: persons. The others are figures:
    ``percentages``, each with the count and the base that it is the fraction of; ``intervals``, the two ends with the
    percentage and its base; ``averages``, ``quantiles`` and ``scores`` (of promoters), each with the count that is its
    base; ``places``, ranks of single teams, in the steps of a percentage of that base. ``firsts``: counts that are a
    base as they stand in the cohort's first row by position, called ``first_COUNT``. ``kept`` and ``written`` as of
    operational tables.
    """

    measure: ClassVar[Measure] = "sensitive"
    main: tuple[str, ...]
    counts: tuple[str, ...] = ()
    percentages: tuple[tuple[str, str, str], ...] = ()
    intervals: tuple[tuple[str, str, str, str], ...] = ()
    averages: tuple[tuple[str, str], ...] = ()
    quantiles: tuple[tuple[str, str], ...] = ()
    scores: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    firsts: tuple[str, ...] = ()
    steps: Steps | None = None
    written: bool = False
    kept: tuple[str, ...] = ()

    @property
    def _based(self) -> tuple[tuple[str, str], ...]:
        """Figures with one base."""
        return (*self.averages, *self.quantiles, *self.scores, *self.places)

    @property
    def treated(self) -> frozenset[str]:
        """Columns that are rounded, withheld or meant to be shown as they are."""
        ends = [end for low, high, _, _ in self.intervals for end in (low, high)]
        shares = [share for share, _, _ in self.percentages]
        return frozenset([*self.counts, *self.kept, *shares, *ends, *(figure for figure, _ in self._based)])

    @property
    def named(self) -> frozenset[str]:
        """Columns that the rules name."""
        bases = {base for _, base in self._based} | {name for _, *names in self.percentages for name in names}
        bases -= {f"first_{count}" for count in self.firsts}
        return self.treated | bases | {*self.main, *self.firsts}


@dataclass(frozen=True)
class ByHeadline:
    """A table of headline KPIs: each row is of the class of its KPI. ``kept`` as of operational tables."""

    measure: ClassVar[Measure] = "operational"
    kept: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """Columns that the rules name."""
        return frozenset(self.kept)


@dataclass(frozen=True)
class Unpublished:
    """A table that only feeds others."""

    measure: ClassVar[Measure] = "operational"
    named: ClassVar[frozenset[str]] = frozenset()


PrivacyRules = Operational | Sensitive | ByHeadline | Unpublished
