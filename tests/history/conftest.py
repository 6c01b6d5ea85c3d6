from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from fellowship_pipeline.home import Home
from fellowship_pipeline.home.instance import settle


@pytest.fixture
def home(tmp_path: Path) -> Home:
    settle(Home(tmp_path))
    return Home(tmp_path)


@pytest.fixture
def instance(home: Home) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home.dagster)) as opened:
        yield opened
