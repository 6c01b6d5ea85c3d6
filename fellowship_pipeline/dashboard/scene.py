"""What a figure is drawn from: the released rows, cut by the reader's selection.

Belongs here: access to rows, slices, targets and rules. Does not belong here: wording, drawing, any KPI's formula.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES
from fellowship_pipeline.contracts.privacy import Operational
from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.program.labels import Labels
from fellowship_pipeline.program.settings import Program, ReviewRule
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.release.policy import WITHHELD

Row = dict[str, Any]
"""One released row: plain Python values, None where there is no figure, Withheld where it is not shown."""


class Withheld(float):
    """A figure that exists and is not shown; absorbing in sums. ``label`` stands in its place, such as ``<5``."""

    label: str

    def __new__(cls, label: str) -> Self:
        """A not-a-number that knows what to show."""
        value = super().__new__(cls, "nan")
        value.label = label
        return value


CONTRACTS = {table.name: table for table in KPI_TABLES}
SLICED = tuple(
    table.name for table in KPI_TABLES if isinstance(table.privacy, Operational) and "slice_by" in table.column_names
)
"""Operational tables with rows by slice."""
OF_COHORTS = tuple(table.name for table in KPI_TABLES if "cohort" in table.column_names)
"""Tables with rows by cohort."""

KINDS = ("cohort", "study_mode", "study_group", "track")
NOBODY = "(none)"


def is_hidden(value: object) -> bool:
    """Whether a value is withheld."""
    return isinstance(value, float) and value != value  # noqa: PLR0124 - what tells NaN


def shown_as(value: object) -> str:
    """What the release has in place of a withheld value; that it is withheld, where it is a sum with such a part."""
    return value.label if isinstance(value, Withheld) else WITHHELD


def known(value: Any) -> float | None:
    """The number, or None where it is withheld or there is none."""
    return None if value is None or value != value else value  # noqa: PLR0124 - as above


@dataclass(frozen=True, order=True)
class Slice:
    """What the reader selected: one value of one kind, or everybody."""

    kind: str
    name: str

    @property
    def key(self) -> str:
        """As it stands in the URL and in the page; HTML has no carriage return, its symbol stands there."""
        return f"{self.kind}:{self.name}".replace("\r", "␍")

    @property
    def whole(self) -> bool:
        """Whether it is everybody."""
        return self.kind == "all"


WHOLE = Slice("all", "all")


def _rows(frame: pd.DataFrame, labels: pd.DataFrame, instants: set[str], timezone: str) -> list[Row]:
    """Plain rows; a missing figure with a label in its place is withheld, an instant is a day of the program."""
    columns: dict[str, list[Any]] = {}
    for name in frame.columns.drop("suppressed"):
        series = frame[name]
        missing = series.isna()
        if name in instants:
            series = series.dt.tz_localize("UTC").dt.tz_convert(timezone)
        plain = series.dt.date if pd.api.types.is_datetime64_any_dtype(series) else series.astype(object)
        values = plain.mask(missing, None).tolist()
        if pd.api.types.is_numeric_dtype(series):
            hidden = missing & labels[name].notna()
            stands = {label: Withheld(label) for label in labels.loc[hidden, name].unique().tolist()}
            for at, label in zip(np.flatnonzero(hidden).tolist(), labels.loc[hidden, name].tolist(), strict=True):
                values[at] = stands[label]
        columns[name] = values
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


class ReleasedRows:
    """The release as plain rows, each made once, of slices only where somebody asks for them."""

    def __init__(self, release: Release, timezone: str) -> None:
        self._release = release
        self._timezone = timezone
        self._whole: dict[str, list[Row]] = {}
        self._sliced: dict[str, dict[tuple[str, str], list[Row]]] = defaultdict(dict)
        self._places: dict[str, dict[tuple[str, str], npt.NDArray[np.intp]]] = {}

    def of_table(self, table: str) -> list[Row]:
        """All rows; none where the table is not released."""
        if table not in self._whole:
            self._whole[table] = self._made(table) if table in self._release.frames else []
        return self._whole[table]

    def of_slice(self, table: str, one: Slice) -> list[Row] | None:
        """The rows of a sliced table that belong to a slice; None where nobody asked for it yet."""
        return self._sliced[table].get((one.kind, one.name))

    def ask(self, table: str, asked: Iterable[Slice]) -> None:
        """Makes the rows of slices of a table, in its order."""
        known, places = self._sliced[table], self.places(table)
        new = {(one.kind, one.name) for one in asked} - known.keys()
        found = [places[one] for one in new if one in places]
        known.update((one, []) for one in new)
        for row in self._made(table, np.sort(np.concatenate(found))) if found else ():
            known[row["slice_by"], row["slice"]].append(row)

    def places(self, table: str) -> dict[tuple[str, str], npt.NDArray[np.intp]]:
        """By kind and name of slice, where in the frame of the table its rows are."""
        if table not in self._places:
            frame = self._release.frames.get(table)
            found: Any = {} if frame is None else frame.groupby(["slice_by", "slice"], sort=False).indices
            self._places[table] = found
        return self._places[table]

    def _made(self, table: str, places: npt.NDArray[np.intp] | None = None) -> list[Row]:
        frame, labels = self._release.frames[table], self._release.labels[table]
        if places is not None:
            frame, labels = frame.iloc[places], labels.iloc[places]
        instants = {column.name for column in CONTRACTS[table].columns if column.type == "TIMESTAMP"}
        return _rows(frame, labels, instants, self._timezone)


class Scene:
    """The release as plain rows, with the program's settings beside it."""

    def __init__(
        self,
        release: Release,
        program: Program,
        page: PageContext,
        most: int | None = None,
        rows: ReleasedRows | None = None,
    ) -> None:
        """``most``: how many slices can be selected, beside everybody; None: all. ``rows``: where there are some."""
        self.release = release
        self._most = most
        self.program = program
        self.page = page
        self.as_of: date = release.as_of
        self._made = rows or ReleasedRows(release, program.timezone)

    def rows(self, table: str) -> list[Row]:
        """All released rows of a table; none where it is not released."""
        return self._made.of_table(table)

    def of(self, table: str, chosen: Slice) -> list[Row]:
        """The rows of a sliced table that belong to the selection, in the table's order."""
        rows = self._made.of_slice(table, chosen)
        if rows is None:
            self._made.ask(table, [chosen, *self.slices])
            rows = self._made.of_slice(table, chosen)
        return rows or []

    def of_cohort(self, table: str, chosen: Slice, shows: Sequence[str]) -> tuple[list[Row], Slice]:
        """The rows of the selected cohort, else of the latest that has a figure to show, and whose they are."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            groups[row["cohort"]].append(row)
        if not groups:
            return [], chosen
        if chosen.kind == "cohort" and chosen.name in groups:
            return groups[chosen.name], chosen
        begun = {cohort.id: cohort.starts_on or date.min for cohort in self.program.cohorts}
        latest = sorted(groups, key=lambda name: (begun.get(name, date.min), name), reverse=True)
        telling = (
            name for name in latest if any(known(row[field]) is not None for row in groups[name] for field in shows)
        )
        name = next(telling, latest[0])
        return groups[name], Slice("cohort", name)

    @cached_property
    def kpis(self) -> frozenset[str]:
        """The headline KPIs that the release has."""
        return frozenset(self.release.frames["scorecard"]["kpi"]) if "scorecard" in self.release.frames else frozenset()

    @cached_property
    def _kinds(self) -> dict[str, list[Slice]]:
        """By kind every slice that an operational table has rows of, and every cohort."""
        seen = {one for table in SLICED for one in self._made.places(table)}
        cohorts = (self.release.frames[table]["cohort"] for table in OF_COHORTS if table in self.release.frames)
        seen |= {("cohort", name) for names in cohorts for name in names.unique()}
        return {kind: sorted(Slice(kind, name) for of, name in seen if of == kind) for kind in KINDS}

    @cached_property
    def slices(self) -> list[Slice]:
        """Everybody, then what can be selected, by kind and name: the largest slices, kinds of few before others."""
        room = sum(map(len, self._kinds.values())) if self._most is None else self._most
        kept: set[Slice] = set()
        for found in sorted(self._kinds.values(), key=len):
            largest = sorted(found, key=lambda one: (-self.holders(one), one.name))[:room]
            kept |= set(largest)
            room -= len(largest)
        ordered = [one for found in self._kinds.values() for one in found if one in kept]
        return [WHOLE, *sorted(ordered, key=lambda one: (KINDS.index(one.kind), one.name == NOBODY))]

    @property
    def left_out(self) -> int:
        """How many slices cannot be selected."""
        return sum(map(len, self._kinds.values())) + 1 - len(self.slices)

    def holders(self, one: Slice) -> float:
        """Who held a seat on the slice's last day; 0 where that is not shown."""
        places = self._made.places("engagement").get((one.kind, one.name))
        if places is None:
            return 0
        holders: Any = self.release.frames["engagement"]["holders"].iat[int(places[-1])]
        return 0 if pd.isna(holders) else holders

    def target(self, kpi: str) -> float | None:
        """What the program aims at."""
        return self.program.targets.get(kpi)  # type: ignore[call-overload, no-any-return, unused-ignore]

    def rules(self, chosen: Slice) -> list[ReviewRule]:
        """Review rules by their first month, less those for another study mode than the one selected."""
        rules = sorted(self.program.review.rules, key=lambda rule: rule.from_)
        if chosen.kind != "study_mode":
            return rules
        return [rule for rule in rules if rule.study_mode in {None, chosen.name}]

    def labels(self, language: str) -> Labels:
        """What people call surveys, stages and terms."""
        return Labels(self.program, language)

    def configured(self, sources: Iterable[str]) -> bool:
        """Whether the program has an entry for any of these sources."""
        return any(self.program.sources.get(source) for source in sources)
