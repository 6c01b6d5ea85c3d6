"""How the groups of a release add up: which sums of shown figures tell of hidden ones.

Belongs here: what a margin of tables is, and those of every operational table but retention (``starts``). Does not
belong here: which groups are hidden (``groups``), or whom a row describes (``operational``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from fellowship_pipeline.contracts import HEADLINES, TABLE_BY_KEY
from fellowship_pipeline.release.coarser import block
from fellowship_pipeline.release.groups import Counts, Group, Margin
from fellowship_pipeline.release.moments import WHOLE
from fellowship_pipeline.release.policy import OPERATIONAL

SLICES = tuple(table for table, rules in OPERATIONAL.items() if rules.sliced)
ADDED_UP = {headline.kpi: headline for headline in HEADLINES if headline.adds_up}


@dataclass(frozen=True)
class Sums:
    """What margins are made of: the tables in the steps of a release, and which groups are hidden by themselves."""

    frames: Mapping[str, pd.DataFrame]
    sizes: Mapping[str, pd.Series[int]]
    few: Set[Group]
    first: Set[Group]
    minimum: int
    uncounted: frozenset[Group] = frozenset()
    standing: dict[Group, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Added:
    """A margin with the moments of its columns, and the counts of its rows beside their sizes.

    ``of``: the table and the kind of slice; None: all kinds. ``more``: by column of the table, its counts and, of a
    fraction, their bases. ``first``: groups of it that are hidden by themselves. ``has_slices``: the parts are named by
    a kind and a slice at last. ``sized``: what the sizes count, of margins that are asked together with others;
    ``unseen``: groups of which there is no figure, but what others leave; ``rest``: by column, what the total has more
    than the parts.
    """

    margin: Margin
    of: tuple[str, str | None] | None = None
    moments: tuple[object, ...] = ()
    more: Mapping[str, tuple[Counts, Counts | None]] = field(default_factory=dict)
    first: frozenset[Group] = frozenset()
    has_slices: bool = False
    sized: str = ""
    unseen: frozenset[Group] = frozenset()
    rest: Mapping[str, int] | None = None


def margins_of_slices(sums: Sums) -> Iterator[Added]:
    """Slices of a kind and everybody, in every period in which a slice is hidden by itself, and of retention in all."""
    for table in SLICES:
        rules, frame = OPERATIONAL[table], sums.frames[table]
        if frame.empty:
            continue
        slices = frame[frame["slice_by"] != "all"]
        persons = slices.groupby(["slice_by", "slice"], sort=False)[rules.adds[0]].sum()
        sums.standing.update({(table, *key): int(count) for key, count in persons.items()})  # type: ignore[misc]
        periods = {group[1] for group in sums.first if group[0] == table and group[2] != "all"}
        of_slices = block(table, frame)[slices.index]
        asked = of_slices.isin(list(periods)) | (table == "retention")  # whose quarters tell start months, too
        everybody = _everybody(table, sums)
        for (period, kind), rows in slices[asked].groupby([of_slices[asked], "slice_by"], sort=False):
            yield _of_kind(table, period, str(kind), rows, everybody)


def margins_of_others(sums: Sums) -> Iterator[Added]:
    """Everything else that adds up, but start months."""
    yield from _of_months(sums)
    yield from _of_courses(sums)
    yield from _of_reviews(sums)


def equal_groups(frames: Mapping[str, pd.DataFrame], parts: Iterable[Added]) -> dict[Group, list[Group]]:
    """The groups of slices that are the same persons under two names, such as those who study alone and in no group."""
    same = _same_slices(frames)
    return {
        group: [(*group[:-2], *other) for other in same[group[-2:]]]
        for part in parts
        if part.has_slices
        for group in part.margin.parts
        if group[-2:] in same
    }


def _same_slices(frames: Mapping[str, pd.DataFrame]) -> dict[Group, list[Group]]:
    """Slices of different kinds that agree in every count of every table."""
    seen: dict[Group, list[object]] = defaultdict(list)
    for table in SLICES:
        rules, frame = OPERATIONAL[table], frames[table]
        keys = [key for key in TABLE_BY_KEY[f"kpi.{table}"].grain if key not in ("slice_by", "slice")]
        slices = frame.loc[frame["slice_by"] != "all", ["slice_by", "slice", *keys, *rules.adds]]
        for kind, name, *figures in slices.fillna(0).itertuples(index=False, name=None):
            seen[kind, name].append((table, *figures))
    named: dict[object, list[Group]] = defaultdict(list)
    for one, figures in seen.items():
        named[tuple(figures)].append(one)
    return {
        one: others
        for alike in named.values()
        for one in alike
        if (others := [other for other in alike if other[0] != one[0]])
    }


def moments_of(table: str, frame: pd.DataFrame) -> pd.Series:
    """The moment of each row within its group's period."""
    return frame["months_since"] if table == "retention" else frame[frame.columns[0]]


def _everybody(table: str, sums: Sums) -> dict[object, bool]:
    """Moments at which the whole program has a row, and whether it is shown."""
    frame = sums.frames[table]
    rows = frame["slice_by"] == "all"
    shown = ~sums.sizes[table][rows].between(1, sums.minimum - 1)
    return dict(zip(moments_of(table, frame)[rows], shown.tolist(), strict=True))


def _of_kind(table: str, period: object, kind: str, rows: pd.DataFrame, everybody: Mapping[object, bool]) -> Added:
    """Slices of a kind in a period. Quarters have no row for everybody: their start months tell."""
    rules = OPERATIONAL[table]
    slices, names = pd.factorize(rows["slice"])
    at, moments = pd.factorize(moments_of(table, rows))

    def matrix(column: str) -> Counts:
        found = np.zeros((len(names), len(moments)), dtype=np.int64)
        np.add.at(found, (slices, at), rows[column].fillna(0).to_numpy(dtype=np.int64))
        return found

    bases = {count: base for _, count, base in rules.rates}
    more = {column: (matrix(column), matrix(bases[column]) if column in bases else None) for column in rules.adds[1:]}
    has_row = table != "retention"
    total = (table, period, "all", WHOLE)
    margin = Margin(
        total,
        tuple((table, period, kind, name) for name in names),
        matrix(rules.adds[0]),
        is_published=has_row,
        told=np.array([not has_row or everybody.get(moment, True) for moment in moments], dtype=bool),
    )
    unseen = frozenset[Group]() if has_row else frozenset([total])
    return Added(margin, (table, kind), tuple(moments), more, has_slices=True, sized=rules.adds[0], unseen=unseen)


def vector(sizes: Iterable[int]) -> Counts:
    """A row a part, at one moment."""
    return np.array(list(sizes), dtype=np.int64).reshape(-1, 1)


def _of_months(sums: Sums) -> Iterator[Added]:
    """Pools of a month; its questions, by kind of session and by topic."""
    for name, table, total in (
        ("seats", "seats", "seats"),
        ("support", "support", "requests"),
        ("questions", "community", "requests"),
    ):
        keys = sums.frames[table][list(OPERATIONAL[table].group)]
        sizes = sums.sizes[name]
        for month, rows in keys.groupby(keys.columns[0], sort=False):
            groups = tuple((name, *key) for key in rows.itertuples(index=False, name=None))
            is_said = not OPERATIONAL[table].written  # hidden rows of others are left out
            whole = (total, month, WHOLE)
            yield Added(Margin(whole, groups, vector(sizes[rows.index]), is_published=False, is_said=is_said))


def _of_courses(sums: Sums) -> Iterator[Added]:
    """Courses that add up to the program's completion rate, each once; not those of whom nobody knows who began.

    Rare ones are one row, as of one person and not of their sum: here it is what the others leave of all.
    """
    for headline in ADDED_UP.values():
        rows = sums.frames["scorecard"].query("kpi == @headline.kpi")
        if headline.table != "courses" or rows.empty:
            continue
        courses = sums.frames["courses"].dropna(subset=["started"]).drop_duplicates("course")
        rare = courses.index[sums.sizes["courses"][courses.index] == 1][:1]
        for count, of_all in (("completed", "numerator"), ("started", "denominator")):
            courses.loc[rare, count] += max(int(rows[of_all].fillna(0).sum() - courses[count].sum()), 0)
        parts = tuple(("courses", course) for course in courses["course"])
        unsaid = frozenset(("courses", course) for course in courses.loc[rare, "course"])
        started, completed = vector(courses["started"]), vector(courses[["completed", "started"]].min(axis=1))
        sums.standing.update({("courses",): 0})
        whole: Group = ("scorecard", headline.kpi, "all", "all")
        yield Added(Margin(whole, parts, started, completed, started, unsaid=unsaid))


def _of_reviews(sums: Sums) -> Iterator[Added]:
    """Rules of a month's review, and all that it reviewed."""
    frame = sums.frames["review_summary"]
    tried = frame["review_month"].isin(sums.frames["what_if"]["review_month"])
    for month, rows in frame[tried].groupby("review_month", sort=False):
        parts = tuple(("review_summary", month, rule) for rule in rows["rule"])
        yield Added(Margin(("what_if", month), parts, vector(rows["reviewed"])))
