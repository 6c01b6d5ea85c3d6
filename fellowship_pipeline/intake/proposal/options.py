"""Columns that are the options of one question: each has one text or nothing in it.

Belongs here: telling such columns by what they hold and by what their headers have in common. Does not belong here:
other questions (``surveys``), reading them (``layouts.wide``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fellowship_pipeline.intake.layouts.wide import NOT_CHOSEN, plain_text
from fellowship_pipeline.intake.readers.records import normal

if TYPE_CHECKING:
    from fellowship_pipeline.intake.proposal.content import ColumnTexts

FEWEST = 2
PARTS = re.compile(r"(?P<question>.*\S)\s*(?:\[|\(|/|->| - |: )\s*(?P<option>[^\[\]()/]*[^\[\]()/\s])\s*[\])]?")
"""How a header names a question and one of its options: `Which? [Git]`, `Which? (Git)`, `which/git`, `Which? - Git`."""

MARKS = frozenset({"1", "1.0", "true", "yes", "y", "x", "checked", "selected", "✓", "✔", "o", "예", "네"})
"""What stands in the column of an option that was chosen, if it is not the option."""


@dataclass(frozen=True)
class OptionGroup:
    """Columns of one question: its title, '' where no header says one; the places; the option that each stands for."""

    title: str
    places: tuple[int, ...]
    options: tuple[str, ...]

    def settings(self, texts: ColumnTexts) -> dict[str, Any]:
        """What an entry says of it."""
        asked = [texts.asked(at, "header") for at in self.places]
        headers = [said.get("header", said) for said in asked]
        return {"kind": "multi", "headers": dict(zip(self.options, headers, strict=True))}


def option_groups(texts: ColumnTexts, places: Sequence[int]) -> Iterator[OptionGroup]:
    """The groups among the columns at these places, of neighbors only."""
    told = [(at, _told(texts, at)) for at in places]
    runs = groupby(enumerate(told), key=lambda one: (one[1][0] - one[0], one[1][1] and one[1][1][0]))
    for (_, title), run in runs:
        columns = [(at, said[1]) for _, (at, said) in run if said is not None]
        options = [option for _, option in columns]
        chosen = sum(bool(_texts(texts, at)) for at, _ in columns)
        if title is not None and chosen >= FEWEST and len(set(options)) == len(options):
            yield OptionGroup(title, tuple(at for at, _ in columns), tuple(options))


def _told(texts: ColumnTexts, at: int) -> tuple[str, str] | None:
    """The question and the option that a column stands for; None where it is no option's."""
    header, written = plain_text(texts.header[at]), _texts(texts, at)
    if written == {normal(header)}:
        return "", header
    parts = PARTS.fullmatch(header)
    if parts is None or not written <= MARKS | {normal(parts["option"])} or len(written) > 1:
        return None
    return parts["question"], parts["option"]


def _texts(texts: ColumnTexts, at: int) -> set[str]:
    """The different texts of those who chose it, as they are compared."""
    return {normal(text) for text in texts.columns[at]} - NOT_CHOSEN
