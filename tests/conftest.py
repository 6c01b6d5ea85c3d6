from __future__ import annotations

import pytest

from tests.browsing import chromium, open_uri

__all__ = ["chromium", "open_uri"]


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are told apart by their place: a workbook or a gzip holds its time, and workers would disagree on it."""
    return argname if isinstance(val, bytes) else None
