"""Lists of rows with dots: a value for each of a few lanes, told apart by shape and color, an interval where known.

Belongs here: the layout of such lists at any width. Does not belong here: what is compared (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.dashboard.drawing import colored, note, plain
from fellowship_pipeline.dashboard.look import FIRST, GREY, RULE, SECOND
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.rows import TEXT, WITHHELD, listing, name_note, rate_ticks

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


@dataclass(frozen=True)
class Placed:
    """A dot, how high it stands and the name of its row."""

    y: float
    name: str
    dot: Dot


def dots(rows: Sequence[tuple[str, Sequence[Dot]]], lanes: Sequence[str], narrow: bool) -> Drawing:
    """A dot and its interval a lane for each named row; what is said of it at the right."""
    row = LANE * len(lanes) + (34 if narrow else 14)
    marks = MARKS if len(lanes) > 1 else MARKS[1:2]
    notes = [name_note(name, y, narrow) for y, (name, _) in enumerate(rows)]
    data: list[DrawnPart] = []
    for at, (lane, (color, symbol, character)) in enumerate(zip(lanes, marks, strict=False)):
        offset = ((at - (len(lanes) - 1) / 2) * LANE + (9 if narrow else 0)) / row
        placed = [Placed(place + offset, plain(name), cells[at]) for place, (name, cells) in enumerate(rows)]
        notes += [said_note(colored(character, color), one) for one in placed]
        data += [points(plain(lane), color, symbol, placed), withheld(plain(lane), 12 / row, placed)]
    return listing(
        data,
        notes,
        len(rows),
        narrow,
        row=row,
        right=104 if narrow else 132,
        key=[(color, character, lane) for lane, (color, _, character) in zip(lanes, marks, strict=False)]
        if len(lanes) > 1
        else (),
        showgrid=True,
        gridcolor=RULE,
        **rate_ticks(narrow),
    )


def said_note(mark: str, placed: Placed) -> DrawnPart:
    """What is said of a dot, after the mark of its lane."""
    said = plain(placed.dot.said) if placed.dot.share is None else _bold_first(plain(placed.dot.said))
    there = {"xref": "paper", "xanchor": "left", "yanchor": "middle", "xshift": 12, "font": TEXT}
    return note(f"{mark} {said}", 1, placed.y, **there)


def points(lane: str, color: str, symbol: str, placed: Sequence[Placed]) -> DrawnPart:
    """The dots of a lane with their intervals."""
    shown = [(one, one.dot, one.dot.share) for one in placed if one.dot.share is not None]
    return part(
        type="scatter",
        mode="markers",
        x=[share for *_, share in shown],
        y=[one.y for one, *_ in shown],
        error_x=part(
            type="data",
            symmetric=False,
            array=[(share if dot.high is None else dot.high) - share for _, dot, share in shown],
            arrayminus=[share - (share if dot.low is None else dot.low) for _, dot, share in shown],
            color=color,
            thickness=2,
            width=0,
        ),
        marker={"color": color, "symbol": symbol, "size": 11, "line": {"width": 0}},
        hovertext=[f"{lane} · {one.name}: {plain(dot.said)}" for one, dot, _ in shown],
        hoverinfo="text",
        cliponaxis=False,
    )


def withheld(lane: str, width: float, placed: Sequence[Placed]) -> DrawnPart:
    """Hatch where a dot of the lane is withheld."""
    hidden = [one for one in placed if one.dot.hidden]
    return part(
        type="bar",
        orientation="h",
        x=[1] * len(hidden),
        y=[one.y for one in hidden],
        width=width,
        marker=WITHHELD,
        hovertext=[f"{lane}: {plain(one.dot.said)}" for one in hidden],
        hoverinfo="text",
    )


def _bold_first(text: str) -> str:
    value, _, rest = text.partition(" ")
    return f"<b>{value}</b> {rest}".rstrip()
