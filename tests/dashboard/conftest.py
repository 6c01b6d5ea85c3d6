"""One page for all tests of the dashboard, one browser for those that need one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.dashboard import render
from tests.browsing import OpenUri
from tests.dashboard import synthetic


@pytest.fixture(scope="session")
def html() -> str:
    """The page of the synthetic release."""
    return render(synthetic.release(), synthetic.program(), synthetic.page())


@pytest.fixture
def visit(open_uri: OpenUri, tmp_path: Path) -> Callable[..., Any]:
    """Opens a page from a file and waits until every figure is drawn."""

    def open_page(html: str, fragment: str = "", **how: Any) -> Any:
        file = tmp_path / "dashboard.html"
        file.write_text(html, encoding="utf-8")
        return open_uri(file.as_uri() + fragment, **how)

    return open_page
