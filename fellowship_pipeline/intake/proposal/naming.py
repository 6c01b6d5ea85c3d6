"""What headers mean: the words of ``words.yaml``, and how headers are compared with them.

Belongs here: a header alone, without its values. Does not belong here: which column of a file is which of a source
(``columns``).
"""

from __future__ import annotations

import math
import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

from fellowship_pipeline.contracts import SOURCES
from fellowship_pipeline.intake.readers.records import normal

MAIL = re.compile("mail|메일|전자우편")
QUALIFIED = re.compile(r"(.*\S)\s*[(\[][^()\[\]]*[)\]]\s*")
"""A header and what stands in brackets behind it: a unit, a zone, a scale."""

E_MAIL = re.compile(r"\be mail\b")

FEW_LETTERS = 2

TELLING = 3
"""A word that no more sources know tells which of them a file is of."""


def loose(header: str) -> str:
    """A header as words are compared: ``normal``, anything but letters and digits a blank, and an e-mail one word."""
    return E_MAIL.sub("email", " ".join(re.sub(r"[\W_]+", " ", normal(header)).split()))


def bare(header: str) -> str:
    """The same without what stands in brackets behind it."""
    parts = QUALIFIED.fullmatch(header)
    return loose(parts[1] if parts else header)


@cache
def words() -> dict[str, Any]:
    """``words.yaml``."""
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text only, `no` stays a word
    return loaded


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list of ``words.yaml``, as they are compared."""
    return frozenset(loose(word) for word in words()[name])


@cache
def spellings(source: str, column: str) -> dict[str, float | int | None]:
    """Other words for a column, best first, each with what its numbers are multiplied by."""
    named = [*words().get(source, {}).get(column, []), *words()["every"].get(column, [])]
    found: dict[str, float | int | None] = {}
    for item in named:
        options = item if isinstance(item, list | dict) else [item]
        for word in options:
            found.setdefault(loose(word), _factor(options[word]) if isinstance(options, dict) else None)
    return found


@cache
def knowing(word: str) -> frozenset[str]:
    """The sources that have a column of that name, or under that word."""
    return frozenset(
        source.name
        for source in SOURCES
        if any(word == loose(one.name) or word in spellings(source.name, one.name) for one in source.columns)
    )


def rarity(word: str, source: str) -> float:
    """How much a word tells of the source: the less, the more sources know it."""
    return math.sqrt(1 / len(knowing(word) | {source}))


def is_telling(word: str, source: str) -> bool:
    """Whether hardly another source than this one knows the word."""
    return len(knowing(word) | {source}) <= TELLING


def says_nothing(header: str) -> bool:
    """Whether a header is none: empty, a letter, a number, a place."""
    return len(loose(header)) <= FEW_LETTERS or loose(header).rstrip("0123456789 ") in listed("no_headers")


def is_others(header: str) -> bool:
    """Whether it tells of who teaches, hosts or administers, not of the member."""
    return bool(set(loose(header).split()) & listed("others"))


def minutes_each(header: str) -> float | int | None:
    """What a length of time under the header is in minutes, by the unit in it; 1 without one, None: it is none."""
    parts = loose(header).split()
    units = {loose(word): _factor(factor) for word, factor in words()["units"].items()}
    said = [units[part] for part in parts if part in units]
    if not set(parts) <= units.keys() | listed("lengths") | listed("length") or len(set(said)) > 1:
        return None
    if not set(parts) & (units.keys() | listed("length")):
        return None
    return said[0] if said else 1


def _factor(text: str) -> float | int:
    return int(text) if text.isdigit() else float(text)
