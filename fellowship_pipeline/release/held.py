"""A release beside the earlier ones: what was published stands, unless so many persons changed that it may say so.

Belongs here: for every part of every table, the old figures or the new ones, and the memory that follows. Does not
belong here: how many persons changed (``revisions``), figures that go on from those that stand (``carried``), the
scorecard, which repeats the tables (``repeated``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

import duckdb
import pandas as pd

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.release.carried import TablesAsOf, carry
from fellowship_pipeline.release.facts import COLUMNS
from fellowship_pipeline.release.labels import Others
from fellowship_pipeline.release.memory import MADE, NEVER, SINCE, UNTIL, Memory, forgotten
from fellowship_pipeline.release.reach import REACH, closed
from fellowship_pipeline.release.repeated import SCORECARD, repeat, said, subjects
from fellowship_pipeline.release.revisions import Revisions, Rules
from fellowship_pipeline.release.tables import Beside, LabeledRows, beside_those, typed
from fellowship_pipeline.release.thirds import TABLE as RETENTION
from fellowship_pipeline.release.thirds import Begun, spared


@dataclass(frozen=True)
class Held:
    """A release that may follow the earlier ones, and the memory of it.

    ``standing``: how many rows stand as published, since too few persons changed; ``since``: when the oldest was made.
    """

    release: Release
    memory: Memory
    standing: int
    since: date | None


def held_back(
    con: duckdb.DuckDBPyConnection, release: Release, memory: Memory, rules: Rules, as_of: TablesAsOf
) -> Held:
    """The release with what stands of earlier ones in the place of what may not move yet.

    ``con``: the warehouse that it was made of.
    """
    revisions = Revisions(con, memory, release.as_of, rules)
    if rules.erasures - memory.erasures:
        gone = set(memory.facts["person"]) - set(revisions.facts["person"])
        memory = replace(memory, facts=forgotten(memory.facts, gone), erasures=rules.erasures)
        revisions = Revisions(con, memory, release.as_of, rules)
    number = memory.last + 1
    tables = {name: _beside(name, release, revisions, number) for name in REACH}
    once = cache(partial(_as_listed, release.others, as_of))
    carry(tables, revisions, once)
    cells = {name: one.cells() for name, one in tables.items()}
    cells[SCORECARD] = repeat(tables, release, revisions, once)
    # What is left out of the release goes on all the same.
    published = _without_told(cells, revisions.facts, release.as_of) if memory.last else cells
    followed = replace(
        memory,
        days=memory.days | {number: release.as_of},
        bases=memory.bases | {number: rules.basis},
        shown={part: shown for one in tables.values() for part, shown in one.shown.items()},
        frames={name: one.frame for name, one in cells.items()},
        labels={name: one.labels for name, one in cells.items()},
        facts=_facts(memory, revisions.facts, number),
        headlines=said(memory.headlines, published[SCORECARD].frame),
        subjects=subjects(con, release.as_of),
    )
    return Held(
        replace(
            release,
            frames={name: one.frame.drop(columns=MADE, errors="ignore") for name, one in published.items()},
            labels={name: one.labels for name, one in published.items()},
        ),
        _pruned(followed),
        sum(int(one.stands.sum()) for one in tables.values()),
        min(
            (memory.days[made] for one in tables.values() for made in one.old.frame.loc[one.stands, MADE]), default=None
        ),
    )


def beside(release: Release, memory: Memory) -> Release:
    """The release of another day, with what stands of the periods that were over by then.

    It is not remembered. Where anything stands since few changed, nothing else is shown: of a day that is past it would
    be without whom that is kept for.
    """
    cells = {}
    for name, frame in release.frames.items():
        new = LabeledRows(frame.copy(), release.labels[name].copy())
        if memory.is_older_than_facts:
            new.suppress(name, pd.Series(True, index=frame.index))
        if name in REACH and name in memory.frames:
            old = LabeledRows(typed(memory.frames[name], frame), memory.labels[name])
            day = pd.Series(pd.Timestamp(release.as_of), index=old.frame.index)
            then = old.frame[MADE].map(memory.days).astype("datetime64[us]")
            over = closed(name, old.frame, day.where(day < then, then))
            stands = old.only(over)
            new = beside_those(name, new, LabeledRows(stands.frame.drop(columns=MADE), stands.labels))
        cells[name] = new
    told = _without_told(cells, memory.facts, release.as_of) if memory.last else cells
    return replace(
        release,
        frames={name: one.frame for name, one in told.items()},
        labels={name: one.labels for name, one in told.items()},
    )


def _without_told(cells: Mapping[str, LabeledRows], known: pd.DataFrame, day: date) -> dict[str, LabeledRows]:
    """The tables without what their retention would tell."""
    begun = Begun.by(day, known.loc[known["subject"] == "starts", "key"])
    retention, scorecard = spared(cells[RETENTION], cells[SCORECARD], begun)
    return {**cells, RETENTION: retention, SCORECARD: scorecard}


def restated(memory: Memory) -> Memory:
    """A memory under which the next release says everything anew, whatever it tells beside earlier ones."""
    return Memory(salt=memory.salt, headlines=memory.headlines, erasures=memory.erasures)


def _as_listed(others: Others, as_of: TablesAsOf, day: date) -> dict[str, pd.DataFrame]:
    """The tables of a day with ``other`` in place of the labels of which the release has that."""
    tables = as_of(day)
    return {name: others.listed(TABLE_BY_KEY["kpi." + name], frame) for name, frame in tables.items()}


def _beside(name: str, release: Release, revisions: Revisions, number: int) -> Beside:
    return Beside.of(name, LabeledRows(release.frames[name], release.labels[name]), revisions, number)


def _facts(memory: Memory, now: pd.DataFrame, number: int) -> pd.DataFrame:
    """All facts with the releases that knew them, those of the new release among them."""
    if memory.facts.empty:
        return now.drop_duplicates().assign(**{SINCE: number, UNTIL: NEVER})
    with duckdb.connect() as con:
        con.register("before", memory.facts)
        con.register("now", now)
        known = f"before where {UNTIL} = {NEVER}"
        using = "using (" + ", ".join(COLUMNS) + ")"
        found: pd.DataFrame = con.execute(
            f"select * from before where {UNTIL} <> {NEVER} "
            f"union all select * from (from {known}) semi join now {using} "
            f"union all select * replace (cast({number} as bigint) as {UNTIL}) "
            f"from (from {known}) anti join now {using} "
            f"union all select distinct *, {number}, {NEVER} from now anti join (from {known}) as known {using}"
        ).df()
    return found


def _pruned(memory: Memory) -> Memory:
    """Without the facts and days of releases that nothing stands of."""
    asked = sorted({release for shown in memory.shown.values() for release in shown} | {memory.last})
    made = {release for frame in memory.frames.values() if MADE in frame for release in frame[MADE].unique()}
    facts = memory.facts
    is_asked = pd.Series(False, index=facts.index)
    for release in asked:
        is_asked |= (facts[SINCE] <= release) & (facts[UNTIL] > release)
    kept = {*asked, *made}
    return replace(
        memory,
        facts=facts[is_asked].reset_index(drop=True),
        days={release: day for release, day in memory.days.items() if release in kept},
        bases={release: basis for release, basis in memory.bases.items() if release in kept},
    )
