"""Applications: how many get how far, of closed cohorts.

Belongs here: figures of kpi.applications. Does not belong here: invitations and seats (``seats``).
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from fellowship_pipeline.dashboard.figures.cohort import closed_scope
from fellowship_pipeline.dashboard.figures.wording import ValueColumns, shows, titled
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice

COUNTS = ("entered", "passed", "failed", "pending", "withdrawn")


def together(rows: list[Row]) -> list[Row]:
    """The stages of all cohorts together; a sum with a withheld part is withheld."""
    stages: dict[str, list[Row]] = defaultdict(list)
    for one in rows:
        stages[one["stage"]].append(one)
    summed: list[Row] = []
    for stage, group in stages.items():
        row = {"stage": stage, "position": min(known(one["position"]) or 99 for one in group)}
        summed.append(row | {count: _total([one[count] for one in group]) for count in COUNTS})
    return sorted(summed, key=lambda row: (row["position"], row["stage"]))


def _total(values: list[float]) -> float:
    return values[0] if len(values) == 1 else sum(values)


def applications(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """People at each stage."""
    everything = scene.rows("applications")
    mine = [row for row in everything if chosen.kind == "cohort" and row["cohort"] == chosen.name]
    rows = mine or everything
    if not rows:
        return None
    cut = chosen if mine else WHOLE
    cohorts = sorted({row["cohort"] for row in rows})
    names = scene.labels(words.language)
    rows = [row | {"stage": names.stage(row["stage"])} for row in rows]
    stages = together(rows)
    entered = known(stages[0]["entered"])
    through = [stage for stage in stages if known(stage["passed"]) is not None]
    if entered is None or not through:
        title = words("applications.hidden")
    else:
        title = words(
            "applications.title",
            entered=words.integer(entered),
            passed=words.integer(through[-1]["passed"]),
            stage=through[-1]["stage"],
        )
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("stage", words("column.stage"), "text"),
        Field("entered", words("column.entered"), "int"),
        Field("passed", words("column.passed"), "int"),
        Field("failed", words("column.failed"), "int"),
        Field("pending", words("column.pending"), "int"),
        Field("withdrawn", words("column.withdrawn"), "int"),
        Field("pass_rate", words("column.pass_rate"), "share"),
        Field("overall_rate", words("column.overall_rate"), "share"),
    )
    return View(
        titled(title, cut, words),
        words("applications.subtitle", count=len(cohorts), cohorts=words.listing(cohorts[:6]))
        if len(cohorts) <= 6
        else words("applications.subtitle_many", count=len(cohorts)),
        table(fields, rows, words),
        partial(draw_applications, stages, words) if shows(stages, "entered") else None,
        scope=closed_scope(cut, chosen, words),
    )


def draw_applications(stages: list[Row], words: Voice, narrow: bool) -> Drawing:
    """A bar a stage, as long as those who reached it."""
    most = max((known(row["entered"]) or 0 for row in stages), default=0) or 1

    columns = ValueColumns(
        stages, words, **{count: (count, words.integer) for count in ("entered", "passed", "pending")}
    )
    items = [
        Bar(
            row["stage"],
            None if known(row["entered"]) is None else row["entered"] / most,
            columns.cells(row),
            is_hidden(row["entered"]),
        )
        for row in stages
    ]
    return bars(items, columns.heads, narrow, rates=False)
