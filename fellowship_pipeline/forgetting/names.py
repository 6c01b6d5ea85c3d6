"""A person's names in texts: how they are compared, and where one stands as a word of its own.

Belongs here: folding, word bounds, finding names of which only keyed hashes are known. Does not belong here: whose
names they are (``persons``), keeping the hashes (``tombstones``).
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

As = Literal["text", "number", "cell"]
"""How a name may be looked for: anywhere in a text; the same, being digits; only as the whole of a person's cell."""

SHORTEST, SHORTEST_HANGUL, SHORTEST_NUMBER = 4, 3, 9
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"[^\W가-힣](?:[._%+\-@]*[^\W가-힣])*|[가-힣]")
"""A word that a name has to fill: e-mail addresses and handles are one; each Hangul syllable is one (particles)."""


def fold(text: str) -> str:
    """A name as it is compared: NFKC, case-folded, nothing invisible, white space collapsed."""
    return " ".join(_folded(text).split())


def looked_for(name: str) -> As:
    """How a folded name may be looked for without finding what is none."""
    if not any(letter.isalpha() for letter in name):
        return "number" if sum(letter.isdigit() for letter in name) >= SHORTEST_NUMBER else "cell"
    shortest = SHORTEST_HANGUL if _HANGUL.search(name) else SHORTEST
    return "text" if len(name) >= shortest else "cell"


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_INVISIBLE)


def _words(folded: str) -> Iterator[tuple[int, int]]:
    return (word.span() for word in _WORD.finditer(folded))


@dataclass
class Sieve:
    """Finds names by their keyed hashes. ``whole``: of names that fill a cell; ``inside``: by length, in any text."""

    key: bytes = field(repr=False)
    whole: frozenset[str]
    inside: frozenset[str]
    lengths: frozenset[int]
    has_numbers: bool
    _seen: dict[str, bool] = field(default_factory=dict, repr=False)

    def is_name(self, text: str, scope: str = "") -> bool:
        """Whether the whole text is one of the names (of ``scope``: of that platform's column)."""
        name = fold(text)
        return name != "" and digest(self.key, name, scope) in self.whole

    def is_distinctive(self, text: str) -> bool:
        """Whether the whole text is a name that is looked for anywhere."""
        return self._is_inside(fold(text))

    def mentions(self, text: str) -> bool:
        """Whether a distinctive name stands in the text as a word or words of its own."""
        return next(self._spans(_folded(text)), None) is not None

    def without(self, text: str, put: str = "") -> str:
        """The text with ``put`` for each name mentioned in it; for all of it where their places are not sure."""
        if not self.mentions(text):
            return text
        composed = unicodedata.normalize("NFC", text)
        letters = [_folded(letter) for letter in composed]
        places = [at for at, folded in enumerate(letters) for _ in folded]
        left, done = "", 0
        for start, stop in sorted(self._spans("".join(letters))):
            left += composed[done : places[start]] + put if places[start] >= done else ""
            done = max(done, places[stop - 1] + 1)
        left += composed[done:]
        return put if self.mentions(left) else left

    def _spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Places of names in folded text."""
        words = list(_words(folded))
        stops = {stop for _, stop in words}
        for start, _ in words:
            for length in self.lengths:
                if start + length in stops and self._is_inside(folded[start : start + length]):
                    yield start, start + length

    def _is_inside(self, name: str) -> bool:
        if len(name) not in self.lengths:
            return False
        known = self._seen.get(name)
        if known is None:
            known = self._seen[name] = digest(self.key, name) in self.inside
        return known


def digest(key: bytes, name: str, scope: str = "") -> str:
    """The keyed hash of a folded name: HMAC-SHA-256, hex."""
    return hmac.digest(key, f"{scope}\x1f{name}".encode(), "sha256").hex()


@dataclass(frozen=True)
class Tombstone:
    """What is kept of an erased name: its keyed hash and, so that it can be found in a text, its length."""

    hmac: str
    length: int
    looked_for: As


def tombstone(key: bytes, text: str, scope: str = "") -> Tombstone:
    """That of a name as written; ``scope``: the platform's column that it is an id in."""
    name = fold(text)
    return Tombstone(digest(key, name, scope), len(name), "cell" if scope else looked_for(name))


def sieve(key: bytes, stones: Iterable[Tombstone]) -> Sieve:
    """Finds the names of those tombstones."""
    stones = list(stones)
    inside = [stone for stone in stones if stone.looked_for != "cell"]
    return Sieve(
        key,
        frozenset(stone.hmac for stone in stones),
        frozenset(stone.hmac for stone in inside),
        frozenset(stone.length for stone in inside),
        any(stone.looked_for == "number" for stone in inside),
    )
