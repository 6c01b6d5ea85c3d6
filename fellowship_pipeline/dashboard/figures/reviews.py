"""The monthly review: what it takes back, and what another minimum would have done.

Belongs here: figures of kpi.review_summary and kpi.what_if. Does not belong here: seats in use (``seats``).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from fellowship_pipeline.dashboard.drawing import (
    figure,
    hatched,
    hovering,
    note,
    percent_axis,
    rule_marks,
    time_axis,
)
from fellowship_pipeline.dashboard.figures.wording import rule_dates, rule_name
from fellowship_pipeline.dashboard.look import FIRST, INK, SECOND
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program.settings import ReviewRule


def reviews(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """Share of the seats judged that each month's review takes back."""
    rows = scene.rows("review_summary")
    if not rows:
        return None
    last = rows[-1]
    month = words.month(last["review_month"])
    taken, judged = known(last["reclaimed"]), None
    if taken is not None and known(last["reviewed"]) is not None and known(last["exempt"]) is not None:
        judged = last["reviewed"] - last["exempt"]
    if taken is None or judged is None:
        title = words("reviews.hidden", month=month)
    else:
        title = words("reviews.title", month=month, taken=words.integer(taken), judged=words.integer(judged))
    rules = {rule.id: rule_name(rule, words) for rule in scene.program.review.rules}
    fields = (
        Field("review_month", words("column.review_month"), "month"),
        Field("rule", words("column.rule"), "text"),
        Field("reviewed", words("column.reviewed"), "int"),
        Field("exempt", words("column.exempt"), "int"),
        Field("kept", words("column.kept"), "int"),
        Field("reclaimed", words("column.to_reclaim"), "int"),
        Field("deferred", words("column.deferred"), "int"),
        Field("reclaim_rate", words("column.reclaim_rate"), "rate"),
    )
    budget = words("reviews.budget" if scene.program.review.rotation_budget else "reviews.no_budget")
    return View(
        title,
        words("reviews.subtitle") + " " + budget,
        table(fields, rows, scene.label("operational"), words),
        partial(
            draw_reviews,
            rows=rows,
            marks=rule_dates(scene, WHOLE, words),
            rules=rules,
            label=scene.label("operational"),
            words=words,
        ),
    )


def draw_reviews(
    narrow: bool,
    *,
    rows: list[Row],
    marks: list[tuple[date, str]],
    rules: dict[str, str],
    label: str,
    words: Voice,
) -> Drawing:
    """A bar a review; several rules of one month stand side by side."""
    names = list(dict.fromkeys(row["rule"] for row in rows))
    months = sorted({row["review_month"] for row in rows})
    crowded = len(months) < len(rows)
    data: list[DrawnPart] = []
    for at, name in enumerate(names):
        mine = [row for row in rows if row["rule"] == name]
        data.append(
            part(
                type="bar",
                x=[row["review_month"].isoformat() for row in mine],
                y=[known(row["reclaim_rate"]) for row in mine],
                customdata=[[known(row["reclaimed"]), rules.get(name, "")] for row in mine],
                marker={"color": SECOND if at == len(names) - 1 else FIRST},
                hovertemplate=hovering(words("reviews.hover")),
            )
        )
    first, last = months[0] - timedelta(days=20), months[-1] + timedelta(days=20)
    hidden = [any(is_hidden(row["reclaim_rate"]) for row in rows if row["review_month"] == month) for month in months]
    if len(months) > 1:
        data += hatched(months, hidden, 1, label)
    begins = [(day - timedelta(days=15), name) for day, name in marks]
    shapes, notes = rule_marks(begins, first, last, narrow)
    value = known(rows[-1]["reclaim_rate"])
    if value is not None:
        there = {"xanchor": "right", "yanchor": "bottom", "xshift": 10, "font": {"size": 13, "color": INK}}
        notes.append(note(f"<b>{words.percent(value)}</b>", months[-1].isoformat(), value, **there))
    return figure(
        data,
        height=220,
        narrow=narrow,
        margin={"r": 8, "t": 40},
        barmode="group" if crowded else "overlay",
        xaxis=time_axis(first, last, words, narrow),
        yaxis=percent_axis(),
        shapes=shapes,
        annotations=notes,
    )


def in_force(rules: list[ReviewRule], month: date) -> ReviewRule | None:
    """The latest rule that has begun by a review month."""
    return max((rule for rule in rules if rule.from_ <= month), key=lambda rule: rule.from_, default=None)


def what_if(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """What the latest review would have taken back under other minima."""
    rows = scene.rows("what_if")
    if not rows:
        return None
    month = max(row["review_month"] for row in rows)
    latest = sorted((row for row in rows if row["review_month"] == month), key=lambda row: row["minimum_xp"])
    rule = in_force(scene.rules(WHOLE), month)
    current = int(rule.minimum_xp or 0) if rule else 0
    shown = [row for row in latest if known(row["reclaimed"]) is not None]
    when = words.month(month)
    if not shown:
        title = words("what_if.hidden", month=when)
    else:
        most = shown[-1]
        taken, xp = int(most["reclaimed"]), words.integer(most["minimum_xp"])
        now = next((int(row["reclaimed"]) for row in shown if row["minimum_xp"] == current), None)
        if now is None:
            title = words("what_if.title", count=taken, xp=xp, month=when)
        else:
            title = words("what_if.title_in_force", count=taken, xp=xp, month=when, now=words.integer(now))
    fields = (
        Field("review_month", words("column.review_month"), "month"),
        Field("minimum_xp", words("column.minimum_xp"), "int"),
        Field("reclaimed", words("column.to_reclaim"), "int"),
        Field("reclaim_rate", words("column.reclaim_rate"), "rate"),
    )
    return View(
        title,
        words("what_if.subtitle", month=when),
        table(fields, rows, scene.label("operational"), words),
        partial(draw_what_if, latest, current, scene.label("operational"), words),
    )


def draw_what_if(rows: list[Row], current: int, label: str, words: Voice, narrow: bool) -> Drawing:
    """A bar a minimum, the one in force in the second color."""
    items = []
    for row in rows:
        name = words("what_if.row", xp=words.integer(row["minimum_xp"]))
        in_use = row["minimum_xp"] == current
        rate = known(row["reclaim_rate"])
        hidden = is_hidden(row["reclaimed"])
        items.append(
            Bar(
                words("what_if.row_in_force", xp=words.integer(row["minimum_xp"])) if in_use else name,
                rate,
                (
                    "–" if rate is None else words.percent(rate),
                    shown_as(row["reclaimed"], label)
                    if hidden
                    else "–"
                    if row["reclaimed"] is None
                    else words.integer(row["reclaimed"]),
                ),
                hidden,
                SECOND if in_use else FIRST,
            )
        )
    return bars(items, (words("column.short_share"), words("column.short_seats")), narrow, rates=True)
