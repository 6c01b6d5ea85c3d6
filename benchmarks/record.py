"""What was promised, and what came of it: ``docs/record.md``, from one run of the tests and the scripts beside this.

A test says which cases of ``faults.yaml`` it shows by ``@pytest.mark.fault``. Whoever measures a figure of
``promises.yaml`` says it: a script by a line ``figure: NAME: VALUE``, a test by its fixture ``record_figure``. Figures
of one name are added up, and none is written here.

``make record`` is the long form: every test with ``--whole``, then every script; it takes hours. ``python -m
benchmarks.record --tests RESULTS.xml ...`` takes results of tests that ran (``pytest --junitxml``), ``--scripts NAME
...`` runs those scripts alone; what the record has of other cases and scripts it keeps. ``--quick``, after ``make
test``, runs nothing: it holds what the tests said to every ``most``, and prints it. Exits with 1 where a case is not
shown or a promise not kept.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "docs" / "record.md"
RESULTS = ROOT / "build" / "tests.xml"
TESTS = "pytest -n auto --whole"
"""The long form of the tests, as the record names it."""
SOME_TESTS = "pytest --junitxml=RESULTS.xml"
"""What it says where results at hand were taken."""
VERSIONS = ("duckdb", "pyarrow", "dagster", "great-expectations", "python-calamine")
WORST_FIRST = ("failed", "skipped", "passed")
NO_TEST = "no test"
MEASURED = "\n## Measured\n"
SECTION = re.compile(r"^### `(?P<command>[^`\n]*)`\n\nOn (?P<day>\S+):\n\n```\n(?P<said>.*?)\n```$", re.M | re.S)
ROW = re.compile(r"^\| ([A-Z]\d+) \|.*\| ((?:`[^|]*`)?) \| ([a-z ]+) \|$", re.M)
FIGURE = re.compile(r"^figure: (.*): (\d+(?:\.\d+)?)$", re.M)

TOP = """\
# Record

What is promised, what was measured of it, and every bad input that the pipeline has to stand with the tests that show
it. Written by `{command}` on {day}, with {cores} cores, Python {python},
{versions}.{partly}

## Promises

{kept} of {promises} promises kept, {passed} of {all} cases passed. Each figure comes from the output of its command,
below under [Measured](#measured).

| promise | to reach | measured | kept |
| --- | --- | --- | --- |
"""

PARTLY = """

It was made in parts: a figure is of the day that stands with it, and a case of which no test was run then stands as it
did before. `make record` makes all of it anew."""

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
    Family("Privacy and output", "What readers may see, and what a page may do.", "H"),
    Family("Truth", "What a figure says.", "I"),
    Family("Silently wrong", "What reads well, and once gave a wrong figure with nothing said.", "S"),
)


def cases() -> dict[str, dict[str, str]]:
    """The catalog: number → what comes in, what has to become of it."""
    catalog: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text("utf-8"))
    return catalog


@dataclass
class Outcomes:
    """How tests ended: of each case's number its tests, in their order, and the figures that tests said."""

    tests: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    figures: list[str] = field(default_factory=list)

    def add(self, results: Path) -> None:
        """Takes over a file that pytest wrote."""
        for test in ElementTree.parse(results).iter("testcase"):
            said = [(one.attrib["name"], one.attrib["value"]) for one in test.iter("property")]
            worst = {"error": "failed", "failure": "failed", "skipped": "skipped"}
            ended = min((worst[one.tag] for one in test if one.tag in worst), key=WORST_FIRST.index, default="passed")
            name = next((value for what, value in said if what == "test"), "")
            for what, value in said:
                if what == "fault":
                    self.tests[value][name] = ended
                elif what == "figure" and ended == "passed":
                    self.figures.append(value)

    def keep(self) -> None:
        """Takes over from the record what was not run."""
        for number, names, ended in ROW.findall(RECORD.read_text(encoding="utf-8")):
            known = {test.partition("[")[0] for test in self.tests.get(number, ())}
            self.tests[number] |= dict.fromkeys(set(re.findall(r"`(.*?)`", names)) - known, ended)

    def of(self, number: str) -> str:
        """What came of a case: the worst of its tests; one that is skipped does not count where others ran."""
        ended = set(self.tests.get(number, {}).values())
        if len(ended) > 1:
            ended.discard("skipped")
        return min(ended, key=WORST_FIRST.index, default=NO_TEST)

    @property
    def passed(self) -> list[str]:
        """The cases that are shown."""
        return [number for number in cases() if self.of(number) == "passed"]

    def said(self) -> str:
        """The figures of the tests, those of one name added up, as a script would print them."""
        added = Counter[str]()
        for figure in [*self.figures, f"cases not shown: {len(cases()) - len(self.passed)}"]:
            name, _, value = figure.rpartition(": ")
            added[name] += int(value)
        return "\n".join(f"figure: {name}: {value}" for name, value in sorted(added.items()))


@dataclass(frozen=True)
class Bound:
    """What a figure has to reach, or may not pass."""

    name: str
    least: float | None = None
    most: float | None = None
    is_long: bool = False

    def found(self, figures: Mapping[str, Sequence[float]]) -> float | None:
        """The sum of the figures of that name; None where nobody measured one."""
        values = [value for name in fnmatch.filter(figures, self.name) for value in figures[name]]
        return sum(values) if values else None

    def missing(self, figures: Mapping[str, Sequence[float]], is_quick: bool) -> str | None:
        """What is wrong with it, in words."""
        found = self.found(figures)
        if is_quick and (self.is_long or self.most is None):
            return None
        if found is None:
            return f"{self.name}: not measured"
        if self.least is not None and found < self.least:
            return f"{self.name}: {_number(self.least - found)} too few"
        if self.most is not None and found > self.most:
            return f"{self.name}: {_number(found - self.most)} too many"
        return None


def plan() -> tuple[list[str], list[dict[str, Any]]]:
    """The scripts with their arguments, and the promises."""
    read = yaml.safe_load((Path(__file__).parent / "promises.yaml").read_text("utf-8"))
    return read["measures"], read["promises"]


def bounds(promise: Mapping[str, Any]) -> Iterator[Bound]:
    """What its figures are held to."""
    return (Bound(name, **held) for name, held in promise["figures"].items())


def figures_of(measured: Mapping[str, tuple[str, str]]) -> dict[str, list[float]]:
    """What everything that was measured says, by name."""
    found = defaultdict(list)
    for _, said in measured.values():
        for name, value in FIGURE.findall(said):
            found[name].append(float(value))
    return found


def kept_promises(
    figures: Mapping[str, Sequence[float]], is_quick: bool = False
) -> Iterator[tuple[str, str, str, str]]:
    """Of each promise: what it says, what to reach, the figures, and `yes` or what is missing."""
    for promise in plan()[1]:
        held = list(bounds(promise))
        shown = [f"{one.name.removeprefix('*: ')}: {_number(one.found(figures))}" for one in held]
        missing = [words for one in held if (words := one.missing(figures, is_quick))]
        yield promise["promise"], promise["target"], "<br>".join(shown), "<br>".join(missing) or "yes"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


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


def kept() -> dict[str, tuple[str, str]]:
    """What the record has: command → the day, and what was said."""
    _, _, text = RECORD.read_text(encoding="utf-8").partition(MEASURED)
    return {one["command"]: (one["day"], one["said"]) for one in SECTION.finditer(text)}


def measure(script: str) -> str:
    """What a script prints; a last line says so where it did not end well."""
    command = [sys.executable, *script.split()]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    return ran.stdout.strip() + (f"\nended with {ran.returncode}" if ran.returncode else "")


def whole_suite() -> Path:
    """Runs every test, those that are else sampled too."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.unlink(missing_ok=True)
    run = [sys.executable, "-m", *TESTS.split(), "-q", f"--junitxml={RESULTS}"]
    subprocess.run(run, cwd=ROOT, check=False)
    return RESULTS


def write(outcomes: Outcomes, measured: Mapping[str, tuple[str, str]], is_whole: bool) -> bool:
    """Writes the record; whether all is kept and shown."""
    rows = list(kept_promises(figures_of(measured)))
    top = TOP.format(
        day=_today(),
        command="make record" if is_whole else "python -m benchmarks.record --tests …",
        partly="" if is_whole else PARTLY,
        python=platform.python_version(),
        versions=", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS),
        cores=os.cpu_count(),
        passed=len(outcomes.passed),
        all=len(cases()),
        kept=sum(is_kept == "yes" for *_, is_kept in rows),
        promises=len(rows),
    )
    promises = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    sections = "".join(
        f"\n### `{command}`\n\nOn {day}:\n\n```\n{said}\n```\n" for command, (day, said) in sorted(measured.items())
    )
    RECORD.write_text(top + promises + tables(outcomes) + MEASURED + sections, encoding="utf-8")
    return len(outcomes.passed) == len(cases()) and all(is_kept == "yes" for *_, is_kept in rows)


def quick(outcomes: Outcomes) -> bool:
    """Prints what the tests said of each promise; whether all of it is kept and every case shown."""
    rows = list(kept_promises(figures_of({TESTS: ("", outcomes.said())}), is_quick=True))
    for promise, _, shown, is_kept in rows:
        print(f"{promise}\n  {shown.replace('<br>', '; ')}\n  kept: {is_kept.replace('<br>', '; ')}")
    not_shown = [f"{number}: {outcomes.of(number)}" for number in cases() if number not in outcomes.passed]
    print("\n".join([*not_shown, f"{len(outcomes.passed)} of {len(cases())} cases passed"]))
    return not not_shown and all(is_kept == "yes" for *_, is_kept in rows)


def main() -> int:
    """Writes the record, or prints its quick form; 1 where a promise is not kept or a case not shown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"of {RESULTS.relative_to(ROOT)} alone, printed")
    parser.add_argument("--tests", type=Path, nargs="*", help="results of tests that ran; left out: run all of them")
    parser.add_argument("--scripts", nargs="*", help="parts of the names of those to run; left out: all")
    asked = parser.parse_args()
    outcomes = Outcomes()
    for results in asked.tests or ([RESULTS] if asked.quick else [whole_suite()]):
        outcomes.add(results)
    if asked.quick:
        return 0 if quick(outcomes) else 1
    if asked.tests:
        outcomes.keep()
    scripts, known = plan()[0], kept()
    chosen = [one for one in scripts if asked.scripts is None or any(part in one for part in asked.scripts)]
    measured = {f"python {script}": (_today(), measure(script)) for script in chosen}
    measured |= {
        one: known[one] for one in (f"python {script}" for script in scripts) if one in known.keys() - measured
    }
    measured[SOME_TESTS if asked.tests else TESTS] = (_today(), outcomes.said())
    return 0 if write(outcomes, measured, is_whole=not asked.tests and asked.scripts is None) else 1


def _today() -> str:
    today: date = datetime.now(UTC).date()
    return today.isoformat()


if __name__ == "__main__":
    sys.exit(main())
