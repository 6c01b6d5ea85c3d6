"""Which Python `make run` takes, and what it says where there is none that would do."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make") or "make"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without an environment, as far as make looks at it; its `bin` is all that is on the path."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements/bootstrap.txt", "requirements/runtime.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "bin").mkdir()
    return tmp_path


def command(checkout: Path, name: str, code: int) -> None:
    file = checkout / "bin" / name
    file.write_text(f"#!/bin/sh\nexit {code}\n")
    file.chmod(0o755)


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    said = [MAKE, "--dry-run", ".venv/runtime", *arguments]
    path = {"PATH": str(checkout / "bin")}
    return subprocess.run(said, cwd=checkout, env=path, capture_output=True, text=True, check=False)


def test_without_a_python_a_line_says_what_to_install(checkout: Path) -> None:
    ran = make(checkout)
    (line,) = ran.stderr.splitlines()
    assert ran.returncode == 2
    assert "no Python 3.11, 3.12 or 3.13 that can make environments" in line
    assert "apt-get install python3 python3-venv" in line and "make run PYTHON=/path/to/python3.12" in line


def test_the_first_python_that_would_do_is_taken(checkout: Path) -> None:
    """`python3.11` is the shim of a version manager that has no such version, or has no venv."""
    for name, code in {"python3.11": 127, "python3.12": 1, "python3.13": 0, "python3": 0}.items():
        command(checkout, name, code)
    assert make(checkout).stdout.splitlines()[0] == f"{checkout}/bin/python3.13 -m venv .venv"


def test_a_python_that_is_named_is_taken(checkout: Path) -> None:
    assert make(checkout, "PYTHON=/opt/python").stdout.splitlines()[0] == "/opt/python -m venv .venv"


def test_what_is_declared_is_what_make_takes_and_tries() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    allowed = SpecifierSet(project["requires-python"])
    declared = [line.rpartition(" ")[2] for line in project["classifiers"] if re.search(r"Python :: 3\.\d+$", line)]
    assert declared == [f"3.{minor}" for minor in range(30) if f"3.{minor}.5" in allowed]
    tried = re.search(r"^    for version in (.*); do$", (ROOT / "benchmarks/pythons.sh").read_text("utf-8"), re.M)
    taken = re.search(r"for name in (.*) python3; do", (ROOT / "Makefile").read_text("utf-8"))
    assert tried and tried[1].split() == declared
    assert taken and taken[1].split() == [f"python{version}" for version in declared]
