"""``tombstones.jsonl``: keyed hashes of erased names, and which erasures have begun and ended. Append-only.

Belongs here: writing and reading it. Does not belong here: finding names (``names``), erasing (``erasure``).
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Any

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting.key import key_file, read_key, read_or_make_key
from fellowship_pipeline.forgetting.names import Sieve, Tombstone, digest, sieve
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.ledger import Ledger


@dataclass(frozen=True)
class Erasure:
    """An erasure that has begun, and ended or not. ``stones``: of the names it began with, and of those learned since.

    ``landing``: whether files in the landing folder go, too; ``shared``: how many names of theirs others have, too;
    ``is_built``: whether everything is built and published anew, and only Dagster's records and the proof are to do.
    """

    id: str
    requested: date
    landing: bool
    shared: int
    stones: tuple[Tombstone, ...]
    is_built: bool = False


@dataclass(frozen=True)
class Tombstones:
    """What the file says: all hashes, the erasures that have begun and not ended, and those that have ended."""

    stones: tuple[Tombstone, ...] = ()
    pending: tuple[Erasure, ...] = ()
    ended: tuple[Erasure, ...] = ()
    fingerprint: str | None = None

    def with_further(self, stones: Collection[Tombstone]) -> tuple[Tombstone, ...]:
        """Those, and of erasures that had one of them all others: the person's further names, erased before."""
        asked = set(stones)
        further = (one.stones for one in (*self.ended, *self.pending) if asked.intersection(one.stones))
        return tuple(dict.fromkeys(chain(stones, *further)))

    def sieve(self, stones: Iterable[Tombstone] | None = None) -> Sieve:
        """Finds the erased names (or those of ``stones``); UserError where the key is not the one of their hashes."""
        key = read_key()
        if self.fingerprint not in (None, _fingerprint(key)):
            raise UserError(f"the pseudonym key {key_file()} is not that of this home's tombstones: restore that one")
        return sieve(key, self.stones if stones is None else stones)


def load(home: Home) -> Tombstones:
    """What the home's file says; nothing where there is none."""
    stones: dict[str, Tombstone] = {}
    pending: dict[str, Erasure] = {}
    ended: list[Erasure] = []
    fingerprint = None
    for event in Ledger(home.tombstones).events():
        named = {name["hmac"]: Tombstone(**name) for name in event.get("names", ())}
        stones |= named
        fingerprint = event.get("key", fingerprint)
        match event["event"]:
            case "erasing":
                pending[event["erasure"]] = _begun(event, tuple(named.values()))
            case "learned":
                learned = tuple(named.values())
                pending = {id_: replace(one, stones=one.stones + learned) for id_, one in pending.items()}
                ended = [replace(one, stones=one.stones + learned) for one in ended]
            case "built" if event["erasure"] in pending:
                pending[event["erasure"]] = replace(pending[event["erasure"]], is_built=True)
            case "erased" if event["erasure"] in pending:
                ended.append(pending.pop(event["erasure"]))
    return Tombstones(tuple(stones.values()), tuple(pending.values()), tuple(ended), fingerprint)


def begin(home: Home, stones: Iterable[Tombstone], requested: date, *, landing: bool = False, shared: int = 0) -> str:
    """Enters an erasure of those names; from here on it is finished, whatever happens. Returns its id."""
    erasure = secrets.token_hex(4)
    event = {
        "event": "erasing",
        "erasure": erasure,
        "key": _fingerprint(read_or_make_key()),
        "requested": requested.isoformat(),
        "landing": landing,
        "shared": shared,
    }
    _append(home, event, stones)
    return erasure


def learn(home: Home, stones: Iterable[Tombstone]) -> None:
    """Enters further names of erased persons."""
    _append(home, {"event": "learned"}, stones)


def built(home: Home, erasure: str) -> None:
    """Enters that all of an erasure is done but Dagster's records and the proof."""
    _append(home, {"event": "built", "erasure": erasure}, ())


def end(home: Home, erasure: str) -> None:
    """Enters that an erasure is done."""
    _append(home, {"event": "erased", "erasure": erasure}, ())


def _begun(event: dict[str, Any], stones: tuple[Tombstone, ...]) -> Erasure:
    requested = date.fromisoformat(event.get("requested") or datetime.fromisoformat(event["at"]).date().isoformat())
    return Erasure(event["erasure"], requested, event.get("landing", False), event.get("shared", 0), stones)


def _append(home: Home, event: dict[str, Any], stones: Iterable[Tombstone]) -> None:
    names = sorted((dataclasses.asdict(stone) for stone in stones), key=lambda name: str(name["hmac"]))
    entered = {**event, "names": names} if names else event
    Ledger(home.tombstones).append([entered], is_clock_right=True)  # the ledger is the one whose times tell


def _fingerprint(key: bytes) -> str:
    return digest(key, "", "fingerprint")
