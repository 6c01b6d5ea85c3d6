"""Horizontal bars and dots: a name, a mark on one scale, and values in columns at the right.

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


@dataclass(frozen=True)
class Bar:
    """One row. ``share`` is the bar's length on the scale; None draws none, ``hidden`` a hatched track."""

    label: str
    share: float | None
    cells: tuple[str, ...]
    hidden: bool = False
    color: str = FIRST


def layout(labels: Sequence[str], cells: Sequence[Sequence[str]], heads: Sequence[str], narrow: bool, row: int) -> Plot:
    """Axes and notes of a list of rows of that height: names left (above, where narrow), value columns right."""
    column = 62 if narrow else 76
    margin = {"l": 0 if narrow else LABEL_WIDTH, "r": column * len(heads) + 4, "t": 46 if narrow else 36, "b": 4}
    notes = [
        note(head, 1, 1, xref="paper", yref="paper", xanchor="right", yanchor="bottom", align="right")
        | {"xshift": column * (at + 1), "yshift": 4}
        for at, head in enumerate(heads)
    ]
    for y, label in enumerate(labels):
        name = plain(shorten(label, 46 if narrow else 36))
        where = {"yshift": 17, "xshift": 0} if narrow else {"yshift": 0, "xshift": -LABEL_WIDTH}
        notes.append(
            note(name, 0, y, xref="paper", xanchor="left", yanchor="middle", font={"size": 13, "color": INK}, **where)
        )
        for at, cell in enumerate(cells[y]):
            text = f"<b>{plain(cell)}</b>" if at == 0 else plain(cell)
            notes.append(
                note(text, 1, y, xref="paper", xanchor="right", yanchor="middle", font={"size": 13, "color": INK})
                | {"xshift": column * (at + 1)}
            )
    return {
        "annotations": notes,
        "height": row * len(labels) + margin["t"] + margin["b"],
        "margin": margin,
        "hovermode": "closest",
        "xaxis": {"range": [0, 1], "side": "top", "showline": False, "ticks": "outside", "tickcolor": TRANSPARENT},
        "yaxis": {"range": [len(labels) - 0.5, -0.5], "visible": False},
    }


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
