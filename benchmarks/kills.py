"""Runs of a small home broken off everywhere, and the home run again.

Broken off before every operation on a file of the home and every SQL statement, by SIGKILL, by an error, by a loss of
power, and at random moments, those of ``fellowship run`` among them. The figures to keep: what readers see is whole
and of before or after; the next run comes through without a traceback, with a line for each place that it mended; every
file is named once in the ledger; and the tables equal those of a home that nobody disturbed.

``python benchmarks/kills.py [PART ...] [--every N] [--random N] [--runs N]``; ``--every 1`` takes hours.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks import stopped, tiny  # noqa: E402
from benchmarks.stopped import Break, Ended, forked  # noqa: E402
from benchmarks.unsynced import Disk, Lost, Picture, laid_down  # noqa: E402
from fellowship_pipeline import health  # noqa: E402
from fellowship_pipeline.cli import status  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.home.lock import PRIVATE  # noqa: E402
from fellowship_pipeline.intake.landing.ledger import Ledger  # noqa: E402

NEW_FILES = {
    "roster.csv": tiny.FILES["roster.csv"] + "c,c,individual\n",
    "activity.csv": tiny.FILES["activity.csv"] + "b,2022-02-28T09:00:00,1000\n",
}
"""What came since the last run."""
BEFORE, AFTER, AGAIN = "before", "after", "again"
"""Runs: the last one that was not disturbed, the one that is, the next."""
SEED = 1
Work = Callable[[Home], object]
THOROUGH = 10
"""Of how many homes that broke off before they published one is run to its end."""


@dataclass
class Tally:
    """What was counted of one part: how many breaks, what the next runs said, what was wrong."""

    breaks: int = 0
    seconds: float = 0.0
    said: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, where: str, ended: Ended) -> None:
        """How what was broken off ended."""
        self.breaks += ended.is_broken
        if ended.is_traceback:
            self.wrong.append(f"{where}: {ended.said[-1:]}")


class Bench:
    """The homes that parts start from, each made when it is first asked for."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.scratch = place / "scratch"

    @cached_property
    def new(self) -> Home:
        """Files came, nothing ran."""
        return _laid(Home(self.place / "new"), tiny.FILES)

    @cached_property
    def later(self) -> Home:
        """It ran, and other files came since."""
        home = Home(self.place / "later")
        _well(forked(lambda: tiny.made(home.path, partial(tiny.run_without_dagster, run_id=BEFORE))))
        return _laid(home, NEW_FILES)

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
        _well(forked(lambda: tiny.begin_and_load(home, makes_tables=True)))
        _well(forked(lambda: self._release(home).write_bytes(pickle.dumps(tiny.released(home, AFTER)))))
        return home

    def _release(self, home: Home) -> Path:
        """What that home publishes."""
        return home.path.with_suffix(".release")

    @cache  # noqa: B019 - as long as the bench
    def figures(self, start: Home) -> Any:
        """The tables of a home after a run that nobody disturbed."""
        home = next(self.copies(start, "whole"))
        _well(forked(partial(tiny.run_without_dagster, home, AFTER)))
        return _told(partial(tiny.figures, home))

    @cache  # noqa: B019 - as long as the bench
    def published(self, start: Home) -> dict[str, bytes]:
        """What a home publishes that nobody disturbs."""
        home = next(self.copies(start, "whole"))
        _well(forked(partial(self.publish, start, home, AFTER)))
        return tiny.tables(home)

    def copies(self, home: Home, name: str = "scratch") -> Iterator[Home]:
        """The home again and again, for as long as somebody wants to break it."""
        place = self.place / name
        while True:
            shutil.rmtree(place, ignore_errors=True)
            yield Home(shutil.copytree(home.path, place, symlinks=True))

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


def _laid(home: Home, files: dict[str, str]) -> Home:
    """The home, with files that came."""
    home.landing.mkdir(parents=True, exist_ok=True)
    home.program_file.write_text(tiny.PROGRAM)
    for name, content in files.items():
        (home.landing / name).write_text(content)
    return home


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


def unlike(bench: Bench, home: Home, start: Home, *, is_thorough: bool) -> Iterator[str]:
    """What is not as in a home that nobody disturbed, after the next run."""
    is_published = bench.is_to_publish(start)
    if is_published:
        if tiny.tables(home) != bench.published(start):
            yield "other tables published"
    elif is_thorough and _told(lambda: tiny.figures(home)) != bench.figures(start):
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
    if is_thorough and (found := _told(lambda: [finding.line() for finding in health.examine(home, mend=False)])):
        yield f"not mended: {found}"


@dataclass(frozen=True)
class Asked:
    """What the command line asks for: every so many breaks, and so many at random moments."""

    every: int = 5
    random: int = 100
    runs: int = 10


def killed_at_operations(bench: Bench, asked: Asked, start: Home, work: Work) -> Tally:
    """SIGKILL before every operation on a file."""
    return _broken(bench, asked, start, work, partial(_watched, then=stopped.kill))


def failing_at_statements(bench: Bench, asked: Asked, start: Home, work: Work) -> Tally:
    """An error in the place of every statement."""
    return _broken(bench, asked, start, work, partial(_counted, then=stopped.fail))


def _watched(home: Home, work: Work, number: int, then: Break) -> None:
    stopped.before_operations(home.path, stopped.at(number, then))
    work(home)


def _counted(home: Home, work: Work, number: int, then: Break) -> None:
    stopped.before_statements(stopped.at(number, then))
    work(home)


def _broken(bench: Bench, asked: Asked, start: Home, work: Work, breaking: Callable[[Home, Work, int], None]) -> Tally:
    """A copy of the home for every break, until one is past the end."""
    tally = Tally()
    for number, home in zip(count(1, asked.every), bench.copies(start), strict=False):
        ended = forked(partial(breaking, home, work, number))
        if not ended.is_broken:
            break
        tally.note(str(number), ended)
        bench.again(home, tally, str(number), start)
    return tally


def killed_at_statements(bench: Bench, asked: Asked, start: Home, work: Work) -> Tally:
    """What is there before every statement: a copy of the home, which is what a kill leaves, in one go."""

    def following(home: Home, left: Path) -> Break:
        numbers = count(1)

        def copy() -> None:
            number = next(numbers)
            if not (number - 1) % asked.every:
                shutil.copytree(home.path, left / f"{number:05}", symlinks=True)

        stopped.before_statements(copy)
        return copy

    return _followed(bench, start, work, following)


def losing_power(bench: Bench, asked: Asked, start: Home, work: Work) -> Tally:
    """What is on the disk before every operation and fsync, where all that was not fsynced is lost."""

    def following(home: Home, left: Path) -> Break:
        disk, numbers, seen = Disk(home.path), count(1), set[int]()

        def lose() -> None:
            number = next(numbers)
            for lost in () if (number - 1) % asked.every else Lost:
                picture = disk.picture(lost)
                if (digest := _digest(picture)) not in seen:
                    laid_down(picture, left / f"{number:05}, lost: {lost.value}")
                seen.add(digest)

        disk.follow(lose)
        stopped.before_operations(home.path, lose)
        return lose

    return _followed(bench, start, work, following)


def _followed(bench: Bench, start: Home, work: Work, following: Callable[[Home, Path], Break]) -> Tally:
    """Does the work once; ``following`` lays down what a break would leave, again and again, in a folder."""
    tally, left = Tally(), bench.scratch.with_name("left")
    left.mkdir()

    def followed(home: Home) -> None:
        at_last = following(home, left)
        work(home)
        at_last()

    _well(forked(partial(followed, next(bench.copies(start)))))
    for place in sorted(left.iterdir()):
        tally.breaks += 1
        bench.again(Home(place), tally, place.name, start)
        shutil.rmtree(place)
    left.rmdir()
    return tally


def _digest(picture: Picture) -> int:
    """Tells homes apart, whatever is in folders that are being filled."""
    return hash(frozenset(item for item in picture.items() if not any(one.suffix == ".tmp" for one in item[0].parents)))


def killed_at_random(bench: Bench, asked: Asked, start: Home, work: Work) -> Tally:
    """SIGKILL to the process group at moments drawn from the time that the work takes."""
    tally, chance, is_whole_run = Tally(), random.Random(SEED), work is whole_run
    copies = bench.copies(start)
    began = perf_counter()
    _well(forked(partial(work, next(copies))))
    lasts = perf_counter() - began
    for number in range(asked.runs if is_whole_run else asked.random):
        home, after = next(copies), chance.uniform(0, lasts)
        tally.note(where := f"{number} after {after:.2f} s", forked(partial(work, home), after))
        bench.again(home, tally, where, start, run=whole_run if is_whole_run else tiny.run_without_dagster)
    return tally


def whole_run(home: Home) -> None:
    """``fellowship run``; ends this process where it fails."""
    if code := status(["run", str(home.path)]):
        os._exit(code)


@dataclass(frozen=True)
class Part:
    """What is broken off, and how: of homes of which kind (an attribute of the bench)."""

    about: str
    start: str
    work: Callable[[Bench], Work]
    breaking: Callable[[Bench, Asked, Home, Work], Tally]


def _loading(_: Bench) -> Work:
    return tiny.begin_and_load


def _making(_: Bench) -> Work:
    return partial(tiny.begin_and_load, makes_tables=True)


def _publishing(bench: Bench) -> Work:
    return partial(bench.publish, bench.made, run_id=AFTER)


def _showing_first(bench: Bench) -> Work:
    return partial(bench.publish, bench.unseen, run_id=AFTER)


PARTS = {
    "first-files": Part("killed at an operation: first arrival", "new", _loading, killed_at_operations),
    "later-files": Part("killed at an operation: later arrival", "later", _loading, killed_at_operations),
    "first-page-files": Part(
        "killed at an operation: first publication", "unseen", _showing_first, killed_at_operations
    ),
    "page-files": Part("killed at an operation: publication", "made", _publishing, killed_at_operations),
    "table-statements": Part("killed at a statement: up to the tables", "later", _making, killed_at_statements),
    "page-statements": Part("killed at a statement: publication", "made", _publishing, killed_at_statements),
    "table-errors": Part("error in a statement: up to the tables", "later", _making, failing_at_statements),
    "page-errors": Part("error in a statement: publication", "made", _publishing, failing_at_statements),
    "first-power": Part("power lost: first arrival", "new", _loading, losing_power),
    "later-power": Part("power lost: later arrival", "later", _loading, losing_power),
    "first-page-power": Part("power lost: first publication", "unseen", _showing_first, losing_power),
    "page-power": Part("power lost: publication", "made", _publishing, losing_power),
    "moments": Part("killed at random: all but Dagster", "later", lambda _: _whole, killed_at_random),
    "runs": Part("killed at random: fellowship run", "later", lambda _: whole_run, killed_at_random),
}


def _whole(home: Home) -> None:
    tiny.run_without_dagster(home, AFTER)


def _well(ended: Ended) -> Ended:
    if ended.code:
        raise RuntimeError("\n".join(ended.said))
    return ended


def _told(work: Callable[[], object]) -> Any:
    """What a child finds out, so that this process opens no database."""
    return json.loads(_well(forked(lambda: print(json.dumps(work())))).said[-1])


def measure(names: list[str], asked: Asked) -> dict[str, Tally]:
    """Breaks off what those parts are about; tells of each when it is done."""
    os.umask(PRIVATE)
    tallies = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FELLOWSHIP_KEY_FILE"] = str(Path(folder) / "key")
        bench = Bench(Path(folder))
        for name in names:
            part, began = PARTS[name], perf_counter()
            tallies[name] = part.breaking(bench, asked, getattr(bench, part.start), part.work(bench))
            tallies[name].seconds = perf_counter() - began
            print(f"{name}: {tallies[name].breaks} breaks, {len(tallies[name].wrong)} wrong", file=sys.stderr)
    return tallies


def main() -> int:
    """Prints what came of all breaks; 1 where something was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all where left out")
    parser.add_argument("--every", type=int, default=Asked.every, help="only every so many operations and statements")
    parser.add_argument("--random", type=int, default=Asked.random, help="kills at random, but of whole runs")
    parser.add_argument("--runs", type=int, default=Asked.runs, help="kills at random of whole runs")
    given = vars(parser.parse_args())
    tallies = measure(given.pop("parts") or list(PARTS), Asked(**given))
    console = Console(width=160)
    table = Table("what is broken off", "breaks", "said by the next runs", "wrong", "s")
    for name, tally in tallies.items():
        said = "\n".join(f"{number}: {line}" for line, number in sorted(tally.said.items()))
        table.add_row(PARTS[name].about, str(tally.breaks), said, str(len(tally.wrong)), f"{tally.seconds:.0f}")
    console.print(table)
    wrong = [f"{name}, {one}" for name, tally in tallies.items() for one in tally.wrong]
    for one in wrong:
        console.print(one, markup=False, soft_wrap=True)
    console.print(f"{sum(tally.breaks for tally in tallies.values())} breaks, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
