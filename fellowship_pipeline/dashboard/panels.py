"""Bars by month in panels one below the other, on one time axis.

Belongs here: the layout of such panels at any width. Does not belong here: what is counted (``figures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fellowship_pipeline.dashboard.drawing import figure, hovering, next_month, note, plain, time_axis, withheld_bars
from fellowship_pipeline.dashboard.look import FIRST, INK
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.words import Voice

PANEL, HEAD, FOOT = 84, 34, 28
HALF = timedelta(days=16)
WIDEST = timedelta(days=18)
"""A bar of a long program; over fewer months it is narrower than that."""


@dataclass(frozen=True)
class Panel:
    """One panel: its name, a value a month and which of them are withheld, its vertical axis.

    ``said`` stands over the last bar; ``more`` is what the hover shows beside the value.
    """

    name: str
    values: Sequence[float | None]
    hidden: Sequence[bool]
    axis: DrawnPart
    hover: str
    said: str
    more: list[Any] | None = None


def month_panels(months: Sequence[date], panels: Sequence[Panel], label: str, words: Voice, narrow: bool) -> Drawing:
    """A panel of bars each, all over the same months."""
    x = [month.isoformat() for month in months]
    height = (PANEL + HEAD) * len(panels) + FOOT
    usable = height - FOOT
    data: list[DrawnPart] = []
    notes: list[DrawnPart] = []
    axes: dict[str, DrawnPart] = {}
    width = min(WIDEST, (months[-1] - months[0] + 2 * HALF) * 0.08) // timedelta(milliseconds=1)
    for at, panel in enumerate(panels):
        suffix = "" if at == 0 else str(at + 1)
        top = 1 - (at * (PANEL + HEAD) + HEAD) / usable
        ticks, texts = panel.axis["tickvals"], panel.axis["ticktext"]
        axes[f"yaxis{suffix}"] = part(
            panel.axis,
            tickvals=[0, ticks[-1]],
            ticktext=[texts[0], texts[-1]],
            domain=[max(top - PANEL / usable, 0), top],
            anchor="x",
        )
        gone = [day for day, hidden in zip(x, panel.hidden, strict=True) if hidden]
        axis = {"yaxis": f"y{suffix}", "width": width}
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
            withheld_bars(gone, ticks[-1], label, **axis),
        ]
        above = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "xshift": -44, "yshift": 8}
        notes.append(note(f"<b>{plain(panel.name)}</b>", 0, top, font={"size": 13, "color": INK}, **above))
        if panel.values[-1] is not None:
            there = {"yref": f"y{suffix}", "xanchor": "right", "yanchor": "bottom", "xshift": 12}
            last = note(f"<b>{panel.said}</b>", x[-1], panel.values[-1], font={"size": 12, "color": INK}, **there)
            notes.append(last)
    return figure(
        data,
        height=height,
        narrow=narrow,
        margin={"t": 0, "r": 8, "l": 44},
        barmode="overlay",
        annotations=notes,
        xaxis=time_axis(
            months[0],
            next_month(months[-1]),
            words,
            narrow,
            range=[(months[0] - HALF).isoformat(), (months[-1] + HALF).isoformat()],
            anchor=f"y{len(panels) if len(panels) > 1 else ''}",
        ),
        **axes,
    )
