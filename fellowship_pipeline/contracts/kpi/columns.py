"""The words that KPI tables are described in.

Belongs here: columns that many tables share, short forms. Does not belong here: a table.
"""

from __future__ import annotations

from fellowship_pipeline.contracts.model import Column, Dated, Table, Type
from fellowship_pipeline.contracts.privacy import PrivacyRules


def count(
    name: str, description: str, unit: str = "persons", *, required: bool = True, minimum: float | None = 0
) -> Column:
    """A number of persons, or of the unit."""
    return Column(name, "BIGINT", description, unit=unit, required=required, minimum=minimum)


def rate(name: str, description: str, maximum: float | None = 1) -> Column:
    """A fraction of one count in another."""
    return Column(name, "DOUBLE", description, unit="rate", minimum=0, maximum=maximum)


def value(name: str, description: str, unit: str, minimum: float | None = 0) -> Column:
    """Any other number."""
    return Column(name, "DOUBLE", description, unit=unit, minimum=minimum)


def key(name: str, type_: Type, description: str, *, required: bool = True, values: tuple[str, ...] = ()) -> Column:
    """A column of the grain."""
    return Column(name, type_, description, required=required, values=values)


SLICE_KINDS = ("all", "cohort", "study_mode", "study_group", "track")
SLICE = (
    key("slice_by", "VARCHAR", "The kind of slice.", values=SLICE_KINDS),
    key("slice", "VARCHAR", "The slice; '(none)' where a member has no value."),
)
MONTH = key("month", "DATE", "The month, its 1st.")


def table(
    name: str,
    description: str,
    grain: tuple[str, ...],
    columns: tuple[Column, ...],
    privacy: PrivacyRules | None = None,
    *,
    plotted: tuple[str, str] | None = None,
    dated: Dated | None = None,
) -> Table:
    """A table of schema ``kpi``; its description ends with the grain."""
    return Table("kpi", name, f"{description} Grain: {' × '.join(grain)}.", columns, grain, privacy, plotted, dated)
