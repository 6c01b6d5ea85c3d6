"""Every table is described once, wholly, and the dictionary says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import KPI_TABLES, SOURCES, TABLES, Table
from fellowship_pipeline.contracts.dictionary import dictionary

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_a_table_is_described_wholly(table: Table) -> None:
    assert "Grain: " in table.description
    assert set(table.grain) <= set(table.column_names)
    assert len(set(table.column_names)) == len(table.columns)
    for column in table.columns:
        assert column.description, column.name
        assert column.pii in ("none", "direct", "quasi", "sensitive")


def test_every_table_can_be_made() -> None:
    with warehouse.connect(None) as con:
        for table in TABLES:
            warehouse.create(con, table)
            assert warehouse.count(con, table) == 0


def test_kpi_tables_say_how_they_may_be_published_and_name_nobody() -> None:
    for table in KPI_TABLES:
        assert table.measure in ("operational", "sensitive")
        assert {column.pii for column in table.columns} == {"none"}


def test_every_source_has_a_natural_key_of_its_own_columns() -> None:
    for source in SOURCES:
        names = {column.name for column in source.columns}
        assert set(source.natural_key) <= names
        assert set(source.may_be_empty) <= set(source.required)


def test_the_dictionary_in_docs_is_that_of_the_contracts() -> None:
    assert (ROOT / "docs/tables.md").read_text(encoding="utf-8") == dictionary()
