"""Selection as a whole: from the application to placement, and which channels applicants came by.

Belongs here: figures of kpi.funnel and kpi.application_channels. Does not belong here: results stage by stage
(``applications``).
"""

from __future__ import annotations

from functools import partial

from fellowship_pipeline.dashboard.figures.cohort import OneCohort
from fellowship_pipeline.dashboard.figures.wording import ValueColumns, first_of, shows
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import NOBODY, Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program.labels import Labels

MOST = 12
AFTER = ("completed", "certified", "placed")
"""Stages that follow the application's own."""


def stage_name(stage: str, names: Labels, words: Voice) -> str:
    """A stage after selection in the page's language, one of the application as it is labeled."""
    return words(f"funnel.{stage}") if stage in AFTER else names.stage(stage)


def stage(row: Row) -> tuple[str, int]:
    """Orders stages by cohort, then as they follow each other."""
    return row["cohort"], row["position"]


def funnel(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A bar for all who applied, then one a stage for those who passed it and all before."""
    of = OneCohort(scene, "funnel", chosen, words, shows=("passed",), order=stage)
    names = scene.labels(words.language)
    rows = [row | {"stage": stage_name(row["stage"], names, words)} for row in of.rows]
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
            stage=told[-1]["stage"],
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
        [row | {"stage": stage_name(row["stage"], names, words)} for row in sorted(of.listed, key=stage)],
        partial(draw_funnel, rows, words) if told else None,
    )


def draw_funnel(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """Bars on the scale of all who applied, who have one of their own unless all of them passed the first stage."""
    everybody = {"stage": words("funnel.everybody"), "passed": rows[0]["applicants"]}
    first = {"share_of_previous": None, "median_days": None}
    listed = rows if rows[0]["passed"] == rows[0]["applicants"] else [everybody | first, *rows]
    most = max(known(row["passed"]) or 0 for row in listed) or 1
    columns = ValueColumns(
        listed,
        words,
        passed=("short_people", words.integer),
        share_of_previous=("short_of_previous", words.whole),
        median_days=("short_days", words.decimal),
    )
    items = [
        Bar(
            row["stage"],
            None if known(row["passed"]) is None else row["passed"] / most,
            columns.cells(row),
            is_hidden(row["passed"]),
        )
        for row in listed
    ]
    return bars(items, columns.heads, narrow, rates=False)


def most_applicants(row: Row) -> tuple[float, str, str]:
    """Orders channels by their applicants, withheld ones last."""
    return -(known(row["applicants"]) or -1), row["channel"], row["role"]


def channels(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A bar a channel: how many applicants it brought, and how many of them were accepted."""
    of = OneCohort(scene, "application_channels", chosen, words, shows=("applicants",), order=most_applicants)
    rows = named(of.rows, scene, words)
    if not rows:
        return None
    first = rows[0]
    if known(first["applicants"]) is None:
        title = words("channels.hidden")
    else:
        applicants = words.integer(first["applicants"])
        title = words("channels.title", channel=first["channel"], applicants=applicants)
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
        named(of.listed, scene, words),
        partial(draw_channels, rows[:MOST], words) if shows(rows, "applicants") else None,
    )


def named(rows: list[Row], scene: Scene, words: Voice) -> list[Row]:
    """The rows, with what people call their channels, and words where nobody said."""
    names, unsaid = scene.labels(words.language), words("channels.none")
    return [
        row
        | {
            "role": unsaid if row["role"] == NOBODY else row["role"],
            "channel": unsaid if row["channel"] == NOBODY else names.channel(row["channel"]),
        }
        for row in rows
    ]


def draw_channels(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """Most applicants first; the role beside the channel where there are several."""
    several = len({row["role"] for row in rows}) > 1
    most = max(known(row["applicants"]) or 0 for row in rows) or 1
    columns = ValueColumns(
        rows,
        words,
        applicants=("short_applicants", words.integer),
        acceptance_rate=("short_accepted", words.whole),
        unanswered=("short_unanswered", words.integer),
    )
    items = [
        Bar(
            row["channel"] + (f" · {row['role']}" if several else ""),
            None if known(row["applicants"]) is None else row["applicants"] / most,
            columns.cells(row),
            is_hidden(row["applicants"]),
        )
        for row in rows
    ]
    return bars(items, columns.heads, narrow, rates=False)
