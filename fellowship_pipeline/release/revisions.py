"""Of how many persons something else was known at an earlier release, and which parts of tables may say so.

Belongs here: the difference of two states of the facts, counted by part, and the verdict. Does not belong here: the
facts (``facts``), which tables read them (``reach``), or putting figures in each other's place (``held``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

import duckdb
import pandas as pd

from fellowship_pipeline.release.facts import BY_NAME, KINDS, facts
from fellowship_pipeline.release.memory import UNKNOWN, Memory
from fellowship_pipeline.release.reach import REACH, WHOLE, TablePart, read_keys

Fate = Literal["same", "moves", "stands"]
"""Of a part: nothing else is known; of so many persons that it may say so; of too few."""

_KEYS = ("subject", "key", "person", "mark")


Differing = Mapping[tuple[str, str], Mapping[str, Mapping[int, set[int]]]]
"""By subject and kind of slice: by key and slice, the persons in whom two states differ."""


@dataclass(frozen=True)
class Difference:
    """Persons of whom something else is known than at an earlier release.

    ``revised``: of the time that that release was of; ``changed``: of any.
    """

    revised: Differing
    changed: Differing


@dataclass(frozen=True)
class Rules:
    """What a release is made by.

    ``basis``: names code and settings; figures of others are made anew. ``operational``, ``sensitive``: the least
    persons who may differ. ``months``: how many engagement looks back. ``erasures``: those that there were.
    """

    basis: str
    operational: int
    sensitive: int
    months: int
    erasures: frozenset[str] = frozenset()

    def least(self, subject: str) -> int:
        """How many persons have to differ in a subject."""
        return self.sensitive if BY_NAME[subject].is_sensitive else self.operational


@dataclass
class Revisions:
    """The differences between what is known now, as of ``day``, and what each earlier release knew."""

    con: duckdb.DuckDBPyConnection
    memory: Memory
    day: date
    rules: Rules
    _found: dict[int, Difference] = field(default_factory=dict)

    @cached_property
    def facts(self) -> pd.DataFrame:
        """What is known now."""
        frame: pd.DataFrame = self.con.execute(facts(self.day, self.memory.salt)).df()
        return frame

    def of(self, release: int) -> Difference:
        """The difference from what that release knew."""
        if release not in self._found:
            known, then = self.memory.known(release), self.memory.days[release]
            as_of_then: pd.DataFrame = self.con.execute(facts(min(then, self.day), self.memory.salt)).df()
            facts_now = self.facts
            if self.memory.bases[release] != self.rules.basis:  # of a subject that is new nobody is revised
                as_of_then, facts_now = (
                    some[some["subject"].isin(known["subject"])] for some in (as_of_then, self.facts)
                )
            revised = _differing(self.con, known, as_of_then)
            # What is no period's is news where it comes, and a revision where it goes.
            of_periods = revised["subject"].map(lambda name: BY_NAME[name].is_dated)
            revised = revised[of_periods.astype(bool) | revised["is_gone"]]
            changed = _differing(self.con, known, facts_now)
            self._found[release] = Difference(_by_subject(revised), _by_subject(changed))
        return self._found[release]

    def verdict(self, part: TablePart) -> Fate:
        """What becomes of the figures of a part that were closed, or went on from what was known."""
        shown = self.memory.shown[part]
        if any(self.memory.bases[release] == UNKNOWN for release in shown):
            return "stands"
        numbers = {release: list(self._numbers(part, self.of(release).revised)) for release in shown}
        if any(0 < number < least for counted in numbers.values() for number, least in counted):
            return "stands"
        is_ruled_alike = self.memory.bases[shown[-1]] == self.rules.basis
        return "moves" if self.is_revised(part) or not is_ruled_alike else "same"

    def is_revised(self, part: TablePart) -> bool:
        """Whether anything else is known of the time that the part's latest figures were of."""
        last = self.memory.shown[part][-1]
        if self.memory.bases[last] == UNKNOWN:
            return True
        return any(number for number, _ in self._numbers(part, self.of(last).revised))

    def is_untouched(self, part: TablePart) -> bool:
        """Whether of a part to date nothing at all has changed."""
        last = self.memory.shown[part][-1]
        if self.memory.bases[last] == UNKNOWN:
            return False
        counted = self._numbers(part, self.of(last).changed)
        return self.memory.bases[last] == self.rules.basis and not any(number for number, _ in counted)

    def may_follow(self, part: TablePart, before: TablePart | None = None) -> bool:
        """Whether figures that stand may be made anew after all: news and revisions together are of enough persons.

        ``before``: the part that they stand in, if that is another.
        """
        for release in self.memory.shown[before or part]:
            if self.memory.bases[release] == UNKNOWN:
                return False
            counted = list(self._numbers(part, self.of(release).changed))
            if any(0 < number < least for number, least in counted):
                return False
        return True

    def much_revised(self, part: TablePart, made: int) -> set[int]:
        """Slices of a part of whom, in a subject, so many are revised since that release that it could be said."""
        known = [release for release in self.memory.shown[part] if release >= made]
        release = min(known, default=self.memory.shown[part][-1])
        if self.memory.bases[release] == UNKNOWN:
            return set()
        counted = self._persons(part, self.of(release).revised)
        return {slice_ for subject, slice_, number in counted if number >= self.rules.least(subject)}

    def slices(self, names: pd.Series) -> pd.Series:
        """What slices of those names are in the facts."""
        frame = pd.DataFrame({"name": names.astype("string")})
        self.con.register("slice_names", frame)
        try:
            rows = self.con.execute("select hash(cast(name as varchar)) from slice_names").fetchall()
        finally:
            self.con.unregister("slice_names")
        return pd.Series([slice_ for (slice_,) in rows], index=names.index, dtype="object")

    def _numbers(self, part: TablePart, rows: Differing) -> Iterator[tuple[int, int]]:
        """How many persons differ, and how many would have to: by subject, and by slice where the part has some."""
        yield from ((number, self.rules.least(subject)) for subject, _, number in self._persons(part, rows))

    def _persons(self, part: TablePart, rows: Differing) -> Iterator[tuple[str, int, int]]:
        """By subject and slice, how many persons differ."""
        table, _, kind = part
        for subject, span in REACH[table].reads:
            by_key = rows.get((subject, kind), {})
            persons: dict[int, set[int]] = defaultdict(set)
            for key in read_keys(part, by_key, span, self.rules.months):
                for slice_, some in by_key[key].items():
                    persons[slice_] |= some
            yield from ((subject, slice_, len(some)) for slice_, some in persons.items())


def _differing(con: duckdb.DuckDBPyConnection, then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Rows of persons that are in one of the two and not in the other: everybody, then by kind of slice.

    Columns: subject, key, person, kind, slice (a hash, 0 of everybody), is_gone (only ``then`` has it).
    """
    con.register("facts_then", then)
    con.register("facts_now", now)
    try:
        selects = [_gone(kind, *names) for kind in (WHOLE, *KINDS) for names in _BOTH_WAYS]
        found: pd.DataFrame = con.execute(" union all ".join(selects)).df()
    finally:
        con.unregister("facts_then")
        con.unregister("facts_now")
    return found


def _by_subject(rows: pd.DataFrame) -> Differing:
    found: dict[tuple[str, str], dict[str, dict[int, set[int]]]] = {}
    columns = (rows[name].tolist() for name in ("subject", "kind", "key", "slice", "person"))
    for subject, kind, key, slice_, person in zip(*columns, strict=True):
        found.setdefault((subject, kind), {}).setdefault(key, {}).setdefault(slice_, set()).add(person)
    return found


_BOTH_WAYS = (("facts_then", "facts_now"), ("facts_now", "facts_then"))


def _gone(kind: str, here: str, there: str) -> str:
    slice_ = "0" if kind == WHOLE else kind
    keys = ", ".join((*_KEYS, kind) if kind != WHOLE else _KEYS)
    is_gone = str(here == "facts_then").lower()
    return (
        f"select distinct subject, key, person, '{kind}' as kind, cast({slice_} as ubigint) as slice, "
        f"{is_gone} as is_gone from {here} anti join {there} using ({keys})"
    )
