"""A table of a release beside what stands of it: which rows are the old ones, which are new.

Belongs here: rows with what stands for figures not shown, matched by grain; the choice by part. Does not belong here:
the verdict on a part (``revisions``), how new figures go on from old ones (``carried``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from fellowship_pipeline.contracts import KPI_TABLES
from fellowship_pipeline.release.facts import KINDS
from fellowship_pipeline.release.memory import MADE
from fellowship_pipeline.release.policy import KEPT, WITHHELD
from fellowship_pipeline.release.reach import REACH, WHOLE, TablePart, blocks, closed, every_block, parts
from fellowship_pipeline.release.revisions import Fate, Revisions

GRAIN = {table.name: list(table.grain) for table in KPI_TABLES}
TENTH = 0.1
GO_ON_FROM = ("adoption", "retention", "seats")
"""Tables of periods of which rows go on from those before."""


@dataclass
class LabeledRows:
    """Rows of a table: figures, and what stands for those that are not shown; of the same index."""

    frame: pd.DataFrame
    labels: pd.DataFrame

    def only(self, rows: pd.Series[bool]) -> LabeledRows:
        """Those rows."""
        return LabeledRows(self.frame[rows].copy(), self.labels[rows].copy())

    def put(self, column: str, values: pd.Series) -> None:
        """Puts figures in the place of some; where one is not known, it is withheld."""
        lost = values.isna() & self.frame.loc[values.index, column].notna()
        self.frame.loc[values.index, column] = values
        self.labels.loc[lost[lost].index, column] = WITHHELD

    def withhold(self, column: str, rows: pd.Series[bool]) -> None:
        """Withholds a figure of those rows, where there is one."""
        self.put(column, self.frame.loc[rows, column].where(self.frame.loc[rows, column].isna()))

    def leave_blank(self, column: str, rows: pd.Series[bool]) -> None:
        """Says nothing of a column of those rows, not even that a figure is not shown."""
        self.frame.loc[rows, column] = None
        self.labels.loc[rows, column] = None

    def say_no_less(self, rows: pd.Series[bool], said: pd.DataFrame | None = None) -> None:
        """Withholds what is said to be few in those rows, unless that was ``said`` of them before: rows as asked for.

        Of a figure that goes on from one that was shown, or was few before it grew, it would say that somebody is gone.
        """
        asked = self.labels.loc[rows]
        for column in self.labels.columns.astype(str) if len(asked) else ():
            new = asked[column]
            is_less = new.notna() & (new != (WITHHELD if said is None else said[column]))
            self.labels.loc[new.index[is_less], column] = WITHHELD

    def suppress(self, name: str, rows: pd.Series[bool]) -> None:
        """Withholds every figure of those rows."""
        if not rows.any():
            return
        kept = {*GRAIN[name], *KEPT[name], "suppressed", MADE}
        for column in self.frame.columns.difference(list(kept)):
            told = rows & (self.frame[column].notna() | self.labels[column].notna())
            self.frame.loc[rows, column] = None
            self.labels.loc[told & self.labels[column].isna(), column] = WITHHELD
        self.frame.loc[rows, "suppressed"] = True


def together(name: str, some: Sequence[LabeledRows]) -> LabeledRows:
    """The rows of all, in the order of their grain."""
    filled = [one for one in some if len(one.frame)] or list(some[:1])
    frame = pd.concat([one.frame for one in filled], ignore_index=True).astype(filled[0].frame.dtypes)
    labels = pd.concat([one.labels for one in filled], ignore_index=True)
    order = frame.sort_values(GRAIN[name], kind="stable", na_position="last").index
    return LabeledRows(frame.loc[order].reset_index(drop=True), labels.loc[order].reset_index(drop=True))


def typed(frame: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """A remembered frame with the types of a released one; columns that it lacks are missing throughout."""
    found = frame.reindex(columns=[*like.columns, MADE])
    for column, dtype in like.dtypes.items():
        values = found[column]
        found[column] = plain(values) if dtype == "object" else values.astype(dtype)
    return found


def _with_slices(made: Iterable[TablePart]) -> Iterator[TablePart]:
    """Parts, and those of the same blocks of which nothing was shown."""
    for name, block, kind in made:
        yield name, block, kind
        if "slice_by" in GRAIN[name]:
            yield from ((name, block, other) for other in (WHOLE, *KINDS))


def beside_those(name: str, rows: LabeledRows, others: LabeledRows) -> LabeledRows:
    """The rows, with the others in the place of those that agree in the grain."""
    return together(name, [rows.only(~same_rows(name, rows.frame, others.frame)), others])


def same_rows(name: str, frame: pd.DataFrame, others: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose grain some of the others have."""
    known = set(_keys(name, others))
    return pd.Series([key in known for key in _keys(name, frame)], index=frame.index, dtype=bool)


def _keys(name: str, frame: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    return zip(*(plain(frame[column]) for column in GRAIN[name]), strict=True)


def plain(values: pd.Series) -> pd.Series:
    """The values as objects, None where there is none."""
    objects = values.astype("object")
    return objects.mask(values.isna(), None)


@dataclass
class Beside:
    """A table of the new release, ``new``, beside what stands of it, ``old``, whose rows say in which they were made.

    ``raw``: the new rows as they were before anything was carried into them. ``number``: of the new release.
    """

    name: str
    old: LabeledRows
    new: LabeledRows
    raw: pd.DataFrame
    revisions: Revisions
    number: int
    _verdicts: dict[TablePart, Fate] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, new: LabeledRows, revisions: Revisions, number: int) -> Beside:
        """With what the memory has of the table."""
        memory = revisions.memory
        old = LabeledRows(typed(memory.frames.get(name, new.frame[:0].assign(**{MADE: 0})), new.frame), new.labels[:0])
        old.frame[MADE] = old.frame[MADE].astype("int64")
        if name in memory.labels:
            old.labels = memory.labels[name].loc[old.frame.index].reindex(columns=new.labels.columns)
        made = LabeledRows(new.frame.assign(**{MADE: number}), new.labels.copy())
        return cls(name, old, made, new.frame, revisions, number)

    def verdict(self, part: TablePart) -> Fate | None:
        """That of a part; None where it was in no release yet."""
        if part not in self.revisions.memory.shown:
            return None
        if part not in self._verdicts:
            self._verdicts[part] = self.revisions.verdict(part)
        return self._verdicts[part]

    @cached_property
    def parts_of_old(self) -> pd.Series:
        """The part of each old row."""
        return self._parts(self.old.frame)

    @cached_property
    def parts_of_new(self) -> pd.Series:
        """The part of each new row."""
        return self._parts(self.new.frame)

    def _parts(self, frame: pd.DataFrame) -> pd.Series:
        named = zip(blocks(self.name, frame), parts(frame), strict=True)
        return pd.Series([(self.name, *one) for one in named], index=frame.index, dtype="object")

    def _on(self, each: pd.Series, asked: Callable[[TablePart], object]) -> pd.Series:
        """What is true of each row's part."""
        said = {part: asked(part) for part in set(each)}
        return pd.Series([said[part] for part in each], index=each.index, dtype="object")

    @cached_property
    def stays(self) -> pd.Series[bool]:
        """Old rows that are in the new release: closed ones of parts that do not move, and open ones that may not."""
        if self.old.frame.empty:
            return pd.Series(False, index=self.old.frame.index, dtype=bool)
        days = self.old.frame[MADE].map(self.revisions.memory.days).astype("datetime64[us]")
        over = closed(self.name, self.old.frame, days)
        keeps = self._on(self.parts_of_old, lambda part: self.verdict(part) in ("same", "stands")).astype(bool)
        waits = self._on(self.parts_of_old, self._waits).astype(bool)
        return (over & keeps) | (~over & waits)

    def _waits(self, part: TablePart) -> bool:
        """Whether the open figures of a part are those published: to date nothing changed, or too few did."""
        verdict, reach = self.verdict(part), REACH[self.name]
        if reach.period is None and verdict == "same":
            return self.revisions.is_untouched(part)
        return verdict == "stands" and not reach.is_carried and not self.revisions.may_follow(part)

    @cached_property
    def is_made(self) -> pd.Series[bool]:
        """New rows that are in the new release."""
        if self.new.frame.empty:
            return pd.Series(False, index=self.new.frame.index, dtype=bool)
        memory = self.revisions.memory
        last = self._on(
            self.parts_of_new, lambda part: memory.days[memory.shown[part][-1]] if self.verdict(part) else None
        )
        keeps = self._on(self.parts_of_new, lambda part: self.verdict(part) in ("same", "stands")).astype(bool)
        over = closed(self.name, self.new.frame, last.astype("datetime64[us]"))
        to_date = REACH[self.name].period is None
        waits = self._on(self.parts_of_new, self._waits).astype(bool) & to_date
        stay = self.old.frame[self.stays]
        return ~(over & keeps) & ~waits & ~same_rows(self.name, self.new.frame, stay) & ~self._list_others_than(stay)

    def _list_others_than(self, stay: pd.DataFrame) -> pd.Series[bool]:
        """Rows of a quarter of which those that ``stay`` list other slices of the kind: `other` would be of others.

        Of retention alone: in other tables the rows of a period come together.
        """
        if self.name != "retention":
            return pd.Series(False, index=self.new.frame.index)
        named = ["start_month", "slice_by"]
        there, listed = (rows.groupby(named)["slice"].agg(frozenset) for rows in (stay, self.new.frame))
        before, now = there.align(listed, join="inner")
        return pd.Series(
            pd.MultiIndex.from_frame(self.new.frame[named]).isin(before.index[before != now]), self.new.frame.index
        )

    @cached_property
    def stands(self) -> pd.Series[bool]:
        """Old rows that are in the new release since too few persons changed."""
        return self.stays & (self._on(self.parts_of_old, self.verdict) == "stands")

    @cached_property
    def is_wrong(self) -> pd.Series[bool]:
        """Rows of slices that stand beside a total that moved, where one is off by more than a tenth: none is shown.

        One slice in which few changed keeps all of its kind as published, whatever changed in the others. Where so many
        changed in a slice that it may be said, and its figure is far from what it would be, all slices that stand are
        withheld at that moment. What others go on from is not.
        """
        found = pd.Series(False, index=self.old.frame.index, dtype=bool)
        is_beside = self._on(self.parts_of_old, self._stands_beside_what_moved).astype(bool)
        rows = self.stands & is_beside
        if REACH[self.name].period is None or self.name in GO_ON_FROM or not rows.any():
            return found
        frame, parts_of = self.old.frame[rows], self.parts_of_old[rows]
        much = {one: self.revisions.much_revised(*one) for one in set(zip(parts_of, frame[MADE], strict=True))}
        each = zip(parts_of, frame[MADE], self.revisions.slices(frame["slice"]), strict=True)
        is_much = pd.Series([slice_ in much[part, made] for part, made, slice_ in each], index=frame.index, dtype=bool)
        moments = frame[REACH[self.name].block[0]]
        is_off = moments.isin(moments[is_much & self._is_off()[rows]])
        return is_off.reindex(found.index, fill_value=False)

    def _stands_beside_what_moved(self, part: TablePart) -> bool:
        name, block, kind = part
        return kind != WHOLE and self.verdict(part) == "stands" and self.verdict((name, block, WHOLE)) == "moves"

    def _is_off(self) -> pd.Series[bool]:
        """Old rows of which a count that is shown is not within a tenth of what it would be now."""
        grain = GRAIN[self.name]
        counts = [name for name in self.old.frame.select_dtypes("integer").columns if name not in {*grain, MADE}]
        now = self.raw.set_index(pd.MultiIndex.from_frame(self.raw[grain].astype("string")))[counts]
        asked = pd.MultiIndex.from_frame(self.old.frame[grain].astype("string"))
        now = now.reindex(asked).set_axis(self.old.frame.index).astype("Float64")
        then = self.old.frame[counts].astype("Float64")
        is_near = ((then - now).abs() <= TENTH * now).fillna(False)
        return ((~is_near) & then.notna()).any(axis=1).astype(bool)

    def some_stand(self, kind: str) -> bool:
        """Whether any part of that kind stands since too few persons changed."""
        known = self.revisions.memory.shown
        return any(self.verdict(part) == "stands" for part in known if (part[0], part[2]) == (self.name, kind))

    def cells(self) -> LabeledRows:
        """The table's rows of the new release; what is of nobody, such as when a mission is due, is as it is now."""
        if self.old.frame.empty and self.new.frame.empty:
            return self.new
        old = self.old.only(self.stays)
        self._renew(old.frame)
        old.suppress(self.name, self.is_wrong[self.stays])
        old.say_no_less(self.is_wrong[self.stays])
        made = old.frame[MADE].where(self.stands[self.stays], self.number)
        return together(
            self.name, [self.new.only(self.is_made), LabeledRows(old.frame.assign(**{MADE: made}), old.labels)]
        )

    def _renew(self, frame: pd.DataFrame) -> None:
        """Gives rows that stay the columns that even a suppressed row shows as they are now."""
        if not KEPT.get(self.name):
            return
        places = {key: place for place, key in enumerate(_keys(self.name, self.raw))}
        there = [
            (at, places[key]) for at, key in zip(frame.index, _keys(self.name, frame), strict=True) if key in places
        ]
        rows, now = [at for at, _ in there], self.raw.iloc[[place for _, place in there]]
        for column in KEPT.get(self.name, ()):
            frame.loc[rows, column] = now[column].to_numpy()

    @property
    def shown(self) -> dict[TablePart, tuple[int, ...]]:
        """By part, the releases whose facts its figures have been of."""
        memory, made = self.revisions.memory, {*self.parts_of_new[self.is_made], *every_block(self.name)}
        found = {}
        for part in {*_with_slices(made), *(part for part in memory.shown if part[0] == self.name)}:
            before = memory.shown.get(part, ())
            if not before or not self.revisions.is_revised(part):
                found[part] = (*before[:-1], self.number)
            else:
                found[part] = (*before, self.number) if part in made else before
        return found
