"""Every case of the catalog of bad inputs is shown by a test, and recorded."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from benchmarks.record import RECORD, cases

pytestmark = pytest.mark.slow

NUMBER = re.compile(r"[A-IS]\d+")
TESTS = Path(__file__).parent
CATALOG = {
    f"{letter}{number}"
    for letter, last in zip("ABCDE", (24, 27, 19, 15, 12), strict=True)
    for number in range(1, last + 1)
}
CATALOG |= {f"S{number}" for number in range(14)}
CATALOG |= {f"F{number}" for number in range(1, 20)}
CATALOG |= {f"G{number}" for number in range(1, 15)}
CATALOG |= {f"H{number}" for number in range(1, 17)}
CATALOG |= {f"I{number}" for number in range(1, 10)}


def marked() -> set[str]:
    """The numbers that stand in ``fault(…)``, or, where that takes them from a table, in that module."""
    found: set[str] = set()
    for path in TESTS.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        calls = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault"]
        given = [argument for call in calls for argument in call.args]
        if any(not isinstance(argument, ast.Constant) for argument in given):
            given += [node for node in nodes if isinstance(node, ast.Constant) and NUMBER.fullmatch(str(node.value))]
        found |= {str(argument.value) for argument in given if isinstance(argument, ast.Constant)}
    return found


def test_the_catalog_is_whole() -> None:
    assert set(cases()) == CATALOG
    assert all(case["input"] and case["expected"] for case in cases().values())


def test_every_case_has_a_test_that_carries_its_number() -> None:
    assert CATALOG - marked() == set()


def test_no_test_carries_a_number_that_is_no_case() -> None:
    assert {number for number in marked() if NUMBER.match(number)} <= CATALOG


def test_the_record_lists_every_case_as_passed() -> None:
    rows = re.findall(r"^\| ([A-Z]\d+) \|.*\| ([a-z ]+) \|$", RECORD.read_text(encoding="utf-8"), flags=re.M)
    assert dict(rows) == dict.fromkeys(CATALOG, "passed")
