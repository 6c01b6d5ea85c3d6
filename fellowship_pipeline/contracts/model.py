"""The words a table is described in: column, type, vocabulary, grain, personal data.

Belongs here: the shape of a contract. Does not belong here: any table (see the modules beside) or any use of one.
"""

from __future__ import annotations

from dataclasses import dataclass
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
class Table:
    """One table: ``schema.name``, what a row is, its columns, and the columns that identify a row.

    ``privacy``: how a KPI table may be shown. ``plotted``: of a table with a row per period, the period's column and
    the one whose latest value the UI plots.
    """

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    grain: tuple[str, ...] = ()
    privacy: PrivacyRules | None = None
    plotted: tuple[str, str] | None = None

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
