"""What a row of a published table is of: its period, its block, and whose facts it depends on.

A block is what moves together from release to release: a table's rows of one month, course, question or cohort. Belongs
here: that, by table. Does not belong here: the facts themselves (``facts``), which blocks move (``revisions``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, cast

import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES, TABLE_BY_KEY, Table
from fellowship_pipeline.release.facts import KINDS, SUBJECTS
from fellowship_pipeline.release.policy import NOT_PUBLISHED

KeySpan = Literal["own", "so_far", "window", "whole"]
"""Of which keys of a subject a block is.

``own``: of those that the block is named by, or a part of. ``so_far``: of its month and all before. ``window``: of its
month and those that engagement looks back to. ``whole``: of all.
"""
TablePart = tuple[str, str, str]
"""A part of a block: table, block, ``all`` or a kind of slice."""
WHOLE = "all"
"""The part of a block that is of everybody; others are the kinds of slices."""
EVERY_BLOCK = ""
"""The name of a block of all, of a headline to date: what is not published of a table is counted in it, too."""


@dataclass(frozen=True)
class Reach:
    """What a table's rows depend on, by subject. ``block``: the columns that name a block; the first may be a period.

    ``period``: whether it is one, at whose end the row is closed; other rows are to date. ``is_carried``: what is to
    date goes on from the figures that were published (``carried``). ``is_totaled``: a headline to date adds up all its
    blocks.
    """

    block: tuple[str, ...]
    reads: tuple[tuple[str, KeySpan], ...]
    period: Literal["day", "month", "term"] | None = None
    is_carried: bool = False
    is_totaled: bool = False


def _own(*subjects: str) -> tuple[tuple[str, KeySpan], ...]:
    return tuple((subject, "own") for subject in subjects)


def _so_far(*subjects: str) -> tuple[tuple[str, KeySpan], ...]:
    return tuple((subject, "so_far") for subject in subjects)


SEATS = ("invitations", "acceptances", "departures")
"""All that is known of who held a seat."""
_NAMED: dict[str, Reach] = {
    "adoption": Reach(("month",), _so_far("invitations", "acceptances", "activations"), "month", is_carried=True),
    "engagement": Reach(("day",), (*_so_far("acceptances", "departures"), ("learning", "window")), "day"),
    "activity": Reach(("month",), _own("learners", "learning", "amounts", "completions"), "month"),
    "seats": Reach(("month",), _so_far(*SEATS), "month"),
    "retention": Reach(("start_month",), _own("starts"), "month", is_totaled=True),
    "review_summary": Reach(("review_month",), _own("reviews"), "month"),
    "what_if": Reach(("review_month",), _own("reviews"), "month"),
    "community": Reach(("month",), _own("attendance", "requests"), "month"),
    "support": Reach(("month",), _so_far("requests"), "month"),
    "courses": Reach(("course",), _own("courses"), is_carried=True, is_totaled=True),
    "tracks": Reach(("track",), _own("tracks")),
    "survey": Reach(("survey", "question"), _own("surveys", "respondents")),
    "survey_ratings": Reach(("survey", "question"), _own("surveys", "respondents")),
    "survey_response": Reach(("survey",), _own("asked", "respondents")),
    "term_surveys": Reach(("survey", "question"), _own("surveys", "respondents")),
    "applications": Reach(("cohort",), _own("selection")),
    "application_channels": Reach(("cohort",), _own("selection")),
    "funnel": Reach(("cohort",), _own("selection", "missions", "outcomes")),
    "missions": Reach(("cohort", "mission"), _own("missions")),
    "competitions": Reach(("competition",), _own("competitions")),
    "outcomes": Reach(("cohort", "kind"), _own("outcomes")),
    "outcome_timeline": Reach(("cohort", "kind"), _own("outcomes")),
    "terms": Reach(
        ("ends_on",),
        (
            *_so_far(*SEATS, "learning", "completions", "attendance"),
            *((subject, "whole") for subject in ("asked", "respondents", "surveys", "missions", "outcomes")),
        ),
        "term",
    ),
}


def _unnamed(table: Table) -> Reach:
    """That of a table which is not named above: it may depend on everything that is known of anybody."""
    period = table.grain[0] if table.grain[0] in ("day", "month") else None
    reads: tuple[tuple[str, KeySpan], ...] = tuple((subject.name, "whole") for subject in SUBJECTS)
    return Reach(table.grain[:1], reads, cast("Literal['day', 'month'] | None", period))


REACH: dict[str, Reach] = {
    table.name: _NAMED.get(table.name) or _unnamed(table)
    for table in KPI_TABLES
    if table.name not in {*NOT_PUBLISHED, "scorecard"}
}
"""Every published table but the scorecard, which repeats them."""


def blocks(table: str, frame: pd.DataFrame) -> pd.Series:
    """Of each row, the name of its block: months as YYYY-MM."""
    reach = REACH[table]
    if reach.period:
        months: pd.Series = frame[reach.block[0]].dt.strftime("%Y-%m")
        return months
    first, *others = (frame[name].astype("object").fillna("").astype(str) for name in reach.block)
    for other in others:
        first = first + " " + other
    return first


def every_block(table: str) -> list[TablePart]:
    """The parts of a table's headline to date, if it has one."""
    kinds = (WHOLE, *KINDS) if "slice_by" in TABLE_BY_KEY["kpi." + table].grain else (WHOLE,)
    return [(table, EVERY_BLOCK, kind) for kind in kinds if REACH[table].is_totaled]


def parts(frame: pd.DataFrame) -> pd.Series:
    """Of each row, the part of its block: everybody, or the kind of slice."""
    return frame["slice_by"] if "slice_by" in frame else pd.Series(WHOLE, index=frame.index, dtype="object")


def closed(table: str, frame: pd.DataFrame, days: pd.Series) -> pd.Series[bool]:
    """Rows whose period was over on a day, one a row; never those to date."""
    reach = REACH[table]
    if reach.period is None:
        return pd.Series(False, index=frame.index, dtype=bool)
    first = frame[reach.block[0]]
    if table == "retention":  # slices are of quarters, and come with the last of its months
        later = frame["months_since"].astype("int64") + 2 * (frame["slice_by"] != WHOLE)
        months = first.dt.to_period("M") + later
        over: pd.Series[bool] = (months.dt.end_time.dt.normalize() <= days).astype(bool)
        return over
    if table in ("review_summary", "what_if"):  # of the month before
        last = first - timedelta(days=1)
    else:
        last = first + pd.offsets.MonthEnd(0) if reach.period == "month" else first
    over = (last <= days).astype(bool)
    return over


def read_keys(part: TablePart, keys: Iterable[str], span: KeySpan, months: int) -> list[str]:
    """Which of a subject's keys a part depends on; ``months``: how many engagement looks back."""
    table, block, kind = part
    if span == "whole" or block == EVERY_BLOCK:
        return list(keys)
    if span == "so_far":
        return [key for key in keys if key <= block]
    if span == "window":
        first = (pd.Period(block, "M") - months).strftime("%Y-%m")
        return [key for key in keys if first <= key <= block]
    if table == "retention" and kind != WHOLE:  # slices are of quarters
        quarter = pd.Period(block, "M").asfreq("Q")
        own = {month.strftime("%Y-%m") for month in pd.period_range(quarter.start_time, quarter.end_time, freq="M")}
        return [key for key in keys if key in own]
    return [key for key in keys if key == block or key.startswith(block + " ") or block.startswith(key + " ")]
