from __future__ import annotations

from collections.abc import Iterator

import pytest

from fellowship_pipeline import warehouse

from .tiny import Tiny


@pytest.fixture
def tiny() -> Iterator[Tiny]:
    with warehouse.connect(None) as con:
        yield Tiny(con)
