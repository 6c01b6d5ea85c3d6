"""Lists of rows: a name, bars on one scale, and values in columns at the right.

Belongs here: the layout of such lists at any width. Does not belong here: what is listed (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fellowship_pipeline.dashboard.drawing import PATTERN, colored, figure, in_lines, note, plain, shorten
from fellowship_pipeline.dashboard.look import FIRST, INK, TRACK, TRANSPARENT
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part

LABEL_WIDTH = 200
LABEL = 30
"""The width of a row's name, and what of it stands on a line, in letters of Latin width."""
COLUMN = 60
"""What a column of values takes at the right."""
THICKNESS = 12
"""Of a bar, in pixels."""
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
    margin = {"l": left, "r": right, "t": (46 if narrow else 26) + (8 + 18 * len(lines) if lines else 0), "b": 4}
    above = {
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "yshift": 34 if narrow else 26,
    }
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
    """A row's name: left of it in two lines at most, above it where narrow."""
    name = plain(shorten(label, 46)) if narrow else "<br>".join(map(plain, in_lines(label, LABEL)))
    where = {"yshift": 17, "xshift": 0} if narrow else {"yshift": 0, "xshift": -LABEL_WIDTH}
    return note(name, 0, y, xref="paper", xanchor="left", yanchor="middle", align="left", font=TEXT, **where)


def column_ends(columns: int) -> list[int]:
    """How far to the right of the bars each column of values ends, and last what they take together."""
    return [10 + COLUMN * (at + 1) for at in range(columns)] or [10]


def row_texts(items: Sequence[Bar | Stack], heads: Sequence[str], narrow: bool) -> list[DrawnPart]:
    """The heads of the columns, and each row's name and values."""
    shifts = column_ends(len(heads))
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


def flat_bars(x: Sequence[float | None], row: int, **more: Any) -> DrawnPart:
    """Bars that lie, one a row, thinner than the row."""
    return part(
        type="bar", orientation="h", width=THICKNESS / row, hoverinfo="text", x=list(x), y=list(range(len(x))), **more
    )


def row_height(labels: Sequence[str], narrow: bool) -> int:
    """What a row takes: with its name above it where narrow, else more where a name has two lines."""
    return 50 if narrow else 38 if any(len(in_lines(label, LABEL)) > 1 for label in labels) else 26


def bars(items: Sequence[Bar], heads: Sequence[str], narrow: bool, *, rates: bool) -> Drawing:
    """Bars over an empty track, longest where the caller puts it."""
    row = row_height([bar.label for bar in items], narrow)
    texts = [f"{plain(bar.label)}: {plain(', '.join(bar.cells))}" for bar in items]
    drawn = (
        ([0 if bar.hidden else 1 for bar in items], {"color": TRACK}),
        ([1 if bar.hidden else 0 for bar in items], WITHHELD),
        ([bar.share for bar in items], {"color": [bar.color for bar in items]}),
    )
    return listing(
        [flat_bars(x, row, hovertext=texts, marker=marker) for x, marker in drawn],
        row_texts(items, heads, narrow),
        len(items),
        narrow,
        row=row,
        right=column_ends(len(heads))[-1] + 2,
        **(rate_ticks(narrow) if rates else {"showticklabels": False}),
    )


def stacks(items: Sequence[Stack], parts: Sequence[tuple[str, str]], heads: Sequence[str], narrow: bool) -> Drawing:
    """A bar a row, made of parts side by side; ``parts`` are their names and colors."""
    row = row_height([item.label for item in items], narrow)
    texts = [f"{plain(item.label)}: {plain(', '.join(item.cells))}" for item in items]
    data = [
        flat_bars(
            [item.shares[at] if item.shares else 0 for item in items],
            row,
            hovertext=texts,
            marker={"color": color},
        )
        for at, (_, color) in enumerate(parts)
    ]
    hidden = [max(1 - sum(item.shares), 0) if item.hidden else 0 for item in items]
    names = [plain(item.label) for item in items]
    return listing(
        [*data, flat_bars(hidden, row, hovertext=names, marker=WITHHELD)],
        row_texts(items, heads, narrow),
        len(items),
        narrow,
        row=row,
        right=column_ends(len(heads))[-1] + 2,
        key=[(color, "■", name) for name, color in parts],
        barmode="stack",
        **rate_ticks(narrow),
    )
