"""What a run costs: the first, one with nothing new, one after a target changed, one after a day more.

In CPU seconds of the whole process tree, and as a ratio to the first; with ``--against COMMIT`` also to the same runs
of an earlier build, both in turn.
``python benchmarks/runs.py [--rows N | --example NAME] [--rounds N] [--against COMMIT]``.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import yaml
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks import homes  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.init import new_home  # noqa: E402

COMMAND = "from fellowship_pipeline.cli import main; main()"
FIRST = "first"
HERE = "this build"


def cpu_seconds(build: Path, home: Home) -> float:
    """Of a run of that build; raises CalledProcessError where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", COMMAND, "run", str(home.path)],
        env={**os.environ, "PYTHONPATH": str(build)},
        cwd=build,
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def another_target(home: Home) -> None:
    """Changes what one headline should reach, and nothing else."""
    program = yaml.safe_load(home.program_file.read_text(encoding="utf-8"))
    program["targets"] = {**program.get("targets", {}), "adoption_rate": 0.77}
    home.program_file.write_text(yaml.safe_dump(program, allow_unicode=True), encoding="utf-8")


def runs(build: Path, template: Home, changes: dict[str, Callable[[Home], None]]) -> dict[str, float]:
    """CPU seconds by what has changed before the run, one after the other in a copy of the home."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        shutil.copytree(template.path, home.path)
        taken = {}
        for name, change in changes.items():
            change(home)
            taken[name] = cpu_seconds(build, home)
    return taken


def measure(
    builds: dict[str, Path], template: Home, changes: dict[str, Callable[[Home], None]], rounds: int
) -> dict[str, list[dict[str, float]]]:
    """The runs of every build, in turn."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in builds}
    for _ in range(rounds):
        for name, build in builds.items():
            taken[name].append(runs(build, template, changes))
    return taken


def shown(taken: dict[str, list[dict[str, float]]], title: str) -> Table:
    """Medians of seconds, and of ratios within a round."""
    own = taken[HERE]
    table = Table("run", "CPU s", f"of {FIRST}", *(f"of {name}" for name in taken if name != HERE), title=title)
    for change in own[0]:
        ratios = [median(one[change] / one[FIRST] for one in own)]
        ratios += [
            median(one[change] / other[change] for one, other in zip(own, others, strict=True))
            for name, others in taken.items()
            if name != HERE
        ]
        seconds = median(one[change] for one in own)
        table.add_row(change, f"{seconds:.1f}", *(f"{ratio:.2f}" for ratio in ratios))
    return table


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000, help="of activity, in a home made for it")
    parser.add_argument("--example", help="an example in the place of such a home")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--against", metavar="COMMIT", help="an earlier build of this repository")
    given = parser.parse_args()
    changes: dict[str, Callable[[Home], None]] = {
        FIRST: lambda home: None,
        "nothing new": lambda home: None,
        "another target": another_target,
    }
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
                changes["one more day"] = lambda home: homes.one_more_day(home, given.rows)
            title = given.example or f"{given.rows:,} rows"
            Console().print(shown(measure(builds, template, changes, given.rounds), title))
        finally:
            if given.against:
                removed = ["git", "-C", str(ROOT), "worktree", "remove", "--force", str(builds[given.against])]
                subprocess.run(removed, check=True, capture_output=True)


if __name__ == "__main__":
    main()
