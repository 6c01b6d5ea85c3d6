"""Runs of a small home broken off everywhere, and the home run again.

Broken off before every operation on a file of the home and every SQL statement, by SIGKILL, by an error, by a loss of
power, and at random moments, those of ``fellowship run`` among them. The figures to keep: what readers see is whole
and of before or after; the next run comes through without a traceback, with a line for each place that it mended; every
file is named once in the ledger; and the tables equal those of a home that nobody disturbed.

``python benchmarks/kills.py [PART ...] [--every N] [--random N] [--runs N]``: with ``--every 60 --random 10 --runs 1``
a few minutes, with ``--every 1 --random 500 --runs 50`` many hours.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks import breaking, tiny  # noqa: E402
from benchmarks.breaking import Asked, Breaking, Subject, Tally, well  # noqa: E402
from benchmarks.stopped import forked, found_out  # noqa: E402
from fellowship_pipeline import health  # noqa: E402
from fellowship_pipeline.cli import status  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.intake.landing.ledger import Ledger  # noqa: E402
from fellowship_pipeline.release import memory  # noqa: E402

NEW_FILES = {
    "roster.csv": tiny.FILES["roster.csv"] + "c,c,individual\n",
    "activity.csv": tiny.FILES["activity.csv"] + "b,2022-02-28T09:00:00,1000\n",
}
"""What came since the last run."""
BEFORE, AFTER, AGAIN = "before", "after", "again"
"""Runs: the last one that was not disturbed, the one that is, the next."""
Work = Callable[[Home], object]
THOROUGH = 10
"""Of how many homes that broke off before they published one is run to its end."""


class Bench:
    """The homes that parts start from, each made when it is first asked for."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @cached_property
    def new(self) -> Home:
        """Files came, nothing ran."""
        return tiny.laid(Home(self.place / "new"), tiny.FILES)

    @cached_property
    def later(self) -> Home:
        """It ran, and other files came since."""
        home = Home(self.place / "later")
        breaking.warmed(lambda: tiny.made(home.path, partial(tiny.run_without_dagster, run_id=BEFORE)))
        return tiny.laid(home, NEW_FILES)

    @cached_property
    def made(self) -> Home:
        """Its tables are made of those other files, and are to be published."""
        return self._tables_made(self.later, "made")

    @cached_property
    def unseen(self) -> Home:
        """Its tables are made, and nothing was ever published."""
        return self._tables_made(self.new, "unseen")

    def _tables_made(self, start: Home, name: str) -> Home:
        home = Home(shutil.copytree(start.path, self.place / name, symlinks=True))
        well(forked(lambda: tiny.begin_and_load(home, makes_tables=True)))
        well(forked(lambda: self._release(home).write_bytes(pickle.dumps(tiny.released(home, AFTER)))))
        return home

    def _release(self, home: Home) -> Path:
        """What that home publishes."""
        return home.path.with_suffix(".release")

    @cache  # noqa: B019 - as long as the bench
    def figures(self, start: Home) -> Any:
        """The tables of a home after a run that nobody disturbed."""
        home = Home(next(breaking.copies(start.path, self.place / "whole")))
        well(forked(partial(tiny.run_without_dagster, home, AFTER)))
        return found_out(partial(tiny.figures, home))

    @cache  # noqa: B019 - as long as the bench
    def published(self, start: Home) -> dict[str, bytes]:
        """What a home publishes that nobody disturbs."""
        home = Home(next(breaking.copies(start.path, self.place / "whole")))
        well(forked(partial(self.publish, start, home, AFTER)))
        return tiny.tables(home)

    def publish(self, start: Home, home: Home, run_id: str) -> None:
        """Publishes what a copy of that home is to publish."""
        tiny.publish_and_show(home, run_id, *pickle.loads(self._release(start).read_bytes()))

    def is_to_publish(self, start: Home) -> bool:
        """Whether a part starts from tables that are made."""
        return self._release(start).exists()

    def again(self, home: Home, tally: Tally, where: str, start: Home, run: Work | None = None) -> None:
        """Looks at a home that was broken off, runs it again, looks again.

        ``run``: the next run; else what the part is about, and one time in ten all of it.
        """
        wrong, is_made = list(unfit(home)), self.is_to_publish(start)
        if run is None and not is_made and not tally.breaks % THOROUGH:
            run = tiny.run_without_dagster
        after = partial(self.begin_and_publish, start) if is_made else tiny.begin_and_load
        ended = forked(partial(run or after, home))
        mended = [line for line in ended.said if "; " in line and not line.startswith(("warning: ", "check: "))]
        places = [line.removeprefix("mended: ").replace(f"{home.path}/", "").partition(";")[0] for line in mended]
        tally.said.update(places)
        if ended.code or len(places) != len(set(places)):
            wrong.append(f"exit {ended.code}: {ended.said[-3:]}")
        else:
            wrong += unlike(self, home, start, is_thorough=run is not None)
        tally.wrong += [f"{where}: {one}" for one in wrong]

    def begin_and_publish(self, start: Home, home: Home) -> None:
        """What the next run does of a home whose tables are made."""
        for finding in health.begin(home):
            print(finding.line())
        self.publish(start, home, AGAIN)


def unfit(home: Home) -> Iterator[str]:
    """What readers see that is neither of before nor of after, or not whole."""
    for current in (home.release, home.lists):
        if current.is_symlink():
            if current.readlink().name.partition("-")[0] not in (BEFORE, AFTER):
                yield f"{current} leads to {current.readlink()}"
            elif not current.is_dir() or not tiny.is_whole(current):
                yield f"{current.readlink()} in {current.parent.name} is not whole"
        elif any(current.parent.glob(f"{BEFORE}*/*")):
            yield f"{current} is gone"
    if memory.place(home).exists() and not found_out(lambda: memory.recall(home) is not None):
        yield "the memory of releases cannot be read"


def unlike(bench: Bench, home: Home, start: Home, *, is_thorough: bool) -> Iterator[str]:
    """What is not as in a home that nobody disturbed, after the next run."""
    is_published = bench.is_to_publish(start)
    if is_published:
        if tiny.tables(home) != bench.published(start):
            yield "other tables published"
    elif is_thorough and found_out(lambda: tiny.figures(home)) != bench.figures(start):
        yield "other rows in core or kpi"
    if (is_published or is_thorough) and not all(map(tiny.is_whole, (home.release, home.lists))):
        yield "what the next run published is not whole"
    received = [
        event["path"] + event["sha256"] for event in Ledger(home.ledger).events() if event["event"] == "received"
    ]
    lie = {f"landing/{path.name}{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in home.landing.iterdir()}
    if len(received) != len(set(received)) or not lie <= set(received):
        yield f"entered: {received}"
    names = [path for path in home.path.rglob("*") if path.suffix in (".tmp", ".part") and path.name != "current.tmp"]
    if names:
        yield f"left behind: {names}"
    if is_thorough and (found := found_out(lambda: [finding.line() for finding in health.examine(home, mend=False)])):
        yield f"not mended: {found}"


def whole_run(home: Home) -> None:
    """``fellowship run``; ends this process where it fails."""
    if code := status(["run", str(home.path)]):
        os._exit(code)


@dataclass(frozen=True)
class Part:
    """What is broken off, and how: of homes of which kind (an attribute of the bench); ``next_run``: see ``again``."""

    about: str
    start: str
    work: Callable[[Bench], Work]
    breaking: Breaking
    next_run: Work | None = None


def _loading(_: Bench) -> Work:
    return tiny.begin_and_load


def _making(_: Bench) -> Work:
    return partial(tiny.begin_and_load, makes_tables=True)


def _publishing(bench: Bench) -> Work:
    return partial(bench.publish, bench.made, run_id=AFTER)


def _showing_first(bench: Bench) -> Work:
    return partial(bench.publish, bench.unseen, run_id=AFTER)


def _whole(_: Bench) -> Work:
    return partial(tiny.run_without_dagster, run_id=AFTER)


def _at_random(subject: Subject, asked: Asked) -> Tally:
    return breaking.killed_at_random(subject, asked.random)


def _whole_runs_at_random(subject: Subject, asked: Asked) -> Tally:
    return breaking.killed_at_random(subject, asked.runs)


WORKS = {
    "first": ("first arrival", "new", _loading),
    "later": ("later arrival", "later", _loading),
    "first-page": ("first publication", "unseen", _showing_first),
    "page": ("publication", "made", _publishing),
    "table": ("up to the tables", "later", _making),
}
"""By the first word of a part's name, which is said in words, of what it starts, and what is broken off."""
BREAKINGS = {
    "files": ("killed at an operation", breaking.killed_at_operations),
    "refusals": ("refused an operation", breaking.failing_at_operations),
    "statements": ("killed at a statement", breaking.killed_at_statements),
    "errors": ("error in a statement", breaking.failing_at_statements),
    "power": ("power lost", breaking.losing_power),
}
"""By the last word."""
OF_FILES, OF_STATEMENTS = ("first", "later", "first-page", "page"), ("table", "page")
PARTS = {
    f"{work}-{way}": Part(f"{BREAKINGS[way][0]}: {about}", start, doing, BREAKINGS[way][1])
    for way in BREAKINGS
    for work, (about, start, doing) in WORKS.items()
    if work in (OF_STATEMENTS if way in ("statements", "errors") else OF_FILES)
} | {
    "moments": Part("killed at random: all but Dagster", "later", _whole, _at_random, tiny.run_without_dagster),
    "runs": Part("killed at random: fellowship run", "later", lambda _: whole_run, _whole_runs_at_random, whole_run),
}


def measure(names: list[str], asked: Asked) -> dict[str, Tally]:
    """Breaks off what those parts are about; tells of each when it is done."""
    tallies = {}
    with breaking.private_place() as folder:
        bench = Bench(folder)
        for name in names:
            part, began = PARTS[name], perf_counter()
            tallies[name] = part.breaking(_subject(bench, part), asked)
            tallies[name].seconds = perf_counter() - began
            print(f"{name}: {tallies[name].breaks} breaks", *tallies[name].wrong, sep="\n  ", file=sys.stderr)
    return tallies


def _subject(bench: Bench, part: Part) -> Subject:
    start, work = getattr(bench, part.start), part.work(bench)

    def again(place: Path, tally: Tally, where: str) -> None:
        bench.again(Home(place), tally, where, start, part.next_run)

    copies = breaking.copies(start.path, bench.place / "scratch")
    return Subject(copies, lambda place: work(Home(place)), again, bench.place / "left")


def main() -> int:
    """Prints what came of all breaks; 1 where something was wrong."""
    names, asked = breaking.asked_for(list(PARTS))
    return breaking.told("runs", {name: part.about for name, part in PARTS.items()}, measure(names, asked))


if __name__ == "__main__":
    sys.exit(main())
