"""What a proposal is: a mapping, why it fits, what it lacks, and the lines of program.yaml that say it.

Belongs here: the shape that is shown. Does not belong here: finding one.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import yaml

from fellowship_pipeline.intake.proposal.columns import Match
from fellowship_pipeline.intake.readers.records import Records

WIDTH, SHORT = 110, 90
ENTRIES = 2
"""How deep the entries stand: below their source and its list."""

USELESS = 0.25
LACKING = 0.5
"""What a column that must be there and is not takes from the score of a proposal."""


@dataclass(frozen=True)
class Proposal:
    """One way to read the file. Headers and counts of it are told, no value that fewer than two records share.

    ``entries`` are what stands under ``sources``, by source. ``missing`` are columns that it must have and has not;
    ``notes`` are what a person has to decide or say; ``certain``: a platform's own header, not words that
    anybody uses.
    """

    sources: tuple[str, ...]
    title: str
    entries: Mapping[str, Mapping[str, Any]]
    matches: tuple[Match, ...]
    missing: tuple[str, ...]
    unmatched: tuple[str, ...]
    notes: tuple[str, ...]
    score: float
    certain: bool = False
    preset: str | None = None
    records: Records | None = field(default=None, repr=False)

    @property
    def complete(self) -> bool:
        """Whether the file has every column that it must have."""
        return not self.missing

    @property
    def rank(self) -> tuple[bool, float]:
        """What proposals are sorted by, the best first: a platform's own header, then what explains most."""
        return (not (self.complete and self.certain), -self.worth)

    @property
    def worth(self) -> float:
        """Its score, the less the more it lacks; a preset reads nothing of a file that lacks one of its headers."""
        if self.preset is not None and self.missing:
            return self.score * USELESS
        return self.score - LACKING * len(self.missing)

    @property
    def lines(self) -> str:
        """The lines to paste under ``sources:``."""
        remarks = "".join(f"# {note}\n" for note in self.notes)
        listed = {source: [dict(entry)] for source, entry in self.entries.items()}
        text = yaml.dump(
            listed, Dumper=_Indented, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=None
        )
        return textwrap.indent(remarks + text, "  ")

    def document(self) -> dict[str, Any]:
        """It as JSON has it."""
        names = ("sources", "title", "preset", "complete", "entries", "missing", "unmatched", "notes", "lines")
        matches = [{"column": match.column, "header": match.header, "why": match.why} for match in self.matches]
        return {name: getattr(self, name) for name in names} | {"matches": matches}


@dataclass(frozen=True)
class Proposals:
    """What a file could be, the best first, and what is odd about it. ``doubts`` are reasons for which it is held."""

    file: str
    rows: int
    encoding: str | None
    header: tuple[str, ...]
    doubts: tuple[str, ...]
    notes: tuple[str, ...]
    found: tuple[Proposal, ...]

    def document(self) -> dict[str, Any]:
        """It as JSON has it."""
        facts = {name: getattr(self, name) for name in ("file", "rows", "encoding", "header", "doubts", "notes")}
        return facts | {"proposals": [proposal.document() for proposal in self.found]}


class _Indented(yaml.SafeDumper):
    """As people write it: items of a list one step in, what is short within an entry on one line."""

    depth = 0

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        with self._deeper():
            return super().represent_sequence(tag, sequence, self._is_short(sequence))

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        with self._deeper():
            return super().represent_mapping(tag, mapping, self._is_short(mapping))

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self.depth += 1
        yield
        self.depth -= 1

    def _is_short(self, part: object) -> bool:
        return self.depth > ENTRIES and len(repr(part)) <= SHORT
