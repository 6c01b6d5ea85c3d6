from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.homes import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "landing").mkdir()
    return Place(tmp_path)
