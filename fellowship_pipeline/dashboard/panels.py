"""Bars by month in panels, side by side where there is room, all on one time axis.

Belongs here: the layout of such panels at any width. Does not belong here: what is counted (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fellowship_pipeline.dashboard.drawing import figure, hovering, next_month, note, plain, time_axis, withheld_bars
from fellowship_pipeline.dashboard.look import AREA, FIRST, INK
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.words import Voice

PANEL, HEAD, FOOT = 84, 34, 28
GAP = 0.09
"""Between panels side by side, of the figure's width: there stand the values of the axis."""
HALF = timedelta(days=16)
WIDEST = timedelta(days=18)
"""A bar of a long program; over fewer months it is narrower than that."""


@dataclass(frozen=True)
class Panel:
    """One panel: its name, a value a month and what stands for those that are not shown, its vertical axis.

    ``said`` stands over the last bar; ``more`` is what the hover shows beside the value; ``base`` is drawn behind the
    values, which are parts of it.
    """

    name: str
    values: Sequence[float | None]
    hidden: Sequence[str]
    axis: DrawnPart
    hover: str
    said: str
    more: list[Any] | None = None
    base: Sequence[float | None] | None = None


def month_panels(
    months: Sequence[date], panels: Sequence[Panel], words: Voice, narrow: bool, *, across: int = 1
) -> Drawing:
    """A panel of bars each, all over the same months, so many side by side unless narrow."""
    columns = 1 if narrow else min(across, len(panels))
    lines = -(-len(panels) // columns)
    x = [month.isoformat() for month in months]
    height = (PANEL + HEAD) * lines + FOOT
    usable = height - FOOT
    broad = (1 - GAP * (columns - 1)) / columns
    data: list[DrawnPart] = []
    notes: list[DrawnPart] = []
    axes: dict[str, DrawnPart] = {}
    width = min(WIDEST, (months[-1] - months[0] + 2 * HALF) * 0.08) // timedelta(milliseconds=1)
    for at, panel in enumerate(panels):
        suffix = "" if at == 0 else str(at + 1)
        top = 1 - (at // columns * (PANEL + HEAD) + HEAD) / usable
        left = at % columns * (broad + GAP)
        ticks, texts = panel.axis["tickvals"], panel.axis["ticktext"]
        axes[f"yaxis{suffix}"] = part(
            panel.axis,
            tickvals=[0, ticks[-1]],
            ticktext=[texts[0], texts[-1]],
            domain=[max(top - PANEL / usable, 0), top],
            anchor=f"x{suffix}",
        )
        is_last = at + columns >= len(panels)
        axes[f"xaxis{suffix}"] = time_axis(
            months[0],
            next_month(months[-1]),
            words,
            narrow or columns > 1,
            range=[(months[0] - HALF).isoformat(), (months[-1] + HALF).isoformat()],
            anchor=f"y{suffix}",
            domain=[left, min(left + broad, 1)],
            showticklabels=is_last,
            ticks=None if is_last else "",
        )
        gone = [(day, said) for day, said in zip(x, panel.hidden, strict=True) if said]
        axis = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "width": width}
        if panel.base is not None:
            base = part(type="bar", x=x, y=list(panel.base), marker={"color": AREA}, hoverinfo="skip", **axis)
            data.append(base)
        data += [
            part(
                type="bar",
                x=x,
                y=list(panel.values),
                customdata=panel.more,
                marker={"color": FIRST},
                hovertemplate=hovering(panel.hover),
                **axis,
            ),
            withheld_bars([day for day, _ in gone], ticks[-1], [said for _, said in gone], **axis),
        ]
        above = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "xshift": -44, "yshift": 8}
        notes.append(note(f"<b>{plain(panel.name)}</b>", left, top, font={"size": 13, "color": INK}, **above))
        value = panel.values[-1]
        if value is not None:
            over = max(value, (panel.base[-1] or 0) if panel.base else 0)
            there = {"xref": f"x{suffix}", "yref": f"y{suffix}", "xanchor": "right", "yanchor": "bottom", "xshift": 12}
            notes.append(note(f"<b>{panel.said}</b>", x[-1], over, font={"size": 12, "color": INK}, **there))
    return figure(
        data,
        height=height,
        narrow=narrow,
        margin={"t": 0, "r": 12, "l": 44},
        barmode="overlay",
        annotations=notes,
        **axes,
    )
