"""Every kind of file of a small home damaged in every way, and the home run again.

The figures to keep: no traceback, one line for every damage that could be seen, and equal tables. Each damage by itself
meets the beginning of a run (examinations, archive, ledger, the reading of files); then damages of all kinds of files
together meet whole runs; and files that are read for themselves are cut and flipped at many places: what is read of
them then is what was written, or nothing.

``python benchmarks/damage.py [--every N] [--places N] [--turns N]``: ``--every 10 --places 10 --turns 0`` takes a
few minutes, ``--places 1000000``, which is every byte, hours.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

import duckdb
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks.breaking import figure, private_place  # noqa: E402
from benchmarks.tiny import begin_and_load, made, raw_rows, run, run_well, tables  # noqa: E402
from fellowship_pipeline import health  # noqa: E402
from fellowship_pipeline.errors import LockHeld, UserError, in_words  # noqa: E402
from fellowship_pipeline.health.publication import ANEW, ANEW_NEXT, GONE  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.home.aside import remove  # noqa: E402
from fellowship_pipeline.home.chain import Chain  # noqa: E402
from fellowship_pipeline.home.memory import recall  # noqa: E402
from fellowship_pipeline.home.places import CURRENT  # noqa: E402
from fellowship_pipeline.release import memory  # noqa: E402

OF_THEIR_OWN = (".db", ".json", ".jsonl")
"""Endings of files that are each of a kind, whatever lies beside them."""
MAY_STOP = ("ledger.jsonl", "tombstones.jsonl", "decisions.jsonl", "state", "state/lock")
"""What no run can make anew, or lock without: a run ends in one line there, as where the archive lacks something."""
ANOTHER_RUN = ": of another run"
"""What is said besides, where page or lists fall back to the run before."""
MAY_BE_UNSAID = ("dagster", "state")
"""Where a bit may change nothing that anybody would notice, and what is gone is simply made again."""


def cut(path: Path) -> None:
    """Half of it."""
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    """No byte left."""
    os.truncate(path, 0)


def flipped(path: Path) -> None:
    """One bit in the middle."""
    content = bytearray(path.read_bytes())
    if content:
        content[len(content) // 2] ^= 1
    path.write_bytes(content)


def deleted(path: Path) -> None:
    """Gone."""
    remove(path)


def replaced(path: Path) -> None:
    """Text in its place."""
    remove(path)
    path.write_text("something else\n")


def a_folder(path: Path) -> None:
    """A folder in its place."""
    remove(path)
    path.mkdir()


def cut_at(path: Path, place: int) -> None:
    """All that is before that byte."""
    os.truncate(path, place)


def flipped_at(path: Path, place: int) -> None:
    """One bit of that byte."""
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ (1 << place % 8)]))


def logged(path: Path) -> None:
    """Beside a database what another program wrote to it and did not come to merge."""
    with suppress(duckdb.Error), duckdb.connect(str(path), config={"checkpoint_threshold": "1TB"}) as con:
        con.execute("pragma disable_checkpoint_on_shutdown; create or replace table stray as select 1 as one")


Damage = Callable[[Path], None]
OF_FILES: tuple[Damage, ...] = (cut, emptied, flipped, deleted, replaced, a_folder)
OF_PLACES: tuple[Damage, ...] = (deleted, replaced, a_folder)
"""Of folders and links."""


def kinds(home: Home) -> dict[Path, tuple[Damage, ...]]:
    """The largest file of each kind (of what was published: of what is current), the places and the links; by name."""
    shown = {root.name: (root / CURRENT).readlink().name for root in (home.published, home.operations)}
    largest: dict[tuple[object, ...], Path] = {}
    for path in sorted(home.path.rglob("*")):
        name = path.relative_to(home.path)
        if path.is_symlink() or not path.is_file() or name.parts[0] in ("landing", "program.yaml"):
            continue
        if len(name.parts) > 2 and name.parts[0] in shown and name.parts[1] != shown[name.parts[0]]:
            continue
        folder = name.parts[0] if name.parts[0] == "archive" else name.parent
        key = (folder, path.suffix, path.name if path.suffix in OF_THEIR_OWN else "")
        if key not in largest or path.stat().st_size > largest[key].stat().st_size:
            largest[key] = path
    of_files = {path.relative_to(home.path): OF_FILES for path in largest.values()}
    places = [path for path in home.path.iterdir() if path.is_dir() and path != home.landing]
    return of_files | {path.relative_to(home.path): OF_PLACES for path in (*places, home.release, home.lists)}


def may_stop(name: Path) -> bool:
    """Whether a run may end where that file is damaged."""
    return name.parts[0] == "archive" or name.as_posix() in MAY_STOP


def beginning(home: Home) -> tuple[str, list[str]]:
    """What a run begins with, up to the tables of raw: how it ended, and what it said."""
    lines: list[str] = []
    try:
        begin_and_load(home, lines.append)
    except (UserError, LockHeld) as error:
        return "one line", [*lines, str(error)]
    except Exception as error:  # noqa: BLE001 - to be counted
        told = in_words(error)
        return ("traceback", [repr(error)]) if told is None else ("one line", [*lines, told])
    return "went on", lines


def awaits_publication(finding: health.Finding) -> bool:
    """Whether it is only that nothing was published since: the beginning of a run does not."""
    is_another = f": {finding.problem}".startswith(ANOTHER_RUN)
    return finding.remedy == ANEW or (finding.remedy == ANEW_NEXT and (is_another or finding.problem == GONE))


def faults(sound: Home, home: Home, name: Path, expected: dict[str, int]) -> tuple[str, list[str]]:
    """How a run of a home of which that file is damaged began, and what is wrong with that."""
    ended, lines = beginning(home)
    root = name.parts[0]
    places = [line.removeprefix(f"{home.path}/").partition(":")[0] for line in lines if ANOTHER_RUN not in line]
    is_said = any(place.startswith(root) or f"(its copy {root}" in place for place in places)
    wrong = []
    if ended == "traceback":
        wrong.append(f"traceback: {lines[-1]}")
    elif ended == "one line":
        if not may_stop(name):
            wrong.append(f"stopped: {lines[-1]}")
        if root != "published" and tables(home) != tables(sound):
            wrong.append("what was published changed")
    else:
        if len(places) != len(set(places)) or not (is_said or root in MAY_BE_UNSAID):
            wrong.append(f"{len(lines)} lines: {lines}")
        if raw_rows(home) != expected:
            wrong.append("other rows in raw")
        found = health.examine(home, mend=False)
        if left := [finding.line() for finding in found if not awaits_publication(finding)]:
            wrong.append(f"not mended: {left}")
    return ended, wrong


def each(sound: Home, earlier: Home) -> Iterator[tuple[Path, str, Damage]]:
    """Each damage of each kind of file, with words for it; the last one: as the run before left it."""
    for name, damages in kinds(sound).items():
        for damage in damages:
            yield name, damage.__name__, damage
        before = earlier.path / name
        if before.is_file() and before.read_bytes() != (sound.path / name).read_bytes():
            yield name, "older", partial(_as_in, before)
    name = sound.warehouse.relative_to(sound.path)
    yield name, "with a log", logged
    for part in range(1, 4):
        yield name, f"with {part} of 4 parts of a log", partial(_with_part_of_a_log, part=part)


def _as_in(earlier: Path, path: Path) -> None:
    shutil.copy2(earlier, path)


def _with_part_of_a_log(path: Path, part: int) -> None:
    logged(path)
    log = path.with_name(f"{path.name}.wal")
    cut_at(log, log.stat().st_size * part // 4)


def by_itself(sound: Home, earlier: Home, scratch: Path, every: int) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Each damage of each kind of file: how runs began, by place, and what was wrong."""
    counted: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    expected = raw_rows(sound)
    for name, said, damage in islice(each(sound, earlier), 0, None, every):
        shutil.copytree(sound.path, scratch, symlinks=True)
        damage(scratch / name)
        ended, faulty = faults(sound, Home(scratch), name, expected)
        counted[name.parts[0], ended] += 1
        wrong += [f"{name}, {said}: {fault}" for fault in faulty]
        remove(scratch)
    return counted, wrong


def read_for_themselves(home: Home) -> dict[Path, Callable[[], object]]:
    """What is read of files without a run: None where they are found damaged, else what they say."""
    chains = {path: partial(_lines, Chain(path)) for path in (home.ledger, home.tombstones, home.decisions)}
    small = {path: partial(recall, path) for path in sorted(home.state.glob("*.json")) if ".head." not in path.name}
    return {**chains, **small, memory.place(home): partial(_remembered, home)}


def _lines(chain: Chain) -> object:
    return None if chain.fault() else chain.read()


def _remembered(home: Home) -> object:
    """The memory of releases, as text."""
    found = memory.recall(home)
    if found is None:
        return None
    frames = {**found.frames, **found.labels, "facts": found.facts, "headlines": found.headlines}
    said = {name: frame.to_csv() for name, frame in frames.items()}
    return found.salt, found.days, found.bases, found.shown, found.erasures, said


def at_places(sound: Home, scratch: Path, places: int) -> tuple[int, list[str]]:
    """Those files cut, and a bit of them flipped, at that many places each: how many times, and what was wrong."""
    shutil.copytree(sound.path, scratch, symlinks=True)
    number, wrong = 0, []
    for path, reading in read_for_themselves(Home(scratch)).items():
        whole, said = path.read_bytes(), reading()
        for place in _spread(len(whole), places):
            for damage in (cut_at, flipped_at):
                damage(path, place)
                number += 1
                if (fault := _misread(reading, said)) is not None:
                    wrong.append(f"{path.name}, {damage.__name__} {place} of {len(whole)}: {fault}")
                path.write_bytes(whole)
    remove(scratch)
    return number, wrong


def _spread(size: int, places: int) -> Iterable[int]:
    """So many places in a file of that size, the first and the last among them."""
    return sorted({*range(0, size, max(1, size // places)), size - 1})


def _misread(reading: Callable[[], object], said: object) -> str | None:
    """What is wrong with how a damaged file is read; None where it says what it said, or is found damaged."""
    try:
        found = reading()
    except UserError:
        return None
    except Exception as error:  # noqa: BLE001 - to be counted
        return repr(error)
    return None if found is None or found == said else "read as something else"


def together(sound: Home, scratch: Path, turn: int) -> list[str]:
    """A whole run of a home whose files are damaged, each in its turn another way: what was wrong."""
    shutil.copytree(sound.path, scratch, symlinks=True)
    home = Home(scratch)
    names = [name for name, damages in kinds(sound).items() if damages is OF_FILES and not may_stop(name)]
    for place, name in enumerate(names):
        OF_FILES[(place + turn) % len(OF_FILES)](scratch / name)
    code, lines = run(home)
    wrong = [f"exit {code}: {lines[-1]}"] if code else []
    if not code and tables(home) != tables(sound):
        wrong = ["other tables"]
    remove(scratch)
    return [f"together, turn {turn}: {fault}" for fault in wrong]


def main() -> int:
    """Prints what came of all damages; 1 where something was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="only every so many damages of a file by itself")
    parser.add_argument("--places", type=int, default=100, help="at how many places files are cut and flipped")
    parser.add_argument("--turns", type=int, default=2, help="whole runs of homes that are damaged all over")
    given = parser.parse_args()
    began = perf_counter()
    console = Console(width=160)
    with private_place() as folder:
        earlier, scratch = Home(folder / "earlier"), folder / "damaged"

        def run_and_keep(home: Home) -> None:
            if home.release.exists():
                shutil.copytree(home.path, earlier.path, symlinks=True)
            run_well(home)

        sound = made(folder / "sound", run_and_keep)
        counted, wrong = by_itself(sound, earlier, scratch, given.every)
        read, misread = at_places(sound, scratch, given.places)
        wrong += misread
        for turn in range(given.turns):
            wrong += together(sound, scratch, turn)
    table = Table("place", "went on", "one line", "traceback")
    for root in sorted({root for root, _ in counted}):
        table.add_row(root, *(str(counted[root, ended]) for ended in ("went on", "one line", "traceback")))
    console.print(table)
    for fault in wrong:
        console.print(fault, markup=False, soft_wrap=True)
    console.print(f"{perf_counter() - began:.0f} s")
    figure("damages of a file before the beginning of a run", counted.total())
    figure("cuts and flips of a file that is read for itself", read)
    figure("whole runs of a home damaged all over", given.turns)
    figure("damages: unseen, not mended, or with a traceback", len(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
