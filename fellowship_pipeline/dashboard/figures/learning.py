"""Learning: how much is studied and completed each month, on which tracks and courses.

Belongs here: figures of kpi.activity, kpi.tracks and kpi.courses. Does not belong here: who stays (``retention``).
"""

from __future__ import annotations

from functools import partial

from fellowship_pipeline.dashboard.drawing import count_axis, next_month
from fellowship_pipeline.dashboard.figures.wording import ValueColumns, first_of, shows, stands, titled
from fellowship_pipeline.dashboard.panels import Panel, month_panels
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.release.labels import OTHER

MOST = 8
"""Rows drawn of a long list; the table has all."""
MEASURES = ("learners", "xp", "completions")
COMPACT = 10_000
"""From here on a number is written in short."""
COMPLETED = ("completed", "completion_rate", "median_days")
"""Columns of courses that only a source of completions tells."""


def _tells_completions(scene: Scene) -> bool:
    """Whether anything tells that a course was completed: else that nobody did is not known."""
    return scene.configured(("completions",))


def activity(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """Learners, XP and completions by month, as far as a source tells of them."""
    rows = scene.of("activity", chosen)
    if not rows:
        return None
    is_told = _tells_completions(scene)
    measures = MEASURES if is_told else MEASURES[:-1]
    fields = (
        Field("month", words("column.month"), "month"),
        Field("learners", words("column.learners"), "int"),
        Field("active_days", words("column.active_days"), "int"),
        Field("xp", words("column.xp"), "int"),
        Field("minutes", words("column.minutes"), "int"),
        Field("median_xp", words("column.median_xp"), "int"),
        Field("p90_xp", words("column.p90_xp"), "int"),
        Field("completions", words("column.completions"), "int"),
    )[: None if is_told else -1]
    month_is_over = (next_month(scene.as_of) - scene.as_of).days == 1
    partly = "" if month_is_over else " " + words("activity.partly", day=words.day(scene.as_of))
    return View(
        titled(_of_month(rows, words, is_told=is_told), chosen, words),
        words("activity.subtitle") + partly,
        table(fields, rows, words),
        partial(draw_activity, rows, measures, words) if shows(rows, *measures) else None,
    )


def _of_month(rows: list[Row], words: Voice, *, is_told: bool) -> str:
    """What is said of the last month."""
    last, month = rows[-1], words.month(rows[-1]["month"])
    learners, completions = known(last["learners"]), known(last["completions"])
    if learners is None or (completions is None and is_told):
        return words("activity.hidden", month=month)
    if not is_told:
        return words("activity.studied", count=int(learners), month=month)
    completed = words("activity.completions", count=int(completions or 0))
    if any(known(row["learners"]) != 0 for row in rows):
        return words("activity.title", count=int(learners), month=month, completions=completed)
    return words("activity.unstudied", month=month, completions=completed)


def draw_activity(rows: list[Row], measures: tuple[str, ...], words: Voice, narrow: bool) -> Drawing:
    """A panel of bars for each measure, on one time axis."""
    panels = []
    for measure in measures:
        if not shows(rows, measure):
            continue
        values = [known(row[measure]) for row in rows]
        last = values[-1] or 0
        panels.append(
            Panel(
                words(f"activity.panel_{measure}"),
                values,
                [stands(row[measure], words) for row in rows],
                count_axis(max((value for value in values if value is not None), default=1), words),
                words(f"activity.hover_{measure}"),
                words.compact(last) if last >= COMPACT else words.integer(last),
            )
        )
    return month_panels([row["month"] for row in rows], panels, words, narrow, across=len(panels))


def tracks(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """How far the members of each track are."""
    rows = scene.of("tracks", chosen)
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: (-(known(row["median_progress"]) or -1), row["track"]))
    shown = [row for row in rows if known(row["median_progress"]) is not None]
    if not shown:
        is_unknown = all(row["median_progress"] is None for row in rows)
        title = words("tracks.unknown" if is_unknown else "tracks.hidden")
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
    fields = (
        Field("track", words("column.track"), "text"),
        Field("members", words("column.members"), "int"),
        Field("median_progress", words("column.median_progress"), "rate"),
        Field("completed", words("column.completed"), "int"),
        Field("completion_rate", words("column.completion_rate"), "rate"),
    )
    return View(
        titled(title, chosen, words),
        words("tracks.subtitle", day=words.day(scene.as_of)) + first_of(rows, MOST, words),
        table(fields, rows, words),
        partial(draw_tracks, rows[:MOST], words) if shown else None,
    )


def draw_tracks(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """A bar a track."""
    columns = ValueColumns(
        rows,
        words,
        median_progress=("short_median", words.whole),
        members=("short_members", words.integer),
        completed=("short_done", words.integer),
    )
    items = [
        Bar(
            row["track"],
            known(row["median_progress"]),
            columns.cells(row),
            is_hidden(row["median_progress"]) or is_hidden(row["members"]),
        )
        for row in rows
    ]
    return bars(items, columns.heads, narrow, rates=True)


def courses(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """The courses begun most, and how many completed them."""
    rows = scene.rows("courses")
    if not rows:
        return None
    once = {row["course"]: row for row in reversed(rows)}
    ranked = sorted(
        once.values(), key=lambda row: (row["started"] is None, -(known(row["started"]) or -1), row["course"])
    )
    best, is_told = ranked[0], _tells_completions(scene)
    if best["started"] is None:
        title = words("courses.unknown")
    elif known(best["started"]) is None or (known(best["completed"]) is None and is_told):
        title = words("courses.hidden")
    elif not is_told:
        title = words("courses.begun", course=best["course"], started=words.integer(best["started"]))
    else:
        title = words(
            "courses.title",
            course=best["course"],
            started=words.integer(best["started"]),
            completed=words.integer(best["completed"]),
        )
    without = sum(row["started"] is None for row in ranked)
    pooled, other = OTHER[scene.program.languages[0]], words("rows.pooled")
    unknown = " " + words("courses.without_starts", count=without) if without else ""
    fields = (
        Field("course", words("column.course"), "text"),
        Field("track", words("column.track"), "text"),
        Field("started", words("column.started"), "int"),
        Field("completed", words("column.completed"), "int"),
        Field("completion_rate", words("column.completion_rate"), "rate"),
        Field("median_days", words("column.median_days"), "decimal"),
        Field("hours", words("column.hours"), "decimal"),
    )
    subtitle = words("courses.subtitle" if is_told else "courses.subtitle_begun", day=words.day(scene.as_of))
    is_drawn = is_told and shows(ranked[:MOST], "completion_rate", "completed")
    return View(
        title,
        subtitle + unknown + first_of(ranked, MOST, words),
        table(
            tuple(field for field in fields if is_told or field.name not in COMPLETED),
            [row | {"course": other} if row["course"] == pooled else row for row in rows],
            words,
        ),
        partial(draw_courses, ranked[:MOST], words) if is_drawn else None,
    )


def draw_courses(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """A bar a course, as long as its share completed."""
    columns = ValueColumns(
        rows,
        words,
        completion_rate=("short_share", words.whole),
        started=("short_started", words.integer),
        completed=("short_done", words.integer),
    )
    items = [
        Bar(
            row["course"],
            known(row["completion_rate"]),
            columns.cells(row),
            is_hidden(row["started"]) or is_hidden(row["completion_rate"]),
        )
        for row in rows
    ]
    return bars(items, columns.heads, narrow, rates=True)
