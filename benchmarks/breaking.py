"""Work broken off everywhere: before every operation on a file, at every statement, by a loss of power, at random.

Each time on a fresh copy of a folder; what the break left is handed to whoever knows how it has to be. Belongs here:
where work is broken off, and the count of that. Does not belong here: the work (``kills``, ``commands``), how one
process is broken off (``stopped``), what a loss of power leaves (``unsynced``).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks import stopped
from benchmarks.stopped import Break, Ended, forked, found_out
from benchmarks.unsynced import Disk, Lost, Picture, laid_down
from fellowship_pipeline.home.lock import PRIVATE

SEED = 1


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


@dataclass(frozen=True)
class Asked:
    """What the command line asks for: every so many breaks, and so many at random moments."""

    every: int = 5
    random: int = 100
    runs: int = 10


@dataclass(frozen=True)
class Subject:
    """What is broken off: the work, on copies of a folder.

    ``again`` is given what a break left, a tally, and words for where it was: it looks at that, goes on with it, and
    looks again. ``left``: a place for what breaks leave.
    """

    copies: Iterator[Path]
    work: Callable[[Path], object]
    again: Callable[[Path, Tally, str], None]
    left: Path


Breaking = Callable[[Subject, Asked], Tally]


def copies(start: Path, place: Path) -> Iterator[Path]:
    """The folder again and again, for as long as somebody wants to break it."""
    while True:
        shutil.rmtree(place, ignore_errors=True)
        yield Path(shutil.copytree(start, place, symlinks=True))


def well(ended: Ended) -> Ended:
    """What must have come through."""
    if ended.code:
        raise RuntimeError("\n".join(ended.said))
    return ended


def warmed(work: Callable[[], object]) -> None:
    """Does the work in a child; imports here what it imported, so that no later child has to."""
    for name in found_out(lambda: [work(), sorted(sys.modules)][1]):
        if name not in sys.modules:
            with suppress(Exception):
                import_module(name)


def killed_at_operations(subject: Subject, asked: Asked) -> Tally:
    """SIGKILL before every operation on a file."""
    return _broken(subject, asked, partial(_watched, at=lambda number: stopped.at(number, stopped.kill)))


def failing_at_operations(subject: Subject, asked: Asked) -> Tally:
    """The disk's refusal in the place of every operation on a file: of that one, or of it and all that follow."""
    return _broken(subject, asked, partial(_watched, at=stopped.refusing))


def failing_at_statements(subject: Subject, asked: Asked) -> Tally:
    """An error in the place of every statement."""
    return _broken(subject, asked, _counted)


def _watched(place: Path, work: Callable[[Path], object], number: int, at: Callable[[int], Break]) -> None:
    stopped.before_operations(place, at(number))
    work(place)


def _counted(place: Path, work: Callable[[Path], object], number: int) -> None:
    stopped.before_statements(stopped.at(number, stopped.fail))
    work(place)


def _broken(subject: Subject, asked: Asked, breaking: Callable[[Path, Callable[[Path], object], int], None]) -> Tally:
    """A copy for every break, until one is past the end."""
    tally = Tally()
    for number, place in zip(count(1, asked.every), subject.copies, strict=False):
        ended = forked(partial(breaking, place, subject.work, number))
        if not ended.is_broken:
            break
        tally.note(str(number), ended)
        subject.again(place, tally, str(number))
    return tally


def left_at_operations(subject: Subject, asked: Asked) -> Tally:
    """What is there before every operation: a copy of the folder, which is what a kill leaves, in one go."""
    return _followed(subject, partial(_copying, asked=asked, before=stopped.before_operations))


def killed_at_statements(subject: Subject, asked: Asked) -> Tally:
    """As :func:`left_at_operations`, before every statement."""
    return _followed(subject, partial(_copying, asked=asked, before=lambda _, copy: stopped.before_statements(copy)))


def _copying(place: Path, left: Path, asked: Asked, before: Callable[[Path, Break], None]) -> Break:
    numbers = count(1)

    def copy() -> None:
        number = next(numbers)
        if not (number - 1) % asked.every:
            shutil.copytree(place, left / f"{number:05}", symlinks=True)

    before(place, copy)
    return copy


def losing_power(subject: Subject, asked: Asked) -> Tally:
    """What is on the disk before every operation and fsync, where all that was not fsynced is lost."""

    def following(place: Path, left: Path) -> Break:
        disk, numbers, seen = Disk(place), count(1), set[int]()

        def lose() -> None:
            number = next(numbers)
            for lost in () if (number - 1) % asked.every else Lost:
                picture = disk.picture(lost)
                if (digest := _digest(picture)) not in seen:
                    laid_down(picture, left / f"{number:05}, lost: {lost.value}")
                seen.add(digest)

        disk.follow(lose)
        stopped.before_operations(place, lose)
        return lose

    return _followed(subject, following)


def _followed(subject: Subject, following: Callable[[Path, Path], Break]) -> Tally:
    """Does the work once; ``following`` lays down what a break would leave, again and again, in a folder."""
    tally, left = Tally(), subject.left
    left.mkdir()

    def followed(place: Path) -> None:
        at_last = following(place, left)
        subject.work(place)
        at_last()

    well(forked(partial(followed, next(subject.copies))))
    for place in sorted(left.iterdir()):
        tally.breaks += 1
        subject.again(place, tally, place.name)
        shutil.rmtree(place)
    left.rmdir()
    return tally


def _digest(picture: Picture) -> int:
    """Tells homes apart, whatever is in folders that are being filled."""
    return hash(frozenset(item for item in picture.items() if not any(one.suffix == ".tmp" for one in item[0].parents)))


def killed_at_random(subject: Subject, times: int) -> Tally:
    """SIGKILL to the process group, so many times, at moments drawn from the time that the work takes."""
    tally, chance = Tally(), random.Random(SEED)
    began = perf_counter()
    well(forked(partial(subject.work, next(subject.copies))))
    lasts = perf_counter() - began
    for number in range(times):
        place, after = next(subject.copies), chance.uniform(0, lasts)
        tally.note(where := f"{number} after {after:.2f} s", forked(partial(subject.work, place), after))
        subject.again(place, tally, where)
    return tally


def asked_for(parts: Sequence[str]) -> tuple[list[str], Asked]:
    """The parts and the density that a command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(parts)}; all where left out")
    parser.add_argument("--every", type=int, default=Asked.every, help="only every so many operations and statements")
    parser.add_argument("--random", type=int, default=Asked.random, help="kills at random, but of whole runs")
    parser.add_argument("--runs", type=int, default=Asked.runs, help="kills at random of whole runs")
    given = vars(parser.parse_args())
    return given.pop("parts") or list(parts), Asked(**given)


def told(name: str, about: Mapping[str, str], tallies: Mapping[str, Tally]) -> int:
    """Prints what came of all breaks, by part, and the figures that the record has; 1 where something was wrong.

    ``name``: what was broken off, for the figures; ``about``: words for the parts.
    """
    console = Console(width=160)
    table = Table("what is broken off", "breaks", "said by the next runs", "wrong", "s")
    for part, tally in tallies.items():
        said = "\n".join(f"{number}: {line}" for line, number in sorted(tally.said.items()))
        table.add_row(about[part], str(tally.breaks), said, str(len(tally.wrong)), f"{tally.seconds:.0f}")
    console.print(table)
    wrong = [f"{part}, {one}" for part, tally in tallies.items() for one in tally.wrong]
    for one in wrong:
        console.print(one, markup=False, soft_wrap=True)
    figure(f"{name}: broken off", sum(tally.breaks for tally in tallies.values()))
    figure(f"{name}: lost, doubled, torn, or ended in a traceback", len(wrong))
    return 1 if wrong else 0


def figure(name: str, value: int) -> None:
    """A line that the record takes over."""
    print(f"figure: {name}: {value}")


@contextmanager
def private_place() -> Iterator[Path]:
    """A folder as long as the block, with a pseudonym key of its own; all of it is for its owner alone."""
    os.umask(PRIVATE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FELLOWSHIP_KEY_FILE"] = str(Path(folder) / "key")
        yield Path(folder)
