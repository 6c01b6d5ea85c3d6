"""``tombstones.jsonl``: keyed hashes of erased names, and which erasures have begun and ended. Append-only.

Belongs here: writing and reading it. Does not belong here: finding names (``names``), erasing (``erasure``).
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting.key import key_file, read_key, read_or_make_key
from fellowship_pipeline.forgetting.names import Sieve, Tombstone, digest, sieve
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.ledger import Ledger


@dataclass(frozen=True)
class Tombstones:
    """What the file says: all hashes, and the erasures that have begun and not ended."""

    stones: tuple[Tombstone, ...] = ()
    pending: tuple[str, ...] = ()
    fingerprint: str | None = None

    def sieve(self) -> Sieve:
        """Finds the erased names; raises UserError where the key is not the one that they were hashed with."""
        key = read_key()
        if self.fingerprint not in (None, _fingerprint(key)):
            raise UserError(f"the pseudonym key {key_file()} is not that of this home's tombstones: restore that one")
        return sieve(key, self.stones)


def load(home: Home) -> Tombstones:
    """What the home's file says; nothing where there is none."""
    stones: dict[str, Tombstone] = {}
    pending: list[str] = []
    fingerprint = None
    for event in Ledger(home.tombstones).events():
        stones |= {name["hmac"]: Tombstone(**name) for name in event.get("names", ())}
        fingerprint = event.get("key", fingerprint)
        if event["event"] == "erasing":
            pending.append(event["erasure"])
        elif event["event"] == "erased" and event["erasure"] in pending:
            pending.remove(event["erasure"])
    return Tombstones(tuple(stones.values()), tuple(pending), fingerprint)


def begin(home: Home, stones: Iterable[Tombstone]) -> str:
    """Enters an erasure of those names; from here on it is finished, whatever happens. Returns its id."""
    erasure = secrets.token_hex(4)
    _append(home, {"event": "erasing", "erasure": erasure, "key": _fingerprint(read_or_make_key())}, stones)
    return erasure


def learn(home: Home, stones: Iterable[Tombstone]) -> None:
    """Enters further names of erased persons."""
    _append(home, {"event": "learned"}, stones)


def end(home: Home, erasure: str) -> None:
    """Enters that an erasure is done."""
    _append(home, {"event": "erased", "erasure": erasure}, ())


def _append(home: Home, event: dict[str, str], stones: Iterable[Tombstone]) -> None:
    names = sorted((dataclasses.asdict(stone) for stone in stones), key=lambda name: str(name["hmac"]))
    Ledger(home.tombstones).append([{**event, "names": names} if names else event])


def _fingerprint(key: bytes) -> str:
    return digest(key, "", "fingerprint")
