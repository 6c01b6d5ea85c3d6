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

import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES
from fellowship_pipeline.contracts.privacy import Operational
from fellowship_pipeline.dashboard.context import PageContext
from fellowship_pipeline.program.settings import Program, ReviewRule
from fellowship_pipeline.release.build import Release

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


def shown_as(value: object, label: str) -> str:
    """What stands for a withheld value; the label where it is a sum with a withheld part."""
    return value.label if isinstance(value, Withheld) else label


def known(value: Any) -> float | None:
    """The number, or None where it is withheld or there is none."""
    return None if value is None or is_hidden(value) else value


@dataclass(frozen=True, order=True)
class Slice:
    """What the reader selected: one value of one kind, or everybody."""

    kind: str
    name: str

    @property
    def key(self) -> str:
        """As it stands in the URL."""
        return f"{self.kind}:{self.name}"

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
        if name in instants:
            series = series.dt.tz_localize("UTC").dt.tz_convert(timezone)
        if pd.api.types.is_datetime64_any_dtype(series):
            values: list[Any] = [None if pd.isna(value) else value.date() for value in series]
        else:
            values = [None if pd.isna(value) else value for value in series.tolist()]
        if pd.api.types.is_numeric_dtype(series):
            values = [
                Withheld(label) if value is None and isinstance(label, str) else value
                for value, label in zip(values, labels[name].tolist(), strict=True)
            ]
        columns[name] = values
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


class Scene:
    """The release as plain rows, with the program's settings beside it."""

    def __init__(self, release: Release, program: Program, page: PageContext, most: int | None = None) -> None:
        """``most``: how many slices can be selected, beside everybody; None: all."""
        self.release = release
        self._most = most
        self.program = program
        self.page = page
        self.as_of: date = release.as_of
        self._cache: dict[str, list[Row]] = {}
        self._sliced: dict[str, dict[tuple[str, str], list[Row]]] = {}

    def rows(self, table: str) -> list[Row]:
        """All released rows of a table; none where it is not released."""
        if table not in self._cache:
            frame = self.release.frames.get(table)
            if frame is None:
                return []
            instants = {column.name for column in CONTRACTS[table].columns if column.type == "TIMESTAMP"}
            self._cache[table] = _rows(frame, self.release.labels[table], instants, self.program.timezone)
        return self._cache[table]

    def of(self, table: str, chosen: Slice) -> list[Row]:
        """The rows of a sliced table that belong to the selection, in the table's order."""
        if table not in self._sliced:
            groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
            for row in self.rows(table):
                groups[row["slice_by"], row["slice"]].append(row)
            self._sliced[table] = groups
        return self._sliced[table].get((chosen.kind, chosen.name), [])

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
    def _kinds(self) -> dict[str, list[Slice]]:
        """By kind every slice that an operational table has rows of, and every cohort."""
        seen = {(row["slice_by"], row["slice"]) for table in SLICED for row in self.rows(table)}
        seen |= {("cohort", row["cohort"]) for table in OF_COHORTS for row in self.rows(table)}
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
        rows = self.of("engagement", one)
        return (known(rows[-1]["holders"]) or 0) if rows else 0

    def target(self, kpi: str) -> float | None:
        """What the program aims at."""
        return self.program.targets.get(kpi)  # type: ignore[call-overload, no-any-return, unused-ignore]

    def rules(self, chosen: Slice) -> list[ReviewRule]:
        """Review rules by their first month, less those for another study mode than the one selected."""
        rules = sorted(self.program.review.rules, key=lambda rule: rule.from_)
        if chosen.kind != "study_mode":
            return rules
        return [rule for rule in rules if rule.study_mode in {None, chosen.name}]

    def label(self, measure: str) -> str:
        """What stands for a withheld figure of a privacy class, such as ``<5``."""
        return self.release.thresholds[measure]

    def label_of(self, table: str) -> str:
        """What stands for a withheld figure of a table."""
        return self.label(CONTRACTS[table].measure or "operational")

    def configured(self, sources: Iterable[str]) -> bool:
        """Whether the program has an entry for any of these sources."""
        return any(self.program.sources.get(source) for source in sources)
