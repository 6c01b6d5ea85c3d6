"""Selection as a whole: from the application to placement, and which channels applicants came by.

Belongs here: figures of kpi.funnel and kpi.application_channels. Does not belong here: results stage by stage
(``applications``).
"""

from __future__ import annotations

from functools import partial

from fellowship_pipeline.dashboard.figures.cohort import OneCohort
from fellowship_pipeline.dashboard.figures.wording import cells, first_of
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import NOBODY, Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View
from fellowship_pipeline.dashboard.words import Voice

MOST = 12
AFTER = ("completed", "certified", "placed")
"""Stages that follow the application's own."""


def stage_name(row: Row, words: Voice) -> str:
    """A stage after selection in the page's language, one of the application as it is named."""
    return words(f"funnel.{row['stage']}") if row["stage"] in AFTER else str(row["stage"])


def stage(row: Row) -> tuple[str, int]:
    """Orders stages by cohort, then as they follow each other."""
    return row["cohort"], row["position"]


def funnel(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A bar for all who applied, then one a stage for those who passed it and all before."""
    of = OneCohort(scene, "funnel", chosen, words, shows=("passed",), order=stage)
    rows = of.rows
    if not rows:
        return None
    applicants, told = known(rows[0]["applicants"]), [row for row in rows if known(row["passed"]) is not None]
    if applicants is None or not told:
        title = words("funnel.hidden")
    else:
        title = words(
            "funnel.title",
            applicants=words.integer(applicants),
            last=words.integer(told[-1]["passed"]),
            stage=stage_name(told[-1], words),
        )
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("applicants", words("column.applicants"), "int"),
        Field("stage", words("column.stage"), "text"),
        Field("passed", words("column.passed"), "int"),
        Field("share_of_previous", words("column.share_of_previous"), "share"),
        Field("share_of_first", words("column.share_of_first"), "share"),
        Field("median_days", words("column.stage_days"), "decimal"),
    )
    return of.view(
        title,
        words("funnel.subtitle"),
        fields,
        [row | {"stage": stage_name(row, words)} for row in sorted(of.listed, key=stage)],
        partial(draw_funnel, rows, of.label, words),
    )


def draw_funnel(rows: list[Row], label: str, words: Voice, narrow: bool) -> Drawing:
    """Bars on the scale of all who applied, who have one of their own unless all of them passed the first stage."""
    everybody = {"stage": words("funnel.everybody"), "passed": rows[0]["applicants"]}
    first = {"share_of_previous": None, "median_days": None}
    listed = rows if rows[0]["passed"] == rows[0]["applicants"] else [everybody | first, *rows]
    most = max(known(row["passed"]) or 0 for row in listed) or 1
    items = [
        Bar(
            stage_name(row, words),
            None if known(row["passed"]) is None else row["passed"] / most,
            cells(row, label, words, passed=words.integer, share_of_previous=words.whole, median_days=words.decimal),
            is_hidden(row["passed"]),
        )
        for row in listed
    ]
    heads = (words("column.short_people"), words("column.short_of_previous"), words("column.short_days"))
    return bars(items, heads, narrow, rates=False)


def most_applicants(row: Row) -> tuple[float, str, str]:
    """Orders channels by their applicants, withheld ones last."""
    return -(known(row["applicants"]) or -1), row["channel"], row["role"]


def channels(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A bar a channel: how many of its applicants were accepted."""
    of = OneCohort(scene, "application_channels", chosen, words, shows=("applicants",), order=most_applicants)
    rows = of.rows
    if not rows:
        return None
    first = rows[0]
    if known(first["applicants"]) is None:
        title = words("channels.hidden")
    else:
        applicants = words.integer(first["applicants"])
        title = words("channels.title", channel=said(first["channel"], words), applicants=applicants)
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("role", words("column.role"), "text"),
        Field("channel", words("column.channel"), "text"),
        Field("applicants", words("column.applicants"), "int"),
        Field("accepted", words("column.admitted"), "int"),
        Field("acceptance_rate", words("column.acceptance_rate"), "share"),
        Field("median_days_to_decision", words("column.days_to_decision"), "decimal"),
        Field("unanswered", words("column.unanswered"), "int"),
    )
    return of.view(
        title,
        words("channels.subtitle") + first_of(rows, MOST, words),
        fields,
        [row | {"role": said(row["role"], words), "channel": said(row["channel"], words)} for row in of.listed],
        partial(draw_channels, rows[:MOST], of.label, words),
    )


def said(name: str, words: Voice) -> str:
    """A channel or role as it is named, words where nobody said."""
    return words("channels.none") if name == NOBODY else name


def draw_channels(rows: list[Row], label: str, words: Voice, narrow: bool) -> Drawing:
    """Most applicants first; the role beside the channel where there are several."""
    several = len({row["role"] for row in rows}) > 1
    items = [
        Bar(
            said(row["channel"], words) + (f" · {said(row['role'], words)}" if several else ""),
            known(row["acceptance_rate"]),
            cells(row, label, words, acceptance_rate=words.whole, applicants=words.integer, unanswered=words.integer),
            is_hidden(row["acceptance_rate"]),
        )
        for row in rows
    ]
    heads = (words("column.short_accepted"), words("column.short_applicants"), words("column.short_unanswered"))
    return bars(items, heads, narrow, rates=True)
