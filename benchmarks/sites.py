"""A folder with a home and its backups, and what is asked of it: the commands of ``commands``, in steps or whole.

Belongs here: such folders, and the work that is broken off in them. Does not belong here: breaking off, what is looked
for afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import tiny
from fellowship_pipeline import health
from fellowship_pipeline.cli import status
from fellowship_pipeline.forgetting import erasure
from fellowship_pipeline.health.warehouse import used
from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.home.generations import finished, generation, noted, show, write_manifest
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.program import load_program

NAMES = ("b", "김보라", "bora@example.org")
"""Of the person on whom the review decides, and who is erased."""
FILES = {
    **tiny.FILES,
    "roster.csv": (
        "member,name,email,cohort,study_mode\n"
        "a,Ann Lee,ann@example.org,c,individual\n"
        "b,김보라,bora@example.org,c,individual\n"
    ),
}


@dataclass(frozen=True)
class Site:
    """A folder with a home, its backups, and what is restored of one."""

    path: Path

    @property
    def home(self) -> Home:
        """The home."""
        return Home(self.path / "home")

    @property
    def backups(self) -> Path:
        """Its backups."""
        return self.path / "backups"

    @property
    def restored(self) -> Home:
        """A home that is made of the last of them."""
        return Home(self.path / "restored")


Work = Callable[[Site], object]


def asked(*words: str) -> None:
    """``fellowship …``; ends this process where it fails."""
    if code := status(words):
        os._exit(code)


def begin(site: Site) -> None:
    """What a run begins with."""
    with hold(site.home.state, 0):
        health.begin(site.home)


def confirm(site: Site) -> None:
    """Issues the review."""
    asked("review", str(site.home.path), f"{tiny.MONTH:%Y-%m}", "confirm", "--by", "kim")


def undo(site: Site) -> None:
    """Undoes the first decision."""
    first, *_ = decisions.load(site.home).issued
    asked("review", str(site.home.path), f"{tiny.MONTH:%Y-%m}", "undo", first.decision_id, "a mistake", "--by", "kim")


def erase(site: Site) -> None:
    """``fellowship erase``, all of it."""
    asked("erase", str(site.home.path), NAMES[0], "--yes", "--landing")


def run(site: Site) -> None:
    """``fellowship run``."""
    asked("run", str(site.home.path))


def back_up(site: Site) -> None:
    """``fellowship backup``."""
    asked("backup", str(site.home.path), str(site.backups))


def restore(site: Site) -> None:
    """``fellowship restore`` of the last backup."""
    asked("restore", str(site.backups), str(site.restored.path))


def all_of_it(home: Home) -> bool:
    """All that a run makes, but the checks and Dagster."""
    tiny.load(home, makes_tables=True)
    with used(home):
        tiny.publish_and_show(home, "after", *tiny.released(home, "after"))
    return True


def least_of_it(home: Home) -> bool:
    """What a run reads of the archive, and a page without a figure: a tenth of the time."""
    tiny.load(home, makes_tables=False)
    folders = []
    for root, is_private in ((home.published, False), (home.operations, True)):
        with generation(root, "after", private=is_private) as folder:
            (folder / "page.html").write_text("nothing")
            write_manifest(folder, {"run_id": "after"}, {})
        folders.append(finished(folder))
    show(noted(home), folders)
    return True


def erase_without_dagster(site: Site, rebuilt: Callable[[Home], bool] = all_of_it) -> None:
    """The steps of an erasure in their order, with those of a run."""
    home = site.home
    with hold(home.state, 0):
        health.begin(home)
        program = load_program(home.path)
        planned = erasure.plan(home, program, NAMES[0])
        erased = erasure.erase(home, program, planned, partial(rebuilt, home), landing=True)
    if not erased.is_done:
        raise RuntimeError(erased.lines())


def run_without_dagster(site: Site, rebuilt: Callable[[Home], bool] = all_of_it) -> None:
    """The steps of a run, an erasure that broke off finished in it."""
    home = site.home
    with hold(home.state, 0):
        for finding in health.begin(home):
            print(finding.line())
        resumed = erasure.resume(home, load_program(home.path))
        rebuilt(home)
        if resumed:
            erasure.finish(home, resumed)
