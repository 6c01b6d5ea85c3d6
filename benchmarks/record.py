"""Runs every test that shows a case of ``faults.yaml``, and the other scripts here, and writes ``docs/record.md``.

``python benchmarks/record.py [--no-figures]``, which keeps the figures that are there. It exits with
1 where a case has no test, or one that does not pass.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "docs" / "record.md"
VERSIONS = ("duckdb", "pyarrow", "dagster", "great-expectations", "python-calamine")
WORST_FIRST = ("failed", "skipped", "passed")
NO_TEST = "no test"
FIGURES = "\n## benchmarks/"

TOP = """\
# Record

Every bad input that the pipeline has to stand, the tests that carry its number, and what came of them. Written by
`make record` on {day}, with {cores} cores, Python {python},
{versions}.

{passed} of {all} cases passed.
"""

HEAD = """
| case | what comes in | what has to become of it | tests | outcome |
| --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Family:
    """Cases of one kind, which are a table of the record: the first letters of their numbers."""

    name: str
    about: str
    letters: str


FAMILIES = (
    Family("Bad files", "What cannot be read as it is.", "ABCDE"),
    Family("Machine and Dagster", "What happens to a run, and around it.", "FG"),
    Family("Silently wrong", "What reads well, and once gave a wrong figure with nothing said.", "S"),
)


def cases() -> dict[str, dict[str, str]]:
    """The catalog: number → what comes in, what has to become of it."""
    catalog: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text("utf-8"))
    return catalog


@dataclass(eq=False)
class Outcomes:
    """A pytest plugin: which tests carry a case's number, noted where they are collected, and how each ended."""

    tests: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ids: set[str] = field(default_factory=set)
    ended: dict[str, str] = field(default_factory=dict)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notes the numbers."""
        for item in session.items:
            for marker in item.iter_markers("fault"):
                for number in marker.args:
                    self.tests[number].append(item.nodeid)
                    self.ids.add(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes an outcome, the worst of a test's phases. A worker appends a test's group to its id."""
        name = report.nodeid if report.nodeid in self.ids else report.nodeid.rpartition("@")[0]
        self.ended[name] = min(self.ended.get(name, report.outcome), report.outcome, key=WORST_FIRST.index)

    def of(self, number: str) -> str:
        """What came of a case: the worst of its tests; one that is skipped does not count where others ran."""
        ended = {self.ended[test] for test in self.tests.get(number, ()) if test in self.ended}
        if len(ended) > 1:
            ended.discard("skipped")
        return min(ended, key=WORST_FIRST.index, default=NO_TEST)


def tables(outcomes: Outcomes) -> str:
    """The cases, a table for each family of them."""
    return "".join(f"\n## {one.name}\n\n{one.about}\n{HEAD}{_rows(outcomes, one.letters)}" for one in FAMILIES)


def _rows(outcomes: Outcomes, letters: str) -> str:
    """The cases whose number begins with one of the letters, a line each."""
    lines = []
    for number, case in cases().items():
        if number[0] not in letters:
            continue
        names = dict.fromkeys(test.partition("[")[0] for test in outcomes.tests.get(number, ()))
        shown = "<br>".join(f"`{name}`" for name in names)
        lines.append(f"| {number} | {case['input']} | {case['expected']} | {shown} | {outcomes.of(number)} |")
    return "\n".join(lines) + "\n"


def figures() -> str:
    """What the other scripts here print, as they print it; modules that they share print nothing."""
    parts = []
    for script in sorted(Path(__file__).parent.glob("*.py")):
        if script != Path(__file__) and "__main__" in script.read_text(encoding="utf-8"):
            ran = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=False)
            said = ran.stdout.strip() if ran.returncode == 0 else f"ended with {ran.returncode}"
            day = datetime.now(UTC).date()
            parts.append(f"{FIGURES}{script.name}\n\nOn {day}:\n\n```\n{said}\n```\n")
    return "".join(parts)


def kept() -> str:
    """The figures that the record has."""
    _, figures, text = RECORD.read_text(encoding="utf-8").partition(FIGURES)
    return figures + text


def main(with_figures: bool) -> int:
    """Writes the record; 1 where a case is not shown."""
    outcomes = Outcomes()
    marked = ["-q", "-m", "fault", str(ROOT / "tests")]
    for run in (["-n", "0", "--collect-only", *marked], marked):
        code = pytest.main(run, plugins=[outcomes])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return int(code)
    passed = [number for number in cases() if outcomes.of(number) == "passed"]
    top = TOP.format(
        day=datetime.now(UTC).date(),
        python=platform.python_version(),
        versions=", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS),
        cores=os.cpu_count(),
        passed=len(passed),
        all=len(cases()),
    )
    RECORD.write_text(top + tables(outcomes) + (figures() if with_figures else kept()), encoding="utf-8")
    return 0 if len(passed) == len(cases()) else 1


if __name__ == "__main__":
    sys.exit(main("--no-figures" not in sys.argv[1:]))
