"""The monthly review: what it takes back, and what another minimum would have done.

Belongs here: figures of kpi.review_summary and kpi.what_if. Does not belong here: seats in use (``seats``).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from fellowship_pipeline.dashboard.drawing import (
    count_axis,
    figure,
    hatched,
    hovering,
    plain,
    rule_marks,
    time_axis,
)
from fellowship_pipeline.dashboard.figures.wording import ValueColumns, cell, rule_dates, rule_name, shows, stands
from fellowship_pipeline.dashboard.look import AREA, FIRST, FLAT, INK, SECOND
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program.settings import ReviewRule

SPELLED = 24
"""Up to so many reviews each one's count is written over its bar."""


def reviews(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """How many of the seats judged each month's review takes back."""
    rows = scene.rows("review_summary")
    if not rows:
        return None
    last = rows[-1]
    month = words.month(last["review_month"])
    taken, of = known(last["reclaimed"]), judged(last)
    if taken is None or of is None:
        title = words("reviews.hidden", month=month)
    else:
        title = words("reviews.title", month=month, taken=words.integer(taken), judged=words.integer(of))
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
        table(fields, rows, words),
        partial(
            draw_reviews,
            rows=rows,
            marks=rule_dates(scene, WHOLE, words),
            rules=rules,
            words=words,
        )
        if shows(rows, "reclaimed")
        else None,
    )


def draw_reviews(
    narrow: bool,
    *,
    rows: list[Row],
    marks: list[tuple[date, str]],
    rules: dict[str, str],
    words: Voice,
) -> Drawing:
    """A bar a review before the seats that it judged; several rules of one month stand side by side."""
    names = list(dict.fromkeys(row["rule"] for row in rows))
    months = sorted({row["review_month"] for row in rows})
    crowded = len(months) < len(rows)
    axis = count_axis(max([judged(row) or 0 for row in rows] + [known(row["reclaimed"]) or 0 for row in rows]), words)
    data: list[DrawnPart] = []
    if not crowded:
        x = [row["review_month"].isoformat() for row in rows]
        data.append(part(type="bar", x=x, y=[judged(row) for row in rows], marker={"color": AREA}, hoverinfo="skip"))
    for at, name in enumerate(names):
        mine = [row for row in rows if row["rule"] == name]
        beside = [[_count(judged(row), words), rules.get(name, ""), _share(row, words)] for row in mine]
        counts = [known(row["reclaimed"]) for row in mine]
        data.append(
            part(
                type="bar",
                x=[row["review_month"].isoformat() for row in mine],
                y=counts,
                customdata=beside,
                text=["" if count is None else words.integer(count) for count in counts]
                if len(rows) <= SPELLED
                else None,
                textposition="outside",
                textangle=0,
                textfont={"size": 11, "color": INK},
                cliponaxis=False,
                marker={"color": SECOND if at == len(names) - 1 else FIRST},
                hovertemplate=hovering(words("reviews.hover")),
            )
        )
    first, last = months[0] - timedelta(days=20), months[-1] + timedelta(days=20)
    of_month = [[stands(row["reclaimed"], words) for row in rows if row["review_month"] == month] for month in months]
    hidden = [next(filter(None, said), "") for said in of_month]
    if len(months) > 1:
        data += hatched(months, hidden, axis["range"][1])
    begins = [(day - timedelta(days=15), name) for day, name in marks]
    shapes, notes = rule_marks(begins, first, last, narrow)
    return figure(
        data,
        height=FLAT,
        narrow=narrow,
        margin={"r": 8, "t": 40},
        barmode="group" if crowded else "overlay",
        xaxis=time_axis(first, last, words, narrow),
        yaxis=axis,
        shapes=shapes,
        annotations=notes,
    )


def judged(row: Row) -> float | None:
    """How many seats a review judged: those reviewed less those exempt; None where it is not known."""
    reviewed, exempt = known(row["reviewed"]), known(row["exempt"])
    return None if reviewed is None or exempt is None else reviewed - exempt


def _count(count: float | None, words: Voice) -> str:
    return cell(count, words, words.integer)


def _share(row: Row, words: Voice) -> str:
    return plain(cell(row["reclaim_rate"], words, words.percent))


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
        table(fields, rows, words),
        partial(draw_what_if, latest, current, words) if shown else None,
    )


def draw_what_if(rows: list[Row], current: int, words: Voice, narrow: bool) -> Drawing:
    """A bar a minimum, the one in force in the second color."""
    columns = ValueColumns(
        rows, words, reclaimed=("short_seats", words.integer), reclaim_rate=("short_share", words.percent)
    )
    items = []
    for row in rows:
        in_use = row["minimum_xp"] == current
        items.append(
            Bar(
                words("what_if.row_in_force" if in_use else "what_if.row", xp=words.integer(row["minimum_xp"])),
                known(row["reclaim_rate"]),
                columns.cells(row),
                is_hidden(row["reclaimed"]),
                SECOND if in_use else FIRST,
            )
        )
    return bars(items, columns.heads, narrow, rates=True)
