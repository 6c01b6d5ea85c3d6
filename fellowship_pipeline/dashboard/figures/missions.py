"""Missions: who met each one in time, who is still in, and how competitions went.

Belongs here: figures of kpi.missions and kpi.competitions. Does not belong here: single members' standings
(``operations/lists``).
"""

from __future__ import annotations

from datetime import date
from functools import partial

from fellowship_pipeline.dashboard.dots import Dot, dots
from fellowship_pipeline.dashboard.drawing import figure, note, percent_axis, plain, shorten, steps, withheld_bars
from fellowship_pipeline.dashboard.figures.cohort import OneCohort
from fellowship_pipeline.dashboard.figures.wording import cell, first_of, shows, stands
from fellowship_pipeline.dashboard.look import AREA, FIRST, FLAT, GREY, INK, SECOND, TRACK
from fellowship_pipeline.dashboard.parts import Drawing, part
from fellowship_pipeline.dashboard.rows import Stack, stacks
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View
from fellowship_pipeline.dashboard.words import Voice

MOST = 16
STATES = (("met", FIRST), ("late", SECOND), ("missed", GREY), ("excused", AREA), ("pending", TRACK))
"""What became of a mission, and the color of those of whom it did."""
ACROSS = 80
"""Letters of Latin width that have room side by side under a figure of half the page."""
SPELLED = 8
"""Up to so many missions each one is named and its share written out."""


def by_due_day(row: Row) -> tuple[date, str]:
    """Orders missions by the day they are due; one whose day is withheld comes last."""
    return row["due_at"] or date.max, row["mission"]


def named(rows: list[Row], scene: Scene, words: Voice) -> list[Row]:
    """The rows, with what people call their missions."""
    names = scene.labels(words.language)
    return [row | {"mission": names.mission(row["mission"], row["title"])} for row in rows]


def is_due(row: Row, as_of: date) -> bool:
    """Whether the mission's day has come."""
    return row["due_at"] is not None and row["due_at"] <= as_of


def missions(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A bar a mission: met in time, late, missed, not due yet."""
    of = OneCohort(scene, "missions", chosen, words, shows=("on_time_rate", "met"), order=by_due_day)
    rows = named(of.rows, scene, words)
    if not rows:
        return None
    told = [row for row in rows if is_due(row, scene.as_of) and known(row["on_time_rate"]) is not None]
    if told:
        last = told[-1]
        rate, members = words.whole(last["on_time_rate"]), known(last["members"])
        title = words("missions.title", mission=last["mission"], share=rate)
        base = "" if members is None else " " + words("missions.base", count=int(members), mission=last["mission"])
    else:
        title, base = words("missions.hidden"), ""
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("mission", words("column.mission"), "text"),
        Field("due_at", words("column.due_at"), "day"),
        Field("members", words("column.members"), "int"),
        *(Field(name, words(f"missions.{name}"), "int") for name, _ in STATES),
        Field("on_time_rate", words("column.on_time_rate"), "share"),
        Field("eliminated", words("column.eliminated"), "int"),
        Field("left_before", words("column.left_before"), "int"),
        Field("remaining", words("column.remaining"), "int"),
        Field("survival_rate", words("column.survival_rate"), "share"),
    )
    return of.view(
        title,
        words("missions.subtitle") + base + first_of(rows, MOST, words),
        fields,
        named(of.listed, scene, words),
        partial(draw_missions, rows[:MOST], words) if shows(rows, "members") else None,
    )


def draw_missions(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """Parts of those who were still in at each mission."""
    parts = [
        (name, color)
        for name, color in STATES
        if name in {"met", "late", "missed"} or any(known(row[name]) for row in rows)
    ]
    items = []
    for row in rows:
        members, counts = known(row["members"]), [known(row[name]) for name, _ in parts]
        shares = tuple((count or 0) / members for count in counts) if members else ()
        name = shorten(row["mission"], 22 if narrow else 34)
        if not row["is_mandatory"]:
            name = words("missions.optional", mission=shorten(name, 14 if narrow else 22))
        due = "" if row["due_at"] is None else f" · {words.day_of_year(row['due_at'])}"
        cells = (
            cell(row["on_time_rate"], words, words.whole),
            cell(row["members"], words, words.integer),
            cell(row["eliminated"] if row["is_mandatory"] else None, words, words.integer),
        )
        hidden = any(is_hidden(row[name]) for name, _ in parts)
        items.append(Stack(name + due, shares, hidden, cells))
    heads = (words("column.short_on_time"), words("column.short_members"), words("column.short_out"))
    return stacks(items, [(words(f"missions.{name}"), color) for name, color in parts], heads, narrow)


def survival(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """Who is still in after each mandatory mission."""
    of = OneCohort(scene, "missions", chosen, words, shows=("survival_rate",), order=by_due_day)
    rows = [row for row in named(of.rows, scene, words) if row["is_mandatory"] and is_due(row, scene.as_of)]
    if not rows:
        return None
    told = [row for row in rows if known(row["survival_rate"]) is not None]
    if told:
        last = told[-1]
        title = words("survival.title", mission=last["mission"], share=words.whole(last["survival_rate"]))
    else:
        title = words("survival.hidden")
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("mission", words("column.mission"), "text"),
        Field("due_at", words("column.due_at"), "day"),
        Field("eliminated", words("column.eliminated"), "int"),
        Field("remaining", words("column.remaining"), "int"),
        Field("survival_rate", words("column.survival_rate"), "share"),
    )
    return of.view(
        title,
        words("survival.subtitle", day=words.day(scene.as_of)),
        fields,
        rows,
        partial(draw_survival, rows, words) if told else None,
    )


def draw_survival(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """Steps down from everybody, mission by mission."""
    x = list(range(len(rows) + 1))
    y: list[float | None] = [1, *(known(row["survival_rate"]) for row in rows)]
    names = [words("survival.start"), *(row["mission"] for row in rows)]
    days = ["", *(words.day_brief(row["due_at"]) for row in rows)]
    spelled = len(rows) <= (SPELLED // 2 if narrow else SPELLED)
    ticks = x if spelled else x[:: -(-len(x) // (3 if narrow else 6))]
    letters = (40 if narrow else ACROSS) // len(ticks)
    points = [[plain(name), day] for name, day in zip(names, days, strict=True)]
    gone = [at for at in x[1:] if is_hidden(rows[at - 1]["survival_rate"])]
    said = [stands(rows[at - 1]["survival_rate"], words) for at in gone]
    values = [(at, value) for at in (x[1:] if spelled else x[-1:]) if (value := y[at]) is not None]
    under = {"yanchor": "top", "yshift": -6, "font": {"size": 13, "color": INK}}
    return figure(
        [*steps(x, y, FIRST, words("survival.hover"), points), withheld_bars(gone, 1, said)],
        height=FLAT,
        narrow=narrow,
        margin={"r": 24, "b": 44},
        annotations=[note(f"<b>{words.whole(value)}</b>", at, value, **under) for at, value in values],
        xaxis=part(
            range=[-0.3, len(rows) + 0.4],
            tickmode="array",
            tickvals=ticks,
            ticktext=[f"{plain(shorten(names[at], letters))}<br>{days[at]}" for at in ticks],
        ),
        yaxis=percent_axis(),
    )


def leaderboard(row: Row) -> tuple[str, str, bool]:
    """Orders leaderboards by competition, the public one first."""
    return row["category"], row["competition"], row["board"] != "public"


def competitions(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """Best and median place of the members' teams on each leaderboard."""
    of = OneCohort(scene, "competitions", chosen, words, shows=("members",), order=leaderboard)
    rows = of.rows
    if not rows:
        return None
    fields = (
        Field("cohort", words("column.cohort"), "text"),
        Field("competition", words("column.competition"), "text"),
        Field("category", words("column.category"), "text"),
        Field("board", words("column.board"), "text"),
        Field("teams", words("column.teams"), "int"),
        Field("members", words("column.members"), "int"),
        Field("passing", words("column.passing"), "int"),
        Field("best_share", words("column.best_share"), "share"),
        Field("median_share", words("column.median_share"), "share"),
    )
    shown = [row for row in rows if shows([row], "best_share", "median_share")]
    few = " " + words("competitions.few", count=len(rows) - len(shown)) if len(shown) < len(rows) else ""
    return of.view(
        passed(rows, words),
        words("competitions.subtitle") + few + first_of(shown, MOST, words),
        fields,
        [row | {"board": board_name(row, words)} for row in of.listed],
        partial(draw_competitions, shown[:MOST], words) if shown else None,
    )


def board_name(row: Row, words: Voice) -> str:
    """Which leaderboard, where the source says."""
    return words(f"board.{row['board']}") if row["board"] else ""


def passed(rows: list[Row], words: Voice) -> str:
    """Of the leaderboard with most members, how many members' places pass; else the best place."""
    counted = [row for row in rows if known(row["passing"]) is not None and known(row["members"]) is not None]
    if counted:
        most = max(counted, key=lambda row: row["members"])
        return words(
            "competitions.title",
            competition=most["competition"],
            passing=words.integer(most["passing"]),
            members=words.integer(most["members"]),
        )
    placed = [row for row in rows if known(row["best_share"]) is not None]
    if not placed:
        return words("competitions.hidden")
    best = min(placed, key=lambda row: (row["best_share"], row["competition"]))
    return words("competitions.title_best", competition=best["competition"], share=words.whole(best["best_share"]))


def draw_competitions(rows: list[Row], words: Voice, narrow: bool) -> Drawing:
    """Two dots a leaderboard on the share of the teams."""
    listed = []
    for row in rows:
        board = board_name(row, words)
        name = shorten(row["competition"], 20 if narrow else 30) + (f" · {board}" if board else "")
        shares = [row["best_share"], row["median_share"]]
        listed.append((name, [Dot(cell(one, words, words.whole), known(one), hidden=is_hidden(one)) for one in shares]))
    return dots(listed, [words("competitions.best"), words("competitions.median")], narrow)
