"""A person erased: from names to proof, resumable at every step.

First the keyed hashes of the names are on the disk (``tombstones``); everything after follows from them, so that a run
finishes what a crash left. Belongs here: who is meant, the order of the steps, what is said about it. Does not belong
here: finding (``search``), the archive (``cleansing``), proof (``residue``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.forgetting.cleansing import Cleansed, cleanse
from fellowship_pipeline.forgetting.destruction import destroy, destroy_tree
from fellowship_pipeline.forgetting.key import read_or_make_key
from fellowship_pipeline.forgetting.names import fold, sieve, tombstone
from fellowship_pipeline.forgetting.residue import Residue, residue
from fellowship_pipeline.forgetting.retention import HISTORY
from fellowship_pipeline.forgetting.search import ROSTER, Name, search, who_is_who
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.intake.landing.ledger import Ledger, LedgerState
from fellowship_pipeline.intake.landing.looks import Looks

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program

NOTICE = {
    "ko": "{requested}에 요청하신 개인정보 삭제를 {done}에 마쳤습니다. 저희가 처리하던 원본 파일, 작업 데이터, 기록에서"
    " 귀하의 정보를 모두 지웠고 남은 것이 없음을 확인했습니다. 이전 파일이 다시 들어와도 귀하의 정보는 저장하지"
    " 않습니다.",
    "en": "Your request of {requested} to erase your personal data was completed on {done}. Your data were removed from"
    " the original files, the working data and the records that we process, and we checked that nothing is left. If an"
    " older file arrives again, your data in it will not be stored.",
}


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
            " names taken out of others' records; warehouse, operations and Dagster's records are made anew"
        ]
        if self.unsearchable:
            lines.append(f"{self.unsearchable} archived files cannot be searched (pictures, PDFs …) and are destroyed")
        if self.shared_names:
            lines.append(f"{self.shared_names} names that others have, too, are not looked for")
        return lines


@dataclass(frozen=True)
class Erased:
    """What an erasure did. ``landing``: files of the landing folder that still hold the person."""

    cleansed: Cleansed
    residue: Residue
    landing: tuple[str, ...]
    is_rebuilt: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left, and everything is built anew."""
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
        return lines


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
    if not found.is_anybody and not is_known:
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


def erase(home: Home, program: Program, planned: Plan, rebuild: Callable[[], bool], *, landing: bool = False) -> Erased:
    """Erases; the caller holds the home's lock.

    ``rebuild`` makes the warehouse and everything after it anew; where it says False, the next run finishes.
    ``landing``: files in the landing folder that were taken in are destroyed, too.
    """
    key = read_or_make_key()
    tombstones.begin(home, (tombstone(key, *name) for name in planned.names))
    cleansed = resume(home, program) or Cleansed()
    left = _in_landing(home, planned)
    if landing:
        known = Ledger(home.ledger).state().contents
        for path in [path for path, sha256 in left.items() if sha256 in known]:
            destroy(home.path / path)
            del left[path]
    if is_rebuilt := rebuild():
        finish(home)
    return Erased(cleansed, residue(home.path, planned.texts, [home.landing]), tuple(left), is_rebuilt)


def resume(home: Home, program: Program) -> Cleansed | None:
    """Takes erasures that have begun up to where everything is to be built anew; None where there are none."""
    if not tombstones.load(home).pending:
        return None
    cleansed = cleanse(home, program, strictly=True)
    for folder in (home.warehouse.parent, home.operations, home.dagster):
        destroy_tree(folder)
    return cleansed


def finish(home: Home) -> None:
    """Ends the erasures that were resumed, after everything was built and published anew."""
    kept = {home.release.resolve(), (home.published / HISTORY).resolve()}
    for folder in home.published.glob("*/"):
        if folder.resolve() not in kept:
            destroy_tree(folder)
    destroy(Looks(home).path)
    for erasure in tombstones.load(home).pending:
        tombstones.end(home, erasure)


def notice(language: str, requested: date | None = None) -> str:
    """What the person may be told today; no personal data. ``requested``: today, where it is not said."""
    today = clock.now().astimezone().date()
    return NOTICE[language].format(requested=requested or today, done=today)


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


def _in_landing(home: Home, planned: Plan) -> dict[str, str]:
    """Files of the landing folder that hold the person, with their SHA-256, by path."""
    gone = {c.sha256 for c in Ledger(home.ledger).state().contents.values() if c.cleansed or c.decision == "erased"}
    named = set(residue(home.landing, planned.texts).found)
    found = {}
    for path in sorted(home.landing.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 in gone or path.relative_to(home.landing).as_posix() in named:
                found[path.relative_to(home.path).as_posix()] = sha256
    return found
