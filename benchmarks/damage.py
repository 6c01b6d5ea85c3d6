"""Every kind of file of a small home damaged in every way, and the home run again.

The figures to keep: no traceback, one line for every damage that could be seen, and equal tables. Each damage by itself
meets the beginning of a run (examinations, archive, ledger, the reading of files); then damages of all kinds of files
together meet whole runs. ``python benchmarks/damage.py``; it takes some minutes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks.tiny import begin_and_load, made, raw_rows, run, run_well, tables  # noqa: E402
from fellowship_pipeline import health  # noqa: E402
from fellowship_pipeline.errors import LockHeld, UserError, in_words  # noqa: E402
from fellowship_pipeline.health.publication import ANEW, ANEW_NEXT, GONE  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.home.aside import remove  # noqa: E402
from fellowship_pipeline.home.lock import PRIVATE  # noqa: E402
from fellowship_pipeline.home.places import CURRENT  # noqa: E402

ROUNDS = 2
OF_THEIR_OWN = (".db", ".json", ".jsonl")
"""Endings of files that are each of a kind, whatever lies beside them."""
MAY_STOP = ("ledger.jsonl", "tombstones.jsonl", "state", "state/lock")
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
    return finding.remedy == ANEW or (finding.problem, finding.remedy) == (GONE, ANEW_NEXT)


def faults(sound: Home, home: Home, name: Path, expected: dict[str, int]) -> tuple[str, list[str]]:
    """How a run of a home of which that file is damaged began, and what is wrong with that."""
    ended, lines = beginning(home)
    root = name.parts[0]
    places = [line.removeprefix(f"{home.path}/").partition(":")[0] for line in lines if ANOTHER_RUN not in line]
    is_said = any(place.startswith(root) for place in places)
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


def by_itself(sound: Home, scratch: Path) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Each damage of each kind of file: how runs began, by place, and what was wrong."""
    counted: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    expected = raw_rows(sound)
    for name, damages in kinds(sound).items():
        for damage in damages:
            shutil.copytree(sound.path, scratch, symlinks=True)
            damage(scratch / name)
            ended, faulty = faults(sound, Home(scratch), name, expected)
            counted[name.parts[0], ended] += 1
            wrong += [f"{name}, {damage.__name__}: {fault}" for fault in faulty]
            remove(scratch)
    return counted, wrong


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
    began = perf_counter()
    console = Console(width=160)
    os.umask(PRIVATE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FELLOWSHIP_KEY_FILE"] = str(Path(folder) / "key")
        sound, scratch = made(Path(folder) / "sound", run_well), Path(folder) / "damaged"
        counted, wrong = by_itself(sound, scratch)
        for turn in range(ROUNDS):
            wrong += together(sound, scratch, turn)
    table = Table("place", "went on", "one line", "traceback")
    for root in sorted({root for root, _ in counted}):
        table.add_row(root, *(str(counted[root, ended]) for ended in ("went on", "one line", "traceback")))
    console.print(table)
    for fault in wrong:
        console.print(fault, markup=False, soft_wrap=True)
    console.print(
        f"{counted.total()} damages by themselves, {ROUNDS} whole runs of homes damaged all over,"
        f" {len(wrong)} wrong; {perf_counter() - began:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
