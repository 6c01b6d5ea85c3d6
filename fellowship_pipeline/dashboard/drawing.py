"""How every figure is drawn: one way to mark time, targets, rules, ends and withheld figures.

Belongs here: drawing without knowledge of a KPI. Does not belong here: which figure shows what (``figures``), or what
all figures have in common (``look``).
"""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

from fellowship_pipeline.dashboard.look import FIRST, HATCH, INK, INK2, PAGE, TRANSPARENT
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.words import Voice

PATTERN = {"shape": "/", "fgcolor": HATCH, "bgcolor": TRANSPARENT, "size": 7, "solidity": 0.15}
"""Hatch: what is withheld."""


def plain(text: str) -> str:
    """Text from a file as Plotly must show it: Plotly reads some HTML and entities in labels."""
    return html.escape(text, quote=False)


def colored(text: str, color: str) -> str:
    """Text in a color, for a label."""
    return f"<span style='color:{color}'>{text}</span>"


def width_of(text: str) -> int:
    """Its width in Latin characters; a Korean one counts for two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shorten(text: str, units: int) -> str:
    """Text cut to that width."""
    kept = next((at for at in range(len(text)) if width_of(text[: at + 1]) > units), None)
    return text if kept is None else text[: max(kept - 1, 1)].rstrip() + "…"


def in_lines(text: str, units: int, lines: int = 2) -> list[str]:
    """The whole text in lines of at most that width, about equally long, broken between words.

    What is beyond the last line is cut.
    """
    words = text.split()
    count = len(_broken(words, units, lines))
    tried = [_broken(words, width, count) for width in range(width_of(text) // count, units + 1)]
    best = min(tried, key=lambda found: max(map(width_of, found)), default=_broken(words, units, lines))
    return [shorten(line, units) for line in best]


def _broken(words: Sequence[str], units: int, lines: int) -> list[str]:
    """Words in lines of at most that width; the last line has all that is left."""
    found = [""]
    for word in words:
        longer = f"{found[-1]} {word}".strip()
        if width_of(longer) <= units or not found[-1] or len(found) == lines:
            found[-1] = longer
        else:
            found.append(word)
    return found


def figure(
    data: Sequence[DrawnPart],
    *,
    height: int,
    narrow: bool,
    margin: dict[str, int] | None = None,
    **layout: Any,
) -> Drawing:
    """A figure of the page's width and this height; end labels get a margin where there is room for one."""
    room = {"r": 8 if narrow else 92} | (margin or {})
    return {"data": list(data), "layout": part(layout, height=height, margin=room)}


def next_month(day: date, months: int = 1) -> date:
    """The 1st of a month that many months on."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date, as_of: date) -> date:
    """The month's last day, or ``as_of`` where that is earlier."""
    return min(next_month(month) - timedelta(days=1), as_of)


def time_axis(first: date, last: date, words: Voice, narrow: bool, **more: Any) -> DrawnPart:
    """An axis from day to day with a few months named, the year where it begins to be needed."""
    start = first if first.day == 1 else next_month(first)
    months = [start]
    while (month := next_month(months[-1])) <= last:
        months.append(month)
    step = next((step for step in (1, 2, 3, 6, 12, 24) if len(months) / step <= (3 if narrow else 9)), 48)
    shown = [month for month in months[::step] if (last - month).days >= (last - first).days * 0.04 or len(months) == 1]
    labels = [
        words.month_short(month) if at == 0 or narrow or month.year != shown[at - 1].year else words.month_name(month)
        for at, month in enumerate(shown)
    ]
    described = {
        "type": "date",
        "range": [first.isoformat(), last.isoformat()],
        "tickmode": "array",
        "tickvals": [month.isoformat() for month in shown],
        "ticktext": labels,
    }
    return part(described | more)


def percent_axis(ticks: Sequence[float] = (0, 0.25, 0.5, 0.75, 1), **more: Any) -> DrawnPart:
    """0 to 100%."""
    return part(
        range=[0, 1], tickmode="array", tickvals=list(ticks), ticktext=[f"{tick:.0%}" for tick in ticks], **more
    )


def count_axis(most: float, words: Voice) -> DrawnPart:
    """From 0 over the greatest value, with at most four lines."""
    top = max(most, 1)
    magnitude = 10 ** math.floor(math.log10(top / 4)) if top >= 4 else 1
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude * 4 >= top and (m * magnitude) % 1 == 0)
    ticks = [step * n for n in range(math.ceil(top / step) + 1)]
    return part(
        range=[0, ticks[-1] * 1.02],
        tickmode="array",
        tickvals=ticks,
        ticktext=[words.compact(tick) if tick >= 10_000 else words.integer(tick) for tick in ticks],
    )


def note(text: str, x: Any, y: Any, **more: Any) -> DrawnPart:
    """A label on the drawing."""
    return part(text=text, x=x, y=y, showarrow=False, **more)


def rule_marks(
    rules: Sequence[tuple[date, str]], first: date, last: date, narrow: bool
) -> tuple[list[DrawnPart], list[DrawnPart]]:
    """Dotted lines where a review rule begins, named above the plot: shapes and notes."""
    inside = [(day, name) for day, name in rules if first <= day <= last]
    span = max((last - first).days, 1)
    shapes, notes = [], []
    for at, (day, name) in enumerate(inside):
        crowded = at > 0 and (day - inside[at - 1][0]).days < span * (0.45 if narrow else 0.2)
        raised = 14 * (at % 2 if crowded else 0)
        late = (last - day).days < span * (0.4 if narrow else 0.12)
        shapes.append(
            part(
                type="line",
                x0=day.isoformat(),
                x1=day.isoformat(),
                y0=0,
                y1=1,
                yref="paper",
                line={"color": INK2, "dash": "dot", "width": 1.5},
            )
        )
        notes.append(
            note(
                name,
                day.isoformat(),
                1,
                yref="paper",
                xanchor="right" if late else "left",
                yanchor="bottom",
                yshift=2 + raised,
                xshift=4 if late else -4,
            )
        )
    return shapes, notes


def target_line(value: float, text: str, narrow: bool, *, avoid: float | None = None) -> tuple[DrawnPart, DrawnPart]:
    """A dashed line across, its value at the end; moved aside where the series ends at the same height."""
    close = avoid is not None and abs(avoid - value) < 0.07
    below = avoid is not None and avoid >= value
    shape = part(
        type="line", xref="paper", x0=0, x1=1, y0=value, y1=value, line={"color": INK, "dash": "5px,4px", "width": 1}
    )
    where: dict[str, Any]
    if narrow:
        where = {"xanchor": "right", "yanchor": "top" if below else "bottom"}
    else:
        where = {"xanchor": "left", "xshift": 10, "yanchor": "middle"}
        if close:
            where["yshift"] = -12 if below else 12
    return shape, note(text, 1, value, xref="paper", font={"size": 12, "color": INK}, **where)


def end_label(text: str, x: str, y: float, color: str, narrow: bool, **more: Any) -> DrawnPart:
    """A series' last value beside its last point; above it on a narrow screen."""
    where: dict[str, Any] = (
        {"xanchor": "right", "yanchor": "bottom", "yshift": 5, "bgcolor": PAGE, "borderpad": 1}
        if narrow
        else {"xanchor": "left", "yanchor": "middle", "xshift": 10}
    )
    return note(f"<b>{text}</b>", x, y, font={"size": 13, "color": color}, **(where | more))


def hovering(text: str) -> str:
    """The template of what a point says when pointed at."""
    return f"{text}<extra></extra>"


def line(
    x: list[Any], y: list[float | None], color: str, hover: str, customdata: list[Any] | None = None, **more: Any
) -> DrawnPart:
    """A series that runs through the days it is known on; says nothing when pointed at where ``hover`` is empty."""
    said = {"hovertemplate": hovering(hover)} if hover else {"hoverinfo": "skip"}
    drawn = {"mode": "lines", "line": {"color": color, "width": 2.5}} | said
    return part({"type": "scatter"} | drawn | more, x=x, y=y, customdata=customdata)


def steps(
    x: list[Any], y: list[float | None], color: str, hover: str, customdata: list[Any]
) -> tuple[DrawnPart, DrawnPart]:
    """A series that holds each value until the next one; dotted over those that are not known."""
    there = [at for at, value in enumerate(y) if value is not None]
    gaps = [(before, after) for before, after in pairwise(there) if after - before > 1]
    across = line(
        [point for before, after in gaps for point in (x[before], x[after], None)],
        [point for before, after in gaps for point in (y[before], y[after], None)],
        color,
        "",
        line={"color": color, "width": 1.25, "dash": "dot"},
    )
    held = line(
        x,
        y,
        color,
        hover,
        customdata,
        mode="lines+markers",
        marker={"color": color, "size": 7},
        line={"color": color, "width": 2.5, "shape": "hv"},
        cliponaxis=False,
    )
    return across, held


def end_dot(x: Any, y: float | None, color: str) -> DrawnPart:
    """The point a series ends on; none where that is not known."""
    return part(
        type="scatter",
        mode="markers",
        x=[] if y is None else [x],
        y=[] if y is None else [y],
        marker={"color": color, "size": 8},
        cliponaxis=False,
        hoverinfo="skip",
    )


def rate_figure(
    data: Sequence[DrawnPart],
    ends_on: tuple[str, float | None],
    target: float | None,
    words: Voice,
    narrow: bool,
    *,
    shapes: Sequence[DrawnPart] = (),
    annotations: Sequence[DrawnPart] = (),
    **layout: Any,
) -> Drawing:
    """A rate over time, with its last value at its end and its target across."""
    at, value = ends_on
    shapes, notes = list(shapes), list(annotations)
    if value is not None:
        notes.append(end_label(words.percent(value), at, value, FIRST, narrow))
    if target is not None:
        shape, text = target_line(target, words("target", target=words.target(target)), narrow, avoid=value)
        shapes.append(shape)
        notes.append(text)
    data = [*data, end_dot(at, value, FIRST)]
    return figure(data, narrow=narrow, yaxis=percent_axis(), shapes=shapes, annotations=notes, **layout)


def withheld_bars(x: list[Any], top: float, labels: list[str], **more: Any) -> DrawnPart:
    """Hatched bars where a figure is not shown, with what stands for it on hover."""
    return part(
        type="bar",
        x=x,
        y=[top] * len(x),
        marker={"color": TRANSPARENT, "pattern": PATTERN},
        customdata=[plain(label) for label in labels],
        hovertemplate=hovering("%{customdata}"),
        **more,
    )


def hatched(days: list[date], hidden: list[str], top: float) -> tuple[DrawnPart, DrawnPart]:
    """Hatch over the days whose figure is not shown, with what stands for it on hover; without points where none is.

    ``hidden``: what stands for each day's figure, nothing where it is shown.
    """

    def edge(at: int) -> str:
        """Where the days from that one on begin: halfway from the one before, if there is one."""
        before, after = days[max(at - 1, 0)], days[min(at, len(days) - 1)]
        return (before + (after - before) / 2).isoformat()

    x: list[str | None] = []
    for gone, run in groupby(range(len(days)), key=lambda at: bool(hidden[at])):
        if gone:
            at = list(run)
            left, right = edge(at[0]), edge(at[-1] + 1)
            x += [left, left, right, right, None]
    y: list[float | None] = [0, top, top, 0, None] * (len(x) // 5)
    band = part(
        type="scatter",
        mode="lines",
        x=x,
        y=y,
        line={"width": 0},
        fill="toself",
        fillcolor=TRANSPARENT,
        fillpattern=PATTERN,
        hoverinfo="skip",
    )
    points = [(day.isoformat(), said) for day, said in zip(days, hidden, strict=True) if said]
    hover = part(
        type="scatter",
        mode="markers",
        x=[day for day, _ in points],
        y=[top / 2] * len(points),
        customdata=[plain(said) for _, said in points],
        marker={"opacity": 0},
        hovertemplate=hovering("%{customdata}"),
    )
    return band, hover
