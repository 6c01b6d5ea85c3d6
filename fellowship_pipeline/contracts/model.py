"""The words a table is described in: column, type, vocabulary, grain, personal data, natural key.

Belongs here: the shape of a contract. Does not belong here: any table (see the modules beside) or any use of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fellowship_pipeline.contracts.privacy import Measure, PrivacyRules

Type = Literal[
    "VARCHAR",
    "BIGINT",
    "DOUBLE",
    "DECIMAL(28,10)",
    "DECIMAL(38,10)",
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE",
    "BOOLEAN",
]
"""Column types. TIMESTAMP is an instant in UTC, DATE a day of the program, DECIMAL a number that sums exactly."""

Pii = Literal["none", "direct", "quasi", "sensitive"]
"""Personal data: who somebody is (direct), what narrows it down (quasi), what is nobody's business (sensitive)."""


@dataclass(frozen=True)
class Column:
    """One column. ``required`` means never NULL; ``values`` is a closed vocabulary; bounds are inclusive."""

    name: str
    type: Type
    description: str
    pii: Pii = "none"
    unit: str | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Dated:
    """Of a table whose rows are of days or months: what happens from a day on changes no row of an earlier one.

    ``column``: the row's day or, where ``of_months``, the first of its month. ``is_final``: nor does a later ``as_of``
    change any: as of an earlier day, the table has exactly those up to it, its own month aside.
    """

    column: str
    of_months: bool = False
    is_final: bool = False

    def period(self, day: date) -> date:
        """The day, or the first of its month, from which on rows have to do with it."""
        return day.replace(day=1) if self.of_months else day


@dataclass(frozen=True)
class Table:
    """One table: ``schema.name``, what a row is, its columns, and the columns that identify a row.

    ``privacy``: how a KPI table may be shown. ``plotted``: of a table with a row per period, the period's column and
    the one whose latest value the UI plots. ``dated``: where it can be made from a day on.
    """

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    grain: tuple[str, ...] = ()
    privacy: PrivacyRules | None = None
    plotted: tuple[str, str] | None = None
    dated: Dated | None = None

    @property
    def key(self) -> str:
        """``schema.name``."""
        return f"{self.schema}.{self.name}"

    @property
    def measure(self) -> Measure | None:
        """The privacy class; None where it is not published."""
        return self.privacy.measure if self.privacy else None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.key} has no column {name}")


@dataclass(frozen=True)
class Source:
    """A canonical source. ``may_be_empty``: columns that must be in the file but may be empty.

    ``prefers``: of rows of one key in the deciding file the one that is latest by this column wins, an empty one before
    any, in whichever order they stand; without it, and of those alike, the last row does.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]
    may_be_empty: tuple[str, ...] = ()
    replaced_whole: bool = False
    repeats: bool = False
    person: str | None = "member"
    prefers: str | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that every file must have."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def instants(self) -> tuple[str, ...]:
        """Columns that tell when a file was made, where nobody declares it: ``*_at`` and ``as_of``."""
        return tuple(c.name for c in self.columns if c.name.endswith("_at") or c.name == "as_of")

    @property
    def lengths(self) -> frozenset[str]:
        """Columns that hold a length of time, in minutes."""
        return frozenset(column.name for column in self.columns if column.unit == "minutes")

    @property
    def moments(self) -> tuple[str, ...]:
        """Columns that hold a time of day."""
        return tuple(column.name for column in self.columns if column.type == "TIMESTAMP")
