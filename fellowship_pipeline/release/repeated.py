"""The scorecard beside earlier ones: it repeats the tables as they are published, and the days before as they were.

Belongs here: which rows each headline repeats, comparisons with what was said then. Does not belong here: what stands
in the tables (``tables``, ``carried``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from fellowship_pipeline.release.build import Release
from fellowship_pipeline.release.carried import (
    HEADLINES,
    TablesAsOf,
    as_long_as_no_more,
    count_others,
    is_more,
    of_kinds,
)
from fellowship_pipeline.release.differences import TABLE_OF
from fellowship_pipeline.release.memory import MADE, SAID
from fellowship_pipeline.release.policy import OPERATIONAL_HEADLINES
from fellowship_pipeline.release.rates import FIGURES
from fellowship_pipeline.release.reach import WHOLE, TablePart, blocks
from fellowship_pipeline.release.revisions import Revisions
from fellowship_pipeline.release.tables import TENTH, Beside, LabeledRows, typed

SCORECARD = "scorecard"
SLICE = ["slice_by", "slice"]


@dataclass(frozen=True)
class Repeated:
    """The rows of a table that a headline adds up: its two counts, and which rows of a day."""

    table: str
    numerator: Callable[[pd.DataFrame], pd.Series]
    denominator: Callable[[pd.DataFrame], pd.Series]
    of: Callable[[pd.DataFrame, pd.Timestamp], pd.Series]


def _column(name: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda rows: rows[name]


def _month(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return rows["month"] == day.replace(day=1)


REPEATED: dict[str, Repeated] = {
    "engagement_rate": Repeated(
        "engagement", _column("active"), _column("holders"), lambda rows, day: rows["day"] == day
    ),
    "seat_utilization": Repeated(
        "seats",
        lambda rows: rows["held_end"].where(rows["capacity"].notna(), 0),
        lambda rows: rows["capacity"].fillna(0),
        _month,
    ),
    "reclaim_rate": Repeated(
        "review_summary",
        _column("reclaimed"),
        lambda rows: rows["reviewed"] - rows["exempt"],
        lambda rows, day: rows["review_month"] == rows["review_month"].max(),
    ),
}
"""By headline, the rows of its table that it adds up."""
GO_ON = {
    "adoption_rate": "adoption",
    "activation_rate": "adoption",
    "retention_3m": "retention",
    "course_completion_rate": "courses",
}
"""Headlines to date, which go on from those published, by table; the others stand, or not, with what they are of."""
THIRD = 3
OF_AS_OF = "platform_adoption_score"
"""A headline of who holds a seat on the day, beside the row of seats of its month."""


def subjects(con: duckdb.DuckDBPyConnection, day: date) -> dict[str, str]:
    """By headline, what it is of on the day: a survey, a month, a mission, the cohorts that have ended."""
    said = con.execute("select distinct kpi, subject from kpi.headlines where subject is not null").fetchall()
    cohorts = con.execute("select cohort from core.cohorts where ends_on <= ? order by cohort", [day]).fetchall()
    return {**dict(said), OF_AS_OF: f"{day:%Y-%m}", "placement_rate": "\n".join(cohort for (cohort,) in cohorts)}


def _blocks(kpi: str, subject: str, table: Beside) -> Callable[[str], bool]:
    """Whether a headline that repeats no rows is of a block of its table."""
    if kpi == "goal_helped_rate":
        return lambda block: block.startswith(f"{subject} ")
    if kpi == "placement_rate":
        return lambda block: block.endswith(" placement")
    if kpi == "mission_survival_rate":
        named = blocks(table.name, table.raw)
        due = table.raw["due_at"].isin(table.raw.loc[named == subject, "due_at"])
        return set(named[due]).__contains__
    return lambda block: block == subject


def repeat(tables: Mapping[str, Beside], release: Release, revisions: Revisions, as_of: TablesAsOf) -> LabeledRows:
    """The scorecard's rows of the release, as the tables have their figures."""
    cells = LabeledRows(release.frames[SCORECARD].copy(), release.labels[SCORECARD].copy())
    frame, day = cells.frame, pd.Timestamp(release.as_of)
    if not revisions.memory.last or frame.empty:
        return cells
    changed = pd.Series(False, index=frame.index)
    for kpi, rule in REPEATED.items():
        rows = frame["kpi"] == kpi
        if rows.any():
            changed |= _as_in_table(cells, rows, rule, tables[rule.table], day)
    changed |= _going_on(cells, tables, revisions, as_of)
    _as_published(cells, tables, revisions)
    fraction = (frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0)).astype("float64")
    cells.put("value", fraction[changed])
    frame.loc[changed, "status"] = [
        _status(value, target)
        for value, target in frame.loc[changed, ["value", "target"]].itertuples(index=False, name=None)
    ]
    _compare(frame, tables, revisions, day)
    listed = cells.only(~_is_everybody(frame))
    return LabeledRows(listed.frame.reset_index(drop=True), listed.labels.reset_index(drop=True))


def said(memory_of_days: pd.DataFrame, scorecard: pd.DataFrame) -> pd.DataFrame:
    """What the headlines of each day were, with those of this release."""
    now = scorecard.rename(columns={"as_of": "day"})[SAID]
    if memory_of_days.empty:
        return now
    others = memory_of_days[~memory_of_days["day"].isin(now["day"])]
    return pd.concat([others, now], ignore_index=True)


def _as_in_table(
    cells: LabeledRows, rows: pd.Series[bool], rule: Repeated, table: Beside, day: pd.Timestamp
) -> pd.Series[bool]:
    """Adds to headlines what their table's rows differ from those that they were made of; which rows that changed."""
    frame = cells.frame
    made, published = _added(rule, table.raw, day), _added(rule, table.cells().frame, day)
    asked = pd.MultiIndex.from_frame(frame.loc[rows, SLICE])
    changed = pd.Series(False, index=frame.index)
    is_hidden = (asked.isin(made.index) & ~asked.isin(published.index)).tolist()
    hidden = pd.Series(is_hidden, index=frame.index[rows], dtype=bool).reindex(frame.index, fill_value=False)
    cells.suppress(SCORECARD, hidden)
    for column in ("numerator", "denominator"):
        both = published[column].reindex(asked), made[column].reindex(asked)
        more = (both[0].fillna(0) - both[1].fillna(0)).set_axis(frame.index[rows]).astype("Float64").astype("Int64")
        frame.loc[rows, column] = frame.loc[rows, column] + more  # what is hidden stays so
        changed |= (more != 0).reindex(frame.index, fill_value=False)
    return changed


def _going_on(
    cells: LabeledRows, tables: Mapping[str, Beside], revisions: Revisions, as_of: TablesAsOf
) -> pd.Series[bool]:
    """Adds to headlines to date what was published of them and is not known today of that day; which rows changed."""
    frame, memory = cells.frame, revisions.memory
    pairs = zip(frame["kpi"], frame["slice_by"], strict=True)
    rows = pd.Series([_is_revised(tables, kpi, kind) for kpi, kind in pairs], index=frame.index, dtype=bool)
    last = memory.days[memory.last]
    if not rows.any() or last > revisions.day:  # of a day that is not over in the data any more, nothing can be asked
        cells.suppress(SCORECARD, rows)
        return rows & False
    keys, counts = ["kpi", *SLICE], ["numerator", "denominator"]
    asked = pd.MultiIndex.from_frame(frame.loc[rows, keys])
    old, then = memory.frames[SCORECARD], as_of(last)[HEADLINES]
    published, known = (one.set_index(keys).reindex(asked) for one in (old, then))
    more = published[counts].astype("Int64") - known[counts].astype("Int64").fillna(0)
    was_hidden = published["suppressed"].astype("float64").set_axis(frame.index[rows])
    are_others_now = count_others(frame[rows], old, then, ["kpi", "slice_by"])
    was_left_out = (was_hidden.isna() & known[counts[0]].notna().set_axis(was_hidden.index)) | are_others_now
    cells.suppress(SCORECARD, (was_hidden.eq(1) | was_left_out).reindex(frame.index, fill_value=False))
    said_then = memory.labels[SCORECARD].set_axis(pd.MultiIndex.from_frame(memory.frames[SCORECARD][keys]))
    goes_on = (was_hidden.notna() | was_left_out).reindex(frame.index, fill_value=False)
    now = as_of(revisions.day)[HEADLINES].set_index(keys)[counts].reindex(asked)
    said_then = said_then.reindex(asked)
    was_blank = (published["numerator"].isna() & said_then["numerator"].isna()).set_axis(was_hidden.index)
    still_said = as_long_as_no_more(said_then, known[counts], now).set_axis(was_hidden.index).mask(are_others_now)
    cells.say_no_less(goes_on, still_said[goes_on[rows]])
    for count in counts:
        added = more[count].set_axis(frame.index[rows]).where(was_hidden.notna(), 0)
        started = _of_new_starts(tables["retention"], frame[rows], count)
        cells.put(count, frame.loc[rows, count] + added + started)
    for column in FIGURES[SCORECARD]:
        cells.leave_blank(column, rows & of_kinds(frame, was_blank & was_hidden.eq(0), ["kpi", "slice_by"]))
    is_over = rows & is_more(frame["numerator"], frame["denominator"])
    beside = rows & frame["kpi"].isin(frame["kpi"][is_over])
    cells.withhold("numerator", beside)
    cells.suppress(SCORECARD, beside & (frame["slice_by"] != WHOLE))
    return rows


def _is_revised(tables: Mapping[str, Beside], kpi: str, kind: str) -> bool:
    table = tables.get(GO_ON.get(kpi, ""))
    return table is not None and table.some_stand(kind)


def _of_new_starts(table: Beside, rows: pd.DataFrame, count: str) -> pd.Series[int]:
    """What was carried into those who started in months that came into their third since: of retention alone."""
    of_third = table.is_made & (table.new.frame["months_since"] == THIRD)
    carried = (table.new.frame["started"] - table.raw["started"])[of_third].fillna(0)
    sums = carried.groupby([table.raw.loc[of_third, name] for name in SLICE]).sum()
    found = sums.reindex(pd.MultiIndex.from_frame(rows[SLICE])).fillna(0).set_axis(rows.index)
    return found.where((rows["kpi"] == "retention_3m") & (count == "denominator"), 0).astype("int64")


def _added(rule: Repeated, rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The two counts of a headline, by slice."""
    of_day = rows[rule.of(rows, day).astype(bool)] if len(rows) else rows
    if "slice_by" not in of_day:
        of_day = of_day.assign(slice_by=WHOLE, slice=WHOLE)
    counts = of_day.assign(numerator=rule.numerator(of_day), denominator=rule.denominator(of_day))
    known = counts[counts["numerator"].notna() & counts["denominator"].notna()]
    added: pd.DataFrame = known.groupby(SLICE)[["numerator", "denominator"]].sum()
    return added


def _standing(kpi: str, kind: str, subject: str, tables: Mapping[str, Beside]) -> set[TablePart]:
    """The parts that a headline which repeats no rows is of, and that stand."""
    table = tables.get(TABLE_OF.get(kpi, ""))
    if kpi in REPEATED or kpi in GO_ON or table is None:
        return set()
    is_of = _blocks(kpi, subject, table)
    return {part for part in set(table.parts_of_old[table.stands]) if part[2] == kind and is_of(part[1])}


def _as_published(cells: LabeledRows, tables: Mapping[str, Beside], revisions: Revisions) -> None:
    """Puts what was published in the place of headlines that repeat no rows, where what they are of stands.

    Withheld are those of which that was not published; and those of which it is off by more than a tenth, where so many
    changed that it may be said: as of slices (``Beside.is_wrong``).
    """
    memory, frame, now = revisions.memory, cells.frame, subjects(revisions.con, revisions.day)
    keys = ["kpi", *SLICE]
    old = typed(memory.frames[SCORECARD], frame).drop(columns=MADE)
    labels = memory.labels[SCORECARD]
    places = {key: place for place, key in enumerate(old[keys].itertuples(index=False, name=None))}
    for row, key in zip(frame.index, list(frame[keys].itertuples(index=False, name=None)), strict=True):
        kpi, kind, _ = key
        parts = _standing(kpi, kind, now.get(kpi, ""), tables)
        if not parts:
            continue
        is_of_another = memory.subjects.get(kpi, now.get(kpi)) != now.get(kpi)
        place = -1 if is_of_another else places.get(key, -1)
        if place < 0 or (_is_off(old.iloc[place], frame.loc[row]) and _much_changed(kpi, parts, revisions)):
            cells.suppress(SCORECARD, pd.Series(frame.index == row, index=frame.index))
            continue
        for column in ("numerator", "denominator", "value", "status", "suppressed"):
            frame.loc[row, column] = old.iloc[place][column]
            if column in cells.labels:
                cells.labels.loc[row, column] = labels.iloc[place][column]


def _is_off(then: pd.Series, now: pd.Series) -> bool:
    """Whether a headline that was published is not within a tenth of what it would be now, as far as both are shown."""
    pairs = [(then[name], now[name]) for name in ("numerator", "denominator", "value")]
    return any(
        abs(before - after) > TENTH * abs(after) for before, after in pairs if pd.notna(before) and pd.notna(after)
    )


def _much_changed(kpi: str, parts: set[TablePart], revisions: Revisions) -> bool:
    """Whether so many persons changed that it may be said; of the score those who held a seat or learned."""
    asked = {*parts, *(("engagement", block, kind) for _, block, kind in parts if kpi == OF_AS_OF)}
    return any(revisions.much_revised(part, 0) for part in asked & revisions.memory.shown.keys())


def _is_everybody(frame: pd.DataFrame) -> pd.Series[bool]:
    """Withheld slices that are the only ones of their kind beside a shown total: they are everybody."""
    sole = frame.groupby(["kpi", "slice_by"])["slice"].transform("size") == 1
    shown = set(frame.loc[(frame["slice_by"] == WHOLE) & ~frame["suppressed"].astype(bool), "kpi"])
    return sole & frame["suppressed"].astype(bool) & (frame["slice_by"] != WHOLE) & frame["kpi"].isin(shown)


def _compare(frame: pd.DataFrame, tables: Mapping[str, Beside], revisions: Revisions, day: pd.Timestamp) -> None:
    """Compares with what was said of the day a month before; not where that was not said and something stands."""
    rows = frame["kpi"].isin(OPERATIONAL_HEADLINES) & frame["previous"].notna()
    then = revisions.memory.headlines
    then = then[then["day"] == day - pd.DateOffset(months=1)] if len(then) else then
    any_stands = any(one.stands.any() for one in tables.values())
    if len(then):
        keys = ["kpi", *SLICE]
        asked = pd.MultiIndex.from_frame(frame.loc[rows, keys])
        values = then.set_index(keys)["value"].reindex(asked).set_axis(frame.index[rows])
        frame.loc[rows, "previous"] = values.astype("float64")
    elif any_stands:
        frame.loc[rows, "previous"] = float("nan")
    frame.loc[rows, "delta"] = frame["value"] - frame["previous"]


def _status(value: float, target: float) -> str | None:
    if pd.isna(value) or pd.isna(target):
        return None
    if value >= target:
        return "met"
    return "near" if value >= 0.95 * target else "missed"
