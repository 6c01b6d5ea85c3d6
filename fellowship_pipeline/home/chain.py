"""Append-only files of JSON lines, of which no line can be taken, added or changed unseen.

Every line ends with the hash of the one before; the first one says the chain's id. Where the chain ends is remembered
in state/, so that a cut at its end shows, too. Belongs here: writing such files, and telling what is wrong with one.
Does not belong here: what lines say (``ledger``, ``tombstones``), what is done about a fault (``health``).
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home.durable import sync, write_durably
from fellowship_pipeline.home.memory import recall, remember

BEGUN = "begun"
"""The event of a chain's first line."""

LINK = "before"
"""The key of the hash of the line before; '' in the first line."""

ANOTHER = "that of another home"
"""The fault of a chain whose id is not the one that is remembered."""

_LINK = re.compile(rb'"before": "([0-9a-f]{64})?"\}$')


@dataclass(frozen=True)
class Head:
    """Where a chain ends: its id, its number of lines, the hash of the last one."""

    chain: str
    lines: int
    hash: str


class Chain:
    """One such file. Every append is on the disk before it returns; the caller holds the home's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.memory = path.parent / "state" / f"{path.stem}.head.json"

    def append(self, lines: Iterable[Mapping[str, Any]], at: str) -> None:
        """Adds lines, and before the first one that of the chain itself, with the time ``at``.

        Raises UserError where the file does not end as it is remembered.
        """
        lines = list(lines)
        if self.is_older_form() and not self.remembered():
            self.rewrite(self.read())
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            head = self._end(file)
            if head is None:
                head, lines = Head(secrets.token_hex(8), 0, ""), [{"at": at, "event": BEGUN}, *lines]
            data, head = _linked(lines, head)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if head.lines == len(lines):
            sync(self.path.parent)
        self._remember(head)

    def read(self) -> list[dict[str, Any]]:
        """All lines, without their links and a last one that was never finished; UserError where one is no JSON."""
        found = []
        for number, line in enumerate(_whole_lines(self._bytes()), start=1):
            try:
                event: dict[str, Any] = json.loads(line)
            except ValueError:
                raise UserError(f"{self.path.name} line {number}: damaged; restore it from a copy") from None
            event.pop(LINK, None)
            found.append(event)
        return found

    def last(self) -> dict[str, Any] | None:
        """The last line; None where there is none, or it is no JSON."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            _, line = _tail(file)
        try:
            return dict(json.loads(line)) if line else None
        except ValueError:
            return None

    def rewrite(self, lines: Iterable[Mapping[str, Any]], put: Callable[[Path, bytes], None] | None = None) -> None:
        """Puts other lines in the place of all, linked anew, in one step; the chain keeps its id.

        ``put`` replaces a file's bytes; as a rule by a rename.
        """
        lines = list(lines)
        first = {"at": next((line["at"] for line in lines), None), "event": BEGUN}
        rest = [line for line in lines if line["event"] != BEGUN]
        data, head = _linked([first, *rest], Head(self.id() or secrets.token_hex(8), 0, ""))
        self._remember(*self.remembered(), head)
        if put is None:
            write_durably(self.path, data.decode())
        else:
            put(self.path, data)
        self._remember(head)

    def has_lines(self) -> bool:
        """Whether a line was ever finished, as far as the file tells."""
        return bool(_whole_lines(self._bytes()))

    def id(self) -> str | None:
        """The chain's id, as its first line says, else as it is remembered; None where nobody does."""
        match = re.search(rb'"chain": "([0-9a-f]{16})"', self._first())
        return match[1].decode() if match else next((head.chain for head in self.remembered()), None)

    def is_older_form(self) -> bool:
        """Whether the file has lines, and the first one no link: it was written before there were any."""
        line = self._first()
        return line.endswith(b"\n") and not _LINK.search(line.rstrip(b"\n")) and LINK not in _keys(line)

    def heads(self) -> list[Head]:
        """Where the chain stood after each line; as far as each follows from the one before."""
        found: list[Head] = []
        chain, before = self.id() or "", ""
        for number, line in enumerate(_whole_lines(self._bytes()), start=1):
            if not line.endswith(_link(before)):
                break
            before = hashlib.sha256(line).hexdigest()
            found.append(Head(chain, number, before))
        return found

    def fault(self, witness: Head | None = None) -> str | None:
        """What is wrong with the file; None where nothing is.

        ``witness``: where the chain once stood, as something else than state/ has it.
        """
        ends = self.remembered() or ([witness] if witness else [])
        most = max((end.lines for end in ends), default=0)
        heads, lines = self.heads(), len(_whole_lines(self._bytes()))
        whole = len(heads)
        if not lines:
            return "gone" if most else None
        if ends and heads and heads[0].chain != ends[0].chain:
            return ANOTHER
        if whole < lines:
            said = "does not follow from the one before: a line was altered, added or taken out"
            is_shorter = lines < most
            return (
                f"{most - lines} lines are gone before line {whole + 1}" if is_shorter else f"line {whole + 1} {said}"
            )
        if ends and not any(end in heads for end in ends):
            is_cut = whole < most
            return (
                f"cut after line {whole} of {most}" if is_cut else f"line {most} is not the one that was written there"
            )
        if witness and witness.chain == heads[0].chain and whole < witness.lines:
            return f"cut after line {whole} of {witness.lines}"
        return None

    def remembered(self) -> list[Head]:
        """Where the chain ended last, as state/ has it; two heads where a rewriting was broken off; none: unknown."""
        said = recall(self.memory) or {}
        try:
            return [Head(str(said["chain"]), int(lines), str(last)) for lines, last in said["heads"]]
        except (ValueError, TypeError, KeyError):
            return []

    def end(self) -> Head | None:
        """Where the chain ends, as far as it holds together; None where it has no line."""
        remembered = self.remembered()
        return remembered[0] if len(remembered) == 1 else next(reversed(self.heads()), None)

    def settle(self) -> None:
        """Remembers where the chain ends now, as a run does that found nothing wrong; takes off what follows."""
        if not (heads := self.heads()):
            return
        if self.remembered() != heads[-1:]:
            self._remember(heads[-1])
        if len(data := self._bytes()) != self.path.stat().st_size:
            os.truncate(self.path, len(data))
            sync(self.path)

    def forget(self) -> None:
        """Drops the memory of a chain that is no more."""
        self.memory.unlink(missing_ok=True)

    def _remember(self, *heads: Head) -> None:
        ends = [[head.lines, head.hash] for head in dict.fromkeys(heads)]
        remember(self.memory, {"chain": heads[-1].chain, "heads": ends})

    def _end(self, file: IO[bytes]) -> Head | None:
        """Goes to the end of the last finished line, takes off what follows; where the chain stands there."""
        end, line = _tail(file)
        last = hashlib.sha256(line).hexdigest()
        known = next((head for head in self.remembered() if end and head.hash == last), None)
        if known is None:
            if (fault := self.fault()) is not None:
                told = f"{self.path.name}: {fault}; nothing is added to it: `fellowship run HOME` says what to do"
                raise UserError(told)
            end = self._bytes().rfind(b"\n") + 1
            known = next(reversed(self.heads()), None)
        file.truncate(end)
        file.seek(end)
        return known

    def _first(self) -> bytes:
        """The first line with its end; empty where there is none."""
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            return file.readline()

    def _bytes(self) -> bytes:
        """What the file has, less an append of which a loss of power left holes: after its last known end, zeros."""
        data = self.path.read_bytes() if self.path.exists() else b""
        before, hole, _ = data.partition(b"\0")
        is_append = hole and before.count(b"\n") >= max((end.lines for end in self.remembered()), default=0)
        return before if is_append else data


def _linked(lines: Iterable[Mapping[str, Any]], head: Head) -> tuple[bytes, Head]:
    """The lines as they stand in the file after that head, and where they lead."""
    number, before, written = head.lines, head.hash, []
    for line in lines:
        named = {**line, "chain": head.chain} if line["event"] == BEGUN else line
        text = json.dumps({**named, LINK: before}).encode()
        number, before = number + 1, hashlib.sha256(text).hexdigest()
        written.append(text + b"\n")
    return b"".join(written), Head(head.chain, number, before)


def _link(before: str) -> bytes:
    return f'"{LINK}": "{before}"}}'.encode()


def _keys(line: bytes) -> set[str]:
    try:
        return set(json.loads(line))
    except (ValueError, TypeError):
        return {LINK}


def _whole_lines(data: bytes) -> list[bytes]:
    return data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]


def _tail(file: IO[bytes]) -> tuple[int, bytes]:
    """Bytes up to the end of the last finished line, and that line without its end; empty where there is none."""
    if not os.fstat(file.fileno()).st_size:
        return 0, b""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        stop = data.rfind(b"\n")
        return stop + 1, data[data.rfind(b"\n", 0, stop) + 1 : stop] if stop > 0 else b""
