"""Expectations that follow from a table's contract: columns, types, grain, never-NULL, vocabularies, bounds, origin.

Belongs here: turning a contract into expectations. Does not belong here: anything that must be said of one table only
(its YAML suite). An empty table passes: a source that nobody configured is empty by right.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from checks.model import Bilingual, Expectation
from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLE_BY_KEY, Column, Table
from fellowship_pipeline.warehouse.names import identifier

GRAIN = "grain_is_unique"
"""The expectation that no two rows have one grain."""


def _expectation(name: str, kind: str, en: str, ko: str, **kwargs: Any) -> Expectation:
    return Expectation(name=name, type=kind, kwargs=kwargs, severity="critical", words=Bilingual(en=en, ko=ko))


def _rows(name: str, query: str, en: str, ko: str) -> Expectation:
    return _expectation(name, "unexpected_rows_expectation", en, ko, unexpected_rows_query=query)


def _columns(table: Table) -> Expectation:
    return _expectation(
        "columns_are_those_of_the_contract",
        "expect_table_columns_to_match_ordered_list",
        f"{table.key} has not exactly the columns of its contract.",
        f"{table.key}의 열이 계약과 다릅니다.",
        column_list=list(table.column_names),
    )


def _grain(table: Table) -> Expectation:
    keys = ", ".join(identifier(name) for name in table.grain)
    by = " × ".join(table.grain)
    return _rows(
        GRAIN,
        "select " + keys + ", count(*) as rows from {batch} group by " + keys + " having count(*) > 1",
        f"{table.key} has more than one row for the same {by}.",
        f"{table.key}에 {by}가 같은 행이 둘 이상 있습니다.",
    )


def _column(table: Table, column: Column) -> Iterator[Expectation]:
    label = f"{table.key}.{column.name}"
    yield _expectation(
        f"{column.name}_has_its_type",
        "expect_column_values_to_be_of_type",
        f"{label} is not {column.type}.",
        f"{label}의 자료형이 {column.type}이 아닙니다.",
        column=column.name,
        type_=column.type,
    )
    if column.required:
        yield _expectation(
            f"{column.name}_is_never_null",
            "expect_column_values_to_not_be_null",
            f"{label} is NULL.",
            f"{label}이 비어 있습니다.",
            column=column.name,
        )
    if column.values:
        yield _expectation(
            f"{column.name}_is_in_its_vocabulary",
            "expect_column_values_to_be_in_set",
            f"{label} is none of {', '.join(column.values)}.",
            f"{label}이 {', '.join(column.values)} 중 하나가 아닙니다.",
            column=column.name,
            value_set=list(column.values),
        )
    if column.minimum is not None or column.maximum is not None:
        low = "-∞" if column.minimum is None else f"{column.minimum:g}"
        high = "∞" if column.maximum is None else f"{column.maximum:g}"
        yield _expectation(
            f"{column.name}_is_within_its_bounds",
            "expect_column_values_to_be_between",
            f"{label} is outside {low} to {high}.",
            f"{label}이 {low}–{high} 범위를 벗어납니다.",
            column=column.name,
            min_value=column.minimum,
            max_value=column.maximum,
        )


def _origin(table: Table) -> Expectation:
    """Rows of files that raw.files does not know as loaded."""
    return _rows(
        "every_row_comes_from_a_loaded_file",
        "select rows._file_id, count(*) as rows from {batch} as rows left join raw.files as files"
        " on rows._file_id = files.file_id and files.status = 'loaded'"
        " where files.file_id is null group by rows._file_id",
        f"{table.key} has rows of a file that raw.files does not list as loaded.",
        f"{table.key}에 raw.files에서 적재되지 않은 파일의 행이 있습니다.",
    )


@cache
def contract(table_key: str) -> tuple[Expectation, ...]:
    """What the contract of a table says, as expectations."""
    table = TABLE_BY_KEY[table_key]
    found = [_columns(table)]
    for column in table.columns:
        found += _column(table, column)
    if table.grain:
        found.append(_grain(table))
    if table.schema in ("raw", "staging") and table.name in SOURCE_BY_NAME:
        found.append(_origin(table))
    return tuple(found)
