"""The DataCamp example, generated once, and run once from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from examples.datacamp_fellowship.generate import SEED, generate
from examples.datacamp_fellowship.season import Season
from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.init import new_home
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import RunSummary, run_home

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of an example asks something of a whole run, or of exports that take as long to make."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.whole_run)


@pytest.fixture(scope="session")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated exports."""
    folder = tmp_path_factory.mktemp("exports") / "landing"
    generate(folder)
    return folder


@pytest.fixture(scope="session")
def season() -> Season:
    """What the exports are made of."""
    return Season(SEED).run()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of the example."""
    home = Home(tmp_path_factory.mktemp("datacamp") / "home")
    new_home(home.path, "datacamp_fellowship")
    return home


@pytest.fixture(scope="session")
def summary(home: Home) -> RunSummary:
    """What came of one run."""
    return run_home(home, load_program(home.path))


@pytest.fixture(scope="session")
def con(home: Home, summary: RunSummary) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse after that run."""
    with warehouse.connect(home.warehouse, read_only=True) as con:
        yield con
