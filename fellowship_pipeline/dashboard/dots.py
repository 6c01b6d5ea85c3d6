"""Lists of rows with dots: a value for each of a few lanes, told apart by shape and color, an interval where known.

Belongs here: the layout of such lists at any width. Does not belong here: what is compared (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellowship_pipeline.dashboard.drawing import colored, note, plain
from fellowship_pipeline.dashboard.look import FIRST, GREY, RULE, SECOND
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.rows import TEXT, WITHHELD, listing, name_note, rate_ticks, row_height

LANE = 22
"""How far lanes are apart on a narrow screen, where values stand below each other."""

BESIDE, SAID = 8, 70
"""How far lanes are apart in a row, and what a value takes at the right, each in its column."""

TALL, BELOW, TOLD = 44, 19, 190
"""The same where values are sentences and stand below each other."""

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


LaneDots = Sequence[Dot | None]
"""What each lane has in a row; None: the lane is not of this row."""


def dots(
    rows: Sequence[tuple[str, LaneDots]],
    lanes: Sequence[str],
    narrow: bool,
    *,
    told: bool = False,
    ends: tuple[str, str] | None = None,
) -> Drawing:
    """A dot and its interval a lane for each named row; what is said of it at the right.

    ``told``: it is a sentence, and those of a row stand below each other. ``ends``: what stands at the ends of the
    scale, where that is not from 0 to 100%.
    """
    most = max((sum(cell is not None for cell in cells) for _, cells in rows), default=0)
    row = LANE * most + 34 if narrow else row_height([name for name, _ in rows], narrow)
    if told and most > 1 and not narrow:
        row = TALL
    apart = LANE if narrow else BELOW if told else BESIDE
    marks = MARKS if len(lanes) > 1 else MARKS[1:2]
    notes = [name_note(name, y, narrow) for y, (name, _) in enumerate(rows)]
    data: list[DrawnPart] = []
    for at, (lane, (color, symbol, character)) in enumerate(zip(lanes, marks, strict=False)):
        placed = []
        for y, (name, cells) in enumerate(rows):
            present = [lane for lane, cell in enumerate(cells) if cell is not None]
            dot = cells[at]
            if dot is not None:
                offset = ((present.index(at) - (len(present) - 1) / 2) * apart + (9 if narrow else 0)) / row
                placed.append(Placed(y + offset, plain(name), dot))
                beside = 0 if narrow or told else SAID * at
                notes.append(said_note(colored(character, color), dot, y + offset * (narrow or told), beside))
        data += [points(plain(lane), color, symbol, placed), withheld(plain(lane), min(apart, 12) / row, placed)]
    return listing(
        data,
        notes,
        len(rows),
        narrow,
        row=row,
        right=(150 if told else 104) if narrow else TOLD if told else 34 + SAID * len(lanes),
        key=[(color, character, lane) for lane, (color, _, character) in zip(lanes, marks, strict=False)]
        if len(lanes) > 1
        else (),
        showgrid=True,
        gridcolor=RULE,
        **(rate_ticks(narrow) if ends is None else {"tickmode": "array", "tickvals": [0, 1], "ticktext": list(ends)}),
    )


def said_note(mark: str, dot: Dot, y: float, right: int) -> DrawnPart:
    """What is said of a dot, after the mark of its lane, that far to the right."""
    said = plain(dot.said) if dot.share is None else _bold_first(plain(dot.said))
    there = {"xref": "paper", "xanchor": "left", "yanchor": "middle", "xshift": 12 + right, "font": TEXT}
    return note(f"{mark} {said}", 1, y, **there)


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
