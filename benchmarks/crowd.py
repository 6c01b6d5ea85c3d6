"""Runs of one home at once, while readers look at what is published.

Each run starts with a file of its own that has just landed. The figures to keep: every run waits its turn and comes
through; every file is entered once; no reader meets a page or a table that is half there; and the tables are those of
one run that finds all the files (what is published also depends on what was published before).

``python benchmarks/crowd.py [--runs N ...]``: ``--runs 2`` takes a minute or two.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks import tiny  # noqa: E402
from benchmarks.breaking import figure, private_place  # noqa: E402
from fellowship_pipeline.home import Home  # noqa: E402
from fellowship_pipeline.intake.landing.ledger import Ledger  # noqa: E402

AT_ONCE = (2, 20)
READERS = 3
PROGRAM = tiny.PROGRAM.replace("landing/activity.csv", "landing/activity*.csv")


@dataclass
class Reading:
    """What readers met until they were told to stop."""

    counted: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def look_at(self, home: Home) -> None:
        """Looks, again and again, whether all is there of what is published."""
        while not self.stop.wait(0.05):
            try:
                seen = home.release.resolve(strict=True)
            except FileNotFoundError:
                continue  # nothing was ever published
            try:
                is_whole = tiny.is_whole(seen)
            except FileNotFoundError:
                is_whole = False
            if is_whole:
                self.counted["whole"] += 1
            elif home.release.resolve() == seen:
                self.counted["torn"] += 1


def home_with(place: Path, files: int) -> Home:
    """A home in which the files landed that so many runs start with."""
    home = tiny.laid(Home(place), tiny.FILES)
    home.program_file.write_text(PROGRAM)
    for number in range(files):
        land(home, number)
    return home


def land(home: Home, number: int) -> None:
    """The file that a run starts with."""
    (home.landing / f"activity-{number}.csv").write_text(f"member,occurred_at,xp\nb,2022-02-05T09:00:00,{number + 1}\n")


def at_once(home: Home, number: int) -> list[str]:
    """Starts so many runs, each after its file landed; what was wrong with how they ended."""
    started = []
    for one in range(number):
        land(home, one)
        command = [sys.executable, "-c", tiny.COMMAND, "run", str(home.path), "--wait", "36000"]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
    said = [process.communicate()[1].splitlines() for process in started]
    return [
        f"exit {process.returncode}: {lines[-1:]}"
        for process, lines in zip(started, said, strict=True)
        if process.returncode
    ]


def crowded(folder: Path, number: int) -> tuple[Counter[str], list[str]]:
    """So many runs at once, and readers: what those met, and what was wrong."""
    home, alone, reading = home_with(folder / "crowded", 0), home_with(folder / "alone", number), Reading()
    readers = [threading.Thread(target=reading.look_at, args=[home]) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    wrong = at_once(home, number)
    reading.stop.set()
    for reader in readers:
        reader.join()
    tiny.run_well(home)
    tiny.run_well(alone)
    received = Counter(event["path"] for event in Ledger(home.ledger).events() if event["event"] == "received")
    landed = {f"landing/{path.name}" for path in home.landing.iterdir()}
    if set(received) != landed or max(received.values()) > 1:
        wrong.append(f"entered: {received}")
    if tiny.figures(home) != tiny.figures(alone):
        wrong.append("other rows in core or kpi than one run makes")
    return reading.counted, wrong


def main() -> int:
    """Prints what came of it; 1 where something was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, nargs="+", default=AT_ONCE, help="how many at once, one after the other")
    is_wrong = False
    for number in parser.parse_args().runs:
        with private_place() as folder:
            met, wrong = crowded(folder, number)
        print(*wrong, sep="\n", end="\n" if wrong else "")
        figure(f"{number} runs at once: looks of readers", met.total())
        figure(f"{number} runs at once: torn", met["torn"])
        figure(f"{number} runs at once: failed, lost, doubled, or with other tables", len(wrong))
        is_wrong = is_wrong or bool(wrong or met["torn"])
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
