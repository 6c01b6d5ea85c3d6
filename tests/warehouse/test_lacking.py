"""Which tables a warehouse lacks."""

from __future__ import annotations

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY


def test_a_module_or_variable_that_has_the_name_of_a_table_is_none() -> None:
    with warehouse.connect(None) as con:
        warehouse.create(con, TABLE_BY_KEY["raw.files"])
        assert warehouse.lacking(con, ["raw.names", "raw.files", "raw.roster"]) == ["raw.names", "raw.roster"]
