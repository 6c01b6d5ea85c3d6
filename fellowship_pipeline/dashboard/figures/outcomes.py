"""Outcomes: what became of the members of a closed cohort, and how soon.

Belongs here: figures of kpi.outcomes and kpi.outcome_timeline. Does not belong here: completion of courses
(``learning``) or missions (``missions``).
"""

from __future__ import annotations

from functools import partial

from fellowship_pipeline.contracts.kinds import OUTCOME_KINDS
from fellowship_pipeline.dashboard.drawing import end_dot, figure, note, percent_axis, plain, steps
from fellowship_pipeline.dashboard.figures.cohort import OneCohort
from fellowship_pipeline.dashboard.figures.wording import ValueColumns, first_of, shows
from fellowship_pipeline.dashboard.look import FIRST, FLAT, GREY, INK2, SECOND
from fellowship_pipeline.dashboard.parts import Drawing, DrawnPart, part
from fellowship_pipeline.dashboard.rows import Bar, bars
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View
from fellowship_pipeline.dashboard.words import Voice

MOST = 12
KINDS = ("placement", *(known.kind for known in OUTCOME_KINDS))
"""The kinds that have a name in the page's languages, in the order of interest; others follow as they are named."""
COLORS = (FIRST, SECOND, GREY)


def kind_name(kind: str, words: Voice) -> str:
    """A kind that the program knows in the page's language, another as it is named."""
    return words(f"outcome.{kind}") if kind in KINDS else kind


def place(kind: str) -> tuple[int, str]:
    """Where a kind stands in lists."""
    return (KINDS.index(kind) if kind in KINDS else len(KINDS), kind)


def by_kind(row: Row) -> tuple[int, str]:
    """Orders outcomes by the place of their kind."""
    return place(row["kind"])


def outcomes(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A bar a kind of outcome."""
    of = OneCohort(scene, "outcomes", chosen, words, shows=("share", "members"), order=by_kind)
    rows = of.rows
    if not rows:
        return None
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("kind", words("column.outcome"), "text"),
        Field("members", words("column.members"), "int"),
        Field("share", words("column.share"), "share"),
        Field("median_days_from_completion", words("column.median_days_from_completion"), "decimal"),
        Field("organizations", words("column.organizations"), "int"),
    )
    return of.view(
        finding(rows, words),
        words("outcomes.subtitle") + first_of(rows, MOST, words),
        fields,
        [row | {"kind": kind_name(row["kind"], words)} for row in of.listed],
        partial(draw_outcomes, rows[:MOST], words) if shows(rows, "share", "members") else None,
    )


def finding(rows: list[Row], words: Voice) -> str:
    """Placement where it is shown, else the outcome that most had, else how many had one."""
    told = [row for row in rows if known(row["share"]) is not None]
    if told:
        first = told[0]
        if first["kind"] == "placement":
            return words("outcomes.title_placement", share=words.percent(first["share"], 0))
        most = max(told, key=lambda row: (row["share"], row["kind"]))
        return words("outcomes.title", kind=kind_name(most["kind"], words), share=words.percent(most["share"], 0))
    counted = [row for row in rows if known(row["members"]) is not None]
    if counted:
        most = max(counted, key=lambda row: (row["members"], row["kind"]))
        return words("outcomes.title_count", kind=kind_name(most["kind"], words), count=int(most["members"]))
    return words("outcomes.hidden")


def draw_outcomes(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """As long as the share of the cohort's members."""
    columns = ValueColumns(
        rows,
        words,
        share=("short_share", words.whole),
        members=("short_members", words.integer),
        median_days_from_completion=("short_days", words.integer),
    )
    items = [
        Bar(
            kind_name(row["kind"], words),
            known(row["share"]),
            columns.cells(row),
            is_hidden(row["share"]),
        )
        for row in rows
    ]
    return bars(items, columns.heads, narrow, rates=True)


def timeline(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """How the share grows from the cohort's end on."""
    of = OneCohort(scene, "outcome_timeline", chosen, words, shows=("cumulative_share",))
    if not of.rows:
        return None
    series: dict[str, list[Row]] = {}
    for row in sorted(of.rows, key=lambda row: (place(row["kind"]), row["months_since"])):
        series.setdefault(row["kind"], []).append(row)
    drawn = {
        kind: found
        for kind, found in series.items()
        if any(known(row["cumulative_share"]) is not None for row in found)
    }
    drawn = dict(list(drawn.items())[: len(COLORS)])
    if not drawn:
        return None
    kind, found = next(iter(drawn.items()))
    last = [row for row in found if known(row["cumulative_share"]) is not None][-1]
    title = words(
        "timeline.title",
        count=int(last["months_since"]),
        kind=kind_name(kind, words),
        share=words.whole(last["cumulative_share"]),
    )
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("kind", words("column.outcome"), "text"),
        Field("months_since", words("column.months_since"), "int"),
        Field("cumulative_members", words("column.cumulative_members"), "int"),
        Field("cumulative_share", words("column.cumulative_share"), "share"),
    )
    return of.view(
        title,
        words("timeline.subtitle") + first_of(list(series), len(COLORS), words),
        fields,
        [row | {"kind": kind_name(row["kind"], words)} for row in of.listed],
        partial(draw_timeline, drawn, words),
    )


def draw_timeline(series: dict[str, list[Row]], words: Voice, narrow: bool) -> Drawing:
    """A step line a kind, named at its end; names that would meet are moved apart."""
    most = max(row["months_since"] for rows in series.values() for row in rows)
    every = next(step for step in (1, 2, 3, 6, 12, 24, 48) if most / step <= (6 if narrow else 12))
    data: list[DrawnPart] = []
    ends: list[tuple[float, int, str, str]] = []
    for (kind, rows), color in zip(series.items(), COLORS, strict=False):
        x = [row["months_since"] for row in rows]
        y = [known(row["cumulative_share"]) for row in rows]
        name = kind_name(kind, words)
        data += steps(x, y, color, words("timeline.hover"), [plain(name)] * len(x))
        at, value = [(month, value) for month, value in zip(x, y, strict=True) if value is not None][-1]
        data.append(end_dot(at, value, color))
        ends.append((value, at, f"{plain(name)} {words.whole(value)}", INK2 if color == GREY else color))
    return figure(
        data,
        height=FLAT,
        narrow=narrow,
        margin={"r": 8 if narrow else 170, "b": 44},
        annotations=[
            *end_names(ends, narrow),
            note(words("timeline.axis"), 0.5, 0, xref="paper", yref="paper", yanchor="top", yshift=-24),
        ],
        xaxis=part(
            range=[-0.2, most + 0.2 if most else 1],
            tickmode="array",
            tickvals=list(range(0, int(most) + 1, every)),
            ticktext=[words.integer(month) for month in range(0, int(most) + 1, every)],
        ),
        yaxis=percent_axis(),
    )


def end_names(ends: list[tuple[float, int, str, str]], narrow: bool) -> list[DrawnPart]:
    """Labels at the ends of lines, from the lowest up, each at least a line's height above the one before."""
    notes, taken = [], -1.0
    for value, at, text, color in sorted(ends):
        height = max(value, taken + 0.085)
        taken = height
        where = {"xanchor": "right", "yanchor": "bottom", "yshift": 5} if narrow else {"xanchor": "left", "xshift": 10}
        notes.append(note(f"<b>{text}</b>", at, height, font={"size": 13, "color": color}, **where))
    return notes
