"""Seats: how many invitations were accepted, what is held of what was bought, and what changes hands.

Belongs here: figures of kpi.adoption and kpi.seats. Does not belong here: the monthly review (``reviews``).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import partial

from fellowship_pipeline.dashboard.drawing import (
    count_axis,
    end_dot,
    end_label,
    figure,
    hatched,
    line,
    month_end,
    note,
    time_axis,
)
from fellowship_pipeline.dashboard.figures.wording import ValueColumns, against, shows, stands, titled
from fellowship_pipeline.dashboard.look import AREA, FIRST, FLAT, GREY, INK, INK2, RULE, SECOND
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice

STEPS = (("invited", None), ("accepted", "adoption_rate"), ("activated", "activation_rate"))
"""What becomes of an invitation, and the share of the step before that came so far."""
RECENT = timedelta(days=7)
"""How long before as_of a group's last day may be to be said of today."""
FLOWS = (("accepted", FIRST), ("reclaimed", SECOND), ("returned", GREY))
PER_QUARTER = 3


def adoption(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """Of the invitations sent so far, how many were accepted and led to study; by month in the table."""
    rows = scene.of("adoption", chosen)
    if not rows:
        return None
    last, target = rows[-1], scene.target("adoption_rate")
    value = known(last["adoption_rate"])
    if value is None:
        title = words("adoption.hidden")
    else:
        sentence = "adoption.title" if target is None else "adoption.title_against"
        title = words(sentence, share=words.percent(value, 0)) + against(value, target, words)
    fields = (
        Field("month", words("column.month"), "month"),
        Field("invited", words("column.invited"), "int"),
        Field("accepted", words("column.accepted"), "int"),
        Field("adoption_rate", words("column.adoption_rate"), "rate"),
        Field("activated", words("column.activated"), "int"),
        Field("activation_rate", words("column.activation_rate"), "rate"),
        Field("median_days_to_accept", words("column.days_to_accept"), "decimal"),
    )
    steps = invited_to_held(scene, chosen, last, words)
    return View(
        titled(title, chosen, words),
        words("adoption.subtitle", day=words.day(month_end(last["month"], scene.as_of)))
        + still_open(scene, chosen, words),
        table(fields, rows, words),
        partial(draw_adoption, steps, words) if shows(steps, "count") else None,
    )


def invited_to_held(scene: Scene, chosen: Slice, last: Row, words: Voice) -> list[Row]:
    """What became of the invitations, step by step: how many, and their share of the step before.

    Of seats that are held today there is none: those were accepted at any time, some more than once.
    """
    steps = [
        {"name": words(f"adoption.{step}"), "count": last[step], "share": None if share is None else last[share]}
        for step, share in STEPS
    ]
    holders = scene.of("engagement", chosen)
    if holders and holders[-1]["day"] > scene.as_of - RECENT:
        now = holders[-1]
        steps.append(
            {"name": words("adoption.held", day=words.day(now["day"])), "count": now["holders"], "share": None}
        )
    return steps


def still_open(scene: Scene, chosen: Slice, words: Voice) -> str:
    """Of the whole program, which invitations have no answer yet, and which seats nobody has."""
    rows = scene.rows("seats") if chosen.whole else []
    last = [row for row in rows if row["month"] == rows[-1]["month"]]
    invitations, idle = (sum(row[field] or 0 for row in last) for field in ("invited_open", "idle"))
    if not last or is_hidden(invitations) or is_hidden(idle) or idle < 0:
        return ""
    return " " + words("adoption.open", count=int(invitations)) + " " + words("adoption.idle", count=int(idle))


def draw_adoption(steps: list[Row], words: Voice, narrow: bool) -> Drawing:
    """A bar a step, as long as its part of all who were invited."""
    most = max(known(step["count"]) or 0 for step in steps) or 1
    columns = ValueColumns(
        steps, words, count=("short_seats", words.integer), share=("short_of_previous", words.percent)
    )
    items = [
        Bar(
            step["name"],
            None if known(step["count"]) is None else step["count"] / most,
            columns.cells(step),
            is_hidden(step["count"]),
        )
        for step in steps
    ]
    return bars(items, columns.heads, narrow, rates=False)


def months(rows: list[Row]) -> list[Row]:
    """The pools of each month together; a sum with a withheld part is withheld, capacities are public."""
    groups: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["month"]].append(row)
    fields = ("capacity", "held_start", "held_end", "accepted", "reclaimed", "returned")
    return [
        {"month": month}
        | {
            field: None if any(row[field] is None for row in group) else sum(row[field] for row in group)
            for field in fields
        }
        for month, group in sorted(groups.items())
    ]


def held(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """Seats held at each month's end against the seats bought."""
    rows = scene.rows("seats")
    if not rows:
        return None
    together = months(rows)
    last = together[-1]
    value, capacity = known(last["held_end"]), last["capacity"]
    day = words.day(scene.as_of)
    if value is None:
        title = words("seats.hidden")
    elif capacity:
        title = words("seats.title", held=words.integer(value), capacity=words.integer(capacity), day=day)
    else:
        title = words("seats.title_unbounded", count=int(value), day=day)
    fields = (
        Field("month", words("column.month"), "month"),
        Field("pool", words("column.pool"), "text"),
        Field("capacity", words("column.capacity"), "int"),
        Field("held_start", words("column.held_start"), "int"),
        Field("accepted", words("column.accepted"), "int"),
        Field("reclaimed", words("column.reclaimed"), "int"),
        Field("returned", words("column.returned"), "int"),
        Field("held_end", words("column.held_end"), "int"),
        Field("invited_open", words("column.invited_open"), "int"),
        Field("idle", words("column.idle"), "int"),
        Field("utilization", words("column.utilization"), "rate"),
    )
    return View(
        title,
        words("seats.subtitle", day=day),
        table(fields, rows, words),
        partial(draw_held, together, scene.as_of, words) if shows(together, "held_end") else None,
    )


def draw_held(rows: list[Row], as_of: date, words: Voice, narrow: bool) -> Drawing:
    """Held seats as an area, bought seats as steps above it."""
    first, last = rows[0]["month"], month_end(rows[-1]["month"], as_of)
    days = [first, *(month_end(row["month"], as_of) for row in rows)]
    x = [day.isoformat() for day in days]
    values = [rows[0]["held_start"], *(row["held_end"] for row in rows)]
    y = [known(value) for value in values]
    area = line(x, y, FIRST, words("seats.hover"), fill="tozeroy", fillcolor=AREA)
    steps = [(row["month"], row["capacity"]) for row in rows if row["capacity"] is not None]
    most = max([value for value in y if value is not None] + [capacity for _, capacity in steps] + [1])
    axis = count_axis(most * 1.06, words)
    data, notes = [area], []
    data += hatched(days, [stands(value, words) for value in values], axis["range"][1])
    if steps:
        data.append(
            line(
                [*(day.isoformat() for day, _ in steps), last.isoformat()],
                [*(capacity for _, capacity in steps), steps[-1][1]],
                INK,
                words("seats.hover_capacity"),
                line={"color": INK, "width": 2, "shape": "hv"},
            )
        )
    changes = [step for at, step in enumerate(steps) if at == 0 or step[1] != steps[at - 1][1]]
    span = max((last - first).days, 1)
    for at, (day, capacity) in enumerate(changes):
        until = changes[at + 1][0] if at + 1 < len(changes) else last
        if (until - day).days >= span * (0.22 if narrow else 0.1):
            name = f"<b>{words('seats.steps', count=capacity)}</b>"
            falls = at > 0 and capacity < changes[at - 1][1]
            place = until if falls else day
            side = {"xanchor": "right", "xshift": -2} if falls else {"xanchor": "left", "xshift": 2}
            font = {"size": 12 if narrow else 13, "color": INK}
            notes.append(note(name, place.isoformat(), capacity, yanchor="bottom", yshift=2, font=font, **side))
    if y[-1] is not None:
        data.append(end_dot(x[-1], y[-1], FIRST))
        below = {"yanchor": "top", "yshift": -6, "bgcolor": AREA} if narrow else {}
        notes.append(end_label(words.integer(y[-1]), x[-1], y[-1], FIRST, narrow, **below))
    return figure(
        data,
        height=FLAT,
        narrow=narrow,
        xaxis=time_axis(first, last, words, narrow),
        yaxis=axis,
        annotations=notes,
    )


def quarters(rows: list[Row]) -> list[Row]:
    """Flows of three months each from the first month on, of single months in a short program.

    ``<flow>_open`` says that part of a sum is withheld: it is at least what stands there.
    """
    size = 1 if len(rows) <= 12 else PER_QUARTER
    periods = []
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        period: Row = {"month": part[0]["month"]}
        for flow, _ in FLOWS:
            period[flow] = sum(known(row[flow]) or 0 for row in part)
            period[f"{flow}_open"] = any(is_hidden(row[flow]) for row in part)
        periods.append(period)
    return periods


def flows(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """Seats accepted, taken back and given back."""
    rows = scene.rows("seats")
    if not rows:
        return None
    together = months(rows)
    totals: dict[str, float] = {flow: sum((row[flow] for row in together), start=0) for flow, _ in FLOWS}
    if any(is_hidden(total) for total in totals.values()):
        title = words("flows.hidden")
    else:
        title = words("flows.title", None, **{flow: words.integer(total) for flow, total in totals.items()})
    fields = (
        Field("month", words("column.month"), "month"),
        *(Field(flow, words(f"column.{flow}"), "int") for flow, _ in FLOWS),
    )
    periods = quarters(together)
    per = words("flows.by_quarter" if len(together) > len(periods) else "flows.by_month")
    return View(
        title,
        words("flows.subtitle", month=words.month(together[0]["month"])) + " " + per,
        table(fields, together, words),
        partial(draw_flows, periods, words) if shows(together, *totals) else None,
    )


def draw_flows(periods: list[Row], words: Voice, narrow: bool) -> Drawing:
    """One row of bars a flow, all on one scale."""
    most = max(max(period[flow] for flow, _ in FLOWS) for period in periods) or 1
    tops = [max(max(period[flow] for period in periods) / most, 0.1) for flow, _ in FLOWS]
    gap, bar = 52 if narrow else 26, 76
    height = int(sum(top * bar for top in tops) + gap * len(FLOWS)) + 36
    usable = height - 36 - 4
    x = list(range(len(periods)))
    data: list[DrawnPart] = []
    notes: list[DrawnPart] = []
    axes: dict[str, DrawnPart] = {}
    edge = 1.0
    for at, (flow, color) in enumerate(FLOWS):
        size = tops[at] * bar / usable
        edge -= gap / usable
        domain = [max(edge - size, 0), edge]
        edge -= size
        suffix = "" if at == 0 else str(at + 1)
        axes[f"yaxis{suffix}"] = part(
            domain=domain,
            range=[0, tops[at] * most],
            showgrid=False,
            showticklabels=False,
            zeroline=True,
            zerolinecolor=RULE,
            anchor="x",
        )
        y = [period[flow] for period in periods]
        data.append(part(type="bar", x=x, y=y, yaxis=f"y{suffix}", marker={"color": color}, hoverinfo="skip"))
        above = {"yref": f"y{suffix}", "yanchor": "bottom", "yshift": 1}
        above |= {"font": {"size": 12 if narrow else 13, "color": INK}}
        for place, period in enumerate(periods):
            text = words.integer(period[flow])
            if period[f"{flow}_open"]:
                text = f"≥{text}" if period[flow] else "…"
            notes.append(note(text, place, period[flow], **above))
        where = {"y": domain[1], "yshift": 12} if narrow else {"y": domain[0], "xshift": -92}
        where |= {"xref": "paper", "yref": "paper", "yanchor": "bottom", "xanchor": "left"}
        font = {"size": 13, "color": INK2 if color == GREY else color}
        notes.append(note(f"<b>{words(f'column.{flow}')}</b>", 0, font=font, **where))
    return figure(
        data,
        height=height,
        narrow=narrow,
        margin={"l": 92 if not narrow else 0, "r": 0, "t": 4, "b": 36},
        bargap=0.44,
        annotations=notes,
        xaxis=part(
            tickmode="array",
            tickvals=x,
            ticktext=[
                words.month_name(period["month"])
                + (
                    f"<br>{period['month'].year}"
                    if at == 0 or period["month"].year != periods[at - 1]["month"].year
                    else ""
                )
                for at, period in enumerate(periods)
            ],
            ticks="",
            showline=False,
            range=[-0.5, len(periods) - 0.5],
            anchor="y3",
        ),
        **axes,
    )
