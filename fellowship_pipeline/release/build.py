"""What leaves the warehouse: the KPI tables after every privacy rule, the last step before publication.

Belongs here: the released frames and how they are made of schema ``kpi``. Does not belong here: which rows are hidden
(``policy``, ``operational``, ``sensitive``) or where the files go (``assets/publication``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import nan

import duckdb
import numpy as np
import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES, Column, Table
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.coarser import coarser
from fellowship_pipeline.release.defense import stood
from fellowship_pipeline.release.differences import as_in_own_table
from fellowship_pipeline.release.labels import OTHERS, SIZE, Others
from fellowship_pipeline.release.operational import Hidden, hidden_rows
from fellowship_pipeline.release.own_words import ANSWERS, Answer, are_own_words, as_other, named_answers
from fellowship_pipeline.release.policy import (
    BY_HEADLINE,
    KEPT,
    NOT_PUBLISHED,
    OPERATIONAL,
    OPERATIONAL_HEADLINES,
    SENSITIVE,
    WITHHELD,
    WRITTEN,
)
from fellowship_pipeline.release.sensitive import nameless, released_headlines, says_nothing, without_slices
from fellowship_pipeline.release.steps import Minima, means
from fellowship_pipeline.warehouse.names import identifier, qualified

PUBLISHED = tuple(table for table in KPI_TABLES if table.name not in NOT_PUBLISHED)


@dataclass(frozen=True)
class Release:
    """The KPI tables as anybody may see them.

    ``frames``: by table name without schema, every KPI table but ``headlines``. A frame has the contract's columns in
    order and a last column ``suppressed``. BIGINT is ``Int64``, DOUBLE ``float64``, DATE and TIMESTAMP ``datetime64``,
    VARCHAR ``object`` with None, BOOLEAN and ``suppressed`` ``bool``. A suppressed row keeps what is not about persons
    (its grain, capacity, a course's hours, a label, a target); every measure is missing. In other rows of sensitive
    tables and of the scorecard single measures may be withheld too. Suppressed rows that are named in people's own
    words are left out; for answers of few that are no declared options stands one suppressed row, `other`.
    ``thresholds``: what stands for a figure about fewer than the minimum, by privacy class.
    ``labels``: by table name, a frame of the same rows and columns: what stands for a figure that is not shown, the
    threshold where so few are behind it, ``withheld`` where it would tell of others; None elsewhere.
    ``others``: the labels in place of which it has ``other``.
    """

    as_of: date
    frames: dict[str, pd.DataFrame]
    thresholds: dict[str, str]
    labels: dict[str, pd.DataFrame] = field(default_factory=dict)
    others: Others = field(default_factory=Others)


def build_release(con: duckdb.DuckDBPyConnection, program: Program) -> Release:
    """The release of what schema ``kpi`` holds, under the program's minima. Reads only."""
    (as_of,) = con.execute("select as_of from core.parameters").fetchall()[0]
    privacy = program.privacy
    minima = Minima.of(privacy)
    minimum = {"operational": privacy.operational_minimum, "sensitive": privacy.sensitive_minimum}
    closed = {cohort.id for cohort in program.cohorts if cohort.ends_on is not None and cohort.ends_on <= as_of}

    sizes_of = {table.name: {table.name: "null"} for table in PUBLISHED}
    for name, policy in OPERATIONAL.items():
        sizes_of[name] = {name: policy.size} | ({policy.part.name: policy.part.size} if policy.part else {})
    others = Others.of(con, program, minimum)
    listed = {table.name: others.listed(table, _read(con, table, sizes_of[table.name])) for table in PUBLISHED}
    are_others = {name: frame.pop(OTHERS) for name, frame in listed.items()}
    unnamed = nameless(con)
    truth = {name: without_slices(coarser(name, frame, as_of), unnamed) for name, frame in listed.items()}
    are_named = {name: ~are_others[name].reindex(frame.index, fill_value=False) for name, frame in truth.items()}
    sizes = {name: truth[table].pop(SIZE + name) for table, named in sizes_of.items() for name in named}
    since = {term.id: term.from_ for term in program.terms}
    hidden = hidden_rows(truth, sizes, as_of, privacy.operational_minimum, since)
    for name, blank in hidden.blank.items():
        for column, blanked in blank.items():
            truth[name].loc[blanked, column] = None

    shown: dict[str, _Shown] = {}
    shown |= _operational(truth, hidden, minima, privacy.operational_minimum, are_named)
    rounded = stood(truth, program, closed, minima)
    for name, rows in rounded.items():
        suppressed = says_nothing(SENSITIVE[name], rows)
        few = dict.fromkeys(rows.frame.columns.astype(str), are_named[name])
        shown[name] = _Shown(rows.frame, suppressed, privacy.sensitive_minimum, few, rows.ends)
    for name in BY_HEADLINE:
        rows, suppressed = released_headlines(truth[name], closed, minima, as_in_own_table(truth[name], truth, rounded))
        is_operational = rows.frame["kpi"].isin(OPERATIONAL_HEADLINES)
        suppressed |= hidden.rows[name].loc[rows.frame.index]
        least = is_operational.map({True: privacy.operational_minimum, False: privacy.sensitive_minimum})
        # As in its own table: of enough persons nobody is told how few of them were counted.
        are_enough = (truth[name].loc[rows.frame.index, "denominator"] >= least).fillna(False).astype(bool)
        about_few = (hidden.few[name].loc[rows.frame.index] & ~are_enough) | ~is_operational
        for column, not_shown in hidden.withheld[name].items():
            rows.frame.loc[not_shown.loc[rows.frame.index], column] = None
        every = _Shown(
            rows.frame, suppressed, least, dict.fromkeys(rows.frame.columns.astype(str), about_few), rows.ends
        )
        shown[name] = every.without(hidden.left_out[name].loc[rows.frame.index])
    frame = shown["scorecard"].frame
    frame.loc[hidden.comparisons.loc[frame.index], ["previous", "delta"]] = nan
    for name in WRITTEN:
        shown[name] = shown[name].without(shown[name].suppressed)
    named = named_answers(con, program, truth, minima.count)
    for table in PUBLISHED:
        if table.name in ANSWERS:
            shown[table.name] = shown[table.name].with_other(table, program, named)

    masked = {table.name: _masked(table, truth[table.name], shown[table.name]) for table in PUBLISHED}
    frames = {name: frame for name, (frame, _) in masked.items()}
    thresholds = {measure: f"<{least}" for measure, least in minimum.items()}
    return Release(as_of, frames, thresholds, {name: labels for name, (_, labels) in masked.items()}, others)


@dataclass(frozen=True)
class _Shown:
    """Rows that may be shown, which of them are suppressed, and what is said in place of a figure.

    ``least``: the minimum of a row's class, or of all rows. ``few``: by column, the rows about fewer, in which a count
    under the minimum is said to be so. ``ends``: by column, what is said of a share at an end.
    """

    frame: pd.DataFrame
    suppressed: pd.Series[bool]
    least: pd.Series[int] | int
    few: Mapping[str, pd.Series[bool]]
    ends: Mapping[str, pd.Series] = field(default_factory=dict)

    def without(self, rows: pd.Series[bool]) -> _Shown:
        """The same without those rows."""
        return replace(self, frame=self.frame[~rows], suppressed=self.suppressed[~rows])

    def with_other(self, table: Table, program: Program, named: frozenset[Answer]) -> _Shown:
        """The same with a suppressed row `other` in place of all answers in people's own words, however many."""
        own = are_own_words(program, self.frame, named)
        frame = as_other(table, self.frame, own)
        few = dict.fromkeys(frame.columns.astype(str), ~own.loc[frame.index])
        return replace(self, frame=frame, suppressed=(self.suppressed | own).loc[frame.index], few=few)

    def said(self, column: Column, count: pd.Series | None, missing: pd.Series[bool]) -> pd.Series:
        """What stands for each of a column's missing figures; ``count``: how many are behind each, if that is known.

        ``<5`` is said where so few are, ``withheld`` of whatever else is missing.
        """
        index = self.frame.index
        labels = pd.Series(np.full(len(index), None), index=index)
        labels[missing] = WITHHELD
        if count is not None:
            least = pd.Series(self.least, index=index) if isinstance(self.least, int) else self.least.loc[index]
            few = missing & (count.loc[index] < least).fillna(False).astype(bool)
            few &= self.few[column.name].loc[index]
            labels[few] = "<" + least[few].astype(str)
        if column.name in self.ends:
            at_end = self.ends[column.name].loc[index]
            shown = missing & at_end.notna() & ~self.suppressed
            labels[shown] = at_end[shown]
        return labels


def _operational(
    truth: Mapping[str, pd.DataFrame],
    hidden: Hidden,
    minima: Minima,
    least: int,
    are_named: Mapping[str, pd.Series[bool]],
) -> dict[str, _Shown]:
    """The operational tables without what is hidden of them, withheld in them and not published at all.

    ``are_named``: rows of which it may be said that they are of few.
    """
    shown = {}
    for name, policy in OPERATIONAL.items():
        frame = truth[name].copy()
        for column, not_shown in hidden.withheld.get(name, {}).items():
            frame.loc[not_shown, column] = None
        for column, base in policy.averages:
            frame[column] = means(frame[column], frame[base], minima.count)
        are_few = hidden.few[name] & are_named[name]
        few = dict.fromkeys(truth[name].columns.astype(str), are_few)
        for part in filter(None, [policy.part]):
            frame.loc[hidden.rows[part.name], list(part.columns)] = None
            few |= dict.fromkeys(part.columns, are_few | (hidden.few[part.name] & are_named[name]))
        every = _Shown(frame, hidden.rows[name], least, few)
        shown[name] = every.without(hidden.left_out[name])
    return shown


def _read(con: duckdb.DuckDBPyConnection, table: Table, sizes: Mapping[str, str]) -> pd.DataFrame:
    """The table in the order of its grain and the types of a release, with the persons that each row describes.

    ``sizes``: how many those are, in SQL, by what they are called.
    """
    names = ", ".join(identifier(name) for name in table.column_names)
    order = ", ".join(identifier(name) + " nulls last" for name in table.grain)
    persons = "".join(
        ", coalesce(cast(" + size + " as bigint), 0) as " + identifier(SIZE + name) for name, size in sizes.items()
    )
    query = "select " + names + persons + " from " + qualified(table) + " order by " + order
    frame: pd.DataFrame = con.execute(query).df()
    for column in table.columns:
        values = frame[column.name]
        if column.type == "BIGINT":
            frame[column.name] = values.astype("Int64")
        elif column.type == "DOUBLE":
            frame[column.name] = values.astype("float64")
        elif column.type == "VARCHAR":
            texts = values.astype("object")
            frame[column.name] = texts.mask(values.isna(), None) if values.hasnans else texts
    return frame


def _masked(table: Table, truth: pd.DataFrame, shown: _Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows without the figures of suppressed ones, and what is said in place of each figure that is not shown."""
    frame = shown.frame.copy()
    labels = pd.DataFrame(np.full(frame.shape, None), index=frame.index, columns=frame.columns)
    for column in table.columns if len(frame) else ():
        name = column.name
        if name in table.grain or name in KEPT[table.name]:
            continue
        frame.loc[shown.suppressed, name] = None
        missing = frame[name].isna() & truth[name].loc[frame.index].notna()
        if missing.any():
            labels[name] = shown.said(column, _behind(table, column, truth), missing)
    frame["suppressed"] = shown.suppressed.astype(bool)
    frame.index = labels.index = pd.RangeIndex(len(frame))
    return frame, labels


def _behind(table: Table, column: Column, truth: pd.DataFrame) -> pd.Series | None:
    """The count that tells whether few are behind a figure: itself, that of a share or mean; a row's group, as zero.

    None of what few can have any number of: that it is under the minimum would tell more than that they are few.
    """
    if table.name in OPERATIONAL and column.name in OPERATIONAL[table.name].free:
        return None
    if column.type == "BIGINT":
        return truth[column.name]
    if table.name in BY_HEADLINE:
        return truth["numerator"] if column.name == "value" else None
    if table.name in OPERATIONAL:
        return pd.Series(0, index=truth.index) if column.unit == "rate" else None
    rules = SENSITIVE[table.name]
    counts = {share: count for share, count, _ in rules.percentages} | dict(rules.averages)
    return truth[counts[column.name]] if column.name in counts else None
