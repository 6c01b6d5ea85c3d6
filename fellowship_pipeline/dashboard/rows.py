"""Lists of rows: a name, bars on one scale, and values in columns at the right.

Belongs here: the layout of such lists at any width. Does not belong here: what is listed (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.dashboard.drawing import (
    FIRST,
    INK,
    PATTERN,
    TRACK,
    TRANSPARENT,
    note,
    plain,
    shorten,
)
from fellowship_pipeline.dashboard.view import Plot

LABEL_WIDTH = 250
PER_LINE = 3
"""Names of marks on one line of a narrow screen."""


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


def layout(labels: Sequence[str], cells: Sequence[Sequence[str]], heads: Sequence[str], narrow: bool, row: int) -> Plot:
    """Axes and notes of a list of rows of that height: names left (above, where narrow), value columns right."""
    column = 62 if narrow else 76
    margin = {"l": 0 if narrow else LABEL_WIDTH, "r": column * len(heads) + 4, "t": 46 if narrow else 36, "b": 4}
    notes = [
        note(head, 1, 1, xref="paper", yref="paper", xanchor="right", yanchor="bottom", align="right")
        | {"xshift": column * (at + 1), "yshift": 4}
        for at, head in enumerate(heads)
    ]
    where = {"yshift": 17, "xshift": 0} if narrow else {"yshift": 0, "xshift": -LABEL_WIDTH}
    ink = {"yanchor": "middle", "font": {"size": 13, "color": INK}}
    for y, (label, values) in enumerate(zip(labels, cells, strict=True)):
        name = plain(shorten(label, 46 if narrow else 36))
        notes.append(note(name, 0, y, xref="paper", xanchor="left", **ink, **where))
        for at, cell in enumerate(values):
            text = f"<b>{plain(cell)}</b>" if at == 0 else plain(cell)
            notes.append(note(text, 1, y, xref="paper", xanchor="right", **ink) | {"xshift": column * (at + 1)})
    return {
        "annotations": notes,
        "height": row * len(labels) + margin["t"] + margin["b"],
        "margin": margin,
        "hovermode": "closest",
        "xaxis": {"range": [0, 1], "side": "top", "showline": False, "ticks": "outside", "tickcolor": TRANSPARENT},
        "yaxis": {"range": [len(labels) - 0.5, -0.5], "visible": False},
    }


def key(described: Plot, names: Sequence[tuple[str, str, str]], narrow: bool) -> None:
    """Puts a line above the list that says what each mark is: color, character and name."""
    marks = [f"<span style='color:{color}'>{character}</span> {plain(name)}" for color, character, name in names]
    lines = [marks[at : at + PER_LINE] for at in range(0, len(marks), PER_LINE)] if narrow else [marks]
    room = 8 + 18 * len(lines)
    described["margin"]["t"] += room
    described["height"] += room
    text = "<br>".join("   ".join(line) for line in lines)
    described["annotations"].insert(
        0,
        note(text, 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", align="left")
        | {"yshift": 34, "xshift": 0 if narrow else -described["margin"]["l"], "font": {"size": 13, "color": INK}},
    )


def rate_ticks(narrow: bool) -> Plot:
    """0, 50 and 100% above the bars."""
    return {
        "tickmode": "array",
        "tickvals": [0, 0.5, 1],
        "ticktext": ["" if narrow else "0", "50", "100%"],
    }


def bars(items: Sequence[Bar], heads: Sequence[str], narrow: bool, *, rates: bool) -> Plot:
    """Bars over an empty track, longest where the caller puts it."""
    row, thickness = (50, 12) if narrow else (32, 14)
    places = list(range(len(items)))
    common = {"type": "bar", "orientation": "h", "width": thickness / row, "hoverinfo": "text"}
    texts = [f"{plain(bar.label)}: {plain(', '.join(bar.cells))}" for bar in items]
    track = {
        **common,
        "x": [0 if bar.hidden else 1 for bar in items],
        "y": places,
        "hovertext": texts,
        "marker": {"color": TRACK},
    }
    withheld = {
        **common,
        "x": [1 if bar.hidden else 0 for bar in items],
        "y": places,
        "hovertext": texts,
        "marker": {"color": TRANSPARENT, "pattern": PATTERN},
    }
    value = {
        **common,
        "x": [bar.share for bar in items],
        "y": places,
        "hovertext": texts,
        "marker": {"color": [bar.color for bar in items]},
    }
    described = layout([bar.label for bar in items], [bar.cells for bar in items], heads, narrow, row)
    described["barmode"] = "overlay"
    described["xaxis"] |= rate_ticks(narrow) if rates else {"showticklabels": False}
    return {"data": [track, withheld, value], "layout": described}


def stacks(items: Sequence[Stack], parts: Sequence[tuple[str, str]], heads: Sequence[str], narrow: bool) -> Plot:
    """A bar a row, made of parts side by side; ``parts`` are their names and colors."""
    row, thickness = (50, 12) if narrow else (32, 14)
    common = {"type": "bar", "orientation": "h", "width": thickness / row, "hoverinfo": "text"}
    common["y"] = list(range(len(items)))
    data: list[Plot] = [
        {
            **common,
            "x": [item.shares[at] if item.shares else 0 for item in items],
            "hovertext": [f"{plain(item.label)}: {plain(', '.join(item.cells))}" for item in items],
            "marker": {"color": color},
        }
        for at, (_, color) in enumerate(parts)
    ]
    withheld = {"color": TRANSPARENT, "pattern": PATTERN}
    hidden = [max(1 - sum(item.shares), 0) if item.hidden else 0 for item in items]
    data.append({**common, "x": hidden, "hovertext": [plain(item.label) for item in items], "marker": withheld})
    described = layout([item.label for item in items], [item.cells for item in items], heads, narrow, row)
    described["barmode"] = "stack"
    described["xaxis"] |= rate_ticks(narrow)
    key(described, [(color, "■", name) for name, color in parts], narrow)
    return {"data": data, "layout": described}
