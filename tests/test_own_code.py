"""Which code is running: its digest changes with a file, and with what is installed."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from fellowship_pipeline import own_code

FILE = Path(own_code.__file__)


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of one module, as if it were all of the code."""
    package = tmp_path / "fellowship_pipeline"
    package.mkdir()
    shutil.copy(FILE, package)
    monkeypatch.setattr(own_code, "__file__", str(package / FILE.name))
    return package


def _anew() -> str:
    own_code.digest.cache_clear()
    try:
        return own_code.digest()
    finally:
        own_code.digest.cache_clear()


def test_the_same_code_has_the_same_digest_and_another_file_another(digest: Path) -> None:
    before = _anew()
    assert _anew() == before
    (digest / "model.sql").write_text("select 1")
    added = _anew()
    (digest / "model.sql").write_text("select 2")
    assert len({before, added, _anew()}) == 3


def test_what_python_compiles_is_no_other_code(digest: Path) -> None:
    before = _anew()
    (digest / "__pycache__").mkdir()
    (digest / "__pycache__" / "own_code.pyc").write_bytes(b"x")
    assert _anew() == before


@pytest.mark.usefixtures("digest")
def test_another_version_of_a_library_is_other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for version in ("0.9.1", "0.9.2"):
        monkeypatch.setattr(own_code, "distributions", lambda v=version: [SimpleNamespace(name="reader", version=v)])
        seen.add(_anew())
    assert len(seen) == 2
