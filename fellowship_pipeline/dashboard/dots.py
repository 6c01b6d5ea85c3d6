"""Lists of rows with dots: a value for each of a few lanes, told apart by shape and color, an interval where known.

Belongs here: the layout of such lists at any width. Does not belong here: what is compared (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.dashboard.drawing import FIRST, GREY, INK, PATTERN, RULE, SECOND, TRANSPARENT, note, plain
from fellowship_pipeline.dashboard.rows import key, layout, rate_ticks
from fellowship_pipeline.dashboard.view import Plot

LANE = 22
MARKS = ((GREY, "circle", "●"), (FIRST, "diamond", "◆"), (SECOND, "square", "■"))
"""Color, Plotly symbol and character of the lanes, oldest first."""


@dataclass(frozen=True)
class Dot:
    """What one lane has in one row: ``said`` stands at the right, ``share`` is where the dot is, if there is one."""

    said: str
    share: float | None = None
    low: float | None = None
    high: float | None = None
    hidden: bool = False


def dots(rows: Sequence[tuple[str, Sequence[Dot]]], lanes: Sequence[str], narrow: bool) -> Plot:
    """A dot and its interval a lane for each named row; what is said of it at the right."""
    row = LANE * len(lanes) + (34 if narrow else 14)
    marks = MARKS if len(lanes) > 1 else MARKS[1:2]
    described = layout([name for name, _ in rows], [()] * len(rows), (), narrow, row)
    described["margin"] |= {"r": 104 if narrow else 132}
    described["xaxis"] |= rate_ticks(narrow) | {"showgrid": True, "gridcolor": RULE}
    described["barmode"] = "overlay"
    data: list[Plot] = []
    for at, lane in enumerate(lanes):
        color, symbol, character = marks[at]
        offset = ((at - (len(lanes) - 1) / 2) * LANE + (9 if narrow else 0)) / row
        placed = [(place + offset, name, cells[at]) for place, (name, cells) in enumerate(rows)]
        for y, _, dot in placed:
            said = plain(dot.said) if dot.share is None else _bold_first(plain(dot.said))
            described["annotations"].append(
                note(f"<span style='color:{color}'>{character}</span> {said}", 1, y, xref="paper", xanchor="left")
                | {"yanchor": "middle", "xshift": 12, "font": {"size": 13, "color": INK}}
            )
        shown = [(y, name, dot, dot.share) for y, name, dot in placed if dot.share is not None]
        hidden = [y for y, _, dot in placed if dot.hidden]
        interval = {
            "type": "data",
            "symmetric": False,
            "array": [(share if dot.high is None else dot.high) - share for _, _, dot, share in shown],
            "arrayminus": [share - (share if dot.low is None else dot.low) for _, _, dot, share in shown],
            "color": color,
            "thickness": 2,
            "width": 0,
        }
        data += [
            {
                "type": "scatter",
                "mode": "markers",
                "x": [share for *_, share in shown],
                "y": [y for y, *_ in shown],
                "error_x": interval,
                "marker": {"color": color, "symbol": symbol, "size": 11, "line": {"width": 0}},
                "hovertext": [f"{plain(lane)} · {plain(name)}: {plain(dot.said)}" for _, name, dot, _ in shown],
                "hoverinfo": "text",
                "cliponaxis": False,
            },
            {
                "type": "bar",
                "orientation": "h",
                "x": [1] * len(hidden),
                "y": hidden,
                "width": 12 / row,
                "marker": {"color": TRANSPARENT, "pattern": PATTERN},
                "hovertext": [f"{plain(lane)}: {plain(dot.said)}" for *_, dot in placed if dot.hidden],
                "hoverinfo": "text",
            },
        ]
    if len(lanes) > 1:
        key(described, [(marks[at][0], marks[at][2], lane) for at, lane in enumerate(lanes)], narrow)
    return {"data": data, "layout": described}


def _bold_first(text: str) -> str:
    value, _, rest = text.partition(" ")
    return f"<b>{value}</b> {rest}".rstrip()
