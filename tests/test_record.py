"""Every case of the catalog of bad inputs is shown by a test, and recorded."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from benchmarks.record import (
    RECORD,
    SECTION,
    SOME_TESTS,
    TESTS,
    Bound,
    Outcomes,
    cases,
    figures_of,
    kept_promises,
    plan,
)

pytestmark = pytest.mark.slow

NUMBER = re.compile(r"[A-IS]\d+")
FOLDER = Path(__file__).parent
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
    for path in FOLDER.rglob("*.py"):
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


RESULTS = """<testsuites><testsuite>
<testcase name="a"><properties><property name="test" value="t.py::a"/><property name="fault" value="F1"/>
  <property name="figure" value="x: broken off: 3"/></properties></testcase>
<testcase name="a[1]@run"><properties><property name="test" value="t.py::a[1]"/><property name="fault" value="F1"/>
  <property name="figure" value="x: broken off: 9"/></properties><failure message="no"/></testcase>
<testcase name="b"><properties><property name="test" value="t.py::b"/><property name="fault" value="F2"/>
  </properties></testcase>
<testcase name="c"><properties><property name="test" value="t.py::c"/><property name="fault" value="F2"/>
  </properties><skipped message="no"/></testcase>
<testcase name="d"><properties><property name="test" value="t.py::d"/><property name="fault" value="F3"/>
  </properties><skipped message="no"/></testcase>
<testcase name="e"/>
</testsuite></testsuites>"""


def test_the_worst_of_a_cases_tests_is_what_came_of_it_and_a_failed_test_tells_no_figure(tmp_path: Path) -> None:
    (tmp_path / "tests.xml").write_text(RESULTS)
    outcomes = Outcomes()
    outcomes.add(tmp_path / "tests.xml")
    assert [outcomes.of(number) for number in ("F1", "F2", "F3", "F4")] == ["failed", "passed", "skipped", "no test"]
    assert outcomes.tests["F1"] == {"t.py::a": "passed", "t.py::a[1]": "failed"}
    assert outcomes.figures == ["x: broken off: 3"]


def test_figures_of_one_name_are_added_up_and_held_to_their_bounds() -> None:
    said = {"one": ("", "words\nfigure: a: broken off: 3\nfigure: b: 96.5"), "two": ("", "figure: c: broken off: 4")}
    figures = figures_of(said)
    assert Bound("*: broken off", least=7).missing(figures, is_quick=False) is None
    assert Bound("*: broken off", least=10).missing(figures, is_quick=False) == "*: broken off: 3 too few"
    assert Bound("*: broken off", least=10).missing(figures, is_quick=True) is None
    assert Bound("*: broken off", most=0).missing(figures, is_quick=True) == "*: broken off: 7 too many"
    assert Bound("b", least=95).missing(figures, is_quick=False) is None
    assert Bound("d", most=0).missing(figures, is_quick=True) == "d: not measured"


def test_every_promise_is_held_to_something_that_a_quick_run_measures_and_scripts_are_there() -> None:
    scripts, promises = plan()
    assert [script for script in scripts if not (FOLDER.parent / script.split()[0]).is_file()] == []
    assert [one["promise"] for one in promises if all("most" not in held for held in one["figures"].values())] == []


def test_the_record_has_the_figures_of_its_own_sections() -> None:
    """What stands in its table of promises comes from what is printed below, and from nowhere else."""
    text = RECORD.read_text(encoding="utf-8")
    measured = {one["command"]: (one["day"], one["said"]) for one in SECTION.finditer(text)}
    assert measured.keys() & {TESTS, SOME_TESTS}
    for row in kept_promises(figures_of(measured)):
        assert f"| {' | '.join(row)} |\n" in text


def test_each_section_of_what_was_measured_is_read_by_itself() -> None:
    text = "### `python a.py 1`\n\nOn 2026-11-22:\n\n```\nfigure: x: 1\n```\n"
    text += "\n### `b`\n\nOn 2026-11-23:\n\n```\ny\n```\n"
    assert [one.groups() for one in SECTION.finditer(text)] == [
        ("python a.py 1", "2026-11-22", "figure: x: 1"),
        ("b", "2026-11-23", "y"),
    ]
