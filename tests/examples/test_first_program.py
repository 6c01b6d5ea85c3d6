"""``docs/first-program.md``, carried out word for word: its files, its commands, its program.yaml, its figures."""

from __future__ import annotations

import csv
import re
import shlex
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from fellowship_pipeline.cli import status
from tests.examples.runs import REPOSITORY

PAGE = (REPOSITORY / "docs" / "first-program.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", flags=re.M | re.S)


@dataclass(frozen=True)
class Walk:
    """The home at the end of the page, and the last line that a command printed."""

    home: Path
    said: str

    def table(self, name: str) -> list[dict[str, str]]:
        """A published table."""
        with (self.home / "published" / "current" / "tables" / f"{name}.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Everything on the page done in order: files written, commands run, what they print looked for.

    The installation is not, nor what is said of other programs.
    """
    folder, said = tmp_path_factory.mktemp("walk"), StringIO()
    with chdir(folder), redirect_stdout(said):
        for block in BLOCK.finditer(PAGE):
            if block["file"]:
                (folder / block["file"]).write_text(block["body"], encoding="utf-8")
            elif block["kind"] == "text":
                assert block["body"] in said.getvalue()
            elif block["kind"] == "sh":
                for line in block["body"].splitlines():
                    program, *arguments = shlex.split(line)
                    assert (program, status(arguments)) == ("fellowship", 0), line
    return Walk(folder / "circle", said.getvalue())


def test_the_program_has_fewer_than_thirty_lines() -> None:
    (program,) = [block["body"] for block in BLOCK.finditer(PAGE) if (block["file"] or "").endswith("program.yaml")]
    assert len(program.splitlines()) < 30


def test_it_ends_with_a_dashboard(walk: Walk) -> None:
    assert "circle/published/current/dashboard.html" in walk.said
    page = (walk.home / "published" / "current" / "dashboard.html").read_text(encoding="utf-8")
    assert re.findall(r'<section id="(\w+)"', page)[1:-1] == ["learning", "community"]


def test_the_figures_that_the_page_names(walk: Walk) -> None:
    """In February seven studied, on 12 days; five of seven finished Probability; six of eight came: 75 %."""
    (learning,) = [row for row in walk.table("activity") if (row["month"], row["slice"]) == ("2025-02-01", "all")]
    assert (learning["learners"], learning["active_days"]) == ("7", "12")
    (probability,) = [row for row in walk.table("courses") if row["course"] == "Probability"]
    assert (probability["completed"], probability["started"]) == ("5", "7")
    (meeting,) = walk.table("community")
    assert (meeting["attendances"], meeting["members"], meeting["attendance_rate"]) == ("6", "8", "0.75")


def test_the_readme_leads_there() -> None:
    assert "docs/first-program.md" in (REPOSITORY / "README.md").read_text(encoding="utf-8")
