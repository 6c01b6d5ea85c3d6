"""What leaves the warehouse: the KPI tables after every privacy rule, the last step before publication.

Belongs here: the released frames and how they are made of schema ``kpi``. Does not belong here: which rows are hidden
(``policy``, ``operational``, ``sensitive``) or where the files go (``assets/publication``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import nan

import duckdb
import numpy as np
import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES, Table
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.labels import SIZE, persons_by_label, rare_labels, with_other
from fellowship_pipeline.release.operational import hidden_rows
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
from fellowship_pipeline.release.sensitive import Minima, open_rows, released, released_headlines, statistics
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
    ``thresholds``: what stands for a withheld figure, by privacy class.
    ``labels``: by table name, a frame of the same rows and columns: what stands for a withheld figure; None elsewhere.
    """

    as_of: date
    frames: dict[str, pd.DataFrame]
    thresholds: dict[str, str]
    labels: dict[str, pd.DataFrame] = field(default_factory=dict)


def build_release(con: duckdb.DuckDBPyConnection, program: Program) -> Release:
    """The release of what schema ``kpi`` holds, under the program's minima. Reads only."""
    (as_of,) = con.execute("select as_of from core.parameters").fetchall()[0]
    privacy = program.privacy
    minima = Minima(privacy.sensitive_minimum, privacy.sensitive_base, privacy.round_to)
    thresholds = {"operational": f"<{privacy.operational_minimum}", "sensitive": f"<{privacy.sensitive_minimum}"}
    closed = {cohort.id for cohort in program.cohorts if cohort.ends_on is not None and cohort.ends_on < as_of}

    sizes_of = {table.name: {table.name: "null"} for table in PUBLISHED}
    for name, policy in OPERATIONAL.items():
        sizes_of[name] = {name: policy.size} | ({policy.part.name: policy.part.size} if policy.part else {})
    persons = persons_by_label(con)
    rare = {
        "operational": rare_labels(persons, program, privacy.operational_minimum),
        "sensitive": rare_labels(persons, program, privacy.sensitive_minimum),
    }
    language = program.languages[0]
    truth = {
        table.name: with_other(
            table, _read(con, table, sizes_of[table.name]), rare[table.measure or "sensitive"], language
        )
        for table in PUBLISHED
    }
    sizes = {name: truth[table].pop(SIZE + name) for table, named in sizes_of.items() for name in named}
    hidden = hidden_rows(truth, sizes, as_of, privacy.operational_minimum)

    shown: dict[str, _Shown] = {}
    for name, policy in OPERATIONAL.items():
        frame = truth[name].copy()
        for column, base in policy.averages:
            frame[column] = statistics(frame[column], frame[base], minima.count)
        for part in filter(None, [policy.part]):
            frame.loc[hidden.rows[part.name], list(part.columns)] = None
        label = pd.Series(thresholds["operational"], index=frame.index)
        shown[name] = _Shown(frame, hidden.rows[name], label)
    for name, rules in SENSITIVE.items():
        frame = truth[name]
        frame, suppressed = released(rules, frame[open_rows(frame, closed)], minima)
        label = pd.Series(thresholds["sensitive"], index=frame.index)
        shown[name] = _Shown(frame, suppressed, label)
    for name in BY_HEADLINE:
        frame, suppressed = released_headlines(truth[name], closed, minima)
        classes = frame["kpi"].isin(OPERATIONAL_HEADLINES).map({True: "operational", False: "sensitive"})
        suppressed |= hidden.rows[name].loc[frame.index]
        shown[name] = _Shown(frame, suppressed, classes.map(thresholds))
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
    return Release(as_of, frames, thresholds, {name: labels for name, (_, labels) in masked.items()})


@dataclass(frozen=True)
class _Shown:
    """Rows that may be shown, which of them are suppressed, and what stands for a figure in each."""

    frame: pd.DataFrame
    suppressed: pd.Series[bool]
    label: pd.Series[str]

    def without(self, rows: pd.Series[bool]) -> _Shown:
        """The same without those rows."""
        return _Shown(self.frame[~rows], self.suppressed[~rows], self.label[~rows])

    def with_other(self, table: Table, program: Program, named: frozenset[Answer]) -> _Shown:
        """The same with a suppressed row `other` in place of all answers in people's own words."""
        own = are_own_words(program, self.frame, named)
        frame = as_other(table, self.frame, own)
        return _Shown(frame, (self.suppressed | own).loc[frame.index], self.label.loc[frame.index])


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
    """The rows without the figures of suppressed ones, and what stands for each figure that is not shown."""
    frame = shown.frame.copy()
    labels = pd.DataFrame(np.full(frame.shape, None), index=frame.index, columns=frame.columns)
    if not frame.index.equals(truth.index):
        truth = truth.loc[frame.index]
    for column in table.columns:
        if column.name in table.grain or column.name in KEPT[table.name]:
            continue
        frame.loc[shown.suppressed, column.name] = None
        missing = frame[column.name].isna() & truth[column.name].notna()
        if not missing.any():
            continue
        is_count = column.type == "BIGINT" and not (table.name in BY_HEADLINE and column.name == "numerator")
        by_class = shown.suppressed[missing] | is_count
        labels.loc[missing, column.name] = shown.label[missing].where(by_class, WITHHELD)
    frame["suppressed"] = shown.suppressed.astype(bool)
    frame.index = labels.index = pd.RangeIndex(len(frame))
    return frame, labels
