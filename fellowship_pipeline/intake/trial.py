"""One file tried without loading it: what the next run would make of it, worked out in a home that is thrown away.

Belongs here: which entries a file is tried under, and the account of each. Does not belong here: any rule of intake,
which is the same as in a run; words on the terminal (``cli``).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.proposal import propose
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.reading.fitness import remedy
from fellowship_pipeline.intake.staging import identity, stage
from fellowship_pipeline.program import parse_program
from fellowship_pipeline.program.mistakes import unknown
from fellowship_pipeline.program.paths import fits, is_url
from fellowship_pipeline.warehouse import connect
from fellowship_pipeline.warehouse.names import qualified

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

LINES_SHOWN = 10
EVERY_RECORD = "every record would be rejected"

_FILE = """
select
    file_id, status, reason, encoding, exported_at, covers_from, covers_to,
    rows, staged, rejected, superseded, ignored, restated
from raw.files where sha256 = ? and source = ? and entry = ?
"""

_BROKEN = """
select "column", reason, count(*), list(line order by line)[:?]
from raw.rejects where file_id = ? group by "column", reason order by count(*) desc, "column", reason
"""


@dataclass(frozen=True)
class Broken:
    """A rule that records of the file break: in which column, how many, on which lines the first of them begin."""

    column: str
    rule: str
    records: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Trial:
    """What a run would make of the file under one entry. No value of the file is in it.

    ``entry`` is where the entry stands in program.yaml. ``came_before``: the archive has these bytes already.
    ``unmatched_names`` resolve to nobody; None where names are not looked up.
    """

    source: str
    entry: str
    status: str
    reason: str | None
    came_before: bool = False
    encoding: str | None = None
    exported_at: datetime | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    rows: int = 0
    staged: int = 0
    rejected: int = 0
    superseded: int = 0
    ignored: int = 0
    restated: int = 0
    rejects: tuple[Broken, ...] = ()
    unmatched_names: int | None = None
    unmatched_rows: int | None = None

    @property
    def loadable(self) -> bool:
        """Whether it would be neither refused nor held, and not every record of it rejected."""
        return self.status in ("loaded", "ignored", "superseded") and not self.all_rejected

    @property
    def all_rejected(self) -> bool:
        """Whether every record that counts would be rejected."""
        return self.status == "loaded" and self.rejected > 0 == self.staged + self.superseded


def try_file(file: Path, program: Program, home: Home | None = None, source: str | None = None) -> list[Trial]:
    """What a run of ``program`` would make of the file, under each entry whose pattern fits it.

    Only those of ``source``, where it is given; where none of its patterns fits, every entry that can read the file.
    ``home``: with what came before, which is only read. Raises UserError where there is nothing to try it under.
    """
    if source is not None and source not in program.sources:
        raise UserError(unknown("source", source, program.sources, "one that program.yaml configures"))
    places = [
        (name, place)
        for name, entries in program.sources.items()
        if source in (None, name)
        for place in range(len(entries))
    ]
    for path in _landed(file, home):
        fitting = [(name, place) for name, place in places if fits(program.sources[name][place].files, path)]
        if fitting:
            return [_Attempt(file, path, program, home, *at).trial() for at in fitting]
    if source is None:
        raise UserError(f"no entry of program.yaml asks for {file.name}: add one (`fellowship map`) or pass --source")
    return _try_each(file, program, home, places)


def try_proposed(file: Path, source: str | None = None) -> list[Trial]:
    """What a run would make of the file under the best mapping that can be proposed for it.

    Raises UserError where the file has to be refused, nothing fits it, or what fits best lacks columns.
    """
    best = propose(file, source).found[0]
    if not best.complete:
        raise UserError(f"{file.name}: for {', '.join(best.sources)} it lacks {', '.join(best.missing)}")
    return try_file(file, parse_program(f"program: {{id: check}}\nsources:\n{best.lines}"))


def _landed(file: Path, home: Home | None) -> list[str]:
    """Where the file lies in HOME, or could be dropped: into landing/, its own folders with it or not."""
    if home is not None and file.resolve().is_relative_to(home.landing.resolve()):
        return ["landing/" + file.resolve().relative_to(home.landing.resolve()).as_posix()]
    parts = file.resolve().parts[1:]
    return [str(PurePosixPath("landing", *parts[-length:])) for length in range(1, len(parts) + 1)]


def _try_each(file: Path, program: Program, home: Home | None, places: list[tuple[str, int]]) -> list[Trial]:
    """Under entries whose patterns do not fit; those that name headers it does not have only where all do."""
    path = _landed(file, home)[0]
    trials, errors = [], []
    for source, place in places:
        entries = list(program.sources[source])
        entries[place] = entries[place].model_copy(update={"files": path})
        widened = program.model_copy(update={"sources": {**program.sources, source: entries}})
        try:
            trials.append(_Attempt(file, path, widened, home, source, place).trial())
        except UserError as error:
            errors.append(error)
    if errors and not trials:
        raise errors[0]
    return [trial for trial in trials if trial.loadable] or trials


@dataclass(frozen=True)
class _Attempt:
    """A file, where it would lie in HOME, and the entry to try it under."""

    file: Path
    path: str
    program: Program
    home: Home | None
    source: str
    place: int

    def trial(self) -> Trial:
        sources = self.program.sources
        program = self.program.model_copy(
            update={"sources": {name: sources[name] for name in sources if name in (*identity.NAMING, self.source)}}
        )
        where = f"{program.where('sources', self.source, self.place)}, sources.{self.source}[{self.place}]"
        with self._scratch() as scratch, connect(None) as con:
            with (scratch.path / self.path).open("rb") as copied:
                sha256 = hashlib.file_digest(copied, "sha256").hexdigest()
            came_before = sha256 in Ledger(scratch.ledger).state().contents
            arrivals = take_in(scratch, self._only_this())
            read_into(con, scratch, program, arrivals)
            stage(con, program)
            result = con.execute(_FILE, [sha256, self.source, self.place])
            columns = [described[0] for described in result.description]
            found = result.fetchone()
            if found is None:
                reason = Ledger(scratch.ledger).state().ignored.get(self.path)
                return Trial(self.source, where, "ignored", reason, came_before)
            facts = dict(zip(columns, found, strict=True))
            file_id = facts.pop("file_id")
            broken = con.execute(_BROKEN, [LINES_SHOWN, file_id]).fetchall()
            names, rows = _unmatched(con, program, self.source, file_id)
        rejects = tuple(Broken(column, rule, records, tuple(lines)) for column, rule, records, lines in broken)
        trial = Trial(
            self.source,
            where,
            came_before=came_before,
            rejects=rejects,
            unmatched_names=names,
            unmatched_rows=rows,
            **facts,
        )
        entry = self.program.sources[self.source][self.place]
        mends = [remedy(SOURCE_BY_NAME[self.source], entry, rejects[0].column, rejects[0].rule)] if rejects else []
        said = "; ".join(filter(None, (EVERY_RECORD, *mends, trial.reason)))
        return replace(trial, reason=said) if trial.all_rejected else trial

    def _only_this(self) -> Program:
        """The program as far as arrivals go: the file, and what names people; nothing elsewhere, and no waiting."""
        entry = self.program.sources[self.source][self.place].model_copy(update={"files": self.path})
        arrival = self.program.arrival.model_copy(update={"quiet_seconds": 0})
        return self.program.model_copy(update={"sources": {**self._naming(), self.source: [entry]}, "arrival": arrival})

    def _naming(self) -> dict[str, list[Entry]]:
        """The entries of the landing folder that say who people are: before the first run nothing else does."""
        sources = {name: self.program.sources.get(name, []) for name in identity.NAMING}
        return {name: [one for one in entries if not is_url(one.files)] for name, entries in sources.items()}

    def _names_landed(self) -> Iterator[tuple[Path, str]]:
        """The files of those entries that lie in the landing folder, each with its path below HOME."""
        if self.home is None or not self.home.landing.is_dir():
            return
        patterns = [entry.files for entries in self._naming().values() for entry in entries]
        for lying in self.home.landing.rglob("*"):
            path = lying.relative_to(self.home.path).as_posix()
            if lying.is_file() and not lying.is_symlink() and any(fits(pattern, path) for pattern in patterns):
                yield lying, path

    @contextmanager
    def _scratch(self) -> Iterator[Home]:
        """A home with the file in its landing folder, what its preset looks up beside it, and what came before."""
        with tempfile.TemporaryDirectory(prefix="fellowship-check-") as folder:
            scratch = Home(Path(folder))
            target = scratch.path / self.path
            target.parent.mkdir(parents=True)
            shutil.copyfile(self.file, target)
            for other in self._beside():
                shutil.copyfile(other, target.with_name(other.name))
            for lying, path in self._names_landed():
                if not (scratch.path / path).exists():
                    (scratch.path / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(lying, scratch.path / path)
            if self.home is not None and self.home.ledger.exists():
                shutil.copyfile(self.home.ledger, scratch.ledger)
                for original in self.home.archive.glob("*/*"):
                    link = scratch.archive / original.relative_to(self.home.archive)
                    link.parent.mkdir(parents=True, exist_ok=True)
                    link.symlink_to(original.resolve())
            yield scratch

    def _beside(self) -> list[Path]:
        entry = self.program.sources[self.source][self.place]
        if entry.preset is None:
            return []
        looks_up = preset(entry.preset).looks_up
        others = (path for path in self.file.parent.iterdir() if path.name != self.file.name and path.is_file())
        return [path for path in others if looks_up(self.source, path.name)]


def _unmatched(
    con: duckdb.DuckDBPyConnection, program: Program, source: str, file_id: str
) -> tuple[int, int] | tuple[None, None]:
    """How many names of the file resolve to nobody, and in how many rows."""
    if SOURCE_BY_NAME[source].person != "member" or not identity.is_resolved(SOURCE_BY_NAME[source], program):
        return None, None
    names, rows = con.execute(
        "select count(distinct member), count(member) from " + qualified(TABLE_BY_KEY["staging." + source])
        + " where member_id is null and _file_id = ?",
        [file_id],
    ).fetchall()[0]  # fmt: skip
    return names, rows
