"""The memory of releases: what each was about and what stands of it, in one private file of ``state/``.

No name is in it: persons are salted hashes, and of who was erased what remains is that somebody was counted there.
Belongs here: the file, what is in it, forgetting. Does not belong here: what follows for a new release (``revisions``).
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from fellowship_pipeline.home import Home
from fellowship_pipeline.home.durable import make_folder, sync
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.release.facts import COLUMNS
from fellowship_pipeline.release.reach import REACH, TablePart, blocks, every_block, parts
from fellowship_pipeline.warehouse.names import identifier, literal

MADE = "made in"
"""A column beside a table's own: the release in which a row's figures were made."""
SAID = ["day", "kpi", "slice_by", "slice", "value"]
"""Columns of what the headlines of each day were."""
SINCE, UNTIL = "since", "until"
"""Columns of facts: the first release that knew them, and the first that did not any more."""


@dataclass
class Memory:
    """What is remembered of releases.

    ``days``, ``bases``: by release, the day it was of, and by which rules (code and settings) it was made. ``shown``:
    by part, the releases whose facts its figures have been of. ``frames``, ``labels``: what stands, by table.
    ``facts``: as ``facts.COLUMNS``, with the releases that knew them. ``headlines``: what each day's were, for
    comparisons. ``erasures``: those after which persons who are gone have been forgotten. ``subjects``: what headlines
    of a survey, a month or a mission were of when they were last said.
    """

    salt: int = field(default_factory=lambda: secrets.randbits(63))
    days: dict[int, date] = field(default_factory=dict)
    bases: dict[int, str] = field(default_factory=dict)
    shown: dict[TablePart, tuple[int, ...]] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    labels: dict[str, pd.DataFrame] = field(default_factory=dict)
    facts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*COLUMNS, SINCE, UNTIL]))
    headlines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SAID))
    erasures: frozenset[str] = frozenset()
    subjects: dict[str, str] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The latest release; 0 where there is none."""
        return max(self.days, default=0)

    @property
    def is_older_than_facts(self) -> bool:
        """Whether any figure stands that the latest release would not have had by itself."""
        return any((frame[MADE] < self.last).any() for frame in self.frames.values() if MADE in frame)

    def known(self, release: int) -> pd.DataFrame:
        """The facts that a release was made of."""
        facts = self.facts
        return facts.loc[(facts[SINCE] <= release) & (facts[UNTIL] > release), list(COLUMNS)]


UNKNOWN = "?"
"""The rules of a release of which only the figures are left: nobody knows whom they were about."""
BLOCK = 16384
"""Bytes: there are many small tables."""
NEVER = np.iinfo(np.int64).max
"""``until`` of what is known still."""


def place(home: Home) -> Path:
    """Where the memory is."""
    return home.state / "releases.duckdb"


def recall(home: Home) -> Memory | None:
    """What is remembered; None where there is nothing, or what cannot be read."""
    path = place(home)
    if not path.is_file():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            return _read(con)
    except (duckdb.Error, ValueError, KeyError):
        return None


def remember(home: Home, memory: Memory) -> None:
    """Puts the memory in the place of the one before, in one step, on the disk, for its owner's eyes only."""
    with _in_place_of(place(home)) as unfinished, duckdb.connect() as con:
        con.execute("attach " + literal(str(unfinished)) + f" as kept (block_size {BLOCK}); use kept")
        about = {
            "salt": memory.salt,
            "days": {release: day.isoformat() for release, day in memory.days.items()},
            "bases": memory.bases,
            "shown": [[*part, *releases] for part, releases in memory.shown.items()],
            "subjects": memory.subjects,
            "erasures": sorted(memory.erasures),
        }
        con.execute("create table about as select " + literal(json.dumps(about)) + " as said")
        named = {"facts": memory.facts, "headlines": memory.headlines}
        named |= {f"figures {name}": frame for name, frame in memory.frames.items()}
        named |= {f"labels {name}": frame.astype("string") for name, frame in memory.labels.items()}
        for name, frame in named.items():
            con.register("frame", frame)
            con.execute("create table " + identifier(name) + " as select * from frame")
            con.unregister("frame")


def of_published(folder: Path) -> Memory:
    """The memory of which only ``published/current`` is left: its figures, and nobody knows whom they were about."""
    about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    memory = Memory(days={1: date.fromisoformat(about["as_of"])}, bases={1: UNKNOWN})
    with duckdb.connect() as con:
        for path in sorted((folder / "tables").glob("*.parquet")):
            frame = con.read_parquet(str(path)).df()
            texts = con.read_csv(str(path.with_suffix(".csv")), all_varchar=True).df()
            memory.frames[path.stem] = frame.assign(**{MADE: 1})
            labels = texts.where(frame.isna() & texts.notna(), None)
            memory.labels[path.stem] = labels.drop(columns="suppressed").astype("object")
    for name, frame in memory.frames.items():
        if name in REACH:
            for block, kind in zip(blocks(name, frame), parts(frame), strict=True):
                memory.shown[name, block, kind] = (1,)
            memory.shown |= dict.fromkeys(every_block(name), (1,))
    return memory


def forgotten(facts: pd.DataFrame, gone: set[int]) -> pd.DataFrame:
    """The facts with random numbers for those persons and all that was known of them: that somebody was there stays.

    The numbers are others in each subject, so that nobody can be followed from one to the next.
    """
    theirs = facts["person"].isin(gone)
    made: dict[tuple[str, int], int] = {}
    found = facts.copy()
    people = zip(facts.loc[theirs, "subject"], facts.loc[theirs, "person"], strict=True)
    found.loc[theirs, "person"] = [made.setdefault(one, secrets.randbits(63)) for one in people]
    found.loc[theirs, "mark"] = [secrets.randbits(63) for _ in range(int(theirs.sum()))]
    return found


def without_words(memory: Memory, is_name: Callable[[str], bool]) -> Memory:
    """The memory without rows named in words that name somebody: a group may be called by an erased person's name."""
    frames, labels = {}, {}
    for name, frame in memory.frames.items():
        texts = frame.select_dtypes("object")
        named = {text for column in texts for text in texts[column].dropna().unique() if is_name(str(text))}
        kept = ~texts.isin(named).any(axis=1)
        frames[name], labels[name] = frame[kept], memory.labels[name][kept.to_numpy()]
    subjects = {kpi: subject for kpi, subject in memory.subjects.items() if not is_name(subject)}
    return replace(memory, frames=frames, labels=labels, subjects=subjects)


def _read(con: duckdb.DuckDBPyConnection) -> Memory:
    ((said,),) = con.execute("select said from about").fetchall()
    about = json.loads(said)
    tables = {name: con.table(identifier(name)).df() for (name,) in con.execute("show tables").fetchall()}
    labels = {name.removeprefix("labels "): frame for name, frame in tables.items() if name.startswith("labels ")}
    return Memory(
        about["salt"],
        {int(release): date.fromisoformat(day) for release, day in about["days"].items()},
        {int(release): basis for release, basis in about["bases"].items()},
        {(table, block, part): tuple(releases) for table, block, part, *releases in about["shown"]},
        {name.removeprefix("figures "): frame for name, frame in tables.items() if name.startswith("figures ")},
        {name: frame.astype("object").where(frame.notna(), None) for name, frame in labels.items()},
        tables["facts"],
        tables["headlines"],
        frozenset(about["erasures"]),
        about.get("subjects", {}),
    )


@contextmanager
def _in_place_of(path: Path) -> Iterator[Path]:
    """A file to be made, which is then put in the place of ``path``."""
    make_folder(path.parent)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        unfinished.chmod(0o600)
        sync(unfinished)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(path.parent)
