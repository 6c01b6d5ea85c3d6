from __future__ import annotations

import pytest


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are told apart by their place: a workbook or a gzip holds its time, and workers would disagree on it."""
    return argname if isinstance(val, bytes) else None
