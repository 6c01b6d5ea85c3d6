"""What a run costs: the first, one with nothing new, after a target changed, after a day more, after a few late rows.

In CPU seconds of the whole process tree, as a ratio to the first, and in peak memory; with ``--against COMMIT`` also to
the same runs of an earlier build, both in turn.
``python benchmarks/runs.py [--rows N | --example NAME] [--rounds N] [--against COMMIT]``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import yaml
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks import homes  # noqa: E402
from benchmarks.growth.cost import Cost, cost_of  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.init import new_home  # noqa: E402

COMMAND = "from fellowship_pipeline.cli import main; main()"
FIRST = "first"
HERE = "this build"

Changes = dict[str, Callable[[Home], None]]


def another_target(home: Home) -> None:
    """Changes what one headline should reach, and nothing else."""
    program = yaml.safe_load(home.program_file.read_text(encoding="utf-8"))
    program["targets"] = {**program.get("targets", {}), "adoption_rate": 0.77}
    home.program_file.write_text(yaml.safe_dump(program, allow_unicode=True), encoding="utf-8")


CHANGES: Changes = {
    FIRST: lambda home: None,
    "nothing new": lambda home: None,
    "another target": another_target,
}
"""In any home, one after the other."""


def changes_of(rows: int) -> Changes:
    """In a home made of that many rows."""
    return {
        **CHANGES,
        "one more day": lambda home: homes.one_more_day(home, rows),
        "late rows": lambda home: homes.late_rows(home, rows),
    }


@contextmanager
def copy_of(template: Home) -> Iterator[Home]:
    """A home as the template, for as long as the block takes."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        shutil.copytree(template.path, home.path)
        yield home


def runs(build: Path, home: Home, changes: Changes) -> dict[str, Cost]:
    """What each run of the build costs, by what has changed before it; raises CalledProcessError where one fails."""
    taken = {}
    for name, change in changes.items():
        change(home)
        taken[name], _ = cost_of(["-c", COMMAND, "run", str(home.path)], build)
    return taken


def measure(builds: dict[str, Path], template: Home, changes: Changes, rounds: int) -> dict[str, list[dict[str, Cost]]]:
    """The runs of every build, in turn, each in a copy of the home."""
    taken: dict[str, list[dict[str, Cost]]] = {name: [] for name in builds}
    for _ in range(rounds):
        for name, build in builds.items():
            with copy_of(template) as home:
                taken[name].append(runs(build, home, changes))
    return taken


def shown(taken: dict[str, list[dict[str, Cost]]], title: str) -> Table:
    """Medians of seconds and of peaks, and of ratios within a round."""
    own = taken[HERE]
    others = [name for name in taken if name != HERE]
    compared = [heading for name in others for heading in (f"of {name}", f"MB of {name}")]
    table = Table("run", "CPU s", f"of {FIRST}", "peak MB", *compared, title=title)
    for change in own[0]:
        ratios = []
        for name in others:
            pairs = [(one[change], other[change]) for one, other in zip(own, taken[name], strict=True)]
            ratios += [median(one.cpu / other.cpu for one, other in pairs)]
            ratios += [median(one.peak / other.peak for one, other in pairs)]
        table.add_row(
            change,
            f"{median(one[change].cpu for one in own):.1f}",
            f"{median(one[change].cpu / one[FIRST].cpu for one in own):.2f}",
            f"{median(one[change].peak for one in own) / 1e6:.0f}",
            *(f"{ratio:.2f}" for ratio in ratios),
        )
    return table


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000, help="of activity, in a home made for it")
    parser.add_argument("--example", help="an example in the place of such a home")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--against", metavar="COMMIT", help="an earlier build of this repository")
    given = parser.parse_args()
    changes = CHANGES if given.example else changes_of(given.rows)
    with tempfile.TemporaryDirectory() as folder:
        builds = {HERE: ROOT}
        if given.against:
            builds[given.against] = Path(folder) / "build"
            subprocess.run(
                ["git", "-C", str(ROOT), "worktree", "add", "--detach", str(builds[given.against]), given.against],
                check=True,
                capture_output=True,
            )
        try:
            template = Home(Path(folder) / "template")
            if given.example:
                new_home(template.path, given.example, None)
            else:
                homes.make(template.path, given.rows)
            title = given.example or f"{given.rows:,} rows"
            Console().print(shown(measure(builds, template, changes, given.rounds), title))
        finally:
            if given.against:
                removed = ["git", "-C", str(ROOT), "worktree", "remove", "--force", str(builds[given.against])]
                subprocess.run(removed, check=True, capture_output=True)


if __name__ == "__main__":
    main()
