"""The pages of the literal program, made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.publication.operations import hand_over
from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import Program
from tests.operations import literal

Make = Callable[..., Path]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Writes the operations of rows by table; returns their folder."""

    def write(rows: literal.Given, program: Program | None = None, warnings: tuple[Any, ...] = ()) -> Path:
        home = Home(tmp_path_factory.mktemp("my home"))
        with warehouse.connect(None) as con:
            literal.fill(con, rows)
            return hand_over(home, "r1", con, program or literal.program(), warnings)

    return write


@pytest.fixture(scope="session")
def folder(make: Make) -> Path:
    """The operations of the literal program."""
    return make(literal.given(), warnings=({"ko": "경고", "en": "a warning"},))
