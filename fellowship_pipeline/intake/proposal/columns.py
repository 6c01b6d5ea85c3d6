"""Which column of a file is which of a source: by its header, and only where its values fit.

Belongs here: headers exact, known in other words, nearly so, or told by their values alone. Does not belong here: what
headers mean (``naming``, ``words.yaml``), what values are (``content``), questions of surveys (``surveys``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from fellowship_pipeline.contracts import Column, Source
from fellowship_pipeline.intake.proposal.content import INSTANTS as WRITTEN_INSTANTS
from fellowship_pipeline.intake.proposal.content import MOST, ColumnTexts, DeclaredForm
from fellowship_pipeline.intake.proposal.content import NUMBERS as WRITTEN_NUMBERS
from fellowship_pipeline.intake.proposal.naming import (
    MAIL,
    bare,
    is_others,
    is_telling,
    knowing,
    loose,
    minutes_each,
    rarity,
    says_nothing,
    spellings,
    words,
)
from fellowship_pipeline.intake.readers.durations import UNCLEAR, is_unclear, minutes
from fellowship_pipeline.intake.rules import KNOWN_WORDS

NEAR = 0.85
NEAR_LETTERS = 5
EXACT_WEIGHT, KNOWN_WEIGHT, KIND_WEIGHT, NEAR_WEIGHT, CONTENT_WEIGHT = 1.0, 0.9, 0.6, 0.5, 0.4
STEP = 0.005
"""What each place in a list of known names is less sure than the one before."""
FEWEST_KNOWN = 0.5
"""The share of a vocabulary's cells whose words must be known, for the other words to be asked about."""
PERSONS = ("member", "applicant")
INSTANTS = ("TIMESTAMP", "DATE")

ByContent = Literal["never", "beside", "alone"]
"""Whether values alone may tell a column: where a header tells of the source, or even where none does."""


@dataclass(frozen=True)
class Match:
    """A column of the source, the header it is read from, why, how sure that is, what the entry says of it.

    ``values`` are the file's words by which a vocabulary is told. ``rarity``: how much the header tells of the source;
    ``is_telling``: hardly another source has a column of that name. ``has_gaps``: some records say nothing there;
    ``counts``: the words of those that count, where others say that there is nothing to tell.
    """

    column: str
    header: str
    why: str
    weight: float
    settings: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    rarity: float = 1.0
    is_telling: bool = False
    has_gaps: bool = False
    counts: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """What it adds to a proposal."""
        return self.weight * self.rarity

    @property
    def entry(self) -> Any:
        """What stands under ``columns``: the header alone where that is all."""
        return self.settings["from"] if self.settings.keys() == {"from"} else dict(self.settings)


def matches(texts: ColumnTexts, source: Source, by_content: ByContent = "never") -> list[Match]:
    """The best match of each column of the source, no header twice."""
    matcher = _Matcher(texts, source)
    places = range(len(texts.header))
    found = [match for c in source.columns for at in places for match in matcher.by_header(c, at)]
    chosen = _without_repeats(found, source)
    is_only = by_content == "alone"
    if is_only or (by_content == "beside" and any(match.is_telling for match in chosen)):
        there = {match.column for match in chosen}
        missing = [column for column in source.columns if column.required and column.name not in there]
        told = [match for column in missing for at in places for match in matcher.by_content(column, at, is_only)]
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


class _Named(NamedTuple):
    """Why a header is a column's, how sure that is, what numbers are multiplied by, the word that it is known by."""

    why: str
    weight: float
    times: float | None
    word: str


@dataclass(frozen=True)
class _Matcher:
    texts: ColumnTexts
    source: Source

    def by_header(self, column: Column, at: int) -> Iterator[Match]:
        """The match of a column and a header, where that is one and the values fit."""
        header = self.texts.header[at]
        named = self._named(column, header)
        if named is None:
            return
        why, weight, _, word = named
        if not self.texts.filled(at):
            if column.required or weight == EXACT_WEIGHT:
                yield self._match(column, at, named._replace(why=why + "; it has no values", weight=weight / 2))
        elif column.name not in PERSONS or weight == EXACT_WEIGHT or not MAIL.search(word):
            yield from self._fitting(column, at, named)
        elif self.texts.are_emails(at):
            yield self._match(column, at, named._replace(why=why + ", and it holds e-mail addresses", times=None))

    def by_content(self, column: Column, at: int, is_only: bool) -> Iterator[Match]:
        """A match by values alone: e-mail addresses and closed vocabularies tell what a column is.

        An instant does where its header says nothing of what it is of, or where no other source is asked for.
        """
        header = self.texts.header[at]
        if knowing(loose(header)) and not is_only and not self._named(column, header):
            return
        named = _Named("its values fit", CONTENT_WEIGHT, None, loose(header))
        if column.name in PERSONS and self.texts.are_emails(at):
            yield self._match(column, at, named._replace(why="it holds e-mail addresses"))
        elif self.texts.filled(at) and (
            column.values or (column.type in INSTANTS and (is_only or says_nothing(header)))
        ):
            yield from self._fitting(column, at, named)

    def _named(self, column: Column, header: str) -> _Named | None:
        """What the header alone says; None where it is not the column's."""
        known = spellings(self.source.name, column.name)
        if self._is_of_others(column, header):
            return None
        for word in dict.fromkeys((loose(header), bare(header))):
            if word == loose(column.name):
                return _Named("the same name", EXACT_WEIGHT, None, word)
            if word in known:
                weight = KNOWN_WEIGHT - STEP * list(known).index(word)
                return _Named("a known name of it", weight, known[word], word)
        return self._nearly_named(column, header)

    def _nearly_named(self, column: Column, header: str) -> _Named | None:
        """The same of a header that is none of the known words."""
        word, known = loose(header), spellings(self.source.name, column.name)
        if column.name in self.source.lengths and (factor := minutes_each(header)) is not None:
            return _Named("a length of time", KIND_WEIGHT, None if factor == 1 else factor, word)
        if column.name in (*PERSONS, "email") and MAIL.search(word):
            return _Named("an e-mail address by its name", KIND_WEIGHT, None, "email")
        close = difflib.get_close_matches(word, [loose(column.name), *known], n=1, cutoff=NEAR)
        if close and len(word) >= NEAR_LETTERS:
            return _Named(f"nearly '{close[0]}'", NEAR_WEIGHT, known.get(close[0]), close[0])
        return None

    def _is_of_others(self, column: Column, header: str) -> bool:
        return column.name in (*PERSONS, "email", "name") and is_others(header)

    def _fitting(self, column: Column, at: int, named: _Named) -> Iterator[Match]:
        """The match, where the values keep the column's rule, as they are or in a form that the entry can declare."""
        header = self.texts.name(at)
        if column.name in self.source.lengths and self.texts.share(at, _is_clock):
            if self.texts.share(at, lambda text: _is_clock(text) or text.replace(".", "", 1).isdigit()) >= MOST:
                asked = (f"{column.name}: '{header}' {UNCLEAR}",) if self.texts.share(at, is_unclear) else ()
                yield self._match(column, at, named._replace(times=None), notes=asked)
        elif said := self._translated(column, at):
            known = named._replace(why=named.why + ", and its words are known")
            yield self._match(column, at, known, notes=self._unknown(column, at), said=said)
        elif self.texts.fit(at, self.source, column.name):
            yield self._match(column, at, named)
        elif forms := self._forms(column, at):
            first, *others = (", ".join(f"{key}: {_said(value)}" for key, value in form.items()) for form in forms)
            note = (
                f"{column.name}: '{header}' fits {first}, but {' and '.join(others)} as well: ask whoever made the file"
            )
            written = named._replace(why=named.why + f", and its values are written with {first}")
            yield self._match(column, at, written, form=forms[0], notes=(note,) if others else ())
        elif self.texts.fit(at, self.source, column.name, in_bounds=False):
            yield self._match(column, at, named)

    def _match(
        self,
        column: Column,
        at: int,
        named: _Named,
        *,
        form: DeclaredForm | None = None,
        notes: tuple[str, ...] = (),
        said: Mapping[str, str] | None = None,
    ) -> Match:
        """The match; read by its place, where its header is none or not its alone."""
        times = {} if named.times is None else {"times": named.times}
        return Match(
            column.name,
            self.texts.name(at),
            named.why,
            named.weight,
            {**self.texts.asked(at), **times, **(form or {})},
            notes,
            said or {},
            rarity(named.word, self.source.name) if named.weight > CONTENT_WEIGHT else CONTENT_WEIGHT,
            is_telling(named.word, self.source.name) and named.weight > CONTENT_WEIGHT,
            self.texts.has_gaps(at),
            self._counting(column, at),
        )

    def _forms(self, column: Column, at: int) -> list[DeclaredForm]:
        """The forms in which the column's values are written, and keep its rule once they are read."""
        forms = self.texts.forms(at, _possible(column))
        return [form for form in forms if self.texts.fit(at, self.source, column.name, form)]

    def _translated(self, column: Column, at: int) -> dict[str, str]:
        """What the column's words mean, those that are known in whatever case left out; empty where few are known."""
        said = told_words(self.source, column.name, self.texts.columns[at])
        nothing = self._saying_nothing(column, at)
        known = self.texts.share(at, lambda text: text in said or text in nothing)
        if column.values and known < FEWEST_KNOWN:
            return {}
        return {text: meaning for text, meaning in said.items() if text.casefold() != meaning}

    def _unknown(self, column: Column, at: int) -> tuple[str, ...]:
        """A note of the words whose meaning nobody knows; those that one record alone has are not shown."""
        said = told_words(self.source, column.name, self.texts.columns[at])
        said |= dict.fromkeys(self._saying_nothing(column, at), "")
        unknown = {text: count for text, count in self.texts.columns[at].items() if text not in said}
        if not unknown or not column.values:
            return ()
        shown = ", ".join(f"'{text}'" for text, count in unknown.items() if count > 1)
        return (
            f"{column.name}: nobody knows what {len(unknown)} of its words mean{shown and ' (' + shown + ')'}: "
            f"say it under `values`, each one of {', '.join(column.values)}",
        )

    def _counting(self, column: Column, at: int) -> tuple[str, ...]:
        return tuple(told_words(self.source, column.name, self.texts.columns[at])) * bool(
            self._saying_nothing(column, at)
        )

    def _saying_nothing(self, column: Column, at: int) -> list[str]:
        """The words of a vocabulary that say that there is nothing to tell."""
        known = set(map(loose, words()["nothing"].get(f"{self.source.name}.{column.name}", [])))
        return [text for text in self.texts.columns[at] if loose(text) in known]


def known_words(source: Source, column: str) -> Sequence[str]:
    """The words that a column may have, or that this program knows; none where any will do."""
    values = next(one.values for one in source.columns if one.name == column)
    return tuple(values or KNOWN_WORDS.get((source.name, column), ()))


def told_words(source: Source, column: str, texts: Iterable[str]) -> dict[str, str]:
    """Of these words of a vocabulary those that are known, and what they mean in the source."""
    known = known_words(source, column)
    listed = words()["values"]
    named: Mapping[str, str] = listed.get(f"{source.name}.{column}", listed.get(column, {}))
    meanings = {loose(word): meaning for word, meaning in named.items() if meaning in known}
    meanings |= {loose(value): value for value in known}
    return {text: meanings[loose(text)] for text in texts if loose(text) in meanings}


def _said(value: object) -> str:
    return " or ".join(value) if isinstance(value, list) else str(value)


def _is_clock(text: str) -> bool:
    """Whether it is a length of time that needs no factor."""
    return minutes(text) is not None or is_unclear(text)


def _possible(column: Column) -> Sequence[DeclaredForm]:
    """The forms that an entry can declare for values of the column."""
    if column.type in INSTANTS:
        return WRITTEN_INSTANTS
    return () if column.type in ("VARCHAR", "BOOLEAN") else WRITTEN_NUMBERS
