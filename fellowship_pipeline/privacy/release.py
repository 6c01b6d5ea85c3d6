"""What leaves the warehouse: the KPI tables after every privacy rule, the last step before publication.

Belongs here: the released frames and how they are made of schema ``kpi``. Does not belong here: which rows are hidden
(``policy``, ``operational``, ``sensitive``) or where the files go (``assets/publication``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import nan

import duckdb
import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES, Table
from fellowship_pipeline.privacy.operational import hidden_rows
from fellowship_pipeline.privacy.policy import (
    KEPT,
    NOT_PUBLISHED,
    OPERATIONAL,
    OPERATIONAL_HEADLINES,
    SENSITIVE,
    WITHHELD,
)
from fellowship_pipeline.privacy.sensitive import Minima, open_rows, released, released_headlines
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse import identifier, qualified

PUBLISHED = tuple(table for table in KPI_TABLES if table.name not in NOT_PUBLISHED)
SIZE = "group_size"


@dataclass(frozen=True)
class Release:
    """The KPI tables as anybody may see them.

    ``frames``: by table name without schema, every KPI table but ``headlines``. A frame has the contract's columns in
    order and a last column ``suppressed``. BIGINT is ``Int64``, DOUBLE ``float64``, DATE ``datetime64``, VARCHAR
    ``object`` with None, ``suppressed`` ``bool``. A suppressed row keeps what is not about persons (its grain,
    capacity, a course's hours, a label, a target); every measure is missing. In other rows of sensitive tables and of
    the scorecard single measures may be withheld too.
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

    size_of = {policy.table: policy.size for policy in OPERATIONAL}
    truth = {table.name: _read(con, table, size_of.get(table.name, "null")) for table in PUBLISHED}
    sizes = {name: frame.pop(SIZE) for name, frame in truth.items()}
    hidden = hidden_rows(truth, sizes, as_of, privacy.operational_minimum)

    shown: dict[str, _Shown] = {}
    for policy in OPERATIONAL:
        label = pd.Series(thresholds["operational"], index=truth[policy.table].index)
        shown[policy.table] = _Shown(truth[policy.table], hidden.rows[policy.table], label)
    for rules in SENSITIVE:
        frame = truth[rules.table]
        frame, suppressed = released(rules, frame[open_rows(frame, closed)], minima)
        label = pd.Series(thresholds["sensitive"], index=frame.index)
        shown[rules.table] = _Shown(frame, suppressed, label)
    frame, suppressed = released_headlines(truth["scorecard"], closed, minima)
    frame.loc[hidden.comparisons.loc[frame.index], ["previous", "delta"]] = nan
    classes = frame["kpi"].isin(OPERATIONAL_HEADLINES).map({True: "operational", False: "sensitive"})
    suppressed |= hidden.rows["scorecard"].loc[frame.index]
    shown["scorecard"] = _Shown(frame, suppressed, classes.map(thresholds))

    masked = {table.name: _masked(table, truth[table.name], shown[table.name]) for table in PUBLISHED}
    frames = {name: frame for name, (frame, _) in masked.items()}
    return Release(as_of, frames, thresholds, {name: labels for name, (_, labels) in masked.items()})


@dataclass(frozen=True)
class _Shown:
    """Rows that may be shown, which of them are suppressed, and what stands for a figure in each."""

    frame: pd.DataFrame
    suppressed: pd.Series[bool]
    label: pd.Series[str]


def _read(con: duckdb.DuckDBPyConnection, table: Table, size: str) -> pd.DataFrame:
    """The table in the order of its grain and the types of a release, with the persons that each row describes."""
    names = ", ".join(identifier(name) for name in table.column_names)
    order = ", ".join(identifier(name) + " nulls last" for name in table.grain)
    persons = "coalesce(cast(" + size + " as bigint), 0) as " + SIZE
    query = "select " + names + ", " + persons + " from " + qualified(table) + " order by " + order
    frame: pd.DataFrame = con.execute(query).df()
    for column in table.columns:
        values = frame[column.name]
        if column.type == "BIGINT":
            frame[column.name] = values.astype("Int64")
        elif column.type == "DOUBLE":
            frame[column.name] = values.astype("float64")
        elif column.type == "VARCHAR":
            frame[column.name] = values.astype("object").mask(values.isna(), None)
    return frame


def _masked(table: Table, truth: pd.DataFrame, shown: _Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows without the figures of suppressed ones, and what stands for each figure that is not shown."""
    frame = shown.frame.copy()
    labels = pd.DataFrame({name: [None] * len(frame) for name in frame}, index=frame.index, dtype=object)
    for column in table.columns:
        if column.name in table.grain or column.name in KEPT[table.name]:
            continue
        frame.loc[shown.suppressed, column.name] = None
        missing = frame[column.name].isna() & truth.loc[frame.index, column.name].notna()
        by_class = shown.suppressed[missing] | (column.type == "BIGINT")
        labels.loc[missing, column.name] = shown.label[missing].where(by_class, WITHHELD)
    frame["suppressed"] = shown.suppressed.astype(bool)
    return frame.reset_index(drop=True), labels.reset_index(drop=True)
