"""A person erased: from names to proof, resumable at every step.

First the keyed hashes of the names are on the disk (``tombstones``); everything after follows from them, so that a run
finishes what a crash left. Belongs here: who is meant, the order of the steps, what the operator is told. Does not
belong here: finding (``search``), the archive (``cleansing``), proof (``residue``), words to send on (``notice``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.forgetting.cleansing import Cleansed, cleanse
from fellowship_pipeline.forgetting.destruction import destroy, destroy_tree
from fellowship_pipeline.forgetting.key import read_key, read_or_make_key
from fellowship_pipeline.forgetting.names import fold, sieve, tombstone
from fellowship_pipeline.forgetting.notice import Remains, notice
from fellowship_pipeline.forgetting.residue import Residue, keyed_residue, residue
from fellowship_pipeline.forgetting.retention import HISTORY
from fellowship_pipeline.forgetting.search import ROSTER, Name, search, who_is_who
from fellowship_pipeline.forgetting.tombstones import Erasure
from fellowship_pipeline.home import Home, clock, decisions
from fellowship_pipeline.home.aside import copies
from fellowship_pipeline.home.backups import LastBackup, last_backup
from fellowship_pipeline.intake.landing.ledger import Ledger, LedgerState
from fellowship_pipeline.intake.landing.looks import Looks
from fellowship_pipeline.program.paths import is_url

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program


GOING = ".erased.part"
"""How the name of a file in the landing folder ends while it is overwritten: no run takes in what is left of it."""
NAME = 50
"""Characters of its name before that, so that it is not too long for a disk."""


@dataclass(frozen=True)
class Plan:
    """What an erasure would do, as counts. ``names`` are for this process only: never shown, never written."""

    names: frozenset[Name] = field(repr=False)
    records: int
    files: int
    unsearchable: int
    shared_names: int

    @property
    def texts(self) -> frozenset[str]:
        """The names that stand for the person anywhere."""
        return frozenset(name for name, scope in self.names if not scope)

    def lines(self) -> list[str]:
        """What would happen, in words for the operator."""
        lines = [
            f"{len(self.names)} names; in {self.files} archived files {self.records} records are left out, and the"
            " names taken out of others' records; warehouse, operations and Dagster's records are made anew;"
            " decisions on seats stay without whom they were on"
        ]
        if self.unsearchable:
            lines.append(f"{self.unsearchable} archived files cannot be searched (pictures, PDFs …) and are destroyed")
        if self.shared_names:
            lines.append(f"{self.shared_names} names that others have, too, are not looked for")
        return lines


@dataclass(frozen=True)
class Erased:
    """What an erasure did, and its proof. ``requested``: the day it was asked for.

    ``landing``: files of the landing folder that still hold the person; ``elsewhere``: how many behind URLs may.
    ``backup``: the last that was made, which still has the person. ``earlier``: erasures that had broken off before and
    were finished with it.
    """

    cleansed: Cleansed
    residue: Residue
    landing: tuple[str, ...]
    elsewhere: int
    shared_names: int
    requested: date
    is_rebuilt: bool
    backup: LastBackup | None = None
    earlier: tuple[Erased, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of what is kept, and everything is built anew."""
        return self.is_rebuilt and not self.residue.found

    def lines(self) -> list[str]:
        """What happened, in words for the operator."""
        done, proof = self.cleansed, self.residue
        lines = [
            f"{done.records} records left out, {done.replaced} archived files replaced, {done.destroyed} destroyed",
            f"searched {proof.files} files for {proof.searched} names in every encoding: found in {len(proof.found)}",
        ]
        if proof.whole_cells_only:
            lines.append(
                f"{proof.whole_cells_only} names too short or numeric: searched as whole cells of persons' columns"
            )
        lines += [f"error: {path} still names the person: edit or remove it, and erase again" for path in proof.found]
        if not self.is_rebuilt:
            lines.append("error: not everything could be built anew; the next `fellowship run` finishes the erasure")
        lines += [
            f"warning: {path} still holds the person: delete it, or erase with --landing" for path in self.landing
        ]
        if self.elsewhere:
            lines.append(
                f"warning: files behind URLs that may still hold the person: {self.elsewhere}: delete them there"
            )
        if self.backup:
            lines.append(
                f"warning: backups in {self.backup.place} still hold the person; each is removed by the backup after"
                f" {self.backup.keep_days} days, and a restore of one has the person erased again"
            )
        return lines

    def notice(self, language: str) -> str:
        """What the person may be told today, by what is left; no personal data, no name of a file."""
        kept = self.backup.keep_days if self.backup else 0
        left = Remains(len(self.landing), self.elsewhere, kept, self.residue.whole_cells_only, self.shared_names)
        return notice(language, self.requested, _today(), left)


_Search = Callable[[Path, Iterable[Path]], Residue]
"""Searches a place, but what is to be left out, for the names of one erasure."""


def plan(home: Home, program: Program, member: str) -> Plan:
    """Who ``member`` (a member id, an alias, an e-mail address) is, by all names, and what would go.

    Raises UserError where that is nobody, or not one person.
    """
    key = read_or_make_key()
    known = tombstones.load(home)
    state = Ledger(home.ledger).state()
    is_known = bool(known.stones) and known.sieve().is_name(member)
    names, shared = ({(member.strip(), "")}, 0) if is_known else _names(home, program, state, member)
    while True:
        found = search(home, program, state, sieve(key, (tombstone(key, *name) for name in names)))
        if found.names <= names:
            break
        names |= found.names
    theirs = [one for one in found.traces.values() if one.records or one.is_mentioned]
    is_decided_on = any(fold(one.member_id or "") == fold(member) for one in decisions.load(home).issued)
    if not (found.is_anybody or is_known or is_decided_on):
        raise UserError(
            f"'{member}' is nobody here: expected a member id, an alias or an e-mail address as files have it"
        )
    return Plan(
        frozenset(names),
        sum(one.records for one in theirs),
        len(theirs),
        sum(not one.is_searchable for one in found.traces.values()),
        shared,
    )


def erase(
    home: Home,
    program: Program,
    planned: Plan,
    rebuild: Callable[[], bool],
    *,
    landing: bool = False,
    requested: date | None = None,
) -> Erased:
    """Erases; the caller holds the home's lock.

    ``rebuild`` makes the warehouse and everything after it anew; where it says False, the next run finishes.
    ``landing``: files in the landing folder that were taken in are destroyed, too. ``requested``: today, where it is
    not said. Erasures that broke off before are finished with it.
    """
    key = read_or_make_key()
    stones = tombstones.load(home).with_further([tombstone(key, *name) for name in planned.names])
    id_ = tombstones.begin(home, stones, requested or _today(), landing=landing, shared=planned.shared_names)
    cleansed = resume(home, program) or Cleansed()

    def by_name(place: Path, leave_out: Iterable[Path]) -> Residue:
        return residue(place, planned.texts, leave_out)

    if rebuild():
        ended = finish(home, cleansed, {id_: by_name})
        return replace(ended.pop(id_), earlier=tuple(ended.values()))
    asked = next(one for one in tombstones.load(home).pending if one.id == id_)
    return _proven(home, asked, by_name, cleansed, is_rebuilt=False)


def resume(home: Home, program: Program, *, in_dagster: bool = False) -> Cleansed | None:
    """Takes erasures that have begun up to where everything is to be built anew; None where there are none.

    ``in_dagster``: for a run that writes Dagster's records meanwhile, which stay for the next run that does not.
    """
    pending = tombstones.load(home).pending
    is_built = all(one.is_built for one in pending)
    if not pending or (is_built and in_dagster):
        return None
    cleansed = Cleansed()
    if not is_built:
        cleansed = cleanse(home, program, strictly=True)
        parts = [] if program.engine == "duckdb" else [program.engine.spark.folder(home)]
        for folder in (home.warehouse.parent, home.operations, *parts):
            destroy_tree(folder)
        for copy in copies(home):
            destroy_tree(copy) if copy.is_dir() and not copy.is_symlink() else destroy(copy)
    if not in_dagster:
        destroy_tree(home.dagster)
    return cleansed


def finish_in_dagster(home: Home) -> None:
    """Enters that a run of Dagster's own built and published everything anew; what it cannot do is the next run's."""
    _clear(home)
    for one in tombstones.load(home).pending:
        tombstones.built(home, one.id)


def finish(home: Home, cleansed: Cleansed, searches: Mapping[str, _Search] = MappingProxyType({})) -> dict[str, Erased]:
    """Ends the erasures that were resumed, after everything was built and published anew; by id, each with its proof.

    ``searches``: how to search for the names of those whose names are known; of others the keyed hashes are.
    """
    _clear(home)
    pending = tombstones.load(home).pending
    ended = {
        one.id: _proven(home, one, searches.get(one.id) or partial(_by_hash, one), cleansed, is_rebuilt=True)
        for one in pending
    }
    for one in pending:
        tombstones.end(home, one.id)
    return ended


def _today() -> date:
    return clock.now().astimezone().date()


def _clear(home: Home) -> None:
    """Destroys what was published before, and what is remembered of files."""
    kept = {home.release.resolve(), (home.published / HISTORY).resolve()}
    for folder in home.published.glob("*/"):
        if folder.resolve() not in kept:
            destroy_tree(folder)
    destroy(Looks(home).path)


def _by_hash(one: Erasure, place: Path, leave_out: Iterable[Path]) -> Residue:
    return keyed_residue(place, read_key(), one.stones, leave_out)


def _proven(home: Home, one: Erasure, search: _Search, cleansed: Cleansed, *, is_rebuilt: bool) -> Erased:
    """What an erasure came to, and what is left where; destroys files in the landing folder where that was asked."""
    for begun in list(home.landing.rglob(f"*{GOING}")):
        if not begun.is_dir():
            destroy(begun)
    state = Ledger(home.ledger).state()
    gone = {c.sha256 for c in state.contents.values() if c.decision == "erased"}
    changed = {c.sha256 for c in state.contents.values() if c.cleansed}
    cannot_be_told = gone | (changed if any(stone.looked_for == "cell" for stone in one.stones) else set())
    named = {*search(home.landing, ()).found, *_by_hash(one, home.landing, ()).found}
    left = _in_landing(home, cannot_be_told, named)
    if one.landing:
        for path in [path for path, sha256 in left.items() if sha256 in state.contents]:
            file = home.path / path
            destroy(file.rename(file.with_name(f"{file.name[:NAME]}{GOING}")))
            del left[path]
    elsewhere = sum(is_url(path) and sha256 in gone | changed for path, sha256 in state.latest.items())
    proof = search(home.path, [home.landing])
    backup = last_backup(home)
    return Erased(cleansed, proof, tuple(left), elsewhere, one.shared, one.requested, is_rebuilt, backup)


def _names(home: Home, program: Program, state: LedgerState, asked: str) -> tuple[set[Name], int]:
    """All names of the one person that ``asked`` means, and how many they share with others and so keep out."""
    people, asked = who_is_who(home, program, state), asked.strip()
    rules: tuple[Callable[[str, str, str], bool], ...] = (
        lambda member, kind, name: member == asked,
        lambda member, kind, name: kind not in ROSTER and name == asked,
        lambda member, kind, name: kind == "email" and fold(name) == fold(asked),
    )
    for rule in rules:
        meant = {member for member, names in people.items() if any(rule(member, *name) for name in names)}
        if len(meant) > 1:
            raise UserError(f"'{asked}' is a name of {len(meant)} members: give the member id of the one to erase")
        if meant:
            (member,) = meant
            theirs = {name for _, name in people.pop(member)}
            others = {fold(name) for names in people.values() for _, name in names}
            if fold(member) in others:
                raise UserError(f"the member id '{member}' is a name of another member, too: mend the roster first")
            own = {name for name in theirs if fold(name) not in others}
            return {(name, "") for name in own}, len(theirs) - len(own)
    if any(fold(name) == fold(asked) for names in people.values() for _, name in names):
        raise UserError(f"'{asked}' is how a member is called, not who it is: give a member id, an alias or an e-mail")
    return {(asked, "")}, 0


def _in_landing(home: Home, gone: Collection[str], named: Collection[str]) -> dict[str, str]:
    """Files of the landing folder that hold a person, with their SHA-256, by path.

    ``gone``: contents that hold them, as far as can be told; ``named``: files that were found to have a name.
    """
    found = {}
    for path in sorted(home.landing.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 in gone or path.relative_to(home.landing).as_posix() in named:
                found[path.relative_to(home.path).as_posix()] = sha256
    return found
