"""What docs/growing.md lists is what an addition touches: each is made in a copy of the repository, and works there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .additions import ADDITIONS, END, LOCALES, TABLE, Addition

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
FOLDERS = ("fellowship_pipeline", "assets", "checks", "docs", "tests")
MAKE_AGAIN = """
import sys
from pathlib import Path

import pytest

import fellowship_pipeline.definitions
from fellowship_pipeline.contracts.dictionary import dictionary
from fellowship_pipeline.program import reference

Path("docs/tables.md").write_text(dictionary(), encoding="utf-8")
reference.main(Path("docs"))
"""


def contents(root: Path) -> dict[str, bytes]:
    """Every file by its path, without what Python leaves."""
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*") if "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.is_file()}


def changed(before: dict[str, bytes], now: dict[str, bytes]) -> set[str]:
    """Files that are new or say something else."""
    return {path for path, content in now.items() if before.get(path) != content}


def listed(addition: Addition) -> tuple[set[str], set[str], set[str]]:
    """The files of the page's section: written by hand, of the locale, made again."""
    page = (ROOT / "docs/growing.md").read_text(encoding="utf-8")
    (section,) = (part for part in page.split("\n## ") if part.startswith(addition.section + "\n"))
    by_hand = re.findall(r"^\d\. `([\w./]+)`", section, flags=re.M)
    bullets = dict(re.findall(r"^- ([a-z ]+): ((?:[^\n]|\n  )+)", section, flags=re.M))
    locale, made = (
        re.findall(r"`([\w/.]+\.(?:yaml|md|json))`", bullets.get(key, "")) for key in ("locale", "made again")
    )
    return {path.replace("NAME", addition.name) for path in by_hand}, set(locale), set(made)


def make(root: Path, addition: Addition) -> None:
    """Writes the addition into the copy."""
    for name, text in addition.new.items():
        (root / name).write_text(text, encoding="utf-8")
    for name, before, added in addition.after:
        text = (root / name).read_text(encoding="utf-8")
        assert before == END or text.count(before) == 1, (name, before)
        changed = text + added if before == END else text.replace(before, before + added)
        (root / name).write_text(changed, encoding="utf-8")


def copy(root: Path) -> None:
    """The repository, as far as additions need it."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", root)


def run(root: Path, code: str, *tests: str) -> subprocess.CompletedProcess[str]:
    """Python in the copy, on the copy's own code, then tests of the copy."""
    return subprocess.run(
        [sys.executable, "-c", code + "sys.exit(pytest.main(sys.argv[1:]))", "-q", "-p", "no:cacheprovider", *tests],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.sampled(2)
@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda addition: addition.section)
def test_an_addition_touches_what_the_page_lists_and_works(addition: Addition, tmp_path: Path) -> None:
    copy(tmp_path)
    before = contents(tmp_path)
    by_hand, locale, made = listed(addition)

    make(tmp_path, addition)
    written = contents(tmp_path)
    assert changed(before, written) == by_hand | locale
    assert changed(before, written) & set(LOCALES) == locale
    assert len(by_hand) <= addition.at_most

    shown = run(tmp_path, MAKE_AGAIN + addition.proof, *addition.holds)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert changed(written, contents(tmp_path)) == made


def test_a_kpi_table_without_a_privacy_class_does_not_load(tmp_path: Path) -> None:
    copy(tmp_path)
    make(tmp_path, TABLE)
    contract = tmp_path / "fellowship_pipeline/contracts/kpi/learning.py"
    rules = '        Operational("members", ("month",)),\n'
    assert contract.read_text(encoding="utf-8").count(rules) == 1
    contract.write_text(contract.read_text(encoding="utf-8").replace(rules, ""), encoding="utf-8")
    shown = run(tmp_path, "import fellowship_pipeline.definitions\n")
    assert shown.stderr.splitlines()[-1] == (
        "ValueError: kpi.certificates has no privacy class: give its table(…) in fellowship_pipeline/contracts/kpi an "
        "Operational(…) or Sensitive(…), which says how its rows may be shown (contracts/privacy.py)."
    )
