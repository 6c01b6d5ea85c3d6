"""Names and texts as SQL writes them: whatever they are, DuckDB reads them back as they were."""

from __future__ import annotations

import duckdb
import pytest

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

ODD = [
    "plain",
    "Camel",
    "select",
    "rows",
    "two words",
    'a "quoted" one',
    "it's",
    "a.b",
    "*",
    "t.*",
    "_",
    "1",
    "이름",
    "a\nb",
]


@pytest.mark.parametrize("name", ODD)
def test_a_name_is_that_of_one_column(name: str) -> None:
    with duckdb.connect() as con:
        con.execute("create table t (first integer, " + identifier(name) + " integer)")
        assert con.execute("select " + identifier(name) + " from t").description == [(name, "INTEGER", *[None] * 5)]


@pytest.mark.parametrize("text", ["", *ODD, "back\\slash", "''"])
def test_a_text_is_itself(text: str) -> None:
    with duckdb.connect() as con:
        assert con.execute("select " + literal(text)).fetchall() == [(text,)]


def test_a_table_is_named_with_its_schema_and_where_asked_its_catalog() -> None:
    table = TABLE_BY_KEY["core.seats"]
    assert qualified(table) == '"core"."seats"'
    assert qualified(table, "other") == '"other"."core"."seats"'
