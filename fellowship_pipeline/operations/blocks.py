"""What a section of a page is made of: sentences, lines to copy, tables; and cells that several tables have.

Belongs here: their shape, and how long a table may be. Does not belong here: what any section says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markupsafe import Markup, escape

from fellowship_pipeline.dashboard.words import DASH
from fellowship_pipeline.operations.speech import Speech

MOST_ROWS = 200
"""What a table of a page shows at most; the lists beside it have all."""

ADDRESS = re.compile(r"[^@\s,;:?&<>\"]+@[^@\s,;:?&<>\"]+")

ListRow = dict[str, Any]
"""A row by its columns' names."""

SHAPES = {"high": "missed", "watch": "near", "none": "met", "no_risk": "met"}


@dataclass(frozen=True)
class Sentence:
    """A paragraph; ``tone``: of a finding, a note, or of nothing to show."""

    text: Markup
    tone: Literal["title", "note", "empty", "caution"] = "note"
    kind: Literal["sentence"] = "sentence"


@dataclass(frozen=True)
class CopyText:
    """Text to be copied as it stands, a line each."""

    label: Markup
    text: str
    kind: Literal["copy"] = "copy"

    @property
    def height(self) -> int:
        """Lines to show of it."""
        return min(max(self.text.count("\n") + 1, 2), 8)


@dataclass(frozen=True)
class Grid:
    """A table: heads by key, ``+`` before those of numbers; rows of finished cells, the first of each names the row."""

    key: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Markup]]
    total: int
    """Rows there are, shown or not."""
    title: Markup | None = None
    is_folded: bool = False
    kind: Literal["grid"] = "grid"

    @property
    def body(self) -> Markup:
        """The rows as HTML; here, since a template takes ten times as long for it."""
        kinds = [' class="n"' if is_number else "" for _, is_number in self.columns]

        def row(cells: Sequence[Markup]) -> str:
            others = zip(cells[1:], kinds[1:], strict=True)
            said = "".join(f"<td{kind}><div>{escape(cell)}</div></td>" for cell, kind in others)
            return f'<tr><th scope="row">{escape(cells[0])}</th>{said}</tr>'

        return Markup("\n".join(row(list(cells)) for cells in self.rows))  # noqa: S704 - escaped

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each head and whether numbers stand below it."""
        return [(head.removeprefix("+"), head.startswith("+")) for head in self.heads]


Block = Sentence | CopyText | Grid


@dataclass(frozen=True)
class ListSection:
    """A section: what it shows, and the lists that have all of it."""

    key: str
    blocks: Sequence[Block]
    lists: Sequence[str] = field(default=())
    count: int = 0
    """What the navigation says beside its name; 0: nothing to do."""


def person(name: str | None, email: str | None, *ids: str | None) -> Markup:
    """Who it is: the name over address and id, each once; what there is of them."""
    said = [text for text in (name, email, *ids) if text]
    first, *rest = dict.fromkeys(said) or {DASH: None}
    small = f"<small>{escape(' · '.join(rest))}</small>" if rest else ""
    return Markup(f"<b>{escape(first)}</b>{small}")  # noqa: S704 - escaped


def under(first: Markup | str, second: Markup | str | None) -> Markup:
    """A cell of two lines, the second one smaller."""
    small = f"<small>{escape(second)}</small>" if second else ""
    return Markup(f"{escape(first)}{small}")  # noqa: S704 - escaped


def state(shape: str, text: Markup) -> Markup:
    """A state by shape and word, never by color alone."""
    return Markup(  # noqa: S704 - our own shape, escaped text
        f'<span class="st" data-s="{shape}"><svg class="ic" viewBox="0 0 16 16" aria-hidden="true">'
        f'<use href="#i-{shape}"></use></svg><span>{escape(text)}</span></span>'
    )


def risk_state(say: Speech, risk: str) -> Markup:
    """A risk by shape and word."""
    return state(SHAPES.get(risk, "none"), say.code("risk", "no_risk" if risk == "none" else risk))


def days_ago(say: Speech, days: int | None) -> Markup:
    """How long ago something was."""
    if days is None:
        return say("risk.never")
    return say("risk.days_ago", count=days) if days > 0 else say("risk.today")


def is_address(text: str | None) -> bool:
    """Whether a message can be sent to it."""
    return text is not None and ADDRESS.fullmatch(text) is not None


def copies(key: str, say: Speech, lines: Iterable[tuple[str, str]]) -> list[CopyText]:
    """The lines of each pool, to be pasted into the platform's form."""
    pools: dict[str, list[str]] = defaultdict(list)
    for pool, line in lines:
        pools[pool].append(line)
    return [CopyText(say(key, pool=pool), "\n".join(found)) for pool, found in pools.items()]
