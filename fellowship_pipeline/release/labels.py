"""Labels that only one or two persons have: published as ``other``, before anything is suppressed.

A study group, a course or a topic that is theirs alone tells who they are by its name, whatever stands beside it. What
program.yaml declares and what everybody has names nobody. Belongs here: which labels those are, and the rows that stand
for them. Does not belong here: answers in people's own words (``own_words``), whether a figure is shown
(``operational``, ``sensitive``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from fellowship_pipeline.contracts.kinds import OUTCOME_KINDS
from fellowship_pipeline.release.policy import KEPT, OPERATIONAL

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.contracts import Table
    from fellowship_pipeline.program import Program

LEAST = 3
"""How many persons a label needs; fewer where the program's own minimum is."""
SIZE = "persons in "
"""Columns beside a table's own: how many persons a row describes."""
OTHERS = "is of others"
"""A column beside a table's own: rows that stand for labels which do not add up, so that nobody is told how many."""
OTHER = {"en": "other", "ko": "기타"}
IDENTIFYING = ("hours",)
"""What a suppressed row still shows and what would tell which label it had."""
EVERYBODY = ("all", "(none)")

_SLICES = "select slice, person from core.person_slices where slice_by = '{}'"
_BY_KIND = {kind: _SLICES.format(kind) for kind in ("cohort", "study_mode", "study_group", "track")}
_TAKEN = """
    with taken as not materialized (
        select course, member_id from core.course_starts union all
        select course, member_id from core.first_completions
    )

    select course, member_id
    from taken semi join (select course from taken group by course having count(*) < {}) using (course)
"""
"""Who took courses that may be rare: a member has at most two rows of a course, so that what has many rows is not."""
_REQUESTS = "select {}, coalesce(member_id, _file_id || ' ' || _row) from core.requests"
PERSONS: Mapping[str, str] = {
    **_BY_KIND,
    "pool": "select pool, person from core.seat_changes",
    "course": _TAKEN.format(2 * LEAST),
    "stage": "select stage, person from core.application_decisions",
    "role": "select role, person from core.applicants",
    "application_channel": "select channel, person from core.applicants",
    "outcome": "select kind, member_id from core.member_outcomes",
    "session": "select kind, member_id from core.session_attendances union all " + _REQUESTS.format("kind"),
    "request_channel": _REQUESTS.format("channel"),
    "topic": _REQUESTS.format("topic"),
    "mission": "select mission, member_id from core.mission_members",
    "title": """
        select title, member_id
        from core.mission_members inner join core.missions using (cohort, mission)
    """,
    "competition": "select competition, member_id from core.leaderboard_places",
    "category": "select category, member_id from core.leaderboard_places",
}
"""Who has each label of a kind, ever. A request without a name is one person's."""

_FEW = """
with labeled (label, person) as (
    {}
),

few as (
    select label from labeled where person is not null group by label
    having bit_count(bit_or(1::ubigint << (hash(person) % 64))) < {}
)

select label, count(distinct person) from labeled semi join few using (label) group by label
"""
"""Persons of other hashes are others, so that those of most labels need not be counted."""

COLUMNS: Mapping[str, str] = {
    **{name: name for name in ("cohort", "track", "pool", "course", "stage", "role", "topic", "mission", "title")},
    "competition": "competition",
    "category": "category",
    "subject": "mission",
    "slice": "slice",
    "support.channel": "request_channel",
    "application_channels.channel": "application_channel",
    "community.kind": "session",
    "outcomes.kind": "outcome",
    "outcome_timeline.kind": "outcome",
}
"""By column, or table and column, the kind of its labels; ``slice``: the one that stands in ``slice_by``."""

DECLARED = ("rule", "term", "survey", "question", "option", "kpi", "label", "unit")
"""Columns of labels that program.yaml or this program gives, and of options, which ``own_words`` looks at."""

RATES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    **{name: rules.rates for name, rules in OPERATIONAL.items() if rules.sliced and rules.rates},
    "scorecard": (("value", "numerator", "denominator"),),
}
"""Of tables whose rows add up, what is a fraction of what."""

Rare = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Others:
    """What a release has as ``other``: by class of measure the rare labels; in the program's first language."""

    rare: Mapping[str, Rare] = field(default_factory=dict)
    language: str = "en"

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection, program: Program, minimum: Mapping[str, int]) -> Others:
        """Those of the warehouse; ``minimum``: the program's own, by class of measure."""
        persons = persons_by_label(con)
        rare = {measure: rare_labels(persons, program, least) for measure, least in minimum.items()}
        return cls(rare, program.languages[0])

    def listed(self, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
        """A table's rows as the release lists them, with ``OTHERS``."""
        return with_other(table, frame, self.rare.get(table.measure or "sensitive", {}), self.language)


def are_other(names: pd.Series) -> pd.Series[bool]:
    """Names that stand for rare labels, in any language."""
    found: pd.Series[bool] = names.isin([one for name in OTHER.values() for one in (name, f"({name})")])
    return found


def persons_by_label(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """By kind, the labels that fewer than ``LEAST`` persons have, and perhaps others, and how many have each."""
    return {kind: dict(con.execute(_FEW.format(query, LEAST)).fetchall()) for kind, query in PERSONS.items()}


def rare_labels(persons: Mapping[str, Mapping[str, int]], program: Program, minimum: int) -> Rare:
    """By kind, the labels that fewer than so many persons have (and fewer than ``minimum``), and nobody declares."""
    declared = _declared(program)
    return {
        kind: frozenset(
            label
            for label, count in labels.items()
            if 0 < count < min(LEAST, minimum) and label not in (None, *EVERYBODY, *declared.get(kind, ()))
        )
        for kind, labels in persons.items()
    }


def with_other(table: Table, frame: pd.DataFrame, rare: Rare, language: str) -> pd.DataFrame:
    """The rows with one named ``other`` in place of those with rare labels that then agree in the grain.

    Slices of a kind part the persons of a moment, so that their rows add up. Of other labels a person may have several:
    their row counts as that of one person, and is suppressed; ``OTHERS`` says which rows those are.
    """
    hits = {column: _hit(frame, column, kind, rare) for column, kind in _kinds(table).items()}
    renamed, is_rare = frame.assign(**{OTHERS: False}), pd.Series(False, index=frame.index)
    if not any(hit.any() for hit in hits.values()):
        return renamed
    for column, hit in hits.items():
        put = OTHER[language]
        renamed[column] = frame[column].mask(hit, f"({put})" if put in set(frame[column][~hit]) else put)
        is_rare |= hit
    adds_up = table.name in RATES or "slice_by" in table.column_names
    merged = pd.concat([renamed[~is_rare], _one_each(table, renamed[is_rare], adds_up=adds_up)]).astype(renamed.dtypes)
    return merged.sort_values(list(table.grain), kind="stable", na_position="last").reset_index(drop=True)


def _declared(program: Program) -> dict[str, set[str]]:
    """Labels by kind that program.yaml has, or that this program knows."""
    return {
        "cohort": {cohort.id for cohort in program.cohorts},
        "pool": {seats.pool for seats in program.seats},
        "stage": {*program.applications.stages, "completed", "certified", "placed"},
        "study_mode": {"group", "individual"},
        "session": set(program.community.kinds),
        "outcome": {*(kind.kind for kind in OUTCOME_KINDS), "placement"},
    }


def _kinds(table: Table) -> dict[str, str]:
    """By column of labels, of which kind they are."""
    kinds = {column: COLUMNS.get(f"{table.name}.{column}", COLUMNS.get(column)) for column in table.column_names}
    return {column: kind for column, kind in kinds.items() if kind}


def _hit(frame: pd.DataFrame, column: str, kind: str, rare: Rare) -> pd.Series[bool]:
    """Rows whose label in that column is rare; the kind of a slice's name stands beside it."""
    hit = pd.Series(False, index=frame.index)
    for rare_kind, labels in rare.items():
        if labels and kind in (rare_kind, "slice"):
            of_kind = frame["slice_by"] == rare_kind if kind == "slice" else True
            hit |= frame[column].isin(labels) & of_kind
    return hit


def _one_each(table: Table, rows: pd.DataFrame, *, adds_up: bool) -> pd.DataFrame:
    """One row for those that agree in the grain: counts added up, what is no sum missing; or counting as one."""
    grain = list(table.grain)
    number = rows.groupby(grain, dropna=False, sort=False).ngroup()
    merged = rows[~number.duplicated()].copy()
    several = number.value_counts().reindex(number[merged.index]).gt(1).to_numpy()
    sizes = [name for name in rows.columns if name.startswith(SIZE)]
    counts = [c.name for c in table.columns if c.type == "BIGINT" and c.name not in (*grain, "position")]
    shown = (*grain, *KEPT.get(table.name, ()))
    for name in counts + sizes:
        groups = rows[name].groupby(number)
        totals = groups.sum(min_count=1) if adds_up else groups.max()  # a missing one, too
        merged.loc[several, name] = totals.reindex(number[merged.index]).to_numpy()[several]
    figures = [c.name for c in table.columns if c.type == "DOUBLE" and c.name not in shown]
    merged.loc[several, figures] = float("nan")
    merged.loc[several, [c.name for c in table.columns if c.type == "VARCHAR" and c.name not in shown]] = None
    for rate, numerator, denominator in RATES.get(table.name, ()):
        of_many = merged[several]
        share = of_many[numerator] / of_many[denominator].where(of_many[denominator] > 0)
        merged.loc[several, rate] = share.astype("float64")
    if not adds_up:
        merged[sizes] = merged[sizes].clip(upper=1)
        merged[OTHERS] = True
        merged[[name for name in IDENTIFYING if name in merged]] = float("nan")
    return merged
