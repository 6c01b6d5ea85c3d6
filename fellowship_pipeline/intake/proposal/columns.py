"""Which column of a file is which of a source: by its header, and only where its values fit.

Belongs here: headers exact, known in other words, nearly so, or told by their values alone. Does not belong here: the
words (``words.yaml``), what values are (``content``), questions of surveys (``surveys``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from fellowship_pipeline.contracts import Column, Source
from fellowship_pipeline.intake.proposal.content import INSTANTS as WRITTEN_INSTANTS
from fellowship_pipeline.intake.proposal.content import MOST, ColumnTexts, DeclaredForm
from fellowship_pipeline.intake.proposal.content import NUMBERS as WRITTEN_NUMBERS
from fellowship_pipeline.intake.readers.records import normal

NEAR = 0.85
NEAR_LETTERS = 5
EXACT_WEIGHT, KNOWN_WEIGHT, NEAR_WEIGHT, CONTENT_WEIGHT = 1.0, 0.9, 0.5, 0.4
STEP = 0.005
"""What each place in a list of known names is less sure than the one before."""
MAIL = re.compile("mail|메일|전자우편")
PERSONS = ("member", "applicant")
INSTANTS = ("TIMESTAMP", "DATE")


@dataclass(frozen=True)
class Match:
    """A column of the source, the header it is read from, why, how sure that is, what the entry says of it.

    ``values`` are the file's words by which a closed vocabulary is told.
    """

    column: str
    header: str
    why: str
    weight: float
    settings: Mapping[str, Any]
    note: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def entry(self) -> Any:
        """What stands under ``columns``: the header alone where that is all."""
        return self.settings["from"] if self.settings.keys() == {"from"} else dict(self.settings)


def loose(header: str) -> str:
    """A header as words are compared: ``normal``, and anything but letters and digits a blank."""
    return " ".join(re.sub(r"[\W_]+", " ", normal(header)).split())


@cache
def words() -> dict[str, Any]:
    """``words.yaml``."""
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text only, `no` stays a word
    return loaded


@cache
def spellings(source: str, column: str) -> dict[str, float | None]:
    """Other words for a column, best first, each with what its numbers are multiplied by."""
    listed = [*words().get(source, {}).get(column, []), *words()["every"].get(column, [])]
    found: dict[str, float | None] = {}
    for item in listed:
        options = item if isinstance(item, list | dict) else [item]
        for word in options:
            found.setdefault(loose(word), float(options[word]) if isinstance(options, dict) else None)
    return found


def matches(texts: ColumnTexts, source: Source, *, by_content: bool = False) -> list[Match]:
    """The best match of each column of the source, no header twice; ``by_content``: values alone may decide."""
    matcher = _Matcher(texts, source)
    places = range(len(texts.header))
    found = [match for c in source.columns for at in places for match in matcher.by_header(c, at)]
    chosen = _without_repeats(found, source)
    if by_content:
        there = {match.column for match in chosen}
        missing = [column for column in source.columns if column.required and column.name not in there]
        told = [match for column in missing for at in places for match in matcher.by_content(column, at)]
        chosen = _without_repeats([*chosen, *told], source)
    order = [column.name for column in source.columns]
    return sorted(chosen, key=lambda match: order.index(match.column))


def _without_repeats(found: list[Match], source: Source) -> list[Match]:
    """Of every column and every header the surest match, those of columns that must be there first."""
    chosen: list[Match] = []
    for match in sorted(found, key=lambda match: (match.column not in source.required, -match.weight)):
        if not any(match.column == other.column or match.header == other.header for other in chosen):
            chosen.append(match)
    return chosen


@dataclass(frozen=True)
class _Matcher:
    texts: ColumnTexts
    source: Source

    def by_header(self, column: Column, at: int) -> Iterator[Match]:
        """The match of a column and a header, where that is one and the values fit."""
        header = self.texts.header[at]
        known = spellings(self.source.name, column.name)
        word, times = loose(header), None
        close = difflib.get_close_matches(word, [loose(column.name), *known], n=1, cutoff=NEAR)
        if word == loose(column.name):
            why, weight = "the same name", EXACT_WEIGHT
        elif word in known:
            why, weight, times = "a known name of it", KNOWN_WEIGHT - STEP * list(known).index(word), known[word]
        elif close and len(word) >= NEAR_LETTERS:
            why, weight, times = f"nearly '{close[0]}'", NEAR_WEIGHT, known.get(close[0])
        else:
            return
        if not self.texts.filled(at):
            weight, why = weight / 2, why + "; it has no values"
            if column.required or weight == EXACT_WEIGHT / 2:
                yield Match(column.name, header, why, weight, self._settings(at, times))
        elif column.name not in PERSONS or weight == EXACT_WEIGHT or not MAIL.search(word):
            yield from self._fitting(column, at, why, weight, times)
        elif self.texts.are_emails(at):
            yield Match(column.name, header, why + ", and it holds e-mail addresses", weight, self._settings(at, None))

    def by_content(self, column: Column, at: int) -> Iterator[Match]:
        """A match by values alone: e-mail addresses, instants and closed vocabularies tell what a column is."""
        header = self.texts.name(at)
        if column.name in PERSONS and self.texts.are_emails(at):
            yield Match(column.name, header, "it holds e-mail addresses", CONTENT_WEIGHT, self._settings(at, None))
        elif (column.type in INSTANTS or column.values) and self.texts.filled(at):
            yield from self._fitting(column, at, "its values fit", CONTENT_WEIGHT, None)

    def _fitting(self, column: Column, at: int, why: str, weight: float, times: float | None) -> Iterator[Match]:
        """The match, where the values keep the column's rule, as they are or in a form that the entry can declare."""
        header = self.texts.name(at)
        settings = self._settings(at, times)
        if self.texts.fit(at, self.source, column.name):
            yield Match(column.name, header, why, weight, settings)
        elif forms := self.texts.forms(at, _possible(column)):
            first, *others = (", ".join(f"{key}: {value}" for key, value in form.items()) for form in forms)
            note = (
                f"{column.name}: '{header}' fits {first}, but {' and '.join(others)} as well: ask whoever made the file"
            )
            why += f", and its values are written with {first}"
            yield Match(column.name, header, why, weight, {**settings, **forms[0]}, note if others else None)
        elif column.values and (said := self._translated(column, at)):
            yield Match(column.name, header, why + ", and its words are known", weight, settings, values=said)

    def _settings(self, at: int, times: float | None) -> dict[str, Any]:
        """From where it is read: by its place, where its header is none or not its alone."""
        said = self.texts.asked(at)
        return said if times is None else {**said, "times": times}

    def _translated(self, column: Column, at: int) -> dict[str, str]:
        """What the column's words mean; empty where too few are known."""
        meanings = {loose(word): meaning for word, meaning in words()["values"].get(column.name, {}).items()}
        meanings = {word: meaning for word, meaning in meanings.items() if meaning in column.values}
        meanings |= {value: value for value in column.values}
        if self.texts.share(at, lambda text: loose(text) in meanings) < MOST:
            return {}
        said = {text: meanings[loose(text)] for text in self.texts.columns[at] if loose(text) in meanings}
        return {text: meaning for text, meaning in said.items() if text != meaning}


def _possible(column: Column) -> Sequence[DeclaredForm]:
    """The forms that an entry can declare for values of the column."""
    if column.type in INSTANTS:
        return WRITTEN_INSTANTS
    return () if column.type in ("VARCHAR", "BOOLEAN") else WRITTEN_NUMBERS
