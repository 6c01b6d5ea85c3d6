"""Engagement: who of the seat holders learned within the window, over time and by study mode.

Belongs here: figures of kpi.engagement. Does not belong here: what was learned (``learning``).
"""

from __future__ import annotations

from datetime import date
from functools import partial

from fellowship_pipeline.dashboard.drawing import (
    end_dot,
    figure,
    hatched,
    line,
    note,
    percent_axis,
    plain,
    rate_figure,
    rule_marks,
    time_axis,
)
from fellowship_pipeline.dashboard.figures.wording import rule_dates, shows, slice_name, stands, titled
from fellowship_pipeline.dashboard.look import FIRST, FLAT, GREY, INK, SECOND
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.scene import NOBODY, WHOLE, Row, Scene, Slice, known
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice

DAILY = 120
"""Programs up to this many days are drawn by day, longer ones by week."""

WEEK = 7


def sampled(rows: list[Row], as_of: date, days: int) -> list[Row]:
    """Every day of a short program; of a longer one the days whole weeks before ``as_of``; of slices every week."""
    step = 1 if days <= DAILY or not all(row["slice_by"] == "all" for row in rows) else WEEK
    return [row for row in rows if (as_of - row["day"]).days % step == 0]


def span(scene: Scene) -> tuple[date, date]:
    """First and last day that anybody held a seat on."""
    days = [row["day"] for row in scene.of("engagement", WHOLE)]
    return min(days), max(days)


def held_since(rows: list[Row], target: float) -> date | None:
    """The first day of the last unbroken run at or above the target; None where the last day is below."""
    since = None
    for row in reversed(rows):
        rate = known(row["engagement_rate"])
        if rate is None or rate < target:
            break
        since = row["day"]
    return since


def finding(rows: list[Row], as_of: date, target: float | None, window: int, words: Voice) -> str:
    """What the latest rate says, and since when it reaches the target."""
    value = known(rows[-1]["engagement_rate"])
    if value is None:
        return words("engagement.hidden")
    share = words.percent(value, 0)
    if rows[-1]["day"] < as_of:
        return words("engagement.past", count=window, share=share, day=words.day(rows[-1]["day"]))
    if target is None:
        return words("engagement.title", count=window, share=share)
    said = words("engagement.title_against", count=window, share=share)
    since = held_since(rows, target)
    if since is None:
        return said + words("against.missed", target=words.target(target))
    if since == rows[0]["day"]:
        return said + words("engagement.always", target=words.target(target))
    return said + words("engagement.since", target=words.target(target), month=words.month(since))


def engagement(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """The rate by week, against its target and the whole program."""
    everybody = scene.of("engagement", WHOLE)
    if not everybody:
        return None
    first, last = span(scene)
    rows = sampled(scene.of("engagement", chosen), scene.as_of, (last - first).days)
    if not rows:
        return None
    window, target = scene.program.engagement.window_days, scene.target("engagement_rate")
    holders = known(rows[-1]["holders"])
    base = "" if holders is None else " " + words("engagement.base", count=int(holders), day=words.day(rows[-1]["day"]))
    fields = (
        Field("day", words("column.day"), "day"),
        Field("holders", words("column.holders"), "int"),
        Field("active", words("column.active", count=window), "int"),
        Field("engagement_rate", words("column.engagement_rate"), "rate"),
    )
    behind = [] if chosen.whole else sampled(everybody, scene.as_of, (last - first).days)
    is_daily = chosen.whole and (last - first).days <= DAILY
    rhythm = words("engagement.by_day" if is_daily else "engagement.by_week")
    return View(
        titled(finding(rows, scene.as_of, target, window, words), chosen, words),
        words("engagement.subtitle", count=window)
        + " "
        + rhythm
        + base
        + ("" if chosen.whole else " " + words("engagement.behind")),
        table(fields, rows, words),
        partial(
            draw_engagement,
            rows=rows,
            behind=behind,
            days=(first, last),
            target=target,
            rules=rule_dates(scene, chosen, words),
            words=words,
        )
        if shows(rows, "engagement_rate")
        else None,
    )


def backdrop(rows: list[Row]) -> DrawnPart:
    """The rates of the whole program as a thin grey line."""
    days, rates = [row["day"].isoformat() for row in rows], [known(row["engagement_rate"]) for row in rows]
    return line(days, rates, GREY, "", line={"color": GREY, "width": 1.25})


def draw_engagement(
    narrow: bool,
    *,
    rows: list[Row],
    behind: list[Row],
    days: tuple[date, date],
    target: float | None,
    rules: list[tuple[date, str]],
    words: Voice,
) -> Drawing:
    """The line, the whole program in grey behind it, target dashed, rule changes dotted."""
    x = [row["day"].isoformat() for row in rows]
    y = [known(row["engagement_rate"]) for row in rows]
    counts = [[known(row["active"]), known(row["holders"])] for row in rows]
    data = [backdrop(behind), line(x, y, FIRST, words("engagement.hover"), counts)]
    data += hatched([row["day"] for row in rows], [stands(row["engagement_rate"], words) for row in rows], 1)
    shapes, notes = rule_marks(rules, *days, narrow)
    return rate_figure(
        data,
        (x[-1], y[-1]),
        target,
        words,
        narrow,
        height=FLAT,
        margin={"t": 40 if rules else 22},
        xaxis=time_axis(*days, words, narrow),
        shapes=shapes,
        annotations=notes,
    )


def modes(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """The same by study mode, each on the same scales with everybody in grey; of the whole program only."""
    kinds = [
        one for one in scene.slices if one.kind == "study_mode" and one.name != NOBODY and scene.of("engagement", one)
    ]
    if not chosen.whole or len(kinds) < 2:
        return None
    first, last = span(scene)
    length = (last - first).days
    series = {one: sampled(scene.of("engagement", one), scene.as_of, length) for one in kinds}
    series = {one: rows for one, rows in series.items() if rows}
    shown = sorted(
        (
            (known(rows[-1]["engagement_rate"]), slice_name(one, words))
            for one, rows in series.items()
            if known(rows[-1]["engagement_rate"]) is not None and rows[-1]["day"] == last
        ),
        reverse=True,
    )
    if len(shown) < 2:
        title = words("modes.hidden")
    else:
        (high, top), (low, bottom) = shown[0], shown[-1]
        title = words(
            "modes.title", top=top, high=words.percent(high or 0, 0), bottom=bottom, low=words.percent(low or 0, 0)
        )
    fields = (
        Field("day", words("column.day"), "day"),
        Field("mode", words("column.study_mode"), "text"),
        Field("holders", words("column.holders"), "int"),
        Field("active", words("column.active", count=scene.program.engagement.window_days), "int"),
        Field("engagement_rate", words("column.engagement_rate"), "rate"),
    )
    named = [row | {"mode": slice_name(one, words)} for one, rows in series.items() for row in rows]
    everybody = sampled(scene.of("engagement", WHOLE), scene.as_of, length)
    panels = [(slice_name(one, words), rows) for one, rows in series.items()]
    return View(
        title,
        words("modes.subtitle"),
        table(fields, named, words),
        partial(
            draw_modes,
            panels=panels,
            everybody=everybody,
            days=(first, last),
            words=words,
        )
        if shows(named, "engagement_rate")
        else None,
    )


def draw_modes(
    narrow: bool,
    *,
    panels: list[tuple[str, list[Row]]],
    everybody: list[Row],
    days: tuple[date, date],
    words: Voice,
) -> Drawing:
    """Panels side by side, one below the other where narrow."""
    count = len(panels)
    gap = 0.13
    width = 1 if narrow else (1 - gap * (count - 1)) / count
    head, foot = 40, 28
    panel = FLAT - head - foot
    pitch = panel + head + foot
    height = pitch * (count if narrow else 1)
    usable = height - head - foot
    data: list[DrawnPart] = []
    notes: list[DrawnPart] = []
    axes: dict[str, DrawnPart] = {}
    for at, (name, rows) in enumerate(panels):
        suffix = "" if at == 0 else str(at + 1)
        left = 0 if narrow else at * (width + gap)
        top = 1 - at * pitch / usable if narrow else 1
        bottom = max(top - panel / usable, 0)
        color = SECOND if at % 2 else FIRST
        x = [row["day"].isoformat() for row in rows]
        y = [known(row["engagement_rate"]) for row in rows]
        counts = [[known(row["active"]), known(row["holders"])] for row in rows]
        days_of = [row["day"] for row in rows]
        hidden = [stands(row["engagement_rate"], words) for row in rows]
        value = y[-1]
        data += [
            part(trace, xaxis=f"x{suffix}", yaxis=f"y{suffix}")
            for trace in (
                backdrop(everybody),
                line(x, y, color, words("engagement.hover"), counts),
                *hatched(days_of, hidden, 1),
                end_dot(x[-1], value, color),
            )
        ]
        said = hidden[-1] or ("–" if value is None else words.percent(value))
        side = {"xref": f"x{suffix} domain", "y": top, "yref": "paper", "yanchor": "bottom", "yshift": 8}
        notes += [
            note(f"<b>{plain(name)}</b>", 0, xanchor="left", xshift=-42, font={"size": 13, "color": INK}, **side),
            note(f"<b>{plain(said)}</b>", 1, xanchor="right", font={"size": 13, "color": color}, **side),
        ]
        axes[f"xaxis{suffix}"] = time_axis(*days, words, True, domain=[left, left + width], anchor=f"y{suffix}")
        axes[f"yaxis{suffix}"] = percent_axis((0, 0.5, 1), domain=[bottom, top], anchor=f"x{suffix}")
    return figure(data, height=height, narrow=narrow, margin={"t": head, "r": 8, "b": foot}, annotations=notes, **axes)
