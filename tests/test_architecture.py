"""The house: who may import whom, how long a module may be, how SQL is written."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for name in ("fellowship_pipeline", "assets", "checks") for path in (ROOT / name).rglob("*.py"))
SQL = sorted((ROOT / "assets").rglob("*.sql"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_go_one_way() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    shown = subprocess.run([str(linter)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stdout


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_opens_with_its_charter_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400


def types_of(path: Path) -> Iterator[str]:
    """The classes of a module, and its other names that are written like one: aliases of types."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if re.fullmatch(r"_?[A-Z][a-z]\w*", name):
                    yield name


def test_a_class_name_means_one_thing() -> None:
    defined = Counter(name for path in MODULES for name in types_of(path))
    assert {name for name, times in defined.items() if times > 1} == set()


@pytest.mark.parametrize("path", [path for path in SQL if path.parent.name in ("core", "kpi", "ops")], ids=named)
def test_a_model_says_its_grain_and_imports_first(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("--")]
    assert any(line.startswith("-- Grain: ") for line in header)
    assert lines[len(header)].split(" ")[0] in ("with", "select")
    assert not any(word in path.read_text(encoding="utf-8") for word in ("SELECT", "FROM", "\t"))
