"""Lists of rows: a name, bars on one scale, and values in columns at the right.

Belongs here: the layout of such lists at any width. Does not belong here: what is listed (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fellowship_pipeline.dashboard.drawing import PATTERN, colored, figure, note, plain, shorten
from fellowship_pipeline.dashboard.look import FIRST, INK, TRACK, TRANSPARENT
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part

LABEL_WIDTH = 250
PER_LINE = 3
"""Names of marks on one line of a narrow screen."""
TEXT = {"size": 13, "color": INK}
WITHHELD = {"color": TRANSPARENT, "pattern": PATTERN}

Key = Sequence[tuple[str, str, str]]
"""What each mark is: color, character and name."""


@dataclass(frozen=True)
class Bar:
    """One row. ``share`` is the bar's length on the scale; None draws none, ``hidden`` a hatched track."""

    label: str
    share: float | None
    cells: tuple[str, ...]
    hidden: bool = False
    color: str = FIRST


@dataclass(frozen=True)
class Stack:
    """One row of parts of a whole, as shares in the order of the names above; what ``hidden`` leaves is hatched."""

    label: str
    shares: tuple[float, ...]
    hidden: bool
    cells: tuple[str, ...]


def listing(
    data: Sequence[DrawnPart],
    texts: Sequence[DrawnPart],
    rows: int,
    narrow: bool,
    *,
    row: int,
    right: int,
    key: Key = (),
    barmode: str = "overlay",
    **axis: Any,
) -> Drawing:
    """So many rows of that height with their texts; what the marks mean stands above."""
    lines = key_lines(key, narrow)
    left = 0 if narrow else LABEL_WIDTH
    margin = {"l": left, "r": right, "t": (46 if narrow else 36) + (8 + 18 * len(lines) if lines else 0), "b": 4}
    above = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "align": "left", "yshift": 34}
    explained = [note("<br>".join(lines), 0, 1, xshift=-left, font=TEXT, **above)] if lines else []
    return figure(
        data,
        height=row * rows + margin["t"] + margin["b"],
        narrow=narrow,
        margin=margin,
        annotations=[*explained, *texts],
        barmode=barmode,
        hovermode="closest",
        xaxis={"range": [0, 1], "side": "top", "showline": False, "ticks": "outside", "tickcolor": TRANSPARENT} | axis,
        yaxis={"range": [rows - 0.5, -0.5], "visible": False},
    )


def name_note(label: str, y: int, narrow: bool) -> DrawnPart:
    """A row's name: left of it, above it where narrow."""
    name = plain(shorten(label, 46 if narrow else 36))
    where = {"yshift": 17, "xshift": 0} if narrow else {"yshift": 0, "xshift": -LABEL_WIDTH}
    return note(name, 0, y, xref="paper", xanchor="left", yanchor="middle", font=TEXT, **where)


def column_width(narrow: bool) -> int:
    """What a column of values takes in the right margin."""
    return 62 if narrow else 76


def row_texts(items: Sequence[Bar | Stack], heads: Sequence[str], narrow: bool) -> list[DrawnPart]:
    """The heads of the columns, and each row's name and values."""
    shifts = [column_width(narrow) * (at + 1) for at in range(len(heads))]
    above = {"xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "bottom", "align": "right", "yshift": 4}
    texts = [note(head, 1, 1, xshift=shift, **above) for head, shift in zip(heads, shifts, strict=True)]
    there = {"xref": "paper", "xanchor": "right", "yanchor": "middle", "font": TEXT}
    for y, item in enumerate(items):
        texts.append(name_note(item.label, y, narrow))
        for at, cell in enumerate(item.cells):
            text = f"<b>{plain(cell)}</b>" if at == 0 else plain(cell)
            texts.append(note(text, 1, y, xshift=shifts[at], **there))
    return texts


def key_lines(key: Key, narrow: bool) -> list[str]:
    """The line above a list that says what each mark is; several where narrow."""
    marks = [f"{colored(character, color)} {plain(name)}" for color, character, name in key]
    per_line = PER_LINE if narrow else max(len(marks), 1)
    return ["   ".join(marks[at : at + per_line]) for at in range(0, len(marks), per_line)]


def rate_ticks(narrow: bool) -> dict[str, Any]:
    """0, 50 and 100% above the bars."""
    return {
        "tickmode": "array",
        "tickvals": [0, 0.5, 1],
        "ticktext": ["" if narrow else "0", "50", "100%"],
    }


def flat_bars(x: Sequence[float | None], row: int, thickness: int, **more: Any) -> DrawnPart:
    """Bars that lie, one a row, thinner than the row."""
    return part(
        type="bar", orientation="h", width=thickness / row, hoverinfo="text", x=list(x), y=list(range(len(x))), **more
    )


def sizes(narrow: bool) -> tuple[int, int]:
    """The height of a row, and of the bar in it."""
    return (50, 12) if narrow else (32, 14)


def bars(items: Sequence[Bar], heads: Sequence[str], narrow: bool, *, rates: bool) -> Drawing:
    """Bars over an empty track, longest where the caller puts it."""
    row, thickness = sizes(narrow)
    texts = [f"{plain(bar.label)}: {plain(', '.join(bar.cells))}" for bar in items]
    drawn = (
        ([0 if bar.hidden else 1 for bar in items], {"color": TRACK}),
        ([1 if bar.hidden else 0 for bar in items], WITHHELD),
        ([bar.share for bar in items], {"color": [bar.color for bar in items]}),
    )
    return listing(
        [flat_bars(x, row, thickness, hovertext=texts, marker=marker) for x, marker in drawn],
        row_texts(items, heads, narrow),
        len(items),
        narrow,
        row=row,
        right=column_width(narrow) * len(heads) + 4,
        **(rate_ticks(narrow) if rates else {"showticklabels": False}),
    )


def stacks(items: Sequence[Stack], parts: Sequence[tuple[str, str]], heads: Sequence[str], narrow: bool) -> Drawing:
    """A bar a row, made of parts side by side; ``parts`` are their names and colors."""
    row, thickness = sizes(narrow)
    texts = [f"{plain(item.label)}: {plain(', '.join(item.cells))}" for item in items]
    data = [
        flat_bars(
            [item.shares[at] if item.shares else 0 for item in items],
            row,
            thickness,
            hovertext=texts,
            marker={"color": color},
        )
        for at, (_, color) in enumerate(parts)
    ]
    hidden = [max(1 - sum(item.shares), 0) if item.hidden else 0 for item in items]
    names = [plain(item.label) for item in items]
    return listing(
        [*data, flat_bars(hidden, row, thickness, hovertext=names, marker=WITHHELD)],
        row_texts(items, heads, narrow),
        len(items),
        narrow,
        row=row,
        right=column_width(narrow) * len(heads) + 4,
        key=[(color, "■", name) for name, color in parts],
        barmode="stack",
        **rate_ticks(narrow),
    )
