"""Learning: how much is studied and completed each month, on which tracks and courses.

Belongs here: figures of kpi.activity, kpi.tracks and kpi.courses. Does not belong here: who stays (``retention``).
"""

from __future__ import annotations

from datetime import date
from functools import partial

from fellowship_pipeline.dashboard.drawing import (
    FIRST,
    INK,
    PATTERN,
    TRANSPARENT,
    count_axis,
    figure,
    hovering,
    next_month,
    note,
    plain,
    time_axis,
)
from fellowship_pipeline.dashboard.figures.wording import titled
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.view import Column, Plot, View, table
from fellowship_pipeline.dashboard.words import DASH, Words

MOST = 12
"""Rows drawn of a long list; the table has all."""


def activity(scene: Scene, chosen: Slice, words: Words) -> View | None:
    """Learners, XP and completions by month."""
    rows = scene.of("activity", chosen)
    if not rows:
        return None
    last = rows[-1]
    learners, completions = known(last["learners"]), known(last["completions"])
    month = words.month(last["month"])
    if learners is None or completions is None:
        title = words("activity.hidden", month=month)
    else:
        title = words(
            "activity.title",
            count=int(learners),
            month=month,
            completions=words("activity.completions", count=int(completions)),
        )
    columns = (
        Column("month", words("column.month"), "month"),
        Column("learners", words("column.learners"), "int"),
        Column("active_days", words("column.active_days"), "int"),
        Column("xp", words("column.xp"), "int"),
        Column("minutes", words("column.minutes"), "int"),
        Column("median_xp", words("column.median_xp"), "int"),
        Column("p90_xp", words("column.p90_xp"), "int"),
        Column("completions", words("column.completions"), "int"),
    )
    month_is_over = (next_month(scene.as_of) - scene.as_of).days == 1
    partly = "" if month_is_over else " " + words("activity.partly", day=words.day(scene.as_of))
    return View(
        titled(title, chosen, words),
        words("activity.subtitle") + partly,
        table(columns, rows, scene.label("operational"), words),
        partial(draw_activity, rows, scene.as_of, scene.label("operational"), words),
    )


def draw_activity(rows: list[Row], as_of: date, label: str, words: Words, narrow: bool) -> Plot:
    """A panel of bars for each measure, on one time axis."""
    measures = [name for name in ("learners", "xp", "completions") if any(row[name] is not None for row in rows)]
    x = [row["month"].isoformat() for row in rows]
    panel, head = 84, 34
    height = (panel + head) * len(measures) + 28
    usable = height - 28
    data: list[Plot] = []
    notes: list[Plot] = []
    axes: Plot = {}
    for at, measure in enumerate(measures):
        suffix = "" if at == 0 else str(at + 1)
        top = 1 - (at * (panel + head) + head) / usable
        values = [known(row[measure]) for row in rows]
        hidden = [is_hidden(row[measure]) for row in rows]
        axis = count_axis(max((value for value in values if value is not None), default=1), words)
        ticks = axis["tickvals"]
        axis |= {"tickvals": [0, ticks[-1]], "ticktext": [axis["ticktext"][0], axis["ticktext"][-1]]}
        axes[f"yaxis{suffix}"] = axis | {"domain": [max(top - panel / usable, 0), top], "anchor": "x"}
        data.append(
            {
                "type": "bar",
                "x": x,
                "y": values,
                "yaxis": f"y{suffix}",
                "marker": {"color": FIRST},
                **hovering(words(f"activity.hover_{measure}")),
            }
        )
        if any(hidden):
            data.append(
                {
                    "type": "bar",
                    "x": [day for day, gone in zip(x, hidden, strict=True) if gone],
                    "y": [ticks[-1]] * sum(hidden),
                    "yaxis": f"y{suffix}",
                    "marker": {"color": TRANSPARENT, "pattern": PATTERN},
                    **hovering(plain(label)),
                }
            )
        notes.append(
            note(f"<b>{words(f'activity.panel_{measure}')}</b>", 0, top, xref="paper", yref="paper")
            | {"xanchor": "left", "yanchor": "bottom", "xshift": -44, "yshift": 6, "font": {"size": 13, "color": INK}}
        )
        if values[-1] is not None:
            said = words.compact(values[-1]) if values[-1] >= 10_000 else words.integer(values[-1])
            notes.append(
                note(
                    f"<b>{said}</b>", x[-1], values[-1], yref=f"y{suffix}", yanchor="bottom", xanchor="right", xshift=12
                )
                | {"font": {"size": 12, "color": INK}}
            )
    first, last = rows[0]["month"], rows[-1]["month"]
    span = time_axis(first, max(last, next_month(first)), words, narrow)
    half = 16
    span["range"] = [_shift(first, -half), _shift(last, half)]
    return figure(
        data,
        height=height,
        narrow=narrow,
        margin={"t": 0, "r": 8, "l": 44},
        barmode="overlay",
        annotations=notes,
        xaxis=span | {"anchor": f"y{len(measures) if len(measures) > 1 else ''}"},
        **axes,
    )


def _shift(day: date, days: int) -> str:
    return date.fromordinal(day.toordinal() + days).isoformat()


def tracks(scene: Scene, chosen: Slice, words: Words) -> View | None:
    """How far the members of each track are."""
    rows = scene.of("tracks", chosen)
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: (-(known(row["median_progress"]) or -1), row["track"]))
    shown = [row for row in rows if known(row["median_progress"]) is not None]
    if not shown:
        title = words("tracks.hidden")
    elif len(shown) == 1:
        title = words("tracks.one", track=shown[0]["track"], share=words.percent(shown[0]["median_progress"], 0))
    else:
        title = words(
            "tracks.title",
            first=shown[0]["track"],
            high=words.percent(shown[0]["median_progress"], 0),
            last=shown[-1]["track"],
            low=words.percent(shown[-1]["median_progress"], 0),
        )
    columns = (
        Column("track", words("column.track"), "text"),
        Column("members", words("column.members"), "int"),
        Column("median_progress", words("column.median_progress"), "rate"),
        Column("completed", words("column.completed"), "int"),
        Column("completion_rate", words("column.completion_rate"), "rate"),
    )
    return View(
        titled(title, chosen, words),
        words("tracks.subtitle", day=words.day(scene.as_of)) + _first_of(rows, words),
        table(columns, rows, scene.label("operational"), words),
        partial(draw_tracks, rows[:MOST], scene.label("operational"), words),
    )


def _first_of(rows: list[Row], words: Words) -> str:
    return " " + words("rows.first", count=MOST, all=words.integer(len(rows))) if len(rows) > MOST else ""


def _cell(value: object, label: str, words: Words) -> str:
    if is_hidden(value):
        return shown_as(value, label)
    return DASH if value is None else words.integer(float(str(value)))


def _share(value: float | None, words: Words) -> str:
    return DASH if known(value) is None or value is None else words.percent(value, 0)


def draw_tracks(rows: list[Row], label: str, words: Words, narrow: bool) -> Plot:
    """A bar a track."""
    items = [
        Bar(
            row["track"],
            known(row["median_progress"]),
            (
                _share(row["median_progress"], words),
                _cell(row["members"], label, words),
                _cell(row["completed"], label, words),
            ),
            is_hidden(row["median_progress"]) or is_hidden(row["members"]),
        )
        for row in rows
    ]
    heads = (words("column.short_median"), words("column.short_members"), words("column.short_done"))
    return bars(items, heads, narrow, rates=True)


def courses(scene: Scene, _chosen: Slice, words: Words) -> View | None:
    """The courses begun most, and how many completed them."""
    rows = scene.rows("courses")
    if not rows:
        return None
    once = {row["course"]: row for row in reversed(rows)}
    ranked = sorted(once.values(), key=lambda row: (-(known(row["started"]) or -1), row["course"]))
    best = ranked[0]
    if known(best["started"]) is None or known(best["completed"]) is None:
        title = words("courses.hidden")
    else:
        title = words(
            "courses.title",
            course=best["course"],
            started=words.integer(best["started"]),
            completed=words.integer(best["completed"]),
        )
    columns = (
        Column("course", words("column.course"), "text"),
        Column("track", words("column.track"), "text"),
        Column("started", words("column.started"), "int"),
        Column("completed", words("column.completed"), "int"),
        Column("completion_rate", words("column.completion_rate"), "rate"),
        Column("median_days", words("column.median_days"), "decimal"),
        Column("hours", words("column.hours"), "decimal"),
    )
    return View(
        title,
        words("courses.subtitle", day=words.day(scene.as_of)) + _first_of(ranked, words),
        table(columns, rows, scene.label("operational"), words),
        partial(draw_courses, ranked[:MOST], scene.label("operational"), words),
    )


def draw_courses(rows: list[Row], label: str, words: Words, narrow: bool) -> Plot:
    """A bar a course, as long as its share completed."""
    items = [
        Bar(
            row["course"],
            known(row["completion_rate"]),
            (
                _share(row["completion_rate"], words),
                _cell(row["started"], label, words),
                _cell(row["completed"], label, words),
            ),
            is_hidden(row["started"]) or is_hidden(row["completion_rate"]),
        )
        for row in rows
    ]
    heads = (words("column.short_share"), words("column.short_started"), words("column.short_done"))
    return bars(items, heads, narrow, rates=True)
