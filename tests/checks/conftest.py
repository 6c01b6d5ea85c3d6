from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from fellowship_pipeline import warehouse

from . import world


@pytest.fixture(scope="session")
def clean() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory that holds the world; whoever changes a table puts it back."""
    with warehouse.connect(None) as con:
        world.build(con)
        yield con
