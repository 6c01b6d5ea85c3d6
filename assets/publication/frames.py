"""The dagster-pandas types of released frames: what a figure may rely on, from the table's contract.

Belongs here: a type per KPI table, and checking a release against them. Does not belong here: what is hidden (that is
``fellowship_pipeline.release``); here it is only seen to that a suppressed row carries no figure.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import cast

import dagster as dg
import pandas as pd
from dagster_pandas import PandasColumn, create_dagster_pandas_dataframe_type
from dagster_pandas.constraints import (
    CategoricalColumnConstraint,
    ColumnDTypeFnConstraint,
    Constraint,
    DataFrameConstraint,
    DataFrameConstraintViolationException,
    MaxValueColumnConstraint,
    MinValueColumnConstraint,
    NonNullableColumnConstraint,
    StrictColumnsConstraint,
)
from pandas.api import types

from fellowship_pipeline.contracts import Column, Table
from fellowship_pipeline.release.build import PUBLISHED, Release
from fellowship_pipeline.release.policy import KEPT

# Functions of the dtype: dagster-pandas' own datetime column takes nanoseconds only, and DuckDB gives microseconds.
_DTYPES = {
    "BIGINT": types.is_integer_dtype,
    "DOUBLE": types.is_float_dtype,
    "DATE": types.is_datetime64_dtype,
    "TIMESTAMP": types.is_datetime64_dtype,
    "BOOLEAN": types.is_bool_dtype,
    "VARCHAR": types.is_object_dtype,
}
# dagster-pandas' checks look at the frame alone; dg.check_dagster_type starts an instance for each.
_NO_CONTEXT = cast(dg.TypeCheckContext, None)


class SuppressedRowsAreEmpty(DataFrameConstraint):  # type: ignore[misc]  # dagster-pandas publishes no types
    """A suppressed row carries none of the given figures."""

    def __init__(self, measures: list[str]) -> None:
        self.measures = measures
        description = f"Suppressed rows carry none of {measures}."
        super().__init__(error_description=description, markdown_description=description)

    def validate(self, dataframe: pd.DataFrame) -> None:
        """Raises where one does."""
        filled = dataframe.loc[dataframe["suppressed"], self.measures].notna().any(axis=1).sum()
        if filled:
            raise DataFrameConstraintViolationException(self.name, f"{self.error_description} {filled} rows do.")


def _column(table: Table, column: Column) -> PandasColumn:
    constraints: list[Constraint] = [ColumnDTypeFnConstraint(_DTYPES[column.type])]
    if column.required and (column.name in table.grain or column.name in KEPT[table.name]):
        constraints.append(NonNullableColumnConstraint())
    if column.values:
        constraints.append(CategoricalColumnConstraint(set(column.values), ignore_missing_vals=True))
    if column.minimum is not None:
        constraints.append(MinValueColumnConstraint(column.minimum, ignore_missing_vals=True))
    if column.maximum is not None:
        constraints.append(MaxValueColumnConstraint(column.maximum, ignore_missing_vals=True))
    return PandasColumn(column.name, constraints=constraints)


@cache
def frame_type(table: Table) -> dg.DagsterType:
    """The type of the table's released frame: the contract's columns in order, and ``suppressed``."""
    measures = [c for c in table.column_names if c not in table.grain and c not in KEPT[table.name]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # all of dagster-pandas is beta; the pin says which one
        return _frame_type(table, measures)


def _frame_type(table: Table, measures: list[str]) -> dg.DagsterType:
    type_: dg.DagsterType = create_dagster_pandas_dataframe_type(
        name=f"Released_{table.name}",
        description=table.description,
        columns=[
            *(_column(table, column) for column in table.columns),
            PandasColumn.boolean_column("suppressed", non_nullable=True),
        ],
        dataframe_constraints=[
            StrictColumnsConstraint([*table.column_names, "suppressed"], enforce_ordering=True),
            SuppressedRowsAreEmpty(measures),
        ],
    )
    return type_


def checked(release: Release) -> Release:
    """The release, every frame of it held against its type; raises dagster.Failure that names those that do not fit."""
    wrong = []
    for table in PUBLISHED:
        outcome = frame_type(table).type_check(_NO_CONTEXT, release.frames.get(table.name))
        if not outcome.success:
            wrong.append(f"{table.key}: {outcome.description}")
    if wrong:
        raise dg.Failure(description="released frames break their contract: " + "; ".join(wrong), allow_retries=False)
    return release
